"""One activity held against one wish: which sieves stop it, and how far away it is.

This is the plain statement of the hard filters. The index says the same over columns, `reference.py`
says it over every listing, and the rows about to be shown are put through it once more as they stand
in the database.
"""

import math
from dataclasses import dataclass
from datetime import date

from stile.kernel.answer import Answer
from stile.kernel.geo import EARTH_KM
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.standing import HIDDEN_AFTER, Checks
from stile.loop.directory.rules.vocabulary import Delivery, ParentForm, Room

from .asked import MICRO, Asked
from .closeness import CLOSE
from .sieve import Bit

METRES_A_MICRODEGREE = EARTH_KM * 1000 * math.pi / 180 / MICRO
FORM_FREE_FROM = 18  # from this age on nobody's parent is asked
AGE_ALONE_FROM = 18  # "up to 25" alone does not say whether a child is welcome; "from 11" alone does
CLOSED = frozenset({"inactive", "defunct"})
CLOSED_FOR_NOW = "temporarily closed"


@dataclass(frozen=True, slots=True)
class Fit:
    """`mask` has bit n set where sieve n stops the activity; `metres` is None when there is no way to go."""

    mask: int
    metres: int | None
    near_view: bool  # could be suggested as far as the place goes
    wide_view: bool  # is counted when we look further, because too little was found

    @property
    def fits(self) -> bool:
        return self.mask == 0


def metres_between(lat: int, lon: int, lat2: int, lon2: int) -> int:
    """Whole metres between two points in millionths of a degree.

    Flat-earth with the mid-latitude's cosine: within 0.1 % of the great circle at the distances people
    travel, and made of additions, products and one square root only, so that every machine and every
    compiler gives the same integer.
    """
    cos, sin = cos_sin(lat)
    return flat_metres(lat, lon, lat2, lon2, cos, sin)


def cos_sin(lat: int) -> tuple[float, float]:
    radians = math.radians(lat / MICRO)
    return math.cos(radians), math.sin(radians)


def flat_metres(lat: int, lon: int, lat2: int, lon2: int, cos: float, sin: float) -> int:
    dlat = float(lat2 - lat)
    half = dlat * (math.pi / 360.0 / MICRO)
    dx = float(lon2 - lon) * (cos - sin * half)
    return int(math.sqrt(dlat * dlat + dx * dx) * METRES_A_MICRODEGREE)


def micro(degrees: float) -> int:
    return round(degrees * MICRO)


def blur_m(listing: Listing) -> int:
    """How far off the listing's position may be, 65 km at most (a county)."""
    return min(65_000, max(0, round(listing.position_km * 1000)))


def fit(listing: Listing, asked: Asked, close: int = 0) -> Fit:
    """`close` is how near the listing's text comes to theirs, in points (closeness.py)."""
    bits: set[Bit] = set()
    metres, near_view, wide_view = _place(listing, asked, bits)
    _standing(listing, asked, bits)
    _age(listing, asked, bits)
    _facts(listing, asked, bits)
    _room(listing, bits)
    _time(listing, asked, bits)
    _price(listing, asked, bits)
    _parent_form(listing, asked, bits)
    _language(listing, asked, bits)
    _kind(listing, asked, close, bits)
    return Fit(sum(1 << bit for bit in bits), metres, near_view, wide_view)


def _place(listing: Listing, asked: Asked, bits: set[Bit]) -> tuple[int | None, bool, bool]:
    """Distance, and whether the row is looked at in the near and in the wide view."""
    if asked.lat is None:
        return None, True, True
    online = listing.delivery in (Delivery.ONLINE, Delivery.BOTH)
    if listing.delivery is not Delivery.ONLINE and listing.lat is not None and listing.lon is not None:
        metres = metres_between(asked.lat, asked.lon, micro(listing.lat), micro(listing.lon))
        if metres <= asked.reach_m + blur_m(listing):
            return metres, True, True
        if online and asked.online_is_fine:
            return None, True, True
        if metres <= asked.ring_m + blur_m(listing):
            bits.add(Bit.FAR)
            return metres, False, True
        if online:
            bits.add(Bit.ONLINE_ONLY)
            return None, False, True
        bits.add(Bit.FAR)
        return metres, False, False
    if online:
        if asked.online_is_fine:
            return None, True, True
        bits.add(Bit.ONLINE_ONLY)
        return None, False, True
    bits.add(Bit.POSITION_UNKNOWN)
    return None, True, True


def _standing(listing: Listing, asked: Asked, bits: set[Bit]) -> None:
    if listing.withdrawn or listing.status in CLOSED:
        bits.add(Bit.CLOSED)
    elif listing.status == CLOSED_FOR_NOW:
        bits.add(Bit.CLOSED_FOR_NOW)
    if checks_today(listing, asked.today) in (Checks.SUSPENDED, Checks.OVERDUE, Checks.MISSING):
        bits.add(Bit.CHECKS)
    elif asked.introducing and listing.checks is Checks.UNKNOWN:
        bits.add(Bit.CHECKS_UNKNOWN)
    if asked.today - listing.checked_on > HIDDEN_AFTER:
        bits.add(Bit.STALE)


