"""How every official file gets in: streamed, in one transaction, whole or not at all.

A file whose contents are already loaded changes nothing. Anything wrong with a file leaves the tables
as they were: readers see the rows of before until the new ones are all there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from django.db import DataError, IntegrityError, connection, transaction

from stile.audit import actions as audit
from stile.places.layouts.opening import BadFile

Progress = Callable[[int], None]
_EVERY = 5_000  # rows between two words about progress
_LOCK = 7083546  # two loads at once would wait for each other row by row; so the second waits here


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file. `left_out`: why rows were passed over, and how many."""

    slot: str
    vintage: str
    rows: int
    unchanged: bool = False
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A table and the columns a reader fills, in order; the release is added after them."""

    table: str
    columns: Sequence[str]


def silent(rows: int) -> None:
    """Says nothing about progress."""


def loaded_already(slot: str, mark: str, options: str = "") -> Loaded | None:
    """The load of these very contents, read in the same way, if it is the current one of its slot."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vintage, rows FROM places_georelease WHERE slot = %s AND current AND sha256 = %s",
            [slot, mark],
        )
        row = cursor.fetchone()
    return Loaded(slot, row[0], row[1], unchanged=True) if row else None


def replace(
    *,
    by: str,
    at: datetime,
    slot: str,
    source: str,
    vintage: str,
    mark: str,
    target: Target,
    rows: Iterable[Sequence[Any]],
    options: str = "",
    progress: Progress = silent,
    left_out: Callable[[], dict[str, int]] = dict,
    after: Callable[[int], None] | None = None,
) -> Loaded:
    """Put `rows` in the place of whatever filled `slot`; `after(release_id)` runs in the same transaction.

    Raises BadFile, from the rows themselves or where a figure is there twice.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            if done := loaded_already(slot, mark, options):
                return done
            _clear_slot(cursor, slot, target.table)
            cursor.execute(
                "INSERT INTO places_georelease"
                " (slot, source, vintage, sha256, options, rows, current, loaded_at)"
                " VALUES (%s, %s, %s, %s, %s, 0, true, %s) RETURNING id",
                [slot, source, vintage, mark, options, at],
            )
            release = int(cursor.fetchone()[0])
            count = _copy(cursor, target, rows, release, progress)
            if not count:
                raise BadFile("holds nothing that could be taken", source)
            cursor.execute("UPDATE places_georelease SET rows = %s WHERE id = %s", [count, release])
            if after:
                after(release)
            audit.record(
                by=by, verb="places.load", what=f"places_georelease {release}",
                detail={"slot": slot, "vintage": vintage, "rows": count, "sha256": mark}, at=at,
            )  # fmt: skip
    except (IntegrityError, psycopg.IntegrityError) as error:
        raise BadFile(_twice(error), source) from error
    except (DataError, psycopg.DataError) as error:  # such as a zero byte inside a name
        raise BadFile(f"holds something that cannot be kept ({error})", source) from error
    return Loaded(slot, vintage, count, left_out=left_out())


def _clear_slot(cursor: Any, slot: str, table: str) -> None:
    """Retire the slot's release and take away the rows that came with it."""
    cursor.execute("SELECT id FROM places_georelease WHERE slot = %s AND current", [slot])
    before = [row[0] for row in cursor.fetchall()]
    cursor.execute("UPDATE places_georelease SET current = false WHERE id = ANY(%s)", [before])
    for owned in {table, "places_arealink"}:
        cursor.execute(f"DELETE FROM {owned} WHERE release_id = ANY(%s)", [before])


def _copy(
    cursor: Any, target: Target, rows: Iterable[Sequence[Any]], release: int, progress: Progress
) -> int:
    count = 0
    names = ", ".join((*target.columns, "release_id"))
    with cursor.copy(f"COPY {target.table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, release))
            count += 1
            if count % _EVERY == 0:
                progress(count)
    progress(count)
    return count


def _twice(error: Exception) -> str:
    """A unique constraint's complaint in words a person can act on."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    detail = getattr(getattr(cause, "diag", None), "message_detail", None) or ""
    if "places_stat_once" in str(error):
        return f"gives a figure that is there already, in this file or from another one. {detail}"
    return f"has the same thing twice. {detail}"
