"""Turns `access/policy/` into PostgreSQL grants and row-level security, and says where the two differ."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from . import wall
from .policy.tables import RULES
from .policy.words import Class, Rule, Verb

ROLES = ("stile_app", "stile_public", "stile_signin", "stile_job", "stile_warden")
PEOPLE = "people_youngperson"


class Connection(Protocol):
    """A connection of Django's or psycopg's own: all that is needed is a cursor."""

    def cursor(self) -> Any: ...


_OURS = (
    "FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'public'::regnamespace"
    " AND (p.proname LIKE 'wall\\_%' OR p.proname LIKE 'slice\\_%')"
)
_TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1
"""
_ELSEWHERE = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'public' AND n.nspname <> 'information_schema'
      AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1
"""
# What a policy really says, as PostgreSQL would print it: `ALTER POLICY` leaves the comment as it was.
_SAID = (
    "md5(concat_ws('|', polcmd, polpermissive, polroles::regrole[]::text,"
    " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)))"
)


def apply(connection: Connection) -> None:
    """Give each role exactly what the policy says, on a connection of `stile_owner`. One transaction's work."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(_TABLES)
        present = {row[0] for row in cursor.fetchall()}
        for table in sorted(present):
            cursor.execute(f'REVOKE ALL ON TABLE "{table}" FROM PUBLIC, {", ".join(ROLES)}')
        _drop_policies(cursor)
        cursor.execute("GRANT USAGE ON SCHEMA public TO stile_signin, stile_job, stile_warden")
        _build_wall(cursor)
        for rule in RULES:
            if rule.table in present:
                _wall_in(cursor, rule)
        cursor.execute("DELETE FROM access_may")
        cursor.executemany(
            "INSERT INTO access_may (role, data, verb, reach, why) VALUES (%s, %s, %s, %s, %s)",
            wall.may_rows(),
        )
        cursor.execute(
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO stile_app, stile_public, stile_signin"
        )
        cursor.execute("COMMIT")


def _drop_policies(cursor: Any) -> None:
    cursor.execute("SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'")
    for name, table in cursor.fetchall():
        cursor.execute(f'DROP POLICY "{name}" ON "{table}"')


def _build_wall(cursor: Any) -> None:
    """The functions, made by the warden itself, who may make things only for as long as this takes."""
    cursor.execute("SELECT current_user")
    owner = cursor.fetchone()[0]
    cursor.execute("GRANT CREATE ON SCHEMA public TO stile_warden")
    cursor.execute("SET LOCAL ROLE stile_warden")
    cursor.execute(f"SELECT p.oid::regprocedure::text {_OURS}")
    for (function,) in cursor.fetchall():
        cursor.execute(f"DROP FUNCTION {function}")
    for statement in wall.statements():
        cursor.execute(statement)
    cursor.execute(f"SET LOCAL ROLE {owner}")
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM stile_warden")


