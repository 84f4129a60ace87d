"""Parental responsibility: never taken from what somebody is called, always from how it is known (H23)."""

from dataclasses import dataclass
from enum import StrEnum

from stile.kernel.decision import YES, Decision, no
from stile.kernel.words import N_


class Responsible(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    DISPUTED = "disputed"


class KnownBy(StrEnum):
    TOLD = "told"
    DOCUMENT = "document"
    SOCIAL_WORKER = "social_worker"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class Carer:
    """`relation` is what they are called: mum, foster carer, uncle. Nothing follows from it."""

    relation: str
    responsible: Responsible
    known_by: KnownBy | None
    ended: bool = False


def may_be_recorded(responsible: Responsible, known_by: KnownBy | None) -> Decision:
    """Yes, no and disputed are each known from somewhere; only unknown needs no source."""
    if responsible is not Responsible.UNKNOWN and known_by is None:
        return no("known by", N_("Say how this is known: told, a document, a social worker, a court."))
    return YES


def may_answer(carer: Carer | None) -> Decision:
    """Whether this person may say yes for a young person who cannot yet."""
    if carer is None or carer.ended:
        return no("nobody", N_("Nobody with parental responsibility is known. Decide it with the lead."))
    if carer.responsible is Responsible.DISPUTED:
        return no("disputed", N_("It is disputed who may decide. Decide it with the safeguarding lead."))
    if carer.responsible is Responsible.UNKNOWN or carer.known_by is None:
        return no(
            "unknown",
            N_("We do not know whether they have parental responsibility. Ask, or decide it with the lead."),
        )
    if carer.responsible is Responsible.NO:
        return no("not theirs", N_("They do not have parental responsibility."))
    return YES
