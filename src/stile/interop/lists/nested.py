"""Rows out of JSON: the list of services wherever it lies, flattened to one row for each.

Nested objects become headings with dots ("address.postcode"), lists of plain values one cell, a list
of objects one more row each that continues the record ("three venues"). A list inside a list (the
services of each organisation) takes the fields of what it lies in along.
"""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

import ijson

from stile.interop.source import MAX_FIELD, Member
from stile.loop.directory.rules.records import Rejected, Unreadable

from .fields import by_heading, words_of
from .sniff import Layout, encoding_of
from .table import MAX_COLUMNS, Row, Table, row_of

MAX_WHOLE = 256 * 1024**2  # bytes of a file that has to be held at once (an object of objects)
_DEEP = 12
_CHUNK = 4096  # bytes parsed before anything is seen: a trap of 100,000 brackets is seen early
_LISTS = frozenset(["services", "activities", "results", "items", "data", "records", "features", "clubs", "groups", "listings", "events", "sessions", "projects", "programmes", "opportunities", "rows", "entries", "value", "hits", "gwasanaethau"])  # fmt: skip
_PARTS = frozenset(["locations", "places", "venues", "addresses", "contacts", "phones", "links", "tags", "categories", "images", "photos", "schedules", "times", "hours", "opening", "sessions", "costs", "cost_options", "eligibilities", "languages", "reviews", "accessibility", "attributes", "taxonomies", "taxonomy_terms", "taxonomy", "files", "media", "fields", "columns", "keywords"])  # fmt: skip


def looks_like_json(head: bytes) -> bool:
    bare = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return bare[:1] in (b"{", b"[")


@contextmanager
def _utf8(member: Member) -> Iterator[IO[bytes]]:
    """The file as the JSON parser wants it, whatever it was written in."""
    with member.open_bytes() as file:
        encoding = encoding_of(member.beginning(), whole=False).name
        yield file if encoding == "utf-8" else _Turned(file, encoding)  # type: ignore[misc]


class _Turned:
    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self.text = io.TextIOWrapper(file, encoding, errors="replace", newline="")

    def read(self, size: int = -1) -> bytes:
        return self.text.read(size).encode("utf-8", "replace")


@dataclass(slots=True)
class _List:
    """A list of objects somewhere in the file, as it was seen while looking for the one to read."""

    path: str
    count: int = 0
    keys: dict[str, None] = field(default_factory=dict)

    @property
    def last(self) -> str:
        names = [part for part in self.path.split(".") if part != "item"]
        return words_of(names[-1]).replace(" ", "_") if names else ""

    def score(self) -> float:
        fields = {
            meant.field for key in self.keys if (meant := by_heading(key)) is not None and meant.sure > 0.85
        }
        named = bool(fields & {"name", "organisation"}) or "properties" in self.keys
        depth = self.path.count("item")
        return (
            4.0 * named + min(len(fields), 8) * 0.5 + (3.0 if self.last in _LISTS else 0.0)
            - (5.0 if self.last in _PARTS else 0.0) - 1.0 * depth + (1.0 if self.count > 1 else 0.0)
        )  # fmt: skip


def json_table(member: Member, given: Layout | None = None) -> Table:
    """The table of a JSON, newline-delimited JSON or GeoJSON file. Raises Unreadable when it is none."""
    head = member.beginning()
    if not head.strip():
        raise Unreadable(f"{member.name}: the file is empty.")
    notes: list[str] = []
    if given is not None:
        layout = given
    elif _is_lines(head, member):
        layout = Layout(format="ndjson")
    else:
        layout = _find(member, notes)
    reader = _Reader(member, layout)
    return Table(member.name, layout, reader.headings(), reader.rows, notes)


