"""What people asked for of their rights, the clock, and all that is held about somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from stile.access import queries as access
from stile.access.actor import Actor
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.kernel.answer import Answer
from stile.kernel.decision import YES, Decision
from stile.kernel.said import Said, say

from ..models import (
    Carer,
    CompetenceNote,
    LawfulBasisEntry,
    Membership,
    Pack,
    PackChoice,
    RightsRequest,
    YoungPerson,
)
from ..rules import age, pack, retention, rights, trail
from ..rules.competence import Deciding
from ..rules.said import ROLE_NAMES
from ..rules.ties import Bond, sentence
from ..rules.trail import Look
from .records import Line, line, names


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request in the inbox."""

    request: RightsRequest
    person: Line | None  # None once it is answered: the record is shut again
    left: Said


@dataclass(frozen=True, slots=True)
class Detail:
    """One request with everything its page shows."""

    request: RightsRequest
    person: Line | None
    left: Said
    reviewers: dict[UUID, str]
    parent: Decision
    carers: Sequence[Carer]
    pack: Pack | None
    choices: dict[str, PackChoice]
    grounds: frozenset[str]
    until: retention.Until | None
    second: Decision  # whether the actor may be the second pair of eyes
    acknowledge: tuple[date, date] | None


def inbox(*, by: Actor, at: datetime, answered: bool = False) -> Sequence[Waiting]:
    """Requests in reach by the day they are due, or those that were answered, the latest first."""
    rows = RightsRequest.objects.filter(answered_at__isnull=not answered)
    rows = rows.order_by("-answered_at", "id") if answered else rows.order_by("due_on", "received_at", "id")
    found = list(rows[:200])
    people = {one.person_id: line(one.person_id) for one in found}
    audit.deed(
        by=by, verb="listed", what="requests", at=at, team_id=by.team_id,
        detail={"people": sorted({str(one.person_id) for one in found})},
    )  # fmt: skip
    return [Waiting(one, people[one.person_id], _left(one, at)) for one in found]


def mine(person_id: UUID) -> Sequence[RightsRequest]:
    """What somebody asked for, for their own page: their own requests and those about them."""
    return list(RightsRequest.objects.filter(person_id=person_id).order_by("-received_at", "id"))


def request(request_id: UUID) -> RightsRequest | None:
    return RightsRequest.objects.filter(id=request_id).first()


def detail(*, by: Actor, request_id: UUID, at: datetime) -> Detail | None:
    """One request, opened and written down; None out of reach."""
    found = request(request_id)
    if found is None:
        return None
    person = YoungPerson.objects.filter(id=found.person_id).first()
    audit.deed(by=by, verb="read", what=f"request:{found.id}", person=(found.person_id, found.team_id), at=at)
    reviewers = [one for one in (found.first_reviewer_id, found.second_reviewer_id, found.author_id) if one]
    complaint = found.kind == rights.Kind.COMPLAIN
    return Detail(
        request=found,
        person=line(found.person_id),
        left=_left(found, at),
        reviewers=names(reviewers),
        parent=parent_decision(found, at) if person else YES,
        carers=list(Carer.objects.filter(person_id=found.person_id, ended_at=None).order_by("name")),
        pack=Pack.objects.filter(request_id=found.id).first(),
        choices={one.line: one for one in PackChoice.objects.filter(request_id=found.id)},
        grounds=grounds(found.person_id),
        until=until(person) if person else None,
        second=may_be_second(found, by),
        acknowledge=rights.acknowledge_by(found.received_at.date()) if complaint else None,
    )


def _left(one: RightsRequest, at: datetime) -> Said:
    return rights.time_left(one.due_on, at.date(), waiting=one.state == rights.State.WAITING)


def may_be_second(found: RightsRequest, by: Actor) -> Decision:
    """The four-eyes rule, by account: signing in as something else does not make a second person."""
    first = Membership.objects.filter(id=found.first_reviewer_id).values_list("account_id", flat=True).first()
    return rights.may_be_second(first, by.account_id)


