"""Tables of Open Referral joined by their keys, in a temporary file, with memory that stays flat.

Every row that was put in comes out once: as a record of its own, as `Folded` into the record it
belongs to, or as `Rejected` because what it belongs to is not there.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stile.loop.directory.rules.records import Folded, Item, Rejected, Warned

from . import mapping
from .shapes import SHAPES, Json

# Rows that are written inside the row that names them, under the given property.
INSIDE = {
    ("service", "organization_id"): "organization",
    ("service", "program_id"): "program",
    ("service_at_location", "location_id"): "location",
    ("attribute", "taxonomy_term_id"): "taxonomy_term",
    ("taxonomy_term", "taxonomy_id"): "taxonomy_detail",
    ("service_capacity", "unit_id"): "unit",
}
_ANCESTORS = frozenset({"parent_id", "parent_organization_id"})  # often outside the feed, and no fault
_LOOSE = frozenset({"link_id", "resource_id"})  # name a row of any kind
# Lists that stay apart: the places and activities of an organisation stand by themselves.
_APART = frozenset(
    {("organization", "location"), ("organization", "service"), ("service_at_location", "service")}
)
_APART |= {("taxonomy", "taxonomy_term")}
LISTS: dict[str, dict[str, str]] = {
    kind: {
        prop.kind[1:-1]: name
        for name, prop in shape.items()
        if prop.kind[0] == "[" and (kind, prop.kind[1:-1]) not in _APART
    }
    for kind, shape in SHAPES.items()
}
_ROOTS = ("service", "organization", "location", "taxonomy", "taxonomy_term")


class Store:
    """Put rows in with `add`, then take everything out with `items`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(dir=folder)
        self._db = sqlite3.connect(f"{self._folder.name}/rows.sqlite", isolation_level=None)
        self._db.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
            CREATE TABLE row (n INTEGER PRIMARY KEY, kind TEXT, id TEXT, place TEXT, body TEXT);
            CREATE TABLE link (parent TEXT, parent_id TEXT, kind TEXT, n INTEGER, name TEXT,
                PRIMARY KEY (parent, parent_id, kind, n, name)) WITHOUT ROWID;
            CREATE INDEX row_id ON row (kind, id);
            BEGIN;
            """
        )
        self._count = 0
        self._pairs: set[tuple[str, str]] = set()
        self._used = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._folder.cleanup()

    def add(self, kind: str, row: Json, where: str) -> Folded | None:
        """One row. A second row with the same id fills the gaps of the first and is folded into it.

        An empty `where` marks a row that is not counted: it came as part of another.
        """
        key = str(row.get("id") or "")
        if key:
            first = self._db.execute(
                "SELECT n, place, body FROM row WHERE kind = ? AND id = ?", (kind, key)
            ).fetchone()
            if first is not None:
                body = json.loads(first[2])
                self._db.execute(
                    "UPDATE row SET body = ? WHERE n = ?", (json.dumps({**row, **body}), first[0])
                )
                self._link(kind, {name: value for name, value in row.items() if name not in body}, first[0])
                return Folded(where, str(first[1])) if where else None
        self._count += 1
        self._db.execute(
            "INSERT INTO row VALUES (?, ?, ?, ?, ?)", (self._count, kind, key, where, json.dumps(row))
        )
        self._link(kind, row, self._count)
        return None

    def _link(self, kind: str, row: Json, n: int) -> None:
        for name, value in row.items():
            prop = SHAPES[kind].get(name)
            if prop is None or prop.kind != "uuid" or name == "id" or name in _ANCESTORS:
                continue
            if isinstance(value, str | int) and str(value):
                self._pairs.add((prop.refers, kind))
                self._db.execute(
                    "INSERT OR IGNORE INTO link VALUES (?, ?, ?, ?, ?)",
                    (prop.refers, str(value), kind, n, name),
                )

    def items(self) -> Iterator[Item]:
        """Everything that was put in: activities first, then what stands by itself."""
        self._db.execute("COMMIT")
        self._used = bytearray(self._count + 1)
        for kind in _ROOTS:
            last = 0
            while True:
                rows = self._db.execute(
                    "SELECT n, place, body FROM row WHERE kind = ? AND n > ? ORDER BY n LIMIT 500",
                    (kind, last),
                ).fetchall()
                if not rows:
                    break
                for n, place, body in rows:
                    last = n
                    if not self._used[n]:
                        yield from self._record(kind, n, place, json.loads(body))
        yield from self._leftovers()
        yield from self._dangling()

    def _record(self, kind: str, n: int, place: str, row: Json) -> Iterator[Item]:
        self._used[n] = 1
        folded: list[Folded] = []
        made = self._whole(kind, row, place, folded)
        given = {"id": row.get("id", ""), **made}
        yield from mapping.read(kind, given, place)
        yield from folded

    def _whole(self, kind: str, row: Json, into: str, folded: list[Folded]) -> Json:
        """The row with all that belongs to it nested inside."""
        made = dict(row)
        for (of, name), prop in INSIDE.items():
            if of != kind or name not in row or prop in row:
                continue
            refers = SHAPES[kind][name].refers
            found = self._db.execute(
                "SELECT n, place, body FROM row WHERE kind = ? AND id = ?", (refers, str(row[name]))
            ).fetchone()
            if found is not None:
                self._fold(found[0], found[1], into, folded)
                del made[name]
                made[prop] = self._whole(refers, json.loads(found[2]), into, folded)
        lists = LISTS[kind]
        key = str(row.get("id") or "")
        for parent in (kind, "any") if key else ():
            wanted = [child for child in lists if (parent, child) in self._pairs]
            if not wanted:
                continue
            # Naming the kinds keeps a place with a thousand activities from being read a thousand times.
            for n, child, name, place, body in self._db.execute(
                "SELECT row.n, row.kind, link.name, row.place, row.body FROM link JOIN row USING (n)"
                f" WHERE link.parent = ? AND link.parent_id = ? AND link.kind IN ({','.join('?' * len(wanted))})"
                " ORDER BY row.n",
                (parent, key, *wanted),
            ).fetchall():
                if (child, name) in INSIDE:
                    continue
                inner = json.loads(body)
                if name in _LOOSE and not _names(inner, kind):
                    continue
                self._fold(n, place, into, folded)
                inner.pop(name, None)
                whole = self._whole(child, inner, into, folded)
                made.setdefault(lists[child], [])
                if isinstance(made[lists[child]], list):
                    made[lists[child]].append(whole)
        return made

    def _fold(self, n: int, place: str, into: str, folded: list[Folded]) -> None:
        if not self._used[n]:
            self._used[n] = 1
            if place:
                folded.append(Folded(place, into))

    def _leftovers(self) -> Iterator[Item]:
        """Rows that belong to nothing that is here."""
        for n, kind, place, body in self._db.execute("SELECT n, kind, place, body FROM row ORDER BY n"):
            if self._used[n] or not place:
                continue
            if kind == "meta_table_description":
                yield Folded(place, "the package as a whole")
                continue
            row = json.loads(body)
            named = [
                f"{name} {str(row[name])[:60]}"
                for name, prop in SHAPES[kind].items()
                if prop.kind == "uuid" and name != "id" and name not in _ANCESTORS and row.get(name)
                if (kind, name) not in INSIDE or kind == "service_at_location"
            ]
            missing = f"belongs to {', '.join(named)}, which is not here"
            yield Rejected(place, missing if named else "does not say what it belongs to")

    def _dangling(self) -> Iterator[Warned]:
        """References of rows that were used, to rows that are not there."""
        for n, place, name, key, refers in self._db.execute(
            "SELECT link.n, row.place, link.name, link.parent_id, link.parent FROM link JOIN row USING (n)"
            " WHERE link.parent != 'any' AND NOT EXISTS"
            " (SELECT 1 FROM row AS other WHERE other.kind = link.parent AND other.id = link.parent_id)"
            " ORDER BY link.n"
        ):
            if self._used[n] and place:
                yield Warned(
                    place, f"{name} names {refers} {str(key)[:60]!r}, which is not here; the rest is kept"
                )


def _names(row: Json, kind: str) -> bool:
    """Whether an attribute or note that may hang on anything says it hangs on another kind."""
    said: Any = row.get("link_type") or row.get("link_entity") or row.get("resource_type")
    return not isinstance(said, str) or said not in SHAPES or said == kind
