"""Reads of the match: the shortlist for a wish, and what was wished for and not found."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from stile.kernel.disclosure import told
from stile.loop.directory import queries as directory
from stile.loop.directory.rules.concepts import reading
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.times import LONDON
from stile.places.queries import locate
from stile.places.rules import NotFound

from .current import CURRENT, embedder
from .rules.asked import Asked, ask
from .rules.hearing import filled_in, heard_from
from .rules.shortlist import shortlist as chosen
from .rules.wish import Shortlist, Where, Wish

SURE_OF_A_TOWN_KM = 1.0  # a town is no point, even where the directory knows one place in it


def shortlist(wish: Wish, now: datetime) -> Shortlist:
    """The best activities for a wish, explained, each as the directory has it at this moment.

    `now` is aware. Nothing about the wish is kept. ValueError when it holds a slug we do not know.
    """
    asked = asked_of(wish, now)
    return chosen(CURRENT.index().search(asked), asked, _as_they_stand)


def place_named(near: str) -> Where | NotFound:
    """Where somebody means: a place the maps know, else a town that only the directory's own listings name."""
    found = locate(near)
    if not isinstance(found, NotFound):
        return Where(
            found.label, found.lat, found.lon, found.precision, found.radius_km, found.authority_code or ""
        )
    if town := directory.town_named(near):
        return Where(town.label, town.lat, town.lon, "town", max(town.spread_km, SURE_OF_A_TOWN_KM))
    return found


def asked_of(wish: Wish, now: datetime) -> Asked:
    """The wish with its words read: what activities are held against."""
    if not wish.words.strip():
        return ask(wish, now)
    read = reading.read(wish.words)
    vector = embedder()([wish.words])[0].tobytes()
    return ask(filled_in(wish, read, now.astimezone(LONDON).date()), now, heard_from(read, vector))


def _as_they_stand(rows: Sequence[int]) -> Mapping[int, Listing]:
    return {listing.row: listing for listing in directory.listings_by_row(rows)}


class Unmet(NamedTuple):
    kind: str
    authority: str
    month: date
    times: int  # rounded, and never below the floor of kernel/disclosure.py


def unmet(since: date) -> list[Unmet]:
    """What was looked for and not found, month by month; counts too small to tell are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, authority, month, times FROM match_unmetwant WHERE month >= %s"
            " ORDER BY month DESC, times DESC, kind, authority",
            [since],
        )
        rows = cursor.fetchall()
    return [
        Unmet(kind, authority, month, count)
        for kind, authority, month, times in rows
        if (count := told(times)) is not None
    ]
