"""The English Indices of Deprivation of 2019 and 2025: "File 7" as the government publishes it.

Also the same figures under short names ("IMD_decile", "health_rank"), as research packages give them.
Ranks and deciles compare areas within England only; 1 is the most deprived.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from stile.places.layouts.opening import BadFile, Member, Table, code, csv_table, members, number
from stile.places.layouts.reading import Reading, StatRow

DOMAINS = {
    "index of multiple deprivation (imd)": "imd",
    "imd": "imd",
    "income": "income",
    "employment": "employment",
    "education, skills and training": "education",
    "education": "education",
    "health deprivation and disability": "health",
    "health": "health",
    "crime": "crime",
    "barriers to housing and services": "housing",
    "housing and services": "housing",
    "living environment": "environment",
    "environment": "environment",
    "children and young people sub-domain": "children",
    "children and young people": "children",
    "adult skills sub-domain": "adult_skills",
    "adult skills": "adult_skills",
    "geographical barriers sub-domain": "geographical_barriers",
    "geographical barriers": "geographical_barriers",
    "wider barriers sub-domain": "wider_barriers",
    "wider barriers": "wider_barriers",
    "indoors sub-domain": "indoors",
    "indoors": "indoors",
    "outdoors sub-domain": "outdoors",
    "outdoors": "outdoors",
    "income deprivation affecting children index (idaci)": "idaci",
    "idaci": "idaci",
    "income deprivation affecting older people (idaopi)": "idaopi",
    "idaopi": "idaopi",
}
_MEASURE = re.compile(r"(?P<domain>.+?)[ _](?P<measure>score|rank|decile)(?: \(.*\))?", re.IGNORECASE)
_RELEASES = {"21": "2025", "11": "2019"}  # which LSOAs a release is on
_BOUNDS = {"score": (-100.0, 1000.0), "rank": (1.0, 40_000.0), "decile": (1.0, 10.0)}


def read(path: Path) -> tuple[Reading[StatRow], list[Member]]:
    """Score, rank and decile of each domain for each LSOA. BadFile if these are not the indices."""
    files = members(path, (r"File_7.*\.csv$", r"\.csv$"))[:1]
    table = csv_table(files[0])
    lsoa = table.need("LSOA codes", r"LSOA code \(20\d\d\)", r"lsoa\d\d_?(code|cd)")
    year = re.search(r"(21|11)(?!\d)", table.header[lsoa])
    if year is None:
        raise BadFile(
            "it does not say whether its LSOAs are of 2011 or 2021", table.file, 1, table.header[lsoa]
        )
    wanted = list(_figures(table))
    if not wanted:
        raise BadFile("has no column with a score, rank or decile of a domain of deprivation", table.file, 1)
    release = _RELEASES[year[1]]
    # The sub-domains come in a file of their own in some packagings; they fill a slot of their own.
    main = any(indicator == "imd_rank" for _, indicator, _ in wanted)
    rows = _rows(table, lsoa, f"lsoa{year[1]}", release, wanted)
    return Reading(f"imd:{release}" if main else f"imd-parts:{release}", release, rows), files


def _figures(table: Table) -> Iterator[tuple[int, str, str]]:
    """(column, indicator, measure) of every column that is a figure we know."""
    for index, name in enumerate(table.header):
        plain = re.sub(r" \(rate\)$", "", name.strip(), flags=re.IGNORECASE)
        if match := _MEASURE.fullmatch(plain):
            domain = DOMAINS.get(match["domain"].replace("_", " ").strip().lower())
            if domain:
                measure = match["measure"].lower()
                yield index, f"{domain}_{measure}", measure


def _rows(
    table: Table, lsoa: int, kind: str, period: str, wanted: list[tuple[int, str, str]]
) -> Iterator[StatRow]:
    for row in table.rows:
        area = code(row, lsoa, table.header[lsoa])
        if not area:
            raise row.bad("has no area code", table.header[lsoa])
        for index, indicator, measure in wanted:
            value = number(row, index, table.header[index], *_BOUNDS[measure])
            if measure != "score" and value != int(value):
                raise row.bad(f"{value} is not a whole number", table.header[index])
            yield StatRow(area, kind, indicator, period, value)
