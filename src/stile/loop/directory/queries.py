"""Reads of the directory, each a slice for one reader. Nothing here writes.

Long reads go through the table in slices of services by their number, so that 250,000 listings need
no more memory than two thousand and no cursor is held open between them. Every reader sees linked
services as one: the record that is shown carries no `same_as`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from stile.kernel.geo import km_between

from .intake import readback
from .intake.readback import COST_COLUMNS, TIME_COLUMNS
from .rules.known import together
from .rules.listing import Listing
from .rules.page import Credit, PlaceOnPage, ServicePage, visitable
from .rules.records import AssuranceRecord, CostRecord, TimeRecord, Welcome
from .rules.standing import Checks, checks, checks_until, freshness_shown, standing
from .rules.vocabulary import Delivery, ParentForm, Room

SLICE = 2000  # services at a time
records = readback.records
"""The directory as neutral records, of one source or of all: `records(source=None)`."""


@lru_cache(maxsize=4096)
def _told(said: str) -> dict[str, str]:
    """A small JSON column, read once for each of the few things such columns say. Never change it."""
    return dict(json.loads(said))


def _numbers(numbers: Iterable[int]) -> str:
    """Row numbers as PostgreSQL writes an array: a tenth of the cost of handing the driver a list."""
    return "{" + ",".join(map(str, numbers)) + "}"


def rows_of(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


# ---------------------------------------------------------------- listings, for the matcher


def change_mark() -> int:
    """Where a reader of changes stands: pass it to `listings` next time. Take it *before* reading.

    It is the oldest transaction still under way. What commits later than now carries that number or a
    higher one, so nothing is missed; what was just seen may come a second time.
    """
    return int(rows_of("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0])


def listings(changed_since: int | None = None) -> Iterator[Listing]:
    """Every listing that may be matched, in the order of services; or those changed since a mark.

    With `changed_since` each changed service comes with all its rows (rows of it not given are gone),
    and one that is no longer shown comes with `withdrawn` set. A mark from a later history than this
    database's (it was restored from a copy) gives everything.
    """
    today = timezone.localdate()
    if changed_since is not None and changed_since <= change_mark():
        found = rows_of(
            "SELECT id FROM directory_service WHERE changed_tx >= %s ORDER BY id", [changed_since]
        )
        ids = [number for (number,) in found]
        for at in range(0, len(ids), SLICE):
            yield from _listings("s.id = ANY(%s::bigint[])", ids[at : at + SLICE], today)
        return
    last = 0
    while found := rows_of(
        "SELECT id FROM directory_service WHERE id > %s AND withdrawn_at IS NULL AND same_as_id IS NULL"
        " ORDER BY id LIMIT %s",
        [last, SLICE],
    ):
        ids = [number for (number,) in found]
        last = ids[-1]
        yield from _listings("s.id = ANY(%s::bigint[])", ids, today)


def listings_by_row(rows: Iterable[int]) -> list[Listing]:
    """The listings of these rows as the database has them now; rows that are gone are left out."""
    return list(_listings("a.id = ANY(%s::bigint[])", list(rows), timezone.localdate()))


_LISTING = """
    SELECT a.id, s.id, s.uid::text, s.name, o.name, s.kinds, s.kinds_read, s.facts, s.facts_read, l.facts,
        l.lat, l.lon, l.position_km, l.town, l.kind, s.delivery, s.min_age, s.max_age, s.price_pence, a.slots,
        s.parent_form, s.room, s.places, s.waiting_weeks, s.language_codes, s.status,
        s.withdrawn_at IS NOT NULL OR s.same_as_id IS NOT NULL, s.checked_on, s.doubted_at IS NOT NULL,
        s.description, coalesce(o.same_as_id, o.id), coalesce(s.same_as_id, s.id)
    FROM directory_service s
    JOIN directory_serviceatlocation a ON a.service_id = s.id
    LEFT JOIN directory_location l ON l.id = a.location_id
    LEFT JOIN directory_organisation o ON o.id = s.organisation_id
    WHERE {where} ORDER BY s.id, a."order"
