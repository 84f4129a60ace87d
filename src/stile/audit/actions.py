"""The one way to write to the audit: in the same transaction as the deed."""

from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb


def record(*, by: str, verb: str, what: str, detail: dict[str, Any] | None = None, at: datetime) -> None:
    """Append one event. Plain SQL: the public role may add events without being able to read any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, by, verb, what, detail) VALUES (%s, %s, %s, %s, %s)",
            [at, by, verb, what, Jsonb(detail or {})],
        )
