"""Population by single year of age: the ONS workbooks, council open data, and plain CSV.

What is kept is what planning for young people needs: the total, ages 0-10, 11-15, 16-17, 18-25 and
11-25, as indicators "population_total", "population_11_25" ...
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stile.places.layouts.opening import BadFile, Member, Row, Table, code, csv_table, members, number
from stile.places.layouts.reading import Reading, StatRow

BANDS = {"0_10": (0, 10), "11_15": (11, 15), "16_17": (16, 17), "18_25": (18, 25), "11_25": (11, 25)}
_SHEETS = (r"Mid-(?P<year>\d{4}) (LSOA|MSOA|Ward|WD) \d{4}", r"Mid-(?P<year>\d{4}) Persons")
_HEADER_WITHIN = 12  # rows from the top in which a workbook's header must stand
_CODES = (
    r"(?P<kind>LSOA|MSOA|WD|Ward) (?P<year>\d{4}) Code", r"(?P<kind>LSOA|MSOA) Code",
    r"(?P<kind>lsoa|msoa|ltla|lad|wd|ward)(?P<year>\d\d)_?(code|cd)", r"area_?code", r"code",
)  # fmt: skip
_MOST = 2_000_000.0  # people in one area of any kind


def read(
    path: Path, *, vintage: str = "", kind: str = "", year: int | None = None
) -> tuple[Reading[StatRow], list[Member]]:
    """Young people and everybody, by area. BadFile where ages or the year cannot be told.

    `vintage` ("mid-2024") and `kind` ("lsoa21") are taken from the file unless given; `year` chooses
    the sheet of a workbook that has several (the latest, if it is not given).
    """
    files = members(path, (r"\.xlsx$", r"\.csv$"))[:1]
    if files[0].name.lower().endswith((".xlsx", ".xlsm")):
        table, said = _sheet(path, files[0], year)
    else:
        table, said = csv_table(files[0]), ""
    column = table.need("area codes", *_CODES)
    ages = _ages(table)
    bands = {} if ages else _bands(table)
    if not ages and "11_25" not in bands:
        raise BadFile(
            "has neither a column for each single year of age nor one for ages 11 to 25", table.file
        )
    if len(kind) > 20:
        raise BadFile("a kind of area is at most 20 letters", table.file)
    period = table.find("period", "year", "date")
    if not (vintage or said or period is not None):
        raise BadFile("say with --vintage of when the figures are, such as mid-2024", table.file)
    reading: Reading[StatRow] = Reading("", vintage or said, iter(()))
    shape = _Shape(table, column, ages, bands, period, kind or _kind_of(table, column))
    first = next(table.rows, None)
    if first is None:
        raise BadFile("has a header and nothing under it", table.file)
    reading.vintage = reading.vintage or shape.period_of(first)
    reading.slot = f"population:{shape.kind_of(first)}:{reading.vintage}"
    reading.rows = _rows(shape, first, reading)
    return reading, files


def _sheet(path: Path, member: Member, year: int | None) -> tuple[Table, str]:
    """The latest (or the asked) single-year sheet of an ONS workbook, read row by row."""
    rows = _book_rows(path.name, member, year)
    file = next(rows).file
    match = re.search(r"Mid-(\d{4})", file, re.IGNORECASE)
    chosen = int(match[1]) if match else 0
    for row in rows:
        names = tuple("" if value is None else str(value).strip() for value in row.values)
        if any(re.fullmatch(pattern, name, re.I) for pattern in _CODES[:2] for name in names):
            return Table(file, names, _under(rows, len(names))), f"mid-{chosen}"
        if row.number >= _HEADER_WITHIN:
            break
    raise BadFile(f"has no header with area codes in its first {_HEADER_WITHIN} rows", file)


def _book_rows(name: str, member: Member, year: int | None) -> Iterator[Row]:
    """First a row numbered 0 that names the sheet, then the sheet's rows; the file closes at the end."""
    import openpyxl

    with member.open() as stream:
        try:
            book: Any = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        except Exception as error:  # it raises what its parts raise: zip, XML, key and value errors
            raise BadFile(f"cannot be opened as a workbook ({error})", name) from error
        sheets: dict[int, str] = {}
        for pattern in _SHEETS:
            for title in book.sheetnames:
                if match := re.match(pattern, title, re.IGNORECASE):
                    sheets.setdefault(int(match["year"]), title)
        if not sheets or (year is not None and year not in sheets):
            wanted = f"for {year}" if year else 'such as "Mid-2024 LSOA 2021"'
            raise BadFile(f"has no sheet {wanted}. Its sheets are: {', '.join(book.sheetnames)}", name)
        title = sheets[year or max(sheets)]
        file = f"{name}, sheet {title!r}"
        yield Row(file, 0, ())
        for line, values in enumerate(book[title].iter_rows(values_only=True), 1):
            yield Row(file, line, values)


