"""The demo town: valid under every contract, plainly made up, and difficult in every way we must handle."""

import re
from collections import Counter
from datetime import date, time, timedelta
from itertools import chain

import numpy as np
import pytest

from stile.kernel.answer import Answer
from stile.kernel.geo import km_between, km_to_many
from stile.loop.directory.rules.records import (
    OrganisationRecord,
    PlaceRecord,
    Record,
    ServiceRecord,
    TimeRecord,
)
from stile.loop.directory.rules.standing import Checks, Freshness, checks, freshness, standing
from stile.loop.directory.rules.vocabulary import (
    FACT_BY_SLUG,
    FACTS,
    KIND_BY_SLUG,
    Delivery,
    ParentForm,
    Room,
    Tile,
)
from stile.places import packaged
from stile.places.gazetteer import outcodes, sectors
from stile.places.rules import read_postcode
from stile.site.demo import town

TODAY = date(2026, 11, 24)
EVERYTHING = list(town.records(TODAY))
ORGANISATIONS = [one for one in EVERYTHING if isinstance(one, OrganisationRecord)]
PLACES = [one for one in EVERYTHING if isinstance(one, PlaceRecord)]
SERVICES = [one for one in EVERYTHING if isinstance(one, ServiceRecord)]
M33_7 = (53.4258, -2.3207)  # the middle of the sector's postcodes


def times_of(service: ServiceRecord) -> list[TimeRecord]:
    return [*service.times, *chain.from_iterable(at.times for at in service.at_places)]


def price_of(service: ServiceRecord) -> int | None:
    return min((cost.amount_pence for cost in service.costs if cost.amount_pence is not None), default=None)


def standing_of(service: ServiceRecord, today: date = TODAY) -> str:
    assert service.confirmed_on
    return standing(
        status=service.status,
        withdrawn=False,
        checked_on=service.confirmed_on,
        checked=checks(service.assurances, today),
        today=today,
    ).code


def test_it_is_a_whole_town() -> None:
    assert len(ORGANISATIONS) >= 24
    assert len(SERVICES) >= 64
    assert {type(one) for one in EVERYTHING} == {OrganisationRecord, PlaceRecord, ServiceRecord}
    for group in (ORGANISATIONS, PLACES, SERVICES):
        keys = Counter(one.key for one in group)
        assert [key for key, count in keys.items() if count > 1] == []
    assert {service.organisation.key for service in SERVICES if service.organisation} == {
        organisation.key for organisation in ORGANISATIONS
    }
    used = {at.place.key for service in SERVICES for at in service.at_places}
    assert used == {place.key for place in PLACES}


def test_every_door_on_the_home_page_opens_on_something() -> None:
    kinds = {kind for service in SERVICES for kind in service.kinds}
    assert len(kinds) >= 45
    assert kinds <= set(KIND_BY_SLUG)
    assert {KIND_BY_SLUG[kind].tile for kind in kinds} == set(Tile)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.key)
def test_each_activity_holds_together(service: ServiceRecord) -> None:
    assert service.kinds
    assert service.description
    assert service.where.startswith("dawdlebridge/")
    assert service.min_age is None or 11 <= service.min_age <= 25
    assert service.max_age is None or (service.min_age or 11) <= service.max_age <= 25
    assert len(set(service.kinds)) == len(service.kinds)
    places = {at.place.key for at in service.at_places}
    assert bool(places) == (service.delivery is not Delivery.ONLINE)
    if service.room is Room.FULL:
        assert service.places == 0
    if service.places:
        assert service.room is Room.OPEN
    assert (service.waiting_weeks is not None) <= (service.room in (Room.WAITING_LIST, Room.FULL))
    for one in times_of(service):
        assert one.text
        assert bool(one.freq) == bool(one.opens_at) == bool(one.closes_at)
        assert (one.interval == 1) <= (one.dtstart is None or one.count is not None)
    both = {("quiet", "loud"), ("small_group", "crowds")}
    for so, other in both:
        assert not (service.facts.get(so) == Answer.YES == service.facts.get(other)), (so, other)
    assert set(service.facts) <= set(FACT_BY_SLUG)
    for language in service.languages:
        assert re.fullmatch(r"[a-z]{2,3}", language)
    # Deep water, heights and the like are what somebody may need to keep away from: said, never left out.
    for kind, fact in (
        ("water", "deep_water"),
        ("swimming", "deep_water"),
        ("climbing", "heights"),
        ("animals", "animals_there"),
    ):
        if kind in service.kinds:
            assert service.facts.get(fact) == Answer.YES, f"{kind} says nothing of {fact}"


