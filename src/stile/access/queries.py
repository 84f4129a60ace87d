"""Who is tied to a person, and where an exact stranger is to be found in need."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from stile.audit import actions as audit

from .actor import Actor
from .models import Glass, Tie
from .policy.tables import RULES
from .policy.words import Class, Data, Verb
from .wall import LOOKUP

_JSONB = 3802  # PostgreSQL's number of the type
PERSONAL = {rule.table: rule for rule in RULES if rule.kind is Class.PERSONAL}


def ties(person_id: UUID, at: datetime) -> Sequence[Tie]:
    """The live ties of a person that the actor may see, the oldest first."""
    live = Tie.objects.filter(person_id=person_id, starts__lte=at)
    return list(live.exclude(ends__lte=at).order_by("starts", "id"))


def house_ties(organisation_id: UUID | None, at: datetime) -> Sequence[Tie]:
    """The live ties to an organisation as such, of those the actor may see, the oldest first."""
    live = Tie.objects.filter(organisation_id=organisation_id, membership_id=None, starts__lte=at)
    return list(live.exclude(ends__lte=at).order_by("starts", "id"))


def tied(person_id: UUID, kind: str) -> bool:
    """Whether a tie of this kind binds the actor, or their organisation, to this person now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_tied(%s, %s)", [person_id, kind])
        return bool(cursor.fetchone()[0])


def allowed(person_id: UUID, part: str) -> bool:
    """Whether the young person's yes to the actor seeing this stands now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_allowed(%s, %s)", [person_id, part])
        return bool(cursor.fetchone()[0])


def holds(membership_id: UUID) -> bool:
    """Whether anybody is still allocated to this colleague, seen or not by who asks (H22)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_holds(%s)", [membership_id])
        return bool(cursor.fetchone()[0])


def serves(membership_id: UUID, team_id: UUID) -> bool:
    """Whether a colleague works for a team now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_serves(%s, %s)", [membership_id, team_id])
        return bool(cursor.fetchone()[0])


def may(person_id: UUID, team_id: UUID, data: Data, verb: Verb) -> bool:
    """Whether the actor may do this to such a row of this person: what the wall would say, for a button."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %(person)s <> ALL (wall_shut()) AND (%(person)s = ANY (wall_people(%(data)s, %(verb)s))"
            " OR %(team)s = ANY (wall_teams(%(data)s, %(verb)s)))",
            {"person": person_id, "team": team_id, "data": data.value, "verb": verb.name.lower()},
        )
        return bool(cursor.fetchone()[0])


def teams(data: Data, verb: Verb) -> list[UUID]:
    """The teams whose people the actor reaches, for this kind of data and this verb."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_teams(%s, %s)", [data.value, verb.name.lower()])
        return list(cursor.fetchone()[0])


def linked_to(membership_id: UUID, at: datetime) -> Sequence[UUID]:
    """The people allocated to this colleague now, of those the actor may know about."""
    live = Tie.objects.filter(membership_id=membership_id, kind="linked", starts__lte=at).exclude(
        ends__lte=at
    )
    return list(live.values_list("person_id", flat=True).distinct())


def allocated(person_ids: Sequence[UUID], at: datetime) -> dict[UUID, list[UUID]]:
    """The memberships each of these people is allocated to now."""
    live = Tie.objects.filter(person_id__in=person_ids, kind="linked", starts__lte=at).exclude(ends__lte=at)
    found: dict[UUID, list[UUID]] = {}
    for person_id, membership_id in live.order_by("starts").values_list("person_id", "membership_id"):
        found.setdefault(person_id, []).append(membership_id)
    return found


def strangers(*, by: Actor, name: str, born: date, nhs_number: str, at: datetime) -> list[tuple[UUID, UUID]]:
    """Who has exactly these two identifiers, in reach or not: (person, team). The search is written down.

    Nothing that was searched for goes into the audit, only that there was a search and how many it found;
    the database gives nothing after too many in an hour (access/wall.py).
    """
    audit.deed(by=by, verb="looked for somebody", what=LOOKUP, at=at, team_id=by.team_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, team FROM wall_lookup(%s, %s, %s)", [name, born, nhs_number])
        found: list[tuple[UUID, UUID]] = cursor.fetchall()
    return found


def my_glass(by: Actor, person_id: UUID, at: datetime) -> Glass | None:
    """The glass the actor broke for this person, while it lasts."""
    mine = Glass.objects.filter(author_id=by.membership_id, person_id=person_id)
    return mine.filter(broken_at__lte=at, ends_at__gt=at).order_by("-ends_at").first()


def broken(*, reviewed: bool, limit: int = 100) -> Sequence[Glass]:
    """Glass that was broken, as far as the actor may read of it: what waits for review, or what had one."""
    rows = Glass.objects.filter(reviewed_at__isnull=not reviewed)
    return list(rows.order_by("-reviewed_at" if reviewed else "broken_at", "id")[:limit])


def glass(glass_id: UUID) -> Glass | None:
    return Glass.objects.filter(id=glass_id).first()


def unsafe_looks(person_id: UUID) -> list[tuple[UUID, datetime, datetime]]:
    """Looks through broken glass that are unsafe to show: by whom, from, to; as far as the actor may know."""
    rows = Glass.objects.filter(person_id=person_id, not_shown=True)
    return list(rows.values_list("author_id", "broken_at", "ends_at"))


def rows_about(table: str, column: str, person_id: UUID) -> list[dict[str, Any]]:
    """A personal table's rows about somebody, as far as the actor reaches, as dicts by column.

    ValueError for a table that is not in the policy: names are ours, never a request's.
    """
    if table not in PERSONAL:
        raise ValueError(f"{table} is not a personal table of the policy")
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE "{column}" = %s ORDER BY 1', [person_id])
        columns = [(one.name, one.type_code == _JSONB) for one in cursor.description]
        return [
            {name: json.loads(value) if is_json and isinstance(value, str) else value
             for (name, is_json), value in zip(columns, row, strict=True)}
            for row in cursor.fetchall()
        ]  # fmt: skip
