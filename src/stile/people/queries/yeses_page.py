"""Everything a page about somebody's yeses shows, read in one call, and written down as one look."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from stile.access import queries as reach
from stile.access.actor import Actor
from stile.audit import actions as audit
from stile.kernel.answer import Answer
from stile.kernel.decision import Decision
from stile.kernel.words import N_

from ..models import (
    Carer,
    CompetenceNote,
    HelloPage,
    LawfulBasisEntry,
    Membership,
    Organisation,
    ParticipationPermission,
    Review,
    Withdrawal,
)
from ..rules import competence, participation, responsibility
from ..rules.nations import AgeRule, Asked, rule_for
from ..rules.participation import From
from ..rules.sharing import READS_FOR, Part, Reader
from . import contact, family, slices, yeses
from .yeses import Known, Shared

LOOK_AHEAD = timedelta(days=14)  # of what is to be looked at again

# What a reader's fields are called on a page.
FIELD_NAMES = {
    "name": N_("Name"),
    "pronouns": N_("Pronouns"),
    "age": N_("Age"),
    "age_band": N_("Age group"),
    "district": N_("Area"),
    "interests": N_("What they like"),
    "at_the_door": N_("At the door"),
    "access_needs": N_("What makes it easier"),
}


@dataclass(frozen=True, slots=True)
class Sees:
    """What one reader sees right now. `step`: the slice's name, or "" for nothing."""

    reader: str
    organisation_id: UUID | None
    step: str
    lines: Sequence[tuple[str, object]]  # name of a field, its value; empty ones left out


@dataclass(frozen=True, slots=True)
class Part3:
    """Taking part in one activity, and whether they may go as things stand."""

    row: ParticipationPermission
    may: Decision


@dataclass(frozen=True, slots=True)
class Page:
    person: Known
    may_write: bool
    shared: Sequence[Shared]
    sees: Sequence[Sees]
    taking_part: Sequence[Part3]
    grounds: Sequence[LawfulBasisEntry]
    notes: Sequence[CompetenceNote]
    notices: Sequence[Withdrawal]
    reviews: Sequence[Review]
    who_decides: competence.Who
    age_rule: AgeRule
    hello: HelloPage | None


def page(*, by: Actor, person_id: UUID, at: datetime) -> Page | None:
    """The yeses of one person the actor reaches; None where there is none. The look is written down."""
    on = yeses.local(at)
    person = yeses.known(person_id, on)
    if person is None:
        return None
    _look(by, person, "yeses", at)
    shared = yeses.shared(person.id, at)
    who, _ = yeses.who_decides(person, competence.Deciding.SHARING, on)
    return Page(
        person, yeses.may_ask(person), shared, sees_now(person.id, shared, at), _parts(person.id),
        yeses.grounds(person.id), yeses.notes(person.id), yeses.notices_about(person.id),
        [one for one in yeses.reviews(person.id) if one.due_on <= on + LOOK_AHEAD],
        who, rule_for(Asked.COMPETENCE, person.nation, person.age), family.hello(person.id),
    )  # fmt: skip


def sees_now(person_id: UUID, shared: Sequence[Shared], at: datetime) -> Sequence[Sees]:
    """Every reader that somebody said yes to, or that a tie binds, with what they see at this moment."""
    ties = reach.ties(person_id, at)
    houses = {one.organisation_id: one.reader for one in shared if one.organisation_id}
    tied = {tie.organisation_id for tie in ties if tie.kind in ("offered", "accepted")}
    houses |= dict(Organisation.objects.filter(id__in=tied - set(houses)).values_list("id", "name"))
    found = []
    for house_id, name in sorted(houses.items(), key=lambda one: one[1]):
        kinds = {tie.kind for tie in ties if tie.organisation_id == house_id}
        allowed = yeses.may_share(
            person_id, Part.HELLO_PAGE, Reader.COORDINATOR, at, organisation_id=house_id
        )
        step = next((step for step in ("accepted", "offered") if step in kinds and allowed), "")
        found.append(_sees(name, house_id, step, person_id))
    return found + _carers_see(
        person_id, shared, {tie.membership_id for tie in ties if tie.kind == "carer"}, at
    )


