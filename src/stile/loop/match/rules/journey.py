"""How far it is and how long it takes, in words that claim no more than is known.

Minutes are rough on purpose: the straight line, a third longer as streets go, at an ordinary pace.
Where the starting point is only a town or half a postcode, a range of kilometres is said instead, and why.
"""

import math

from stile.kernel.said import Nn_, Said, say, say_many
from stile.kernel.words import N_

from .wish import Travel, Where

DETOUR = 1.3  # how much longer streets are than the straight line
# Minutes a kilometre, and minutes before one moves at all (the wait for a bus, finding the keys).
PACE: dict[Travel, tuple[float, float]] = {
    Travel.FOOT: (12.0, 0.0),
    Travel.BIKE: (4.0, 1.0),
    Travel.BUS: (3.0, 8.0),
    Travel.LIFT: (1.8, 3.0),
}
MINUTES: dict[Travel, tuple[str, str]] = {
    Travel.FOOT: Nn_("%(n)s minute on foot", "%(n)s minutes on foot"),
    Travel.BIKE: Nn_("%(n)s minute by bike", "%(n)s minutes by bike"),
    Travel.BUS: Nn_("%(n)s minute by bus", "about %(n)s minutes by bus"),
    Travel.LIFT: Nn_("%(n)s minute with a lift", "%(n)s minutes with a lift"),
}
ONLY_KNOWN: dict[str, str] = {
    "sector": N_("as we only know the first part of the postcode"),
    "outcode": N_("as we only know the first half of the postcode"),
    "town": N_("as we only know the town"),
    "authority": N_("as we only know the council’s area"),
}
UNSURE_KM = 1.0  # up to this (a postcode's sector in a town) minutes are said, being rough anyway


def minutes(metres: int, travel: Travel) -> int:
    """Rough minutes: to the minute below 15, to five minutes above."""
    pace, before = PACE[travel]
    exact = before + metres / 1000 * DETOUR * pace
    return max(1, round(exact)) if exact < 15 else 5 * round(exact / 5)


def journey(metres: int, travel: Travel, near: Where, blur_km: float) -> Said:
    """The reason about the way: minutes when the point is sure enough, else a range of kilometres."""
    unsure = near.sure_km + blur_km
    if unsure <= UNSURE_KM:
        return say_many(MINUTES[travel], minutes(metres, travel))
    km = metres / 1000
    low, high = math.floor(max(0.0, km - unsure)), math.ceil(km + unsure)
    if near.sure_km >= blur_km and near.precision in ONLY_KNOWN:
        why = say(ONLY_KNOWN[near.precision])
    else:
        why = say(N_("as we only roughly know where it is"))
    if low == 0:
        return say(N_("within %(high)s km, %(why)s"), high=high, why=why)
    return say(N_("about %(low)s–%(high)s km, %(why)s"), low=low, high=high, why=why)
