"""The one way to write to the audit: in the same transaction as the deed."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb


def record(*, by: str, verb: str, what: str, detail: dict[str, Any] | None = None, at: datetime) -> None:
    """Append one event. Plain SQL: the public role may add events without being able to read any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, by, verb, what, detail) VALUES (%s, %s, %s, %s, %s)",
            [at, by, verb, what, Jsonb(detail or {})],
        )


class By(Protocol):
    """Whoever acts: `access.actor.Actor`, which this room does not know."""

    @property
    def membership_id(self) -> UUID: ...
    @property
    def role(self) -> Any: ...
    @property
    def organisation_id(self) -> UUID | None: ...


def deed(
    *,
    by: By,
    verb: str,
    what: str,
    at: datetime,
    person: tuple[UUID, UUID] | None = None,
    team_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Append what somebody signed in did, or looked at.

    `person`: whose record it was, and their team; `team_id`: the team, where it is about several or nobody.
    """
    person_id, team_id = person or (None, team_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event"
            " (at, by, verb, what, detail, person_id, team_id, membership_id, organisation_id, role)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                at, f"membership:{by.membership_id}", verb, what, Jsonb(detail or {}), person_id, team_id,
                by.membership_id, by.organisation_id, str(by.role),
            ],
        )  # fmt: skip
