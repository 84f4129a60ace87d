"""What a reader of an official file hands on: which slot it fills, its vintage, and rows that stream."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

RowType = TypeVar("RowType")


@dataclass(slots=True)
class Reading(Generic[RowType]):
    """`left_out` is filled while `rows` is read: why rows were passed over, and how many."""

    slot: str
    vintage: str
    rows: Iterator[RowType]
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class AreaRow:
    code: str
    name: str
    lat: float | None
    lon: float | None
    geometry: str | None  # GeoJSON geometry as text
    parent: str = ""


@dataclass(frozen=True, slots=True)
class StatRow:
    area: str
    kind: str
    indicator: str
    period: str
    value: float
    low: float | None = None
    high: float | None = None
