"""A table, column, grant, policy or function that forgets the wall is found, in words, by the checks and the doctor."""

from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from stile.access import rls
from stile.site.cli import ground
from stile.site.cli.main import app


def found(connection: psycopg.Connection[Any], *statements: str) -> list[str]:
    """What the check says after these statements, which are taken back."""
    with connection.transaction(force_rollback=True):
        for statement in statements:
            connection.execute(statement)
        return list(rls.drift(connection))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TABLE people_letter (id uuid, person_id uuid)", "table people_letter has no rule"),
        ("CREATE VIEW everybody AS SELECT name FROM people_youngperson", "table everybody has no rule"),
        ("CREATE MATERIALIZED VIEW kept AS SELECT name FROM people_youngperson", "table kept has no rule"),
        ("DROP TABLE people_review", "the policy names people_review, which is not in the database"),
        ("ALTER TABLE directory_term ADD COLUMN person_id uuid", "directory_term.person_id names a person"),
        ("ALTER TABLE people_team ADD COLUMN main_carer_id uuid", "people_team.main_carer_id names a person"),
        ("ALTER TABLE people_carer DISABLE ROW LEVEL SECURITY", "people_carer is walled and its row-level security"),
        ("ALTER TABLE people_carer NO FORCE ROW LEVEL SECURITY", "people_carer is walled and its row-level security"),
        ("DROP POLICY stile_app_read ON people_carer", "people_carer: row policy stile_app_read is missing"),
        ("CREATE POLICY more ON people_carer USING (true)", "people_carer: row policy more is not written down"),
        ("ALTER POLICY stile_app_read ON people_carer USING (true)", "stile_app_read is not what is written down"),
        ("ALTER POLICY stile_app_read ON people_carer TO PUBLIC", "stile_app_read is not what is written down"),
        ("GRANT SELECT ON people_carer TO stile_public", "stile_public may ['SELECT'] on people_carer"),
        ("GRANT SELECT ON people_carer TO PUBLIC", "stile_signin may ['SELECT'] on people_carer"),
        ("GRANT SELECT (name) ON people_carer TO stile_public", "stile_public may SELECT columns of people_carer"),
        ("GRANT UPDATE (role) ON people_membership TO stile_app", "stile_app may change ["),
        ("GRANT DELETE ON people_carer TO stile_app", "stile_app may ['DELETE', 'INSERT', 'SELECT', 'UPDATE'] on people_carer"),
        ("ALTER TABLE people_carer DROP CONSTRAINT people_carer_with_person", "people_carer does not hold its rows"),
        ("UPDATE access_may SET reach = 'all' WHERE role = 'planner' OR reach = 'house'", "access_may does not say"),
        ("DELETE FROM access_may", "access_may does not say what the matrix says"),
        (
            "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM people_carer'",
            "function peek works with its owner's rights",
        ),
    ],
)  # fmt: skip
def test_what_forgets_the_wall_is_found(as_owner: psycopg.Connection[Any], statement: str, said: str) -> None:
    assert [line for line in found(as_owner, statement) if said in line], found(as_owner, statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER ROLE stile_app BYPASSRLS", "the role stile_app is mightier than the wall"),
        ("GRANT stile_owner TO stile_app", "stile_app may become stile_owner"),
        ("GRANT stile_warden TO stile_signin", "stile_signin may become stile_warden"),
        ("CREATE SCHEMA aside CREATE TABLE aside.names (name text)", "aside.names stands outside"),
        ("ALTER FUNCTION wall_role() SECURITY INVOKER", "function wall_role is not as it should be"),
        ("ALTER FUNCTION wall_role() VOLATILE", "function wall_role is not as it should be"),
        ("ALTER FUNCTION wall_role() OWNER TO stile_owner", "function wall_role is not as it should be"),
        ("GRANT EXECUTE ON FUNCTION wall_team_of(uuid) TO PUBLIC", "function wall_team_of is not as it should be"),
        ("DROP FUNCTION slice_offered(uuid)", "the wall's functions are"),
        (
            "CREATE OR REPLACE FUNCTION wall_role() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS $$SELECT 'dpo'$$",
            "function wall_role is not as it should be",
        ),
    ],
)  # fmt: skip
def test_what_weakens_the_wall_is_found(
    as_server: psycopg.Connection[Any], statement: str, said: str
) -> None:
    assert [line for line in found(as_server, statement) if said in line]


def test_a_table_without_a_rule_is_closed_to_everybody(as_owner: psycopg.Connection[Any]) -> None:
    """Forgotten, it stays shut: even one that was opened by hand, as soon as the grants are made again."""
    as_owner.execute("CREATE TABLE people_letter (id uuid, person_id uuid)")
    try:
        as_owner.execute("GRANT ALL ON people_letter TO stile_app, stile_public, PUBLIC")
        rls.apply(as_owner)
        for role in rls.ROLES:
            row = as_owner.execute(
                "SELECT has_table_privilege(%s, 'people_letter', 'SELECT, INSERT, UPDATE, DELETE')", [role]
            ).fetchone()
            assert row == (False,), role
    finally:
        as_owner.execute("DROP TABLE people_letter")


def test_making_the_grants_again_mends_what_was_changed_by_hand(as_owner: psycopg.Connection[Any]) -> None:
    as_owner.execute("ALTER POLICY stile_app_read ON people_carer USING (true)")
    as_owner.execute("GRANT SELECT (name) ON people_carer TO stile_public")
    as_owner.execute("ALTER TABLE people_contactroute NO FORCE ROW LEVEL SECURITY")
    as_owner.execute("CREATE POLICY more ON people_hellopage USING (true)")
    assert len(list(rls.drift(as_owner))) == 4
    rls.apply(as_owner)
    assert list(rls.drift(as_owner)) == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_doctor_says_what_is_wrong_with_the_wall(
    as_owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground.out, "width", 220)  # or the table breaks the line we look for
    as_owner.execute("CREATE TABLE people_letter (id uuid, person_id uuid)")
    try:
        done = CliRunner().invoke(app, ["doctor"])
    finally:
        as_owner.execute("DROP TABLE people_letter")
    assert done.exit_code == 1
    assert "table people_letter has no rule" in done.output
    assert "as the policy says" in CliRunner().invoke(app, ["doctor"]).output
