"""Rows about yeses as words for a page: whatever a template shows is ready here, in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stile.kernel.said import day
from stile.kernel.words import N_

from ..queries.yeses import Known, Shared
from ..queries.yeses_page import Part3, Sees
from ..rules import basis, competence, sharing
from ..rules.age import Age

PURPOSES = {
    basis.Purpose.CARE: N_("The request for help, and the plan"),
    basis.Purpose.OFFER: N_("Offering an activity to a charity"),
    basis.Purpose.SAFEGUARDING: N_("Keeping somebody safe"),
    basis.Purpose.OUTCOMES: N_("How they are doing, for their own help"),
    basis.Purpose.EVALUATION: N_("Finding out what works, planning"),
    basis.Purpose.RESEARCH: N_("Research by others, photos, stories"),
}
WHO = {
    competence.Who.YOUNG_PERSON: N_("The young person decides."),
    competence.Who.PARENT: N_("Somebody with parental responsibility decides."),
    competence.Who.LEAD: N_("They do not understand it yet. If asking a parent or carer is safe, somebody with parental responsibility decides; else the safeguarding lead."),
    competence.Who.NOTE_FIRST: N_("Talk it through first, and write down what they understood."),
}  # fmt: skip
FROM = {
    "young_person": N_("The young person says yes or no."),
    "parent": N_("The club needs the yes of somebody with parental responsibility."),
    "unknown": N_("We do not know yet who has to say yes. Ask the club, and how old they are."),
}
CONCLUDES = {
    "understands": N_("They understand"),
    "needs_help": N_("They need help to understand"),
    "not_yet": N_("Not yet"),
}
GIVEN_BY = {
    "young_person": N_("The young person"),
    "parent": N_("Somebody with parental responsibility"),
    "lead": N_("The safeguarding lead"),
}
HOW = {"said": N_("said"), "typed": N_("typed"), "signed": N_("signed")}
STEPS = {
    "": N_("Nothing."),
    "offered": N_("That somebody would like to come. No name."),
    "accepted": N_("The name, and the lines that were approved."),
    "carer": N_("What was shared with them."),
}
KINDS = {
    "text": N_("Text"), "call": N_("Call"), "email": N_("E-mail"), "letter": N_("Letter"),
    "someone": N_("Through a person they trust"),
}  # fmt: skip
WHOSE = {
    "own": N_("their own"), "parent": N_("a parent’s or carer’s"), "shared": N_("shared"),
    "other": N_("somebody else’s"),
}  # fmt: skip
RESPONSIBLE = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("We don’t know"), "disputed": N_("Disputed")}
KNOWN_BY = {
    "told": N_("we were told"), "document": N_("we saw a document"), "social_worker": N_("from a social worker"),
    "court": N_("from a court"),
}  # fmt: skip
BANDS = {
    "under-11": N_("under 11"),
    "11-12": N_("11 to 12"),
    "13-15": N_("13 to 15"),
    "16-17": N_("16 to 17"),
    "18-25": N_("18 to 25"),
    "over-25": N_("over 25"),
}


def on(moment: datetime | date) -> str:
    """ "Tuesday 3 March", with the year when it is another one."""
    when = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    words = day(when).text(_, ngettext)
    return words if when.year == timezone.localdate().year else f"{words} {when.year}"


def how_old(age: Age) -> str:
    if age.exact is not None:
        return str(age.exact)
    return _("%(low)s to %(high)s") % {"low": age.low, "high": age.high} if age.known else _("age not known")


def heading(person: Known, tab: str) -> dict[str, Any]:
    return {"person": person, "tab": tab, "how_old": how_old(person.age)}


def parts(of: Iterable[sharing.Part]) -> list[str]:
    return [_(sharing.IN_WORDS[part]) for part in of]


def shared(one: Shared) -> dict[str, Any]:
    """One yes to sharing."""
    if one.stands:
        state = _("Until %(day)s") % {"day": on(one.ends)}
    elif one.withdrawn_at:
        state = _("Taken back on %(day)s") % {"day": on(one.withdrawn_at)}
    else:
        state = _("Ran out on %(day)s") % {"day": on(one.ends)}
    return {
        "id": one.id, "reader": one.reader, "parts": parts(one.parts), "why": one.why, "stands": one.stands,
        "state": state, "since": on(one.starts), "given_by": _(GIVEN_BY[one.given_by]), "how": _(HOW[one.how]),
        "wording": one.wording,
    }  # fmt: skip


def sees(one: Sees) -> dict[str, Any]:
    """What one reader sees now."""
    return {
        "reader": one.reader,
        "step": _(STEPS[one.step]),
        "lines": lines(one.lines),
        "nothing": not one.step,
    }


def lines(of: Iterable[tuple[str, object]]) -> list[tuple[str, Any]]:
    return [(_(name), _(BANDS[value]) if value in BANDS else value) for name, value in of]  # type: ignore[index]


def part(one: Part3) -> dict[str, Any]:
    """Taking part in one activity."""
    row = one.row
    answered = {"yes": _("Yes"), "no": _("No"), "unknown": _("No answer yet")}[row.answer]
    return {
        "id": row.id, "name": row.activity_name, "needed": _(FROM[row.needed_from]),
        "answer": _("Paused: taken back") if row.withdrawn_at else answered, "ok": one.may.ok,
        "state": _("They can go.") if one.may else _(one.may.words), "stands": row.withdrawn_at is None and row.answer == "yes",
    }  # fmt: skip


def ground(row: Any) -> dict[str, Any]:
    return {
        "purpose": _(PURPOSES[basis.Purpose(row.purpose)]), "articles": f"{row.article_6}, {row.article_9}".strip(", "),
        "condition": row.condition, "since": on(row.set_at),
    }  # fmt: skip


def note(row: Any) -> dict[str, Any]:
    """A note on what somebody understood."""
    return {
        "decision": row.decision, "concludes": _(CONCLUDES[row.conclusion]), "since": on(row.written_at),
        "review": on(row.review_on), "reasons": row.reasons, "telling_a_parent": row.telling_a_parent,
        "own_words": [(_(words), row.in_own_words.get(key, "")) for key, words in competence.PROMPTS.items()],
    }  # fmt: skip
