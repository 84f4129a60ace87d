"""Which column means what: shown to a person, saved as a file they can edit, read back the same.

A mapping holds everything that was worked out about a list, so that with it nothing is worked out
again: letters, separators, the row of headings, the meaning of each column, of cells ("Y" is yes) and
what holds for every row ("organisation": one council).
"""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from stile.loop.directory.rules.records import Unreadable
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG

from .fields import FACT_FIELD, FIELD_BY_NAME, FIELDS, is_field, takes_many
from .sniff import Layout

KEEP = "keep"  # in the file: not used, kept word for word
READ = "read"  # in the file: used by itself, as a key or under a heading of fixed meaning
USED, KEPT, UNCERTAIN = "used", "kept", "uncertain"
ROLES = ("services", "organisations", "places", "phones", "times", "holidays", "contacts", "addresses", "terms", "programmes", "costs", "languages", "at_places", "other")  # fmt: skip


class BadMapping(Unreadable):
    """A mapping file that does not say what it must; the message tells what to write."""


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    field: str = ""  # one of FIELDS, "fact:<slug>", or "" where it is not used
    status: str = KEPT
    sure: float = 1.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A column whose values are the keys of another table."""

    heading: str
    table: str
    sure: float = 1.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    table: str
    layout: Layout = field(default_factory=Layout)
    columns: tuple[Column, ...] = ()
    values: Dict[str, Dict[str, str]] = field(default_factory=dict)  # heading: what is written: what it means
    constants: Dict[str, str] = field(default_factory=dict)  # field: what holds for every row
    month_first: bool | None = None
    role: str = "services"
    key: str = ""  # the heading of the column other tables speak of
    links: tuple[Link, ...] = ()

    def headings(self, name: str) -> list[str]:
        return [column.heading for column in self.columns if column.field == name and column.status == USED]

    def has(self, name: str) -> bool:
        return bool(self.headings(name)) or name in self.constants

    def fits(self, headings: Sequence[str]) -> "TableMapping":
        """The mapping over the headings a file has today. BadMapping where one it uses is gone."""
        known = {column.heading: column for column in self.columns}
        needed = [column for column in self.columns if column.status == USED]
        needed += [Column(heading) for heading in (*self.values, *(link.heading for link in self.links))]
        for column in needed:
            if column.heading not in headings:
                near = [
                    found[0] for found in process.extract(column.heading, headings, limit=3, score_cutoff=50)
                ]
                hint = f" Nearest: {', '.join(map(repr, near))}." if near else ""
                raise BadMapping(
                    f"{self.table}: the mapping speaks of a column {column.heading!r}, which is not there.{hint}"
                    f" The columns are: {', '.join(map(repr, list(headings)[:40]))}."
                )
        fresh = tuple(
            known.get(heading) or Column(heading, "", UNCERTAIN, 0.0, "not in the mapping: it is new")
            for heading in headings
        )
        return replace(self, columns=fresh)


@dataclass(frozen=True, slots=True)
class Mapping:
    tables: tuple[TableMapping, ...]
    notes: tuple[str, ...] = ()  # what a person should know before saying yes

    def table(self, name: str) -> TableMapping | None:
        """By its name; a mapping of one table serves whatever the file is called this month."""
        if len(self.tables) == 1:
            return self.tables[0]
        return next((one for one in self.tables if one.table == name), None)

    def as_json(self) -> dict[str, Any]:
        return {"tables": [asdict(table) for table in self.tables], "notes": list(self.notes)}

    def save(self, path: Path) -> None:
        path.write_text(self.as_yaml(), encoding="utf-8")

    def as_yaml(self) -> str:
        out = [
            "# How Stile reads this list. Change what is wrong, then: stile directory import LIST --mapping THIS-FILE",
            "# Each column is followed by the field it fills; `keep` keeps it word for word, `read` is a key.",
        ]
        out += [f"# Note: {_line(note)}" for note in self.notes]
        out.append("version: 1")
        if len(self.tables) == 1:
            out += _table_lines(self.tables[0])
        else:
            out.append("tables:")
            for table in self.tables:
                lines = _table_lines(table)
                out += [f"- {lines[0]}", *(f"  {line}" if line else "" for line in lines[1:])]
        out += ["", "# The fields there are:"]
        out += [f"#   {one.name}: {one.says}" for one in FIELDS]
        out += [f"#   {FACT_FIELD}NAME: a column of yes and no about one of: {', '.join(FACT_BY_SLUG)}", ""]
        return "\n".join(out)

    @classmethod
    def load(cls, path: Path) -> "Mapping":
        """Raises BadMapping, saying what to write instead."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadMapping(f"{path.name}: this mapping file cannot be read ({error}).") from error
        return cls.from_yaml(text, path.name)

    @classmethod
    def from_yaml(cls, text: str, name: str = "mapping") -> "Mapping":
        try:
            data = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise BadMapping(f"{name}: this is not YAML as it should be: {error}") from error
        if not isinstance(data, dict):
            raise BadMapping(f"{name}: a mapping file begins with `columns:`.")
        tables = data.get("tables", [data])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables) or not tables:
            raise BadMapping(f"{name}: `tables` is a list, each with `table` and `columns`.")
        return cls(tuple(_read_table(one, name) for one in tables))


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))