"""
_DELIVERY = {one.value: one for one in Delivery}
_PARENT_FORM = {one.value: one for one in ParentForm}
_ROOM = {one.value: one for one in Room}


def _listings(where: str, wanted: list[int], today: date) -> Iterator[Listing]:
    found = rows_of(_LISTING.format(where=where), [_numbers(wanted)])
    times = _times({row[1] for row in found})
    told = _Shown({row[30] for row in found if row[30]}, {row[31] for row in found})
    for (
        row, service, uid, name, organisation, kinds, kinds_read, facts, read, place, lat, lon, position_km, town,
        kind, delivery, min_age, max_age, price, slots, form, room, places, weeks, languages, status, hidden,
        checked_on, doubted, text, organisation_group, service_group,
    ) in found:  # fmt: skip
        seen = told.about(organisation_group, service_group)
        how = _DELIVERY[delivery]
        if kind == "virtual" and how is Delivery.UNKNOWN:
            how = Delivery.ONLINE  # the source gave a link for a place
        own = times.get(service)
        yield Listing(
            row=row, service=service, uid=uid, name=name, organisation=organisation or "",
            kinds=tuple(kinds or kinds_read), facts=together(_told(facts), _told(read), _told(place or "{}")),
            lat=lat, lon=lon, position_km=position_km or 0.0, town=town or "", delivery=how,
            min_age=min_age, max_age=max_age, price_pence=price, slots=slots,
            times=tuple([time for at, time in own if at is None or at == row]) if own else (),
            parent_form=_PARENT_FORM[form], room=_ROOM[room], places=places, waiting_weeks=weeks,
            languages=tuple(languages), status=status, withdrawn=hidden,
            checks=checks(seen, today) if seen else Checks.UNKNOWN,
            checks_until=checks_until(seen) if seen else None,
            checked_on=checked_on, doubted=doubted, text=text,
        )  # fmt: skip


def _times(services: Iterable[int]) -> dict[int, list[tuple[int | None, TimeRecord]]]:
    """By service: (the row it holds for, or None for all, and the rule)."""
    found = rows_of(
        f"SELECT service_id, at_location_id, {TIME_COLUMNS} FROM directory_schedule"
        ' WHERE service_id = ANY(%s::bigint[]) ORDER BY service_id, at_location_id NULLS FIRST, "order"',
        [_numbers(services)],
    )
    times: dict[int, list[tuple[int | None, TimeRecord]]] = {}
    for service, at, *columns in found:
        columns[-1] = _told(columns[-1])
        times.setdefault(service, []).append((at, TimeRecord(*columns)))
    return times


class _Shown:
    """The safeguarding checks shown for some organisations and services, each named by what its links lead to.

    A check or a suspension told about one source's record holds for every record judged the same (H09).
    """

    def __init__(self, organisations: Iterable[int], services: Iterable[int]) -> None:
        self.of: dict[tuple[str, int], list[AssuranceRecord]] = {}
        for table, wanted in (("organisation", _numbers(organisations)), ("service", _numbers(services))):
            for group, *columns in rows_of(
                f"SELECT coalesce(t.same_as_id, t.id), v.kind, v.seen_on, v.seen_by, v.review_due, v.suspended"
                f" FROM directory_assurance v JOIN directory_{table} t ON t.id = v.{table}_id"
                f" WHERE t.id = ANY(%s::bigint[]) OR t.same_as_id = ANY(%s::bigint[]) ORDER BY v.id",
                [wanted, wanted],
            ):
                self.of.setdefault((table, group), []).append(AssuranceRecord(*columns))

    def about(self, organisation: int | None, service: int) -> list[AssuranceRecord]:
        if not self.of:
            return []
        return self.of.get(("organisation", organisation or 0), []) + self.of.get(("service", service), [])


# ---------------------------------------------------------------- one activity, for its page


def service_page(uid: UUID | str) -> ServicePage | None:
    """What the page of an activity says; None when no record has that id.

    The id of a record that is shown under another one leads to that other one.
    """
    found = rows_of(
        """
        SELECT s.id, s.uid, s.name, s.alternate_name, coalesce(o.name, ''), s.description, s.website, s.email,
            s.phone, s.status, s.min_age, s.max_age, s.age_text, s.delivery, s.parent_form, s.room, s.places,
            s.waiting_weeks, s.kinds, s.kinds_read, s.languages, s.language_codes, s.welcome, s.price_pence,
            s.details, s.checked_on, s.confirmed_on IS NOT NULL, s.doubted_at IS NOT NULL,
            s.withdrawn_at IS NOT NULL, coalesce(o.same_as_id, o.id), s.facts, s.facts_read
        FROM directory_service asked
        JOIN directory_service s ON s.id = coalesce(asked.same_as_id, asked.id)
        LEFT JOIN directory_organisation o ON o.id = s.organisation_id
        WHERE asked.uid = %s
        """,
        [str(uid)],
    )
    if not found:
        return None
    (
        service, shown, name, alternate, organisation, description, website, email, phone, status, min_age, max_age,
        age_text, delivery, form, room, places, weeks, kinds, kinds_read, languages, codes, welcome, price, details,
        checked_on, confirmed, doubted, withdrawn, organisation_group, facts, read,
    ) = found[0]  # fmt: skip
    today = timezone.localdate()
    seen = _Shown([organisation_group] if organisation_group else [], [service]).about(
        organisation_group, service
    )
    checked = checks(seen, today)
    costs = rows_of(
        f'SELECT {COST_COLUMNS} FROM directory_costoption WHERE service_id = %s ORDER BY "order"', [service]
    )
    return ServicePage(
        uid=str(shown), service=service, name=name, alternate_name=alternate, organisation=organisation,
        description=description, website=visitable(website), email=email, phone=phone, status=status, min_age=min_age,
        max_age=max_age, age_text=age_text, delivery=_DELIVERY[delivery], parent_form=_PARENT_FORM[form],
        room=_ROOM[room], places_left=places, waiting_weeks=weeks, kinds=tuple(kinds or kinds_read),
        languages=tuple(languages), language_codes=tuple(codes), welcome=Welcome(**json.loads(welcome)),
        costs=tuple(CostRecord(*(*columns, json.loads(details))) for *columns, details in costs), price_pence=price,
        places=_places_on_page(service, facts, read), details=json.loads(details), checks=checked,
        checks_until=checks_until(seen), checked_on=checked_on, confirmed=confirmed,
        freshness=freshness_shown(checked_on, today, doubted), doubted=doubted,
        standing=standing(
            status=status, withdrawn=withdrawn, checked_on=checked_on, checked=checked, today=today
        ),
        credits=_credits(service),
    )  # fmt: skip


def _places_on_page(service: int, facts: str, read: str) -> tuple[PlaceOnPage, ...]:
    times = _times([service]).get(service, [])
    found = rows_of(
        """
        SELECT a.id, l.name, l.kind, l.address, l.town, l.postcode, l.lat, l.lon, l.position_km, l.transport, l.facts
        FROM directory_serviceatlocation a LEFT JOIN directory_location l ON l.id = a.location_id
        WHERE a.service_id = %s ORDER BY a."order"
        """,
        [service],
    )
    return tuple(
        PlaceOnPage(
            row, name or "", kind or "", address or "", town or "", postcode or "", lat, lon, km or 0.0,
            transport or "", together(_told(facts), _told(read), _told(place or "{}")),
            tuple(time for at, time in times if at is None or at == row),
        )
        for row, name, kind, address, town, postcode, lat, lon, km, transport, place in found
    )  # fmt: skip


def _credits(service: int) -> tuple[Credit, ...]:
    """The sources of the record shown and of those it stands for."""
    return tuple(
        Credit(*columns)
        for columns in rows_of(
            "SELECT DISTINCT c.name, c.attribution, c.licence, c.address FROM directory_service s"
            " JOIN directory_source c ON c.id = s.source_id"
            " WHERE (s.id = %s OR s.same_as_id = %s) AND s.withdrawn_at IS NULL ORDER BY c.name",
            [service, service],
        )
    )


# ---------------------------------------------------------------- names, sources, links


class Named(NamedTuple):
    """A service or organisation found by its name. `uid` is a service's; an organisation has none here."""

    uid: str
    name: str
    organisation: str
    town: str


