"""Taking a source in: every record accounted for, nothing half done, nothing lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.loop.directory import actions, queries
from stile.loop.directory.models import ImportRun, Organisation, Service, ServiceAtLocation, Source
from stile.loop.directory.rules.records import (
    AtPlaceRecord,
    CostRecord,
    Folded,
    Item,
    OrganisationRecord,
    PlaceRecord,
    Rejected,
    ServiceRecord,
    TermRecord,
    TimeRecord,
    Unreadable,
    Warned,
    Welcome,
)
from stile.loop.directory.rules.vocabulary import Delivery, ParentForm, Room

from .making import NOW, organisation, place, service, take

pytestmark = pytest.mark.django_db


def touched() -> dict[int, int]:
    """The row version of every service, to see which a transaction wrote (PostgreSQL's xmin moves)."""
    return dict(queries.rows_of("SELECT id, ctid::text || xmin::text FROM directory_service"))  # type: ignore[arg-type]


def names() -> list[str]:
    return sorted(listing.name for listing in queries.listings())


def test_a_service_is_taken_in_with_its_organisation_and_place() -> None:
    report = take(service(organisation=organisation(), at=place(), min_age=11))
    assert (report.read, report.imported) == (1, 1)
    (listing,) = queries.listings()
    assert (listing.name, listing.organisation, listing.town) == ("Club s1", "Dab Hands CIO", "Sale")
    assert listing.min_age == 11
    assert listing.lat == pytest.approx(53.4, abs=0.1)


def test_taking_in_the_same_again_touches_no_row() -> None:
    items = [
        organisation("o9"),
        place("p9"),
        service("a", organisation=organisation(), at=place()),
        service("b"),
    ]
    take(*items)
    before = touched()
    report = take(*items, now=NOW + timedelta(days=30))
    assert (report.read, report.unchanged, report.imported) == (4, 4, 0)
    assert touched() == before


def test_only_what_changed_changes() -> None:
    take(service("a"), service("b"), service("c"))
    before = touched()
    report = take(service("a"), service("b", description="Now on Fridays"), service("c"))
    assert (report.imported, report.updated, report.unchanged) == (1, 1, 2)
    changed = [number for number, row in touched().items() if before[number] != row]
    assert [Service.objects.get(id=number).key for number in changed] == ["b"]


@pytest.mark.parametrize(
    "how",
    [
        {"at": place(address="2 New Street")},
        {"organisation": organisation(email="hello@dabhands.example")},
        {"times": (TimeRecord(freq="WEEKLY", byday="TU", opens_at=time(16)),)},
        {"costs": (CostRecord(amount_pence=300),)},
        {"terms": (TermRecord("t2", "Clay"),)},
        {"details": {"alert": "Back in May"}},
    ],
)
def test_a_change_in_any_part_of_a_record_is_a_change(how: dict[str, Any]) -> None:
    was = {"at": place(), "organisation": organisation(), "terms": (TermRecord("t1", "Pottery"),)}
    take(service(**was))
    report = take(service(**was | how))
    assert (report.imported, report.unchanged) == (1, 0)
    (now,) = (one for one in queries.records("town") if isinstance(one, ServiceRecord))
    assert replace(now, where="row s1") == service(**was | how)


def test_the_row_of_a_service_at_a_place_keeps_its_number_when_it_changes() -> None:
    take(service(at=place()))
    (before,) = ServiceAtLocation.objects.values_list("id", flat=True)
    take(service(at=place(), name="Another name"))
    assert list(ServiceAtLocation.objects.values_list("id", flat=True)) == [before]


def test_a_record_gone_from_the_source_is_withdrawn_and_comes_back() -> None:
    take(service("a"), service("b", at=place(), organisation=organisation()), service("c"))
    report = take(service("a"), service("c"))
    assert report.withdrawn == 1
    assert names() == ["Club a", "Club c"]
    gone = Service.objects.get(key="b")
    assert gone.withdrawn_at == NOW
    assert Organisation.objects.get(key="o1").withdrawn_at == NOW
    report = take(service("a"), service("b", at=place(), organisation=organisation()), service("c"))
    assert (report.restored, report.imported, report.unchanged) == (1, 1, 2)
    back = Service.objects.get(key="b")
    assert (back.id, back.withdrawn_at) == (gone.id, None)
    assert Organisation.objects.get(key="o1").withdrawn_at is None


def test_a_partial_reading_withdraws_nothing() -> None:
    take(service("a"), service("b"))
    report = take(service("a", name="Club a again"), whole=False)
    assert report.withdrawn == 0
    assert len(names()) == 2


def test_a_source_of_which_most_has_gone_is_refused_unless_it_is_meant() -> None:
    take(*(service(str(n)) for n in range(10)))
    with pytest.raises(actions.Shrunk, match="6 of the 10"):
        take(*(service(str(n)) for n in range(4)))
    assert len(names()) == 10
    assert take(*(service(str(n)) for n in range(4)), allow_shrink=True).withdrawn == 6


def test_nothing_at_all_is_not_an_empty_directory() -> None:
    with pytest.raises(Unreadable):
        take()
    assert not Source.objects.exists()


def test_a_broken_record_does_not_stop_the_good_and_keeps_what_was_held() -> None:
    take(service("a"), service("b"))
    report = take(service("a", name="  "), service("b"), service("", name="No id"))
    assert report.rejected == [("row a", "it has no name"), ("row ", "it has no id")]
    assert report.withdrawn == 0
    assert names() == ["Club a", "Club b"]


@pytest.mark.parametrize(
    "odd",
    [
        {"description": "nul\x00byte and half \ud83d emoji"},
        {"details": {"a\x00": ["\x00", {"b": "\udc00"}], "n": float("nan")}},
        {"name": "x" * 1001},
        {"key": "k" * 501},
        {"places": 10**12, "waiting_weeks": -3},
        {"min_age": "eleven"},
        {"delivery": "by owl"},
        {"costs": (CostRecord(amount_pence=10**30),)},
        {"times": (TimeRecord(interval=0, count=10**12, opens_at=time(25 % 24)),)},
        {"details": {1, 2}},
        {"languages": ("x\x00y",)},
    ],
)
def test_no_record_however_odd_stops_the_others(odd: dict[str, Any]) -> None:
    report = take(service("before"), replace(service("odd"), **odd), service("after"))
    assert report.read == 3
    assert {"Club before", "Club after"} <= set(names())
    again = take(service("before"), replace(service("odd"), **odd), service("after"))
    assert again.imported == 0


def test_a_record_only_the_database_finds_fault_with_is_found_and_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Should our own checks ever miss something, the batch is halved until the culprit is alone."""
    monkeypatch.setattr("stile.loop.directory.rules.entry.OLDEST", 10**6)
    good = [service(str(n), at=place()) for n in range(20)]
    report = take(*good[:7], service("old", min_age=400), *good[7:])
    assert [where for where, _ in report.rejected] == ["row old"]
    assert "it cannot be stored" in report.rejected[0][1]
    assert len(names()) == 20


def test_a_reader_that_fails_half_way_leaves_the_directory_as_it_was() -> None:
    take(service("a"))

    def breaks() -> Iterator[Item]:
        for n in range(3000):
            yield service(f"n{n}")
        raise Unreadable("page 7: the feed stopped")

    with pytest.raises(Unreadable, match="page 7"):
        actions.take_in(breaks(), source="town", by="test", now=NOW)
    assert names() == ["Club a"]
    assert ImportRun.objects.count() == 1


def test_a_dry_run_says_all_and_does_nothing() -> None:
    report = take(service("a"), Rejected("row 2", "it has no name"), dry_run=True)
    assert (report.read, report.imported, len(report.rejected), report.dry_run) == (2, 1, 1, True)
    assert not Service.objects.exists()
    assert not Source.objects.exists()


def test_the_same_record_twice_is_folded_and_another_under_its_id_is_refused() -> None:
    report = take(
        service("a"), service("a"), service("a", description="More words"), service("a", name="Karate")
    )
    assert (report.imported, report.merged) == (1, 2)
    assert report.warnings == [
        ("row a", "says otherwise than row a, which has the same id; the first was kept")
    ]
    assert report.rejected == [("row a", 'the id "a" belongs to "Club a" already (row a)')]


def test_one_place_told_in_two_ways_by_turns_is_kept_once() -> None:
    ways = [place(town=town) for town in ("Stretford", "Sale", "Stretford")]
    at_places = tuple(AtPlaceRecord(key=str(n), place=one) for n, one in enumerate(ways))
    assert take(service("a", at_places=at_places), service("b", at=ways[1])).imported == 2
    assert ServiceAtLocation.objects.filter(location__town="Stretford").count() == 4


def test_an_organisations_own_record_goes_before_what_its_services_say_of_it() -> None:
    short = OrganisationRecord("o1", "Dab Hands CIO")
    full = organisation(description="We make things", website="https://dabhands.example")
    take(service("a", organisation=short), full, service("b", organisation=short))
    assert Organisation.objects.get(key="o1").description == "We make things"
    report = take(service("a", organisation=short), full, service("b", organisation=short))
    assert report.unchanged == 3


def test_an_organisation_only_named_by_its_id_takes_nothing_from_what_is_known() -> None:
    take(organisation(description="We make things"))
    take(service("a", organisation=OrganisationRecord("o1", "")), whole=False)
    assert Organisation.objects.get(key="o1").description == "We make things"
    assert Service.objects.get(key="a").organisation == Organisation.objects.get(key="o1")


def test_positions_come_from_the_source_when_they_can_be_true_else_from_the_postcode() -> None:
    given = place("given", lat=53.48, lon=-2.24, postcode="")
    swapped = place("swapped", lat=-2.24, lon=53.48)
    blurred = place("part", postcode="M33 7")
    nowhere = place("none", postcode="Sale")
    report = take(*(service(one.key, at=one) for one in (given, swapped, blurred, nowhere)))
    at = {listing.name.removeprefix("Club "): listing for listing in queries.listings()}
    assert (at["given"].lat, at["given"].lon) == (53.48, -2.24)
    assert at["swapped"].lat == pytest.approx(53.42, abs=0.05)
    assert [reason for _, reason in report.warnings if "not in the United Kingdom" in reason]
    assert at["part"].position_km > 0.2
    assert at["none"].lat is None


def test_what_is_confirmed_or_said_here_is_not_undone_by_the_source() -> None:
    take(service(confirmed_on=date(2026, 1, 5), room=Room.OPEN, places=4))
    uid = Service.objects.get().uid
    actions.confirm(uid, by="worker", now=NOW)
    actions.set_room(uid, room=Room.FULL, by="worker", now=NOW)
    take(service(confirmed_on=date(2026, 1, 5), description="New words"))
    held = Service.objects.get()
    assert (held.confirmed_on, held.room, held.places) == (NOW.date(), "full", None)
    take(service(room=Room.OPEN, places=2))
    assert Service.objects.values_list("room", "places").get() == ("open", 2)


# ---------------------------------------------------------------- accounts, over any stream

KEYS = st.sampled_from(["a", "b", "c", "d", ""])
NAMES = st.sampled_from(["Chess", "Karate", "Clay club", " "])
PLACES = st.builds(PlaceRecord, key=st.sampled_from(["p", "q"]), town=st.sampled_from(["Sale", "Stretford"]))
ITEMS: st.SearchStrategy[Item] = st.one_of(
    st.builds(
        ServiceRecord,
        key=KEYS,
        name=NAMES,
        min_age=st.one_of(st.none(), st.integers(-5, 200)),
        max_age=st.one_of(st.none(), st.integers(-5, 200)),
        description=st.text(max_size=20),
        organisation=st.one_of(st.none(), st.builds(OrganisationRecord, key=KEYS, name=NAMES)),
        at_places=st.lists(
            st.builds(AtPlaceRecord, key=st.sampled_from(["", "x"]), place=PLACES), max_size=3
        ).map(tuple),
        terms=st.lists(st.builds(TermRecord, key=st.sampled_from(["t", "u"]), name=NAMES), max_size=2).map(
            tuple
        ),
    ),
    st.builds(OrganisationRecord, key=KEYS, name=NAMES),
    PLACES,
    st.builds(TermRecord, key=KEYS, name=NAMES),
    st.builds(Folded, where=st.just("row"), into=st.just("row")),
    st.builds(Rejected, where=st.just("row"), reason=st.just("broken")),
    st.builds(Warned, where=st.just("row"), reason=st.just("odd")),
)
RUNS = iter(range(10**9))


@pytest.mark.django_db(transaction=True)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ITEMS, min_size=1, max_size=12), st.lists(ITEMS, max_size=12))
def test_every_record_is_accounted_for(first: list[Item], second: list[Item]) -> None:
    source = f"source-{next(RUNS)}"
    for items in (first, second, second):
        if not [item for item in items if not isinstance(item, Warned)]:
            continue
        report = take(*items, source=source, allow_shrink=True)  # `take` checks that the report adds up
        assert report.read == len([item for item in items if not isinstance(item, Warned)])
        again = take(*items, source=source, allow_shrink=True)
        assert (again.imported, again.withdrawn) == (0, 0)
        assert (again.merged, len(again.rejected)) == (report.merged, len(report.rejected))
        held = set(
            Service.objects.filter(source__slug=source, withdrawn_at=None).values_list("key", flat=True)
        )
        met = [one for one in items if isinstance(one, ServiceRecord) and one.key]
        assert {one.key for one in met if one.name.strip()} <= held
        named = (one.key for one in items if not isinstance(one, Folded | Rejected | Warned))
        if all(named):  # else nothing is withdrawn
            assert held <= {one.key for one in met}


# ---------------------------------------------------------------- what comes out is what went in

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
JSON = st.dictionaries(
    TEXT,
    st.one_of(TEXT, st.integers(-9, 9), st.booleans(), st.none(), st.lists(TEXT, max_size=2)),
    max_size=3,
)
FACTS = st.dictionaries(
    st.sampled_from(["quiet", "loud", "step_free"]), st.sampled_from([Answer.YES, Answer.NO]), max_size=2
)
DAYS = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
CLOCKS = st.one_of(st.none(), st.times())
TIMES = st.lists(
    st.builds(
        TimeRecord, key=TEXT, freq=st.sampled_from(["", "WEEKLY", "MONTHLY"]), interval=st.integers(1, 4),
        byday=st.sampled_from(["", "TU", "MO,FR"]), dtstart=DAYS, valid_from=DAYS, valid_to=DAYS, until=DAYS,
        count=st.one_of(st.none(), st.integers(0, 50)), opens_at=CLOCKS, closes_at=CLOCKS, text=TEXT, details=JSON,
    ),
    max_size=3,
).map(tuple)  # fmt: skip


def keyed(number: int, name: str) -> st.SearchStrategy[Any]:
    return st.just(f"{name}{number}")


def organisations(number: int) -> st.SearchStrategy[OrganisationRecord]:
    return st.builds(
        OrganisationRecord, key=keyed(number, "o"), name=st.just(f"Org {number}"), description=TEXT, email=TEXT,
        website=TEXT, phone=TEXT, identifiers=st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple), details=JSON,
    )  # fmt: skip


def services(number: int) -> st.SearchStrategy[ServiceRecord]:
    places = st.builds(
        PlaceRecord, key=keyed(number, "p"), name=TEXT, organisation_key=TEXT, lat=st.one_of(st.none(), st.floats(-90, 90)),
        lon=st.one_of(st.none(), st.floats(-180, 180)), address=TEXT, town=TEXT, postcode=TEXT, country=TEXT,
        kind=st.sampled_from(["physical", "virtual", "postal"]), transport=TEXT, facts=FACTS, details=JSON,
    )  # fmt: skip
    terms = st.builds(
        TermRecord, key=keyed(number, "t"), name=TEXT, code=TEXT, uri=TEXT, parent_key=TEXT, details=JSON
    )
    return st.builds(
        ServiceRecord, key=keyed(number, "s"), name=st.just(f"Service {number}"),
        organisation=st.one_of(st.none(), organisations(number)), alternate_name=TEXT, description=TEXT, website=TEXT,
        email=TEXT, phone=TEXT, status=st.sampled_from(["active", "defunct"]), min_age=st.one_of(st.none(), st.integers(0, 12)),
        max_age=st.one_of(st.none(), st.integers(12, 99)), age_text=TEXT, delivery=st.sampled_from(Delivery),
        parent_form=st.sampled_from(ParentForm), room=st.sampled_from(Room), places=st.one_of(st.none(), st.integers(0, 99)),
        kinds=st.sampled_from([(), ("drawing",), ("dance", "boxing")]), facts=FACTS,
        languages=st.lists(TEXT, max_size=2).map(tuple), welcome=st.builds(Welcome, walk_in=TEXT, first_time=TEXT),
        confirmed_on=DAYS, at_places=st.lists(
            st.builds(AtPlaceRecord, key=st.sampled_from(["", "x"]), place=places, times=TIMES, details=JSON), max_size=1
        ).map(tuple), times=TIMES, costs=st.lists(st.builds(
            CostRecord, key=TEXT, option=TEXT, amount_pence=st.one_of(st.none(), st.integers(0, 10**6)),
            currency=st.sampled_from(["", "GBP", "USD"]), text=TEXT, valid_from=DAYS, details=JSON,
        ), max_size=2).map(tuple), terms=st.lists(terms, max_size=1).map(tuple), details=JSON,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(organisations(9), st.tuples(services(1), services(2), services(3)))
def test_what_comes_out_is_what_went_in(alone: OrganisationRecord, some: tuple[ServiceRecord, ...]) -> None:
    source = f"round-{next(RUNS)}"
    take(alone, *some, source=source)
    assert list(queries.records(source)) == [alone, *some]
    # And it can be taken in again, from itself: nothing has changed.
    report = take(*queries.records(source), source=source)
    assert report.unchanged == 4


def test_all_sources_together_come_out_under_public_ids() -> None:
    take(service("1", organisation=organisation("1"), at=place("1")), source="north")
    take(
        service("1", name="Other", organisation=organisation("1", name="Else"), at=place("1")), source="south"
    )
    found = [one for one in queries.records() if isinstance(one, ServiceRecord)]
    assert len({one.key for one in found}) == 2
    assert {one.key for one in found} == {str(uid) for uid in Service.objects.values_list("uid", flat=True)}
    assert len({one.at_places[0].key for one in found}) == 2
