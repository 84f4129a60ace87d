"""Opening official files: a CSV, a zip or a folder, as rows that know their number.

Everything streams: memory stays flat whatever the size of the file. What is wrong with a file is said
by its name, the row (counted as a spreadsheet counts, the header being row 1) and the column.
"""

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20
_LARGEST_MEMBER = 8 << 30  # bytes; the largest official file is 1.3 GB, so more is a mistake or a trap


class BadFile(Exception):
    """A file cannot be taken. The text says where and why, for the person who gave it."""

    def __init__(self, why: str, file: str = "", row: int | None = None, column: str = "") -> None:
        where = ", ".join(
            filter(None, [file, f"row {row}" if row else "", f'column "{column}"' * bool(column)])
        )
        super().__init__(f"{where}: {why}" if where else why)
        self.why, self.file, self.row, self.column = why, file, row, column


@dataclass(frozen=True, slots=True)
class Member:
    """One file to read, wherever it lies."""

    name: str
    open: Callable[[], BinaryIO]


def members(path: Path, wanted: Sequence[str]) -> list[Member]:
    """The files to read at `path`: itself, or what in the zip or folder fits the first pattern that fits any.

    `wanted`: regular expressions for names inside a zip or folder, the best first. BadFile if there is
    nothing to read.
    """
    if path.is_dir():
        found = [
            Member(p.relative_to(path).as_posix(), _opener(p)) for p in sorted(path.rglob("*")) if p.is_file()
        ]
        return _choose(found, wanted, path.name)
    if not path.is_file():
        raise BadFile("there is no such file", path.name)
    if zipfile.is_zipfile(path) and path.suffix.lower() != ".xlsx":
        return _choose(_zip_members(path), wanted, path.name)
    return [Member(path.name, _opener(path))]


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _zip_members(path: Path) -> list[Member]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile as error:
        raise BadFile(f"the zip cannot be opened ({error})", path.name) from error
    for info in infos:
        if info.file_size > _LARGEST_MEMBER:
            raise BadFile(f"{info.filename} would unpack to {info.file_size >> 30} GB", path.name)

    def opener(name: str) -> Callable[[], BinaryIO]:
        # The archive is closed when the last reference to the stream goes.
        return lambda: zipfile.ZipFile(path).open(name)  # type: ignore[return-value]

    return [Member(info.filename, opener(info.filename)) for info in sorted(infos, key=lambda i: i.filename)]


def _choose(found: list[Member], wanted: Sequence[str], where: str) -> list[Member]:
    for pattern in wanted:
        fitting = [m for m in found if re.search(pattern, m.name, re.IGNORECASE)]
        if fitting:
            return fitting
    raise BadFile("holds no file of the kind looked for", where)


def fingerprint(files: Sequence[Member]) -> str:
    """SHA-256 of the contents, so that the same data are known again wherever they lie.

    Of one file it is what `sha256sum` says; of several, that of their names and contents in order.
    """
    mark = hashlib.sha256()
    for member in files:
        if len(files) > 1:
            mark.update(Path(member.name).name.encode() + b"\0")
        with member.open() as stream:
            while chunk := stream.read(_CHUNK):
                mark.update(chunk)
    return mark.hexdigest()


@dataclass(frozen=True, slots=True)
class Row:
    """Values of one row, with where they stand."""

    file: str
    number: int
    values: Sequence[object]

    def bad(self, why: str, column: str = "") -> BadFile:
        return BadFile(why, self.file, self.number, column)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it."""

    file: str
    header: tuple[str, ...]
    rows: Iterator[Row]

    def find(self, *patterns: str) -> int | None:
        """Index of the first column whose name fits a pattern, patterns in order; case is ignored."""
        for pattern in patterns:
            for index, name in enumerate(self.header):
                if re.fullmatch(pattern, name.strip(), re.IGNORECASE):
                    return index
        return None

    def need(self, what: str, *patterns: str) -> int:
        index = self.find(*patterns)
        if index is None:
            shown = ", ".join(self.header[:12]) + (" ..." if len(self.header) > 12 else "")
            raise BadFile(f"has no column with {what}. Its columns are: {shown}", self.file)
        return index


def csv_table(member: Member) -> Table:
    """A CSV file as a table. Rows of another length than the header are refused by their number."""
    rows = _csv_rows(member)
    header = next(rows, None)
    names = tuple(str(name).strip() for name in header.values) if header else ()
    if not any(names):
        raise BadFile("is empty", member.name)
    return Table(member.name, names, _even(rows, names))


LONGEST_CELL = 100_000  # no official file has one near it


def _csv_rows(member: Member) -> Iterator[Row]:
    """Every row, the header among them. The file is closed when the last row is read or nobody asks on."""
    count = 0
    with io.TextIOWrapper(member.open(), encoding="utf-8-sig", newline="") as stream:
        try:
            for count, values in enumerate(csv.reader(stream, strict=True), 1):
                # The csv module's own limit belongs to the whole process, and others set it wider.
                if any(len(value) > LONGEST_CELL for value in values):
                    why = f"holds a cell of more than {LONGEST_CELL:,} letters: a quotation mark is missing"
                    raise BadFile(why, member.name, count)
                yield Row(member.name, count, values)
        except UnicodeDecodeError as error:
            why = "is not in UTF-8 near here: save it again as 'CSV UTF-8'"
            raise BadFile(why, member.name, count + 1) from error
        except csv.Error as error:
            raise BadFile(f"is not proper CSV here ({error})", member.name, count + 1) from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            why = "ends in the middle: the file is damaged or was not downloaded whole"
            raise BadFile(why, member.name, count + 1) from error


def _even(rows: Iterator[Row], names: tuple[str, ...]) -> Iterator[Row]:
    for row in rows:
        if not row.values:  # a blank line, as many programs leave at the end
            continue
        if len(row.values) != len(names):
            raise row.bad(f"has {len(row.values)} values where the header has {len(names)} columns")
        yield row


def number(row: Row, index: int, name: str, low: float, high: float) -> float:
    """The number in a cell; BadFile unless it is one and lies in [low, high]."""
    text = str(row.values[index]).strip().replace(",", "")
    try:
        value = float(text)
    except ValueError:
        raise row.bad(f"{text!r} is not a number", name) from None
    if not low <= value <= high:  # also refuses nan
        raise row.bad(f"{text} is not between {low:g} and {high:g}", name)
    return value


def maybe_number(row: Row, index: int | None, name: str) -> float | None:
    if index is None or str(row.values[index]).strip() in BLANK:
        return None
    return number(row, index, name, float("-inf"), float("inf"))


BLANK = {"", "NA", "N/A", "NaN", "nan", "None", "null", "-", ".", "[x]", "[c]", "[z]", ":"}


def code(row: Row, index: int, name: str, longest: int = 12) -> str:
    """An area code, such as E01006074; the ONS's "none" codes (E99999999) become ""."""
    text = str(row.values[index] or "").strip()
    if re.fullmatch(r"[A-Z]9{8}", text):
        return ""
    if len(text) > longest or not re.fullmatch(r"[A-Za-z0-9]*", text):
        raise row.bad(f"{text!r} is not an area code", name)
    return text
