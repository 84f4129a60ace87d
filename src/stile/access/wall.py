"""The wall's own functions: who is asking, and whose rows they reach. Made anew with the grants.

Each is STABLE and SECURITY DEFINER, owned by `stile_warden`, a role nobody can sign in as: it may read
the few tables that say who is tied to whom, and write nothing. Policies call them inside a scalar
sub-select, so that PostgreSQL asks once for a statement and not once for a row. (stack.md Q4 measured
the shapes: forgotten STABLE 400 times slower, `exists` and set-returning forms 17 to 330 times.)

Who is asking comes from two settings that last for one transaction, `app.account` and
`app.membership`; everything else is read from the tables, so that a slip in the program can name the
wrong person but cannot give anybody a role or a team they do not have. No settings: nobody, no rows.
"""

from collections.abc import Iterator

from .policy.matrix import MATRIX
from .policy.slices import SLICES
from .policy.words import Held, Rule, Slice, Verb

_ME = """
    SELECT m.id, m.account_id, m.role, m.organisation_id, m.team_id, m.on_duty, m.carer_id
    FROM people_membership m JOIN people_account a ON a.id = m.account_id
    WHERE m.id = nullif(current_setting('app.membership', true), '')::uuid
      AND m.account_id = nullif(current_setting('app.account', true), '')::uuid
      AND a.is_active AND m.since <= now() AND (m.until IS NULL OR m.until > now())"""

_LIVE = "t.starts <= now() AND (t.ends IS NULL OR t.ends > now())"

LOOKUP = "lookup:stranger"  # what the audit calls a search for somebody out of reach
LOOKUPS_AN_HOUR = 20

