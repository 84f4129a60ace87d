"""Any figures about areas, in one plain layout.

    area_code,area_type,indicator,period,value[,lower,upper]

A blank value is left out and counted; it is not nought.
"""

from collections.abc import Iterator
from pathlib import Path

from stile.places.layouts.opening import BLANK, Member, Table, code, csv_table, maybe_number, members, number
from stile.places.layouts.reading import Reading, StatRow

_LONGEST = {"area_type": 20, "indicator": 200, "period": 40}


def read(path: Path, vintage: str = "") -> tuple[Reading[StatRow], list[Member]]:
    """The figures in a file. The slot is the file's name: the same name again replaces them."""
    files = members(path, (r"\.csv$",))[:1]
    table = csv_table(files[0])
    columns = [table.need(what, what) for what in ("area_code", "area_type", "indicator", "period", "value")]
    reading: Reading[StatRow] = Reading(f"indicators:{Path(files[0].name).stem.lower()}", vintage, iter(()))
    reading.vintage = vintage or "as each row says"
    reading.rows = _rows(table, columns, reading)
    return reading, files


def _rows(table: Table, columns: list[int], reading: Reading[StatRow]) -> Iterator[StatRow]:
    lower, upper = table.find("lower"), table.find("upper")
    for row in table.rows:
        texts = [str(row.values[index]).strip() for index in columns]
        for text, (name, longest) in zip(texts[1:4], _LONGEST.items(), strict=True):
            if not text or len(text) > longest:
                raise row.bad(f"is longer than {longest} characters" if text else "is blank", name)
        area = code(row, columns[0], "area_code")
        if not area:
            raise row.bad("is blank or means no area", "area_code")
        if texts[4] in BLANK:
            reading.left_out["has no value"] += 1
            continue
        value = number(row, columns[4], "value", -1e15, 1e15)
        low, high = maybe_number(row, lower, "lower"), maybe_number(row, upper, "upper")
        if (low is not None and low > value) or (high is not None and high < value):
            raise row.bad(f"{value:g} lies outside its own interval {low} to {high}", "value")
        yield StatRow(area, texts[1].lower(), texts[2], texts[3], value, low, high)