def _carers_see(
    person_id: UUID, shared: Sequence[Shared], tied: set[UUID | None], at: datetime
) -> list[Sees]:
    with_account = (
        set(Membership.objects.filter(id__in=tied).values_list("carer_id", flat=True)) if tied else set()
    )
    found = []
    for carer_id, name in {one.carer_id: one.reader for one in shared if one.carer_id}.items():
        allowed = yeses.may_share(person_id, Part.PROGRESS_WORD, Reader.PARENT, at, carer_id=carer_id)
        step = "carer" if carer_id in with_account and allowed else ""
        found.append(_sees(name, None, step, person_id))
    return found


def _sees(name: str, house_id: UUID | None, step: str, person_id: UUID) -> Sees:
    """Nothing also where a yes and a tie stand but the record is set aside."""
    lines = preview_lines(step, person_id)
    return Sees(name, house_id, step if lines else "", lines)


def preview_lines(step: str, person_id: UUID) -> Sequence[tuple[str, object]]:
    """What a slice shows, as names and values, without the empty ones; nothing for no slice."""
    view = slices.preview(step, person_id) if step else None
    if view is None:
        return ()
    pairs = [(FIELD_NAMES[one.name], getattr(view, one.name)) for one in fields(view)]
    return tuple((name, value) for name, value in pairs if value not in ("", None))


def _parts(person_id: UUID) -> Sequence[Part3]:
    known = {row.id: family.as_known(row) for row in Carer.objects.filter(person_id=person_id)}
    found = []
    for row in yeses.taking_part(person_id):
        signed = responsibility.may_answer(known.get(row.carer_id)).ok
        withdrawn = row.withdrawn_at is not None
        may = participation.may_start(
            From(row.needed_from), Answer(row.answer), withdrawn, signed_by_responsible=signed
        )
        found.append(Part3(row, may))
    return found


@dataclass(frozen=True, slots=True)
class Readers:
    """Whom something may be shared with: organisations that read at all, and this person's carers."""

    houses: Sequence[tuple[UUID, str, str]]  # id, name, kind
    carers: Sequence[tuple[UUID, str]]


def readers(person_id: UUID) -> Readers:
    houses = Organisation.objects.filter(closed_on=None, kind__in=list(READS_FOR)).order_by("name", "id")
    return Readers(
        list(houses.values_list("id", "name", "kind")),
        [(one.id, one.name) for one in family.carers(person_id)],
    )


def leads(organisation_id: UUID | None) -> Sequence[tuple[UUID, str]]:
    """The safeguarding leads of an organisation who work there now: who may have decided something."""
    found = Membership.objects.filter(organisation_id=organisation_id, role="safeguarding_lead", until=None)
    return list(found.order_by("name", "id").values_list("id", "name"))


# ---------------------------------------------------------------- ways, family, hello


def ways(*, by: Actor, person_id: UUID, at: datetime) -> tuple[Known, Sequence[contact.Way]] | None:
    person = yeses.known(person_id, yeses.local(at))
    if person is None:
        return None
    _look(by, person, "contact", at)
    return person, contact.ways(person.id, at)


def carers(*, by: Actor, person_id: UUID, at: datetime) -> tuple[Known, Sequence[Carer]] | None:
    person = yeses.known(person_id, yeses.local(at))
    if person is None:
        return None
    _look(by, person, "family", at)
    return person, family.carers(person.id)


def hello(
    *, by: Actor, person_id: UUID, at: datetime
) -> tuple[Known, HelloPage | None, Sequence[Sees]] | None:
    person = yeses.known(person_id, yeses.local(at))
    if person is None:
        return None
    _look(by, person, "hello", at)
    return person, family.hello(person.id), sees_now(person.id, yeses.shared(person.id, at), at)


def _look(by: Actor, person: Known, what: str, at: datetime) -> None:
    """A look at part of a record is a look at the record."""
    audit.deed(
        by=by, verb="read", what=f"person:{person.id}", person=(person.id, person.team_id), detail={"part": what}, at=at
    )  # fmt: skip
