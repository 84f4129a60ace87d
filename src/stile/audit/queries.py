"""Reading the audit: as far as the wall lets whoever asks, the latest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

MOST = 100


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    at: datetime
    verb: str
    what: str
    detail: dict[str, Any]
    person_id: UUID | None
    membership_id: UUID | None
    role: str


def events(
    *,
    person_id: UUID | None = None,
    membership_id: UUID | None = None,
    verb: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = MOST,
) -> Sequence[Event]:
    """Events in reach that fit every filter given; `before`: an event's id, for the next page."""
    wanted = {
        "person_id = %s": person_id, "membership_id = %s": membership_id, "verb = %s": verb or None,
        "at >= %s": since, "at < %s": until, "id < %s": before,
    }  # fmt: skip
    used = {condition: value for condition, value in wanted.items() if value is not None}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, at, verb, what, detail::text, person_id, membership_id, role FROM audit_event"
            f" WHERE {' AND '.join(used) or 'true'} ORDER BY id DESC LIMIT %s",
            [*used.values(), limit],
        )
        return [
            Event(id_, at, verb_, what, json.loads(detail), person, membership, role)
            for id_, at, verb_, what, detail, person, membership, role in cursor.fetchall()
        ]
