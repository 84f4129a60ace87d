"""How well somebody must have proved who they are, by role; how long codes last; how often one may try.

Nothing here ever shuts an account: what is counted is tries from one place, so that nobody can lock
somebody else out by trying in their name (ADR 0008).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from .words import Role

# Two things proved (a passkey on a device that knows its holder, or a code sent and an authenticator).
STRONG: Mapping[Role, str] = {
    Role.LINK_WORKER: "They open young people's records.",
    Role.MANAGER: "They open a whole team's records.",
    Role.SAFEGUARDING_LEAD: "They open the most guarded notes there are.",
    Role.DPO: "They gather everything held about somebody.",
    Role.ADMIN: "They decide who gets in.",
    Role.PLANNER: "They see figures about whole areas before anybody else.",
}


def strong_enough(role: Role, strong: bool) -> bool:
    return strong or role not in STRONG


CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5  # wrong codes typed before another one must be sent
KNOWN_FOR = timedelta(days=180)  # how long a browser that somebody came in by stays known
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within so long, from one place or for one address."""

    most: int
    within: timedelta
    why: str


LIMITS: Mapping[str, Limit] = {
    "ask-here": Limit(5, timedelta(minutes=15), "Codes for one address from one place: enough for anybody's mistakes."),
    "ask-anywhere": Limit(20, timedelta(hours=1), "Codes for one address from everywhere unknown: no flooded mailbox."),
    "ask-place": Limit(60, timedelta(minutes=15), "Codes asked for from one place: a whole office may sign in at nine."),
    "open-place": Limit(100, timedelta(minutes=15), "Codes, links and keys tried from one place."),
    "second": Limit(8, timedelta(minutes=15), "Authenticator or recovery codes tried for one account, after a first proof."),
    "keep-place": Limit(30, timedelta(hours=1), "Drafts kept from one place: a classroom may write at once."),
    "saved-place": Limit(20, timedelta(minutes=15), "Save codes tried from one place."),
}  # fmt: skip
