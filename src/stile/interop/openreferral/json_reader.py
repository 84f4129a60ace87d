"""Open Referral in a JSON file: one object, a page, a list, lines of objects or several tables."""

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stile.interop.source import Source
from stile.loop.directory.rules.records import Item, Rejected, Unreadable

from . import mapping
from .kinds import kind_of, named
from .shapes import Json
from .store import Store
from .stream import Broken, Element, Text, elements, value

PAGES = ("contents", "content")  # the list of a page: version 3 and version 1
WRAPPERS = ("data", "results", "items", "result", "records")
FORMAT = "Open Referral JSON"
_HELD_AS = {
    "service": "service",
    "organization": "organisation",
    "location": "location",
    "taxonomy_term": "term",
}


def recognises(source: Source) -> str | None:
    """FORMAT if this is one local JSON file whose first object is Open Referral's."""
    if source.url is not None or source.is_folder or source.is_zip:
        return None
    start = source.beginning()
    return FORMAT if looks_like(start, source.name) else None


def looks_like(start: bytes, name: str) -> bool:
    """Whether the first bytes of something are Open Referral in JSON."""
    text = Text(io.BytesIO(start), name)
    if text.peek() not in ("{", "["):
        return False
    try:
        for element in _pieces(text):
            if not isinstance(element.value, _Table):
                return kind_of(element.value) is not None
            if element.value.endswith(".csv"):
                return True
    except Unreadable:
        return kind_of(_first_names(start)) is not None
    return False


def _first_names(start: bytes) -> Json:
    """The names of the first object's own properties, when it is longer than what we looked at."""
    text = Text(io.BytesIO(start), "")
    names: Json = {}
    try:
        while text.peek() in ("[", "{", '"'):
            if text.take() != "{":
                continue
            while text.peek() == '"':
                name = value(text)
                if text.take() != ":" or not isinstance(name, str):
                    return names
                listed = name in (*PAGES, *WRAPPERS) or named(name) in mapping.KINDS
                if listed and text.peek() == "[":
                    names.clear()
                    break
                names[name] = True
                names[name] = value(text)
                if text.peek() == ",":
                    text.take()
    except Unreadable:
        pass
    return names


def read(
    source: Source,
    *,
    mapping: Mapping[str, Any] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Item]:
    """Everything in the file. `on_progress` gets the bytes read since it was last called."""
    with source.open_bytes() as file:
        yield from read_text(Text(file, source.name, on_progress), f"{source.name}: ")


def read_text(text: Text, prefix: str, kind: str | None = None) -> Iterator[Item]:
    """Everything in an open text; `kind` where the asker knows what its objects are."""
    if text.peek() not in ("{", "["):
        raise Unreadable(f"{text.name}: this is not JSON.")
    with Store() as store:
        reader = _Reader(store, prefix, kind)
        for element in _pieces(text):
            yield from reader.one(element)
        yield from reader.rest()
    if not reader.seen:
        raise Unreadable(f"{text.name}: holds nothing of Open Referral.")


class _Table(str):
    """The name of a table whose rows follow; empty where a page's list follows instead."""


class _Reader:
    def __init__(self, store: Store, prefix: str, kind: str | None) -> None:
        self.store, self.prefix, self.kind = store, prefix, kind
        self.last: str | None = kind
        self.table: str | None = None
        self.stored = self.seen = False

    def one(self, element: Element) -> Iterator[Item]:
        if isinstance(element.value, _Table):
            self.table = named(element.value)
            return
        where = f"{self.prefix}{element.path}"
        found = element.value
        if isinstance(found, Broken):
            self.seen = True
            yield self._broken(found, where)
            return
        if self.table is not None:
            self.seen = self.stored = True
            if not isinstance(found, dict):
                yield Rejected(where, "expected an object here", lost=self.table in mapping.KINDS)
            elif folded := self.store.add(self.table, found, where):
                yield folded
            return
        kind = self.kind or kind_of(found) or (self.last if isinstance(found, dict) else None)
        if kind is None:
            yield Rejected(where, "is no object of Open Referral that we know", lost=True)
            return
        self.last, self.seen = kind, True
        if kind == "service_at_location" and _belongs(found):
            yield from self._at_location(found, where)
        else:
            yield from mapping.read(kind, found, where)

    def _broken(self, found: Broken, where: str) -> Rejected:
        """A broken schedule costs no service; of a broken service only its first id may still be read."""
        kind = self.table or self.kind or self.last or "service"
        held = _HELD_AS.get(kind)
        return Rejected(
            where, found.reason, found.key if held else "", held or "service", lost=kind in mapping.KINDS
        )

    def _at_location(self, found: Json, where: str) -> Iterator[Item]:
        """Several of these may be one activity at several places: gathered, then read as one.

        The first counts as the activity, the others as folded into it; the places go with them.
        """
        here = {name: one for name, one in found.items() if name != "service"}
        self.stored = True
        if folded := self.store.add("service", found["service"], where):
            yield folded
        self.store.add("service_at_location", {**here, "service_id": found["service"]["id"]}, "")

    def rest(self) -> Iterator[Item]:
        if self.stored:
            yield from self.store.items()


def _belongs(found: Any) -> bool:
    service = found.get("service") if isinstance(found, dict) else None
    return isinstance(service, dict) and bool(service.get("id")) and bool(found.get("id"))


def _pieces(text: Text) -> Iterator[Element]:
    """The objects of a document, whatever stands around them; a `_Table` before the rows of each list."""
    if text.peek() == "[":
        yield from elements(text, "$")
    else:
        yield from _document(text)
    line = 1
    while text.peek():  # lines of objects, with or without commas between
        if text.peek() == ",":
            text.take()
            continue
        if text.peek() not in ("{", "["):
            raise Unreadable(f"{text.name}: something that is not JSON follows after the data.")
        yield Element(f"$[{line}]", value(text))
        line += 1


def _document(text: Text) -> Iterator[Element]:
    """One object: a page or tables around lists of objects, else an object of Open Referral itself."""
    text.take()
    around: Json = {}
    broken: Broken | None = None
    listed = tables = False
    while (char := text.peek()) != "}":
        if char == "":
            raise Unreadable(f"{text.name}: ends in the middle; it was cut short on its way.")
        if char == ",":
            text.take()
            continue
        name = value(text) if char == '"' else None
        if not isinstance(name, str) or text.take() != ":":
            raise Unreadable(f"{text.name}: is not valid JSON near its beginning.")
        starts = text.peek()
        alone = "id" not in around and "name" not in around
        page = alone and name in (*PAGES, *WRAPPERS)
        kind = named(name)
        table = alone and kind is not None and (tables or kind in mapping.KINDS or name.endswith(".csv"))
        if starts == "[" and (page or table):
            listed, tables = True, tables or not page
            path = f"$.{name}" if name.isidentifier() else f"$[{name!r}]"
            yield Element(path, _Table("" if page else name))
            yield from elements(text, path)
            continue
        around[name] = value(text)
        if isinstance(around[name], Broken):
            broken = Broken(f"{name} {around[name].reason}")
    text.take()
    if not listed and around:
        yield Element("$", broken or around)
