"""The synthetic activities: the same every time, plainly examples, and spread as they say."""

from collections import Counter
from datetime import date, time
from itertools import islice

import numpy as np

from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import ServiceRecord
from stile.loop.directory.rules.standing import Checks, checks
from stile.loop.directory.rules.vocabulary import (
    FACT_BIT,
    KIND_BIT,
    KINDS,
    Delivery,
    ParentForm,
    PartOfDay,
    Room,
    slot_bit,
)
from stile.site.demo.columns import BLOCK, FAMILY, TOWNS, columns, spots
from stile.site.demo.synthetic import synthetic

TODAY = date(2026, 11, 24)
SOME = list(synthetic(4000, 7, TODAY))
MANY = columns(40_000, 7)


def test_the_same_numbers_give_the_same_activities() -> None:
    assert list(synthetic(300, 7, TODAY)) == SOME[:300]
    assert list(synthetic(300, 8, TODAY)) != SOME[:300]
    assert len({service.key for service in SOME}) == len(SOME)
    again = columns(100, 7)
    np.testing.assert_array_equal(again.lat, MANY.lat[:100])
    assert columns(0, 7).kinds.shape == (0,)


def test_a_stream_does_not_draw_what_nobody_reads() -> None:
    endless = synthetic(10_000_000_000, 7, TODAY)
    assert list(islice(endless, 3)) == SOME[:3]


def test_a_block_boundary_shows_nowhere() -> None:
    across = list(islice(synthetic(BLOCK + 20, 7, TODAY), BLOCK - 2, BLOCK + 20))
    assert [one.key for one in across] == [f"example-{n}" for n in range(BLOCK - 1, BLOCK + 21)]
    assert BLOCK % FAMILY == 0


def test_records_say_what_the_columns_say() -> None:
    part_ends = ((time(0), time(12)), (time(12), time(17)), (time(17), time.max))
    rooms, forms = tuple(Room), tuple(ParentForm)
    for i, service in enumerate(SOME):
        assert MANY.kinds[i] == sum(KIND_BIT[kind] for kind in service.kinds)
        facts = dict(service.facts)
        for at in service.at_places:
            assert not set(facts) & set(at.place.facts)
            facts |= at.place.facts
            assert (at.place.lat, at.place.lon) == (MANY.lat[i], MANY.lon[i])
        assert MANY.yes[i] == sum(FACT_BIT[fact] for fact, answer in facts.items() if answer == Answer.YES)
        assert MANY.no[i] == sum(FACT_BIT[fact] for fact, answer in facts.items() if answer == Answer.NO)
        assert (service.min_age if service.min_age is not None else -1) == MANY.min_age[i]
        assert (service.costs[0].amount_pence if service.costs else -1) == MANY.price_pence[i]
        assert service.room is rooms[MANY.room[i]]
        assert service.parent_form is forms[MANY.parent_form[i]]
        assert checks(service.assurances, TODAY) is tuple(Checks)[MANY.checks[i]]
        assert (service.confirmed_on is None) == (MANY.days_old[i] == -1)
        slots = 0
        for one in service.times:
            if one.opens_at and one.closes_at:
                day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(one.byday)
                for part, (begin, end) in zip(PartOfDay, part_ends, strict=True):
                    if one.opens_at < end and one.closes_at > begin:
                        slots |= slot_bit(day, part)
        assert slots == MANY.slots[i]


def test_each_activity_holds_together() -> None:
    for service in SOME:
        assert bool(service.at_places) == (service.delivery is Delivery.IN_PERSON)
        assert service.min_age is None or service.max_age is None or service.min_age <= service.max_age
        assert (service.places is None) or service.room in (Room.OPEN, Room.FULL)
        assert (service.waiting_weeks is not None) == (service.room is Room.WAITING_LIST)
        assert service.times
        assert len(set(service.kinds)) == len(service.kinds)


def test_plainly_examples() -> None:
    for service in SOME:
        assert service.name.startswith("Example ")
        assert service.details["demo"] is True
        assert service.organisation
        assert service.organisation.name.startswith("Example organisation ")
        assert service.organisation.details["demo"] is True
        assert service.email.endswith(".example")
        assert not service.phone
        for at in service.at_places:
            assert at.place.details["demo"] is True
            assert at.place.name.startswith("Example ")
            assert not at.place.postcode
    families = Counter(service.organisation.key for service in SOME if service.organisation)
    assert max(families.values()) == FAMILY


def test_texts_are_long_enough_to_search() -> None:
    lengths = [len(service.description.split()) for service in SOME]
    assert 30 <= sum(lengths) / len(lengths) <= 40
    assert min(lengths) >= 18
    assert max(lengths) <= 60
    assert len({service.description for service in SOME}) > 0.9 * len(SOME)


def test_spread_over_the_country() -> None:
    table = spots()
    assert len(table) > TOWNS
    assert abs(sum(spot.weight for spot in table) - 1) < 1e-9
    assert abs(MANY.online.mean() - 0.03) < 0.006
    rural = (MANY.town >= TOWNS).mean()
    assert abs(rural - 0.10) < 0.02
    assert np.isnan(MANY.lat).sum() == MANY.online.sum()
    assert np.nanmin(MANY.lat) > 49
    assert np.nanmax(MANY.lat) < 61.5
    assert np.nanmin(MANY.lon) > -9
    assert np.nanmax(MANY.lon) < 2.5
    assert len(np.unique(MANY.town)) > TOWNS / 2
    per_town = np.bincount(MANY.town, minlength=len(table))[:TOWNS]
    assert per_town[:50].sum() > per_town[-50:].sum() * 3, "big towns have more"


def test_mostly_unknown_and_of_every_sort() -> None:
    known = np.array([int(bits).bit_count() for bits in (MANY.yes | MANY.no).tolist()])
    assert 3 < known.mean() < 10
    assert not (MANY.yes & MANY.no).any()
    kinds = Counter(MANY.kind.tolist())
    assert set(kinds) == set(range(len(KINDS)))
    assert (
        kinds[[kind.slug for kind in KINDS].index("football")]
        > 5 * kinds[[kind.slug for kind in KINDS].index("comedy")]
    )
    for column, states in ((MANY.room, Room), (MANY.parent_form, ParentForm), (MANY.checks, Checks)):
        assert set(column.tolist()) == set(range(len(tuple(states))))
    assert ((MANY.days_old >= 0) & (MANY.days_old <= 60)).mean() > 0.7
    assert 0.05 < (MANY.days_old > 90).mean() < 0.11
    assert 0.1 < (MANY.slots == 0).mean() < 0.14


def test_welsh_is_spoken_in_wales() -> None:
    table = spots()
    assert MANY.welsh.any()
    assert all(table[town].welsh for town in MANY.town[MANY.welsh].tolist())
    speaking = [service for service in SOME if "cy" in service.languages]
    assert speaking
    assert all(_says(service, "in_welsh") for service in speaking)


def _says(service: ServiceRecord, fact: str) -> bool:
    return service.facts.get(fact) == Answer.YES