def _under(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """Rows with anything in them, as wide as the header: a workbook leaves empty cells at the end out."""
    for row in rows:
        if any(value not in (None, "") for value in row.values):
            yield Row(row.file, row.number, (*row.values, *[None] * (width - len(row.values))))


def _ages(table: Table) -> dict[int, list[int]]:
    """Columns by age: one for persons, or one each for women (F11) and men (M11). Empty if not all are there."""
    ages: dict[int, list[int]] = {}
    for index, name in enumerate(table.header):
        if match := re.fullmatch(r"(?:[FM]|age_?|persons_?)?(\d{1,2})\+?", name.strip(), re.IGNORECASE):
            ages.setdefault(int(match[1]), []).append(index)
    complete = all(age in ages for age in range(26))
    return ages if complete and len({len(columns) for columns in ages.values()}) == 1 else {}


def _bands(table: Table) -> dict[str, int]:
    found = {band: table.find(rf"(?:pop|aged|population)?_?{band}") for band in BANDS}
    total = table.find("total", "all_?ages", "population_total")
    return {b: i for b, i in (found | {"total": total}).items() if i is not None}


def _kind_of(table: Table, column: int) -> str:
    for pattern in _CODES:
        match = re.fullmatch(pattern, table.header[column], re.IGNORECASE)
        if match and match.groupdict().get("kind"):
            name = {"wd": "ward", "ltla": "lad"}.get(match["kind"].lower(), match["kind"].lower())
            year = (
                match.groupdict().get("year") or "11"
            )  # workbooks of before 2022 do not say: they are on 2011
            return name if name == "lad" else f"{name}{year[-2:]}"
    return ""


class _Shape:
    """How one file says its figures."""

    def __init__(
        self, table: Table, column: int, ages: dict[int, list[int]], bands: dict[str, int],
        period: int | None, kind: str,
    ) -> None:  # fmt: skip
        self.table, self.column, self.ages, self.bands = table, column, ages, bands
        self.period, self.kind = period, kind
        self.sex = table.find("sex", "gender")
        self.geography = table.find("geography", "area_type")

    def kind_of(self, row: Row) -> str:
        if self.kind:
            return self.kind
        said = str(row.values[self.geography]).strip().lower() if self.geography is not None else ""
        if not said:
            raise BadFile("say with --kind what the areas are, such as lsoa21", self.table.file)
        # The ONS has estimated small areas on their 2021 boundaries since mid-2022.
        year = re.search(r"20\d\d", self.period_of(row))
        return (
            f"{said}{'21' if year and int(year[0]) >= 2022 else '11'}" if said in ("lsoa", "msoa") else said
        )

    def period_of(self, row: Row) -> str:
        text = str(row.values[self.period]).strip() if self.period is not None else ""
        match = re.match(r"(20\d\d)-06-30", text)  # the date to which mid-year estimates refer
        return f"mid-{match[1]}" if match else text

    def counts(self, row: Row) -> dict[str, float]:
        """Indicator ending -> people."""
        header = self.table.header
        if not self.ages:
            return {b: number(row, i, header[i], 0, _MOST) for b, i in self.bands.items()}
        by_age = {
            age: sum(number(row, i, header[i], 0, _MOST) for i in columns)
            for age, columns in self.ages.items()
        }
        counts = {band: sum(by_age[a] for a in range(low, high + 1)) for band, (low, high) in BANDS.items()}
        return counts | {"total": sum(by_age.values())}


def _rows(shape: _Shape, first: Row, reading: Reading[StatRow]) -> Iterator[StatRow]:
    for row in _chain(first, shape.table.rows):
        if shape.sex is not None and str(row.values[shape.sex]).strip().lower() not in (
            "persons",
            "all",
            "t",
        ):
            reading.left_out["counts one sex; the row for all is used"] += 1
            continue
        area = code(row, shape.column, shape.table.header[shape.column])
        if not area:
            raise row.bad("has no area code", shape.table.header[shape.column])
        kind = shape.kind_of(row)
        period = shape.period_of(row) or reading.vintage
        for band, people in shape.counts(row).items():
            yield StatRow(area, kind, f"population_{band}", period, people)


def _chain(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest
