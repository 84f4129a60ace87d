"""Listings as columns: 60 bytes a row, and 32 more for its meaning.

Everything is a whole number, so that the index and the plain rules cannot differ by a rounding. The
numbers kept are exactly those a sieve or the score reads; names and words stay in the database.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from stile.kernel.answer import Answer
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.standing import Checks
from stile.loop.directory.rules.vocabulary import FACT_BIT, KIND_BIT, Delivery, ParentForm, Room
from stile.loop.match.rules.closeness import MEANING_BYTES
from stile.loop.match.rules.fit import CLOSED, CLOSED_FOR_NOW, blur_m, micro
from stile.loop.match.rules.score import WEEKS_MOST

Array = npt.NDArray[Any]
Embed = Callable[[Sequence[str]], npt.NDArray[np.uint8]]  # n texts to n x 32 bytes

NOWHERE = 2**31 - 1  # latitude of a row whose position nobody has told us
NOT_SAID = 255  # an age; ages above 254 are nobody's
DEAR = 65_534  # pence; above any budget that sets a limit
PRICE_NOT_SAID = 65_535
NEVER = 65_535  # days: a review date that was not said

# The small answers share one word; the kernel takes them apart again.
STANDING_OPEN, STANDING_CLOSED, STANDING_FOR_NOW, STANDING_GONE = range(4)
DELIVERIES = (Delivery.UNKNOWN, Delivery.IN_PERSON, Delivery.BOTH, Delivery.ONLINE)  # the last two are online
ROOMS = (Room.UNKNOWN, Room.OPEN, Room.WAITING_LIST, Room.FULL, Room.PAUSED)
FORMS = (
    ParentForm.UNKNOWN,
    ParentForm.NEVER,
    ParentForm.UNDER_16,
    ParentForm.UNDER_18,
    ParentForm.FIRST_TIME,
)
CHECKED = (Checks.UNKNOWN, Checks.CURRENT, Checks.MISSING, Checks.OVERDUE, Checks.SUSPENDED)
DELIVERY_AT, STANDING_AT, ROOM_AT, FORM_AT, CHECKS_AT, WEEKS_AT = 0, 2, 4, 7, 10, 13  # bit positions

_EPOCH = date(1970, 1, 1).toordinal()
_BATCH = 8192


def day_number(on: date) -> int:
    """Days since 1970 in 16 bits: enough until 2149, and nothing was confirmed before 1970."""
    return min(NEVER - 1, max(0, on.toordinal() - _EPOCH))


@dataclass(frozen=True, slots=True)
class Columns:
    """Parallel arrays of n rows. Masks are signed: 63 kinds, 35 facts and 28 slots leave the sign alone."""

    lat: Array  # i4 millionths of a degree, NOWHERE when not known
    lon: Array  # i4
    kinds: Array  # i8 vocabulary.KIND_BIT
    yes: Array  # i8 facts that are so
    no: Array  # i8 facts that are not so; neither bit: nobody has told us
    slots: Array  # i4
    youngest: Array  # u1
    oldest: Array  # u1
    price: Array  # u2 pence
    checked_on: Array  # u2 days
    checks_until: Array  # u2 days
    blur: Array  # u2 metres
    language: Array  # u2 number of the set of languages, see Languages
    flags: Array  # i4 delivery, standing, room, form, checks, weeks of waiting
    row: Array  # i4
    service: Array  # i4
    meaning: Array  # i8 (n, 4)

    def __len__(self) -> int:
        return len(self.row)

    @property
    def nbytes(self) -> int:
        return sum(getattr(self, one.name).nbytes for one in fields(self))

    def take(self, positions: Array) -> "Columns":
        return Columns(*(getattr(self, one.name)[positions] for one in fields(self)))


_TYPES: dict[str, str] = {
    **dict.fromkeys(("lat", "lon", "slots", "flags", "row", "service"), "i4"),
    **dict.fromkeys(("kinds", "yes", "no", "meaning"), "i8"),
    **dict.fromkeys(("youngest", "oldest"), "u1"),
    **dict.fromkeys(("price", "checked_on", "checks_until", "blur", "language"), "u2"),
}


def joined(parts: Sequence[Columns]) -> Columns:
    """Columns of all the parts, in their order."""
    if len(parts) == 1:
        return parts[0]
    return Columns(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Columns)))


class Languages:
    """The distinct sets of languages met so far, by number; they only ever grow (0 is "not said")."""

    def __init__(self) -> None:
        self.sets: list[frozenset[str]] = [frozenset()]
        self._numbers: dict[frozenset[str], int] = {self.sets[0]: 0}

    def number(self, languages: Iterable[str]) -> int:
        one = frozenset(languages)
        if one not in self._numbers:
            if len(self.sets) > 65_000:
                return 0  # as if not said: nobody is shown something in a language it is not in
            self.sets.append(one)
            self._numbers[one] = len(self.sets) - 1
        return self._numbers[one]


def no_meanings(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Where no word vectors are installed: no text has a meaning, and closeness is 0 throughout."""
    return np.zeros((len(texts), 0), dtype=np.uint8)


