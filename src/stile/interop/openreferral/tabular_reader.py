"""Open Referral as tables: a zip or folder of CSV files, with or without a datapackage.json."""

import csv
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stile.interop.source import MAX_FIELD, Member, Source
from stile.loop.directory.rules.records import Item, Rejected, Unreadable, Warned

from .kinds import named
from .mapping import KINDS
from .shapes import OWN, SHAPES, Json, number
from .store import Store
from .stream import Text

FORMAT = "Open Referral tables"
MAX_LINE = 4 * MAX_FIELD  # characters of one line of a file
_DELIMITERS = ",;\t|"
# A file called services.csv is nobody's alone: these are what Open Referral's has and others' do not.
_SERVICES = ({"id", "name"}, {"organization_id", "status", "program_id"})
_NOT_OURS = frozenset({"location_id", "keywords", "service_areas"})  # Ohana's services name their place


def recognises(source: Source) -> str | None:
    """FORMAT for a folder or zip that holds Open Referral's tables."""
    if source.url is not None or not (source.is_folder or source.is_zip):
        return None
    members = source.members()
    if (described := _described(members)) is not None:
        return FORMAT if "service" in described.values() else None
    for member in members:
        if member.suffix in (".csv", ".tsv") and named(member.stem) == "service":
            columns = set(_header(member))
            needed, telling = _SERVICES
            return FORMAT if needed <= columns and telling & columns and not _NOT_OURS & columns else None
    return None


def read(
    source: Source,
    *,
    mapping: Mapping[str, Any] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Item]:
    """Everything in the tables; each row comes out as a record, folded into one, or rejected."""
    members = source.members()
    tables = _tables(members)
    if "service" not in tables.values():
        raise Unreadable(f"{source.name}: holds no table of services.")
    with Store() as store:
        for member in members:
            kind = tables.get(member.name)
            if kind is not None:
                yield from _rows(member, kind, store, on_progress)
            elif member.suffix in (".csv", ".tsv"):
                yield Warned(member.name, "is no table of Open Referral; not read")
        yield from store.items()


def _tables(members: list[Member]) -> dict[str, str]:
    """Which file is which table: as the package says, else by the names of the files."""
    described = _described(members) or {}
    found = dict(described)
    for member in members:
        if member.name not in found and member.suffix in (".csv", ".tsv"):
            kind = named(member.stem)
            if kind is not None:
                found[member.name] = kind
    return found


def _described(members: list[Member]) -> dict[str, str] | None:
    """What datapackage.json says; None where there is none that can be read."""
    package = next((one for one in members if one.name.rsplit("/", 1)[-1] == "datapackage.json"), None)
    if package is None:
        return None
    try:
        said = json.loads(package.beginning(8 * 1024**2))
    except (ValueError, RecursionError):
        return None
    resources = said.get("resources") if isinstance(said, dict) else None
    base = package.name.rpartition("/")[0]
    names = {one.name for one in members}
    found: dict[str, str] = {}
    for one in resources if isinstance(resources, list) else []:
        path, kind = (
            (one.get("path"), named(str(one.get("name", "")))) if isinstance(one, dict) else (None, None)
        )
        full = f"{base}/{path}" if base else str(path)
        if kind is not None and isinstance(path, str) and full in names:
            found[full] = kind
    return found or None


def _header(member: Member) -> list[str]:
    with member.open_bytes() as file:
        lines = _lines(Text(file, member.name))
        first = next(lines, "")
        return [_column(cell) for cell in next(csv.reader([first], delimiter=_delimiter(first)), [])]


def _rows(
    member: Member, kind: str, store: Store, on_progress: Callable[[int], None] | None
) -> Iterator[Item]:
    csv.field_size_limit(MAX_FIELD)
    with member.open_bytes() as file:
        lines = _lines(Text(file, member.name, on_progress))
        first = next(lines, None)
        if first is None:
            return
        reader = csv.reader(itertools.chain([first], lines), delimiter=_delimiter(first), strict=False)
        columns: list[str] | None = None
        row = 0
        while True:
            row += 1
            where = f"{member.name}:{row}"
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if columns is None:
                    raise Unreadable(
                        f"{member.name}: the line of headings cannot be read ({error})."
                    ) from error
                yield Rejected(where, _fault(error), lost=kind in KINDS)
                continue
            if columns is None:
                columns = [_column(cell) for cell in cells]
                if "id" not in columns and kind in ("service", "organization", "location"):
                    raise Unreadable(f"{member.name}: has no column named id.")
            elif any(cell.strip() for cell in cells):
                if any(cell.strip() for cell in cells[len(columns) :]):
                    yield Warned(where, "has more cells than there are headings; the last were left out")
                if folded := store.add(kind, as_object(kind, columns, cells), where):
                    yield folded


def _fault(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"holds a text of more than {MAX_FIELD:,} characters"
    return f"cannot be read ({error})"


def as_object(kind: str, columns: list[str], cells: list[str]) -> Json:
    """The row as an object: empty cells are not said, numbers are numbers, our own column is JSON."""
    shape = SHAPES[kind]
    made: Json = {}
    for name, cell in zip(columns, cells, strict=False):
        if cell == "" or not name or name in made:
            continue
        prop = shape.get(name)
        if name == OWN:
            made[name] = _json(cell)
        elif prop is not None and prop.kind == "num" and (read := number(cell)) is not None:
            made[name] = read
        elif prop is not None and prop.kind[0] in "[{" and cell[:1] in "[{":
            made[name] = _json(cell)
        else:
            made[name] = cell
    return made


def _json(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _column(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().lstrip("\ufeff").lower())


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def _lines(text: Text) -> Iterator[str]:
    """Lines with their ends; the rest of a line that is longer than any sane one is dropped."""
    while True:
        end = text.buffer.find("\n", text.at)
        while end < 0 and len(text.buffer) - text.at <= MAX_LINE and text.more():
            end = text.buffer.find("\n", text.at)
        if end < 0 and text.at >= len(text.buffer):
            return
        stop = end + 1 if end >= 0 else len(text.buffer)
        line = text.buffer[text.at : stop].replace("\x00", "\ufffd")
        text.at = stop
        while end < 0 and not text.ended:  # too long: let the reader see that it is, drop the rest
            text.more()
            end = text.buffer.find("\n", text.at)
            text.at = end + 1 if end >= 0 else len(text.buffer)
        yield line
