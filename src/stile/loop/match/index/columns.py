"""Listings as numbers: 64 bytes each, and 32 for the meaning.

Everything is a whole number, so that the index and the plain rules cannot differ by a rounding. The
numbers kept are exactly those a sieve or the score reads; names and words stay in the database.

They are read in as `Columns`, row after row, and searched as `Apart`: each number in a column of its own, so
that a sieve reads the one or two columns it is about, eight and more rows at a time, and a wish that sets
no budget never fetches a price.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stile.kernel.answer import Answer
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.standing import Checks
from stile.loop.directory.rules.vocabulary import FACT_BIT, KIND_BIT, Delivery, ParentForm, Room
from stile.loop.match.rules.closeness import MEANING_BYTES
from stile.loop.match.rules.fit import CLOSED, CLOSED_FOR_NOW, blur_m, micro
from stile.loop.match.rules.score import WEEKS_MOST
from stile.loop.match.rules.sieve import Bit

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
DELIVERY_AT, STANDING_AT, ROOM_AT, FORM_AT, CHECKS_AT, WEEKS_AT = 9, 11, 18, 21, 24, 27  # bit positions

_EPOCH = date(1970, 1, 1).toordinal()
_BATCH = 8192


def day_number(on: date) -> int:
    """Days since 1970 in 16 bits: enough until 2149, and nothing was confirmed before 1970."""
    return min(NEVER - 1, max(0, on.toordinal() - _EPOCH))


# Masks are signed: 63 kinds, 35 facts and 28 slots leave the sign alone.
_WORDS = (
    "kinds",  # vocabulary.KIND_BIT
    "yes",  # facts that are so
    "no",  # facts that are not so; neither bit: nobody has told us
)
_INTS = (
    "lat",  # millionths of a degree, NOWHERE when not known
    "lon",
    "slots",
    "flags",  # delivery, standing, room, form, checks, weeks of waiting
    "row",
    "service",
)
_SHORTS = (
    "price",  # pence
    "checked_on",  # days
    "checks_until",  # days
    "blur",  # metres
    "language",  # number of the set of languages, see Languages
)
_SMALL = ("youngest", "oldest")
_BY_WIDTH = ((_WORDS, "i8"), (_INTS, "i4"), (_SHORTS, "u2"), (_SMALL, "u1"))
ROW = np.dtype([(name, kind) for names, kind in _BY_WIDTH for name in names], align=True)

# Where each stands among those of its width.
KINDS, YES, NO = range(len(_WORDS))
LAT, LON, SLOTS, FLAGS, NUMBER, SERVICE = range(len(_INTS))
PRICE, CHECKED_ON, CHECKS_UNTIL, BLUR, LANGUAGE = range(len(_SHORTS))
YOUNGEST, OLDEST = range(len(_SMALL))


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


class Apart(NamedTuple):
    """n rows with each number in a column of its own, those of one width in one array; and their meanings."""

    words: Array  # i8 (3, n): KINDS, YES, NO
    ints: Array  # i4 (6, n): LAT, LON, ...
    shorts: Array  # u2 (5, n): PRICE, CHECKED_ON, ...
    small: Array  # u1 (2, n): YOUNGEST, OLDEST
    meaning: Array  # i8 (n, 4), row after row: it is read of a few rows only

    def together(self) -> Columns:
        """The same rows, as they were."""
        rows = np.empty(len(self.meaning), dtype=ROW)
        for (names, _), several in zip(_BY_WIDTH, self[:-1], strict=True):
            for name, one in zip(names, several, strict=True):
                rows[name] = one
        return Columns(rows, self.meaning)

    @property
    def nbytes(self) -> int:
        return sum(part.nbytes for part in self)


def apart(columns: Columns, order: Array) -> Apart:
    """The rows at these positions, in this order."""
    words, ints, shorts, small = (
        np.stack([columns.rows[name][order] for name in names]) for names, _ in _BY_WIDTH
    )
    ints[FLAGS] |= always(ints[FLAGS])
    return Apart(words, ints, shorts, small, columns.meaning[order])


def always(flags: Array) -> Array:
    """The sieves that a row's small answers fail whatever is wished for, as those sieves' own bits.

    The small answers leave these places free (and the one of checks nobody has seen, which stops
    some wishes only), so that a search takes the bits as they stand.
    """
    standing, room, checks = flags >> STANDING_AT & 3, flags >> ROOM_AT & 7, flags >> CHECKS_AT & 7
    bits: Array = (
        (standing == STANDING_CLOSED).astype("i4") << Bit.CLOSED
        | (standing == STANDING_FOR_NOW).astype("i4") << Bit.CLOSED_FOR_NOW
        | (room >= ROOMS.index(Room.FULL)).astype("i4") << Bit.FULL
        | (checks > CHECKED.index(Checks.CURRENT)).astype("i4") << Bit.CHECKS
        | (checks == CHECKED.index(Checks.UNKNOWN)).astype("i4") << Bit.CHECKS_UNKNOWN
    )
    return bits


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