def checks_today(listing: Listing, today: date) -> Checks:
    """The checks as they stand today: what was current when it was listed may have run out since."""
    if listing.checks is Checks.CURRENT and listing.checks_until is not None and listing.checks_until < today:
        return Checks.OVERDUE
    return listing.checks


def _age(listing: Listing, asked: Asked, bits: set[Bit]) -> None:
    age = asked.age
    if age is None:
        return
    youngest, oldest = listing.min_age, listing.max_age
    if (youngest is not None and age < youngest) or (oldest is not None and age > oldest):
        bits.add(Bit.AGE)
    if youngest is None and (oldest is None or age < AGE_ALONE_FROM):
        bits.add(Bit.AGE_UNKNOWN)


def _facts(listing: Listing, asked: Asked, bits: set[Bit]) -> None:
    for slug in asked.needs:
        answer = listing.facts.get(slug, Answer.UNKNOWN)
        if answer is Answer.NO:
            bits.add(Bit.NEEDS)
        elif answer is Answer.UNKNOWN:
            bits.add(Bit.NEEDS_UNKNOWN)
    for slug in asked.avoid:
        answer = listing.facts.get(slug, Answer.UNKNOWN)
        if answer is Answer.YES:
            bits.add(Bit.AVOID)
        elif answer is Answer.UNKNOWN:
            bits.add(Bit.AVOID_UNKNOWN)
    if any(listing.facts.get(slug) is Answer.YES for slug in asked.harder):
        bits.add(Bit.AVOID)


def _room(listing: Listing, bits: set[Bit]) -> None:
    none_left = listing.places == 0 and listing.room is not Room.WAITING_LIST
    if listing.room in (Room.FULL, Room.PAUSED) or none_left:
        bits.add(Bit.FULL)


def _time(listing: Listing, asked: Asked, bits: set[Bit]) -> None:
    if not asked.slots or listing.slots & asked.slots:
        return
    days = 0b1111111 << 21
    if not listing.slots or (listing.slots & days & _days_asked(asked.slots)):
        bits.add(Bit.TIME_UNKNOWN)
    else:
        bits.add(Bit.TIME)


def _days_asked(slots: int) -> int:
    """The `day_bit`s of every day a mask has a slot of: where an unknown hour may turn out to suit."""
    return sum(1 << (21 + on) for on in range(7) if slots >> (on * 3) & 0b111)


def _price(listing: Listing, asked: Asked, bits: set[Bit]) -> None:
    if asked.budget_pence is None:
        return
    if listing.price_pence is None:
        bits.add(Bit.PRICE_UNKNOWN)
    elif listing.price_pence > asked.budget_pence:
        bits.add(Bit.PRICE)


def _parent_form(listing: Listing, asked: Asked, bits: set[Bit]) -> None:
    if not asked.no_parent_form:
        return
    needed = form_needed(listing.parent_form, asked.age)
    if needed is Answer.YES:
        bits.add(Bit.FORM)
    elif needed is Answer.UNKNOWN:
        bits.add(Bit.FORM_UNKNOWN)


def form_needed(rule: ParentForm, age: int | None) -> Answer:
    """Whether a parent or carer must sign, for somebody of this age (None: of any age)."""
    if rule is ParentForm.NEVER or (age is not None and age >= FORM_FREE_FROM):
        return Answer.NO
    if rule is ParentForm.UNKNOWN:
        return Answer.UNKNOWN
    if rule is ParentForm.UNDER_16 and age is not None and age >= 16:
        return Answer.NO
    return Answer.YES


def _language(listing: Listing, asked: Asked, bits: set[Bit]) -> None:
    spoken = speaks(listing.languages, listing.facts.get("in_welsh", Answer.UNKNOWN), asked.language)
    if spoken is Answer.NO:
        bits.add(Bit.LANGUAGE)
    elif spoken is Answer.UNKNOWN:
        bits.add(Bit.LANGUAGE_UNKNOWN)


def speaks(languages: tuple[str, ...], in_welsh: Answer, language: str) -> Answer:
    """Whether it is offered in a language (ISO 639-1); a silent listing in the UK is in English."""
    if not language or language in languages:
        return Answer.YES
    if language == "cy" and in_welsh is not Answer.UNKNOWN:
        return in_welsh
    if languages:
        return Answer.NO
    return Answer.YES if language == "en" else Answer.UNKNOWN


def _kind(listing: Listing, asked: Asked, close: int, bits: set[Bit]) -> None:
    """Where nobody has said what kind it is, its own words decide whether it is close enough."""
    wanted = asked.wanted
    if wanted & set(listing.kinds):
        return
    if asked.refused & set(listing.kinds):
        bits.add(Bit.REFUSED)
    if not wanted:
        return
    if not set(listing.kinds) - {"other"} and close >= CLOSE:
        return
    bits.add(Bit.KIND)