def search_names(text: str, limit: int = 20) -> list[Named]:
    """Services whose own or organisation's name is spelled about like `text`, the likest first."""
    said = " ".join(text.split())[:100]
    if len(said) < 2:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.45")
        cursor.execute(
            """
            WITH near AS (
                SELECT s.id, word_similarity(%(q)s, s.name) AS how FROM directory_service s WHERE %(q)s <%% s.name
                UNION ALL
                SELECT s.id, 0.9 * word_similarity(%(q)s, o.name)
                FROM directory_organisation o JOIN directory_service s ON s.organisation_id = o.id
                WHERE %(q)s <%% o.name
            ), best AS (SELECT id, max(how) AS how FROM near GROUP BY id)
            SELECT s.uid::text, s.name, coalesce(o.name, ''), coalesce((
                SELECT l.town FROM directory_serviceatlocation a JOIN directory_location l ON l.id = a.location_id
                WHERE a.service_id = s.id ORDER BY a."order" LIMIT 1), '')
            FROM best JOIN directory_service s ON s.id = best.id
            LEFT JOIN directory_organisation o ON o.id = s.organisation_id
            WHERE s.withdrawn_at IS NULL AND s.same_as_id IS NULL
            ORDER BY best.how DESC, s.name, s.id LIMIT %(n)s
            """,
            {"q": said, "n": limit},
        )
        return [Named(*row) for row in cursor.fetchall()]


