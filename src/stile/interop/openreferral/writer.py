"""Records out as Open Referral: one JSON file, or tables with their datapackage; streamed."""

import csv
import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from stile.loop.directory.rules.records import Record

from . import mapping
from .kinds import PLURALS
from .shapes import MADE, OWN, SAID, SHAPES, Json, Prop, stable_id
from .store import INSIDE, LISTS
from .tabular_reader import as_object

VERSIONS = {"hsds-3.0": "3.0", "oruk-3.0": "HSDS-UK-3.0"}
_KEPT_LINKS = frozenset({("service", "organization_id"), ("location", "organization_id")})
_HANGS = {"attribute": ("link_id", "link_type"), "metadata": ("resource_id", "resource_type")}


def write_json(
    records: Iterable[Record], file: IO[str], *, version: str = "hsds-3.0", scope: str = ""
) -> dict[str, int]:
    """One page that holds every service, then what stands by itself; gives the count of each kind.

    `scope` keeps made-up ids of several sources apart. Raises ValueError for an unknown version.
    """
    if version not in VERSIONS:
        raise ValueError(f"we write {', '.join(VERSIONS)}, not {version}")
    counts: dict[str, int] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as others:
        file.write('{"contents": [')
        for record in records:
            kind, made = mapping.write(record, oruk=version == "oruk-3.0", scope=scope)
            counts[kind] = counts.get(kind, 0) + 1
            line = json.dumps(made, ensure_ascii=False, allow_nan=False)
            if kind == "service":
                file.write(f"{',' if counts[kind] > 1 else ''}\n{line}")
            else:
                others.write(f"{kind} {line}\n")
        total = counts.get("service", 0)
        around = {
            "total_items": total,
            "total_pages": 1,
            "page_number": 1,
            "size": total,
            "first_page": True,
            "last_page": True,
            "empty": total == 0,
            "version": VERSIONS[version],
        }
        file.write(f"\n], {json.dumps(around)[1:-1]}")
        for kind in ("organization", "location", "taxonomy", "taxonomy_term"):
            if kind in counts:
                others.seek(0)
                lines = (line.split(" ", 1)[1] for line in others if line.startswith(f"{kind} "))
                file.write(f', "{PLURALS[kind]}": [\n')
                file.writelines(f"{',' if n else ''}{line}" for n, line in enumerate(lines))
                file.write("]")
        file.write("}\n")
    return counts


def write_tables(
    records: Iterable[Record], target: Path, *, version: str = "hsds-3.0", scope: str = ""
) -> dict[str, int]:
    """A tabular package at `target`: a zip if its name ends so, else a folder. Gives rows by kind.

    The target appears only when it is whole.
    """
    if version not in VERSIONS:
        raise ValueError(f"we write {', '.join(VERSIONS)}, not {version}")
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name) / "package"
        folder.mkdir()
        with _Tables(folder, scope) as tables:
            for record in records:
                kind, made = mapping.write(record, oruk=version == "oruk-3.0", scope=scope)
                tables.root(kind, made)
            counts = dict(tables.counts)
        package = json.dumps(_package(counts, version), indent=1)
        (folder / "datapackage.json").write_text(package, encoding="utf-8")
        if target.suffix.lower() == ".zip":
            packed = Path(name) / "package.zip"
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in sorted(folder.iterdir()):
                    archive.write(path, path.name)
            packed.replace(target)
        else:
            target.mkdir(exist_ok=True)
            for path in sorted(folder.iterdir()):
                path.replace(target / path.name)
    return counts


def file_of(kind: str) -> str:
    return "service_at_location.csv" if kind == "service_at_location" else f"{PLURALS[kind]}.csv"


def columns_of(kind: str) -> list[str]:
    return [name for name, prop in SHAPES[kind].items() if prop.kind[0] not in "[{"] + [OWN]


