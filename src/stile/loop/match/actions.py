"""Writes of the match: only the count of what was wished for and not found."""

from datetime import datetime

from django.db import connection

from stile.loop.directory.rules.times import LONDON

from .rules.unmet import unmet_kinds
from .rules.wish import Shortlist, Wish


def note_unmet(wish: Wish, shortlist: Shortlist, *, at: datetime) -> int:
    """Add one to the count of each kind that was asked for and not found; returns how many kinds.

    What is written is a kind, a council's area and a month. The wish itself, its words and the moment
    are not: two people who look for the same leave the same mark.
    """
    kinds = unmet_kinds(wish, shortlist)
    month = at.astimezone(LONDON).date().replace(day=1)
    authority = wish.near.authority if wish.near else ""
    with connection.cursor() as cursor:
        for kind in kinds:
            cursor.execute(
                "INSERT INTO match_unmetwant (kind, authority, month, times) VALUES (%s, %s, %s, 1)"
                " ON CONFLICT (kind, authority, month) DO UPDATE SET times = match_unmetwant.times + 1",
                [kind, authority, month],
            )
    return len(kinds)
