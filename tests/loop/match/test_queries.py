"""The match over the database: always the directory as it is, whatever the index still believes."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from stile.access.gate import working_as
from stile.loop.directory import actions as directory
from stile.loop.directory.rules.records import TimeRecord
from stile.loop.directory.rules.vocabulary import Room
from stile.loop.match import actions, queries
from stile.loop.match.current import CURRENT
from stile.loop.match.rules.wish import Shortlist, Where, Wish
from tests.loop.directory.making import NOW, organisation, place, service, take

pytestmark = pytest.mark.django_db(transaction=True)

SALE = Where("M33 7", 53.4243, -2.3220, "sector", 0.5, authority="E08000009")
FRIDAYS = TimeRecord(freq="WEEKLY", byday="FR", opens_at=time(16), closes_at=time(18))


@pytest.fixture(autouse=True)
def _fresh_index() -> Iterator[None]:
    CURRENT.clear()
    yield
    CURRENT.clear()


def group(key: str, **said: Any) -> Any:
    about = {
        "name": f"Group {key}",
        "description": "Drawing and painting for young people.",
        "kinds": ("drawing",),
        "min_age": 11,
        "max_age": 18,
        "times": (FRIDAYS,),
        "confirmed_on": NOW.date(),
        "organisation": organisation(),
    }
    return service(key, at=place(f"p-{key}"), **(about | said))


def look(wish: Wish | None = None) -> Shortlist:
    return queries.shortlist(wish or Wish(words="I like to draw", near=SALE, age=15), NOW)


def names(result: Shortlist) -> list[str]:
    return sorted(one.name for one in result.suggestions)


def test_words_become_an_explained_list() -> None:
    take(group("a"), group("b", kinds=("football",), description="Kickabout in the park."))
    result = look()
    drawing = result.suggestions[0]
    assert drawing.name == "Group a"
    assert drawing.kind == "drawing"
    assert str(drawing.reasons[0]) == "because you said draw"
    assert drawing.next_start is not None
    assert drawing.next_start.isoformat() == "2026-11-20T16:00:00+00:00"
    assert drawing.distance_km is not None
    assert drawing.distance_km < 5
    assert [(word, str(meant)) for word, meant in result.heard] == [("draw", "Drawing and painting")]


def test_what_words_say_fills_in_what_the_form_does_not() -> None:
    asked = queries.asked_of(Wish(words="drawing on mondays, for free", budget_pence=500), NOW)
    assert asked.wish.days == {0}
    assert asked.budget_pence == 500  # the form goes before the words


def test_an_activity_closed_since_the_index_was_made_is_not_shown() -> None:
    take(group("a"), group("b"))
    assert names(look()) == ["Group a", "Group b"]
    CURRENT._looked += 1_000  # so that the index does not look for changes
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_service SET status = 'defunct' WHERE key = 'a'")
    result = look()
    assert names(result) == ["Group b"]
    assert result.left_out["closed, or no longer listed"] == 1


def test_full_unsafe_and_removed_since_are_not_shown_either() -> None:
    take(group("a"), group("b"), group("c"), group("d"))
    uids = {one.name: one.service_id for one in look().suggestions}
    CURRENT._looked += 1_000
    directory.set_room(uids["Group a"], room=Room.FULL, by="test", now=NOW)
    directory.suspend(service_uid=uids["Group b"], by="test", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_service SET withdrawn_at = now() WHERE key = 'c'")
    assert names(look()) == ["Group d"]


def test_the_index_takes_in_what_is_new_changed_and_gone() -> None:
    take(group("a"), group("b"), group("c"))
    assert len(CURRENT.index()) == 3
    take(group("a", name="Group renamed"), group("b"), group("d"))
    assert len(CURRENT.refresh()) == 3
    assert names(look()) == ["Group b", "Group d", "Group renamed"]


def test_warming_up_loads_the_index_and_shows_nothing() -> None:
    take(group("a"))
    CURRENT.warm()
    assert len(CURRENT.index()) == 1


def test_it_looks_for_changes_every_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stile.loop.match.current.LOOK_EVERY", 500)
    take(group("a"))
    first = CURRENT.index()
    take(group("a"), group("b"))
    assert CURRENT.index() is first
    CURRENT._looked -= 501
    assert names(look()) == ["Group a", "Group b"]
    second = CURRENT.index()
    assert second is not first


def test_thousands_of_changes_do_not_hold_anybody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stile.loop.match.current.ON_THE_SPOT", 1)
    started: list[object] = []
    monkeypatch.setattr("stile.loop.match.current.Thread.start", lambda thread: started.append(thread))
    take(group("a"))
    CURRENT.index()
    take(group("a"), group("b"), group("c"))
    CURRENT._looked -= 2
    assert len(CURRENT.index()) == 1  # the old one, at once
    assert len(started) == 1
    assert len(CURRENT.refresh()) == 3


def test_looking_needs_nothing_but_the_public_role() -> None:
    take(group("a"))
    with transaction.atomic(), working_as("stile_public"):
        assert names(look()) == ["Group a"]
        assert (
            actions.note_unmet(
                Wish(kinds=frozenset({"horses"})), look(Wish(kinds=frozenset({"horses"}))), at=NOW
            )
            == 1
        )


# ---------------------------------------------------------------- what was not found


def wish_for_horses(times: int, near: Where | None = SALE) -> None:
    wish = Wish(kinds=frozenset({"horses"}), near=near)
    for _ in range(times):
        actions.note_unmet(wish, look(wish), at=NOW)


def test_unmet_wants_are_told_only_above_the_floor() -> None:
    wish_for_horses(9)
    assert queries.unmet(NOW.date() - timedelta(days=40)) == []
    wish_for_horses(3)
    (told,) = queries.unmet(NOW.date() - timedelta(days=40))
    assert (told.kind, told.authority, told.month.isoformat(), told.times) == (
        "horses",
        "E08000009",
        "2026-11-01",
        10,
    )


def test_nothing_about_who_looked_is_kept() -> None:
    wish_for_horses(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM match_unmetwant")
        columns = [column.name for column in cursor.description]
        assert columns == ["id", "kind", "authority", "month", "times"]


def test_what_was_found_is_not_unmet() -> None:
    take(group("a"))
    assert actions.note_unmet(Wish(kinds=frozenset({"drawing"})), look(), at=NOW) == 0
