"""Listings for the matcher: complete, and every later change found, whatever commits in which order."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from threading import Thread
from time import sleep

import psycopg
import pytest
from django.db import connection, transaction

from stile.access.gate import working_as
from stile.kernel.answer import Answer
from stile.kernel.decision import Refused
from stile.loop.directory import actions, queries
from stile.loop.directory.models import Hello, HowItWas, Service, ServiceAtLocation, WrongDetails
from stile.loop.directory.rules.records import (
    AtPlaceRecord,
    CostRecord,
    Item,
    PlaceRecord,
    ServiceRecord,
    TimeRecord,
    Welcome,
)
from stile.loop.directory.rules.standing import Freshness
from stile.loop.directory.rules.vocabulary import Delivery, PartOfDay, Room, slot_bit

from .making import NOW, organisation, place, service, take

TUESDAY = TimeRecord(freq="WEEKLY", byday="TU", opens_at=time(16), closes_at=time(18))
FRIDAY = TimeRecord(freq="WEEKLY", byday="FR", opens_at=time(10), closes_at=time(11))


def uid(key: str = "s1") -> str:
    return str(Service.objects.values_list("uid", flat=True).get(key=key))


@pytest.mark.django_db
def test_a_listing_says_all_that_a_match_needs() -> None:
    hall = place(facts={"step_free": Answer.YES, "quiet": Answer.NO})
    take(
        ServiceRecord(
            "s1", "Open Easels", organisation(), description="Paint and draw at your own pace.", min_age=11, max_age=16,
            at_places=(AtPlaceRecord("at", hall, (FRIDAY,)),), times=(TUESDAY,), facts={"quiet": Answer.YES},
            costs=(CostRecord(amount_pence=250),), languages=("Welsh",), room=Room.OPEN, places=3,
            confirmed_on=date(2026, 11, 1),
        )
    )  # fmt: skip
    (one,) = queries.listings()
    assert (one.name, one.organisation, one.town) == ("Open Easels", "Dab Hands CIO", "Sale")
    assert "drawing" in one.kinds
    assert one.facts == {"step_free": Answer.YES, "quiet": Answer.NO}
    assert (one.min_age, one.max_age, one.price_pence, one.places) == (11, 16, 250, 3)
    assert one.times == (TUESDAY, FRIDAY)
    assert one.slots & slot_bit(1, PartOfDay.AFTERNOON)
    assert one.slots & slot_bit(4, PartOfDay.MORNING)
    assert (one.languages, one.checked_on, one.room) == (("cy",), date(2026, 11, 1), Room.OPEN)
    assert queries.listings_by_row([one.row, 10**9]) == [one]


@pytest.mark.django_db
def test_H10_what_a_source_does_not_say_is_unknown() -> None:
    take(service())
    (one,) = queries.listings()
    assert one.facts == {}
    assert (one.min_age, one.max_age, one.price_pence, one.places, one.lat) == (None, None, None, None, None)
    assert (one.delivery, one.room, one.slots, one.times) == (Delivery.UNKNOWN, Room.UNKNOWN, 0, ())
    with pytest.raises(TypeError):
        bool(Answer.UNKNOWN)


@pytest.mark.django_db
def test_a_service_at_two_places_has_two_rows_and_one_without_a_place_has_one() -> None:
    both = ServiceRecord(
        "b",
        "Both",
        at_places=(
            AtPlaceRecord("1", place("p")),
            AtPlaceRecord("2", place("q", town="Stretford"), (TUESDAY,)),
        ),
    )
    link = PlaceRecord("web", kind="virtual", postcode="M33 7ZF")
    take(both, service("none"), service("online", at=link))
    found = {(one.name, one.town): one for one in queries.listings()}
    assert len(found) == 4
    assert (found["Both", "Sale"].times, found["Both", "Stretford"].times) == ((), (TUESDAY,))
    assert found["Club online", ""].delivery is Delivery.ONLINE
    assert found["Club online", ""].lat is None


@pytest.mark.django_db
def test_listings_come_slice_by_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "SLICE", 3)
    take(*(service(f"{n:02d}") for n in range(10)))
    assert [one.name for one in queries.listings()] == [f"Club {n:02d}" for n in range(10)]


@pytest.mark.django_db
def test_H08_a_listing_ages_from_the_last_word_on_it() -> None:
    take(service("old", confirmed_on=date(2026, 8, 1)), service("listed"))
    assert {one.name: one.checked_on for one in queries.listings()} == {
        "Club old": date(2026, 8, 1),
        "Club listed": NOW.date(),
    }
    page = queries.service_page(uid("old"))
    assert page is not None
    assert (page.freshness, page.standing.code) == (Freshness.STALE, "stale")
    actions.confirm(uid("old"), by="worker", now=NOW)
    page = queries.service_page(uid("old"))
    assert page is not None
    assert (page.checked_on, page.confirmed, page.standing.code) == (NOW.date(), True, "")


@pytest.mark.django_db
def test_H08_reports_that_it_has_closed_grey_it_until_somebody_confirms() -> None:
    take(service())
    actions.report_wrong(uid(), what="closed", words="shutters down", now=NOW - timedelta(days=2))
    assert [one.doubted for one in queries.listings()] == [False]
    actions.report_wrong(uid(), what="closed", now=NOW)
    assert [one.doubted for one in queries.listings()] == [True]
    assert actions.confirm_source("town", by="worker", now=NOW) == 0
    actions.confirm(uid(), by="worker", now=NOW)
    assert [one.doubted for one in queries.listings()] == [False]
    actions.report_wrong(uid(), what="closed", now=NOW)
    assert [one.doubted for one in queries.listings()] == [False]
    assert actions.confirm_source("town", by="worker", now=NOW) == 1
    with pytest.raises(Refused):
        actions.report_wrong(uid(), what="ugly", now=NOW)


@pytest.mark.django_db
def test_faces_are_counted_by_the_month() -> None:
    take(service())
    for face in ("good", "good", "not_for_me"):
        actions.say_how_it_was(uid(), face=face, now=NOW)
    found = set(HowItWas.objects.values_list("month", "face", "count"))
    assert found == {(date(2026, 11, 1), "good", 2), (date(2026, 11, 1), "not_for_me", 1)}
    with pytest.raises(Refused):
        actions.say_how_it_was(uid(), face="five stars", now=NOW)


@pytest.mark.django_db
def test_an_activity_page_has_everything_one_is_afraid_to_ask() -> None:
    welcome = Welcome(walk_in="Dee waves from the desk.", who_meets_you="Dee, green jumper")
    take(
        service(at=place(), welcome=welcome, costs=(CostRecord(option="Session", amount_pence=0),), times=(TUESDAY,),
                details={"alert": "No session on 25 December"}, phone="0161 900 0000")
    )  # fmt: skip
    page = queries.service_page(uid())
    assert page is not None
    assert page.welcome == welcome
    assert (page.places[0].town, page.places[0].times, page.price_pence) == ("Sale", (TUESDAY,), 0)
    assert page.details["alert"] == "No session on 25 December"
    assert [credit.name for credit in page.credits] == ["town"]
    assert queries.service_page("5b0e2f0c-6f5b-5c41-9d0c-000000000000") is None


@pytest.mark.django_db
def test_names_are_found_though_misspelled() -> None:
    take(
        service("a", name="Sale Chess Club"),
        service("b", name="Karate", organisation=organisation(name="Chequers")),
    )
    assert [one.name for one in queries.search_names("ches club")] == ["Sale Chess Club"]
    assert [one.name for one in queries.search_names("chequers")] == ["Karate"]
    assert queries.search_names("c") == []
    assert queries.search_names("100% _nothing_") == []


# ---------------------------------------------------------------- the change feed


def quiet_mark() -> int:
    """A mark with nothing new behind it.

    The mark is the oldest transaction of the whole server. While another test's database beside ours
    has one under way, what was just written may come a second time, as it may in service.
    """
    for _ in range(300):
        mark = queries.change_mark()
        if not list(queries.listings(mark)):
            return mark
        sleep(0.1)
    raise AssertionError("the feed never came to rest")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        lambda: take(service("a", description="New"), whole=False),
        lambda: take(service("a", at=place("p", town="Stretford")), whole=False),
        lambda: take(place("p", town="Urmston"), whole=False),
        lambda: take(organisation(name="New name"), whole=False),
        lambda: take(service("a", times=(TUESDAY,)), whole=False),
        lambda: actions.confirm(uid("a"), by="w", now=NOW),
        lambda: actions.set_room(uid("a"), room=Room.FULL, by="w", now=NOW),
        lambda: actions.suspend(by="w", now=NOW, service_uid=uid("a")),
        lambda: ServiceAtLocation.objects.filter(service__key="a").update(slots=7),
    ],
)  # fmt: skip
def test_whatever_shows_on_a_listing_brings_it_into_the_feed(change) -> None:  # type: ignore[no-untyped-def]
    take(service("a", at=place("p"), organisation=organisation()), service("b"))
    mark = quiet_mark()
    change()
    assert [one.name for one in queries.listings(mark)] == ["Club a"]


@pytest.mark.django_db(transaction=True)
def test_what_is_no_longer_shown_comes_once_more_as_withdrawn() -> None:
    take(service("a"), service("b"), service("c"))
    mark = quiet_mark()
    take(service("a"), service("b"))
    assert [(one.name, one.withdrawn) for one in queries.listings(mark)] == [("Club c", True)]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_is_not_missed() -> None:
    """A slow transaction begins first, a quick one commits, the reader looks, then the slow one commits."""
    take(service("slow"), service("quick"))
    with another_connection() as slow:
        slow.execute("UPDATE directory_service SET description = 'slow' WHERE key = 'slow'")
        actions.confirm(uid("quick"), by="w", now=NOW)
        mark = queries.change_mark()
        seen = [one.name for one in queries.listings(mark)]
        assert "Club slow" not in seen  # it has not committed
        slow.commit()
    assert "Club slow" in [one.name for one in queries.listings(mark)]


@pytest.mark.django_db(transaction=True)
def test_a_mark_of_another_history_gives_everything() -> None:
    take(service("a"), service("b"))
    assert len(list(queries.listings(queries.change_mark() + 10**6))) == 2


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_source_at_once_the_second_is_told_to_wait() -> None:
    take(service("a"))
    trouble: list[Exception] = []

    def second() -> None:
        try:
            actions.take_in(iter([service("b")]), source="town", by="test", now=NOW)
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    def first() -> Iterator[Item]:
        yield service("a")
        other = Thread(target=second)
        other.start()
        other.join()
        yield service("c")

    assert actions.take_in(first(), source="town", by="test", now=NOW).imported == 1
    assert [type(error) for error in trouble] == [actions.Busy]
    assert sorted(one.name for one in queries.listings()) == ["Club a", "Club c"]


def another_connection() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor})


# ---------------------------------------------------------------- who may


@pytest.mark.django_db(transaction=True)
def test_looking_without_an_account_reads_what_is_open_and_leaves_word_without_reading_others() -> None:
    take(service("a", at=place(), organisation=organisation()))
    public = uid("a")
    with transaction.atomic(), working_as("stile_public"):
        (one,) = queries.listings()
        assert queries.service_page(one.uid) is not None
        assert queries.search_names("Club")
        actions.report_wrong(public, what="moved", words="to the library", now=NOW - timedelta(hours=5))
        actions.report_wrong(public, what="closed", now=NOW)
        actions.say_how_it_was(public, face="ok", now=NOW)
    for forbidden in (
        "SELECT 1 FROM directory_wrongdetails",
        "SELECT 1 FROM directory_hello",
        "SELECT 1 FROM directory_importrun",
        "SELECT 1 FROM directory_link",
        "UPDATE directory_service SET name = 'x'",
        "DELETE FROM directory_service",
    ):
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            working_as("stile_public"),
        ):
            queries.rows_of(forbidden)
    assert WrongDetails.objects.count() == 2
    assert Service.objects.get().doubted_at == NOW


@pytest.mark.django_db(transaction=True)
def test_a_hello_is_kept_thirty_days_and_read_by_nobody_here() -> None:
    from django.utils import timezone

    now = timezone.now()
    take(service("a"))
    public = uid("a")
    with transaction.atomic(), working_as("stile_public"):
        actions.tell_them(public, name_to_use="Jo", reply_to="07700 900123", first_time=True, now=now)
        actions.tell_them(
            public, name_to_use="Al", reply_to="07700 900124", first_time=False, now=now - timedelta(days=31)
        )
    assert list(Hello.objects.values_list("name_to_use", flat=True)) == [
        "Al"
    ]  # only what has run out is seen
    assert actions.forget_old(now=now) == 1
    assert not Hello.objects.exists()
    assert actions.forget_old(now=now + timedelta(days=29)) == 0
    with pytest.raises(Refused):
        actions.tell_them(public, name_to_use="", reply_to="x", first_time=True, now=now)


@pytest.mark.django_db
def test_the_words_of_old_reports_are_emptied() -> None:
    take(service())
    actions.report_wrong(uid(), what="other", words="ask for Sam Example", now=NOW - timedelta(days=91))
    actions.forget_old(now=NOW)
    assert list(WrongDetails.objects.values_list("words", flat=True)) == [""]
