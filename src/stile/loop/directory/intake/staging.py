"""The first half of taking a source in: records, in batches, into temporary tables.

Nothing the directory shows is touched here. A record that says what it said last time is only noted
as seen; what is new or changed is written whole, with what Stile works out about it (kinds read in
its words, position, keys to recognise it by). Memory stays that of one batch.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.apps import apps
from django.db import DataError, IntegrityError, connection, transaction

from stile.loop.directory.rules import entry as entries
from stile.loop.directory.rules.entry import Entry, Fault, Part
from stile.loop.directory.rules.identity import uid_of
from stile.loop.directory.rules.likeness import identifier_key, mail_key, name_key, phone_key, web_key
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
from stile.loop.directory.rules.report import Report
from stile.places.queries import locate
from stile.places.rules import Place, Precision, read_postcode

from .words import read_words

BATCH = 2000
KINDS = ("organisation", "location", "term", "service")
"""The tables in the order they are merged: what a service points at comes first."""

WORKED_OUT = {
    "organisation": ("name_key", "phone_key", "web_key", "mail_key", "identifier_keys"),
    "location": ("lat", "lon", "position_km", "postcode_key"),
    "term": (),
    "service": (
        "kinds_read", "facts_read", "language_codes", "price_pence", "name_key", "phone_key", "web_key", "mail_key",
    ),
}  # fmt: skip
GIVEN = {
    "organisation": entries.ORGANISATION,
    "location": entries.LOCATION,
    "term": entries.TERM,
    "service": entries.SERVICE,
}
HANGS_ON = {
    "serviceatlocation": entries.SERVICE_AT_LOCATION,
    "schedule": entries.SCHEDULE,
    "costoption": entries.COST_OPTION,
    "assurance": entries.ASSURANCE,
}
Met = tuple[str, Entry | Part, int, str]  # kind, record, running number, where it stands
MOST_TOLD = 50_000
COLUMNS = {kind: (*GIVEN[kind], *WORKED_OUT[kind], "uid", "fingerprint") for kind in KINDS}


def _named(*columns: str) -> str:
    return ", ".join(f'"{column}"' for column in columns)


_COPIED: dict[str, str] = {
    "met": _named("kind", "ord", "rank", "key", "fingerprint", "name", "place"),
    **{kind: _named(*COLUMNS[kind], "ord") for kind in KINDS[:-1]},
    "service": _named(*COLUMNS["service"], "ord", "organisation_key"),
    **{table: _named(*columns, "ord") for table, columns in HANGS_ON.items()},
    "serviceterm": _named("ord", "order", "term_key"),
}
_MAKERS: dict[type, tuple[str, Callable[[Any], Entry | Part]]] = {
    OrganisationRecord: ("organisation", entries.organisation_entry),
    PlaceRecord: ("location", entries.place_entry),
    TermRecord: ("term", entries.term_entry),
    ServiceRecord: ("service", entries.service_entry),
}


def make_tables() -> None:
    """Empty temporary tables that check what the real ones check; gone at the end of the transaction."""
    made = []
    for kind in KINDS:
        made += _like(kind, COLUMNS[kind], ("ord bigint",))
    for table, columns in HANGS_ON.items():
        kept = [name for name in columns if name not in ("at", "location_key")]
        extra = [f"{name} {_TYPES[name]}" for name in columns if name in _TYPES]
        made += _like(table, kept, ("ord bigint", *extra))
    made.append("ALTER TABLE in_service ADD COLUMN organisation_key text")
    made.append(
        'CREATE TEMP TABLE in_serviceterm (ord bigint, "order" smallint, term_key text) ON COMMIT DROP'
    )
    # Every record met: its own (rank 0), told inside another (1), or only named there (2).
    made.append(
        "CREATE TEMP TABLE in_met (kind text, ord bigint, rank smallint, key text, fingerprint uuid, name text,"
        " place text) ON COMMIT DROP"
    )
    # What was rejected, by the id it has or ("lost") may have: not met, and yet not gone.
    made.append("CREATE TEMP TABLE in_kept (kind text, key text, lost boolean) ON COMMIT DROP")
    with connection.cursor() as cursor:
        for statement in made:
            cursor.execute(statement)


def drop_tables() -> None:
    """For whoever takes in two sources within one transaction of their own."""
    tables = ["met", "kept", "serviceterm", *KINDS, *HANGS_ON]
    names = [f"in_{table}" for table in tables] + [f"won_{kind}" for kind in KINDS] + ["done", "fresh"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in names)}")


_TYPES = {"at": "smallint", "location_key": "text"}


def _like(table: str, columns: Sequence[str], extra: Sequence[str]) -> list[str]:
    """The columns of a real table with their checks, and no other column of it."""
    real = apps.get_model("directory", table)._meta.local_fields
    drops = [f'DROP COLUMN "{field.column}" CASCADE' for field in real if field.column not in columns]
    adds = [f"ADD COLUMN {one}" for one in extra]
    return [
        f"CREATE TEMP TABLE in_{table} (LIKE directory_{table} INCLUDING CONSTRAINTS) ON COMMIT DROP",
        f"ALTER TABLE in_{table} {', '.join(drops + adds)}",
    ]


class Staging:
    """Takes items in; `report` counts what is settled here and now (folded, rejected, warned)."""

    def __init__(self, source_id: int, slug: str, report: Report) -> None:
        self.source_id, self.slug, self.report = source_id, slug, report
        self.ord = 0
        self.reading = read_words
        self.told: set[tuple[str, str, str]] = set()  # parts written lately, so as not to write them again
        self.kept: list[tuple[str, str, bool]] = []  # rows of in_kept, not written yet

    def take(self, items: Iterable[Item], on_progress: Callable[[int], None]) -> None:
        batch: list[Met] = []
        for item in items:
            if (made := self._entry(item)) is not None:
                batch.append(made)
                if len(batch) >= BATCH:
                    self._write(batch)
                    batch = []
                    on_progress(self.report.read)
        self._write(batch)
        self._write_kept()
        on_progress(self.report.read)

    def _entry(self, item: Item) -> Met | None:
        if isinstance(item, Warned):
            self.report.warn(item.where, item.reason)
            return None
        self.report.read += 1
        if isinstance(item, Folded):
            self.report.merged += 1
            return None
        if isinstance(item, Rejected):
            self.report.reject(item.where, item.reason)
            self._keep(item.kind, item.key, lost=item.lost)
            return None
        kind, make = _MAKERS[type(item)]
        try:
            made = make(item)
        except (TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            reason = str(error) if isinstance(error, Fault) else f"it could not be understood ({error})"
            self._refuse(kind, item.key, item.where, reason)
            return None
        self.ord += 1
        for reason in made.warnings:
            self.report.warn(item.where, reason)
        return kind, made, self.ord, item.where

    def _refuse(self, kind: str, key: object, where: str, reason: str) -> None:
        """Reject a record; what is held of it already stays as it was, for it has not gone."""
        self.report.reject(where, reason)
        self._keep(kind, key, lost=not key)

    def _keep(self, kind: str, key: object, *, lost: bool) -> None:
        usable = isinstance(key, str) and 0 < len(key) <= entries.LONGEST_KEY and entries.storable(key)
        if usable or lost:
            self.kept.append((kind, str(key) if usable else "", lost))
            if len(self.kept) >= BATCH:
                self._write_kept()

    def _write_kept(self) -> None:
        if not self.kept:
            return
        with connection.cursor() as cursor, cursor.copy("COPY in_kept FROM STDIN") as copy:
            for row in self.kept:
                copy.write_row(row)
        self.kept.clear()

    # -- a batch

    def _write(self, batch: list[Met]) -> None:
        if not batch:
            return
        same = self._said_before(batch)
        try:
            with transaction.atomic():
                self._copy(batch, same)
        except (psycopg.DataError, psycopg.IntegrityError, DataError, IntegrityError) as error:
            # Some record passed our own checks and not the database's: halve the batch until it is found.
            self.told.clear()
            if len(batch) == 1:
                kind, made, _, where = batch[0]
                self._refuse(kind, made.key, where, f"it cannot be stored ({str(error).splitlines()[0]})")
                return
            middle = len(batch) // 2
            self._write(batch[:middle])
            self._write(batch[middle:])

    def _said_before(self, batch: list[Met]) -> set[int]:
        """The numbers of the records that are held already and say the same."""
        same: set[int] = set()
        with connection.cursor() as cursor:
            for wanted in KINDS:
                of_kind = [(made.key, made.fingerprint, n) for kind, made, n, _ in batch if kind == wanted]
                if of_kind:
                    cursor.execute(
                        "SELECT m.n FROM unnest(%s::text[], %s::uuid[], %s::bigint[]) m(key, fingerprint, n)"
                        f" JOIN directory_{wanted} d ON d.source_id = %s AND d.key = m.key"
                        " AND d.fingerprint = m.fingerprint AND NOT d.nested",
                        [*map(list, zip(*of_kind, strict=True)), self.source_id],
                    )
                    same.update(number for (number,) in cursor.fetchall())
        return same

    def _copy(self, batch: list[Met], same: set[int]) -> None:
        if len(self.told) > MOST_TOLD:
            self.told.clear()
        rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for kind, made, n, where in batch:
            rows["met"].append((kind, n, 0, made.key, made.fingerprint, made.name, where))
            if n in same:
                continue
            if isinstance(made, Entry):
                self._service(rows, made, n)
            else:
                rows[kind].append((*self._whole(kind, made.row, made.fingerprint, where), n))
        with connection.cursor() as cursor:
            for table, columns in _COPIED.items():
                if table in rows:
                    with cursor.copy(f"COPY in_{table} ({columns}) FROM STDIN") as copy:
                        for row in rows[table]:
                            copy.write_row(row)

    def _service(self, rows: dict[str, list[tuple[Any, ...]]], made: Entry, n: int) -> None:
        organisation = made.organisation
        if organisation is not None:
            self._part(rows, "organisation", organisation, n)
        for place in made.places:
            self._part(rows, "location", place, n)
        for order, term in enumerate(made.terms):
            self._part(rows, "term", term, n)
            rows["serviceterm"].append((n, order, term.key))
        values = self._whole("service", made.row, made.fingerprint, "", made)
        rows["service"].append((*values, n, organisation.key if organisation else None))
        for table, hanging in (
            ("serviceatlocation", made.at),
            ("schedule", made.times),
            ("costoption", made.costs),
            ("assurance", made.assurances),
        ):
            rows[table].extend((*row, n) for row in hanging)

    def _part(self, rows: dict[str, list[tuple[Any, ...]]], kind: str, part: Part, n: int) -> None:
        if (told := (kind, part.key, part.fingerprint)) in self.told:
            return
        self.told.add(told)
        rank = 1 if any(value not in (None, "", "{}", "[]", "physical") for value in part.row[1:]) else 2
        rows["met"].append((kind, n, rank, part.key, part.fingerprint, part.name, ""))
        rows[kind].append((*self._whole(kind, part.row, part.fingerprint, ""), n))

    def _whole(
        self, kind: str, row: entries.Row, fingerprint: str, where: str, made: Entry | None = None
    ) -> tuple[Any, ...]:
        """A row with what Stile works out about it, its public id and its fingerprint."""
        given = dict(zip(GIVEN[kind], row, strict=True))
        more: tuple[Any, ...] = ()
        if kind == "location":
            more = self._position(given, where)
        elif kind == "organisation":
            pairs = json.loads(given["identifiers"]) if given["identifiers"] != "[]" else []
            numbers = [key for scheme, number in pairs if (key := identifier_key(scheme, number))]
            more = (*_recognised_by(given), numbers)
        elif made is not None:
            more = (*self.reading(given, made), *_recognised_by(given))
        return *row, *more, uid_of(self.slug, kind, given["key"]), fingerprint

    def _position(self, given: dict[str, Any], where: str) -> tuple[float | None, float | None, float, str]:
        """(lat, lon, how many km off it may be, postcode in one spelling)."""
        lat, lon = given["given_lat"], given["given_lon"]
        key = ""
        if given["postcode"] and (read := read_postcode(given["postcode"])):
            key = read.full or ""
        if given["kind"] != "physical":
            return None, None, 0.0, key
        if entries.plausible(lat, lon):
            return lat, lon, 0.0, key
        if lat is not None or lon is not None:
            self.report.warn(
                where or f"place {given['key']}",
                f"the position {lat}, {lon} is not in the United Kingdom; "
                + ("the postcode is used instead" if key else "left unknown"),
            )
        found = _middle_of(given["postcode"]) if given["postcode"] else None
        return (*found, key) if found else (None, None, 0.0, key)


def _recognised_by(given: dict[str, Any]) -> tuple[str, str, str, str]:
    return (
        name_key(given["name"]),
        phone_key(given["phone"]),
        web_key(given["website"]),
        mail_key(given["email"]),
    )


@lru_cache(maxsize=50_000)
def _middle_of(postcode: str) -> tuple[float, float, float] | None:
    """(lat, lon, km): where a postcode or a part of one is; None for anything else, however like a place."""
    if read_postcode(postcode) is None:
        return None
    found = locate(postcode)
    if not isinstance(found, Place):
        return None
    return found.lat, found.lon, 0.0 if found.precision is Precision.POSTCODE else found.radius_km
