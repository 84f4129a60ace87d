"""An activity on one small page: the same words as paper, picture and plain text.

Nothing on it says why anybody goes. A name is on it only if somebody writes one; the QR code holds the
address of "how was it?" with the activity's random code and nothing else (experience.md, rule 20).
"""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
    url: str  # what the QR code opens
    demo: str = ""


@cache
def fonts() -> str:
    """The folder of the card's letters; they come with a package, so every machine draws alike."""
    package = import_module("font_source_sans_pro")
    assert package.__file__
    return str(Path(package.__file__).parent / "files")


LONGEST = 150  # letters of one row: the card is one page, and the activity's page has the rest


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
    lines += ["", words.cannot, "", words.help_title, *words.help, "", f"{words.scan}: {words.url}"]
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
    """A6, one page, tagged for screen readers (PDF/UA-1); raises ValueError when it would need two."""
    made = typst.compile(TEMPLATE.read_bytes(), format="pdf", pdf_standards=["ua-1"], **_how(words, "paper"))  # type: ignore[call-overload]
    return bytes(made)


def picture(words: Words) -> bytes:
    """A PNG of 1080 x 1920 for a phone."""
    made = typst.compile(TEMPLATE.read_bytes(), format="png", ppi=FORMS["phone"][2], **_how(words, "phone"))  # type: ignore[call-overload]
    if isinstance(made, list):
        raise ValueError("the card did not fit on one page")
    return bytes(made)


def _how(words: Words, form: str) -> dict[str, object]:
    width, height, _ = FORMS[form]
    told = {"form": form, "width": width, "height": height, "qr": qr(words.url), **asdict(words)}
    return {
        # Values travel as data, never as markup: a name may hold what typst would take for code.
        "sys_inputs": {"card": json.dumps(told)},
        "font_paths": [fonts()],
        "ignore_system_fonts": True,
    }
