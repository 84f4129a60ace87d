"""Figures about areas: deprivation, population, and any indicator in the plain layout."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from stile.places.actions.loading import Loaded, Progress, Target, loaded_already, replace, silent
from stile.places.layouts import imd, indicators, population
from stile.places.layouts.opening import Member, fingerprint
from stile.places.layouts.reading import Reading, StatRow

_TARGET = Target("places_areastat", ("area", "kind", "indicator", "period", "value", "low", "high"))


def import_imd(*, by: str, at: datetime, path: Path, progress: Progress = silent) -> Loaded:
    """Load the English Indices of Deprivation of 2019 or 2025. Raises BadFile."""
    reading, files = imd.read(path)
    return _take(by, at, path, reading, files, "", progress)


def import_population(
    *, by: str, at: datetime, path: Path, vintage: str = "", kind: str = "", year: int | None = None,
    progress: Progress = silent,
) -> Loaded:  # fmt: skip
    """Load population estimates by age. Raises BadFile."""
    reading, files = population.read(path, vintage=vintage, kind=kind, year=year)
    return _take(by, at, path, reading, files, "|".join((vintage, kind)).strip("|"), progress)


def import_indicators(
    *, by: str, at: datetime, path: Path, vintage: str = "", progress: Progress = silent
) -> Loaded:
    """Load any figures about areas in the plain layout. Raises BadFile."""
    reading, files = indicators.read(path, vintage)
    return _take(by, at, path, reading, files, vintage, progress)


def _take(
    by: str,
    at: datetime,
    path: Path,
    reading: Reading[StatRow],
    files: list[Member],
    options: str,
    progress: Progress,
) -> Loaded:
    mark = fingerprint(files)
    if done := loaded_already(reading.slot, mark, options):
        return done
    return replace(
        by=by, at=at, slot=reading.slot, source=path.name, vintage=reading.vintage, mark=mark,
        options=options, target=_TARGET, rows=_rows(reading), progress=progress,
        left_out=lambda: dict(reading.left_out),
    )  # fmt: skip


def _rows(reading: Reading[StatRow]) -> Iterator[tuple[Any, ...]]:
    for row in reading.rows:
        yield (row.area, row.kind, row.indicator, row.period, row.value, row.low, row.high)
