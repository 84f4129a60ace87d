"""Names and shapes of areas, and which lies in which."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from stile.places.actions.loading import Loaded, Progress, Target, loaded_already, replace, silent
from stile.places.layouts import areas
from stile.places.layouts.opening import BadFile, fingerprint
from stile.places.layouts.reading import AreaRow


def import_areas(
    *, by: str, at: datetime, path: Path, code_field: str = "", name_field: str = "", parent_field: str = "",
    kind: str = "", vintage: str = "", progress: Progress = silent,
) -> Loaded:  # fmt: skip
    """Load areas from a GeoJSON or CSV; with `parent_field`, only which area lies in which.

    Raises BadFile; then nothing has changed.
    """
    reading, files, said = areas.read(
        path, code_field=code_field, name_field=name_field, parent_field=parent_field, kind=kind,
        vintage=vintage,
    )  # fmt: skip
    mark = fingerprint(files)
    if parent_field:
        parent_kind = parent_field.lower().removesuffix("_code").removesuffix("code").removesuffix("cd")
        link = f"{said}-{parent_kind}"
        slot, rows, target = (
            f"links:{link}",
            _links(reading.rows, link, path.name),
            Target("places_arealink", ("kind", "child", "parent", "share")),
        )
    else:
        slot, rows, target = (
            reading.slot,
            _areas(reading.rows, said, path.name),
            Target("places_area", ("code", "kind", "name", "lat", "lon", "geometry")),
        )
    options = "|".join((code_field, name_field, parent_field, kind, vintage)).strip("|")
    if done := loaded_already(slot, mark, options):
        return done
    return replace(
        by=by, at=at, slot=slot, source=path.name, vintage=reading.vintage, mark=mark, target=target,
        rows=rows, options=options, progress=progress,
    )  # fmt: skip


def _areas(rows: Iterator[AreaRow], kind: str, file: str) -> Iterator[tuple[Any, ...]]:
    """Look-up files name an area on many rows: the same words again are one area, other words a fault."""
    named: dict[str, str] = {}
    for row in rows:
        if row.code not in named:
            named[row.code] = row.name
            yield (row.code, kind, row.name, row.lat, row.lon, row.geometry)
        elif named[row.code] != row.name:
            raise BadFile(f"{row.code} is called both {named[row.code]!r} and {row.name!r}", file)


def _links(rows: Iterator[AreaRow], kind: str, file: str) -> Iterator[tuple[Any, ...]]:
    parents: dict[str, str] = {}
    for row in rows:
        if not row.parent:
            continue
        if row.code not in parents:
            parents[row.code] = row.parent
            yield (kind, row.code, row.parent, 1.0)
        elif parents[row.code] != row.parent:
            raise BadFile(
                f"{row.code} is put in both {parents[row.code]} and {row.parent}, without a share for each",
                file,
            )
