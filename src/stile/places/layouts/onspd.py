"""The ONS Postcode Directory (and the NSPL) as the ONS gives it out, before and since 2025.

Columns are found by name, ignoring case and the two figures of the year ("lad25cd", "lad26cd"); the
names of before 2025 ("oslaua") are aliases. Positions are the file's own `lat` and `long` (WGS84,
Northern Ireland too), so no grid is involved.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from stile.places.layouts.opening import BadFile, Member, Row, Table, code, csv_table, members, number
from stile.places.layouts.reading import Reading

# A row for the table of postcodes, in the order of POSTCODE_COLUMNS.
PostcodeRow = tuple[str, float, float, int, bool, str, str, str, str, str, str, str, str, str, str]
POSTCODE_COLUMNS = (
    "pc", "lat", "lon", "grade", "retired", "country", "region", "lad", "ward", "lsoa21", "lsoa11",
    "msoa21", "icb", "sicbl", "ruc21",
)  # fmt: skip

WANTED = (r"(^|/)(O?NSPD|NSPL)\w*_UK\.csv$", r"(^|/)(O?NSPD|NSPL)\w*_[A-Z]{1,2}\.csv$", r"\.csv$")
_AREAS = {
    "country": (r"ctry\d\dcd", "ctry"),
    "region": (r"rgn\d\dcd", "rgn"),
    "lad": (r"lad\d\dcd", "oslaua", "laua"),
    "ward": (r"wd\d\dcd", "osward"),
    "lsoa21": ("lsoa21cd", "lsoa21"),
    "lsoa11": ("lsoa11cd", "lsoa11"),
    "msoa21": ("msoa21cd", "msoa21"),
    "icb": (r"icb\d\dcd", "icb"),
    "sicbl": (r"sicbl\d\dcd", "sicbl", "ccg"),
    "ruc21": ("ruc21ind", "ru21ind"),
}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NO_POSITION = 99.0  # the file's latitude for "none" is 99.999999
# Two of the oldest have no digit in the first half: Newport's NPT and Girobank's GIR.
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|NPT|GIR)[0-9][A-Z]{2}")


def read(path: Path, vintage: str = "") -> tuple[Reading[PostcodeRow], list[Member]]:
    """The postcodes at `path` (file, zip or folder). BadFile if it is not such a directory.

    The vintage ("2025-11") is taken from the file's name unless it is given.
    """
    files = members(path, WANTED)
    said = vintage or vintage_of([path.name, *(m.name for m in files)])
    if not said:
        raise BadFile(
            "the edition cannot be told from the name; say it with --vintage, such as 2025-11", path.name
        )
    first = csv_table(files[0])
    _columns(first)  # a wrong file is refused before anything is touched
    reading: Reading[PostcodeRow] = Reading("postcodes", said, iter(()))
    reading.rows = _rows(files, reading)
    return reading, files


def vintage_of(names: list[str]) -> str:
    """ "ONSPD_NOV_2025_UK.csv" -> "2025-11"; "" where no name says it."""
    for name in names:
        for month, year in re.findall(r"(?<![A-Z])([A-Z]{3})[A-Z]*[_ -](20\d\d)", name.upper()):
            if month in _MONTHS:
                return f"{year}-{_MONTHS.index(month) + 1:02d}"
    return ""


def _columns(table: Table) -> tuple[int, int, int, int, int | None, dict[str, int]]:
    pc = table.need("postcodes (pcds)", "pcds", r"pcd7?", r"pcd[28]")
    lat = table.need("latitude (lat)", "lat", "latitude")
    lon = table.need("longitude (long)", "long", "longitude")
    doterm = table.need("dates of withdrawal (doterm)", "doterm")
    lad = table.need("local authorities (lad25cd or oslaua)", *_AREAS["lad"])
    found = {name: table.find(*patterns) for name, patterns in _AREAS.items()}
    areas = {name: index for name, index in found.items() if index is not None} | {"lad": lad}
    return pc, lat, lon, doterm, table.find("gridind", "osgrdind"), areas


def _rows(files: list[Member], reading: Reading[PostcodeRow]) -> Iterator[PostcodeRow]:
    for member in files:
        table = csv_table(member)
        pc, lat, lon, doterm, grade, areas = _columns(table)
        order = [(name, areas.get(name)) for name in _AREAS]
        checked = {"": ""}  # a code as written -> as kept: the same few thousand come again and again
        for row in table.rows:
            postcode = str(row.values[pc]).replace(" ", "").upper()
            if not _POSTCODE.fullmatch(postcode):
                raise row.bad(f"{postcode!r} is not a postcode", table.header[pc])
            latitude = number(row, lat, table.header[lat], -90, 100)
            if latitude > _NO_POSITION:
                reading.left_out["has no position"] += 1
                continue
            if not 49 <= latitude <= 61.5:
                raise row.bad(f"{latitude} is not a latitude in the United Kingdom", table.header[lat])
            codes: list[str] = []
            for name, index in order:
                said = "" if index is None else str(row.values[index])
                if name == "ruc21":
                    codes.append(said.strip()[:4])
                    continue
                kept = checked.get(said)
                if kept is None:
                    assert index is not None
                    kept = checked[said] = code(row, index, table.header[index], longest=9)
                codes.append(kept)
            yield (  # type: ignore[misc]
                postcode,
                latitude,
                number(row, lon, table.header[lon], -9, 2.5),
                _grade(row, grade),
                bool(str(row.values[doterm]).strip()),
                *codes,
            )


def _grade(row: Row, index: int | None) -> int:
    text = "" if index is None else str(row.values[index]).strip()
    return int(text) if text.isdigit() and len(text) == 1 else 0
