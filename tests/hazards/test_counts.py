"""Counts of what was wished for and not found give nobody away."""

import pytest
from django.db import connection

from stile.kernel.disclosure import told
from stile.loop.match import actions
from stile.loop.match.queries import shortlist, unmet
from stile.loop.match.rules.wish import Wish
from tests import world


@pytest.mark.django_db
def test_H28_a_want_is_told_only_when_ten_have_had_it() -> None:
    world.build()
    wish = Wish(words="my name is Zebedee Quill and I want fishing", near=world.NEAR, km=0.1)
    found = shortlist(wish, world.NOON)
    month = world.NOON.date().replace(day=1)
    for times in range(1, 13):
        actions.note_unmet(wish, found, at=world.NOON)
        counts = [one.times for one in unmet(month) if one.kind == "fishing"]
        assert bool(counts) is (times >= 10), times


@pytest.mark.django_db
def test_H28_what_is_kept_holds_no_word_of_the_wish_and_no_moment() -> None:
    world.build()
    wish = Wish(words="my name is Zebedee Quill and I want fishing", near=world.NEAR, km=0.1)
    actions.note_unmet(wish, shortlist(wish, world.NOON), at=world.NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(u)::text FROM match_unmetwant u")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert "fishing" in kept
    for word in ("Zebedee", "Quill", "name", "12:00", "53.4"):
        assert word not in kept


def test_H28_rounding_never_lets_a_small_count_through() -> None:
    assert [told(n) for n in range(10)] == [None] * 10
    assert all((told(n) or 0) % 5 == 0 for n in range(10, 200))
