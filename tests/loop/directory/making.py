"""Records to take in, with as much said as a test needs."""

from datetime import UTC, datetime
from typing import Any

from stile.loop.directory import actions
from stile.loop.directory.rules.records import (
    AtPlaceRecord,
    Item,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
)
from stile.loop.directory.rules.report import Report

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def place(key: str = "p1", **said: Any) -> PlaceRecord:
    return PlaceRecord(key=key, **{"name": "Waterside Hall", "town": "Sale", "postcode": "M33 7ZF"} | said)


def organisation(key: str = "o1", **said: Any) -> OrganisationRecord:
    return OrganisationRecord(key=key, **{"name": "Dab Hands CIO"} | said)


def service(key: str = "s1", *, at: PlaceRecord | None = None, **said: Any) -> ServiceRecord:
    if at is not None:
        said["at_places"] = (AtPlaceRecord(key=f"{key}-at", place=at),)
    return ServiceRecord(key=key, where=f"row {key}", **{"name": f"Club {key}"} | said)


def take(*items: Item, source: str = "town", **how: Any) -> Report:
    report = actions.take_in(iter(items), **{"source": source, "by": "test", "now": NOW} | how)
    assert report.adds_up(), report
    return report