class Town(NamedTuple):
    """A town as the directory knows it: its middle, and how far nine in ten of its places lie from that."""

    label: str
    lat: float
    lon: float
    spread_km: float


WIDEST_TOWN_KM = 25.0  # the same name further apart than this is more than one town


def town_named(name: str) -> Town | None:
    """A town the maps lack but listings name; None where none does, or where it is more than one place."""
    found = rows_of(
        "SELECT town, lat, lon FROM directory_location WHERE lower(town) = lower(%s) AND lat IS NOT NULL"
        " AND withdrawn_at IS NULL ORDER BY id LIMIT 2000",
        [" ".join(name.split())],
    )
    if not found:
        return None
    lat, lon = median(row[1] for row in found), median(row[2] for row in found)
    away = sorted(km_between(lat, lon, row[1], row[2]) for row in found)
    spread = away[int(0.9 * (len(away) - 1))]
    return Town(found[0][0], lat, lon, round(spread, 1)) if spread <= WIDEST_TOWN_KM else None


class SourceSlice(NamedTuple):
    slug: str
    name: str
    kind: str
    address: str
    licence: str
    attribution: str
    vintage: str
    read_at: datetime | None
    services: int  # shown today: neither withdrawn nor shown under another source's record


def sources() -> list[SourceSlice]:
    return [
        SourceSlice(*row)
        for row in rows_of(
            """
            SELECT c.slug, c.name, c.kind, c.address, c.licence, c.attribution, c.vintage, c.read_at,
                (SELECT count(*) FROM directory_service s
                 WHERE s.source_id = c.id AND s.withdrawn_at IS NULL AND s.same_as_id IS NULL)
            FROM directory_source c ORDER BY c.name, c.slug
            """
        )
    ]


class KeptSource(NamedTuple):
    slug: str
    address: str
    mapping: str | None  # YAML, as somebody confirmed it


def kept_source(*, slug: str = "", address: str = "") -> KeptSource | None:
    """What is kept of a source, found by its slug or else by its address."""
    found = rows_of(
        "SELECT slug, address, mapping->>'yaml' FROM directory_source"
        " WHERE slug = %s OR (%s = '' AND address = %s) ORDER BY read_at DESC LIMIT 1",
        [slug, slug, address],
    )
    return KeptSource(*found[0]) if found else None


class LinkSlice(NamedTuple):
    id: int
    of: str  # service or organisation
    one: str  # its name, and its source's slug
    one_source: str
    other: str
    other_source: str
    words: str
    evidence: list[list[str]]  # [kind, words]
    made_by: str
    made_at: datetime
    undone_at: datetime | None


def links(undone: bool = False) -> list[LinkSlice]:
    """Every pair judged the same, the newest first; with `undone`, those taken back as well."""
    parts = [
        f"""
        SELECT k.id, k.of, a.name, ca.slug, b.name, cb.slug, k.words, k.evidence, k.made_by, k.made_at, k.undone_at
        FROM directory_link k
        JOIN directory_{table} a ON a.id = k.one JOIN directory_source ca ON ca.id = a.source_id
        JOIN directory_{table} b ON b.id = k.other JOIN directory_source cb ON cb.id = b.source_id
        WHERE k.of = '{table}' AND (k.undone_at IS NULL OR %s)
        """
        for table in ("service", "organisation")
    ]
    found = rows_of(" UNION ALL ".join(parts) + " ORDER BY 1 DESC", [undone, undone])
    return [LinkSlice._make((*row[:7], json.loads(row[7]), *row[8:])) for row in found]
