"""(iii) Taking part: who must say yes before a young person joins one activity.

The club's own rule, not the law's and not ours (experience.md finding 3): a young person who may decide
alone to be helped can still need a signature at the door, so it is known before they choose.
"""

from dataclasses import dataclass
from enum import StrEnum

from stile.kernel.answer import Answer
from stile.kernel.decision import YES, Decision, no
from stile.kernel.words import N_

from .age import Age, at_least, under
from .nations import Nation


class ParentOk(StrEnum):
    """As the directory spells it (`ParentForm`)."""

    NEVER = "never"
    UNDER_16 = "under_16"
    UNDER_18 = "under_18"
    FIRST_TIME = "first_time"
    UNKNOWN = "unknown"


class From(StrEnum):
    """Whose yes is needed."""

    YOUNG_PERSON = "young_person"
    PARENT = "parent"
    UNKNOWN = "unknown"  # ask the club, or their age, first


@dataclass(frozen=True, slots=True)
class Needed:
    of: From
    ask_club: str = ""  # a question for the club, where its rule and the nation's law may not fit together


_SCOTLAND_16 = N_("In Scotland somebody of 16 can usually sign for themself. Ask the club (to be confirmed).")


def needed_from(rule: ParentOk, nation: Nation, age: Age, *, first_time: Answer = Answer.UNKNOWN) -> Needed:
    """Whose yes an activity needs. Unknown is not yes: neither an unknown rule nor an unknown age lets in."""
    if at_least(age, 18) is Answer.YES or rule is ParentOk.NEVER:
        return Needed(From.YOUNG_PERSON)
    if rule is ParentOk.UNKNOWN:
        return Needed(From.UNKNOWN, N_("Ask the club whether a parent or carer has to sign."))
    if rule is ParentOk.FIRST_TIME:
        if first_time is Answer.NO:
            return Needed(From.YOUNG_PERSON)
        return _parent(under(age, 18), nation, age)
    return _parent(under(age, 16 if rule is ParentOk.UNDER_16 else 18), nation, age)


def _parent(young_enough: Answer, nation: Nation, age: Age) -> Needed:
    if young_enough is Answer.UNKNOWN:
        return Needed(From.UNKNOWN, N_("Ask how old they are: it decides who has to sign."))
    if young_enough is Answer.NO:
        return Needed(From.YOUNG_PERSON)
    sixteen = nation is Nation.SCOTLAND and at_least(age, 16) is Answer.YES
    return Needed(From.PARENT, _SCOTLAND_16 if sixteen else "")


def may_start(
    needed: From, answer: Answer, withdrawn: bool, *, signed_by_responsible: bool = False
) -> Decision:
    """Whether they may go: the right person's yes, not taken back."""
    if needed is From.UNKNOWN:
        return no("unknown", N_("We do not know yet who has to say yes. Ask the club first."))
    if withdrawn:
        return no("paused", N_("This activity is paused: the yes was taken back. Everything else goes on."))
    if answer is Answer.NO:
        return no("said no", N_("The answer was no. Everything else goes on."))
    if answer is Answer.UNKNOWN:
        return no("waiting", N_("Nobody has answered yet."))
    if needed is From.PARENT and not signed_by_responsible:
        return no("signature", N_("The club needs the yes of somebody with parental responsibility."))
    return YES
