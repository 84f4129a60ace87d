"""The directory as the records it was made of: the inverse of taking in, for those who write it out.

For one source the keys are that source's own, and what came in comes out. For all of them together
the keys are our public ids, since two sources may use one key for two things, and linked services
come once.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import uuid5

from django.db import connection

from stile.loop.directory.rules.identity import NAMESPACE, uid_of
from stile.loop.directory.rules.known import answers
from stile.loop.directory.rules.records import (
    AssuranceRecord,
    AtPlaceRecord,
    CostRecord,
    OrganisationRecord,
    PlaceRecord,
    Record,
    ServiceRecord,
    TermRecord,
    TimeRecord,
    Welcome,
)
from stile.loop.directory.rules.vocabulary import Delivery, ParentForm, Room

SLICE = 1000
TIME_COLUMNS = (
    'key, freq, "interval", byday, bymonthday, dtstart, valid_from, valid_to, until, count, opens_at, closes_at,'
    " text, details"
)
COST_COLUMNS = "key, option, amount_pence, currency, text, valid_from, valid_to, details"
_ORGANISATION = "key, name, description, email, website, phone, identifiers, details"
_PLACE = (
    "key, name, organisation_key, kind, given_lat, given_lon, address, town, postcode, country, transport, facts,"
    " details"
)
_TERM = "key, name, taxonomy, code, uri, parent_key, description, details"
_SERVICE = (
    "key, name, alternate_name, description, website, email, phone, status, min_age, max_age, age_text, delivery,"
    " parent_form, room, places, waiting_weeks, kinds, facts, languages, welcome, confirmed_on, modified_at, details"
)
Key = Callable[[str, str], str]


def records(source: str | None = None) -> Iterator[Record]:
    """Every record that is not withdrawn: organisations, places and terms that stand alone, then services."""
    slugs = dict(
        _rows("SELECT id, slug FROM directory_source WHERE slug = %s OR %s IS NULL", [source, source])
    )
    for number, slug in sorted(slugs.items()):
        yield from _of_source(number, _keys(slug, keep=source is not None), linked=source is not None)


def _keys(slug: str, *, keep: bool) -> Key:
    def key(kind: str, given: str) -> str:
        return given if keep or not given else str(uid_of(slug, kind, given))

    return key


def _of_source(source: int, key: Key, *, linked: bool) -> Iterator[Record]:
    alone = "t.source_id = %s AND t.withdrawn_at IS NULL AND NOT t.nested AND t.id > %s"
    for kind, columns, made in (
        ("organisation", _ORGANISATION, _organisation),
        ("location", _PLACE, _place),
        ("term", _TERM, _term),
    ):
        for rows in _slices(f"SELECT t.id, {columns} FROM directory_{kind} t WHERE {alone}", source):
            for _, *row in rows:
                yield made(row, key)
    shown = "t.source_id = %s AND t.withdrawn_at IS NULL AND t.id > %s" + (
        "" if linked else " AND t.same_as_id IS NULL"
    )
    services = (
        f"SELECT t.id, t.organisation_id, t.uid::text, {_SERVICE} FROM directory_service t WHERE {shown}"
    )
    for rows in _slices(services, source):
        parts = _Parts([row[0] for row in rows], [row[1] for row in rows if row[1]], source, key, keep=linked)
        for number, organisation, uid, *row in rows:
            yield _service(row, key, number, parts.organisations.get(organisation), uid, parts)


def _slices(sql: str, source: int) -> Iterator[list[tuple[Any, ...]]]:
    last = 0
    while rows := _rows(f"{sql} ORDER BY t.id LIMIT {SLICE}", [source, last]):
        yield rows
        last = rows[-1][0]


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _organisation(row: Sequence[Any], key: Key) -> OrganisationRecord:
    own, *said, identifiers, details = row
    pairs = tuple((scheme, number) for scheme, number in json.loads(identifiers))
    return OrganisationRecord(*(key("organisation", own), *said, pairs, json.loads(details)))


def _place(row: Sequence[Any], key: Key) -> PlaceRecord:
    own, name, organisation, *said, facts, details = row
    return PlaceRecord(
        *(
            key("location", own),
            name,
            key("organisation", organisation),
            *said,
            answers(json.loads(facts)),
            json.loads(details),
        )
    )


def _term(row: Sequence[Any], key: Key) -> TermRecord:
    own, name, taxonomy, code, uri, parent, description, details = row
    return TermRecord(
        key("term", own), name, taxonomy, code, uri, key("term", parent), description, json.loads(details)
    )


def _service(
    row: Sequence[Any],
    key: Key,
    number: int,
    organisation: OrganisationRecord | None,
    uid: str,
    parts: "_Parts",
) -> ServiceRecord:
    (
        own, name, alternate, description, website, email, phone, status, min_age, max_age, age_text, delivery, form,
        room, places, weeks, kinds, facts, languages, welcome, confirmed, modified, details,
    ) = row  # fmt: skip
    return ServiceRecord(
        key=key("service", own), name=name, organisation=organisation, alternate_name=alternate,
        description=description, website=website, email=email, phone=phone, status=status, min_age=min_age,
        max_age=max_age, age_text=age_text, delivery=Delivery(delivery), parent_form=ParentForm(form),
        room=Room(room), places=places, waiting_weeks=weeks, kinds=tuple(kinds), facts=answers(json.loads(facts)),
        languages=tuple(languages), welcome=Welcome(**json.loads(welcome)),
        assurances=tuple(parts.checks[number]), confirmed_on=confirmed, modified_at=modified,
        at_places=tuple(parts.at(number, uid)), times=tuple(parts.times[number, None]),
        costs=tuple(parts.costs[number]), terms=tuple(parts.terms[number]), details=json.loads(details),
    )  # fmt: skip


class _Parts:
    """What hangs on a slice of services, read table by table."""

    def __init__(
        self, services: list[int], organisations: Iterable[int], source: int, key: Key, *, keep: bool
    ) -> None:
        self.key, self.keep = key, keep
        self.organisations = {
            number: _organisation(row, key)
            for number, *row in _rows(
                f"SELECT id, {_ORGANISATION} FROM directory_organisation WHERE id = ANY(%s)",
                [list(organisations)],
            )
        }
        self.times: dict[tuple[int, int | None], list[TimeRecord]] = defaultdict(list)
        for service, at, *row, details in _rows(
            f"SELECT service_id, at_location_id, {TIME_COLUMNS} FROM directory_schedule WHERE service_id = ANY(%s)"
            ' ORDER BY service_id, "order", id',
            [services],
        ):
            self.times[service, at].append(TimeRecord(*(*row, json.loads(details))))
        self.costs: dict[int, list[CostRecord]] = defaultdict(list)
        for service, *row, details in _rows(
            f'SELECT service_id, {COST_COLUMNS} FROM directory_costoption WHERE service_id = ANY(%s) ORDER BY "order"',
            [services],
        ):
            self.costs[service].append(CostRecord(*(*row, json.loads(details))))
        self.terms: dict[int, list[TermRecord]] = defaultdict(list)
        for service, *row in _rows(
            f"SELECT k.service_id, {', '.join('t.' + c for c in _TERM.split(', '))} FROM directory_serviceterm k"
            ' JOIN directory_term t ON t.id = k.term_id WHERE k.service_id = ANY(%s) ORDER BY k."order"',
            [services],
        ):
            self.terms[service].append(_term(row, key))
        self.checks: dict[int, list[AssuranceRecord]] = defaultdict(list)
        for service, *row in _rows(
            "SELECT service_id, kind, seen_on, seen_by, review_due, suspended FROM directory_assurance"
            ' WHERE service_id = ANY(%s) AND source_id = %s ORDER BY "order"',
            [services, source],
        ):
            self.checks[service].append(AssuranceRecord(*row))
        self._at: dict[int, list[Sequence[Any]]] = defaultdict(list)
        for service, *row in _rows(
            f"SELECT a.service_id, a.id, a.key, a.nth, a.details, {', '.join('l.' + c for c in _PLACE.split(', '))}"
            " FROM directory_serviceatlocation a JOIN directory_location l ON l.id = a.location_id"
            ' WHERE a.service_id = ANY(%s) ORDER BY a."order"',
            [services],
        ):
            self._at[service].append(row)

    def at(self, service: int, uid: str) -> Iterator[AtPlaceRecord]:
        for number, own, nth, details, *place in self._at[service]:
            shown = own if self.keep else str(uuid5(NAMESPACE, f"{uid}\nat\n{own}\n{nth}"))
            yield AtPlaceRecord(
                shown, _place(place, self.key), tuple(self.times[service, number]), json.loads(details)
            )