def _wall_in(cursor: Any, rule: Rule) -> None:
    for role, verbs in _verbs(rule):
        for verb in verbs:
            columns = f" ({', '.join(rule.changes)})" if _by_column(rule, role, verb) else ""
            cursor.execute(f'GRANT {verb.value}{columns} ON TABLE "{rule.table}" TO {role}')
    if not rule.walled:
        return
    cursor.execute(f'ALTER TABLE "{rule.table}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'ALTER TABLE "{rule.table}" FORCE ROW LEVEL SECURITY')
    for name, statement in _policies(rule):
        cursor.execute(statement)
        cursor.execute(
            f"SELECT {_SAID} FROM pg_policy WHERE polname = %s AND polrelid = %s::regclass",
            [name, f'public."{rule.table}"'],
        )
        mark = f"{_mark(statement)} {cursor.fetchone()[0]}"
        cursor.execute(f"COMMENT ON POLICY {name} ON \"{rule.table}\" IS '{mark}'")
    if (pair := _pair(rule)) and not _has_pair(cursor, rule):
        cursor.execute(pair)


def drift(connection: Connection) -> Iterator[str]:
    """Every difference between the policy and the database, in words; nothing when they agree."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = {row[0]: row[1:] for row in cursor.fetchall()}
        rules = {rule.table: rule for rule in RULES}
        for table in sorted(tables.keys() - rules.keys()):
            yield f"table {table} has no rule in access/policy/tables.py"
        for table in sorted(rules.keys() - tables.keys()):
            yield f"the policy names {table}, which is not in the database"
        cursor.execute(_ELSEWHERE)
        yield from (
            f"{row[0]} stands outside the schema that the policy is about" for row in cursor.fetchall()
        )
        yield from _role_drift(cursor)
        for table in sorted(tables.keys() & rules.keys()):
            yield from _class_drift(cursor, rules[table])
            yield from _grant_drift(cursor, rules[table])
            if rules[table].walled:
                yield from _row_drift(cursor, rules[table], tables[table])
        yield from _wall_drift(cursor, tables)


def _role_drift(cursor: Any) -> Iterator[str]:
    """Roles that would walk through the wall: past row-level security, or into the owner's or warden's shoes."""
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND (rolsuper OR rolbypassrls OR rolcreaterole)",
        [list(ROLES)],
    )
    yield from (f"the role {row[0]} is mightier than the wall" for row in cursor.fetchall())
    for role in ROLES[:-1]:
        for mighty in ("stile_owner", "stile_warden"):
            cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [role, mighty])
            if cursor.fetchone()[0]:
                yield f"{role} may become {mighty}"


def _class_drift(cursor: Any, rule: Rule) -> Iterator[str]:
    """A column that names a person makes a table personal, whatever it was before."""
    if rule.kind is Class.PERSONAL:
        return
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attname ~ '(^|_)(person|carer)_id$'",
        [f'public."{rule.table}"'],
    )
    yield from (
        f"{rule.table}.{row[0]} names a person, and the table is not personal" for row in cursor.fetchall()
    )


def _grant_drift(cursor: Any, rule: Rule) -> Iterator[str]:
    for role, verbs in _verbs(rule):
        cursor.execute(
            "SELECT v FROM unnest(ARRAY['SELECT','INSERT','UPDATE','REFERENCES']) v"
            " WHERE has_any_column_privilege(%s, %s, v)",
            [role, f'public."{rule.table}"'],
        )
        for verb_name in sorted({row[0] for row in cursor.fetchall()} - {verb.value for verb in verbs}):
            yield f"{role} may {verb_name} columns of {rule.table}; the policy says no such thing"
        cursor.execute(
            "SELECT v FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER']) v"
            " WHERE has_table_privilege(%s, %s, v)",
            [role, f'public."{rule.table}"'],
        )
        has = {row[0] for row in cursor.fetchall()}
        wanted = {verb.value for verb in verbs if not _by_column(rule, role, verb)}
        if has != wanted:
            yield f"{role} may {sorted(has)} on {rule.table}; the policy says {sorted(wanted)}"
        if any(_by_column(rule, role, verb) for verb in verbs):
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
                [f'public."{rule.table}"', role],
            )
            if (columns := {row[0] for row in cursor.fetchall()}) != set(rule.changes):
                yield (
                    f"{role} may change {sorted(columns)} of {rule.table}; "
                    f"the policy says {sorted(rule.changes)}"
                )


def _row_drift(cursor: Any, rule: Rule, security: tuple[bool, bool]) -> Iterator[str]:
    if tuple(security) != (True, True):
        yield f"{rule.table} is walled and its row-level security is not forced"
    cursor.execute(
        f"SELECT polname, obj_description(oid, 'pg_policy'), {_SAID} FROM pg_policy WHERE polrelid = %s::regclass",
        [f'public."{rule.table}"'],
    )
    found = cursor.fetchall()
    has = {name: comment for name, comment, _ in found}
    said = {name: says for name, _, says in found}
    wanted = {
        name: f"{_mark(statement)} {said[name]}" if name in said else ""
        for name, statement in _policies(rule)
    }
    for name in sorted(has.keys() ^ wanted.keys()):
        yield f"{rule.table}: row policy {name} is {'not written down' if name in has else 'missing'}"
    for name in sorted(has.keys() & wanted.keys()):
        if has[name] != wanted[name]:
            yield f"{rule.table}: row policy {name} is not what is written down"
    if _pair(rule) and not _has_pair(cursor, rule):
        yield f"{rule.table} does not hold its rows to their person's team"


def _wall_drift(cursor: Any, tables: Mapping[str, Any]) -> Iterator[str]:
    """The functions as they should be: there, the warden's, definer's rights, not for everybody."""
    if "access_may" not in tables:
        return
    cursor.execute("SELECT role, data, verb, reach, why FROM access_may")
    if sorted(tuple(row) for row in cursor.fetchall()) != wall.may_rows():
        yield "access_may does not say what the matrix says"
    cursor.execute(
        "SELECT p.proname, p.prosrc, r.rolname, p.prosecdef, p.provolatile,"
        f" has_function_privilege('stile_public', p.oid, 'EXECUTE') {_OURS}"
    )
    found = {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
    bodies = wall.bodies()
    cursor.execute(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        " AND proname <> ALL (%s) ORDER BY 1",
        [list(bodies)],
    )
    yield from (
        f"function {row[0]} works with its owner's rights and is not the wall's" for row in cursor.fetchall()
    )
    if found.keys() != bodies.keys():
        yield f"the wall's functions are {sorted(found)}; they should be {sorted(bodies)}"
    for name in sorted(found.keys() & bodies.keys()):
        if found[name] != (bodies[name], "stile_warden", True, "s", False):
            yield f"function {name} is not as it should be: the warden's, definer, stable, closed to the public"


def _mark(statement: str) -> str:
    return hashlib.sha256(statement.encode()).hexdigest()[:16]


def _policies(rule: Rule) -> Iterator[tuple[str, str]]:
    """One policy for each role and verb; a verb without a condition has no policy and so no rows."""
    app = dict(rule.app_rows)
    if rule.held:
        for verb in wall.matrix_verbs(rule):
            app.setdefault(verb, wall.condition(rule.held, verb))
        if Verb.ADD in rule.app_rows and not rule.held.nobody:
            app[Verb.ADD] = f"({app[Verb.ADD]}) AND {wall.not_shut(rule.held)}"
    for verb, also in rule.app_also.items():
        app[verb] = f"({app[verb]}) AND ({also})"
    # PostgreSQL asks the reading rule only of a change that reads: one without WHERE would go past it.
    for verb in app.keys() & {Verb.CHANGE, Verb.REMOVE}:
        if app[verb] != app[Verb.READ]:
            app[verb] = f"({app[verb]}) AND ({app[Verb.READ]})"
    warden = {Verb.READ: "true"} if rule.warden else {}
    for role, rows in (
        ("stile_app", app),
        ("stile_public", rule.public_rows),
        ("stile_signin", rule.signin_rows),
        ("stile_job", rule.job_rows),
        ("stile_warden", warden),
    ):
        for verb, condition in rows.items():
            name = f"{role}_{verb.name.lower()}"
            check = "WITH CHECK" if verb is Verb.ADD else "USING"
            still = ""
            if role == "stile_app" and verb is Verb.CHANGE and rule.app_check:
                still = f" WITH CHECK (({condition}) AND ({rule.app_check}))"
            yield (
                name,
                f'CREATE POLICY {name} ON "{rule.table}" FOR {verb.value} TO {role} {check} ({condition}){still}',
            )


def _verbs(rule: Rule) -> Iterator[tuple[str, tuple[Verb, ...]]]:
    # stile_app is a member of the others without inheriting from them, so each is granted apart.
    app = set(rule.app) | (set(wall.matrix_verbs(rule)) if rule.held else set())
    yield "stile_app", tuple(verb for verb in Verb if verb in app)
    yield "stile_public", tuple(rule.public)
    yield "stile_signin", tuple(rule.signin)
    yield "stile_job", tuple(rule.job)
    yield "stile_warden", (Verb.READ,) if rule.warden else ()


def _by_column(rule: Rule, role: str, verb: Verb) -> bool:
    return role == "stile_app" and verb is Verb.CHANGE and bool(rule.changes)


def _pair(rule: Rule) -> str:
    """A row about a person stands in that person's team, and moves with them; the database sees to it."""
    held = rule.held
    if held is None or not held.moves:
        return ""
    return (
        f'ALTER TABLE "{rule.table}" ADD CONSTRAINT {rule.table}_with_person'
        f" FOREIGN KEY ({held.person}, {held.team}) REFERENCES {PEOPLE} (id, team_id)"
        " ON UPDATE CASCADE ON DELETE RESTRICT"  # at once: until a commit would be time enough to look
    )


def _has_pair(cursor: Any, rule: Rule) -> bool:
    cursor.execute(
        "SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass",
        [f"{rule.table}_with_person", f'public."{rule.table}"'],
    )
    return cursor.fetchone() is not None