def test_nobody_fills_everything_in() -> None:
    for service in SERVICES:
        assert len(service.facts) <= len(FACTS) * 2 / 3, service.key
    for record, blank in (
        (SERVICES, "places"),
        (SERVICES, "costs"),
        (PLACES, "transport"),
        (PLACES, "facts"),
    ):
        said = sum(bool(getattr(one, blank)) for one in record)
        assert said > 0, blank
    assert sum(service.room is Room.UNKNOWN for service in SERVICES) >= 8
    assert sum(service.parent_form is ParentForm.UNKNOWN for service in SERVICES) >= 4
    welcome = (
        "who_meets_you",
        "what_to_bring",
        "bus_home",
        "who_can_see",
        "first_time",
        "support",
        "travel_help",
    )
    for field in welcome:
        said = sum(bool(getattr(service.welcome, field)) for service in SERVICES)
        assert 5 <= said < len(SERVICES), field
    ever_said = {fact for service in SERVICES for fact in service.facts} | {
        f for p in PLACES for f in p.facts
    }
    assert ever_said == set(FACT_BY_SLUG)


def test_every_difficult_trait_is_there() -> None:
    rooms = Counter(service.room for service in SERVICES)
    assert rooms[Room.FULL] >= 2
    assert rooms[Room.WAITING_LIST] >= 3
    assert rooms[Room.PAUSED] >= 1
    assert any(service.room is Room.FULL and service.waiting_weeks for service in SERVICES)
    assert any(service.status == "temporarily closed" for service in SERVICES)
    news = Counter(freshness(service.confirmed_on, TODAY) for service in SERVICES if service.confirmed_on)
    assert news[Freshness.AGEING] >= 2
    assert news[Freshness.STALE] >= 2
    assert {(TODAY - service.confirmed_on).days for service in SERVICES if service.confirmed_on} >= {75, 120}
    assert {checks(service.assurances, TODAY) for service in SERVICES} == set(Checks)
    hidden = Counter(standing_of(service) for service in SERVICES)
    assert hidden["checks"] >= 3
    assert hidden["stale"] >= 2
    assert hidden["closed_for_now"] >= 1
    assert hidden[""] >= 55, "most of the town is open"


def test_it_is_as_fresh_on_any_day() -> None:
    for later in (TODAY + timedelta(days=1), TODAY + timedelta(days=400)):
        again = [one for one in town.records(later) if isinstance(one, ServiceRecord)]
        assert [standing_of(service, later) for service in again] == [
            standing_of(service) for service in SERVICES
        ]


