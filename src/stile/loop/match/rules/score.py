"""The whole of the ranking, on one screen.

Every activity that passes the sieves gets points, and the points are simply added. All of them are
whole numbers about the activity and the wish: nothing about the person ranks anybody against anybody.
The index computes the same sum (index/kernel.py reads the same constants), and ties go to the lower
row number, so one wish on one day over one directory has exactly one answer.
"""

from stile.kernel.answer import Answer
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.standing import GREYED_AFTER, Checks
from stile.loop.directory.rules.vocabulary import Delivery, Room

from .asked import Asked

NAMED, NAMED_MORE = 40, 10  # a kind heard in their own words, and each further one (two at most)
CHOSEN = 24  # a kind behind a tile they tapped
HINTED = 14  # a kind their words only suggest, where they named none of its kinds
NEAREST = 25  # next door; at the edge of their reach 0
ONLINE = 6  # no way to go, and no room to walk into
SOON = 6  # today; a point less with each day of the week
FREE, CHEAP, CHEAP_PENCE = 6, 3, 300
EASIER, EASIER_MOST = 6, 4  # each thing that makes what they find hard easier, four at most
NOT_EASIER = -3  # each of them that is known not to be so
GENTLE, GENTLE_MOST = 4, 3  # each thing they find hard that is known not to be there
NOT_GENTLE = -4  # each of them that is known to be there (and was not named: that leaves it out)
PLACES_OPEN = 4
WAITING, WEEK_OF_WAITING, WEEKS_MOST = -8, -1, 12
LATELY = 3  # confirmed within 60 days
CHECKED = 3  # safeguarding checks seen and current


def points(listing: Listing, asked: Asked, metres: int | None, close: int) -> dict[str, int]:
    """Each term by name; the score is their sum. `close` is 0 to 24 (closeness.py)."""
    kinds, facts = set(listing.kinds), listing.facts
    named = len(kinds & asked.named)
    easier = sum(facts.get(slug) is Answer.YES for slug in asked.easier)
    not_easier = sum(facts.get(slug) is Answer.NO for slug in asked.easier)
    gentle = sum(facts.get(slug) is Answer.NO for slug in asked.gentler)
    not_gentle = sum(facts.get(slug) is Answer.YES for slug in asked.gentler)
    price, room = listing.price_pence, listing.room
    return {
        "named": NAMED + NAMED_MORE * min(named - 1, 2) if named else 0,
        "hinted": HINTED if not named and kinds & asked.hinted else 0,
        "chosen": CHOSEN if kinds & asked.chosen else 0,
        "meaning": close,
        "near": nearness(listing.delivery, metres, asked),
        "soon": next((SOON - ahead for ahead, day in enumerate(asked.week) if listing.slots & day), 0),
        "price": 0 if price is None else FREE if price == 0 else CHEAP if price <= CHEAP_PENCE else 0,
        "easier": EASIER * min(easier, EASIER_MOST) + NOT_EASIER * not_easier,
        "gentle": GENTLE * min(gentle, GENTLE_MOST) + NOT_GENTLE * not_gentle,
        "places": PLACES_OPEN if room is Room.OPEN else 0,
        "waiting": waiting(listing.waiting_weeks) if room is Room.WAITING_LIST else 0,
        "lately": LATELY if asked.today - listing.checked_on <= GREYED_AFTER else 0,
        "checked": CHECKED if listing.checks is Checks.CURRENT else 0,
    }


def nearness(delivery: Delivery, metres: int | None, asked: Asked) -> int:
    if asked.lat is None:
        return 0
    if metres is None:  # from home, or nobody has told us where
        return ONLINE if delivery in (Delivery.ONLINE, Delivery.BOTH) else 0
    return NEAREST * max(0, asked.reach_m - metres) // asked.reach_m


def waiting(weeks: int | None) -> int:
    return WAITING + WEEK_OF_WAITING * min(weeks or 0, WEEKS_MOST)


def score(listing: Listing, asked: Asked, metres: int | None, close: int) -> int:
    return sum(points(listing, asked, metres, close).values())