def quoted(text: str) -> str:
    """A text as YAML writes it in quotes on one line, whatever is in it."""
    return yaml.dump(text, default_style='"', allow_unicode=True, width=10**9).strip()


def _table_lines(table: TableMapping) -> list[str]:
    layout = table.layout
    out = [f"table: {quoted(table.table)}"]
    if table.role != "services" or table.links:
        out.append(f"role: {table.role}  # one of {', '.join(ROLES)}")
    out.append(f"format: {layout.format}")
    if layout.format == "csv":
        out.append(f"encoding: {layout.encoding}  # {layout.encoding_sure:.0%} sure")
        out += [f"delimiter: {quoted(layout.delimiter)}", f"quote: {quoted(layout.quote)}"]
        if layout.escape:
            out.append(f"escape: {quoted(layout.escape)}")
    if layout.sheet:
        out.append(f"sheet: {quoted(layout.sheet)}")
    if layout.items:
        out.append(f"items: {quoted(layout.items)}")
    if layout.format in ("csv", "workbook"):
        out.append(
            f"header_row: {layout.header_row}  # rows are counted from 1; 0 says there are no headings"
        )
    if table.month_first is not None:
        out.append(f"dates: {'month first' if table.month_first else 'day first'}")
    if table.key:
        out.append(f"key: {quoted(table.key)}")
    if table.links:
        out.append("links:  # columns that hold the key of another table")
        out += [f"  {quoted(link.heading)}: {quoted(link.table)}  # {link.sure:.0%}: {_line(link.why)}" for link in table.links]  # fmt: skip
    out.append("columns:")
    for column in table.columns:
        name = column.field or READ if column.status == USED else KEEP
        seen = f"perhaps {column.field}; " if column.status == UNCERTAIN and column.field else ""
        sure = f"{column.sure:.0%}: " if column.status == USED or seen else ""
        out.append(f"  {quoted(column.heading)}: {name}  # {sure}{seen}{_line(column.why)}".rstrip(" #"))
    if not table.columns:
        out[-1] = "columns: {}"
    for title, says, inner in (
        ("values", '# what is written in a column and what it means, such as "Open access": {"Y": "yes"}', table.values),
        ("constants", '# what holds for every row, such as organisation: "Trafford Council"', table.constants),
    ):  # fmt: skip
        out.append(f"{title}: {{}}  {says}" if not inner else f"{title}:  {says}")
        for name, value in inner.items():
            if isinstance(value, str):
                out.append(f"  {name}: {quoted(value)}")
            else:
                out.append(
                    f"  {quoted(name)}: {{{', '.join(f'{quoted(a)}: {quoted(b)}' for a, b in value.items())}}}"
                )
    return out


_KNOWN = frozenset(["version", "table", "role", "format", "encoding", "delimiter", "quote", "escape", "sheet", "items", "header_row", "dates", "key", "links", "columns", "values", "constants"])  # fmt: skip


