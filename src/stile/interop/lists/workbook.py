"""Tables out of a workbook: XLSX, XLSM, XLS, XLSB and ODS. Every cell comes out as text."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from stile.interop.source import MAX_FIELD, Member, check_zip
from stile.loop.directory.rules.records import Rejected, Unreadable

from .sniff import Layout, header_row_of, headings_of
from .table import MAX_COLUMNS, Row, Table, row_of

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the compound files of Excel before 2007
_MOST_MERGED = 100_000  # cells


def is_workbook(member: Member) -> bool:
    """By its first bytes, or by its ending where they say zip (a text called .xls is no workbook)."""
    head = member.beginning(8)
    return head.startswith(_OLD) or (head.startswith(b"PK") and member.suffix in SUFFIXES)


def sheet_tables(member: Member, given: Layout | None = None) -> list[Table]:
    """The visible sheets that hold anything; only the one `given` names where it does. Raises Unreadable."""
    with member.seekable() as file:
        if file.read(2) == b"PK":
            check_zip(file, member.name)
        file.seek(0)
        try:
            book = CalamineWorkbook.from_filelike(file)
            sheets = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
            several = len(sheets) > 1
            if given is not None and given.sheet:
                if given.sheet not in book.sheet_names:
                    raise Unreadable(
                        f"{member.name}: there is no sheet {given.sheet!r}; there are {', '.join(book.sheet_names)}."
                    )
                sheets = [given.sheet]
            found = [_table(member, book.get_sheet_by_name(name), several, given) for name in sheets]
        except CalamineError as error:
            raise Unreadable(f"{member.name}: this workbook cannot be opened ({error}).") from error
        except (ValueError, OverflowError) as error:
            raise Unreadable(f"{member.name}: a cell of this workbook cannot be read ({error}).") from error
    tables = [table for table in found if table is not None]
    if not tables:
        raise Unreadable(f"{member.name}: this workbook has no sheet with anything in it.")
    return tables


def _table(member: Member, sheet: CalamineSheet, several: bool, given: Layout | None) -> Table | None:
    if sheet.start is None or not sheet.width:
        return None
    spread = _spread(sheet)
    first = [_texts(row) for row in islice(sheet.iter_rows(), 60)]
    if not any(any(row) for row in first) and sheet.height <= 60:
        return None
    if given is None:
        layout = Layout(format="workbook", sheet=sheet.name, header_row=header_row_of(first))
    else:
        layout = replace(given, sheet=sheet.name)
    width = sheet.width
    if width > MAX_COLUMNS:
        raise Unreadable(f"{member.name}: {width:,} columns; the most is {MAX_COLUMNS:,}.")
    if layout.header_row > len(first):
        raise Unreadable(f"{member.name}: the sheet {sheet.name!r} has no row {layout.header_row}.")
    heads = first[layout.header_row - 1] if layout.header_row else [""] * width
    headings = headings_of(heads)
    name = f"{member.name}#{sheet.name}" if several else member.name

    def rows() -> Iterator[Row | Rejected]:
        left = sheet.start[1] if sheet.start else 0
        above: dict[tuple[int, int], str] = {}
        for number, cells in enumerate(sheet.iter_rows(), 1):
            texts = _texts(cells)
            if number <= layout.header_row:
                continue
            filled = any(texts)
            for column in range(len(texts)):
                origin = spread.get((number - 1, column + left))
                if origin is not None:
                    if origin[0] == number - 1:
                        above[origin] = texts[column]
                    elif not texts[column] and filled:
                        texts[column] = above.get(origin, "")
            where = f"{name}:{number}"
            if any(len(text) > MAX_FIELD for text in texts):
                yield Rejected(where, f"a cell of more than {MAX_FIELD:,} characters", lost=True)
            elif (made := row_of(headings, texts, number, where)) is not None:
                yield made

    return Table(name, layout, headings, rows)


def _spread(sheet: CalamineSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells merged downwards, each with the cell that holds their value: one venue for three rows."""
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if left != right or top == bottom or len(cells) + bottom - top > _MOST_MERGED:
            continue
        cells.update({(row, left): (top, left) for row in range(top, bottom + 1)})
    return cells


def _texts(row: "list[int | float | str | bool | time | date | datetime | timedelta]") -> list[str]:
    return [_text(cell) for cell in row]


def _text(cell: "int | float | str | bool | time | date | datetime | timedelta") -> str:
    """A cell as it would be written by hand: phone numbers and ids without ".0", dates as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        if cell.year < 1901:  # a time of day, told as a day at the beginning of the calendar
            return cell.time().isoformat("minutes")
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}" if 0 <= minutes < 1440 else str(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
