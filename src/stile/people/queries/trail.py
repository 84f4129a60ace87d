"""Who looked at what, as people can read it. Reading the trail is itself written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from stile.access.actor import Actor
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.audit import queries as events
from stile.kernel.said import say

from ..models import YoungPerson
from ..rules.said import ROLE_NAMES
from ..rules.trail import Look
from .records import Line, names


@dataclass(frozen=True, slots=True)
class Told:
    """One event for a page: the look, and whose record it was, where the reader may name them."""

    id: int
    look: Look
    person_id: UUID | None
    person: Line | None
    how_many: int  # people on a list


@dataclass(frozen=True, slots=True)
class Trail:
    rows: Sequence[Told]
    before: int | None  # the next page begins here; None on the last


def about_me(*, by: Actor, person_id: UUID, at: datetime, before: int | None = None) -> Trail:
    """Who looked at a young person's own record, for them."""
    found = events.events(person_id=person_id, before=before)
    team = YoungPerson.objects.filter(id=person_id).values_list("team_id", flat=True).first()
    if team is not None:
        audit.deed(
            by=by, verb="looked who looked", what=f"person:{person_id}", person=(person_id, team), at=at
        )
    return _told(found, by)


def trail(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID | None = None,
    membership_id: UUID | None = None,
    verb: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
) -> Trail:
    """The trail as far as the reader's role goes, filtered."""
    found = events.events(
        person_id=person_id, membership_id=membership_id, verb=verb, since=since, until=until, before=before
    )
    audit.deed(
        by=by, verb="looked who looked", what="trail", at=at, team_id=by.team_id,
        detail={"person": str(person_id or ""), "membership": str(membership_id or ""), "verb": verb},
    )  # fmt: skip
    return _told(found, by)


def _told(found: Sequence[events.Event], by: Actor) -> Trail:
    called = names(one.membership_id for one in found if one.membership_id)
    ids = {one.person_id for one in found if one.person_id}
    rows = YoungPerson.objects.filter(id__in=ids).values_list(
        "id", "name", "pronouns", "born", "age_band", "code", "district"
    )
    people = {row[0]: Line(*row) for row in rows}
    told = [
        Told(
            one.id,
            Look(
                called.get(one.membership_id, "") if one.membership_id else "",
                say(ROLE_NAMES[Role(one.role)]) if one.role in set(Role) else say(""),
                one.verb, timezone.localtime(one.at), one.what, one.membership_id == by.membership_id,
            ),
            one.person_id, people.get(one.person_id) if one.person_id else None,
            len(one.detail.get("people", ())),
        )
        for one in found
    ]  # fmt: skip
    return Trail(told, found[-1].id if len(found) == events.MOST else None)


def person_by_code(code: str) -> UUID | None:
    """Somebody in reach by the code said on the phone."""
    tidy = code.strip().upper().replace(" ", "")
    return YoungPerson.objects.filter(code=tidy).values_list("id", flat=True).first() if tidy else None
