"""Which table of a folder is which, and which column speaks of which other table.

A table is told by its headings where they are plain, else by its file's name. A key is a column of
its own numbers, each once; a link is a column whose values are found in another table's key. All of
it is reported and can be corrected in the mapping file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import yaml

from stile.interop.source import Member, Source
from stile.loop.directory.rules.records import Rejected, Unreadable

from ..fields import by_heading, is_field, words_of
from ..guess import SAMPLE
from ..mapping import KEPT, USED, Column, Link, Mapping, TableMapping
from ..nested import looks_like_json
from ..opening import table_mapping, tables_of
from ..table import Row, Table
from ..workbook import is_workbook
from . import parts

_NAMES: tuple[tuple[str, str], ...] = (  # in a file's name; the first that fits
    (r"holiday", "holidays"), (r"service_?s?_?at_?|services?_locations?|location_services?", "at_places"),
    (r"phone|telephone", "phones"), (r"schedule|opening|hours|times|sessions", "times"), (r"contact|people", "contacts"),
    (r"address", "addresses"), (r"taxonom|categor|terms", "terms"), (r"program", "programmes"), (r"cost|fees|prices", "costs"),
    (r"language", "languages"), (r"organi[sz]ation|provider|agenc|charit|partners", "organisations"),
    (r"location|place|venue|site|premises|building", "places"), (r"service|activit|listing|club|group", "services"),
)  # fmt: skip
_THINGS = {
    **dict.fromkeys(("organization", "organisation", "organizations", "organisations", "org", "provider", "agency"), "organisations"),
    **dict.fromkeys(("location", "locations", "place", "places", "venue", "venues", "site"), "places"),
    **dict.fromkeys(("service", "services", "activity", "activities"), "services"),
    **dict.fromkeys(("contact", "contacts"), "contacts"), **dict.fromkeys(("program", "programme", "programs"), "programmes"),
    **dict.fromkeys(("taxonomy", "taxonomies", "category", "categories", "term", "terms", "parent"), "terms"),
}  # fmt: skip
_KEY = re.compile(r"(?:(.+) )?(id|ids|uuid|guid|key|ref|code|no|number)")
_MAIN = ("services", "places", "organisations")
_TABLES = (".csv", ".tsv", ".tab", ".psv", ".xlsx", ".xls", ".ods", ".xlsm", ".xlsb")


@dataclass(slots=True)
class Loaded:
    """A table in memory with what is known of it."""

    table: Table
    role: str
    rows: list[Row]
    rejected: list[Rejected]
    mapping: TableMapping


def role_of(name: str, headings: Sequence[str]) -> str:
    """The role of a table by its headings, else by its name; "other" where neither tells."""
    stem = re.sub(r"[\s\-]+", "_", name.rsplit("/", 1)[-1].rsplit("#", 1)[-1].lower())
    by_name = next((role for pattern, role in _NAMES if re.search(pattern, stem)), "other")
    return signature(headings) or by_name


def signature(headings: Sequence[str]) -> str:
    """The role headings tell beyond doubt, as those of Ohana and of early HSDS do; "" for others."""
    has = {words_of(heading) for heading in headings}
    speaks = {role for heading in has if (role := _speaks_of(heading))}
    if {"closed", "start date", "end date"} <= has:
        return "holidays"
    if {"weekday", "opens at", "closes at"} <= has and "name" not in has and speaks:
        return "times"
    if "number" in has and speaks and not has & {"name", "description"}:
        return "phones"
    if {"address 1", "city"} <= has and not has & {"name", "description"} and speaks:
        return "addresses"
    if {"taxonomy id", "name"} <= has and has & {"parent id", "parent name"}:
        return "terms"
    if (
        has <= {"id", "organization id", "organisation id", "name", "alternate name"}
        and "name" in has
        and speaks
    ):
        return "programmes"
    if (
        {"name", "title"} <= has
        and has & {"location id", "organization id", "service id"}
        and "description" not in has
    ):
        return "contacts"
    if {"location id", "program id"} <= has and "name" in has:
        return "services"
    if (
        has & {"organization id", "organisation id"}
        and has & {"latitude", "transportation"}
        and "location id" not in has
    ):
        return "places"
    if "name" in has and len(has & {"date incorporated", "tax id", "tax status", "legal status"}) > 1:
        return "organisations"
    return ""


def _speaks_of(words: str) -> str:
    """The role a heading such as "location id" or "organization uuid" speaks of; "" for others."""
    match = _KEY.fullmatch(words)
    if match is None or not match[1]:
        return ""
    return _THINGS.get(match[1].split()[-1], "")


def recognises(source: Source) -> bool:
    """Whether this is several tables that belong together, or one table of such a set."""
    try:
        if source.url is not None:
            return False
        if not (source.is_folder or source.is_zip):
            member = source.file()
            if is_workbook(member):
                return _belong_together(tables_of(member))
            return _is_text(member) and bool(signature(tables_of(member)[0].headings))
        tables = [table for member in source.members() if _is_table(member) for table in _tried(member)]
    except Unreadable:
        return False
    return _belong_together(tables)


def _belong_together(tables: Sequence[Table]) -> bool:
    """Whether one table has a column of keys of another: several lists in a folder are not a directory."""
    roles = [role_of(table.name, table.headings) for table in tables]
    for table, role in zip(tables, roles, strict=True):
        for heading in table.headings:
            other = _speaks_of(words_of(heading))
            if other in _MAIN and other != role and other in roles:
                return True
    return False


def _is_text(member: Member) -> bool:
    return member.suffix in (".csv", ".tsv", ".tab", ".psv", ".txt", "") and not looks_like_json(
        member.beginning(4096)
    )


def _is_table(member: Member) -> bool:
    return member.suffix in _TABLES


def _tried(member: Member) -> list[Table]:
    try:
        return tables_of(member)
    except Unreadable:
        return []


def propose(source: Source) -> Mapping:
    """Raises Unreadable where no table of the source can be read."""
    loaded, notes = load(source, None)
    return Mapping(tuple(one.mapping for one in loaded), tuple(notes))


def load(source: Source, given: Mapping | None) -> tuple[list[Loaded], list[str]]:
    """Every table of the source in memory, with its role, key and links. Raises Unreadable."""
    members = [
        one for one in source.members() if _is_table(one) or (not source.is_folder and not source.is_zip)
    ]
    loaded: list[Loaded] = []
    notes: list[str] = []
    for member in members:
        if given is not None:
            wanted = [one for one in given.tables if one.table.split("#")[0] == member.name]
            tables = [table for one in wanted for table in tables_of(member, one.layout)]
        else:
            try:
                tables = tables_of(member)
            except Unreadable as error:
                notes.append(str(error))
                continue
        for table in tables:
            rows = list(table.rows())
            mapping = given.table(table.name) if given is not None else None
            role = mapping.role if mapping is not None else role_of(table.name, table.headings)
            good = [row for row in rows if isinstance(row, Row)]
            bad = [row for row in rows if isinstance(row, Rejected)]
            mapping = (
                mapping.fits(table.headings) if mapping else TableMapping(table.name, table.layout, role=role)
            )
            loaded.append(Loaded(table, role, good, bad, mapping))
    if not loaded:
        raise Unreadable(f"{source.name}: no table in it can be read. {' '.join(notes)[:500]}")
    if given is None:
        _work_out(loaded, notes)
        _said_beside(source, loaded, notes)
    return loaded, notes


_PARTS = frozenset(
    [
        "phones",
        "times",
        "holidays",
        "contacts",
        "addresses",
        "terms",
        "programmes",
        "costs",
        "languages",
        "at_places",
        "other",
    ]
)


def _work_out(loaded: list[Loaded], notes: list[str]) -> None:
    """Key, links and columns of each table."""
    for one in loaded:
        one.mapping = replace(one.mapping, key=_key_of(one))
    for one in loaded:
        links = _links_of(one, loaded)
        keys = frozenset([one.mapping.key, *(link.heading for link in links)]) - {""}
        inline = {link.heading for link in links if role_named(link.table, loaded) == "organisations"}
        mapping, said = table_mapping(one.table, leave=keys - inline, of_services=one.role == "services")
        columns = mapping.columns
        if one.role in _PARTS:
            columns = tuple(
                Column(
                    c.heading,
                    "" if c.field in ("id", "name") else c.field,
                    USED,
                    1.0,
                    "read under its own name",
                )
                if words_of(c.heading) in parts.OWN_NAMES
                else c
                for c in columns
            )
        notes += [
            f"{one.table.name}: {note}"
            for note in [*one.table.notes, *(said if one.role not in _PARTS else ())]
        ]
        notes += [
            f"{one.table.name}: {link.heading!r} speaks of {link.table}, but only {link.why}"
            for link in links
            if 0 < link.sure < 1
        ]
        one.mapping = replace(mapping, role=one.role, key=one.mapping.key, links=links, columns=columns)


def role_named(name: str, loaded: Sequence[Loaded]) -> str:
    """The role a link speaks of: that of the table it names, or the role itself."""
    return next((one.role for one in loaded if one.table.name == name), name)


def _key_of(one: Loaded) -> str:
    """The heading of the table's own numbers: named as such, and no value there twice but by mistake."""
    best, score = "", 0.0
    for heading in one.table.headings:
        words = words_of(heading)
        match = _KEY.fullmatch(words)
        if match is None or match[2] in ("ids", "no", "number"):
            continue
        whose = _speaks_of(words)
        if match[1] and whose != one.role:
            continue
        if words == "parent id":
            continue
        texts = [text for row in one.rows[:SAMPLE] if (text := row.cells.get(heading, ""))]
        found = (len(set(texts)) / len(texts) if texts else 0.5) + (0.2 if whose == one.role else 0.1)
        if found > score and (not texts or len(set(texts)) > 0.5 * len(texts)):
            best, score = heading, found
    return best


