"""Birthdays that change the rules. Each raises something to look at; none changes anything by itself (H22)."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.kernel.words import N_

from .age import birthday


class Turn(StrEnum):
    """Kinds of review, as the database spells them, in the order in which a life meets them."""

    THIRTEEN = "turning_13"
    SIXTEEN = "turning_16"
    BEFORE_18 = "before_18"
    EIGHTEEN = "turning_18"
    BEFORE_25 = "before_25"
    TWENTY_FIVE = "turning_25"


@dataclass(frozen=True, slots=True)
class Point:
    kind: Turn
    years: int
    months: int
    ask: str  # what to look at with them


POINTS: tuple[Point, ...] = (
    Point(
        Turn.THIRTEEN, 13, 0,
        N_("13: they may like their own sign-in. Ask again who at home may know what."),
    ),
    Point(
        Turn.SIXTEEN, 16, 0,
        N_("16: they are presumed to decide for themselves. Go through each yes that a parent gave, and ask them."),
    ),
    Point(
        Turn.BEFORE_18, 17, 6,
        N_("Half a year to 18: which groups and workers end at 18, and who goes on? Plan it with them now."),
    ),
    Point(
        Turn.EIGHTEEN, 18, 0,
        N_("18: an adult. Nobody else says yes for them now. Check that help goes on and with whom."),
    ),
    Point(
        Turn.BEFORE_25, 24, 6,
        N_("Half a year to 25: help for young people ends. Plan with them what comes after."),
    ),
    Point(
        Turn.TWENTY_FIVE, 25, 0,
        N_("25: the last year of help for young people. Check that what comes after has begun."),
    ),
)  # fmt: skip
ASK: Mapping[str, str] = {
    **{point.kind.value: point.ask for point in POINTS},
    "competence": N_("A note of what they understood is six months old. Talk it through again."),
    "sharing": N_("A yes to sharing is about to run out. Ask whether it should go on."),
}


def day_of(point: Point, born: date) -> date:
    """The day a point falls on. Where the month is too short, its last day: early, never late."""
    on = birthday(born, born.year + point.years)
    if not point.months:
        return on
    year, month = divmod(on.month - 1 + point.months, 12)
    year, month = on.year + year, month + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def turning_points(born: date) -> tuple[tuple[Turn, date], ...]:
    """All of a life's points with their days, the earliest first."""
    return tuple((point.kind, day_of(point, born)) for point in POINTS)


def to_raise(born: date, *, known_since: date, on: date) -> tuple[tuple[Turn, date], ...]:
    """The points a review must stand for: those that came while we knew them, by `on`.

    Of the half years before a birthday also one that came earlier, until the birthday itself: whoever
    comes to us at seventeen and nine months needs the plan for 18 more, not less.
    """
    raised = []
    for point in POINTS:
        day = day_of(point, born)
        since = known_since < day
        if point.months:
            since = since or on < birthday(born, born.year + point.years + 1)
        if day <= on and since:
            raised.append((point.kind, day))
    return tuple(raised)
