"""Asking for each yes, writing the answer down, and taking it back: three records, never one (ADR 9)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.kernel.answer import Answer
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import (
    CompetenceNote,
    LawfulBasisEntry,
    Membership,
    Organisation,
    SharingPermission,
    Withdrawal,
    YoungPerson,
)
from ..queries import family
from ..queries import yeses as queries
from ..queries.yeses import Known
from ..rules import basis, competence, responsibility, sharing, withdrawal
from ..rules.sharing import How, Part, Reader
from .reviews import raise_for

NOBODY = no("person", N_("There is no such record."))


def about(person_id: UUID, at: datetime) -> Known:
    """Somebody the actor reaches; raises Refused otherwise, in the words of a record that is not there."""
    person = queries.known(person_id, queries.local(at))
    if person is None:
        raise Refused(NOBODY)
    return person


def in_use(person: Known) -> None:
    """Nothing new is shared of somebody who stopped, or whose record is set aside. Raises Refused."""
    if person.ended_at is not None or person.restricted_at is not None:
        raise Refused(no("set aside", N_("This record is set aside: it is kept, and not used.")))


def _to_write(person_id: UUID, at: datetime) -> Known:
    """Somebody whose yeses the actor may write down; the database would refuse the others without words."""
    person = about(person_id, at)
    if not queries.may_ask(person):
        raise Refused(NOBODY)
    return person


# ---------------------------------------------------------------- (i) sharing


def give(
    *,
    by: Actor,
    person_id: UUID,
    parts: Sequence[Part],
    why: str,
    how: How,
    language: str,
    at: datetime,
    organisation_id: UUID | None = None,
    readers: Sequence[Reader] = (),
    carer_id: UUID | None = None,
    given_by: competence.Who = competence.Who.YOUNG_PERSON,
    parent_id: UUID | None = None,
    lead_id: UUID | None = None,
    parent_safe: Answer = Answer.UNKNOWN,
    doubted: bool = False,
    ends: datetime | None = None,
) -> UUID:
    """Write down a yes to one reader seeing some parts; the permission's id.

    Refused unless the yes is of whoever decides this (rules/competence.py): the young person, with a
    note of what they understood where their age asks for one; else a parent who is known to have
    parental responsibility (`parent_id`); else the safeguarding lead (`lead_id`, a membership).
    """
    person = _to_write(person_id, at)
    in_use(person)
    to = [Reader.PARENT] if carer_id else list(readers)
    for decision in (
        sharing.may_ask(parts, to),
        sharing.ends_well(at, sharing.until(at, ends)),
    ):
        if not decision:
            raise Refused(decision)
    decides, note_id = queries.who_decides(
        person, competence.Deciding.SHARING, queries.local(at), doubted=doubted, parent_safe=parent_safe
    )
    if not (decision := competence.may_say_yes(decides, given_by)):
        raise Refused(decision)
    if given_by is competence.Who.PARENT:
        _must_be_responsible(person, parent_id)
    if given_by is competence.Who.LEAD:
        _must_be_a_lead(by, lead_id)
    _must_be_a_reader(person, organisation_id, carer_id)
    row = SharingPermission(
        person_id=person.id, team_id=person.team_id, to_organisation_id=organisation_id, to_carer_id=carer_id,
        to_roles=sorted(one.value for one in to), slices=sorted(part.value for part in parts), why=why,
        how=how.value, wording=sharing.wording_mark(language), given_by=given_by.value,
        witness_id=lead_id or (by.membership_id if how is How.SAID else None), competence_note_id=note_id,
        starts=at, ends=sharing.until(at, ends),
    )  # fmt: skip
    row.save(force_insert=True)
    raise_for(
        person_id=person.id, team_id=person.team_id, kind="sharing", about_id=row.id,
        due_on=queries.local(max(at, row.ends - sharing.SOON)),
    )  # fmt: skip
    audit.deed(
        by=by, verb="wrote down a yes", what=f"sharing:{row.id}", person=(person.id, person.team_id),
        detail={"parts": row.slices, "given_by": row.given_by}, at=at,
    )  # fmt: skip
    return row.id


def said_no(*, by: Actor, person_id: UUID, at: datetime) -> None:
    """Somebody was asked and said no: that it was asked is written down, and nothing else."""
    person = _to_write(person_id, at)
    audit.deed(
        by=by, verb="heard a no", what=f"person:{person.id}", person=(person.id, person.team_id), at=at
    )


def _must_be_responsible(person: Known, parent_id: UUID | None) -> None:
    row = family.carer(parent_id) if parent_id else None
    known = family.as_known(row) if row is not None and row.person_id == person.id else None
    if not (decision := responsibility.may_answer(known)):
        raise Refused(decision)


def _must_be_a_lead(by: Actor, lead_id: UUID | None) -> None:
    leads = Membership.objects.filter(
        id=lead_id, role=Role.SAFEGUARDING_LEAD.value, organisation_id=by.organisation_id
    )
    if not leads.exists():
        raise Refused(no("lead", N_("Say which safeguarding lead decided this.")))


def _must_be_a_reader(person: Known, organisation_id: UUID | None, carer_id: UUID | None) -> None:
    if organisation_id is not None and carer_id is None:
        found = Organisation.objects.filter(id=organisation_id, closed_on=None).exists()
    else:
        row = family.carer(carer_id) if carer_id else None
        found = (
            organisation_id is None
            and row is not None
            and row.person_id == person.id
            and row.ended_at is None
        )
    if not found:
        raise Refused(no("reader", N_("Choose whom to share with.")))


def withdraw(*, by: Actor, permission_id: UUID, how: How, at: datetime) -> UUID | None:
    """Somebody changed their mind: the reader sees nothing from now on. The notice's id, if one was left.

    For the young person themself, and for whoever hears it said. In one transaction: the yes ends, the
    reader's ties are cut, an organisation is asked to stop, delete and say so within five days.
    """
    row = queries.permission(permission_id)
    if row is None or row.withdrawn_at is not None:
        raise Refused(no("permission", N_("There is nothing here to take back.")))
    shown_as = _shown_as(row, at)
    changed = SharingPermission.objects.filter(id=row.id, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_how=how.value, told_at=at
    )
    if not changed:
        raise Refused(no("permission", N_("There is nothing here to take back.")))
    audit.deed(
        by=by, verb="took back a yes", what=f"sharing:{row.id}", person=(row.person_id, row.team_id), at=at
    )  # fmt: skip
    _cut(by, row, at)
    return _tell(by, row, shown_as, at) if row.to_organisation_id else None


def _shown_as(row: SharingPermission, at: datetime) -> str:
    """The name the reader was shown, if any: without it they could not know whom to delete."""
    if Part.HELLO_PAGE.value not in row.slices or row.starts > at:
        return ""
    seen = any(
        tie.kind == "accepted" and tie.organisation_id == row.to_organisation_id
        for tie in reach.ties(row.person_id, at)
    )  # fmt: skip
    if not seen:
        return ""
    return YoungPerson.objects.filter(id=row.person_id).values_list("name", flat=True).first() or ""


def _cut(by: Actor, row: SharingPermission, at: datetime) -> None:
    """End the ties that the yes held up, unless another yes still does."""
    part = Part.HELLO_PAGE if row.to_organisation_id else Part.PROGRESS_WORD
    if part.value not in row.slices:
        return
    reader = Reader.COORDINATOR if row.to_organisation_id else Reader.PARENT
    if queries.may_share(
        row.person_id, part, reader, at, organisation_id=row.to_organisation_id, carer_id=row.to_carer_id
    ):
        return
    carers = set(
        Membership.objects.filter(carer_id=row.to_carer_id).values_list("id", flat=True)
        if row.to_carer_id
        else ()
    )
    for tie in reach.ties(row.person_id, at):
        of_house = tie.kind in ("offered", "accepted") and tie.organisation_id == row.to_organisation_id
        if (row.to_organisation_id and of_house) or (tie.kind == "carer" and tie.membership_id in carers):
            access.untie(by=by, tie_id=tie.id, at=at)


def _tell(by: Actor, row: SharingPermission, shown_as: str, at: datetime) -> UUID:
    notice = Withdrawal(
        person_id=row.person_id, team_id=row.team_id, permission_id=row.id,
        organisation_id=row.to_organisation_id, shown_as=shown_as, what=row.why, sent_at=at,
        due_on=withdrawal.confirm_by(at),
    )  # fmt: skip
    notice.save(force_insert=True)
    return notice.id


def confirm_stopped(*, by: Actor, notice_id: UUID, at: datetime) -> None:
    """A charity says that it has stopped and deleted; the name it was shown goes from the notice too."""
    row = Withdrawal.objects.filter(id=notice_id, confirmed_at=None).first()
    changed = Withdrawal.objects.filter(id=notice_id, confirmed_at=None).update(
        confirmed_at=at, confirmed_by=by.membership_id, shown_as=""
    )
    if row is None or not changed:
        raise Refused(no("notice", N_("There is nothing here to answer.")))
    audit.deed(
        by=by, verb="stopped and deleted", what=f"withdrawal:{notice_id}", person=(row.person_id, row.team_id), at=at
    )  # fmt: skip


def withdraw_from_everything(*, by: Actor, person_id: UUID, how: How, at: datetime) -> None:
    """Somebody wants no more help: all sharing and all messages stop today, and the record is locked.

    What is locked stays as long as the law has it stay (rules/withdrawal.py); who looks after it keeps
    reaching it, to answer for it.
    """
    person = about(person_id, at)
    for one in queries.shared(person.id, at):
        if one.withdrawn_at is None and one.ends > at:
            withdraw(by=by, permission_id=one.id, how=how, at=at)
    for tie in reach.ties(person.id, at):
        if tie.kind in ("offered", "accepted", "carer"):
            access.untie(by=by, tie_id=tie.id, at=at)
    changed = YoungPerson.objects.filter(id=person.id).update(
        messages_off_at=at, restricted_at=at, ended_at=at
    )  # fmt: skip
    if not changed:
        raise Refused(NOBODY)
    audit.deed(
        by=by, verb="stopped everything", what=f"person:{person.id}", person=(person.id, person.team_id), at=at
    )  # fmt: skip


# ---------------------------------------------------------------- who decides


def write_note(
    *, by: Actor, person_id: UUID, note: competence.Note, decision: str, telling_a_parent: str, at: datetime
) -> UUID:
    """Write down that somebody understood one decision, or not yet; the note's id. Raises Refused if not whole."""
    person = _to_write(person_id, at)
    if not (whole := competence.complete(note)):
        raise Refused(whole)
    row = CompetenceNote(
        person_id=person.id, team_id=person.team_id, deciding=note.deciding.value, decision=decision,
        in_own_words=dict(note.own_words), free_of_pressure=note.free_of_pressure.value,
        telling_a_parent=telling_a_parent, conclusion=note.concludes.value, reasons=note.reasons,
        review_on=note.review_on, author_id=by.membership_id, written_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    raise_for(
        person_id=person.id, team_id=person.team_id, kind="competence", about_id=row.id, due_on=note.review_on
    )
    audit.deed(
        by=by, verb="wrote note on understanding", what=f"competence:{row.id}", person=(person.id, person.team_id),
        detail={"deciding": note.deciding.value}, at=at,
    )  # fmt: skip
    return row.id


# ---------------------------------------------------------------- (ii) data law


def set_basis(
    *, by: Actor, person_id: UUID, purpose: basis.Purpose, controller_id: UUID, at: datetime
) -> UUID:
    """Write down on what ground a controller holds this person's data for a purpose; the entry's id.

    An entry for the same purpose and controller ends with it. Refused for whoever may hold none.
    """
    person = _to_write(person_id, at)
    house = Organisation.objects.filter(id=controller_id).first()
    kind = basis.CONTROLLERS.get(house.kind) if house else None
    if kind is None:
        raise Refused(no("controller", N_("This organisation holds no young person’s data.")))
    if by.role is not Role.LINK_WORKER or by.organisation_id != controller_id:
        raise Refused(no("controller", N_("Each organisation writes down its own ground.")))
    LawfulBasisEntry.objects.filter(
        person_id=person.id, purpose=purpose.value, controller_id=controller_id, ended_at=None
    ).update(ended_at=at)
    proposed = basis.basis(purpose, kind)
    row = LawfulBasisEntry(
        person_id=person.id, team_id=person.team_id, purpose=purpose.value, article_6=proposed.article_6,
        article_9=proposed.article_9, condition=proposed.condition, controller_id=controller_id,
        set_by=by.membership_id, set_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    audit.deed(
        by=by, verb="wrote down a ground", what=f"basis:{row.id}", person=(person.id, person.team_id),
        detail={"purpose": purpose.value}, at=at,
    )  # fmt: skip
    return row.id
