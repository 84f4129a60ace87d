"""How a text file is written: its letters, its separators, the row that holds the headings."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from charset_normalizer import from_bytes

from stile.loop.directory.rules.records import Unreadable

from . import values
from .fields import by_heading

DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ["cp1252", "iso8859_14", "mac_roman", "cp850", "iso8859_15"]  # what British lists come in
_SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Encoding:
    name: str
    sure: float  # 0 to 1
    why: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table lies in its file. Rows are counted from 1, as a spreadsheet counts them."""

    format: str = "csv"  # csv, workbook, json, ndjson or geojson
    encoding: str = "utf-8"
    encoding_sure: float = 1.0
    delimiter: str = ","
    quote: str = '"'  # "" where nothing is quoted
    escape: str = ""  # "\\" where quotes inside cells are written \"
    header_row: int = 1  # 0 where there are no headings and columns are called "column 1", ...
    sheet: str = ""  # of a workbook
    items: str = ""  # of JSON: where the list lies, such as "data.services"


def encoding_of(head: bytes, whole: bool) -> Encoding:
    """The encoding of a text that begins with `head` (`whole` when that is all of it).

    Raises Unreadable when this is no text at all. A file that is UTF-8 but for a few bytes is UTF-8:
    its reader then mends and names the rows that are not.
    """
    for bom, name in _BOMS:
        if head.startswith(bom):
            return Encoding(name, 1.0, "the file says so in its first bytes")
    if b"\x00" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) * 0.2 and min(even, odd) < max(even, odd) * 0.1:
            return Encoding("utf-16-le" if odd > even else "utf-16-be", 0.9, "every other byte is empty")
    control = sum(head.count(byte) for byte in range(32) if byte not in (9, 10, 12, 13, 27))
    if control > max(2, len(head) * 0.01):
        raise Unreadable("this is not text, nor a spreadsheet or list we know.")
    text = head if whole else head[: max(0, len(head) - 4)]  # a letter may be cut through at the end
    broken, letters = _utf8(text)
    if not broken:
        why = "it reads as UTF-8 throughout" if letters else "it has plain letters only"
        return Encoding("utf-8", 1.0 if letters else 0.95, why)
    if letters * 4 >= broken:  # in other encodings such letters come up by chance only
        return Encoding("utf-8", 0.7, f"it is UTF-8 but for {broken} bytes")
    return _legacy(text)


def _utf8(data: bytes) -> tuple[int, int]:
    """Bytes that are not UTF-8, and letters of more than one byte that are."""
    broken = letters = 0
    for char in data.decode("utf-8", "surrogateescape"):
        if char > "\x7f":
            if "\udc80" <= char <= "\udcff":
                broken += 1
            else:
                letters += 1
    return broken, letters


def _legacy(data: bytes) -> Encoding:
    lines = [line for line in data.splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:200_000]
    marked = set(sample) - set(range(128))
    if marked <= {0x92, 0x93, 0x94, 0x91, 0x96, 0x97, 0x85, 0xA3, 0xA0, 0x95, 0x80, 0xE9, 0xB0, 0x99}:
        return Encoding("cp1252", 0.9, "its curly quotes, dashes and pound signs are those of Windows")
    best = from_bytes(sample, cp_isolation=_LEGACY, enable_fallback=False).best()
    if best is None or best.encoding == "cp1252":
        return Encoding("cp1252", 0.75 if best else 0.5, "it is not UTF-8; Windows letters read well")
    if best.encoding in ("mac_roman", "cp850") and _cleanly(sample, "cp1252"):
        return Encoding("cp1252", 0.5, f"it is not UTF-8; Windows letters are likelier than {best.encoding}")
    return Encoding(best.encoding, 0.6, "it is not UTF-8; these letters read best")


def _cleanly(data: bytes, encoding: str) -> bool:
    """Whether the marked letters come out as letters inside words, as in "Café", not as signs."""
    text = data.decode(encoding, "replace")
    odd = [c for c in text if c > "\x7f"]
    return bool(odd) and sum(c.isalpha() or c in "£€–—‘’“”…•\xa0°½¼" for c in odd) / len(odd) > 0.9


def dialect_of(text: str) -> Layout:
    """Delimiter and quoting of a text's beginning. `header_row` is left at 1; see `header_row_of`."""
    first = text.split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:  # Excel's own way of saying it
        return Layout(delimiter=first[4], quote='"')
    quote = '"'
    if '"' not in text and len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", text)) > 3:
        quote = "'"
    escape = "\\" if '\\"' in text and '""' not in text else ""
    best, score = Layout(quote=quote, escape=escape), 0.0
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        layout = Layout(delimiter=delimiter, quote=quote, escape=escape)
        widths = [len(row) for row in sample_rows(text, layout) if any(cell.strip() for cell in row)]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        usual, times = Counter(wide).most_common(1)[0]
        # Rows agreeing on their width tell a separator from a comma in a sentence.
        found = times / len(widths) * min(1.0, 0.5 + usual / 8)
        if found > score + 0.05:
            best, score = layout, found
    return best


