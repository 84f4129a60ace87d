"""Hazard controls of the match, through the whole of it: directory, index, shortlist, page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.loop.directory import actions
from stile.loop.directory.queries import listings_by_row, service_page
from stile.loop.directory.rules.records import AssuranceRecord
from stile.loop.directory.rules.standing import Checks
from stile.loop.directory.rules.vocabulary import FACTS, Room
from stile.loop.match.current import CURRENT
from stile.loop.match.queries import shortlist
from stile.loop.match.rules.wish import Shortlist, Wish
from tests import world

ANYTHING = Wish(near=world.NEAR, km=30, first=200)
NEEDS = [fact.slug for fact in FACTS if not fact.avoid]
AVOIDS = [fact.slug for fact in FACTS if fact.avoid]


@pytest.fixture
def town(db: None) -> Iterator[None]:
    world.build()
    yield
    CURRENT.clear()


def names(found: Shortlist) -> set[str]:
    return {one.name for one in (*found.suggestions, *found.ask_first)}


def facts_of(found: Shortlist, row: int) -> dict[str, Answer]:
    return {one.row: dict(one.facts) for one in listings_by_row([row])}[row]


@pytest.mark.parametrize("days", [0, 60, 90, 91, 400])
def test_H08_nothing_unconfirmed_for_over_ninety_days_is_matched(town: None, days: int) -> None:
    later = world.NOON + timedelta(days=days)
    found = shortlist(ANYTHING, later)
    for one in (*found.suggestions, *found.ask_first):
        listing = listings_by_row([one.row])[0]
        assert (later.date() - listing.checked_on).days <= 90
    assert names(found) or days > 60
    assert not names(found) or days <= 90


def test_H08_an_activity_that_closes_is_not_shown_even_by_an_index_that_has_not_heard(town: None) -> None:
    """The index is read before and never refreshed between: the database has the last word."""
    before = shortlist(ANYTHING, world.NOON)
    gone = before.suggestions[0]
    CURRENT._looked = float("inf")  # it will not look for changes by itself
    actions.set_room(gone.service_id, room=Room.PAUSED, by="test", now=world.NOON)
    after = shortlist(ANYTHING, world.NOON)
    assert gone.name in names(before)
    assert gone.service_id not in {one.service_id for one in after.suggestions}


@pytest.mark.parametrize("introducing", [False, True])
def test_H09_a_check_that_runs_out_ends_matching_the_next_day(town: None, introducing: bool) -> None:
    wish = replace(ANYTHING, introducing=introducing)
    found = shortlist(wish, world.NOON)
    for one in found.suggestions:
        checks = listings_by_row([one.row])[0].checks
        assert checks is Checks.CURRENT or (checks is Checks.UNKNOWN and not introducing)
    assert found.suggestions


def test_H09_a_suspended_group_is_gone_at_once_from_lists_and_its_page_says_so(
    town: None, client: Client
) -> None:
    one = shortlist(ANYTHING, world.NOON).suggestions[0]
    actions.suspend(service_uid=one.service_id, by="lead", now=world.NOON)
    assert one.service_id not in {s.service_id for s in shortlist(ANYTHING, world.NOON).suggestions}
    page = client.get(f"/go/{one.service_id}/")
    assert page.status_code == 410
    assert "card.pdf" not in page.content.decode()


def test_H09_a_check_past_its_review_date_is_no_check(town: None) -> None:
    one = shortlist(replace(ANYTHING, introducing=True), world.NOON).suggestions[0]
    listing = listings_by_row([one.row])[0]
    assert listing.checks_until is not None
    day_after = world.NOON + timedelta(days=(listing.checks_until - world.NOON.date()).days + 1)
    actions.confirm(one.service_id, by="test", now=day_after)
    again = shortlist(ANYTHING, day_after)
    assert one.service_id not in {s.service_id for s in (*again.suggestions, *again.ask_first)}


def test_H09_one_missing_check_among_shown_ones_blocks(town: None) -> None:
    unknown = next(
        one
        for one in shortlist(ANYTHING, world.NOON).suggestions
        if listings_by_row([one.row])[0].checks is Checks.UNKNOWN
    )
    actions.add_assurance(
        AssuranceRecord("insurance", world.NOON.date(), "lead", world.NOON.date() + timedelta(days=200)),
        service_uid=unknown.service_id, by="lead", now=world.NOON,
    )  # fmt: skip
    page = service_page(unknown.service_id)
    assert page is not None
    assert page.checks is Checks.MISSING
    assert unknown.service_id not in {s.service_id for s in shortlist(ANYTHING, world.NOON).suggestions}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(need=st.sampled_from(NEEDS), age=st.integers(11, 25))
def test_H10_unknown_is_never_taken_for_yes(town: None, need: str, age: int) -> None:
    found = shortlist(replace(ANYTHING, needs=frozenset({need}), age=age), world.NOON)
    for one in found.suggestions:
        listing = listings_by_row([one.row])[0]
        assert listing.facts.get(need, Answer.UNKNOWN) is Answer.YES
        assert not (listing.min_age is None and listing.max_age is None)
        assert (listing.min_age or 0) <= age <= (listing.max_age or 200)
    for one in found.ask_first:
        assert one.unknown, "what is asked first says what to ask"
        assert listings_by_row([one.row])[0].facts.get(need, Answer.UNKNOWN) is not Answer.NO


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(avoid=st.sampled_from(AVOIDS))
def test_H24_what_somebody_stays_away_from_is_certainly_not_there(town: None, avoid: str) -> None:
    found = shortlist(replace(ANYTHING, avoid=frozenset({avoid})), world.NOON)
    for one in found.suggestions:
        assert listings_by_row([one.row])[0].facts.get(avoid, Answer.UNKNOWN) is Answer.NO
    for one in found.ask_first:
        assert listings_by_row([one.row])[0].facts.get(avoid, Answer.UNKNOWN) is not Answer.YES


def test_H24_safety_is_never_offered_as_something_to_let_go_of(town: None) -> None:
    wish = replace(
        ANYTHING, km=1, age=12, needs=frozenset({"bsl", "changing_place"}), avoid=frozenset({"heights"})
    )
    for way in shortlist(wish, world.NOON).relax:
        assert not {"needs", "avoid", "age", "introducing"} & set(way.change)