_FUNCTIONS = {
    "wall_me()": (
        "TABLE (id uuid, account_id uuid, role text, organisation_id uuid, team_id uuid, on_duty boolean,"
        " carer_id uuid)",
        _ME,
        "Who is asking: one row, or none.",
    ),
    "wall_role()": ("text", f"SELECT me.role FROM ({_ME}) me", "As what they are asking; null for nobody."),
    "wall_membership()": ("uuid", f"SELECT me.id FROM ({_ME}) me", "The membership they are asking by."),
    "wall_people(what text, how text)": (
        "uuid[]",
        f"""
        DECLARE me record; far text[];
        BEGIN
            SELECT * INTO me FROM ({_ME}) m;
            far := ARRAY(SELECT w.reach FROM access_may w WHERE w.role = me.role AND w.data = what AND w.verb = how);
            RETURN ARRAY(
                SELECT t.person_id FROM access_tie t
                WHERE t.membership_id = me.id AND t.kind = ANY (far) AND {_LIVE}
                UNION ALL
                SELECT t.person_id FROM access_tie t
                WHERE t.organisation_id = me.organisation_id AND t.role = me.role AND t.membership_id IS NULL
                  AND t.kind = ANY (far) AND {_LIVE});
        END""",
        "The people they reach by a tie, for this kind of data and this verb.",
    ),
    "wall_teams(what text, how text)": (
        "uuid[]",
        f"""
        DECLARE me record; far text[];
        BEGIN
            SELECT * INTO me FROM ({_ME}) m;
            far := ARRAY(SELECT w.reach FROM access_may w WHERE w.role = me.role AND w.data = what AND w.verb = how);
            IF 'team' = ANY (far) OR (me.on_duty AND 'duty' = ANY (far)) THEN
                RETURN ARRAY(
                    SELECT t.id FROM people_team t
                    WHERE t.organisation_id = me.organisation_id AND (me.team_id IS NULL OR t.id = me.team_id));
            END IF;
            RETURN '{{}}';
        END""",
        "The teams whose people they reach, as their team or while on duty.",
    ),
    "wall_author(what text, how text)": (
        "uuid",
        f"""
        SELECT me.id FROM ({_ME}) me JOIN access_may w ON w.role = me.role
        WHERE w.data = what AND w.verb = how AND w.reach = 'mine'""",
        "Themselves, where they may see what they wrote.",
    ),
    "wall_house(what text, how text)": (
        "uuid",
        f"""
        SELECT me.organisation_id FROM ({_ME}) me JOIN access_may w ON w.role = me.role
        WHERE w.data = what AND w.verb = how AND w.reach = 'house'""",
        "Their organisation, where they may see what is its own.",
    ),
    "wall_shut()": (
        "uuid[]",
        f"""
        BEGIN
            RETURN ARRAY(
                SELECT t.person_id FROM access_tie t
                WHERE t.account_id = nullif(current_setting('app.account', true), '')::uuid
                  AND t.kind = 'shut' AND {_LIVE});
        END""",
        "Whose records are shut to them: family, neighbours, whoever raised an allegation about them.",
    ),
    "wall_tied(person uuid, how text)": (
        "boolean",
        f"""
        SELECT EXISTS (
            SELECT FROM access_tie t JOIN ({_ME}) me ON t.membership_id = me.id
                OR (t.membership_id IS NULL AND t.organisation_id = me.organisation_id AND t.role IN ('', me.role))
            WHERE t.person_id = person AND t.kind = how AND {_LIVE}
        ) AND NOT EXISTS (
            SELECT FROM access_tie t JOIN ({_ME}) me ON t.account_id = me.account_id
            WHERE t.person_id = person AND t.kind = 'shut' AND {_LIVE}
        )""",
        "Whether a tie of this kind binds them, or their organisation, to this person now.",
    ),
    "wall_allowed(person uuid, slice text)": (
        "boolean",
        f"""
        SELECT EXISTS (
            SELECT FROM people_sharingpermission s JOIN ({_ME}) me
                ON (s.to_organisation_id = me.organisation_id AND me.role = ANY (s.to_roles))
                OR s.to_carer_id = me.carer_id
            WHERE s.person_id = person AND slice = ANY (s.slices) AND s.withdrawn_at IS NULL
              AND s.starts <= now() AND s.ends > now()
        )""",
        "Whether the young person's yes to sharing this with them stands now. No row, no sharing.",
    ),
    "wall_team_of(person uuid)": (
        "uuid",
        "SELECT p.team_id FROM people_youngperson p WHERE p.id = person",
        "The team somebody is with: a name for a door, which opens nothing by itself.",
    ),
    "wall_serves(membership uuid, team uuid)": (
        "boolean",
        """
        SELECT EXISTS (
            SELECT FROM people_membership m JOIN people_team t ON t.organisation_id = m.organisation_id
            WHERE m.id = membership AND t.id = team AND (m.team_id IS NULL OR m.team_id = t.id)
              AND m.since <= now() AND (m.until IS NULL OR m.until > now())
        )""",
        "Whether that colleague works for that team now.",
    ),
    "wall_unsafe(person uuid, membership uuid, at timestamptz)": (
        "boolean",
        """
        SELECT EXISTS (
            SELECT FROM access_glass g WHERE g.person_id = person AND g.author_id = membership AND g.not_shown
              AND at BETWEEN g.broken_at AND g.ends_at
        )""",
        "Whether a look through broken glass was judged unsafe to show to the young person.",
    ),
    "wall_lookup(called text, day date, nhs text)": (
        "TABLE (person uuid, team uuid)",
        f"""
        WITH me AS ({_ME}),
        asked AS (
            SELECT count(*) FILTER (WHERE e.at > now() - interval '1 minute') AS just_now, count(*) AS lately
            FROM audit_event e JOIN me ON e.membership_id = me.id
            WHERE e.what = '{LOOKUP}' AND e.at > now() - interval '1 hour'
        )
        SELECT p.id, p.team_id FROM people_youngperson p, me, asked
        WHERE me.role IN ('link_worker', 'manager', 'safeguarding_lead')
          AND asked.just_now > 0 AND asked.lately <= {LOOKUPS_AN_HOUR}
          AND p.born = day AND (lower(p.name) = lower(called) OR (nhs <> '' AND p.nhs_number = nhs))
          AND NOT EXISTS (
            SELECT FROM access_tie t WHERE t.person_id = p.id AND t.kind = 'shut' AND t.account_id = me.account_id
              AND {_LIVE})""",
        "Somebody out of reach, by two exact identifiers: who and with which team, nothing else. Gives nothing"
        " unless the looking has just been written to the audit, nor after too many tries in an hour.",
    ),
    "wall_broke(person uuid, until timestamptz)": (
        "boolean",
        f"""
        SELECT EXISTS (
            SELECT FROM access_glass g JOIN ({_ME}) me ON g.author_id = me.id
            WHERE g.person_id = person AND g.ends_at = until AND g.reviewed_at IS NULL AND length(g.reason) > 0
        )""",
        "Whether they have just written down why they break this person's glass, until then.",
    ),
    "wall_holds(membership uuid)": (
        "boolean",
        f"SELECT EXISTS (SELECT FROM access_tie t WHERE t.membership_id = membership AND t.kind = 'linked' AND {_LIVE})",
        "Whether somebody is still allocated to that colleague.",
    ),
    "wall_mail_is_safe(account uuid, address text)": (
        "boolean",
        f"""
        SELECT NOT EXISTS (
            SELECT FROM people_membership m WHERE m.account_id = account AND m.role = 'young_person'
        ) OR EXISTS (
            SELECT FROM people_membership m JOIN access_tie t ON t.membership_id = m.id AND t.kind = 'own' AND {_LIVE}
                JOIN people_youngperson p ON p.id = t.person_id AND p.messages_off_at IS NULL
                JOIN people_contactroute c ON c.person_id = t.person_id
            WHERE m.account_id = account AND c.kind = 'email' AND lower(c.value) = lower(address)
              AND c.ok = 'yes' AND c.off_at IS NULL
        )""",
        "Whether sign-in mail may go there: to a young person only by a way they said is safe (H02).",
    ),
}


