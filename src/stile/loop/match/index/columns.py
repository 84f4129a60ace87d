"""Listings as rows of numbers: 64 bytes each, one line of the processor's cache, and 32 for the meaning.

Everything is a whole number, so that the index and the plain rules cannot differ by a rounding. The
numbers kept are exactly those a sieve or the score reads; names and words stay in the database. The
numbers of a row lie together, because a search reads short runs of rows here and there and most of
the columns of each: one line fetched from memory a row, instead of one for each column.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
STANDING_OPEN, STANDING_CLOSED, STANDING_FOR_NOW = range(3)
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


# Masks are signed: 63 kinds, 35 facts and 28 slots leave the sign alone.
ROW = np.dtype(
    [
        ("kinds", "i8"),  # vocabulary.KIND_BIT
        ("yes", "i8"),  # facts that are so
        ("no", "i8"),  # facts that are not so; neither bit: nobody has told us
        ("lat", "i4"),  # millionths of a degree, NOWHERE when not known
        ("lon", "i4"),
        ("slots", "i4"),
        ("flags", "i4"),  # delivery, standing, room, form, checks, weeks of waiting
        ("row", "i4"),
        ("service", "i4"),
        ("price", "u2"),  # pence
        ("checked_on", "u2"),  # days
        ("checks_until", "u2"),  # days
        ("blur", "u2"),  # metres
        ("language", "u2"),  # number of the set of languages, see Languages
        ("youngest", "u1"),
        ("oldest", "u1"),
    ],
    align=True,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """n rows of `ROW`, and their meanings: four words each, zeros where there is none."""

    rows: Array  # (n,) of ROW
    meaning: Array  # i8 (n, 4)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def nbytes(self) -> int:
        return int(self.rows.nbytes + self.meaning.nbytes)

    def take(self, positions: Array) -> "Columns":
        return Columns(self.rows[positions], self.meaning[positions])


def joined(parts: Sequence[Columns]) -> Columns:
    """Columns of all the parts, in their order."""
    if len(parts) == 1:
        return parts[0]
    return Columns(
        np.concatenate([part.rows for part in parts]), np.concatenate([part.meaning for part in parts])
    )


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
    rows = np.zeros(len(batch), dtype=ROW)
    for name, read in _READ.items():
        rows[name] = np.fromiter(map(read, batch), dtype=ROW[name], count=len(batch))
    rows["language"] = [languages.number(one.languages) for one in batch]
    facts = [_fact_masks(one) for one in batch]
    rows["yes"], rows["no"] = [yes for yes, _ in facts], [no for _, no in facts]
    meaning = np.zeros((len(batch), MEANING_BYTES), dtype=np.uint8)
    made = embed([one.text for one in batch])
    if made.shape[1]:
        meaning[:] = made
    return Columns(rows, meaning.view("i8").reshape(len(batch), 4))


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


def _until(listing: Listing) -> int:
    """The day after which checks that are current now no longer are; NEVER for all others."""
    if listing.checks is not Checks.CURRENT or listing.checks_until is None:
        return NEVER
    return day_number(listing.checks_until)


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
    "checks_until": _until,
    "blur": blur_m,
    "flags": flags_of,
    "row": lambda one: one.row,
    "service": lambda one: one.service,
}
