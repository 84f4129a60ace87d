"""The database's other roles: looking without an account, letting people in, and what runs by the clock."""

import pytest
from django.db import connection, transaction

from stile.access.gate import working_as
from tests.access.crowd import Crowd, personal_tables
from tests.access.reading import Facts
from tests.access.test_matrix import tried

pytestmark = pytest.mark.xdist_group("crowd")

SIGN_IN = {
    "access_code", "access_factor", "access_identity", "access_knowndevice", "access_saved", "access_session", "access_try",
    "people_account", "people_invitation", "people_membership",
}  # fmt: skip
NEVER_BY_THE_CLOCK = {"audit_event", "access_factor", "access_identity", "directory_hello"}


def rows_seen(role: str, table: str, account: str = "", membership: str = "") -> int:
    """How many rows a role sees, with settings that would name somebody; 0 where it may not look at all."""
    with transaction.atomic(), working_as(role), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.account', %s, true), set_config('app.membership', %s, true)",
            [account, membership],
        )

        def count(cursor: object) -> int:
            cursor.execute(f"SELECT count(*) FROM {table}")  # type: ignore[attr-defined]
            return int(cursor.fetchone()[0])  # type: ignore[attr-defined]

        return tried(cursor, count) or 0


@pytest.mark.parametrize("table", personal_tables())
def test_looking_without_an_account_shows_nobody(crowd: Crowd, table: str) -> None:
    account, membership = map(str, crowd.staff["Max"])
    assert rows_seen("stile_public", table) == 0
    assert rows_seen("stile_public", table, account, membership) == 0, "nor with somebody's name on it"


@pytest.mark.parametrize("table", personal_tables())
def test_the_pages_that_let_people_in_see_no_record(crowd: Crowd, known: Facts, table: str) -> None:
    account, membership = map(str, crowd.staff["Max"])
    seen = rows_seen("stile_signin", table, account, membership)
    assert seen == 0 or table in SIGN_IN
    if table in ("people_account", "people_membership"):
        assert seen == len(known.rows[table]), "these they need, to know who comes in"


@pytest.mark.parametrize("table", sorted(NEVER_BY_THE_CLOCK))
def test_what_runs_by_the_clock_never_sees(crowd: Crowd, table: str) -> None:
    assert rows_seen("stile_job", table) == 0


def test_the_clock_removes_nobodys_rows_without_an_open_erasure(crowd: Crowd) -> None:
    with crowd.server.transaction(force_rollback=True):
        crowd.server.execute("UPDATE people_erasure SET done_at = now()")
        crowd.server.execute("SET LOCAL ROLE stile_job")
        gone = {}
        for table in personal_tables():
            may = crowd.server.execute(
                "SELECT has_table_privilege('stile_job', %s, 'DELETE')", [table]
            ).fetchone()
            if table in SIGN_IN or may != (True,):
                continue
            gone[table] = crowd.server.execute(f"DELETE FROM {table}").rowcount
    assert len(gone) > 10
    assert {table: count for table, count in gone.items() if count} == {}
