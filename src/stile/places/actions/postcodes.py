"""Filling the table of postcodes: from a deployer's own copy of the directory, or the packaged one."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from stile.places import packaged
from stile.places.actions.loading import Loaded, Progress, Target, loaded_already, replace, silent
from stile.places.layouts import onspd
from stile.places.layouts.opening import BadFile, fingerprint

SLOT = "postcodes"
_NESTING = (("lsoa21", "lad"), ("lsoa21", "msoa21"), ("lsoa21", "icb"), ("lsoa11", "lsoa21"), ("ward", "lad"))


def import_onspd(
    *, by: str, at: datetime, path: Path, vintage: str = "", progress: Progress = silent
) -> Loaded:
    """Load an ONS Postcode Directory (file, zip or folder). Raises BadFile; then nothing has changed."""
    reading, files = onspd.read(path, vintage)
    mark = fingerprint(files)
    if done := loaded_already(SLOT, mark, vintage):
        return done
    return replace(
        by=by, at=at, slot=SLOT, source=path.name, vintage=reading.vintage, mark=mark, options=vintage,
        target=Target("places_postcode", onspd.POSTCODE_COLUMNS), rows=reading.rows, progress=progress,
        left_out=lambda: dict(reading.left_out), after=_nest,
    )  # fmt: skip


def load_packaged(*, by: str, at: datetime, instead: bool = False, progress: Progress = silent) -> Loaded:
    """Load the packaged directory, so that look-ups need no file and cost one small query.

    It knows less than the ONS's own file (no LSOA, nothing of Northern Ireland's units), so it does not
    take that one's place unless `instead` is said. Raises BadFile, packaged.DirectoryMissing.
    """
    files = [packaged.folder() / f"postcodes_{first}.msgpack.br" for first in packaged.letters()]
    mark = hashlib.sha256(b"".join(hashlib.sha256(f.read_bytes()).digest() for f in files)).hexdigest()
    if done := loaded_already(SLOT, mark):
        return done
    fuller = _fuller_directory()
    if fuller and not instead:
        raise BadFile(
            f"the ONS's own directory of {fuller} is loaded, which holds more; say --instead to replace it"
        )
    return replace(
        by=by, at=at, slot=SLOT, source=f"{packaged.DISTRIBUTION} {packaged.package_version()}",
        vintage=packaged.VINTAGE, mark=mark,
        target=Target("places_postcode", onspd.POSTCODE_COLUMNS), rows=_packaged_rows(), progress=progress,
    )  # fmt: skip


def _fuller_directory() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vintage FROM places_georelease WHERE slot = %s AND current AND source NOT LIKE %s",
            [SLOT, f"{packaged.DISTRIBUTION}%"],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _packaged_rows() -> Iterator[tuple[Any, ...]]:
    countries = {"E": "E92000001", "W": "W92000004", "S": "S92000003", "N": "N92000002"}
    for path in (packaged.folder() / f"postcodes_{first}.msgpack.br" for first in packaged.letters()):
        columns = packaged.read_letter(path, leave_out=packaged.LEFT_OUT)
        lat, lon = columns.positions()
        for key, y, x, number in zip(
            columns.keys.tolist(), lat.tolist(), lon.tolist(), columns.authority.tolist(), strict=True
        ):
            lad = columns.authorities[number]
            pc = key.decode("ascii").replace(" ", "")
            country = countries.get(lad[:1], "")
            yield (pc, round(y, 6), round(x, 6), 0, None, country, "", lad, "", "", "", "", "", "", "")


def _nest(release: int) -> None:
    """Which area lies in which, by where its live postcodes are."""
    with connection.cursor() as cursor:
        for child, parent in _NESTING:
            cursor.execute(
                f"""
                INSERT INTO places_arealink (kind, child, parent, share, release_id)
                SELECT '{child}-{parent}', {child}, {parent},
                       count(*) / sum(count(*)) OVER (PARTITION BY {child}), %s
                FROM places_postcode WHERE retired IS NOT TRUE AND {child} <> '' AND {parent} <> ''
                GROUP BY {child}, {parent}
                """,
                [release],
            )
