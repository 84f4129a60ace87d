"""How long what is kept, and what goes when somebody asks: data, with a why on each line.

Sources: NHS Records Management Code of Practice 2021, appendix II (children's and young people's records to
the 25th birthday, or the 26th where they were 17 when it ended; adults 8 years); UK GDPR article 17(3). A
deployment's data protection officer confirms each line before it holds anybody's data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.kernel.said import Said, say
from stile.kernel.words import N_

from .age import BANDS, birthday, years

BACKUPS_DAYS = 35  # the operator keeps copies for safety no longer than this (docs/how-to/operator.md)
ADULT_YEARS = 8
LONGEST_BAND_LOW = 0  # where not even a band is known, somebody may have been born that very year

# Article 6 grounds under which help was given as a duty: the record of it has to stay for a time.
DUTY = frozenset({"6(1)(c)", "6(1)(e)"})


class Goes(StrEnum):
    NOW = "now"  # at their word, whatever the ground
    WITH_RECORD = "with_record"  # with the record: now where no duty keeps it, else when its time is over


@dataclass(frozen=True, slots=True)
class Keep:
    """One table: when its rows about somebody go, and why. In the order in which they are deleted."""

    table: str
    goes: Goes
    name: str  # what it is, to the young person
    why: str
    column: str = "person_id"


KEEP: tuple[Keep, ...] = (
    Keep("people_hellopage", Goes.NOW, N_("Your hello page"), N_("It was for groups, and for as long as you like.")),
    Keep("people_contactroute", Goes.NOW, N_("How to reach you"), N_("Nobody will write or ring any more.")),
    Keep("people_carer", Goes.NOW, N_("Who we think cares for you"), N_("It was there to help you, and is not needed now.")),
    Keep("people_review", Goes.NOW, N_("Our reminders about you"), N_("There is nothing left to remind us of.")),
    Keep("people_withdrawal", Goes.WITH_RECORD, N_("That groups were told to stop using your data"), N_("It shows that we kept our word.")),
    Keep("people_participationpermission", Goes.WITH_RECORD, N_("Who said yes to you taking part"), N_("It shows who was asked.")),
    Keep("people_sharingpermission", Goes.WITH_RECORD, N_("What you said yes and no to"), N_("It shows that we only shared what you allowed. All of it ends now.")),
    Keep("people_competencenote", Goes.WITH_RECORD, N_("That we talked a decision over with you"), N_("It shows how the decision was made.")),
    Keep("people_packchoice", Goes.WITH_RECORD, N_("What we gave you of what you asked for"), N_("It shows how we answered.")),
    Keep("people_pack", Goes.WITH_RECORD, N_("What we gave you of what you asked for"), N_("It shows how we answered.")),
    Keep("people_rightsrequest", Goes.WITH_RECORD, N_("What you asked for"), N_("It shows that we answered, and when.")),
    Keep("people_lawfulbasisentry", Goes.WITH_RECORD, N_("The legal ground for holding it"), N_("It says why the rest is here.")),
    Keep("people_sameperson", Goes.WITH_RECORD, N_("That two records are yours, or are not"), N_("It keeps two people from being mixed up.")),
    Keep("access_glass", Goes.WITH_RECORD, N_("When somebody opened it in need"), N_("It shows who looked, and why.")),
    Keep("access_tie", Goes.WITH_RECORD, N_("Who could open your record"), N_("It shows who could look.")),
    Keep("people_erasure", Goes.WITH_RECORD, N_("That things were deleted"), N_("It shows what went, and when.")),
    Keep("people_youngperson", Goes.WITH_RECORD, N_("Your name, birth date and code"), N_("Whoever pays for this service must be able to show whom it helped."), "id"),
)  # fmt: skip
# Of a record that stays, what need not: these columns are emptied at their word.
EMPTIED: Mapping[str, str] = {"pronouns": "", "district": "", "school": ""}
# What outlives the record, and says nothing about anybody.
ANONYMOUS = N_("That somebody looked or changed something, with numbers and no names or words")
TO_KEEP_SAFE = N_(
    "If there is something we must keep so that somebody stays safe, it stays as long as that needs."
)


@dataclass(frozen=True, slots=True)
class Until:
    """The day a record's time is over, and the words for why."""

    day: date
    why: Said


def born_at_the_latest(*, born: date | None, band: str, band_on: date) -> date:
    """A birth date to count from; of a band its youngest, so that nothing goes too early."""
    if born is not None:
        return born
    low = next((one.low for one in BANDS if one.code == band), LONGEST_BAND_LOW)
    return birthday(band_on, band_on.year - low)


def keep_until(*, born: date | None, band: str, band_on: date, ended: date) -> Until:
    """Until when a record of commissioned help is kept, counted from the day it ended."""
    since = born_at_the_latest(born=born, band=band, band_on=band_on)
    age = years(since, max(ended, since))
    if age >= 18:
        return Until(birthday(ended, ended.year + ADULT_YEARS), say(N_("eight years after it ended")))
    if age == 17:
        return Until(birthday(since, since.year + 26), say(N_("to the 26th birthday, as it ended at 17")))
    return Until(birthday(since, since.year + 25), say(N_("to the 25th birthday")))


def bound_by_duty(grounds: frozenset[str]) -> bool:
    """Whether help was given as a duty on any ground that was ever written down."""
    return bool(grounds & DUTY)


def plan(*, duty: bool) -> tuple[tuple[Keep, ...], tuple[Keep, ...]]:
    """What goes now and what stays, when somebody asks to be deleted."""
    now = tuple(one for one in KEEP if one.goes is Goes.NOW or not duty)
    return now, tuple(one for one in KEEP if one not in now)