def _read_table(data: dict[Any, Any], name: str) -> TableMapping:
    for key in data:
        if key not in _KNOWN and key != "tables":
            raise BadMapping(f"{name}: {key!r} is nothing a mapping file has.{_nearest(str(key), _KNOWN)}")
    columns = _dict(data, "columns", name)
    read: list[Column] = []
    for heading, value in columns.items():
        wanted = str(value if value is not None else KEEP).strip()
        if wanted in (KEEP, ""):
            read.append(Column(str(heading), "", KEPT, 1.0, "the mapping file says so"))
            continue
        if wanted == READ:
            read.append(Column(str(heading), "", USED, 1.0, "the mapping file says so"))
            continue
        _check_field(wanted, name, f"column {str(heading)!r}")
        read.append(Column(str(heading), wanted, USED, 1.0, "the mapping file says so"))
    for one in {column.field for column in read if column.field}:
        twice = [column.heading for column in read if column.field == one]
        if len(twice) > 1 and not takes_many(one):
            raise BadMapping(
                f"{name}: {' and '.join(map(repr, twice))} cannot both be {one!r}; write `{KEEP}` for one."
            )
    values: dict[str, dict[str, str]] = {}
    for heading, inner in _dict(data, "values", name).items():
        if not isinstance(inner, dict):
            raise BadMapping(
                f'{name}: under `values`, write {heading}: {{"what is written": "what it means"}}.'
            )
        values[str(heading)] = {_plain(a): _plain(b) for a, b in inner.items()}
    constants: dict[str, str] = {}
    for key, value in _dict(data, "constants", name).items():
        _check_field(str(key), name, "constants")
        constants[str(key)] = "; ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
    role = str(data.get("role", "services"))
    if role not in ROLES:
        raise BadMapping(f"{name}: {role!r} is no role of a table.{_nearest(role, ROLES)}")
    dates = str(data.get("dates", ""))
    if dates not in ("", "day first", "month first"):
        raise BadMapping(f"{name}: `dates` is `day first` or `month first`, not {dates!r}.")
    links = tuple(
        Link(str(a), str(b), 1.0, "the mapping file says so") for a, b in _dict(data, "links", name).items()
    )
    return TableMapping(
        table=str(data.get("table", "")),
        layout=_layout(data, name),
        columns=tuple(read),
        values=values,
        constants=constants,
        month_first=None if not dates else dates == "month first",
        role=role,
        key=str(data.get("key", "") or ""),
        links=links,
    )


def _layout(data: dict[Any, Any], name: str) -> Layout:
    form = str(data.get("format", "csv"))
    if form not in ("csv", "workbook", "json", "ndjson", "geojson"):
        raise BadMapping(f"{name}: `format` is csv, workbook, json, ndjson or geojson, not {form!r}.")
    header = data.get("header_row", 1)
    if not isinstance(header, int) or isinstance(header, bool) or not 0 <= header <= 1000:
        raise BadMapping(f"{name}: `header_row` is a number from 0, not {header!r}.")
    texts = {key: data.get(key) for key in ("encoding", "delimiter", "quote", "escape", "sheet", "items")}
    for key, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise BadMapping(f"{name}: `{key}` is a text in quotes, not {value!r}.")
    for key in ("delimiter", "quote", "escape"):
        if len(texts[key] or "") > 1 or (key == "delimiter" and texts[key] in ("", "\n", "\r", '"')):
            raise BadMapping(f"{name}: `{key}` is one sign, not {texts[key]!r}.")
    given = {key: value for key, value in texts.items() if value is not None}
    return Layout(format=form, header_row=header, **given)


def _dict(data: dict[Any, Any], key: str, name: str) -> dict[Any, Any]:
    found = data.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadMapping(f'{name}: under `{key}`, write lines such as  "Name of club": name')
    return found


def _plain(value: object) -> str:
    if isinstance(value, bool):  # YAML reads a bare yes as true
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _check_field(field_name: str, name: str, where: str) -> None:
    if not is_field(field_name):
        every = [*FIELD_BY_NAME, *(FACT_FIELD + slug for slug in FACT_BY_SLUG)]
        raise BadMapping(f"{name}: {where}: there is no field {field_name!r}.{_nearest(field_name, every)}")


def _nearest(text: str, choices: Iterable[str]) -> str:
    found = process.extract(text, list(choices), scorer=fuzz.ratio, limit=3, score_cutoff=50)
    return f" Did you mean {' or '.join(repr(one[0]) for one in found)}?" if found else ""