def _is_lines(head: bytes, member: Member) -> bool:
    if member.suffix in (".ndjson", ".jsonl"):
        return True
    lines = [line.strip() for line in head.splitlines()[:3] if line.strip()]
    return len(lines) > 1 and all(_is_object(line) for line in lines[:2])


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _find(member: Member, notes: list[str]) -> Layout:
    """Look through the whole file once for its lists of objects and choose the one that reads best."""
    lists: dict[str, _List] = {}
    top: list[str] = []
    with _utf8(member) as file:
        try:
            for prefix, event, value in ijson.parse(file, use_float=True, buf_size=_CHUNK):
                if event == "map_key":
                    if not prefix:
                        top.append(str(value))
                    if prefix.endswith("item") and prefix in lists and len(lists[prefix].keys) < 300:
                        lists[prefix].keys[str(value)] = None
                elif event == "start_map" and f".{prefix}".endswith(".item") and len(lists) < 1000:
                    lists.setdefault(prefix, _List(prefix)).count += 1
                if prefix.count(".") > _DEEP * 3:
                    raise Unreadable(
                        f"{member.name}: lists and objects within each other too many times over."
                    )
        except (ijson.JSONError, UnicodeDecodeError, RecursionError, ValueError) as error:
            raise Unreadable(f"{member.name}: this is not JSON as it should be ({_said(error)}).") from error
    geo = "features" in top and "features.item" in lists
    if geo and "geometry" in lists["features.item"].keys:
        return Layout(format="geojson", items="features.item")
    best = max(lists.values(), key=lambda one: (one.score(), one.count), default=None)
    if best is None or best.score() < 0:
        return Layout(format="json", items="")  # one object, or an object of objects: see _whole
    others = [f"{one.path.replace('.item', '')} ({one.count})" for one in lists.values() if not one.path.startswith(best.path) and not best.path.startswith(one.path)]  # fmt: skip
    if others:
        notes.append(f"other lists in this file were not read: {', '.join(others[:8])}")
    return Layout(format="json", items=best.path)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


class _Reader:
    def __init__(self, member: Member, layout: Layout) -> None:
        self.member, self.layout = member, layout
        self._headings: list[str] | None = None

    def headings(self) -> list[str]:
        """Every heading of the first two thousand records, in order of first sight."""
        if self._headings is None:
            seen: dict[str, None] = {}
            for n, (_, found) in enumerate(self._objects()):
                if isinstance(found, dict):
                    for cells in _flattened(found):
                        seen.update(dict.fromkeys(cells))
                if n >= 2000 or len(seen) > MAX_COLUMNS:
                    break
            self._headings = list(seen)[:MAX_COLUMNS]
            if not seen:
                raise Unreadable(f"{self.member.name}: no list of services was found in this file.")
        return self._headings

    def rows(self) -> Iterator[Row | Rejected]:
        headings = self.headings()
        known = set(headings)
        number = 0
        for where, found in self._objects():
            number += 1
            place = f"{self.member.name}:{where}"
            if not isinstance(found, dict):
                yield Rejected(place, found, lost=True)
                continue
            first = number
            for n, cells in enumerate(_flattened(found)):
                if any(len(cell) > MAX_FIELD for cell in cells.values()):
                    yield Rejected(place, f"a value of more than {MAX_FIELD:,} characters", lost=True)
                    break
                late = [key for key in cells if key not in known]
                texts = [cells.get(heading, "") for heading in headings]
                row = row_of(headings, texts, number + n, place)
                if isinstance(row, Row):
                    warned = (*row.warnings, f"fields that come up only now were not read: {', '.join(late[:5])}") if late else row.warnings  # fmt: skip
                    yield Row(row.number, place, row.cells, warned, first if n else 0)
                elif row is None and n == 0:
                    yield Rejected(place, "there is nothing in this record")
                    break
            else:
                number += n

    def _objects(self) -> Iterator[tuple[str, dict[str, Any] | str]]:
        """(JSON path, object), or (JSON path, why it cannot be read)."""
        if self.layout.format == "ndjson":
            yield from self._lines()
        elif not self.layout.items:
            yield from self._whole()
        else:
            outer, inner = _split(self.layout.items)
            with _utf8(self.member) as file:
                try:
                    for n, item in enumerate(ijson.items(file, outer, use_float=True, buf_size=_CHUNK * 16)):
                        yield from _descend(item, _path(outer, n), inner, self.layout.format == "geojson")
                except (ijson.JSONError, UnicodeDecodeError, RecursionError, ValueError) as error:
                    raise Unreadable(f"{self.member.name}: broken off: {_said(error)}.") from error

    def _lines(self) -> Iterator[tuple[str, dict[str, Any] | str]]:
        with self.member.open_bytes() as file:
            number = 0
            while line := file.readline(MAX_FIELD * 8):
                number += 1
                if len(line) >= MAX_FIELD * 8 and not line.endswith(b"\n"):
                    while (rest := file.readline(MAX_FIELD)) and not rest.endswith(b"\n"):
                        pass
                    yield str(number), "a line that is far too long"
                elif line.strip():
                    try:
                        found = json.loads(line)
                    except (ValueError, RecursionError) as error:
                        yield str(number), f"not JSON ({_said(error)})"
                    else:
                        yield str(number), found if isinstance(found, dict) else "not an object"

    def _whole(self) -> Iterator[tuple[str, dict[str, Any] | str]]:
        """One object that is one service, or an object whose values are the services."""
        with self.member.open_bytes() as file:
            data = file.read(MAX_WHOLE + 1)
        if len(data) > MAX_WHOLE:
            raise Unreadable(f"{self.member.name}: too large to read without a list of services in it.")
        try:
            whole = json.loads(data.decode(encoding_of(data[:65536], False).name))
        except (ValueError, RecursionError) as error:
            raise Unreadable(
                f"{self.member.name}: this is not JSON as it should be ({_said(error)})."
            ) from error
        if not isinstance(whole, dict):
            raise Unreadable(f"{self.member.name}: no list of services was found in this file.")
        holder, path = whole, "$"
        while len(holder) == 1 and isinstance(only := next(iter(holder.values())), dict):
            path, holder = f"{path}.{next(iter(holder))}", only
        inside = {key: value for key, value in holder.items() if isinstance(value, dict)}
        if len(inside) > 1 and len(inside) == len(holder):
            for key, value in inside.items():
                yield f"{path}.{key}", {"id": key, **value}
        else:
            yield path, holder


