"""What a charity's people see: slices of those who were introduced to them, and requests to forget."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.policy.words import Role

from ..models import Withdrawal
from . import slices, yeses
from .yeses_page import FIELD_NAMES


@dataclass(frozen=True, slots=True)
class Introduced:
    person_id: UUID
    activity: str
    until: datetime | None
    lines: Sequence[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Home:
    offers: Sequence[Introduced]
    expected: Sequence[Introduced]
    notices: Sequence[Withdrawal]


def home(*, by: Actor, at: datetime) -> Home:
    """Everybody a charity was asked about or expects, each through the slice of whoever looks."""
    offers: list[Introduced] = []
    expected: list[Introduced] = []
    leader = by.role is Role.SESSION_LEADER
    for tie in reach.house_ties(by.organisation_id, at):
        if tie.kind == "offered" and not leader:
            seen: slices.SliceView | None = slices.offered(by=by, person_id=tie.person_id, at=at)
            into = offers
        elif tie.kind == "accepted" and tie.role == by.role.value:
            read = slices.at_the_session if leader else slices.accepted
            seen, into = read(by=by, person_id=tie.person_id, at=at), expected  # type: ignore[operator]
        else:
            continue
        if seen is not None:
            into.append(Introduced(tie.person_id, tie.why, tie.ends, _lines(seen)))
    notices = yeses.notices(by.organisation_id) if by.organisation_id and not leader else []
    return Home(offers, expected, notices)


def _lines(view: slices.SliceView) -> Sequence[tuple[str, object]]:
    pairs = [(FIELD_NAMES[one.name], getattr(view, one.name)) for one in fields(view)]
    return tuple((name, value) for name, value in pairs if value not in ("", None))
