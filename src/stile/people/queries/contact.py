"""How somebody may be reached, asked right before every sending (H02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stile.kernel.answer import Answer
from stile.kernel.decision import Decision, no
from stile.kernel.words import N_

from ..models import ContactRoute, YoungPerson
from ..rules import contact as rules


@dataclass(frozen=True, slots=True)
class Way:
    """One route with what the rules say of it now."""

    id: UUID
    value: str
    good_times: str
    sender_name: str
    route: rules.Route
    may: Decision
    bare: bool


def ways(person_id: UUID, at: datetime) -> Sequence[Way]:
    """Every route that has not been turned off, usable ones first."""
    stopped = messages_off(person_id)
    rows = ContactRoute.objects.filter(person_id=person_id, off_at=None).order_by("kind", "id")
    found = [_way(row, at, stopped) for row in rows]
    return sorted(found, key=lambda way: not way.may.ok)


def route(route_id: UUID) -> ContactRoute | None:
    return ContactRoute.objects.filter(id=route_id).first()


def messages_off(person_id: UUID) -> bool:
    """Whether nothing is to be sent to them at all. Somebody who cannot be found is sent nothing either."""
    row = YoungPerson.objects.filter(id=person_id).values_list("messages_off_at", "ended_at").first()
    return row is None or any(row)


def may_send(
    person_id: UUID, route_id: UUID, at: datetime, *, by_itself: bool = True, leaving_message: bool = False
) -> Decision:
    """Whether one message may go to this person by this route now. For senders, right before sending."""
    row = ContactRoute.objects.filter(id=route_id, person_id=person_id).first()
    if row is None:
        return no("no route", N_("We have no safe way to reach them. Ask whoever introduced them."))
    return rules.may_send(
        _route(row), at, stopped=messages_off(person_id), by_itself=by_itself, leaving_message=leaving_message
    )  # fmt: skip


def _way(row: ContactRoute, at: datetime, stopped: bool) -> Way:
    route = _route(row)
    may = rules.may_send(route, at, stopped=stopped)
    return Way(row.id, row.value, row.good_times, row.sender_name, route, may, rules.bare(route))


def _route(row: ContactRoute) -> rules.Route:
    return rules.Route(
        rules.Kind(row.kind), rules.Whose(row.whose), Answer(row.ok), Answer(row.seen_by_others),
        Answer(row.leave_message), row.confirmed_at, row.off_at,
    )  # fmt: skip
