"""Any list of services: proposed, confirmed, read. Every row is accounted for.

A row becomes a record, or is folded into one (the second venue, the third session of the same
activity), or is rejected with its place and the reason. Blank rows are no rows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from stile.interop.source import Member, Source
from stile.loop.directory.rules.records import Folded, Item, OrganisationRecord, Rejected, Unreadable, Warned

from . import values
from .build import Hidden, Unfit, build, may_be_taken, organisation_of, together
from .cells import Cells, Plan
from .guess import need_a_name
from .linked import join, roles
from .mapping import USED, Mapping, TableMapping
from .nested import looks_like_json
from .opening import table_mapping, tables_of
from .table import Row, Table
from .where import digest
from .workbook import is_workbook

Progress = Callable[[int], None]  # told how many rows have been read, now and then

_TEXTS = (".csv", ".tsv", ".tab", ".txt", ".psv", "")
_PLAIN = {
    "name",
    "id",
    "part_of",
    "alternate_name",
    "tags",
    "updated_on",
    "contact_name",
    "country",
    "county",
}


def recognises(source: Source) -> str | None:
    """A short name of the format where this may be a list of services; None where it is none of ours."""
    if source.url is not None:
        head = source.beginning(4096)
        return (
            "a list in JSON"
            if looks_like_json(head)
            else "a list"
            if head.strip() and b"\x00" not in head
            else None
        )
    if roles.recognises(source):
        return "linked tables"
    if source.is_folder or source.is_zip:
        return None
    member = source.file()
    if is_workbook(member):
        return "a workbook"
    head = member.beginning(4096)
    if looks_like_json(head):
        return "a list in JSON"
    return "a table of separated values" if member.suffix in _TEXTS and head.strip() else None


def propose(source: Source) -> Mapping:
    """How the list would be read, for a person to confirm or edit. Raises Unreadable."""
    if roles.recognises(source):
        return roles.propose(source)
    tables = tables_of(_one_file(source))
    best: tuple[float, TableMapping, list[str]] | None = None
    notes: list[str] = []
    for table in tables:
        mapping, said = table_mapping(table)
        known = {column.field for column in mapping.columns if column.status == USED}
        score = len(known) + (20 if "name" in known else 0)
        if best is None or score > best[0]:
            best = (score, mapping, [*table.notes, *said])
    if best is None:
        raise Unreadable(f"{source.name}: there is no table in it.")
    if len(tables) > 1:
        unread = [table.layout.sheet for table in tables if table.layout.sheet != best[1].layout.sheet]
        notes.append(f"only the sheet {best[1].layout.sheet!r} is read, not {', '.join(map(repr, unread))}")
    return Mapping((best[1],), (*best[2], *notes))


def read(
    source: Source, *, mapping: Mapping | None = None, on_progress: Progress | None = None
) -> Iterator[Item]:
    """Every row as a record, folded or rejected, and what is odd as warnings. Raises Unreadable.

    Without a mapping one is proposed and used, as long as it is beyond doubt that this is a list of
    services: a name and at least one thing about where, when, for whom or how.
    """
    if roles.recognises(source) if mapping is None else _is_linked(mapping):
        yield from join.read(source, mapping=mapping, on_progress=on_progress)
        return
    member = _one_file(source)
    given = mapping
    mapping = mapping or propose(source)
    chosen = mapping.tables[0]
    table = tables_of(member, chosen.layout)[0]
    chosen = chosen.fits(table.headings)
    plan = Plan.of(chosen)
    need_a_name(chosen.columns, table.name) if "name" not in chosen.constants else None
    if given is None:
        _surely_services(chosen, table.name)
    for note in mapping.notes:
        yield Warned(table.name, note)
    yield from _read_rows(table, plan, on_progress)


def _is_linked(mapping: Mapping) -> bool:
    return len(mapping.tables) > 1 or any(one.role != "services" or one.links for one in mapping.tables)


def _one_file(source: Source) -> Member:
    """The only file of the source, also where it is alone in a folder or zip."""
    if not (source.is_folder or source.is_zip):
        return source.file()
    members = source.members()
    readable = [
        one for one in members if one.suffix not in (".md", ".pdf", ".docx", ".html", ".yaml", ".yml")
    ]
    if len(readable) != 1:
        names = ", ".join(one.name for one in readable[:12]) or "nothing"
        raise Unreadable(
            f"{source.name}: its files do not belong together as one directory ({names}); give one of them."
        )
    return readable[0]


def _surely_services(mapping: TableMapping, name: str) -> None:
    known = {column.field for column in mapping.columns if column.status == USED} | set(mapping.constants)
    if not known - _PLAIN:
        listed = ", ".join(repr(column.heading) for column in mapping.columns[:20])
        raise Unreadable(
            f"{name}: nothing in it says where, when or for whom anything is, so it may be no list of services. "
            f"The columns are: {listed}. If it is one, say so with a mapping file."
        )


@dataclass(slots=True)
class _Seen:
    """What the first reading learns: which rows speak of the same activity, and all about who runs it."""

    rows: Counter[str] = field(default_factory=Counter)  # of each activity
    names: dict[str, str] = field(default_factory=dict)  # id: name, to notice one id for two activities
    shared: set[str] = field(default_factory=set)  # such ids
    parents: dict[str, str] = field(default_factory=dict)  # id: whose rows continue it
    organisations: dict[str, OrganisationRecord] = field(default_factory=dict)
    total: int = 0


def _read_rows(table: Table, plan: Plan, on_progress: Progress | None) -> Iterator[Item]:
    seen = _first_reading(table, plan)
    if not seen.total:
        raise Unreadable(f"{table.name}: there are headings but no rows.")
    waiting: dict[str, list[Cells]] = {}
    left = Counter(seen.rows)
    number = 0
    own: dict[int, str] = {}
    for row in table.rows():
        if isinstance(row, Rejected):
            yield row
            continue
        number += 1
        if on_progress is not None and number % 500 == 0:
            on_progress(number)
        cells = Cells(plan, row)
        identity = _identity(cells, seen, own)
        waiting.setdefault(identity, []).append(cells)
        left[identity] -= 1
        if not left[identity]:
            del left[identity]
            yield from _together(waiting.pop(identity), identity, seen)
    several = sum(1 for key, rows in seen.rows.items() if rows > 1 and not key.startswith(("list-", "row-")))
    if several and not seen.parents and table.layout.format in ("csv", "workbook"):
        by = plan.fields["id"][0]
        yield Warned(
            table.name,
            f"{several} activities take several rows each: those with the same {by!r} are one activity",
        )
    if on_progress is not None:
        on_progress(number)


def _first_reading(table: Table, plan: Plan) -> _Seen:
    seen = _Seen()
    ids = "id" in plan.fields
    if ids:
        continued = "part_of" in plan.fields
        for row in table.rows():
            if not isinstance(row, Row) or row.part_of:
                continue
            cells = Cells(plan, row)
            given, name = cells.text("id"), _same(cells.text("name"))
            if not given:
                continue
            if continued and (parent := cells.text("part_of")) and parent != given:
                seen.parents[given] = parent
            elif seen.names.setdefault(given, name) != name and name:
                seen.shared.add(given)
    own: dict[int, str] = {}
    for row in table.rows():
        seen.total += 1
        if isinstance(row, Rejected):
            continue
        cells = Cells(plan, row)
        seen.rows[_identity(cells, seen, own)] += 1
        organisation = organisation_of(cells)
        if organisation is not None:
            before = seen.organisations.get(organisation.key)
            seen.organisations[organisation.key] = together(before, organisation) if before else organisation
    return seen


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


def _identity(cells: Cells, seen: _Seen, own: dict[int, str]) -> str:
    """What rows of one activity have in common: the id, else the name, who runs it and where."""
    row = cells.row
    if row.part_of:
        return own.get(row.part_of, f"row-{row.number}")
    given = cells.text("id")
    if given in seen.parents or (not given and cells.text("part_of")):
        parent, steps = seen.parents.get(given) or cells.text("part_of"), 0
        while parent in seen.parents and steps < 50:  # a row may continue a row that continues another
            parent, steps = seen.parents[parent], steps + 1
        found = parent if parent in seen.names else f"row-{row.number}"
    elif given and given not in seen.shared:
        found = given
    else:
        name, who = cells.text("name"), cells.text("organisation")
        place = (
            cells.text("postcode")
            or " ".join(text for _, text in cells.every("address"))
            or cells.text("place_name")
        )
        place = values.postcode(place) or place or cells.text("lat") + cells.text("lon")
        found = (
            f"{given}-{digest(name)}"
            if given
            else "list-" + digest(name, who, place)
            if name
            else f"row-{row.number}"
        )
    own[row.number] = found
    return found


def _together(rows: list[Cells], identity: str, seen: _Seen) -> Iterator[Item]:
    """The records of rows that share an identity: one, unless their ages tell them apart."""
    groups: dict[str, list[Cells]] = {}
    for cells in rows:
        ages = digest(*(cells.text(name) for name in ("min_age", "max_age", "ages")))
        says = any(cells.text(name) for name in ("min_age", "max_age", "ages"))
        alone = not identity.startswith("list-") or not groups
        if not says or alone or ages in groups:
            mine = ages if ages in groups else next(iter(groups), ages)
        else:
            mine = ages
        groups.setdefault(mine, []).append(cells)
    for n, (ages, group) in enumerate(groups.items()):
        key = identity if not n else f"{identity}-{ages[:8]}"
        if n:
            group[0].warn(
                "the same name and place as another row but other ages: taken as an activity of its own"
            )
        yield from _one(group, key, seen)


def _rejected(where: str, reason: Unfit, key: str) -> Rejected:
    if isinstance(reason, Hidden):
        return Rejected(where, str(reason))
    # The key of a row that has neither id nor name is its number, which tells nothing of last time.
    nameless = key.startswith("row-")
    return Rejected(where, str(reason), "" if nameless else key, lost=nameless)


def _one(rows: list[Cells], key: str, seen: _Seen) -> Iterator[Item]:
    first = rows[0]
    counted = [cells for cells in rows[1:] if cells.row.where != first.row.where]
    part_of = first.text("part_of")
    try:
        if key.startswith("row-") and part_of:
            raise Unfit(f"it continues row {part_of!r}, which is not in the list")
        for cells in rows:
            may_be_taken(cells)
        found = next((one for cells in rows if (one := organisation_of(cells)) is not None), None)
        if found is not None:
            found = replace(seen.organisations[found.key], where=found.where)
        built = build(rows, key, found)
    except Unfit as reason:
        yield _rejected(first.row.where, reason, key)
        for cells in counted:
            yield Rejected(cells.row.where, f"it belongs to {first.row.where}, which was not taken: {reason}")
        return
    yield built.service
    given = first.text("id")
    if given in seen.shared:
        yield Warned(
            first.row.where, f"the number {given!r} stands for several activities; told apart by name"
        )
    yield from built.warnings
    for cells in counted:
        yield Folded(cells.row.where, first.row.where)
