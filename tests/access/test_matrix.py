"""What the database answers, row by row, is what the policy says: every role, table, verb and kind of row.

One side is PostgreSQL, asked as `stile_app` in somebody's name; the other is `reading.py`, which knows
nothing of the wall. Every attempt is taken back: each stands alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from stile.access.policy.words import Role
from tests.access import reading
from tests.access.crowd import Crowd, personal_tables
from tests.access.reading import TABLES, Facts

pytestmark = pytest.mark.xdist_group("crowd")

WALLED = [*personal_tables(), "people_organisation", "people_team"]
KEYS = {"access_session": "key_hash"}  # every other table's is "id"
Attempt = Callable[[Any], Any]


class TakenBack(Exception):
    pass


@contextmanager
def in_the_name_of(account: UUID | None, membership: UUID | None) -> Iterator[Any]:
    """A cursor of the app's own, with the two settings as a request would have them. Nothing stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.account', %s, true), set_config('app.membership', %s, true)",
                [str(account or ""), str(membership or "")],
            )
            yield cursor
            raise TakenBack
    except TakenBack:
        pass


def tried(cursor: Any, attempt: Attempt) -> Any:
    """What an attempt gives; None when the database refuses it. Taken back either way."""
    cursor.execute("SAVEPOINT attempt")
    try:
        return attempt(cursor)
    except DatabaseError:
        return None
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT attempt")


def keys_of(table: str, statement: str) -> Attempt:
    def attempt(cursor: Any) -> set[Any]:
        cursor.execute(statement)
        return {row[0] for row in cursor.fetchall()}

    return attempt


def everybody(crowd: Crowd) -> Iterator[tuple[str, UUID | None, UUID | None]]:
    """All that can be said to the database of who is asking, the untrue included."""
    for name, (account, membership) in crowd.staff.items():
        yield name, account, membership
    yield "nobody", None, None
    yield "an account without a membership", crowd.staff["Lena"][0], None
    yield "a membership without an account", None, crowd.staff["Lena"][1]
    yield "somebody else's membership", crowd.staff["Flo"][0], crowd.staff["Lena"][1]
    yield "made up", uuid4(), uuid4()


def test_every_role_and_every_personal_table_is_there_to_be_tried(crowd: Crowd, known: Facts) -> None:
    roles = {one.role for _, a, m in everybody(crowd) if (one := reading.me(known, a, m))}
    assert roles == {role.value for role in Role}
    assert [
        table for table in personal_tables() if not known.rows[table] and table not in reading.SIGN_IN_ONLY
    ] == []
    for table in TABLES:
        if table not in ("people_invitation",):
            column = TABLES[table].person
            assert {row[column] for row in known.rows[table]} >= set(crowd.people.values()), table


@pytest.mark.parametrize("table", WALLED)
def test_the_rows_somebody_sees_are_those_the_policy_says(crowd: Crowd, known: Facts, table: str) -> None:
    key = KEYS.get(table, "id")
    for name, account, membership in everybody(crowd):
        who = reading.me(known, account, membership)
        expected = {
            row[key] for row in known.rows[table] if reading.may_read(known, table, who, row, account)
        }
        with in_the_name_of(account, membership) as cursor:
            seen = tried(cursor, keys_of(table, f"SELECT {key} FROM {table}"))
        assert (seen or set()) == expected, f"{name} reads {table}"
