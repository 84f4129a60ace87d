"""How somebody may be reached: a way is added unsure, confirmed with them, and turned off in one step (H02)."""

from datetime import datetime
from uuid import UUID

from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.policy.words import Data, Verb
from stile.audit import actions as audit
from stile.kernel.answer import Answer
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import ContactRoute, YoungPerson
from ..queries import contact as queries
from ..rules.contact import Kind, Whose
from .yeses import NOBODY, about

GONE = no("route", N_("There is no such way to reach them."))


def add(
    *, by: Actor, person_id: UUID, kind: Kind, value: str, whose: Whose, at: datetime, good_times: str = "",
    sender_name: str = "",
) -> UUID:  # fmt: skip
    """Write down a way to reach somebody; its id. Nothing goes by it until they have said that it is safe."""
    person = about(person_id, at)
    if not value.strip():
        raise Refused(no("value", N_("Write down the number, address or name.")))
    if not reach.may(person.id, person.team_id, Data.CONTACT, Verb.ADD):
        raise Refused(NOBODY)
    row = ContactRoute(
        person_id=person.id, team_id=person.team_id, kind=kind.value, value=value.strip(), whose=whose.value,
        good_times=good_times, sender_name=sender_name, author_id=by.membership_id,
    )  # fmt: skip
    row.save(force_insert=True)
    _note(by, row, "added a way to reach", at)
    return row.id


def confirm(
    *, by: Actor, route_id: UUID, ok: Answer, seen_by_others: Answer, leave_message: Answer, at: datetime
) -> None:
    """What they say of a way today; asked again at each contact."""
    row = _row(route_id)
    changed = ContactRoute.objects.filter(id=row.id, off_at=None).update(
        ok=ok.value, seen_by_others=seen_by_others.value, leave_message=leave_message.value, confirmed_at=at
    )
    if not changed:
        raise Refused(GONE)
    _note(by, row, "confirmed a way to reach", at)


def turn_off(*, by: Actor, route_id: UUID, at: datetime) -> None:
    """Nothing goes by this way any more. It is not turned on again: a way that is safe again is a new one."""
    row = _row(route_id)
    if not ContactRoute.objects.filter(id=row.id, off_at=None).update(off_at=at):
        raise Refused(GONE)
    _note(by, row, "turned off a way to reach", at)


def stop_all(*, by: Actor, person_id: UUID, at: datetime) -> None:
    """Nothing at all is sent to this person from now on, whatever any way says."""
    person = about(person_id, at)
    if not YoungPerson.objects.filter(id=person.id, messages_off_at=None).update(messages_off_at=at):
        raise Refused(NOBODY)
    audit.deed(
        by=by, verb="stopped messages", what=f"person:{person.id}", person=(person.id, person.team_id), at=at
    )


def start_again(*, by: Actor, person_id: UUID, at: datetime) -> None:
    """They would like to hear from us again. Every way has to be confirmed anew: much may have changed."""
    person = about(person_id, at)
    if not reach.may(person.id, person.team_id, Data.CONTACT, Verb.CHANGE):
        raise Refused(NOBODY)
    ContactRoute.objects.filter(person_id=person.id, off_at=None).update(
        ok=Answer.UNKNOWN.value, confirmed_at=None
    )
    YoungPerson.objects.filter(id=person.id).update(messages_off_at=None)
    audit.deed(
        by=by, verb="let messages go again", what=f"person:{person.id}", person=(person.id, person.team_id), at=at
    )  # fmt: skip


def _row(route_id: UUID) -> ContactRoute:
    row = queries.route(route_id)
    if row is None:
        raise Refused(GONE)
    return row


def _note(by: Actor, row: ContactRoute, verb: str, at: datetime) -> None:
    audit.deed(
        by=by, verb=verb, what=f"route:{row.id}", person=(row.person_id, row.team_id), detail={"kind": row.kind}, at=at
    )  # fmt: skip
