"""What the database answers, row by row, is what the policy says: every role, table, verb and kind of row.

One side is PostgreSQL, asked as `stile_app` in somebody's name; the other is `reading.py`, which knows
nothing of the wall. Every attempt is taken back: each stands alone.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from psycopg.types.json import Jsonb

from stile.access.policy.words import Role
from tests.access import reading
from tests.access.crowd import Crowd, personal_tables
from tests.access.planting import columns
from tests.access.reading import CHANGEABLE, TABLES, Facts

pytestmark = pytest.mark.xdist_group("crowd")

WALLED = [*personal_tables(), "people_organisation", "people_team"]
NEVER_CHANGED = {*reading.SIGN_IN_ONLY, "access_saved"}
KEYS = {"access_session": "key_hash", "access_saved": "key_hash"}  # every other table's is "id"
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
        table for table in personal_tables() if not known.rows[table] and table not in NEVER_CHANGED
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


# ---------------------------------------------------------------- changing

# What a change without a WHERE sets, where "the first column that may be changed" would break a rule of the table.
BLINDLY = {
    "people_pack": f"released_by = '{uuid4()}', released_at = now()",
    "people_youngperson": "pronouns = 'x'", "people_contactroute": "good_times = 'x'", "people_carer": "relation = 'x'",
    "people_hellopage": "interests = 'x'", "people_rightsrequest": "decision = 'x'", "people_erasure": "counts = '{}'",
    "people_organisation": "name = 'x'", "people_team": "name = 'x'", "access_session": "device = 'x'",
    "audit_event": "verb = 'x'", "people_account": "language = 'x'", "access_glass": "review = 'x'",
    "people_participationpermission": "answer = 'no'", "people_packchoice": "words = 'x'", "people_review": "note = 'x'",
    "people_sharingpermission": "withdrawn_at = now()", "people_membership": "on_duty = false",
    "access_tie": "ended_by = NULL", "people_invitation": "withdrawn_at = now()", "people_withdrawal": "shown_as = 'x'",
    "people_lawfulbasisentry": "ended_at = now()", "people_competencenote": "review_on = '2030-01-01'",
    "people_sameperson": "undone_at = now()", "directory_hello": "reply_to = 'x'",
}  # fmt: skip


def changed(cursor: Any, table: str, key: str, rows: list[Any], words: str) -> set[Any]:
    """Which rows a change reaches: all at once, or one by one where the change of one is refused."""
    whole = tried(cursor, keys_of(table, f"UPDATE {table} SET {words} RETURNING {key}"))
    if whole is not None:
        return set(whole)
    found: set[Any] = set()
    for row in rows:
        statement = f"UPDATE {table} SET {words} WHERE {key} = '{row[key]}' RETURNING {key}"
        found |= tried(cursor, keys_of(table, statement)) or set()
    return found


@pytest.mark.parametrize("table", [table for table in WALLED if table not in NEVER_CHANGED])
def test_the_rows_somebody_changes_are_those_the_policy_says(crowd: Crowd, known: Facts, table: str) -> None:
    key, words = KEYS.get(table, "id"), BLINDLY[table]
    for name, account, membership in everybody(crowd):
        who = reading.me(known, account, membership)
        expected = {
            row[key]
            for row in known.rows[table]
            if reading.may_change(known, table, who, row, account) and _stays_right(known, table, row, words)
        }
        with in_the_name_of(account, membership) as cursor:
            assert changed(cursor, table, key, known.rows[table], words) == expected, (
                f"{name} changes {table}"
            )

            def blindly(cursor: Any) -> int:
                cursor.execute(f"UPDATE {table} SET {words}")
                return int(cursor.rowcount)

            count = tried(cursor, blindly)
            assert count in (None, len(expected)), f"{name} changes {table} without looking"


def _stays_right(known: Facts, table: str, row: reading.Row, words: str) -> bool:
    """What a table asks of a row after a change, for the changes of BLINDLY."""
    if table == "people_membership" and row["until"] is not None:  # nobody leaves people behind (H22)
        return not any(
            tie["membership_id"] == row["id"] and tie["kind"] == "linked" and reading.holds(known, tie)
            for tie in known.rows["access_tie"]
        )
    if table == "people_pack":  # released by somebody else, once
        return bool(row["prepared_by"] != words.split("'")[1])
    return True


@pytest.mark.parametrize("table", [table for table in WALLED if table not in NEVER_CHANGED])
def test_only_the_columns_that_are_written_down_can_be_changed(
    crowd: Crowd, known: Facts, table: str
) -> None:
    """Asked of the grants: without the privilege PostgreSQL refuses before it looks at any row."""
    with in_the_name_of(None, None) as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND has_column_privilege(attrelid, attnum, 'UPDATE')",
            [table],
        )
        found = {row[0] for row in cursor.fetchall()}
    everything = {one.name for one in columns(crowd.server, table)}
    kept: dict[str, set[str]] = {"people_account": set(), "audit_event": set(), "directory_hello": set()}
    assert found == CHANGEABLE.get(table, kept.get(table, everything))


# ---------------------------------------------------------------- removing


@pytest.mark.parametrize("table", WALLED)
def test_the_rows_somebody_removes_are_those_the_policy_says(crowd: Crowd, known: Facts, table: str) -> None:
    key = KEYS.get(table, "id")
    for name, account, membership in everybody(crowd):
        who = reading.me(known, account, membership)
        expected = {
            row[key] for row in known.rows[table] if reading.may_remove(known, table, who, row, account)
        }
        with in_the_name_of(account, membership) as cursor:
            gone = tried(cursor, keys_of(table, f"DELETE FROM {table} RETURNING {key}"))

            def blindly(cursor: Any) -> int:
                cursor.execute(f"DELETE FROM {table}")
                return int(cursor.rowcount)

            count = tried(cursor, blindly)
        assert (gone or set(), count or 0) == (expected, len(expected)), f"{name} removes from {table}"


# ---------------------------------------------------------------- adding

ADDED = [table for table in TABLES if table not in ("access_tie", "people_invitation")]


LET_IN = """
DO $try$
DECLARE wished jsonb; answers text := '';
BEGIN
    FOR wished IN SELECT jsonb_array_elements(current_setting('try.rows')::jsonb) LOOP
        BEGIN
            INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, wished);
            RAISE EXCEPTION 'taken back';
        EXCEPTION WHEN insufficient_privilege THEN answers := answers || 'n'; WHEN OTHERS THEN answers := answers || 'y';
        END;
    END LOOP;
    PERFORM set_config('try.answers', answers, true);
