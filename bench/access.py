"""What the wall costs: the same questions through row-level security, and without it by an explicit WHERE.

A million young people, 200 organisations of five teams, 5,000 workers with 25 people each, half of them
with ties besides. Ours asks as `stile_app` with nothing in the query but what the page wants: the wall
adds whose rows. Two peers ask as a role that no wall holds back, and say themselves whose rows they want:
one is handed the lists of people and teams for nothing, the other reads them first, as an application
that walls its data off by itself must in each request. Each figure is a whole transaction: BEGIN, who
asks, the question, COMMIT.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg

from stile.site import database

from .home import home
from .report import Line, say, warn_if_busy

SIZE = 1_000_000
HOUSES, TEAMS, WORKERS, EACH = 200, 1_000, 5_000, 25
ROUNDS = 300


def run(sizes: Sequence[int] | None = None) -> list[Line]:
    warn_if_busy()
    lines: list[Line] = []
    for size in sizes or (SIZE,):
        lines += measure(size)
    return lines


def measure(size: int) -> list[Line]:
    with home() as environment:
        os.environ["STILE_HOME"] = environment["STILE_HOME"]
        os.environ.pop("DATABASE_URL", None)
        with database.running():
            code = "import django; django.setup(); from stile.site.setup import bring_up_to_date as up; up()"
            subprocess.run(
                [sys.executable, "-c", code],
                env=environment | {"DJANGO_SETTINGS_MODULE": "stile.site.settings"}, check=True,
            )  # fmt: skip
            with database.connect_as_installer("stile") as server:
                fill(server, size)
                return compare(server, size)


def fill(server: psycopg.Connection[Any], size: int) -> None:
    """Rows straight into the tables, with ids that can be worked out from their numbers."""
    say(f"[bold]{size:,} young people[/bold]: filling a database of the bench's own ...")
    for statement in (
        "SET session_replication_role = replica",
        "CREATE FUNCTION n(kind text, i bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS"
        " $$ SELECT md5(kind || i)::uuid $$",
        "INSERT INTO people_organisation (id, name, kind)"
        f" SELECT n('house', i), 'House ' || i, 'lead_host' FROM generate_series(0, {HOUSES - 1}) i",
        "INSERT INTO people_team (id, organisation_id, name, nation, areas, live_cases, live_cases_warn)"
        f" SELECT n('team', i), n('house', i % {HOUSES}), 'Team ' || i, 'england', '[]', 25, 30"
        f" FROM generate_series(0, {TEAMS - 1}) i",
        "INSERT INTO people_account (id, password, email, language, is_active, created_at)"
        f" SELECT n('account', i), '!', i || '@example.org', 'en-gb', true, now()"
        f" FROM generate_series(0, {WORKERS - 1}) i",
        # In each team the first is its manager, the second is on duty; the last team's manager has the house.
        "INSERT INTO people_membership (id, account_id, name, role, organisation_id, team_id, on_duty, since)"
        f" SELECT n('member', i), n('account', i), 'Worker ' || i,"
        f" CASE WHEN i < {TEAMS} THEN 'manager' ELSE 'link_worker' END, n('house', i % {HOUSES}),"
        f" CASE WHEN i < {HOUSES} THEN NULL ELSE n('team', i % {TEAMS}) END, i % 5 = 1, now() - interval '1 day'"
        f" FROM generate_series(0, {WORKERS - 1}) i",
        "INSERT INTO people_youngperson (id, team_id, name, pronouns, born, age_band, age_band_on, nation,"
        " nhs_number, district, school, language, code, taken_in_at)"
        f" SELECT n('person', i), n('team', i % {TEAMS}), 'Name' || (i::bigint * 7919 % 100003) || ' Family' || i % 5003,"
        " '', date '2005-01-01' + (i % 4000)::int, '13-15', current_date, 'england', '', 'M' || i % 90, '', 'en-gb',"
        f" 'C' || i, now() - i * interval '1 minute' FROM generate_series(0, {size - 1}) i",
        "INSERT INTO people_contactroute (id, person_id, team_id, kind, value, whose, seen_by_others, leave_message,"
        " ok, good_times, sender_name)"
        f" SELECT n('route', i), n('person', i), n('team', i % {TEAMS}), 'text', '07700900000', 'own', 'no',"
        f" 'unknown', 'yes', '', '' FROM generate_series(0, {size - 1}) i",
        # Each link worker has people of their own team, and half of them a few more besides.
        "INSERT INTO access_tie (id, kind, person_id, team_id, membership_id, role, starts, why)"
        f" SELECT n('tie', w * 100 + k), 'linked', n('person', w % {TEAMS} + {TEAMS} * (w / {TEAMS} * {EACH} + k)),"
        f" n('team', w % {TEAMS}), n('member', w), '', now() - interval '1 hour', 'bench'"
        f" FROM generate_series({TEAMS}, {WORKERS - 1}) w, generate_series(0, {EACH - 1}) k"
        f" WHERE w % {TEAMS} + {TEAMS} * (w / {TEAMS} * {EACH} + k) < {size}",
        "INSERT INTO access_tie (id, kind, person_id, team_id, membership_id, role, starts, ends, why)"
        f" SELECT n('more', w * 10 + k), 'glass', n('person', w::bigint * 37 % {size}), n('team', w::bigint * 37 % {size} % {TEAMS}),"
        " n('member', w), '', now() - interval '1 minute', now() + interval '50 minutes', 'bench'"
        f" FROM generate_series({TEAMS}, {WORKERS - 1}, 2) w, generate_series(0, 2) k",
        "SET session_replication_role = origin",
        "VACUUM ANALYZE",
    ):
        server.execute(statement)


def compare(server: psycopg.Connection[Any], size: int) -> list[Line]:
    worker, duty, manager, chief = TEAMS + 302, TEAMS + 301, 302, 17
    one = _id(server, "person", worker % TEAMS)
    asked = [
        ("a worker's list", worker, f"{LINE} {{}} ORDER BY taken_in_at DESC, id LIMIT 200", []),
        ("newest 25, on duty", duty, f"{LINE} {{}} ORDER BY taken_in_at DESC, id LIMIT 25", []),
        ("newest 25, a team's manager", manager, f"{LINE} {{}} ORDER BY taken_in_at DESC, id LIMIT 25", []),
        ("newest 25, five teams' manager", chief, f"{LINE} {{}} ORDER BY taken_in_at DESC, id LIMIT 25", []),
        ("a team counted", manager, "SELECT count(*) FROM people_youngperson p {}", []),
        ("one person", worker, "SELECT * FROM people_youngperson p {} AND p.id = %s", [one]),
        (
            "one person's contact",
            worker,
            "SELECT * FROM people_contactroute p {} AND p.person_id = %s",
            [one],
        ),
        (
            "search by name, a team",
            manager,
            f"{LINE} {{}} AND name ILIKE %s ORDER BY name LIMIT 25",
            ["name12%"],
        ),
    ]
    return [line for question in asked for line in pair(server, *question, size)]


LINE = "SELECT id, name, pronouns, born, age_band, code, district FROM people_youngperson p"


def pair(
    server: psycopg.Connection[Any], work: str, who: int, question: str, values: list[Any], size: int
) -> list[Line]:
    """One question each way, turn by turn; the answers are held to be the same rows."""
    account, member = _id(server, "account", who), _id(server, "member", who)
    with database.connect_as_installer("stile") as through:
        through.execute("SET ROLE stile_app")

        def ours() -> list[Any]:
            with through.transaction():
                through.execute(
                    "SELECT set_config('app.account', %s, true), set_config('app.membership', %s, true)",
                    [account, member],
                )
                return through.execute(question.format("WHERE true"), values).fetchall()

        with through.transaction():
            through.execute(
                "SELECT set_config('app.account', %s, true), set_config('app.membership', %s, true)",
                [account, member],
            )
            what = "contact" if "contactroute" in question else "identity"
            people, teams = through.execute(
                f"SELECT wall_people('{what}', 'read'), wall_teams('{what}', 'read')"
            ).fetchone() or ([], [])
        column = "person_id" if "contactroute" in question else "id"
        where = f"WHERE (p.{column} = ANY (%s::uuid[]) OR p.team_id = ANY (%s::uuid[]))"

        def handed() -> list[Any]:
            with server.transaction():
                return server.execute(question.format(where), [people, teams, *values]).fetchall()

        def asking() -> list[Any]:
            with server.transaction():
                row = server.execute(LISTS, [member, account]).fetchone()
                return server.execute(question.format(where), [*(row or ([], [])), *values]).fetchall()

        if not ours() == handed() == asking():
            raise AssertionError(f"{work}: the three ways give different rows")
        walled, given, asked = _medians(ours, handed, asking)
        return [
            Line(work, size, walled, asked, "WHERE, lists read", "ms"),
            Line(work, size, walled, given, "WHERE, lists given", "ms"),
        ]


# The same rule by hand, for the roles of this bench: a worker's ties, a manager's or a duty worker's teams.
LISTS = """
    WITH me AS (
        SELECT m.* FROM people_membership m JOIN people_account a ON a.id = m.account_id
        WHERE m.id = %s AND a.id = %s AND a.is_active AND m.since <= now() AND (m.until IS NULL OR m.until > now())
    )
    SELECT
        ARRAY(SELECT t.person_id FROM access_tie t JOIN me ON t.membership_id = me.id
              WHERE t.kind IN ('linked', 'glass') AND t.starts <= now() AND (t.ends IS NULL OR t.ends > now())),
        ARRAY(SELECT t.id FROM people_team t JOIN me ON t.organisation_id = me.organisation_id
              AND (me.team_id IS NULL OR t.id = me.team_id) WHERE me.role = 'manager' OR me.on_duty)
"""


def _medians(*ways: Callable[[], Any]) -> tuple[float, ...]:
    """Median milliseconds of each, in turns, after a warm-up that lets all settle on their plans."""
    times: list[list[float]] = [[] for _ in ways]
    for turn in range(ROUNDS + 20):
        for kept, ask in zip(times, ways, strict=True):
            begun = time.perf_counter()
            ask()
            if turn >= 20:
                kept.append((time.perf_counter() - begun) * 1e3)
    return tuple(statistics.median(kept) for kept in times)


def _id(server: psycopg.Connection[Any], kind: str, number: int) -> str:
    row = server.execute("SELECT md5(%s || %s)::uuid::text", [kind, str(number)]).fetchone()
    assert row
    return str(row[0])
