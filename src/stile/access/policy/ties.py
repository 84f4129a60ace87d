"""Ties: why somebody reaches a person's record. Of each kind who may make one, who may end it, and why.

The conditions are SQL over a row of `access_tie`; the words beside them are what the policy page prints.
Whoever a record is shut to makes and ends no tie to it, and nobody ends a tie that they may not see
(`access/rls.py` adds both). A trigger refuses to stretch a tie, or to end it twice.
"""

from dataclasses import dataclass

_ROLE = "(SELECT wall_role())"
_ME = "(SELECT wall_membership())"


def _within(data: str, verb: str) -> str:
    """The person is within reach for this, by a tie or by their team."""
    return (
        f"(person_id = ANY ((SELECT wall_people('{data}', '{verb}'))::uuid[])"
        f" OR team_id = ANY ((SELECT wall_teams('{data}', '{verb}'))::uuid[]))"
    )


def _to(role: str) -> str:
    """To one colleague who serves the person's team, or to all of a role in that team's organisation."""
    return (
        "(wall_serves(membership_id, team_id) OR (membership_id IS NULL AND organisation_id ="
        f" (SELECT t.organisation_id FROM people_team t WHERE t.id = access_tie.team_id) AND role = '{role}'))"
    )


_STAFF = f"{_ROLE} IN ('link_worker', 'manager')"
_LOOKS_AFTER = f"({_STAFF} AND {_within('identity', 'change')})"
_CHANGED_MIND = "person_id = ANY ((SELECT wall_people('ties', 'change'))::uuid[])"
_THE_CHARITY = "organisation_id = (SELECT wall_house('ties', 'change'))"


@dataclass(frozen=True, slots=True)
class Tying:
    """One kind of tie."""

    kind: str
    make: str  # SQL; "false": not by the app
    end: str  # SQL
    made_by: str
    ended_by: str
    why: str


TYINGS: tuple[Tying, ...] = (
    Tying(
        "own", "false", _STAFF,
        "Whoever takes the young person's own invitation, while signing in", "A link worker, a manager",
        "Their own account shows their own record.",
    ),
    Tying(
        "linked",
        f"team_id = ANY ((SELECT wall_teams('identity', 'add'))::uuid[]) AND wall_serves(membership_id, team_id)"
        f" AND ({_ROLE} = 'manager' OR membership_id = {_ME})",
        _STAFF,
        "A manager, to any colleague of the person's team; a link worker of that team, to themself",
        "A link worker, a manager",
        "Somebody is theirs to help.",
    ),
    Tying(
        "concern",
        f"({_LOOKS_AFTER} OR team_id = ANY ((SELECT wall_teams('concerns', 'add'))::uuid[])) AND {_to('safeguarding_lead')}",
        f"{_ROLE} = 'safeguarding_lead'",
        "Whoever looks after them, or a lead, to a lead of the team's own organisation", "A safeguarding lead",
        "A worry is the lead's until it is settled: nobody else closes it (H12).",
    ),
    Tying(
        "request",
        f"{_within('rights', 'add')} AND {_to('dpo')}",
        f"{_ROLE} IN ('manager', 'dpo')",
        "Whoever may write the request down, the young person too, to the organisation's data protection officer",
        "A manager, the data protection officer",
        "Whoever answers must see what is held, and only until it is answered.",
    ),
    Tying(
        "sample",
        f"{_ROLE} = 'manager' AND membership_id = {_ME} AND team_id = ANY ((SELECT wall_teams('identity', 'change'))::uuid[])"
        " AND ends <= starts + interval '14 days'",
        f"{_ROLE} = 'manager'",
        "A manager, to themself, for a fortnight at most", "A manager",
        "Supervision reads a few notes, not all.",
    ),
    Tying(
        "glass",
        f"{_ROLE} IN ('link_worker', 'manager', 'safeguarding_lead') AND membership_id = {_ME}"
        " AND ends <= starts + interval '60 minutes' AND ends <= now() + interval '61 minutes'"
        " AND wall_broke(person_id, ends)",
        f"{_ROLE} IN ('manager', 'safeguarding_lead')",
        "A link worker, a manager, a lead, to themself, for an hour, with the reason written down first",
        "A manager or a lead who sees it; else it runs out",
        "A stranger stands before them in need.",
    ),
    Tying(
        "offered", _LOOKS_AFTER, f"{_STAFF} OR {_CHANGED_MIND} OR {_THE_CHARITY}",
        "Whoever looks after them", "The same, the young person, the charity",
        "A charity is asked whether it has room.",
    ),
    Tying(
        "accepted",
        # A charity that was asked says yes for itself, while the young person's yes stands.
        f"{_LOOKS_AFTER} OR ({_THE_CHARITY} AND membership_id IS NULL AND role IN ('coordinator', 'session_leader')"
        " AND wall_tied(person_id, 'offered') AND wall_allowed(person_id, 'hello_page'))",
        f"{_STAFF} OR {_CHANGED_MIND} OR {_THE_CHARITY}",
        "Whoever looks after them; the charity that was asked, while the young person's yes stands",
        "The same, the young person",
        "They are expected there.",
    ),
    Tying(
        "carer", _LOOKS_AFTER, f"{_STAFF} OR {_CHANGED_MIND}",
        "Whoever looks after them", "The same, the young person",
        "A parent or carer sees what was shared with them.",
    ),
    Tying(
        "shut", _within("blocks", "add"), _within("blocks", "change"),
        "A manager of the person's team, a lead", "The same",
        "Family, neighbours and whoever something was said about are kept out, whatever else they may.",
    ),
)  # fmt: skip


def _any(arms: list[tuple[str, str]]) -> str:
    return "(" + " OR ".join(f"(kind = '{kind}' AND ({sql}))" for kind, sql in arms) + ")"


MAKES = _any([(one.kind, one.make) for one in TYINGS]) + f" AND made_by = {_ME}"
ENDS = _any([(one.kind, one.end) for one in TYINGS])
