"""The plainly synthetic activities of `columns`, as a stream of neutral records.

Names say that they are examples, the texts are put together from `examples.yaml`, and what is
unknown in the columns is not said in the record.
"""

from collections import namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, time, timedelta
from functools import cache
from typing import Any

from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import (
    AssuranceRecord,
    AtPlaceRecord,
    CostRecord,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
    TimeRecord,
)
from stile.loop.directory.rules.standing import REQUIRED_CHECKS, Checks
from stile.loop.directory.rules.vocabulary import FACT_BIT, FACTS, KINDS, Delivery, ParentForm, Room
from stile.site.demo.columns import BLOCK, DAYS, FAMILY, PLACE_BITS, Columns, draw, spots, words

DEMO = {"demo": True}


def synthetic(n: int, seed: int, today: date) -> Iterator[ServiceRecord]:
    """The first `n` activities of `seed` as records, a block in memory at a time."""
    for block in range(-(-n // BLOCK)):
        begin = block * BLOCK
        yield from _records(draw(block, seed), begin, min(BLOCK, n - begin), today)


def _records(drawn: Columns, begin: int, n: int, today: date) -> Iterator[ServiceRecord]:
    said, table = words(), spots()
    openings, settings, people = said.lists
    slugs = [kind.slug for kind in KINDS]
    assurances = [_assurances(state, today) for state in Checks]
    rooms, forms = tuple(Room), tuple(ParentForm)
    in_person, on_a_link = Delivery.IN_PERSON, Delivery.ONLINE
    organisation = OrganisationRecord(key="", name="")
    number = begin
    for row in _rows(drawn, n):
        number += 1
        town = table[row.town].name
        if number % FAMILY == 1:
            family = number // FAMILY + 1
            organisation = OrganisationRecord(
                key=f"example-organisation-{family}",
                name=f"Example organisation {family}, {town}",
                email=f"hello@organisation-{family}.example",
                details=DEMO,
            )
        verb, opening, setting, company = row.words
        doing = said.doing[row.kind][verb]
        also = f" Ask about the {said.nouns[row.second]} too." if row.second >= 0 else ""
        at_places: tuple[AtPlaceRecord, ...] = ()
        if not row.online:
            place = PlaceRecord(
                key=f"example-place-{number}",
                name=f"Example hall {number}",
                organisation_key=organisation.key,
                lat=row.lat,
                lon=row.lon,
                town=town,
                country="GB",
                facts=_facts_here(row.yes & PLACE_BITS, row.no & PLACE_BITS),
                details=DEMO,
            )
            at_places = (AtPlaceRecord(key=f"example-{number}-at", place=place, details=DEMO),)
        yield ServiceRecord(
            key=f"example-{number}",
            name=f"Example {said.nouns[row.kind]} {number}, {'online' if row.online else town}",
            organisation=organisation,
            description=(f"{openings[opening]} {doing}. {settings[setting]}{also} {people[company]}"),
            email=organisation.email,
            min_age=row.min_age if row.min_age >= 0 else None,
            max_age=row.max_age if row.max_age >= 0 else None,
            delivery=on_a_link if row.online else in_person,
            parent_form=forms[row.parent_form],
            room=rooms[row.room],
            places=row.places if row.places >= 0 else None,
            waiting_weeks=row.waiting_weeks if row.waiting_weeks >= 0 else None,
            kinds=(slugs[row.kind],) if row.second < 0 else (slugs[row.kind], slugs[row.second]),
            facts=_facts(row.yes & ~PLACE_BITS, row.no & ~PLACE_BITS),
            languages=("cy", "en") if row.welsh else (),
            assurances=assurances[row.checks],
            confirmed_on=today - timedelta(days=row.days_old) if row.days_old >= 0 else None,
            at_places=at_places,
            times=_times(tuple(row.weekday), tuple(row.opens), tuple(row.closes)),
            costs=_cost(row.price_pence),
            details=DEMO,
        )


def _rows(drawn: Columns, n: int) -> Iterator[Any]:
    """Row by row, a few at a time: long lists of Python objects slow the garbage collector down."""
    names = [field.name for field in fields(Columns)]
    row_of = namedtuple("row_of", names)  # type: ignore[misc]
    for first in range(0, n, 256):
        part = slice(first, min(first + 256, n))
        yield from map(
            row_of._make, zip(*(getattr(drawn, name)[part].tolist() for name in names), strict=True)
        )


_PROSE = TimeRecord(text="Times vary. Ask us.")


@cache
def _times(
    weekday: tuple[int, ...], opens: tuple[int, ...], closes: tuple[int, ...]
) -> tuple[TimeRecord, ...]:
    known = zip(weekday, opens, closes, strict=True)
    return tuple(_time(*session) for session in known if session[0] >= 0) or (_PROSE,)


@cache
def _time(weekday: int, opens: int, closes: int) -> TimeRecord:
    begin, end = time(opens // 60, opens % 60), time(closes // 60, closes % 60)
    return TimeRecord(
        freq="WEEKLY",
        byday=DAYS[weekday],
        opens_at=begin,
        closes_at=end,
        text=f"Weekly, {begin:%H:%M} to {end:%H:%M}",
    )


@cache
def _cost(pence: int) -> tuple[CostRecord, ...]:
    if pence < 0:
        return ()
    return (CostRecord(option="each time" if pence else "free", amount_pence=pence, currency="GBP"),)


_YES, _NO = Answer.YES, Answer.NO
_BITS = tuple((FACT_BIT[fact.slug], fact.slug) for fact in FACTS)


def _facts(yes: int, no: int) -> Mapping[str, Answer]:
    facts = {slug: _YES for bit, slug in _BITS if yes & bit}
    facts.update({slug: _NO for bit, slug in _BITS if no & bit})
    return facts


_facts_here = cache(_facts)  # of a place there are five, so few combinations


def _assurances(state: Checks, today: date) -> tuple[AssuranceRecord, ...]:
    """Checks of which `standing.checks` says `state`."""
    if state is Checks.UNKNOWN:
        return ()
    kinds = REQUIRED_CHECKS[:-1] if state is Checks.MISSING else REQUIRED_CHECKS
    return tuple(
        AssuranceRecord(
            kind=kind,
            seen_on=today - timedelta(days=200),
            seen_by="An example",
            review_due=today + timedelta(days=-30 if state is Checks.OVERDUE else 165),
            suspended=state is Checks.SUSPENDED,
        )
        for kind in kinds
    )
