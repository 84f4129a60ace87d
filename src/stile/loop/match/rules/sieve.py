"""What leaves an activity out, in the order in which it is said.

Each `Sieve` is one reason. They come in three sorts. *Firm* ones are never traded for anything (H08
stale, H09 checks, H10 age and access, H24 things to avoid; and a full group is full). *Bending* ones may
be let go of, and `relax.py` says what that would bring. *Unsure* ones mean that nobody has told us:
unknown is not yes, so the activity is never suggested, but it is shown under "ask first".

The order is part of the index (bit n of a row's mask is sieve n), so append within the sorts with care.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from stile.kernel.words import N_


class Sort(StrEnum):
    FIRM = "firm"
    BENDING = "bending"
    UNSURE = "unsure"


class Bit(IntEnum):
    CLOSED = 0
    CLOSED_FOR_NOW = 1
    CHECKS = 2
    STALE = 3
    AGE = 4
    NEEDS = 5
    AVOID = 6
    REFUSED = 7
    FULL = 8
    FAR = 9
    ONLINE_ONLY = 10
    TIME = 11
    PRICE = 12
    FORM = 13
    LANGUAGE = 14
    KIND = 15
    CHECKS_UNKNOWN = 16
    AGE_UNKNOWN = 17
    NEEDS_UNKNOWN = 18
    AVOID_UNKNOWN = 19
    POSITION_UNKNOWN = 20
    TIME_UNKNOWN = 21
    PRICE_UNKNOWN = 22
    FORM_UNKNOWN = 23
    LANGUAGE_UNKNOWN = 24


@dataclass(frozen=True, slots=True)
class Sieve:
    bit: Bit
    code: str
    words: str
    sort: Sort


SIEVES: tuple[Sieve, ...] = (
    Sieve(Bit.CLOSED, "closed", N_("closed, or no longer listed"), Sort.FIRM),
    Sieve(Bit.CLOSED_FOR_NOW, "closed_for_now", N_("closed for now"), Sort.FIRM),
    Sieve(Bit.CHECKS, "checks", N_("safeguarding checks not in place"), Sort.FIRM),
    Sieve(Bit.STALE, "stale", N_("not confirmed for over 90 days"), Sort.FIRM),
    Sieve(Bit.AGE, "age", N_("for other ages"), Sort.FIRM),
    Sieve(Bit.NEEDS, "needs", N_("without something you need"), Sort.FIRM),
    Sieve(Bit.AVOID, "avoid", N_("with something you want to avoid"), Sort.FIRM),
    Sieve(Bit.REFUSED, "refused", N_("something you said no to"), Sort.FIRM),
    Sieve(Bit.FULL, "full", N_("full at the moment"), Sort.FIRM),
    Sieve(Bit.FAR, "far", N_("a bit too far"), Sort.BENDING),
    Sieve(Bit.ONLINE_ONLY, "online_only", N_("online only"), Sort.BENDING),
    Sieve(Bit.TIME, "time", N_("at other times"), Sort.BENDING),
    Sieve(Bit.PRICE, "price", N_("costs more"), Sort.BENDING),
    Sieve(Bit.FORM, "parent_form", N_("needs a form from a parent or carer"), Sort.BENDING),
    Sieve(Bit.LANGUAGE, "language", N_("in other languages"), Sort.BENDING),
    Sieve(Bit.KIND, "kind", N_("something different"), Sort.BENDING),
    Sieve(
        Bit.CHECKS_UNKNOWN, "checks_unknown", N_("ask first: safeguarding checks not seen yet"), Sort.UNSURE
    ),
    Sieve(Bit.AGE_UNKNOWN, "age_unknown", N_("ask first: ages not known"), Sort.UNSURE),
    Sieve(Bit.NEEDS_UNKNOWN, "needs_unknown", N_("ask first: something you need is not known"), Sort.UNSURE),
    Sieve(Bit.AVOID_UNKNOWN, "avoid_unknown", N_("ask first: something to avoid is not known"), Sort.UNSURE),
    Sieve(Bit.POSITION_UNKNOWN, "position_unknown", N_("ask first: place not known"), Sort.UNSURE),
    Sieve(Bit.TIME_UNKNOWN, "time_unknown", N_("ask first: times not known"), Sort.UNSURE),
    Sieve(Bit.PRICE_UNKNOWN, "price_unknown", N_("ask first: price not known"), Sort.UNSURE),
    Sieve(Bit.FORM_UNKNOWN, "form_unknown", N_("ask first: parent form not known"), Sort.UNSURE),
    Sieve(Bit.LANGUAGE_UNKNOWN, "language_unknown", N_("ask first: language not known"), Sort.UNSURE),
)
SIEVE_BY_CODE: dict[str, Sieve] = {one.code: one for one in SIEVES}
OVER = Sieve(Bit.TIME, "over", N_("no more dates"), Sort.FIRM)  # seen only when the dates are worked out
NOT_THAT_DAY = Sieve(Bit.TIME, "other_dates", N_("not on those dates"), Sort.BENDING)  # the same

UNSURE_MASK: int = sum(1 << one.bit for one in SIEVES if one.sort is Sort.UNSURE)
HARD_MASK: int = sum(1 << one.bit for one in SIEVES if one.sort is not Sort.UNSURE)
KIND_MASK: int = 1 << Bit.KIND


def first_reason(mask: int) -> Sieve:
    """The reason that is said for a row that fails several; ValueError for one that fails none."""
    if not mask:
        raise ValueError("nothing leaves this out")
    return SIEVES[(mask & -mask).bit_length() - 1]