def _links_of(one: Loaded, every: Sequence[Loaded]) -> tuple[Link, ...]:
    links: list[Link] = []
    for heading in one.table.headings:
        if heading == one.mapping.key:
            continue
        words = words_of(heading)
        match = _KEY.fullmatch(words)
        if match is None:
            continue
        role = _speaks_of(words)
        if role == "terms" and one.role not in ("terms", "services", "other"):
            role = ""
        if match[2] == "ids" and not role:
            continue
        texts = {text for row in islice(one.rows, SAMPLE) if (text := row.cells.get(heading, ""))}
        if match[2] in ("ids",):
            texts = {part.strip() for text in texts for part in re.split(r"[,;|]", text) if part.strip()}
        targets = [other for other in every if other.mapping.key and other.role == role] if role else []
        if not role and match[2] in ("id", "uuid", "guid", "key", "ref") and len(texts) > 1:
            targets = [  # nothing in the heading says which table: the values do
                other for other in every
                if other is not one and other.mapping.key and other.role in _MAIN and texts <= _keys(other)
            ][:1]  # fmt: skip
            role = targets[0].role if targets else ""
        if not role:
            continue
        known = set().union(*(_keys(other) for other in targets)) if targets else set()
        found = len(texts & known)
        why = f"{found} of {len(texts)} values found there" if targets else "there is no such table here"
        name = targets[0].table.name if len(targets) == 1 else role
        links.append(Link(heading, name, round(found / len(texts), 3) if texts else 1.0, why))
    return tuple(links)


