"""The audit is written with the deed and rewritten by nobody."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from stile.access.gate import working_as
from stile.audit.actions import record

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)


def _say() -> None:
    record(by="test", verb="listed", what="service:1", detail={"n": 1}, at=NOW)


def test_events_are_kept(as_server: psycopg.Connection[Any]) -> None:
    _say()
    kept = as_server.execute("SELECT by, verb, what, detail->>'n' FROM audit_event ORDER BY id DESC LIMIT 1")
    assert kept.fetchone() == ("test", "listed", "service:1", "1")


@pytest.mark.django_db
def test_nobody_reads_them_without_a_reason() -> None:
    _say()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_event")
        assert cursor.fetchall() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET by = 'nobody'", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
@pytest.mark.parametrize("role", ["stile_app", "stile_public"])
def test_nobody_rewrites_them(statement: str, role: str) -> None:
    _say()
    with working_as(role), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_public_role_can_add_but_not_read() -> None:
    with working_as("stile_public"):
        _say()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM audit_event")


def test_not_even_the_server_itself_rewrites_them(as_server: psycopg.Connection[Any]) -> None:
    _say()
    with pytest.raises(psycopg.Error, match="never changed"):
        as_server.execute("DELETE FROM audit_event")
