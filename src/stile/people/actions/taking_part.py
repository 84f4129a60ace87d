"""(iii) Taking part in one activity: whom to ask, what they answered, and taking it back."""

from datetime import datetime
from uuid import UUID

from stile.access.actor import Actor
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.kernel.answer import Answer
from stile.kernel.decision import Decision, Refused, no
from stile.kernel.words import N_

from ..models import ParticipationPermission
from ..queries import family
from ..queries import yeses as queries
from ..rules import participation, responsibility
from ..rules.participation import From, ParentOk
from ..rules.sharing import How
from .yeses import NOBODY, about

GONE = no("permission", N_("There is nothing here to answer."))


def ask(
    *,
    by: Actor,
    person_id: UUID,
    activity_id: UUID | None,
    activity_name: str,
    rule: ParentOk,
    at: datetime,
    first_time: Answer = Answer.UNKNOWN,
) -> tuple[UUID, participation.Needed]:
    """Note that somebody would like to go: the permission's id, and whose yes the activity needs."""
    person = about(person_id, at)
    if not queries.may_ask(person):
        raise Refused(NOBODY)
    needed = participation.needed_from(rule, person.nation, person.age, first_time=first_time)
    row = ParticipationPermission(
        person_id=person.id, team_id=person.team_id, activity_id=activity_id, activity_name=activity_name,
        rule=rule.value, needed_from=needed.of.value, asked_at=at, author_id=by.membership_id,
    )  # fmt: skip
    row.save(force_insert=True)
    audit.deed(
        by=by, verb="asked about taking part", what=f"taking_part:{row.id}",
        person=(person.id, person.team_id), detail={"needed_from": needed.of.value}, at=at,
    )  # fmt: skip
    return row.id, needed


def answer(
    *,
    by: Actor,
    permission_id: UUID,
    says: Answer,
    how: How,
    at: datetime,
    carer_id: UUID | None = None,
    emergency_name: str = "",
    emergency_phone: str = "",
    medical_need: str = "",
) -> None:
    """Write down a yes or a no. A yes that a parent must give needs one with parental responsibility (H23)."""
    row = queries.one_taking_part(permission_id)
    if row is None:
        raise Refused(GONE)
    needed = From(row.needed_from)
    if needed is From.UNKNOWN:
        raise Refused(participation.may_start(needed, says, withdrawn=False))
    if says is Answer.YES and needed is From.PARENT:
        carer = family.carer(carer_id) if carer_id else None
        known = family.as_known(carer) if carer is not None and carer.person_id == row.person_id else None
        if by.role is Role.YOUNG_PERSON or not (decision := responsibility.may_answer(known)):
            raise Refused(
                no("signature", N_("The club needs the yes of somebody with parental responsibility."))
                if by.role is Role.YOUNG_PERSON
                else decision
            )
    changed = ParticipationPermission.objects.filter(id=row.id).update(
        answer=says.value, how=how.value, carer_id=carer_id, answered_at=at, withdrawn_at=None,
        emergency_name=emergency_name, emergency_phone=emergency_phone, medical_need=medical_need,
    )  # fmt: skip
    _written(by, row, changed, "answered about taking part", at)


def pause(*, by: Actor, permission_id: UUID, at: datetime) -> None:
    """The yes is taken back, by whoever gave it: this activity pauses. Help, sharing and the rest go on."""
    row = queries.one_taking_part(permission_id)
    if row is None or row.withdrawn_at is not None:
        raise Refused(GONE)
    changed = ParticipationPermission.objects.filter(id=row.id, withdrawn_at=None).update(withdrawn_at=at)
    _written(by, row, changed, "paused taking part", at)


def may_start(permission_id: UUID) -> Decision:
    """Whether they may go to this activity as things stand: asked before a first day is booked."""
    row = queries.one_taking_part(permission_id)
    if row is None:
        return GONE
    carer = family.carer(row.carer_id) if row.carer_id else None
    responsible = carer is not None and responsibility.may_answer(family.as_known(carer)).ok
    return participation.may_start(
        From(row.needed_from), Answer(row.answer), row.withdrawn_at is not None, signed_by_responsible=responsible
    )  # fmt: skip


def _written(by: Actor, row: ParticipationPermission, changed: int, verb: str, at: datetime) -> None:
    if not changed:
        raise Refused(GONE)
    audit.deed(by=by, verb=verb, what=f"taking_part:{row.id}", person=(row.person_id, row.team_id), at=at)