def _keys(one: Loaded) -> set[str]:
    return {row.cells.get(one.mapping.key, "") for row in one.rows} - {""}


_MODELS = {"organizations": "organization", "locations": "location", "services": "service", "postal_address": "address",
           "physical_address": "address", "postal_addresses": "address", "physical_addresses": "address", "phones": "phone"}  # fmt: skip


def _said_beside(source: Source, loaded: list[Loaded], notes: list[str]) -> None:
    """A mapping lying with the files, written for the HSDS transformer: which column is which field."""
    if not (source.is_folder or source.is_zip):
        return
    for member in source.members():
        if member.suffix not in (".yaml", ".yml") or member.size > 1_000_000:
            continue
        try:
            data = yaml.safe_load(member.beginning(1_000_000).decode("utf-8", "replace"))
        except (yaml.YAMLError, ValueError, RecursionError):
            continue
        if not isinstance(data, dict):
            continue
        for one in loaded:
            said = data.get(one.table.name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
            if isinstance(said, dict):
                one.mapping = replace(one.mapping, columns=tuple(_said(column, said, member.name) for column in one.mapping.columns))  # fmt: skip
                notes.append(f"{one.table.name}: read as {member.name} beside it says")


def _said(column: Column, said: dict[object, object], name: str) -> Column:
    to = said.get(column.heading)
    if not isinstance(to, dict):
        return column
    meant = by_heading(f"{_MODELS.get(str(to.get('model')), '')} {to.get('field')}".strip())
    if meant is None or not is_field(meant.field):
        return replace(column, why=column.why if column.status == USED else f"{name} calls it {to.get('field')!r}, no field of ours")  # fmt: skip
    if column.status == KEPT or column.field != meant.field:
        return Column(column.heading, meant.field, USED, 0.95, f"{name} says so")
    return replace(column, why=f"{column.why}, as {name} does")