def test_times_spread_over_the_week() -> None:
    weekly = [one for service in SERVICES for one in times_of(service)]
    days = {day[-2:] for one in weekly if one.byday for day in one.byday.split(",")}
    assert days == {"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
    assert any(one.freq == "MONTHLY" and one.byday == "2TU" for one in weekly)
    assert any(one.freq == "MONTHLY" and one.byday == "-1SA" for one in weekly)
    assert any(one.interval == 2 for one in weekly)
    assert any(not one.freq for one in weekly), "some times are known only in prose"
    assert sum("term time" in one.text for one in weekly) >= 4
    courses = [one for one in weekly if one.count]
    assert courses
    assert all(one.dtstart and one.dtstart >= TODAY for one in courses)
    starts = [one.opens_at for one in weekly if one.opens_at]
    assert any(at < time(12) for at in starts)
    assert any(time(15) <= at < time(17) for at in starts)
    assert any(at >= time(19) for at in starts)


def test_some_happen_at_two_places_at_other_times() -> None:
    two = [service for service in SERVICES if len(service.at_places) > 1]
    assert len(two) >= 3
    for service in two:
        first, second = service.at_places[:2]
        assert first.times
        assert second.times
        assert [one.byday for one in first.times] != [one.byday for one in second.times]


def test_for_many_kinds_of_people() -> None:
    def so(fact: str) -> int:
        return sum(service.facts.get(fact) == Answer.YES for service in SERVICES)

    assert so("girls_only") >= 1
    assert so("bsl") >= 2
    assert so("lgbtq_welcome") >= 10
    assert so("quiet") >= 12
    assert sum(service.delivery is Delivery.ONLINE for service in SERVICES) >= 2
    assert sum(service.delivery is Delivery.BOTH for service in SERVICES) >= 1
    assert sum("carers" in service.kinds for service in SERVICES) >= 2
    prices = [price for service in SERVICES if (price := price_of(service)) is not None]
    assert prices.count(0) >= 15
    assert {50, 1200} <= {cost.amount_pence for service in SERVICES for cost in service.costs}
    assert max(prices) <= 1200
    bounds = {(service.min_age, service.max_age) for service in SERVICES}
    assert len(bounds) >= 12


def test_welsh_ones_say_it_in_welsh() -> None:
    welsh = [service for service in SERVICES if "cy" in service.languages]
    assert len(welsh) >= 3
    for service in welsh:
        assert service.facts["in_welsh"] == Answer.YES
        assert service.alternate_name
        assert service.alternate_name != service.name
        english, cymraeg = service.description.split("\n\nCymraeg: ")
        assert len(english) > 80 < len(cymraeg)


def test_drawing_animals_nervous_in_crowds_on_a_tuesday_evening() -> None:
    fitting = []
    for service in SERVICES:
        near = min(
            (km_between(*M33_7, at.place.lat, at.place.lon) for at in service.at_places
             if at.place.lat is not None and at.place.lon is not None), default=99.0,
        )  # fmt: skip
        tuesday_evening = any(
            "TU" in one.byday and one.closes_at and one.closes_at > time(17) for one in times_of(service)
        )
        if (
            near < 2.5
            and tuesday_evening
            and (service.min_age or 0) <= 15 <= (service.max_age or 99)
            and {"drawing", "animals"} & set(service.kinds)
            and service.facts.get("crowds") == Answer.NO
            and not standing_of(service)
            and service.room is Room.OPEN
        ):
            fitting.append(service)
    assert len(fitting) >= 5
    assert sum({"drawing", "animals"} <= set(service.kinds) for service in fitting) >= 2
    assert not any(service.languages == ("cy",) for service in fitting), "nobody asked for Welsh"
    assert sum(price_of(service) == 0 for service in fitting) >= 3


# ---- plainly made up


def test_every_record_says_it_is_a_demo() -> None:
    nested: list[Record] = [at.place for service in SERVICES for at in service.at_places]
    nested += [service.organisation for service in SERVICES if service.organisation]
    for one in chain(EVERYTHING, nested):
        assert one.details["demo"] is True
    for service in SERVICES:
        assert all(at.details["demo"] is True for at in service.at_places)
    assert "made up" in town.about()


def test_phone_numbers_are_ofcoms_for_drama() -> None:
    drama = re.compile(r"0161 496 0\d{3}|01632 960\d{3}|07700 900\d{3}")
    for one in (*ORGANISATIONS, *SERVICES):
        assert drama.fullmatch(one.phone), one.key
    numbers = Counter(one.phone for one in ORGANISATIONS)
    assert max(numbers.values()) == 1


def test_addresses_on_the_net_lead_nowhere() -> None:
    for one in (*ORGANISATIONS, *SERVICES):
        assert not one.email or re.fullmatch(r"[a-z]+@[a-z-]+\.example", one.email), one.key
        assert not one.website or re.fullmatch(r"https://[a-z-]+\.example(/[a-z-]+)*", one.website), one.key


def test_no_postcode_is_anybodys() -> None:
    written = [place.postcode for place in PLACES if place.postcode]
    assert len(set(written)) >= 25
    for text in written:
        postcode = read_postcode(text)
        assert postcode
        assert str(postcode) == text
        assert packaged.find(postcode) is None
        assert postcode.sector not in sectors(), "no sector that Royal Mail uses"
        assert postcode.outcode in outcodes()


def test_places_lie_where_their_postcodes_outcode_is() -> None:
    """By the nearest real postcode of the four outcodes (retired ones nearby, such as M31 1, set aside)."""
    letters = [packaged.letter(first) for first in "MW"]
    keys = np.concatenate([letter.keys for letter in letters]).astype(str)
    lat, lon = (
        np.concatenate(axis) for axis in zip(*(letter.positions() for letter in letters), strict=True)
    )
    near = np.isin(np.char.strip(np.char.ljust(keys, 4).astype("<U4")), ["M33", "M41", "WA14", "WA15"])
    by_district = {district.name: district for district in town.districts()}
    for place in PLACES:
        assert place.lat is not None
        assert place.lon is not None
        km = km_to_many(place.lat, place.lon, lat[near], lon[near])
        closest = keys[near][int(np.argmin(km))]
        district = by_district[place.address.rsplit(", ", 1)[-1]]
        assert closest[:4].strip() == district.outcode, place.key
        assert not place.postcode or place.postcode.split()[0] == district.outcode
        assert km_between(place.lat, place.lon, district.lat, district.lon) < 1.5, place.key
        assert place.town == town.name()


def test_districts_do_not_move_the_town() -> None:
    for district in town.districts():
        assert (
            km_between(
                district.lat, district.lon, outcodes()[district.outcode].lat, outcodes()[district.outcode].lon
            )
            < 4
        )


# ---- files that say something wrong


def test_a_slip_in_a_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {
        "organisation": {"key": "a", "name": "A", "description": "A.", "checks": "never"},
        "places": {},
        "services": [
            {"key": "one", "name": "One", "description": "D.", "kinds": ["drawing"], "confirmed": 1}
        ],
    }

    def load(**service: object) -> list[Record]:
        said = good | {"services": [good["services"][0] | service]}  # type: ignore[index]
        monkeypatch.setattr(town, "_files", lambda: [("a.yaml", said)])
        return list(town.records(TODAY))

    assert len(load()) == 2
    for slip, words in (
        ({"kinds": ["darwing"]}, "no kind"),
        ({"facts": {"so": ["quite"]}}, "no fact"),
        ({"facts": {"yes": ["quiet"]}}, "'so' and 'not_so'"),
        ({"prise": 3}, "nobody reads prise"),
        ({"where": "nowhere"}, "nowhere"),
        ({"when": ["Tues 5pm"]}, "cannot read the time"),
        ({"welcome": {"group_size": 12.0}}, "put quotes round group_size"),
    ):
        with pytest.raises(ValueError, match=words) as caught:
            load(**slip)
        assert "a.yaml#one" in str(caught.value)