def parent_decision(found: RightsRequest, at: datetime) -> Decision:
    """Whether a parent who asks may be answered, from what is known now; yes where no parent asks."""
    if found.asker != rights.Asker.PARENT:
        return YES
    person = YoungPerson.objects.filter(id=found.person_id).first()
    if person is None:
        return YES
    old = age.age(at.date(), born=person.born, band=person.age_band, band_on=person.age_band_on)
    over = age.at_least(old, 16)
    note = (
        CompetenceNote.objects.filter(person_id=found.person_id, deciding=Deciding.DATA_RIGHTS.value, review_on__gt=at.date())
        .order_by("-written_at")
        .first()
    )  # fmt: skip
    carer = Carer.objects.filter(id=found.carer_id, person_id=found.person_id, ended_at=None).first()
    return rights.may_parent(
        rights.ParentAsks(
            child_is_16=None if over is Answer.UNKNOWN else over is Answer.YES,
            understands=None if note is None else note.conclusion == "understands",
            their_yes=found.their_yes,
            responsible=carer.responsible if carer else "unknown",
            known_by=carer.known_by if carer else "",
            interests_why=found.interests_why,
        )
    )


def grounds(person_id: UUID) -> frozenset[str]:
    """The Article 6 grounds on which somebody's data is or was held."""
    rows = LawfulBasisEntry.objects.filter(person_id=person_id).values_list("article_6", flat=True)
    return frozenset(rows)


def until(person: YoungPerson) -> retention.Until | None:
    """Until when the record stays where a duty keeps it, once help has ended; None while it goes on."""
    if person.ended_at is None:
        return None
    return retention.keep_until(
        born=person.born, band=person.age_band, band_on=person.age_band_on, ended=person.ended_at.date()
    )


AT_ONCE = ("people_youngperson", "people_contactroute", "people_carer", "people_hellopage")


def sections(person_id: UUID, *, everything: bool = True) -> list[pack.Section]:
    """All that is held about somebody and has a place in the pack, as far as the actor reaches.

    What would tell of a worry about them is left out for everybody, whatever they reach (H11). Without
    `everything` only what they may read at once on their own page.
    """
    unsafe = access.unsafe_looks(person_id)
    out = []
    for place in pack.PLACES:
        if not everything and place.table not in AT_ONCE:
            continue
        rows = access.rows_about(place.table, place.column, person_id)
        rows = [row for row in rows if pack.safe(place.table, row, unsafe)]
        out.append(pack.section(place, _told(place.table, rows) if place.told else _here(rows)))
    return out


def _here(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Moments by the clock on the wall here."""
    return [
        {name: timezone.localtime(one) if isinstance(one, datetime) else one for name, one in row.items()}
        for row in rows
    ]


def _told(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ties and looks as the sentences they are on the pages."""
    called = names(row["membership_id"] for row in rows if row["membership_id"])
    out = []
    for row in _here(rows):
        name = called.get(row["membership_id"], "")
        role = say(ROLE_NAMES[Role(row["role"])]) if row["role"] in set(Role) else say("")
        if table == "access_tie":
            who = say("%(name)s", name=name) if name else role
            out.append(
                {**row, "kind": str(sentence(Bond(row["kind"], who, row["starts"]), to_themself=True))}
            )
        else:
            look = Look(name, role, row["verb"], row["at"])
            out.append({**row, "verb": str(trail.sentence(look, to_themself=True))})
    return out


def my_pack(person_id: UUID) -> Pack | None:
    """The latest pack that was released about somebody."""
    return Pack.objects.filter(person_id=person_id).exclude(released_at=None).order_by("-released_at").first()


def took(*, by: Actor, found: Pack, at: datetime) -> None:
    """They opened what was released to them: written down like any other look."""
    audit.deed(
        by=by, verb="took pack", what=f"pack:{found.id}", person=(found.person_id, found.team_id), at=at
    )


def pack_of(request_id: UUID) -> Pack | None:
    return Pack.objects.filter(request_id=request_id).first()


def as_json(found: Pack) -> dict[str, Any]:
    """The pack for a program: the same values under the same names."""
    return {
        "about": "Everything held about one person, as released to them",
        "released": found.released_at.isoformat() if found.released_at else None,
        "sections": [
            {"table": one["table"], "heading": one["heading"], "rows": [dict(row) for row in one["rows"]]}
            for one in found.content
        ],
    }


def answering(by: Actor) -> bool:
    """Whether the actor is one of those who answer requests."""
    return by.role in (Role.DPO, Role.MANAGER)
