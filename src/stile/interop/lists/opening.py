"""The tables of one file, whatever kind of file it is, and the proposal for each."""

from itertools import islice

from stile.interop.source import Member

from .guess import SAMPLE, columns_of, dates_of
from .mapping import USED, Column, TableMapping
from .nested import json_table, looks_like_json
from .sniff import Layout
from .table import Row, Table, text_table
from .workbook import is_workbook, sheet_tables


def tables_of(member: Member, given: Layout | None = None) -> list[Table]:
    """The tables of one file, whatever its kind. Raises Unreadable."""
    if is_workbook(member) if given is None else given.format == "workbook":
        return sheet_tables(member, given)
    as_json = (
        looks_like_json(member.beginning(4096))
        if given is None
        else given.format in ("json", "ndjson", "geojson")
    )
    return [json_table(member, given)] if as_json else [text_table(member, given)]


def table_mapping(
    table: Table, *, leave: frozenset[str] = frozenset(), of_services: bool = True
) -> tuple[TableMapping, list[str]]:
    """The proposal for one table, and what is to be said about it; the headings to `leave` are keys."""
    rows = [row.cells for row in islice(table.rows(), SAMPLE) if isinstance(row, Row)]
    read = [heading for heading in table.headings if heading not in leave]
    columns, notes = columns_of(read, rows, of_services=of_services)
    by_heading = {column.heading: column for column in columns}
    columns = [
        by_heading.get(heading) or Column(heading, "", USED, 1.0, "a key") for heading in table.headings
    ]
    month_first, said = dates_of(columns, rows)
    if said:
        notes.append(said)
    return TableMapping(table.name, table.layout, tuple(columns), month_first=month_first), notes
