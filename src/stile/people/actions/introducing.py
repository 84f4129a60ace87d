"""A charity is asked whether it has room, says yes or not this time, and stops seeing when it is over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..queries import family
from ..queries import yeses as queries
from ..rules import introducing
from ..rules.introducing import NotThisTime
from ..rules.sharing import Part, Reader
from .yeses import about, in_use

_OVER = no("offer", N_("This is over: they changed their mind, or somebody else has answered."))


def introduce(*, by: Actor, person_id: UUID, organisation_id: UUID, activity: str, at: datetime) -> UUID:
    """Ask a charity whether it has room, with no name; the tie's id.

    Refused without the young person's yes to this charity, or with no line of their hello page approved.
    """
    person = about(person_id, at)
    in_use(person)
    page = family.hello(person.id)
    if page is None or page.approved_at is None or not page.approved:
        raise Refused(no("hello", N_("First go through the hello page together, line by line.")))
    allowed = queries.may_share(
        person.id, Part.HELLO_PAGE, Reader.COORDINATOR, at, organisation_id=organisation_id
    )
    if not allowed:
        raise Refused(allowed)
    for tie in _with(person.id, organisation_id, at):
        return tie.id
    return access.tie(
        by=by, kind="offered", person_id=person.id, team_id=person.team_id, organisation_id=organisation_id,
        role=Role.COORDINATOR, ends=_until(person.id, organisation_id, at), why=activity, at=at,
    )  # fmt: skip


def accept(*, by: Actor, person_id: UUID, at: datetime) -> None:
    """The charity says yes: coordinators and session leaders see the name and the hello page from now on."""
    offer = _offer(by, person_id, at)
    with_yes = reach.tied(person_id, "offered") and reach.allowed(person_id, Part.HELLO_PAGE.value)
    if not with_yes:
        raise Refused(_OVER)
    for role in (Role.COORDINATOR, Role.SESSION_LEADER):
        access.tie(
            by=by, kind="accepted", person_id=person_id, team_id=offer.team_id,
            organisation_id=by.organisation_id, role=role, ends=offer.ends, why=offer.why, at=at,
        )  # fmt: skip
    access.untie(by=by, tie_id=offer.id, at=at)


def decline(*, by: Actor, person_id: UUID, why: NotThisTime, at: datetime) -> None:
    """Not this time. The reason is one of a few, so that nobody writes about a person they do not know."""
    offer = _offer(by, person_id, at)
    access.untie(by=by, tie_id=offer.id, at=at)
    audit.deed(
        by=by, verb="not this time", what=f"tie:{offer.id}", person=(person_id, offer.team_id),
        detail={"why": why.value}, at=at,
    )  # fmt: skip


def end(
    *,
    by: Actor,
    person_id: UUID,
    organisation_id: UUID,
    at: datetime,
    last_session: datetime | None = None,
    unsafe: bool = False,
) -> int:
    """It is over: the charity sees nothing 30 days after the last session, or at once. How many ties end."""
    ends = introducing.access_ends(at, last_session, unsafe=unsafe)
    ended = [
        access.untie(by=by, tie_id=tie.id, at=at, ends=ends) for tie in _with(person_id, organisation_id, at)
    ]
    return sum(ended)


def _offer(by: Actor, person_id: UUID, at: datetime) -> Any:
    for tie in _with(person_id, by.organisation_id, at):
        if tie.kind == "offered":
            return tie
    raise Refused(_OVER)


def _with(person_id: UUID, organisation_id: UUID | None, at: datetime) -> list[Any]:
    return [
        tie
        for tie in reach.ties(person_id, at)
        if tie.kind in ("offered", "accepted") and tie.organisation_id == organisation_id
    ]


def _until(person_id: UUID, organisation_id: UUID, at: datetime) -> datetime:
    """No tie outlasts the yes that holds it up."""
    return max(
        one.ends
        for one in queries.standing(person_id)
        if one.organisation_id == organisation_id
        and Part.HELLO_PAGE in one.parts
        and one.withdrawn_at is None
    )
