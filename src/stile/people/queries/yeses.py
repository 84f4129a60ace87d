"""The three yeses as they stand. Whoever sends or shows anything asks here right before doing so (H15).

Nothing is cached, and no answer is good for longer than the transaction it was given in: a queue that
asks `may_share` or `contact.may_send` at the moment of sending cannot send what was taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from stile.access import queries as access
from stile.access.policy.words import Data, Verb
from stile.kernel.answer import Answer
from stile.kernel.decision import Decision

from ..models import (
    Carer,
    CompetenceNote,
    LawfulBasisEntry,
    Organisation,
    ParticipationPermission,
    Review,
    SharingPermission,
    Withdrawal,
    YoungPerson,
)
from ..rules import age as ages
from ..rules import competence, sharing
from ..rules.nations import Nation
from ..rules.sharing import Part, Reader, Yes


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a page or an action is about: what the rules ask of a person, and no more."""

    id: UUID
    team_id: UUID
    name: str
    nation: Nation
    age: ages.Age
    language: str
    messages_off_at: datetime | None
    ended_at: datetime | None
    restricted_at: datetime | None


def known(person_id: UUID, on: date) -> Known | None:
    """Somebody whose record the actor reaches; None where there is none."""
    one = YoungPerson.objects.filter(id=person_id).first()
    if one is None:
        return None
    nation = Nation(one.nation) if one.nation in list(Nation) else Nation.ENGLAND
    old = ages.age(on, born=one.born, band=one.age_band, band_on=one.age_band_on)
    return Known(
        one.id, one.team_id, one.name, nation, old, one.language, one.messages_off_at, one.ended_at, one.restricted_at
    )  # fmt: skip


def own_person() -> UUID | None:
    """The record of the young person who is signed in: the only one they reach."""
    return YoungPerson.objects.values_list("id", flat=True).first()


def may_ask(person: Known) -> bool:
    """Whether the actor writes this person's yeses down, or only reads them."""
    return access.may(person.id, person.team_id, Data.PERMISSIONS, Verb.ADD)


# ---------------------------------------------------------------- (i) sharing


@dataclass(frozen=True, slots=True)
class Shared:
    """One yes to sharing, as it is shown: to whom in words, and whether it stands."""

    id: UUID
    reader: str
    organisation_id: UUID | None
    carer_id: UUID | None
    parts: tuple[Part, ...]
    readers: tuple[Reader, ...]
    why: str
    how: str
    given_by: str
    wording: str
    starts: datetime
    ends: datetime
    withdrawn_at: datetime | None
    stands: bool