class _Tables:
    """Takes nested objects apart into rows. Ids stay unique in each table, keys hold the nesting."""

    def __init__(self, folder: Path, scope: str) -> None:
        self.folder, self.scope = folder, scope
        self.counts: dict[str, int] = {}
        self._files: dict[str, IO[str]] = {}
        self._writers: dict[str, Any] = {}
        self._known_file = tempfile.TemporaryDirectory()
        self._known = sqlite3.connect(f"{self._known_file.name}/ids.sqlite", isolation_level=None)
        self._known.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE id (kind TEXT, id TEXT, digest BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID; BEGIN;"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
        self._known.close()
        self._known_file.cleanup()

    def root(self, kind: str, made: Json) -> str:
        """An object that stands by itself or is named by others; written once, its id is returned."""
        digest = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).digest()
        key = str(made["id"])
        said: Json = {}
        for attempt in range(1000):
            found = self._known.execute(
                "SELECT digest FROM id WHERE kind = ? AND id = ?", (kind, key)
            ).fetchone()
            if found is None:
                break
            if found[0] == digest:
                return key
            said["id"] = made["id"]  # the same id for something else: it gets one of its own
            key = stable_id(kind, f"{made['id']} {digest.hex()} {attempt}", self.scope)
        self._known.execute("INSERT INTO id VALUES (?, ?, ?)", (kind, key, digest))
        self._row(kind, {**made, "id": key}, said, {}, [])
        return key

    def _child(self, kind: str, made: Json, parent: str, key: str, place: str) -> None:
        """An object that belongs to one other; its row names that one."""
        own_id = str(made["id"])
        said: Json = {}
        if self._known.execute("SELECT 1 FROM id WHERE kind = ? AND id = ?", (kind, own_id)).fetchone():
            said["id"] = made["id"]
            own_id = stable_id(kind, f"{parent} {key} {place} {own_id}", self.scope)
        self._known.execute("INSERT OR IGNORE INTO id VALUES (?, ?, NULL)", (kind, own_id))
        added: list[str] = []
        if kind in _HANGS:
            link, named = _HANGS[kind]
            if named in made:
                said[named] = made[named]
            else:
                added.append(named)
            links = {link: key, named: parent}
        else:
            links = {f"{parent}_id": key}
        self._row(kind, {**made, "id": own_id}, said, links, added)

    def _row(self, kind: str, made: Json, said: Json, links: dict[str, str], added: list[str]) -> None:
        row: Json = {"id": made["id"]}
        children: list[tuple[str, list[Any]]] = []
        for name, value in made.items():
            prop = SHAPES[kind].get(name)
            if name in (OWN, "id") or name in said:
                continue
            column = next((fk for (of, fk), at in INSIDE.items() if of == kind and at == name), None)
            if prop is not None and column is not None and isinstance(value, dict):
                if column in made:
                    said[column] = made[column]
                row[column] = self.root(SHAPES[kind][column].refers, value)
            elif prop is not None and value and _splits(kind, prop):
                children.append((prop.kind[1:-1], value))
            elif prop is None or not self._fits(kind, name, prop, value):
                said[name] = value
            elif name not in said and name not in row:
                row[name] = value
        row |= links
        said |= {name: made[name] for name in links if name in made}
        row[OWN] = _own(made.get(OWN), said, added)
        self._write(kind, row)
        for child, listed in children:
            for n, one in enumerate(listed):
                self._child(child, one, kind, str(made["id"]), f"{child}/{n}")

    def _fits(self, kind: str, name: str, prop: Prop, value: Any) -> bool:
        """Whether a cell of a table gives the very value back."""
        if prop.kind[0] in "[{":
            return False
        if prop.kind == "uuid" and prop.refers != kind and (kind, name) not in _KEPT_LINKS:
            return False  # it would tie the row to another one when it is read
        return as_object(kind, [name], [_cell(value)]) == {name: value}

    def _write(self, kind: str, row: Json) -> None:
        if kind not in self._writers:
            file = (self.folder / file_of(kind)).open("w", encoding="utf-8", newline="")
            self._files[kind] = file
            self._writers[kind] = csv.writer(file, lineterminator="\r\n")
            self._writers[kind].writerow(columns_of(kind))
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self._writers[kind].writerow([_cell(row.get(name)) for name in columns_of(kind)])


def _splits(kind: str, prop: Prop) -> bool:
    """Whether a list becomes rows of its own table."""
    return prop.kind[0] == "[" and prop.kind[1:-1] in LISTS[kind]


def _own(own: Any, said: Json, added: list[str]) -> Json | None:
    """The extra property with what the table had to leave out; what was said first stays."""
    made: Json = dict(own) if isinstance(own, dict) else {}
    if isinstance(made.get(MADE), list):
        said = {name: value for name, value in said.items() if name not in made[MADE]}
    if said:
        made[SAID] = {**said, **made.get(SAID, {})}
    if added:
        made[MADE] = [*made.get(MADE, []), *added]
    return made or None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _package(counts: dict[str, int], version: str) -> Json:
    """The description of the package, in the terms of Frictionless tabular data packages."""
    return {
        "name": "stile-directory",
        "title": "Directory of activities",
        "profile": "tabular-data-package",
        "version": VERSIONS[version],
        "resources": list(_resources(counts)),
    }


def _resources(counts: dict[str, int]) -> Iterator[Json]:
    for kind in counts:
        keys = [
            {"fields": name, "reference": {"resource": prop.refers, "fields": "id"}}
            for name, prop in SHAPES[kind].items()
            if prop.kind == "uuid"
            and name != "id"
            and prop.refers in counts
            and not name.startswith("parent_")
        ]
        fields = [
            {"name": name, "type": _type(SHAPES[kind].get(name))}
            | ({"constraints": {"required": True, "unique": True}} if name == "id" else {})
            for name in columns_of(kind)
        ]
        yield {
            "name": kind,
            "path": file_of(kind),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "profile": "tabular-data-resource",
            "schema": {"fields": fields, "primaryKey": "id", "foreignKeys": keys},
        }


def _type(prop: Prop | None) -> str:
    if prop is None:
        return "object"
    return "number" if prop.kind == "num" else "string"
