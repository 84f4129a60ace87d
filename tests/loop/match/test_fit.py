"""What leaves an activity out: each sieve by example, and the hazards as properties."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.kernel.geo import km_between
from stile.loop.directory.rules.standing import Checks
from stile.loop.directory.rules.vocabulary import Delivery, ParentForm, PartOfDay, Room
from stile.loop.match import reference
from stile.loop.match.rules.asked import Heard, ask
from stile.loop.match.rules.fit import fit, metres_between, micro
from stile.loop.match.rules.sieve import HARD_MASK, SIEVES, UNSURE_MASK, Bit, Sort
from stile.loop.match.rules.wish import Travel, Wish

from .examples import HERE, activity, found, with_facts
from .strategies import NOW, TODAY, Askings, Worlds, askings, worlds

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def bits(listing: Any, wish: Wish, heard: Heard | None = None, close: int = 0) -> set[Bit]:
    mask = fit(listing, ask(wish, NOW, heard or Heard()), close).mask
    return {bit for bit in Bit if mask >> bit & 1}


CASES: list[tuple[str, dict[str, Any], Wish, set[Bit]]] = [
    ("nothing asked", {}, Wish(), set()),
    ("withdrawn", {"withdrawn": True}, Wish(), {Bit.CLOSED}),
    ("defunct", {"status": "defunct"}, Wish(), {Bit.CLOSED}),
    ("closed for now", {"status": "temporarily closed"}, Wish(), {Bit.CLOSED_FOR_NOW}),
    ("checks missing", {"checks": Checks.MISSING}, Wish(), {Bit.CHECKS}),
    ("checks ran out yesterday", {"checks_until": TODAY - timedelta(days=1)}, Wish(), {Bit.CHECKS}),
    ("checks run out today", {"checks_until": TODAY}, Wish(), set()),
    ("checks unknown, looking", {"checks": Checks.UNKNOWN}, Wish(), set()),
    ("checks unknown, introducing", {"checks": Checks.UNKNOWN}, Wish(introducing=True), {Bit.CHECKS_UNKNOWN}),
    ("90 days old", {"checked_on": TODAY - timedelta(days=90)}, Wish(), set()),
    ("91 days old", {"checked_on": TODAY - timedelta(days=91)}, Wish(), {Bit.STALE}),
    ("too young", {}, Wish(age=10), {Bit.AGE}),
    ("youngest", {}, Wish(age=11), set()),
    ("oldest", {}, Wish(age=18), set()),
    ("too old", {}, Wish(age=19), {Bit.AGE}),
    ("no ages", {"min_age": None, "max_age": None}, Wish(age=15), {Bit.AGE_UNKNOWN}),
    ("from 11 and no more said", {"max_age": None}, Wish(age=40), set()),
    ("up to 25 alone, a child", {"min_age": None, "max_age": 25}, Wish(age=12), {Bit.AGE_UNKNOWN}),
    ("up to 25 alone, an adult", {"min_age": None, "max_age": 25}, Wish(age=18), set()),
    ("full", {"room": Room.FULL}, Wish(), {Bit.FULL}),
    ("paused", {"room": Room.PAUSED}, Wish(), {Bit.FULL}),
    ("no places left", {"places": 0}, Wish(), {Bit.FULL}),
    ("a waiting list", {"places": 0, "room": Room.WAITING_LIST}, Wish(), set()),
    ("a km away, on foot", {}, Wish(near=HERE, travel=Travel.FOOT), set()),
    ("a km away, going half", {}, Wish(near=HERE, km=0.4), {Bit.FAR}),
    ("half a km off, going half", {"position_km": 0.7}, Wish(near=HERE, km=0.4), set()),
    ("half sure where we are", {}, Wish(near=replace(HERE, sure_km=0.7), km=0.4), set()),
    ("place not known", {"lat": None}, Wish(near=HERE), {Bit.POSITION_UNKNOWN}),
    ("place not known, none asked", {"lat": None}, Wish(), set()),
    ("online", {"lat": None, "delivery": Delivery.ONLINE}, Wish(near=HERE, online=True), set()),
    ("online, not asked", {"lat": None, "delivery": Delivery.ONLINE}, Wish(near=HERE), {Bit.ONLINE_ONLY}),
    ("both, too far to go", {"lat": 50.0, "delivery": Delivery.BOTH}, Wish(near=HERE), {Bit.ONLINE_ONLY}),
    ("both, joined online", {"lat": 50.0, "delivery": Delivery.BOTH}, Wish(near=HERE, online=True), set()),
    ("tuesday", {}, Wish(days=frozenset({1})), set()),
    ("wednesday", {}, Wish(days=frozenset({2})), {Bit.TIME}),
    ("tuesday morning", {}, Wish(days=frozenset({1}), parts=frozenset({PartOfDay.MORNING})), {Bit.TIME}),
    ("today", {}, Wish(on_or_after=TODAY, on_or_before=TODAY), set()),
    ("tomorrow", {}, Wish(on_or_after=TODAY + timedelta(1), on_or_before=TODAY + timedelta(1)), {Bit.TIME}),
    ("times not known", {"times": ()}, Wish(days=frozenset({1})), {Bit.TIME_UNKNOWN}),
    ("free", {}, Wish(budget_pence=0), set()),
    ("a penny too much", {"price_pence": 301}, Wish(budget_pence=300), {Bit.PRICE}),
    ("price not known", {"price_pence": None}, Wish(budget_pence=0), {Bit.PRICE_UNKNOWN}),
    (
        "form under 16, aged 15",
        {"parent_form": ParentForm.UNDER_16},
        Wish(no_parent_form=True, age=15),
        {Bit.FORM},
    ),
    (
        "form under 16, aged 16",
        {"parent_form": ParentForm.UNDER_16},
        Wish(no_parent_form=True, age=16),
        set(),
    ),
    ("form under 16, no age", {"parent_form": ParentForm.UNDER_16}, Wish(no_parent_form=True), {Bit.FORM}),
    ("form not known, aged 15", {}, Wish(no_parent_form=True, age=15), {Bit.FORM_UNKNOWN}),
    ("form not known, aged 18", {}, Wish(no_parent_form=True, age=18), set()),
    ("in welsh", {"languages": ("cy", "en")}, Wish(language="cy"), set()),
    ("not in welsh", {"languages": ("en",)}, Wish(language="cy"), {Bit.LANGUAGE}),
    ("language not known", {}, Wish(language="cy"), {Bit.LANGUAGE_UNKNOWN}),
    ("english goes without saying", {}, Wish(language="en"), set()),
    ("another kind", {}, Wish(kinds=frozenset({"football"})), {Bit.KIND}),
    ("that kind", {}, Wish(kinds=frozenset({"football", "drawing"})), set()),
]


@pytest.mark.parametrize(
    ("told", "wish", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_each_sieve(told: dict[str, Any], wish: Wish, expected: set[Bit]) -> None:
    assert bits(activity(**told), wish) == expected


@pytest.mark.parametrize(
    ("answer", "needed", "avoided"),
    [
        (YES, set(), {Bit.AVOID}),
        (NO, {Bit.NEEDS}, set()),
        (UNKNOWN, {Bit.NEEDS_UNKNOWN}, {Bit.AVOID_UNKNOWN}),
    ],
)
def test_facts(answer: Answer, needed: set[Bit], avoided: set[Bit]) -> None:
    one = with_facts(activity(), step_free=answer, heights=answer)
    assert bits(one, Wish(needs=frozenset({"step_free"}))) == needed
    assert bits(one, Wish(avoid=frozenset({"heights"}))) == avoided


def test_welsh_by_fact() -> None:
    wish = Wish(language="cy")
    assert bits(with_facts(activity(), in_welsh=YES), wish) == set()
    assert bits(with_facts(activity(), in_welsh=NO), wish) == {Bit.LANGUAGE}


def test_kinds_heard_hinted_and_turned_down() -> None:
    one = activity(kinds=("football", "drawing"))
    assert bits(one, Wish(), Heard(refused={"football": "not football"})) == {Bit.REFUSED}
    assert bits(one, Wish(), Heard(kinds={"drawing": "art"}, refused={"football": "not football"})) == set()
    assert bits(one, Wish(), Heard(hints={"animals": "calm"})) == set()  # a hint leaves nothing out
    assert bits(one, Wish(), Heard(kinds={"singing": "choir"}, hints={"drawing": "calm"})) == {
        Bit.KIND
    }  # nor in


def test_an_activity_of_no_known_kind_is_judged_by_its_own_words() -> None:
    wish, nameless = Wish(kinds=frozenset({"football"})), activity(kinds=("other",))
    assert bits(nameless, wish, close=9) == {Bit.KIND}
    assert bits(nameless, wish, close=10) == set()
    assert bits(activity(), wish, close=24) == {Bit.KIND}  # its kind is known, and is another


def test_crowds_heard_are_left_out_where_known_and_shown_where_not() -> None:
    nervous = Heard(harder={"crowds": "nervous in crowds"})
    assert bits(with_facts(activity(), crowds=YES), Wish(), nervous) == {Bit.AVOID}
    assert bits(activity(), Wish(), nervous) == set()


def test_wishes_with_words_we_do_not_know_are_refused() -> None:
    for wish in (
        Wish(kinds=frozenset({"croquet"})),
        Wish(needs=frozenset({"nice"})),
        Wish(days=frozenset({7})),
        Wish(age=121),
        Wish(age=-1),
    ):
        with pytest.raises(ValueError, match=r"no such|days are|an age"):
            ask(wish, NOW)


@given(st.floats(49.5, 60.5), st.floats(-8, 2), st.floats(-0.5, 0.5), st.floats(-0.8, 0.8))
def test_distance_is_the_great_circles_within_a_thousandth(
    lat: float, lon: float, north: float, east: float
) -> None:
    ours = metres_between(micro(lat), micro(lon), micro(lat + north), micro(lon + east)) / 1000
    assert ours == pytest.approx(km_between(lat, lon, lat + north, lon + east), rel=0.0015, abs=0.002)


def test_every_sieve_has_its_bit_and_order() -> None:
    assert [one.bit for one in SIEVES] == list(Bit)
    assert not HARD_MASK & UNSURE_MASK
    assert len({one.code for one in SIEVES}) == len(SIEVES)


# ---------------------------------------------------------------- hazards


@settings(deadline=None)
@given(worlds, askings)
def test_H08_H09_H10_H24_nothing_unsafe_or_unknown_is_suggested(recipe: Worlds, asking: Askings) -> None:
    """Stated from the hazard log, not from the code: what a suggestion must be true of."""
    listings, asked = {one.row: one for one in recipe.made()}, asking.made()
    result = reference.search(listings.values(), asked)
    for row in (*result.fits.rows, *result.outside.rows):
        one = listings[row]
        assert not one.withdrawn
        assert one.status == "active"
        assert (asked.today - one.checked_on).days <= 90  # H08
        assert one.checks in (Checks.CURRENT, Checks.UNKNOWN)  # H09
        assert one.checks is Checks.CURRENT or not asked.introducing
        assert one.checks is not Checks.CURRENT or one.checks_until is None or one.checks_until >= asked.today
        if asked.age is not None:  # H10
            assert one.min_age is None or one.min_age <= asked.age
            assert one.max_age is None or one.max_age >= asked.age
            assert one.min_age is not None or (one.max_age is not None and asked.age >= 18)
        assert all(one.facts.get(need) is YES for need in asked.wish.needs)  # H10
        assert all(one.facts.get(thing) is NO for thing in asked.wish.avoid)  # H24
        assert one.room not in (Room.FULL, Room.PAUSED)
    for row in result.ask_first.rows:
        one = listings[row]
        assert not any(one.facts.get(need) is NO for need in asked.wish.needs)
        assert not any(one.facts.get(thing) is YES for thing in asked.wish.avoid)


@settings(deadline=None)
@given(worlds, askings)
def test_H10_a_directory_that_knows_nothing_suggests_nothing_to_who_needs_something(
    recipe: Worlds, asking: Askings
) -> None:
    asked = asking.made()
    blank = [replace(one, facts={}) for one in recipe.made()]
    if asked.needs | asked.avoid:
        assert not reference.search(blank, asked).fits.rows


def test_only_bending_sieves_are_ever_offered_to_be_let_go() -> None:
    from stile.loop.match.rules.relax import WORDS

    sorts = {sieve.bit: sieve.sort for sieve in SIEVES}
    assert {sorts[bit] for _code, bit, _words in WORDS} == {Sort.BENDING}
    assert found([activity(min_age=16)], Wish(age=15)).relax[0].code == "person"