def columns_of(listings: Iterable[Listing], languages: Languages, embed: Embed = no_meanings) -> Columns:
    """Read any number of listings, in batches, holding no more than one batch as objects."""
    source = iter(listings)
    parts = []
    while batch := list(islice(source, _BATCH)):
        parts.append(_batch(batch, languages, embed))
    return joined(parts) if parts else _batch([], languages, embed)


def _batch(batch: list[Listing], languages: Languages, embed: Embed) -> Columns:
    values: dict[str, Any] = {
        name: np.fromiter(map(read, batch), dtype=_TYPES[name], count=len(batch))
        for name, read in _READ.items()
    }
    values["language"] = np.fromiter((languages.number(one.languages) for one in batch), "u2", len(batch))
    facts = [_fact_masks(one) for one in batch]
    values["yes"] = np.array([yes for yes, _ in facts], dtype="i8")
    values["no"] = np.array([no for _, no in facts], dtype="i8")
    meaning = np.zeros((len(batch), MEANING_BYTES), dtype=np.uint8)
    made = embed([one.text for one in batch])
    if made.shape[1]:
        meaning[:] = made
    values["meaning"] = meaning.view("i8").reshape(len(batch), 4)
    return Columns(**values)


def _fact_masks(listing: Listing) -> tuple[int, int]:
    yes = no = 0
    for slug, answer in listing.facts.items():
        if answer is Answer.YES:
            yes |= FACT_BIT[slug]
        elif answer is Answer.NO:
            no |= FACT_BIT[slug]
    return yes, no


def _has_place(listing: Listing) -> bool:
    return listing.lat is not None and listing.lon is not None


def _age(age: int | None) -> int:
    return NOT_SAID if age is None else min(NOT_SAID - 1, max(0, age))


def flags_of(listing: Listing) -> int:
    standing = STANDING_OPEN
    if listing.withdrawn or listing.status in CLOSED:
        standing = STANDING_CLOSED
    elif listing.status == CLOSED_FOR_NOW:
        standing = STANDING_FOR_NOW
    room = listing.room
    if listing.places == 0 and room is not Room.WAITING_LIST:
        room = Room.FULL
    weeks = min(listing.waiting_weeks or 0, WEEKS_MOST)
    return (
        DELIVERIES.index(listing.delivery) << DELIVERY_AT
        | standing << STANDING_AT
        | ROOMS.index(room) << ROOM_AT
        | FORMS.index(listing.parent_form) << FORM_AT
        | CHECKED.index(listing.checks) << CHECKS_AT
        | weeks << WEEKS_AT
    )


_READ: dict[str, Callable[[Listing], int]] = {
    "lat": lambda one: micro(one.lat) if one.lat is not None and _has_place(one) else NOWHERE,
    "lon": lambda one: micro(one.lon) if one.lon is not None and _has_place(one) else 0,
    "kinds": lambda one: sum(KIND_BIT[slug] for slug in set(one.kinds)),
    "slots": lambda one: one.slots,
    "youngest": lambda one: _age(one.min_age),
    "oldest": lambda one: _age(one.max_age),
    "price": lambda one: PRICE_NOT_SAID if one.price_pence is None else min(DEAR, max(0, one.price_pence)),
    "checked_on": lambda one: day_number(one.checked_on),
    "checks_until": lambda one: NEVER if one.checks_until is None else day_number(one.checks_until),
    "blur": blur_m,
    "flags": flags_of,
    "row": lambda one: one.row,
    "service": lambda one: one.service,
}