def sample_rows(text: str, layout: Layout, limit: int = _SAMPLE_ROWS) -> list[list[str]]:
    """The first rows of a text, blank ones as []; a last row that may be cut through is left out."""
    rows: list[list[str]] = []
    lines = text.splitlines(keepends=True)
    try:
        for row in csv.reader(lines, csv_dialect(layout)):
            rows.append(row)
            if len(rows) > limit:
                break
    except csv.Error:
        pass
    return rows[:limit]


def csv_dialect(layout: Layout, *, strict: bool = False) -> csv.Dialect:
    """A layout as the csv module wants it."""

    class Found(csv.Dialect):
        delimiter = layout.delimiter
        quotechar = layout.quote or None
        quoting = csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE
        escapechar = layout.escape or None
        doublequote = not layout.escape
        skipinitialspace = False
        lineterminator = "\n"

    Found.strict = strict
    return Found()


def looks_like_data(cell: str) -> bool:
    """Whether a cell is the sort of thing rows hold and headings do not."""
    text = values.tidy(cell)
    if not text or len(text) > 2000:
        return bool(text)
    return bool(
        values.number(text) is not None
        or values.postcode(text)
        or values.EMAIL.fullmatch(text)
        or values.WEBSITE.fullmatch(text)
        or values.PHONE.fullmatch(text)
        or values.day(text, False)
        or len(text) > 120
    )


def header_row_of(rows: Sequence[Sequence[str]]) -> int:
    """The number of the row (from 1) that holds the headings; 0 where there seem to be none.

    Titles, notes and blank lines may stand above it: it is the first row about as wide as the table
    whose cells look like headings, unless a later one of the next few holds more headings we know.
    """
    counts = [sum(1 for cell in row if cell.strip()) for row in rows]
    filled = sorted(count for count in counts if count)
    if not filled:
        return 1
    usual = filled[len(filled) // 2]
    wide = [n for n, count in enumerate(counts[:40]) if count >= max(1, 0.5 * usual)]
    known = {n: sum(_known(cell) for cell in rows[n]) for n in wide}
    first = wide[0]
    best = max(wide[:8], key=lambda n: (known[n] - 2 * sum(map(looks_like_data, rows[n])), -n))
    if known[best] >= 2 or (known[best] and usual <= 2):
        return best + 1
    data = sum(looks_like_data(cell) for cell in rows[first])
    if data > max(0, 0.25 * counts[first]) and not known[best]:
        return 0
    return best + 1 if known[best] else first + 1


def _known(cell: str) -> int:
    if len(cell) > 80 or not cell.strip():
        return 0
    meant = by_heading(cell)
    return 1 if meant is not None and meant.sure >= 0.85 else 0


def headings_of(row: Sequence[str]) -> list[str]:
    """Headings as they stand, each made its own: empty ones are numbered, double ones counted."""
    seen: Counter[str] = Counter()
    out: list[str] = []
    for n, cell in enumerate(row, 1):
        name = " ".join(values.tidy(cell).split())[:200] or f"column {n}"
        seen[name] += 1
        while seen[name] > 1 and f"{name} ({seen[name]})" in seen:
            seen[name] += 1
        if seen[name] > 1:
            name = f"{name} ({seen[name]})"
            seen[name] += 1
        out.append(name)
    return out


def layout_of_text(head: bytes, whole: bool) -> tuple[Layout, Encoding]:
    """The layout of a separated text file from its beginning. Raises Unreadable if it is none."""
    if not head.strip():
        raise Unreadable("the file is empty.")
    encoding = encoding_of(head, whole)
    text = head.decode(encoding.name, "replace")
    if not whole and "\n" in text:
        text = text[: text.rindex("\n")]
    if text.lower().startswith("sep="):
        layout = dialect_of(text)
        text_rows = sample_rows(text, layout)
        header = header_row_of(text_rows[1:])
        layout = replace(layout, header_row=header + 1 if header else 0)
    else:
        layout = dialect_of(text)
        layout = replace(layout, header_row=header_row_of(sample_rows(text, layout)))
    return replace(layout, encoding=encoding.name, encoding_sure=encoding.sure), encoding
