"""Whether a young person decides for themselves, decision by decision (Gillick). No score, no age line.

Sources: experience.md section 4 (competence note) and the age rules (`nations.py`); hazard H23.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stile.kernel.answer import Answer
from stile.kernel.decision import YES, Decision, no
from stile.kernel.words import N_

from .age import Age
from .nations import Asked, Nation, Says, rule_for

REVIEW_MONTHS = 6


class Deciding(StrEnum):
    """Kinds of decision: a note about one says nothing about another."""

    SHARING = "sharing"
    PLAN = "plan"
    TAKING_PART = "taking_part"
    DATA_RIGHTS = "data_rights"
    TELLING_A_PARENT = "telling_a_parent"


class Concludes(StrEnum):
    UNDERSTANDS = "understands"
    NEEDS_HELP = "needs_help"  # an interpreter, pictures, more time: then asked again
    NOT_YET = "not_yet"


class Who(StrEnum):
    """Whose word counts."""

    YOUNG_PERSON = "young_person"
    PARENT = "parent"  # somebody with parental responsibility, and known to be safe to ask
    LEAD = "lead"  # the safeguarding lead
    NOTE_FIRST = "note_first"  # nobody's, until it has been talked through and written down


# What the link worker asks, in this order, and writes down in the young person's own words.
PROMPTS: Mapping[str, str] = {
    "what": N_("What is it about, in their own words?"),
    "who": N_("Who will know, as they see it?"),
    "else": N_("What else could they do?"),
    "wrong": N_("What could go wrong, and what then?"),
}


@dataclass(frozen=True, slots=True)
class Note:
    deciding: Deciding
    concludes: Concludes
    written_on: date
    review_on: date
    free_of_pressure: Answer = Answer.UNKNOWN
    own_words: Mapping[str, str] = field(default_factory=dict)  # by the keys of PROMPTS
    reasons: str = ""


def review_day(written_on: date, months: int = REVIEW_MONTHS) -> date:
    """Six months on; where that month is shorter, its last day."""
    year, month = divmod(written_on.month - 1 + months, 12)
    year, month = written_on.year + year, month + 1
    return date(year, month, min(written_on.day, calendar.monthrange(year, month)[1]))


def complete(note: Note) -> Decision:
    """Whether a note may be kept: their own words throughout, reasons, and a review within six months."""
    if any(not note.own_words.get(prompt, "").strip() for prompt in PROMPTS):
        return no("own words", N_("Write down what they said to each of the four questions."))
    if not note.reasons.strip():
        return no("reasons", N_("Say why you think so."))
    if note.concludes is Concludes.UNDERSTANDS and note.free_of_pressure is not Answer.YES:
        return no("pressure", N_("If somebody may be pressing them, it is not their decision yet."))
    if not note.written_on < note.review_on <= review_day(note.written_on):
        return no("review", N_("Look at it again within six months."))
    return YES


def stands(note: Note | None, deciding: Deciding, on: date) -> bool:
    """Whether a note is about this kind of decision and not yet due for review."""
    return note is not None and note.deciding is deciding and note.written_on <= on < note.review_on


def who_decides(
    nation: Nation,
    age: Age,
    deciding: Deciding,
    on: date,
    *,
    note: Note | None = None,
    doubted: bool = False,
    parent_safe: Answer = Answer.UNKNOWN,
) -> Who:
    """Whose yes counts for one decision.

    `parent_safe`: whether asking somebody with parental responsibility is safe. Unknown is not yes: the
    safeguarding lead decides. `doubted`: somebody doubts that a person of 16 or more can decide.
    """
    says = rule_for(Asked.COMPETENCE, nation, age).says
    if says is Says.ADULT:
        return Who.LEAD if doubted else Who.YOUNG_PERSON
    standing = note if stands(note, deciding, on) else None
    if says is Says.NOTE_IF_DOUBTED and not doubted and standing is None:
        return Who.YOUNG_PERSON
    if standing is None or standing.concludes is Concludes.NEEDS_HELP:
        return Who.NOTE_FIRST
    if standing.concludes is Concludes.UNDERSTANDS:
        return Who.YOUNG_PERSON if standing.free_of_pressure is Answer.YES else Who.NOTE_FIRST
    return Who.PARENT if parent_safe is Answer.YES else Who.LEAD


_WORDS: Mapping[Who, str] = {
    Who.YOUNG_PERSON: N_("This is the young person’s own decision."),
    Who.PARENT: N_("They do not understand this yet. Somebody with parental responsibility says yes or no."),
    Who.LEAD: N_("The safeguarding lead decides this, and writes down why."),
    Who.NOTE_FIRST: N_("Talk it through first, and write down what they understood."),
}


def may_say_yes(decides: Who, given_by: Who) -> Decision:
    """Whether the yes of `given_by` is the one that counts; in words that say whose is."""
    return (
        YES if decides is given_by and decides is not Who.NOTE_FIRST else no(decides.value, _WORDS[decides])
    )