def shared(person_id: UUID, at: datetime) -> Sequence[Shared]:
    """Every yes that was ever given to sharing, those that stand first."""
    rows = list(SharingPermission.objects.filter(person_id=person_id))
    houses = dict(
        Organisation.objects.filter(id__in=[row.to_organisation_id for row in rows]).values_list("id", "name")
    )
    carers = dict(Carer.objects.filter(person_id=person_id).values_list("id", "name"))
    found = []
    for row in rows:
        yes = _yes(row)
        name = houses.get(row.to_organisation_id) or carers.get(row.to_carer_id) or ""
        found.append(
            Shared(
                row.id, name, row.to_organisation_id, row.to_carer_id, tuple(Part(one) for one in row.slices),
                tuple(Reader(one) for one in row.to_roles), row.why, row.how, row.given_by, row.wording,
                row.starts, row.ends, row.withdrawn_at, sharing.stands(yes, at),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (not one.stands, one.reader, one.starts))


def permission(permission_id: UUID) -> SharingPermission | None:
    return SharingPermission.objects.filter(id=permission_id).first()


def standing(person_id: UUID) -> list[Yes]:
    return [_yes(row) for row in SharingPermission.objects.filter(person_id=person_id)]


def may_share(
    person_id: UUID,
    part: Part,
    reader: Reader,
    at: datetime,
    *,
    organisation_id: UUID | None = None,
    carer_id: UUID | None = None,
) -> Decision:
    """Whether one part may go to one reader now: to be asked right before it goes."""
    return sharing.may_share(
        standing(person_id), part, reader, at, organisation_id=organisation_id, carer_id=carer_id
    )


def _yes(row: SharingPermission) -> Yes:
    return Yes(
        frozenset(Part(one) for one in row.slices), frozenset(Reader(one) for one in row.to_roles),
        row.to_organisation_id, row.to_carer_id, row.starts, row.ends, row.withdrawn_at,
    )  # fmt: skip


# ---------------------------------------------------------------- who decides


def latest_note(person_id: UUID, deciding: competence.Deciding) -> tuple[UUID, competence.Note] | None:
    """The last note about one kind of decision, with its id."""
    rows = CompetenceNote.objects.filter(person_id=person_id, deciding=deciding.value)
    row = rows.order_by("-written_at", "-id").first()
    return (row.id, _note(row)) if row else None


def notes(person_id: UUID) -> Sequence[CompetenceNote]:
    return list(CompetenceNote.objects.filter(person_id=person_id).order_by("-written_at", "-id"))


def _note(row: CompetenceNote) -> competence.Note:
    return competence.Note(
        competence.Deciding(row.deciding), competence.Concludes(row.conclusion), row.written_at.date(),
        row.review_on, Answer(row.free_of_pressure), row.in_own_words, row.reasons,
    )  # fmt: skip


def who_decides(
    person: Known,
    deciding: competence.Deciding,
    on: date,
    *,
    doubted: bool = False,
    parent_safe: Answer = Answer.UNKNOWN,
) -> tuple[competence.Who, UUID | None]:
    """Whose yes counts for this person and decision, and the note that says so."""
    found = latest_note(person.id, deciding)
    note_id, note = found or (None, None)
    who = competence.who_decides(
        person.nation, person.age, deciding, on, note=note, doubted=doubted, parent_safe=parent_safe
    )
    return who, note_id if competence.stands(note, deciding, on) else None


# ---------------------------------------------------------------- (ii) data law, (iii) taking part, notices, reviews


def grounds(person_id: UUID) -> Sequence[LawfulBasisEntry]:
    return list(LawfulBasisEntry.objects.filter(person_id=person_id, ended_at=None).order_by("purpose"))


def taking_part(person_id: UUID) -> Sequence[ParticipationPermission]:
    return list(ParticipationPermission.objects.filter(person_id=person_id).order_by("-asked_at", "id"))


def one_taking_part(permission_id: UUID) -> ParticipationPermission | None:
    return ParticipationPermission.objects.filter(id=permission_id).first()


def notices(organisation_id: UUID) -> Sequence[Withdrawal]:
    """Requests to stop that an organisation has not answered, the oldest first."""
    open_ = Withdrawal.objects.filter(organisation_id=organisation_id, confirmed_at=None)
    return list(open_.order_by("due_on", "id"))


def notices_about(person_id: UUID) -> Sequence[Withdrawal]:
    return list(Withdrawal.objects.filter(person_id=person_id).order_by("-sent_at", "id"))


def reviews(person_id: UUID) -> Sequence[Review]:
    """What is to be looked at again about one person, by day."""
    return list(Review.objects.filter(person_id=person_id, done_at=None).order_by("due_on", "kind"))


def reviews_due(
    on: date, *, within: timedelta = timedelta(days=14), limit: int = 200
) -> Sequence[dict[str, Any]]:
    """What the actor is to look at again soon, about everybody they reach: kind, day, person."""
    rows = Review.objects.filter(done_at=None, due_on__lte=on + within).order_by("due_on", "id")[:limit]
    names = dict(YoungPerson.objects.filter(id__in=[row.person_id for row in rows]).values_list("id", "name"))
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "due_on": row.due_on,
            "person_id": row.person_id,
            "name": names[row.person_id],
        }
        for row in rows
        if row.person_id in names
    ]


def local(moment: datetime) -> date:
    """The day it is where people live."""
    return timezone.localtime(moment).date()
