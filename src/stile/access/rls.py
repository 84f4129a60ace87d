"""Turns `access/policy.py` into PostgreSQL grants, and says where the two differ."""

from collections.abc import Iterator
from typing import Any, Protocol

from .policy import RULES, Class, Rule, Verb


class Connection(Protocol):
    """A connection of Django's or psycopg's own: all that is needed is a cursor."""

    def cursor(self) -> Any: ...


_TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""


def apply(connection: Connection) -> None:
    """Give each role exactly what the policy says, on a connection of `stile_owner`."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        present = {row[0] for row in cursor.fetchall()}
        for table in sorted(present):
            cursor.execute(f'REVOKE ALL ON TABLE "{table}" FROM PUBLIC, stile_app, stile_public')
        for rule in RULES:
            if rule.table not in present:
                continue
            for role, verbs in _verbs(rule):
                if verbs:
                    cursor.execute(f'GRANT {", ".join(verbs)} ON TABLE "{rule.table}" TO {role}')
            if rule.kind is Class.PERSONAL:
                cursor.execute(f'ALTER TABLE "{rule.table}" ENABLE ROW LEVEL SECURITY')
                cursor.execute(f'ALTER TABLE "{rule.table}" FORCE ROW LEVEL SECURITY')
                for name, statement in _policies(rule):
                    cursor.execute(f'DROP POLICY IF EXISTS {name} ON "{rule.table}"')
                    cursor.execute(statement)
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO stile_app, stile_public")


def drift(connection: Connection) -> Iterator[str]:
    """Every difference between the policy and the database, in words; nothing when they agree."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = {row[0]: row[1:] for row in cursor.fetchall()}
        rules = {rule.table: rule for rule in RULES}
        for table in sorted(tables.keys() - rules.keys()):
            yield f"table {table} has no rule in access/policy.py"
        for table in sorted(rules.keys() - tables.keys()):
            yield f"the policy names {table}, which is not in the database"
        for table in sorted(tables.keys() & rules.keys()):
            for role, verbs in _verbs(rules[table]):
                cursor.execute(
                    "SELECT v FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE']) v"
                    " WHERE has_table_privilege(%s, %s, v)",
                    [role, f'public."{table}"'],
                )
                has = {row[0] for row in cursor.fetchall()}
                if has != set(verbs):
                    yield f"{role} may {sorted(has)} on {table}; the policy says {sorted(verbs)}"
            if rules[table].kind is Class.PERSONAL:
                if tables[table] != (True, True):
                    yield f"{table} is personal and its row-level security is not forced"
                cursor.execute("SELECT policyname FROM pg_policies WHERE tablename = %s", [table])
                has = {row[0] for row in cursor.fetchall()}
                if has != (wanted := {name for name, _ in _policies(rules[table])}):
                    yield f"{table} has the row policies {sorted(has)}; the policy says {sorted(wanted)}"


def _policies(rule: Rule) -> Iterator[tuple[str, str]]:
    """One policy for each role and verb; a verb without a condition has no policy and so no rows."""
    for role, rows in (("stile_app", rule.app_rows), ("stile_public", rule.public_rows)):
        for verb, condition in rows.items():
            name = f"{role}_{verb.name.lower()}"
            check = "WITH CHECK" if verb is Verb.ADD else "USING"
            yield (
                name,
                (f'CREATE POLICY {name} ON "{rule.table}" FOR {verb.value} TO {role} {check} ({condition})'),
            )


def _verbs(rule: Rule) -> Iterator[tuple[str, tuple[str, ...]]]:
    # stile_app is a member of stile_public without inheriting from it, so each is granted apart.
    yield "stile_app", tuple(rule.app)
    yield "stile_public", tuple(rule.public)
