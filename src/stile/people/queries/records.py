"""Reading people's records. The wall decides which rows there are; every record opened is written down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from stile.access import queries as access
from stile.access.actor import Actor
from stile.access.policy.words import Data, Role, Verb
from stile.audit import actions as audit
from stile.kernel.said import Said, say

from ..models import Membership, Organisation, Team, YoungPerson
from ..rules.said import ROLE_NAMES
from ..rules.ties import KINDS, Bond

MOST = 200  # lines of a list; past it, search


@dataclass(frozen=True, slots=True)
class Line:
    """One young person in a list: enough to tell them apart (H01), and no more."""

    id: UUID
    name: str
    pronouns: str
    born: date | None
    age_band: str
    code: str
    district: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it is shown: the lines, who each is allocated to, and whether there are more."""

    lines: Sequence[Line]
    workers: dict[UUID, list[str]]
    more: bool


@dataclass(frozen=True, slots=True)
class Tied:
    """A live tie as it is shown, with what is needed to end it."""

    id: UUID
    bond: Bond
    kind: str
    why: str
    membership_id: UUID | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One record, opened: who they are, who is around them, what the actor may do here."""

    person: YoungPerson
    team: str
    ties: Sequence[Tied]
    shut: Sequence[Tied]
    may_change: bool
    may_shut: bool
    mine: bool
    glass_until: datetime | None
    same_as: Line | None = None
    others: Sequence[Line] = field(default_factory=tuple)


def people(*, limit: int = MOST) -> Sequence[Line]:
    """The young people the actor reaches, the latest first."""
    rows = YoungPerson.objects.order_by("-taken_in_at", "id").values_list(*_LINE)
    return [Line(*row) for row in rows[:limit]]


_LINE = ("id", "name", "pronouns", "born", "age_band", "code", "district")


def listing(*, by: Actor, which: str, words: str, at: datetime) -> Listed:
    """A list, written to the audit as one event with the ids in it. `which`: mine, or all that is in reach.

    `words`: the beginning of a name, or a code; nothing of them is kept.
    """
    found = YoungPerson.objects.all()
    if which == "mine":
        found = found.filter(id__in=access.linked_to(by.membership_id, at))
    if words := words.strip():
        code = words.upper().replace(" ", "")
        found = found.filter(Q(name__istartswith=words) | Q(name__icontains=f" {words}") | Q(code=code))
    lines = [Line(*row) for row in found.order_by("name", "code", "id").values_list(*_LINE)[: MOST + 1]]
    lines, more = lines[:MOST], len(lines) > MOST
    ids = [line.id for line in lines]
    tied = access.allocated(ids, at)
    called = names(one for many in tied.values() for one in many)
    audit.deed(
        by=by, verb="listed", what="people", at=at, team_id=by.team_id,
        detail={"people": [str(one) for one in ids]},
    )  # fmt: skip
    return Listed(lines, {who: [called.get(one, "") for one in many] for who, many in tied.items()}, more)


def person(*, by: Actor, person_id: UUID, at: datetime) -> YoungPerson | None:
    """One record, opened: None where there is none that the actor reaches. The look is written down."""
    found = YoungPerson.objects.filter(id=person_id).first()
    if found is not None:
        audit.deed(by=by, verb="opened", what=f"person:{found.id}", person=(found.id, found.team_id), at=at)
    return found


def opened(*, by: Actor, person_id: UUID, at: datetime) -> Opened | None:
    """One record with all that its page shows; None where there is none that the actor reaches."""
    found = person(by=by, person_id=person_id, at=at)
    if found is None:
        return None
    tied = ties(person_id, at)
    glass = access.my_glass(by, person_id, at)
    return Opened(
        person=found,
        team=team_name(found.team_id),
        ties=[one for one in tied if one.kind != "shut"],
        shut=[one for one in tied if one.kind == "shut"],
        may_change=access.may(found.id, found.team_id, Data.IDENTITY, Verb.CHANGE),
        may_shut=access.may(found.id, found.team_id, Data.BLOCKS, Verb.ADD),
        mine=any(one.kind == "linked" and one.membership_id == by.membership_id for one in tied),
        glass_until=glass.ends_at if glass else None,
        same_as=line(found.same_as) if found.same_as else None,
        others=[Line(*row) for row in YoungPerson.objects.filter(same_as=found.id).values_list(*_LINE)],
    )


def own(*, by: Actor) -> YoungPerson | None:
    """A young person's own record, for their own pages: the one their sign-in is tied to."""
    return YoungPerson.objects.order_by("taken_in_at", "id").first() if by.role is Role.YOUNG_PERSON else None