def statements() -> Iterator[str]:
    """SQL that makes the functions, for the warden to run."""
    for head, returns, body, why in _all():
        yield from _function(head, returns, body, why)


def bodies() -> dict[str, str]:
    """What each function says, by its name."""
    return {head.split("(")[0]: body for head, _, body, _ in _all()}


def _all() -> Iterator[tuple[str, str, str, str]]:
    for head, (returns, body, why) in _FUNCTIONS.items():
        yield head, returns, body, why
    for one in SLICES:
        yield _slice_head(one), _slice_type(one), _slice_body(one), one.why


def _function(head: str, returns: str, body: str, why: str) -> Iterator[str]:
    # Those that every policy asks are written in steps: their plans are kept, where SQL's are made anew.
    language = "plpgsql" if body.rstrip().endswith("END") else "sql"
    yield (
        f"CREATE FUNCTION {head} RETURNS {returns} LANGUAGE {language} STABLE SECURITY DEFINER PARALLEL SAFE"
        f" SET search_path = pg_catalog, public, pg_temp AS $wall${body}$wall$"
    )
    quoted = why.replace("'", "''")
    yield f"COMMENT ON FUNCTION {head} IS '{quoted}'"
    yield f"REVOKE ALL ON FUNCTION {head} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {head} TO stile_app, stile_signin, stile_job"


def may_rows() -> list[tuple[str, str, str, str, str]]:
    """The matrix as rows of `access_may`: role, kind of data, verb, reach, why."""
    return sorted(
        {
            (line.role.value, line.data.value, verb.name.lower(), reach.value, line.why)
            for line in MATRIX
            for verb in line.verbs
            for reach in line.reach
        }
    )


def condition(held: Held, verb: Verb) -> str:
    """Which rows of a held table somebody reaches, as SQL."""
    what, how = held.data.value, verb.name.lower()
    arms = []
    if held.person:
        arms.append(f"{held.person} = ANY ((SELECT wall_people('{what}', '{how}'))::uuid[])")
    if held.team:
        arms.append(f"{held.team} = ANY ((SELECT wall_teams('{what}', '{how}'))::uuid[])")
    if held.author:
        arms.append(f"{held.author} = (SELECT wall_author('{what}', '{how}'))")
    if held.house:
        arms.append(f"{held.house} = (SELECT wall_house('{what}', '{how}'))")
    return f"({' OR '.join(arms)}) AND {not_shut(held)}"


def not_shut(held: Held) -> str:
    """The row is not of somebody whose record is shut to whoever asks, as SQL."""
    if not held.person:
        return "true"
    open_ = f"{held.person} <> ALL ((SELECT wall_shut())::uuid[])"
    return f"({held.person} IS NULL OR {open_})" if held.nobody else open_


def matrix_verbs(rule: Rule) -> tuple[Verb, ...]:
    """What any role may do with this kind of data: the widest the app needs to be granted."""
    assert rule.held is not None
    found = {verb for line in MATRIX if line.data is rule.held.data for verb in line.verbs}
    return tuple(verb for verb in Verb if verb in found)


def _slice_head(one: Slice) -> str:
    return f"slice_{one.name}(person uuid)"


def _slice_type(one: Slice) -> str:
    return "TABLE (" + ", ".join(f'"{name}" {kind}' for name, (kind, _) in one.fields.items()) + ")"


def _slice_body(one: Slice) -> str:
    roles = ", ".join(f"'{role.value}'" for role in one.roles)
    allowed = f" AND public.wall_allowed(p.id, '{one.permission}')" if one.permission else ""
    return (
        f"SELECT {', '.join(expression for _, expression in one.fields.values())}"
        " FROM people_youngperson p LEFT JOIN people_hellopage h ON h.person_id = p.id AND h.approved_at IS NOT NULL"
        # A record that is set aside is kept and not used: nobody reads a slice of it.
        f" WHERE p.id = person AND p.restricted_at IS NULL AND public.wall_role() IN ({roles})"
        f" AND public.wall_tied(p.id, '{one.tie}'){allowed}"
    )
