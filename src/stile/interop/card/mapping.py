"""An activity on one small page: the same words as paper, picture and plain text.

Nothing on it says why anybody goes. A name is on it only if somebody writes one; the QR code holds the
address of "how was it?" with the activity's random code and nothing else (experience.md, rule 20).
"""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path

import segno
import typst

TEMPLATE = Path(__file__).with_name("card.typ")
FORMS: Mapping[str, tuple[str, str, float]] = {
    # form: page width and height, pixels per inch of the picture
    "paper": ("105mm", "148mm", 144.0),  # A6
    "phone": ("360pt", "640pt", 216.0),  # 1080 x 1920 pixels
}


@dataclass(frozen=True, slots=True)
class Words:
    """All in the language of the card; an empty part is left out."""

    language: str  # "en" or "cy"
    title: str
    when_label: str
    when: str
    place_label: str
    place: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]  # (label, words): who meets you, bring, bus ...
    cannot: str  # "Can't make it? ..."
    help_title: str
    help: tuple[str, ...]
    scan: str  # "How was it? Scan this after"
    after: str  # the same where there is an address instead of a code to scan
    url: str  # what the QR code opens
    demo: str = ""
    emblem: str = ""  # SVG of the kind of activity, for the picture


@cache
def fonts() -> str:
    """The folder of the card's letters; they come with a package, so every machine draws alike."""
    package = import_module("font_source_sans_pro")
    assert package.__file__
    return str(Path(package.__file__).parent / "files")


SCALES = (1.0, 0.92, 0.85)  # of the letters; smaller is not for reading on a bus
LONGEST = 150  # letters of one row: the card is one page, and the activity's page has the rest


@cache
def _letters() -> typst.Fonts:
    """Read once: finding fonts takes longer than drawing with them."""
    return typst.Fonts(include_system_fonts=False, font_paths=[fonts()])


def shortened(text: str) -> str:
    """The first sentences that fit a row of the card; cut at a word, with an ellipsis, if need be."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    whole = text[:LONGEST].rfind(". ")
    return text[: whole + 1] if whole > LONGEST // 3 else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def plain(words: Words) -> str:
    """The card as a message one can send to oneself."""
    lines = [
        words.title,
        "",
        f"{words.when_label}: {words.when}",
        f"{words.place_label}: {', '.join(words.place)}",
    ]
    lines += [f"{label}: {text}" for label, text in words.rows]
    lines += ["", words.cannot, "", words.help_title, *words.help, "", f"{words.after}: {words.url}"]
    if words.demo:
        lines.insert(0, words.demo)
    return "\n".join(line for line in lines if line is not None) + "\n"


def qr(url: str) -> str:
    """The QR code as SVG."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", border=0, dark="#000", xmldecl=False, nl=False
    )
    return out.getvalue().decode()


def pdf(words: Words) -> bytes:
    """A6, one page, tagged for screen readers.

    It keeps to PDF/UA-1 unless something on it is in letters that no font of ours has: then it is the
    same card without that promise, which is better than no card.
    """
    compiler, told = _fitting(words, "paper")
    try:
        return _whole(compiler.compile(format="pdf", pdf_standards=["ua-1"], sys_inputs=told))
    except typst.TypstError:
        return _whole(compiler.compile(format="pdf", sys_inputs=told))


def picture(words: Words) -> bytes:
    """A PNG of 1080 x 1920 for a phone."""
    compiler, told = _fitting(words, "phone")
    return _whole(compiler.compile(format="png", ppi=FORMS["phone"][2], sys_inputs=told))


def _whole(made: bytes | list[bytes] | None) -> bytes:
    """What was drawn, as one file; more than one page is a fault of ours."""
    if not isinstance(made, bytes):
        raise ValueError("the card did not come out as one page")
    return made


def _fitting(words: Words, form: str) -> tuple[typst.Compiler, dict[str, str]]:
    """The card with the largest letters at which it is one page; then with fewer and fewer rows.

    The rows are in the order of what one needs on the way, so the last to matter go first.
    """
    compiler = typst.Compiler(TEMPLATE, font_paths=_letters())
    shorter = words
    while True:
        for scale in SCALES:
            told = _told(shorter, form, scale)
            # A rough drawing is quick, and comes as a list when there is more than one page.
            if not isinstance(compiler.compile(format="png", ppi=9.0, sys_inputs=told), list):
                return compiler, told
        if not shorter.rows:
            least = replace(shorter, title=shorter.title[:60], place=shorter.place[:2])
            return compiler, _told(least, form, SCALES[-1])
        shorter = replace(shorter, rows=shorter.rows[:-1])


def _told(words: Words, form: str, scale: float) -> dict[str, str]:
    """Values travel as data, never as markup: a name may hold what typst would take for code."""
    width, height, _ = FORMS[form]
    told = {
        "form": form, "scale": scale, "width": width, "height": height, "qr": qr(words.url), **asdict(words),
    }  # fmt: skip
    return {"card": json.dumps(told)}
