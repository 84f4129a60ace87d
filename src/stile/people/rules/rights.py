"""Asking for one's rights: the clock, who must say yes, and that two people look (experience.md, journey j).

The clock: one month from the day a request comes (UK GDPR article 12(3)), the same day of the next month
or its last; two months more where it is complex, said within the first; it stands still while we wait for
an identity check or for what is meant (Data (Use and Access) Act 2025, section 76). A complaint is
acknowledged within 30 days by law (the same Act, section 103); we mean to within 2 working days.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stile.kernel.decision import YES, Decision, no
from stile.kernel.said import Nn_, Said, day, say, say_many
from stile.kernel.words import N_
from stile.kernel.working_days import working_days_after

ACKNOWLEDGE_BY_LAW = timedelta(days=30)
ACKNOWLEDGE_TARGET = 2  # working days
MORE_TIME = 2  # months


class Kind(StrEnum):
    SEE = "see"
    CORRECT = "correct"
    RESTRICT = "restrict"
    ERASE = "erase"
    COMPLAIN = "complain"


class Asker(StrEnum):
    YOUNG_PERSON = "young_person"
    PARENT = "parent"
    OTHER = "other"


class State(StrEnum):
    RECEIVED = "received"
    WAITING = "waiting"  # for an identity check, or for what is meant; the clock stands still
    PREPARED = "prepared"  # one person has done their part; another looks
    ANSWERED = "answered"
    REFUSED = "refused"  # with words, and the way to complain


MOVES: Mapping[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.WAITING, State.PREPARED, State.ANSWERED, State.REFUSED}),
    State.WAITING: frozenset({State.RECEIVED, State.REFUSED}),
    State.PREPARED: frozenset({State.RECEIVED, State.WAITING, State.ANSWERED, State.REFUSED}),
    State.ANSWERED: frozenset(),
    State.REFUSED: frozenset(),
}
OPEN = frozenset(state for state, moves in MOVES.items() if moves)
TWO_PEOPLE = frozenset({Kind.SEE, Kind.ERASE})

KIND_NAMES: Mapping[Kind, str] = {
    Kind.SEE: N_("See what is held"),
    Kind.CORRECT: N_("Put something right"),
    Kind.RESTRICT: N_("Keep it, but don’t use it"),
    Kind.ERASE: N_("Delete"),
    Kind.COMPLAIN: N_("Complaint"),
}
KIND_ASKS: Mapping[Kind, str] = {
    Kind.SEE: N_("Give me everything you hold about me"),
    Kind.CORRECT: N_("Put something right"),
    Kind.RESTRICT: N_("Keep it, but stop using it"),
    Kind.ERASE: N_("Delete what you hold"),
    Kind.COMPLAIN: N_("I’m not happy with something"),
}
ASKER_NAMES: Mapping[Asker, str] = {
    Asker.YOUNG_PERSON: N_("The young person"),
    Asker.PARENT: N_("A parent or carer"),
    Asker.OTHER: N_("Somebody else for them"),
}
STATE_NAMES: Mapping[State, str] = {
    State.RECEIVED: N_("We have it"),
    State.WAITING: N_("We wait for an answer; the clock stands still"),
    State.PREPARED: N_("A second person looks at it"),
    State.ANSWERED: N_("Answered"),
    State.REFUSED: N_("Answered: no, with the reason"),
}
# Never new identity papers from a child: a way we already know to be theirs is enough.
CHECKS: Mapping[str, str] = {
    "own_sign_in": N_("They were signed in themselves"),
    "safe_channel": N_("We asked back by a safe way that we already had"),
    "in_person": N_("Somebody who knows them met them"),
    "authority": N_("A paper that shows they may act for them"),
}
HELD_BACK: Mapping[str, str] = {
    "third_party": N_("It is about somebody else"),
    "serious_harm": N_("It could badly harm them or somebody; a named professional says so"),
    "safeguarding": N_("Safeguarding; the lead was asked"),
    "legal": N_("Advice of a lawyer"),
}


def months_after(start: date, months: int) -> date:
    """The same day that many months on, or the last day of that month."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def due(received: date, *, extended: bool = False, waited_days: int = 0) -> date:
    return months_after(received, 1 + MORE_TIME * extended) + timedelta(days=waited_days)


def acknowledge_by(received: date) -> tuple[date, date]:
    """When we mean to have acknowledged a complaint, and when the law says at the latest."""
    return working_days_after(received, ACKNOWLEDGE_TARGET), received + ACKNOWLEDGE_BY_LAW


_LEFT = Nn_("%(n)s day left: by %(day)s", "%(n)s days left: by %(day)s")
_LATE = Nn_("%(n)s day late: it was due on %(day)s", "%(n)s days late: it was due on %(day)s")


def time_left(due_on: date, today: date, *, waiting: bool = False) -> Said:
    """The clock in plain words; no colour says it."""
    if waiting:
        return say(N_("The clock stands still until they answer."))
    n = (due_on - today).days
    if n == 0:
        return say(N_("Due today"))
    return say_many(_LEFT if n > 0 else _LATE, abs(n), day=day(due_on))


def may_move(here: State, there: State) -> Decision:
    if there in MOVES[here]:
        return YES
    return no("state", N_("This has been answered already, or is not so far yet."))


def may_be_second(first: object | None, second: object) -> Decision:
    """The four-eyes rule: whoever prepared it does not release it. Compare accounts, not roles."""
    if first is None:
        return no("first", N_("Somebody has to prepare it first."))
    if first == second:
        return no("two people", N_("You prepared this. Somebody else has to look at it before it goes out."))
    return YES


@dataclass(frozen=True, slots=True)
class ParentAsks:
    """What is known when a parent asks for their child's data."""

    child_is_16: bool | None  # None: nobody knows
    understands: bool | None  # from a competence note about this very decision; None: not looked at yet
    their_yes: str  # yes, no, unknown
    responsible: str  # yes, no, unknown, disputed: of the parent who asks
    known_by: str  # how that is known
    interests_why: str


def may_parent(asks: ParentAsks) -> Decision:
    """Whether a parent may be answered (ICO, "What about requests for information about children?").

    The right is the child's. One who understands decides; a parent acts for one who does not yet, where
    they hold parental responsibility and it is plainly good for the child. Unknown is not yes.
    """
    if asks.child_is_16 or asks.understands:
        if asks.their_yes == "yes":
            return YES
        if asks.their_yes == "no":
            return no("child said no", N_("They understand, and said no. Nothing goes to the parent."))
        return no(
            "ask the child", N_("They understand. Ask them, by a way that is safe, before anything else.")
        )
    if asks.understands is None:
        return no(
            "competence", N_("First talk it over with the young person and write down what they understand.")
        )
    if asks.responsible != "yes" or not asks.known_by:
        return no("responsibility", N_("We don’t know that this parent holds parental responsibility."))
    if len(asks.interests_why.split()) < 3:
        return no("interests", N_("Write down why an answer to the parent is plainly good for the child."))
    if asks.their_yes == "no":
        return no(
            "child said no", N_("The young person does not want it. Talk it over with the safeguarding lead.")
        )
    return YES
