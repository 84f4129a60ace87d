"""Message catalogues without system gettext: collect, compile, check.

    python tools/translations.py            collect strings into cy/django.po, compile django.mo
    python tools/translations.py --check    fail when a string is missing, untranslated or not compiled

Strings come from templates (through Django's own `templatize`), Python calls of gettext and `N_`.
"""

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, mofile, pofile
from babel.messages.extract import extract

SOURCE = Path(__file__).resolve().parent.parent / "src" / "stile"
CATALOGUE = SOURCE / "locale" / "cy" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "N_": None, "Nn_": (1, 2),
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
HEADER = """\
# Welsh catalogue of Stile.
# Awaiting a native reviewer: written by a learner of the language and not yet read by a native
# speaker. Help-now and consent wording needs a native clinical review before release in Wales.
"""


def _templates() -> list[tuple[str, int, object]]:
    import django
    from django.conf import settings
    from django.utils.translation import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    found: list[tuple[str, int, object]] = []
    for path in sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("templates/**/*.txt")]):
        code = templatize(path.read_text(encoding="utf-8"), origin=path.name)
        found += _python(io.BytesIO(code.encode()), path)
    return found


def _python(file: object, path: Path) -> list[tuple[str, int, object]]:
    name = path.relative_to(SOURCE).as_posix()
    return [(name, line, message) for line, message, _, _ in extract("python", file, keywords=KEYWORDS)]  # type: ignore[arg-type]


def collect() -> Catalog:
    """Every message of the project, with where it stands (file only: line numbers make noise)."""
    catalogue = Catalog(locale="cy", project="Stile", fuzzy=False)
    found = _templates()
    for path in sorted(SOURCE.rglob("*.py")):
        with path.open("rb") as file:
            found += _python(file, path)
    for path in sorted(SOURCE.rglob("helplines.toml")):
        for text in re.findall(r'(?:words|how|name) = "([^"]+)"', path.read_text(encoding="utf-8")):
            found.append((path.relative_to(SOURCE).as_posix(), 0, text))
    for name, _, message in found:
        if isinstance(message, tuple):
            message = tuple(part for part in message if part is not None)
        if message and message != ("",):
            catalogue.add(message, locations=[(name, 0)], flags=[])  # type: ignore[arg-type]
    return catalogue


def read() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="cy")
    with CATALOGUE.open("rb") as file:
        return pofile.read_po(file, locale="cy")


def compiled(catalogue: Catalog) -> bytes:
    """The machine's form. Dates are left out: the same strings make the same bytes on any day."""
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    mofile.write_mo(out, catalogue)
    return out.getvalue()


def write() -> int:
    template, known = collect(), read()
    known.update(template, no_fuzzy_matching=True)
    known.obsolete.clear()
    out = io.BytesIO()
    pofile.write_po(out, known, width=110, sort_output=True, include_lineno=False, omit_header=False)
    text = out.getvalue().decode()
    body = text[text.index('msgid ""') :]
    body = re.sub(
        r'^"(Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team).*\n',
        "",
        body,
        flags=re.M,
    )
    body = body.replace("PROJECT VERSION", "Stile", 1)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(HEADER + body, encoding="utf-8")
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(read()))
    missing = [message.id for message in read() if message.id and not _translated(message)]
    print(f"{len(read())} messages, {len(missing)} without Welsh.")
    return 0


def _translated(message: object) -> bool:
    """A fuzzy one (it became a plural, say) is not compiled, so it counts as not translated."""
    if message.fuzzy:  # type: ignore[attr-defined]
        return False
    string = message.string  # type: ignore[attr-defined]
    return all(string) if isinstance(string, tuple) else bool(string)


def check() -> int:
    template, known = collect(), read()
    have = {message.id: message for message in known if message.id}
    wrong = [
        f"not in the catalogue: {m.id!r} ({m.locations[0][0]})" for m in template if m.id and m.id not in have
    ]
    wrong += [f"no Welsh for, or fuzzy: {m.id!r}" for m in have.values() if not _translated(m)]
    wrong += [f"no longer used: {m!r}" for m in have if m not in {t.id for t in template}]
    for message in have.values():
        wrong += [f"placeholders differ: {message.id!r}" for _ in [0] if not _same_holes(message)]
    machine = CATALOGUE.with_suffix(".mo")
    if not machine.exists() or machine.read_bytes() != compiled(known):
        wrong.append("django.mo is not compiled from django.po: run python tools/translations.py")
    print("\n".join(wrong) or f"{len(have)} messages, all in Welsh.")
    return int(bool(wrong))


def _same_holes(message: object) -> bool:
    def holes(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))

    ids = message.id if isinstance(message.id, tuple) else (message.id,)  # type: ignore[attr-defined]
    strings = message.string if isinstance(message.string, tuple) else (message.string,)  # type: ignore[attr-defined]
    if not all(strings):
        return True
    wanted = set().union(*(holes(one) for one in ids))
    return all(holes(one) <= wanted for one in strings) and any(
        holes(one) == holes(ids[-1]) for one in strings
    )


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv else write())
