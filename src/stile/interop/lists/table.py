"""Rows of cells out of a text file, each with its place, whatever is wrong with the others.

A row that cannot be read is `Rejected` and the next one is read all the same: a quote that is never
closed, a cell of a hundred megabytes or letters of another encoding cost their own row only.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from stile.interop.source import BEGINNING, MAX_FIELD, Member
from stile.loop.directory.rules.records import Rejected, Unreadable

from . import values
from .sniff import Layout, csv_dialect, headings_of, layout_of_text

MAX_LINE = MAX_FIELD * 4  # characters of one line; beyond that it is dropped while it is read
MAX_COLUMNS = 2000
_LOOK = BEGINNING * 16


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # as a spreadsheet counts, from 1; the place in the list for JSON
    where: str  # "clubs.csv:17", "feed.json:$.services[3]"
    cells: dict[str, str]  # by heading; tidied, empty where the row has none
    warnings: tuple[str, ...] = ()
    part_of: int = 0  # the number of the row of the same record this one continues; 0 for none


@dataclass(slots=True)
class Table:
    """One table of a source. `rows` can be asked for again and begins anew each time."""

    name: str  # file, and sheet or list where it has several
    layout: Layout
    headings: list[str]
    rows: Callable[[], Iterator[Row | Rejected]]
    notes: list[str] = field(default_factory=list)  # what was odd about the file as a whole


def text_table(member: Member, given: Layout | None = None) -> Table:
    """The table of a separated text file. Raises Unreadable when it is none."""
    head = member.beginning(_LOOK)
    try:
        if given is None:
            layout, encoding = layout_of_text(head, whole=len(head) < _LOOK)
            why = encoding.why
        else:
            layout, why = given, ""
        reader = _Reader(member, layout)
        headings = reader.headings()
    except Unreadable as error:
        raise Unreadable(f"{member.name}: {error}") from error
    except LookupError as error:
        raise Unreadable(f"{member.name}: there is no encoding called {layout.encoding!r}.") from error
    notes = []
    if given is None and layout.encoding_sure < 0.9:
        notes.append(f"the letters were taken for {layout.encoding} ({layout.encoding_sure:.0%} sure): {why}")
    if not layout.header_row:
        notes.append("no row of headings was found, so columns are called “column 1”, “column 2” ...")
    return Table(member.name, layout, headings, reader.rows, notes)


class _Reader:
    def __init__(self, member: Member, layout: Layout) -> None:
        self.member, self.layout = member, layout
        self._headings: list[str] | None = None

    def headings(self) -> list[str]:
        if self._headings is None:
            for number, cells in self._records():
                if isinstance(cells, str):
                    if number == max(1, self.layout.header_row):
                        raise Unreadable(f"the row of headings cannot be read: {cells}.")
                    continue
                if number == max(1, self.layout.header_row) or (not self.layout.header_row and any(cells)):
                    if len(cells) > MAX_COLUMNS:
                        raise Unreadable(f"{len(cells):,} columns; the most is {MAX_COLUMNS:,}.")
                    self._headings = headings_of(cells if self.layout.header_row else [""] * len(cells))
                    break
            else:
                raise Unreadable(
                    "the file is empty." if not self.layout.header_row else "there is no such row."
                )
        return self._headings

    def rows(self) -> Iterator[Row | Rejected]:
        headings = self.headings()
        for number, cells in self._records():
            if number <= self.layout.header_row:
                continue
            where = f"{self.member.name}:{number}"
            if isinstance(cells, str):
                yield Rejected(where, cells, lost=True)
            elif (made := row_of(headings, cells, number, where)) is not None:
                yield made

    def _records(self) -> Iterator[tuple[int, list[str] | str]]:
        """(row number, cells), or (row number, why it cannot be read)."""
        lines = _Lines(self.member, self.layout)
        try:
            number = 0
            while True:
                number += 1
                cells = lines.record()
                if cells is None:
                    return
                yield number, cells
        finally:
            lines.close()


class _Lines:
    """A CSV reader that can give up one record and go on with the line after its beginning."""

    def __init__(self, member: Member, layout: Layout) -> None:
        self.layout = layout
        errors = "surrogateescape" if layout.encoding.startswith("utf-8") else "replace"
        self.text = io.TextIOWrapper(member.open_bytes(), layout.encoding, errors=errors, newline="")
        self.again: list[str] = []  # lines to be read once more
        self.used: list[str] = []  # lines of the record being read
        self.size = 0
        self.too_long = False
        csv.field_size_limit(MAX_FIELD)
        self.reader = csv.reader(self, csv_dialect(layout, strict=True))
        self.first = True
        self.width = 2  # cells of the last good row

    def close(self) -> None:
        self.text.close()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.pop() if self.again else self._line()
        if not line:
            raise StopIteration
        self.used.append(line)
        self.size += len(line)
        if self.size > MAX_LINE:
            raise csv.Error("field larger than field limit")
        return line

    def _line(self) -> str:
        try:
            line = self.text.readline(MAX_LINE)
            if len(line) >= MAX_LINE and not line.endswith("\n"):
                self.too_long = True
                while (more := self.text.readline(MAX_LINE)) and not more.endswith("\n"):
                    pass
        except UnicodeError as error:
            raise Unreadable(f"the letters are not {self.layout.encoding} after all ({error}).") from error
        if self.first:
            self.first = False
            if line.lower().startswith("sep=") and len(line.strip()) <= 5:
                return line
        return line.replace("\x00", "") if "\x00" in line else line

    def record(self) -> list[str] | str | None:
        self.used, self.size, self.too_long = [], 0, False
        try:
            cells = next(self.reader)
        except StopIteration:
            return None
        except csv.Error as error:
            return self._recover(error)
        self.width = max(len(cells), 2)
        if self.too_long:
            return f"a line of more than {MAX_LINE:,} characters"
        return cells

    def _recover(self, error: csv.Error) -> list[str] | str:
        """Say what is wrong with the record and make ready for the next one."""
        lines = self.used
        self.reader = csv.reader(self, csv_dialect(self.layout, strict=True))
        message = str(error)
        if len(lines) > 1 and ("unexpected end" in message or not self._cell_goes_on(lines)):
            self.again.extend(reversed(lines[1:]))
            return "a quotation mark is opened here and never closed"
        if "limit" in message:
            self._skip_to_end_of_cell(lines)
            return f"a cell of more than {MAX_FIELD:,} characters"
        if "expected after" in message and len(lines) == 1:  # 5" nails: read it as a person would
            return next(csv.reader(lines, csv_dialect(self.layout)), [])
        return "a quotation mark stands in the wrong place" if "expected after" in message else message

    def _cell_goes_on(self, lines: list[str]) -> bool:
        """Whether many lines are one large cell, and not rows swallowed by a stray quotation mark."""
        alike = sum(1 for line in lines[1:200] if line.count(self.layout.delimiter) >= self.width - 1)
        return alike < 0.5 * len(lines[1:200])

    def _skip_to_end_of_cell(self, lines: list[str]) -> None:
        quote = self.layout.quote
        odd = bool(quote) and sum(line.count(quote) for line in lines) % 2 == 1
        while odd and (line := self.again.pop() if self.again else self._line()):
            odd = line.count(quote) % 2 == 0


def row_of(headings: Sequence[str], cells: Sequence[str], number: int, where: str) -> Row | Rejected | None:
    """A row by its headings; None for a blank one, Rejected where cells and headings do not agree."""
    mended: list[str] = []
    tidied = [_letters(cell, mended) for cell in cells]
    if not any(tidied):
        return None
    if tidied[0] and all(text in ("", heading) for text, heading in zip(tidied, headings, strict=False)):
        return Rejected(where, "the headings once more, not a row")
    extra = len(tidied) - len(headings)
    if extra > 0 and any(tidied[len(headings) :]):
        return Rejected(
            where,
            f"{len(tidied)} cells for {len(headings)} headings: a separator inside a cell without quotes?",
            lost=True,
        )
    warnings = []
    if extra < 0:
        if len(tidied) == 1 and len(headings) > 2:
            return Rejected(where, f"a line and not a row of the table: “{tidied[0][:80]}”")
        warnings.append(
            f"only {len(tidied)} cells for {len(headings)} headings; the others are taken as empty"
        )
        tidied += [""] * -extra
    if mended:
        warnings.append(f"letters that are not UTF-8 were read as Windows-1252: “{mended[0][:60]}”")
    return Row(number, where, dict(zip(headings, tidied, strict=False)), tuple(warnings))


def _letters(cell: str, mended: list[str]) -> str:
    if not cell.isascii() and any("\udc80" <= char <= "\udcff" for char in cell):
        good = "".join(
            bytes([ord(char) - 0xDC00]).decode("cp1252", "replace") if "\udc80" <= char <= "\udcff" else char
            for char in cell
        )
        mended.append(values.tidy(good))
        return mended[-1]
    return values.tidy(cell)
