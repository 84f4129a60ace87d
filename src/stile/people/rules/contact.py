"""May we send this by that route? Asked right before every sending (H02). Unknown is not yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stile.kernel.answer import Answer
from stile.kernel.decision import YES, Decision, no
from stile.kernel.words import N_

CONFIRMED_FOR = timedelta(days=90)  # a local setting; after it the worker asks again


class Kind(StrEnum):
    TEXT = "text"
    CALL = "call"
    EMAIL = "email"
    LETTER = "letter"
    SOMEONE = "someone"  # through a person they trust


class Whose(StrEnum):
    OWN = "own"
    PARENT = "parent"
    SHARED = "shared"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Route:
    kind: Kind
    whose: Whose
    ok: Answer
    seen_by_others: Answer
    leave_message: Answer
    confirmed_at: datetime | None
    off_at: datetime | None = None


def may_send(
    route: Route | None,
    at: datetime,
    *,
    stopped: bool,
    by_itself: bool = True,
    leaving_message: bool = False,
) -> Decision:
    """Whether one message may go now. `stopped`: they asked for nothing at all, which beats everything.

    `by_itself`: sent by the program and not by a person who is on the line. `leaving_message`: nobody
    picks up and words are left behind.
    """
    if stopped:
        return no("stopped", N_("They have asked us to send nothing. Wait until they come to us."))
    if route is None:
        return no("no route", N_("We have no safe way to reach them. Ask whoever introduced them."))
    if route.off_at is not None and route.off_at <= at:
        return no("off", N_("This way has been turned off."))
    if route.ok is not Answer.YES:
        return no("not ok", N_("Nobody has told us that this way is safe. Ask them first."))
    if route.confirmed_at is None or not at - CONFIRMED_FOR <= route.confirmed_at <= at:
        return no("confirm", N_("It is a while since they said that this is safe. Ask again first."))
    if route.whose is not Whose.OWN and route.seen_by_others is Answer.UNKNOWN:
        return no("seen", N_("This is not their own. Ask who else reads it first."))
    if route.kind is Kind.LETTER and route.seen_by_others is not Answer.NO:
        return no("seen", N_("A letter is opened by whoever finds it. Ask who else reads their post first."))
    if route.kind is Kind.SOMEONE and by_itself:
        return no("person", N_("This goes through a person they trust. Speak to them yourself."))
    unanswered = leaving_message or (route.kind is Kind.CALL and by_itself)
    if unanswered and route.leave_message is not Answer.YES:
        return no("message", N_("Do not leave a message. Try again at a good time."))
    return YES


def bare(route: Route) -> bool:
    """Whether only a first name, a place and a time may be said: unless it is surely theirs alone."""
    return not (route.whose is Whose.OWN and route.seen_by_others is Answer.NO)


def first_way(routes: Iterable[Route], at: datetime, *, stopped: bool) -> Route | None:
    """The first route by which something may be sent now, in the order given; None where there is none."""
    return next((route for route in routes if may_send(route, at, stopped=stopped)), None)