def own_memberships(account_id: UUID) -> frozenset[UUID]:
    """Everything somebody signs in as."""
    return frozenset(Membership.objects.filter(account_id=account_id).values_list("id", flat=True))


def line(person_id: UUID) -> Line | None:
    """Enough of somebody in reach to name them; None out of reach."""
    row = YoungPerson.objects.filter(id=person_id).values_list(*_LINE).first()
    return Line(*row) if row else None


def ties(person_id: UUID, at: datetime) -> Sequence[Tied]:
    """The live ties of a person that the actor may see, with names."""
    found = [one for one in access.ties(person_id, at) if one.kind in KINDS]
    called = names(one.membership_id for one in found if one.membership_id)
    houses = dict(
        Organisation.objects.filter(id__in={one.organisation_id for one in found}).values_list("id", "name")
    )
    accounts = dict(
        Membership.objects.filter(account_id__in={one.account_id for one in found if one.account_id})
        .values_list("account_id", "name")
    )  # fmt: skip
    out = []
    for one in found:
        if one.membership_id:
            who = _called(called.get(one.membership_id, ""))
        elif one.account_id:
            who = _called(accounts.get(one.account_id, ""))
        else:
            who = _house(houses.get(one.organisation_id, ""), one.role)
        bond = Bond(one.kind, who, timezone.localtime(one.starts))
        out.append(Tied(one.id, bond, one.kind, one.why, one.membership_id))
    return out


def _called(name: str) -> Said:
    return Said("%(name)s", {"name": name})


def _house(name: str, role: str) -> Said:
    if role not in ROLE_NAMES:
        return _called(name)
    return Said("%(name)s (%(role)s)", {"name": name, "role": say(ROLE_NAMES[Role(role)])})


def names(membership_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What colleagues are called."""
    return dict(Membership.objects.filter(id__in=set(membership_ids)).values_list("id", "name"))


def team_name(team_id: UUID) -> str:
    return Team.objects.filter(id=team_id).values_list("name", flat=True).first() or ""


def house_of(team_id: UUID) -> UUID | None:
    """The organisation a team belongs to."""
    return Team.objects.filter(id=team_id).values_list("organisation_id", flat=True).first()


def teams_of(actor: Actor) -> Sequence[tuple[UUID, str]]:
    """The teams somebody could take a young person in for."""
    found = Team.objects.filter(organisation_id=actor.organisation_id)
    if actor.team_id:
        found = found.filter(id=actor.team_id)
    return list(found.order_by("name").values_list("id", "name"))


def workers_for(team_id: UUID, at: datetime) -> Sequence[Membership]:
    """The link workers a person of this team can be allocated to."""
    house = house_of(team_id)
    live = Membership.objects.filter(organisation_id=house, role=Role.LINK_WORKER.value, since__lte=at)
    live = live.filter(Q(until=None) | Q(until__gt=at)).filter(Q(team_id=team_id) | Q(team_id=None))
    return list(live.order_by("name", "id"))


def colleagues_around(team_id: UUID, at: datetime) -> Sequence[Membership]:
    """Everybody of the organisation a record could be shut to."""
    live = Membership.objects.filter(organisation_id=house_of(team_id), since__lte=at)
    return list(live.filter(Q(until=None) | Q(until__gt=at)).order_by("name", "id"))


def colleagues(actor: Actor, at: datetime) -> Sequence[Membership]:
    """Who works in the actor's organisation, also those who left: their looks stay."""
    return list(Membership.objects.filter(organisation_id=actor.organisation_id).order_by("name", "id"))


def on_duty(actor: Actor, at: datetime) -> Sequence[Membership]:
    """The link workers of the manager's team, or house: who is on duty now."""
    live = Membership.objects.filter(
        organisation_id=actor.organisation_id, role=Role.LINK_WORKER.value, since__lte=at
    ).filter(Q(until=None) | Q(until__gt=at))
    if actor.team_id:
        live = live.filter(team_id=actor.team_id)
    return list(live.select_related("team").order_by("name", "id"))


def team_id_of(person_id: UUID) -> UUID | None:
    """The team of somebody in reach."""
    return YoungPerson.objects.filter(id=person_id).values_list("team_id", flat=True).first()