END $try$"""


def let_in(cursor: Any, table: str, rows: list[reading.Row]) -> list[bool]:
    """Whether the wall lets each row be written. That one clashes with what is there is another matter."""
    cursor.execute("SELECT set_config('try.rows', %s, true)", [json.dumps(rows, default=str)])
    cursor.execute(LET_IN.format(table=table, columns=", ".join(f'"{name}"' for name in rows[0])))
    cursor.execute("SELECT current_setting('try.answers')")
    return [answer == "y" for answer in cursor.fetchone()[0]]


def fresh(known: Facts, table: str) -> Iterator[reading.Row]:
    """A new row like each that is there."""
    for row in known.rows[table]:
        yield {**row, "id": 30_000_000 if isinstance(row["id"], int) else uuid4()}


@pytest.mark.parametrize("table", ADDED)
def test_the_rows_somebody_adds_are_those_the_policy_says(crowd: Crowd, known: Facts, table: str) -> None:
    author = {"access_glass": "author_id", "audit_event": "membership_id"}.get(table)
    for name, account, membership in everybody(crowd):
        who = reading.me(known, account, membership)
        rows = [*fresh(known, table)]
        rows += [{**row, author: membership} for row in rows] if author else []
        with in_the_name_of(account, membership) as cursor:
            let = let_in(cursor, table, rows)
        wrong = [
            row for row, in_ in zip(rows, let, strict=True) if in_ != reading.may_add(known, table, who, row)
        ]
        assert not wrong, f"{name} adds to {table}"


@pytest.mark.parametrize("table", [table for table, kept in TABLES.items() if kept.person == "person_id"])
def test_a_row_stands_in_no_other_team_than_its_person(crowd: Crowd, known: Facts, table: str) -> None:
    """Or a stranger could be drawn near by naming one's own team."""
    if table == "audit_event":
        return  # it outlives teams and people, and is written by whoever did the deed
    row = next(row for row in fresh(known, table) if row["person_id"] == crowd.people["Nia"])
    made_of_json = {one.name for one in columns(crowd.server, table) if one.kind == "jsonb"}
    wrong = {name: Jsonb(value) if name in made_of_json else value for name, value in row.items()}
    wrong["team_id"] = crowd.teams["East"]
    names = ", ".join(f'"{name}"' for name in wrong)
    places = ", ".join(["%s"] * len(wrong))
    with pytest.raises((psycopg.errors.ForeignKeyViolation, psycopg.errors.UniqueViolation)) as refused:
        crowd.server.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', list(wrong.values()))
    assert table in str(refused.value)
    assert crowd.server.execute(
        "SELECT condeferrable FROM pg_constraint WHERE conname = %s", [f"{table}_with_person"]
    ).fetchone() == (False,)
