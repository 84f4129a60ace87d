"""A charity hears of somebody, says yes or not this time, and stops seeing them when it is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from stile.kernel.words import N_

AFTER_LAST_SESSION = timedelta(days=30)


class NotThisTime(StrEnum):
    FULL = "full"
    NOT_SUITABLE = "not_suitable"
    PAUSED = "paused"
    STAFFING = "staffing"


IN_WORDS: Mapping[NotThisTime, str] = {
    NotThisTime.FULL: N_("The group is full"),
    NotThisTime.NOT_SUITABLE: N_("It would not suit them"),
    NotThisTime.PAUSED: N_("We are having a break"),
    NotThisTime.STAFFING: N_("Not enough of us just now"),
}


def access_ends(at: datetime, last_session: datetime | None, *, unsafe: bool = False) -> datetime:
    """When a charity stops seeing somebody: 30 days after the last session; at once when it is unsafe."""
    if unsafe or last_session is None:
        return at
    return max(at, last_session + AFTER_LAST_SESSION)