def _split(items: str) -> tuple[str, list[str]]:
    """("organisations.item", ["services"]) from "organisations.item.services.item"."""
    parts = items.split(".")
    first = parts.index("item") + 1 if "item" in parts else len(parts)
    rest = ".".join(parts[first:])
    inner = rest.removesuffix(".item").split(".item.")
    return ".".join(parts[:first]), [part for part in inner if part]


def _path(outer: str, n: int) -> str:
    return "$" + "".join(f".{part}" for part in outer.split(".")[:-1]) + f"[{n}]"


def _descend(
    item: Any, where: str, inner: list[str], geo: bool
) -> Iterator[tuple[str, dict[str, Any] | str]]:
    if not isinstance(item, dict):
        yield where, f"not an object but {_kind(item)}"
    elif geo:
        yield where, _feature(item)
    elif not inner:
        yield where, item
    else:
        *above, last = inner[0].split(".")
        holder: Any = item
        for part in above:
            holder = holder.get(part, {}) if isinstance(holder, dict) else {}
        children = holder.get(last) if isinstance(holder, dict) else None
        outside = {key: value for key, value in item.items() if key != inner[0].split(".")[0]}
        label = _singular(where.rsplit(".", 1)[-1].split("[")[0].replace("$", "")) or "organisation"
        if not isinstance(children, list) or not children:
            yield where, f"there is nothing under {inner[0]!r} in this record"
            return
        for n, child in enumerate(children):
            if isinstance(child, dict) and len(inner) == 1:
                child = {**child, **{f"{label}.{key}": value for key, value in outside.items()}}
            yield from _descend(child, f"{where}.{inner[0]}[{n}]", inner[1:], False)


def _singular(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}.get(
        type(value), "a number"
    )


def _feature(item: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature as one object: its properties, its id and the point it stands at."""
    properties = item.get("properties")
    made: dict[str, Any] = dict(properties) if isinstance(properties, dict) else {}
    if "id" in item:
        made.setdefault("id", item["id"])
    geometry = item.get("geometry")
    if isinstance(geometry, dict):
        point = geometry.get("coordinates")
        if geometry.get("type") == "Point" and isinstance(point, list) and len(point) >= 2:
            made["geometry.lon"], made["geometry.lat"] = point[0], point[1]
        else:
            made["geometry.type"] = geometry.get("type")
    return made


def _flattened(item: dict[str, Any]) -> list[dict[str, str]]:
    """One row of cells, and one more for each further object of a list of objects."""
    first: dict[str, str] = {}
    more: list[dict[str, str]] = []
    _flatten(item, "", first, more, 0)
    return [first, *more]


def _flatten(
    item: dict[str, Any], prefix: str, into: dict[str, str], more: list[dict[str, str]], deep: int
) -> None:
    for key, value in item.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            if deep < _DEEP:
                _flatten(value, f"{name}.", into, more, deep + 1)
            else:
                into[name] = json.dumps(value, ensure_ascii=False, default=str)[:MAX_FIELD]
        elif isinstance(value, list):
            objects = [one for one in value if isinstance(one, dict)]
            plain = [_text(one) for one in value if not isinstance(one, (dict, list)) and one is not None]
            nested = [one for one in value if isinstance(one, list)]
            if plain:
                into[name] = "; ".join(plain)
            elif nested:
                into[name] = json.dumps(nested, ensure_ascii=False, default=str)
            for n, one in enumerate(objects[:1000]):
                if n == 0:
                    _flatten(one, f"{name}.", into, more, deep + 1)
                elif deep < _DEEP:
                    row: dict[str, str] = {}
                    _flatten(one, f"{name}.", row, more, deep + 1)
                    more.append(row)
        elif value is not None:
            into[name] = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value if isinstance(value, str) else str(value)
