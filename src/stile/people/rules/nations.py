"""What a person's age changes, nation by nation: a table to be read, with a why and a source on each row.

Sources: "experience" is the project's own design note on age rules, drawn up from NHS, ICO and GMC
guidance. Law named from general knowledge is marked `sourced=False` and shown as "to be confirmed
by the DPO". A local service changes rows here, and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stile.kernel.words import N_

from .age import Age

TO_CONFIRM = N_("to be confirmed by the data protection officer")


class Nation(StrEnum):
    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class Asked(StrEnum):
    """What the table is asked."""

    START = "start"  # may they ask for help by themselves?
    COMPETENCE = "competence"  # must it be written down that they understand a decision?
    PARENT = "parent"  # is a parent told?
    DATA_RIGHTS = "data_rights"  # may they see and erase their data themselves?
    ACCOUNT = "account"  # may they have their own sign-in?


class Says(StrEnum):
    """Answers. For each question the most careful one stands first: it is the one used where age is unknown."""

    FAMILY_FIRST = "family_first"  # the page for families, and Childline
    ALONE = "alone"

    NOTE_FIRST = "note_first"  # before any plan or sharing
    NOTE_IF_DOUBTED = "note_if_doubted"  # capacity is presumed
    ADULT = "adult"  # capacity law, nothing of ours

    ONLY_IF_THEY_SAY = "only_if_they_say"
    THEY_CHOOSE = "they_choose"  # encouraged, never automatic
    USUALLY_INVOLVED = "usually_involved"  # encouraged; still never automatic

    IF_THEY_UNDERSTAND = "if_they_understand"
    PRESUMED = "presumed"

    WITH_WORKER = "with_worker"  # the link worker holds the plan with them
    OWN = "own"


@dataclass(frozen=True, slots=True)
class AgeRule:
    asked: Asked
    nations: tuple[Nation, ...]
    low: int
    high: int
    says: Says
    why: str
    source: str
    sourced: bool = True  # False: from general knowledge, to be confirmed by the DPO


_E, _W, _S, _NI = Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND
_EW, _REST = (_E, _W), (_S, _NI)
_ALL = tuple(Nation)
_GILLICK = "experience: Gillick competence (GMC; NHS proxy guidance)"

RULES: tuple[AgeRule, ...] = (
    # ---- asking for help alone
    AgeRule(
        Asked.START, _ALL, 0, 10, Says.FAMILY_FIRST,
        N_("The service is for 11 to 25; younger children come with their family, or ring Childline."),
        "experience: age rules, design judgement",
    ),
    AgeRule(
        Asked.START, _EW, 11, 120, Says.ALONE,
        N_("Asking for help needs nobody's leave. A link worker then sees what they understand."),
        "experience: age rules, design judgement; under 13 switched on locally",
    ),
    AgeRule(
        Asked.START, _REST, 11, 120, Says.ALONE,
        N_("Asking for help needs nobody's leave. A link worker then sees what they understand."),
        "as in England and Wales", sourced=False,
    ),
    # ---- competence
    AgeRule(
        Asked.COMPETENCE, _EW, 0, 15, Says.NOTE_FIRST,
        N_("It depends on what they understand, decision by decision: not on a birthday."), _GILLICK,
    ),
    AgeRule(
        Asked.COMPETENCE, _EW, 16, 17, Says.NOTE_IF_DOUBTED,
        N_("From 16 they are presumed to be able to decide; doubt is what needs writing down."),
        "experience: presumed to have capacity at 16 (Mental Capacity Act 2005)",
    ),
    AgeRule(
        Asked.COMPETENCE, (_S,), 0, 15, Says.NOTE_FIRST,
        N_("Under 16 it depends on whether they understand what the decision is and what may come of it."),
        "experience: Age of Legal Capacity (Scotland) Act 1991, the test of section 2(4)", sourced=False,
    ),
    AgeRule(
        Asked.COMPETENCE, (_S,), 16, 17, Says.NOTE_IF_DOUBTED,
        N_("At 16 somebody in Scotland is an adult for most things; doubt is what needs writing down."),
        "experience: Age of Legal Capacity (Scotland) Act 1991, section 1", sourced=False,
    ),
    AgeRule(
        Asked.COMPETENCE, (_NI,), 0, 15, Says.NOTE_FIRST,
        N_("It depends on what they understand, decision by decision: not on a birthday."),
        "as in England (common law)", sourced=False,
    ),
    AgeRule(
        Asked.COMPETENCE, (_NI,), 16, 17, Says.NOTE_IF_DOUBTED,
        N_("From 16 they are presumed to be able to decide; doubt is what needs writing down."),
        "as in England; the Mental Capacity Act (Northern Ireland) 2016 is in force in part", sourced=False,
    ),
    AgeRule(
        Asked.COMPETENCE, _ALL, 18, 120, Says.ADULT,
        N_("An adult decides; where that is in doubt, the law on capacity says what to do."),
        "experience: age rules",
    ),
    # ---- telling a parent
    AgeRule(
        Asked.PARENT, _ALL, 0, 12, Says.USUALLY_INVOLVED,
        N_("Children this young are best helped with their family. We ask; nothing is sent by itself."),
        "experience: age rules; hazard H23",
    ),
    AgeRule(
        Asked.PARENT, _EW, 13, 15, Says.THEY_CHOOSE,
        N_("We talk about it and encourage it. The young person chooses."), "experience: age rules; hazard H23",
    ),
    AgeRule(
        Asked.PARENT, _REST, 13, 15, Says.THEY_CHOOSE,
        N_("We talk about it and encourage it. The young person chooses."), "as in England and Wales",
        sourced=False,
    ),
    AgeRule(
        Asked.PARENT, _ALL, 16, 120, Says.ONLY_IF_THEY_SAY,
        N_("Their own business: a parent hears of it only if they say so."), "experience: age rules; hazard H23",
    ),
    # ---- seeing and erasing one's data
    AgeRule(
        Asked.DATA_RIGHTS, (_E, _W, _NI), 0, 15, Says.IF_THEY_UNDERSTAND,
        N_("The right is theirs at any age, if they understand what they ask for."),
        "experience: ICO, data protection rights of children",
    ),
    AgeRule(
        Asked.DATA_RIGHTS, (_S,), 0, 11, Says.IF_THEY_UNDERSTAND,
        N_("The right is theirs at any age, if they understand what they ask for."),
        "experience: ICO, data protection rights of children",
    ),
    AgeRule(
        Asked.DATA_RIGHTS, (_S,), 12, 15, Says.PRESUMED,
        N_("In Scotland a child of 12 is presumed to understand enough."),
        "experience: ICO (section 208 of the Data Protection Act 2018)",
    ),
    AgeRule(
        Asked.DATA_RIGHTS, _ALL, 16, 120, Says.PRESUMED,
        N_("Nobody asks a person of 16 or more whether they understand their own data."),
        "experience: age rules; presumed capacity at 16", sourced=False,
    ),
    # ---- an account of their own
    AgeRule(
        Asked.ACCOUNT, _ALL, 0, 12, Says.WITH_WORKER,
        N_("No account is needed: a link worker can hold the plan with them."), "experience: age rules",
    ),
    AgeRule(
        Asked.ACCOUNT, _ALL, 13, 120, Says.OWN,
        N_("Their own sign-in if they would like one; never the only door."), "experience: age rules",
    ),
)  # fmt: skip


def rules_for(asked: Asked, nation: Nation, of: Age) -> Iterator[AgeRule]:
    """The rows an age may fall under: one for an exact age, more where it is unknown or between two."""
    low, high = (of.low, of.high) if of.low is not None and of.high is not None else (0, 120)
    for rule in RULES:
        if rule.asked is asked and nation in rule.nations and rule.low <= high and rule.high >= low:
            yield rule


def rule_for(asked: Asked, nation: Nation, of: Age) -> AgeRule:
    """The row that counts; where several may, the most careful one, since unknown is not yes."""
    careful = {says: place for place, says in enumerate(Says)}
    return min(rules_for(asked, nation, of), key=lambda rule: careful[rule.says])
