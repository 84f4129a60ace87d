"""The list somebody sees: reasons in their words, what is unknown, different things, never nothing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import TimeRecord
from stile.loop.directory.rules.times import LONDON
from stile.loop.directory.rules.vocabulary import KINDS, ParentForm, Room, Tile
from stile.loop.match import reference
from stile.loop.match.rules.asked import Asked, Heard, ask
from stile.loop.match.rules.score import points, score
from stile.loop.match.rules.shortlist import arranged, shortlist
from stile.loop.match.rules.unmet import unmet_kinds
from stile.loop.match.rules.wish import Travel, Where, Wish

from .examples import HERE, activity, found, only, told, with_facts
from .strategies import NOW, SALE, TODAY, Askings, Worlds, askings, worlds

YES, NO = Answer.YES, Answer.NO


# ---------------------------------------------------------------- reasons


def test_reasons_in_their_own_words() -> None:
    one = with_facts(
        activity(kinds=("animals",), parent_form=ParentForm.NEVER),
        step_free=YES,
        someone_meets_you=YES,
        crowds=NO,
    )
    wish = Wish(
        near=HERE, travel=Travel.BIKE, needs=frozenset({"step_free"}), with_someone=True, budget_pence=0
    )
    heard = Heard(kinds={"animals": "guinea pigs"}, harder={"crowds": "nervous in crowds"})
    assert told(only(one, wish, heard).reasons) == [
        "because you said guinea pigs",
        "without crowds, because you said nervous in crowds",
        "someone meets you at the door",
        "step-free, 6 minutes by bike",
        "starts Tuesday 3 March at 4pm, 3 places",
        "free",
        "no parent form",
    ]


def test_a_tile_is_called_by_its_name_and_a_kind_by_its_own() -> None:
    make = frozenset(kind.slug for kind in KINDS if kind.tile is Tile.MAKE)
    assert told(only(activity(), Wish(kinds=make)).reasons)[0] == "because you picked Make"
    assert (
        told(only(activity(), Wish(kinds=frozenset({"drawing"}))).reasons)[0]
        == "because you picked Drawing and painting"
    )


def test_what_they_typed_is_never_taken_for_a_pattern() -> None:
    heard = Heard(kinds={"drawing": "100%s art"})
    assert told(only(activity(), Wish(), heard).reasons)[0] == "because you said 100%s art"


def test_unknowns_are_questions() -> None:
    bare = activity(price_pence=None, room=Room.UNKNOWN, places=None, times=())
    heard = Heard(harder={"crowds": "nervous in crowds"})
    assert told(only(bare, Wish(), heard).unknown) == [
        "we don’t know: is it crowded?",
        "we don’t know: when is it?",
        "we don’t know: what does it cost?",
    ]
    wish = Wish(needs=frozenset({"step_free"}), days=frozenset({1}), budget_pence=0)
    (asked_first,) = found([bare], wish).ask_first
    assert told(asked_first.unknown)[:3] == [
        "we don’t know: is it step-free?",
        "we don’t know: when is it?",
        "we don’t know: what does it cost?",
    ]


def test_a_vague_place_is_said_to_be_vague() -> None:
    def way(where: Where, **told_of: object) -> str:
        return next(one for one in told(only(activity(**told_of), Wish(near=where)).reasons) if "km" in one)

    half = replace(HERE, precision="outcode", sure_km=1.5)
    assert way(half) == "within 3 km, as we only know the first half of the postcode"
    assert (
        way(replace(half, lat=SALE[0] - 0.04))
        == "about 3–7 km, as we only know the first half of the postcode"
    )
    assert way(replace(half, precision="town")) == "within 3 km, as we only know the town"
    assert way(HERE, position_km=3.0) == "within 4 km, as we only roughly know where it is"


def test_waiting_and_days_without_an_hour() -> None:
    waits = activity(room=Room.WAITING_LIST, waiting_weeks=3, places=None)
    assert "starts Tuesday 3 March at 4pm, a waiting list of about 3 weeks" in told(
        only(waits, Wish()).reasons
    )
    no_hour = activity(times=(TimeRecord(freq="WEEKLY", byday="TU,TH"),), places=None)
    assert "on Tuesdays and on Thursdays" in told(only(no_hour, Wish()).reasons)
    assert "we don’t know: what time does it start?" in told(only(no_hour, Wish()).unknown)


def test_the_next_start_is_one_that_suits() -> None:
    both = (
        TimeRecord(freq="WEEKLY", byday="TU", opens_at=time(16)),
        TimeRecord(freq="WEEKLY", byday="TH", opens_at=time(18)),
    )
    assert only(activity(times=both), Wish()).next_start == datetime(2026, 3, 3, 16, tzinfo=LONDON)
    thursday = only(activity(times=both), Wish(days=frozenset({3})))
    assert thursday.next_start == datetime(2026, 3, 5, 18, tzinfo=LONDON)


# ---------------------------------------------------------------- dates worked out for the rows shown


def test_a_fortnightly_group_is_not_shown_in_its_week_off() -> None:
    fortnightly = TimeRecord(
        freq="WEEKLY", interval=2, byday="TU", dtstart=date(2026, 2, 24), opens_at=time(16)
    )
    this_week = Wish(on_or_after=TODAY, on_or_before=TODAY + timedelta(days=5))
    result = found([activity(times=(fortnightly,))], this_week)
    assert not result.suggestions
    assert result.left_out == {"not on those dates": 1}


def test_what_is_over_is_over() -> None:
    ended = TimeRecord(freq="WEEKLY", byday="TU", opens_at=time(16), valid_to=TODAY - timedelta(days=1))
    assert found([activity(times=(ended,))], Wish()).left_out == {"no more dates": 1}


# ---------------------------------------------------------------- seen again before it is shown


def test_what_changed_since_is_not_shown_and_the_next_takes_its_place() -> None:
    listings = [activity(row) for row in range(1, 31)]
    before = found(listings, Wish(first=5))
    best = before.suggestions[0].row
    for change in ({"withdrawn": True}, {"room": Room.FULL}, {"checks_until": TODAY - timedelta(days=1)}):
        after = found(listings, Wish(first=5), changed=replace(listings[best - 1], **change))  # type: ignore[arg-type]
        assert best not in [one.row for one in after.suggestions]
        assert len(after.suggestions) == 5
        assert sum(after.left_out.values()) == 1


def test_a_row_that_is_gone_altogether_is_not_shown() -> None:
    asked = ask(Wish(first=3), NOW)
    listings = [activity(row) for row in range(1, 9)]
    standing = {one.row: one for one in listings if one.row > 4}
    result = shortlist(
        reference.search(listings, asked), asked, lambda rows: {r: standing[r] for r in rows if r in standing}
    )
    assert [one.row for one in result.suggestions] == [5, 6, 7]


# ---------------------------------------------------------------- choice (experience.md, rule 26)


def test_the_first_three_differ_and_one_is_outside_the_usual() -> None:
    listings = [activity(row) for row in range(1, 20)]
    listings += [activity(row, kinds=("animals",), lat=SALE[0] + 0.03) for row in range(20, 24)]
    listings += [activity(row, kinds=("football",), lat=SALE[0] + 0.05) for row in range(24, 27)]
    result = found(listings, Wish(near=HERE), Heard(kinds={"drawing": "draw", "animals": "dogs"}))
    kinds = [one.kind for one in result.suggestions]
    assert set(kinds[:3]) == {"drawing", "animals", "football"}
    assert [one.kind for one in result.suggestions if one.outside] == ["football"]
    assert len(result.suggestions) == 20


def test_where_any_kind_is_welcome_one_is_behind_another_door() -> None:
    listings = [
        activity(row, kinds=(kind,)) for row, kind in enumerate(("drawing", "craft", "film", "pottery"), 1)
    ]
    listings.append(activity(9, kinds=("football",), price_pence=500))
    outside = [one for one in found(listings, Wish()).suggestions if one.outside]
    assert [one.kind for one in outside] == ["football"]


def test_one_place_for_each_service_its_best() -> None:
    near, far = activity(1), activity(2, service=1, uid=activity(1).uid, lat=SALE[0] + 0.05)
    assert [one.row for one in found([far, near], Wish(near=HERE)).suggestions] == [1]


@given(st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), max_size=60), st.integers(1, 25))
def test_arranged_takes_all_it_can_each_once(kinds: list[str | None], first: int) -> None:
    there = [at for at, kind in enumerate(kinds) if kind is not None]
    order = arranged(kinds, first)
    assert len(order) == len(set(order)) == min(first, len(there))
    assert set(order) <= set(there)
    different = {kinds[at] for at in there}
    opening = [kinds[at] for at in order[:3]]
    assert len(set(opening)) == min(len(opening), len(different))


@settings(deadline=None)
@given(worlds, askings)
def test_lists_are_whole(recipe: Worlds, asking: Askings) -> None:
    listings, asked = {one.row: one for one in recipe.made()}, asking.made()
    result = shortlist(
        reference.search(listings.values(), asked), asked, lambda rows: {r: listings[r] for r in rows}
    )
    shown = [*result.suggestions, *result.ask_first]
    assert len(result.suggestions) <= asked.wish.first
    assert len({one.service_id for one in shown}) == len(shown)
    assert len([one for one in result.suggestions if one.outside]) <= 1
    assert all(one.unknown for one in result.ask_first)
    for one in shown:
        assert all(str(said) for said in (*one.reasons, *one.unknown))
    if len(result.suggestions) < asked.wish.first:
        assert result.suggestions or result.relax  # never empty-handed


# ---------------------------------------------------------------- what to let go of


def after_letting_go(asked: Asked, change: dict[str, object]) -> Asked:
    heard = replace(asked.heard, kinds={}, hints={}, meaning=b"") if "words" in change else asked.heard
    return ask(replace(asked.wish, **change), NOW, heard)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=200)
@given(worlds, askings)
def test_letting_go_brings_at_least_what_was_promised(recipe: Worlds, asking: Askings) -> None:
    from stile.loop.match.rules.fit import fit
    from stile.loop.match.rules.relax import relaxations

    listings, asked = recipe.made(), asking.made()
    result = reference.search(listings, asked)

    def fitting(one: Asked) -> set[int]:
        return {listing.row for listing in listings if fit(listing, one).fits}

    without_meaning = ask(asked.wish, NOW, replace(asked.heard, meaning=b""))
    for way in relaxations(result, without_meaning, 0):
        if way.more:
            gained = fitting(after_letting_go(without_meaning, way.change)) - fitting(without_meaning)
            assert len(gained) >= way.more


def test_ways_on_are_in_order_and_say_how_many() -> None:
    listings = [
        activity(1, times=(TimeRecord(freq="WEEKLY", byday="FR", opens_at=time(16)),)),
        activity(2, lat=SALE[0] + 0.02),
        activity(3, price_pence=500),
        activity(4, kinds=("football",)),
    ]
    wish = Wish(
        near=HERE, travel=Travel.FOOT, days=frozenset({1}), budget_pence=0, kinds=frozenset({"drawing"})
    )
    ways = found(listings, wish).relax
    assert [str(way.words) for way in ways] == [
        "any day, any time: 1 more",
        "up to 3 km away: 1 more",
        "whatever it costs: 1 more",
        "anything at all: 1 more",
    ]


def test_a_full_list_needs_no_ways_on_and_looks_no_further() -> None:
    result = found(
        [activity(row) for row in range(1, 9)] + [activity(9, lat=SALE[0] + 0.1)], Wish(near=HERE, first=3)
    )
    assert result.relax == ()
    assert result.left_out == {}


# ---------------------------------------------------------------- points


def test_points_by_name() -> None:
    one = with_facts(activity(kinds=("drawing", "animals")), someone_meets_you=YES, quiet=NO, crowds=NO)
    heard = Heard(
        kinds={"drawing": "art", "animals": "dogs"}, easier={"quiet": "calm"}, harder={"crowds": "crowds"}
    )
    asked = ask(Wish(near=HERE, with_someone=True), NOW, heard)
    assert {name: n for name, n in points(one, asked, 1000, 5).items() if n} == {
        "named": 50,
        "meaning": 5,
        "near": 22,
        "soon": 6,
        "price": 6,
        "easier": 3,
        "gentle": 4,
        "places": 4,
        "lately": 3,
        "checked": 3,
    }
    assert score(one, asked, 1000, 5) == 106


def test_sooner_nearer_and_freer_is_better() -> None:
    asked = ask(Wish(near=HERE), NOW)
    plain = score(activity(), asked, 1000, 0)
    friday = activity(times=(TimeRecord(freq="WEEKLY", byday="FR", opens_at=time(16)),))
    assert plain > score(friday, asked, 1000, 0)
    assert plain > score(activity(), asked, 5000, 0)
    assert (
        plain
        > score(activity(price_pence=200), asked, 1000, 0)
        > score(activity(price_pence=900), asked, 1000, 0)
    )
    assert plain > score(activity(room=Room.WAITING_LIST), asked, 1000, 0)
    waits = [
        score(activity(room=Room.WAITING_LIST, waiting_weeks=weeks), asked, 1000, 0)
        for weeks in (1, 5, 12, 40)
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[2] == waits[3]


# ---------------------------------------------------------------- what was not found


def test_unmet_is_what_was_asked_for_and_not_shown() -> None:
    result = found([activity()], Wish(kinds=frozenset({"drawing", "horses"})))
    assert unmet_kinds(result.wish, result) == ["horses"]
    everything = frozenset(kind.slug for kind in KINDS)
    assert unmet_kinds(Wish(kinds=everything), found([], Wish(kinds=everything))) == []
