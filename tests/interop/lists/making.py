"""Lists as people send them, made for a test; and what a reader must always do with them."""

from collections import Counter
from pathlib import Path

from stile.interop.lists import reader
from stile.interop.lists.mapping import Mapping
from stile.interop.source import Source
from stile.loop.directory.rules.records import (
    Folded,
    Item,
    OrganisationRecord,
    PlaceRecord,
    Rejected,
    ServiceRecord,
    TermRecord,
    Warned,
)


def put(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Source:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return Source.of(path)


def taken(source: Source, mapping: Mapping | None = None) -> list[Item]:
    return list(reader.read(source, mapping=mapping))


def services(items: list[Item]) -> list[ServiceRecord]:
    return [item for item in items if isinstance(item, ServiceRecord)]


def rejected(items: list[Item]) -> list[Rejected]:
    return [item for item in items if isinstance(item, Rejected)]


def warnings(items: list[Item]) -> list[str]:
    return [f"{item.where} {item.reason}" for item in items if isinstance(item, Warned)]


def accounted(items: list[Item]) -> int:
    """How many rows the items account for; each row must be there once, under its own place."""
    counted = [item for item in items if not isinstance(item, Warned)]
    places = Counter(item.where for item in counted)
    assert all(places), "a row without a place"
    assert not [where for where, times in places.items() if times > 1]
    kinds = (ServiceRecord, OrganisationRecord, PlaceRecord, TermRecord, Folded, Rejected)
    assert all(isinstance(item, kinds) for item in counted)
    records = [item for item in counted if not isinstance(item, Folded | Rejected)]
    keys = Counter((type(item).__name__, item.key) for item in records)
    assert not [key for key, times in keys.items() if times > 1]
    return len(counted)
