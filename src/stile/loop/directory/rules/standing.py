"""May this activity be shown and matched today? Freshness (H08) and safeguarding checks (H09)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stile.kernel.words import N_

from .records import AssuranceRecord

GREYED_AFTER = timedelta(days=60)  # experience.md 1(e)-2: still matched, but says it is getting old
HIDDEN_AFTER = timedelta(days=90)  # and never matched from here on

REQUIRED_CHECKS: tuple[str, ...] = ("safeguarding_policy", "named_lead", "staff_checks")


class Freshness(StrEnum):
    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


def freshness(checked_on: date, today: date) -> Freshness:
    """How old the last word about an activity is. A date in the future counts as today."""
    age = today - checked_on
    if age > HIDDEN_AFTER:
        return Freshness.STALE
    return Freshness.AGEING if age > GREYED_AFTER else Freshness.FRESH


def freshness_shown(checked_on: date, today: date, doubted: bool) -> Freshness:
    """As `freshness`, but a listing people said is wrong is never fresh until somebody confirms it."""
    how = freshness(checked_on, today)
    return Freshness.AGEING if doubted and how is Freshness.FRESH else how


def checks_until(assurances: Sequence[AssuranceRecord]) -> date | None:
    """The first day on which a required check is due again; None while one is missing or undated."""
    due = [
        max((one.review_due for one in assurances if one.kind == kind and one.review_due), default=None)
        for kind in REQUIRED_CHECKS
    ]
    return None if None in due else min(day for day in due if day is not None)


class Checks(StrEnum):
    """What we know of an organisation's safeguarding checks."""

    CURRENT = "current"
    UNKNOWN = "unknown"  # nobody has shown us any: looking is allowed and says so, introducing is not
    MISSING = "missing"  # some were shown, a required one was not
    OVERDUE = "overdue"
    SUSPENDED = "suspended"


def checks(assurances: Iterable[AssuranceRecord], today: date) -> Checks:
    """The worst that is true of the checks; one that was never dated for review counts as overdue."""
    seen = list(assurances)
    if any(one.suspended for one in seen):
        return Checks.SUSPENDED
    if not seen:
        return Checks.UNKNOWN
    for kind in REQUIRED_CHECKS:
        of_kind = [one for one in seen if one.kind == kind]
        if not of_kind:
            return Checks.MISSING
        if all(one.review_due is None or one.review_due < today for one in of_kind):
            return Checks.OVERDUE
    return Checks.CURRENT


@dataclass(frozen=True, slots=True)
class Standing:
    """Why an activity may not be shown, or "" when it may. The code is stable; the words are read."""

    code: str = ""
    words: str = ""


def standing(
    *, status: str, withdrawn: bool, checked_on: date, checked: Checks, today: date, introducing: bool = False
) -> Standing:
    """The first thing that stands in the way.

    `introducing` is the stricter question of somebody sending a young person there: then checks
    nobody has shown us stand in the way too. When one looks for oneself they are said, not hidden.
    """
    if withdrawn or status in ("inactive", "defunct"):
        return Standing("closed", N_("closed, or no longer listed"))
    if status == "temporarily closed":
        return Standing("closed_for_now", N_("closed for now"))
    if checked in (Checks.SUSPENDED, Checks.OVERDUE, Checks.MISSING):
        return Standing("checks", N_("safeguarding checks not in place"))
    if introducing and checked is Checks.UNKNOWN:
        return Standing("checks_unknown", N_("safeguarding checks not seen yet"))
    if freshness(checked_on, today) is Freshness.STALE:
        return Standing("stale", N_("not confirmed for over 90 days"))
    return Standing()
