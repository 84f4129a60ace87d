"""A handful of activities round Sale, for rules told as examples."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from stile.kernel.answer import Answer
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.records import TimeRecord
from stile.loop.directory.rules.standing import Checks
from stile.loop.directory.rules.times import slots_of
from stile.loop.directory.rules.vocabulary import Delivery, Room
from stile.loop.match import reference
from stile.loop.match.rules.asked import Heard, ask
from stile.loop.match.rules.shortlist import shortlist
from stile.loop.match.rules.wish import Shortlist, Suggestion, Where, Wish

from .strategies import NOW, SALE, TODAY

HERE = Where("Sale", *SALE, "postcode")
TUESDAYS_AT_FOUR = TimeRecord(freq="WEEKLY", byday="TU", opens_at=time(16), closes_at=time(18))


def activity(row: int = 1, **told: Any) -> Listing:
    """An activity about which everything that matters is known, a kilometre up the road."""
    times = told.pop("times", (TUESDAYS_AT_FOUR,))
    known: dict[str, Any] = {
        "row": row,
        "service": row,
        "uid": f"00000000-0000-0000-0000-{row:012d}",
        "name": f"Activity {row}",
        "organisation": "The Tin Kettle",
        "kinds": ("drawing",),
        "lat": SALE[0] + 0.009,
        "lon": SALE[1],
        "delivery": Delivery.IN_PERSON,
        "min_age": 11,
        "max_age": 18,
        "price_pence": 0,
        "times": times,
        "slots": slots_of(times),
        "room": Room.OPEN,
        "places": 3,
        "checks": Checks.CURRENT,
        "checks_until": TODAY + timedelta(days=100),
        "checked_on": TODAY,
    }
    return Listing(**{**known, **told})


def found(listings: Sequence[Listing], wish: Wish, heard: Heard | None = None, **now: Listing) -> Shortlist:
    """The whole match over some listings, `now` being those that changed since the index was made."""
    asked = ask(wish, NOW, heard or Heard())
    standing: dict[int, Listing] = {one.row: one for one in listings}
    standing.update({one.row: one for one in now.values()})

    def fetch(rows: Sequence[int]) -> Mapping[int, Listing]:
        return {row: standing[row] for row in rows if row in standing}

    return shortlist(reference.search(listings, asked), asked, fetch)


def only(listing: Listing, wish: Wish, heard: Heard | None = None) -> Suggestion:
    (suggestion,) = found([listing], wish, heard).suggestions
    return suggestion


def told(said: Sequence[object]) -> list[str]:
    return [str(one) for one in said]


def with_facts(listing: Listing, **facts: Answer) -> Listing:
    return replace(listing, facts={**listing.facts, **facts})
