"""docs/reference/policy.md: the policy as a safeguarding lead reads it, made from `access/policy/`."""

from collections.abc import Callable, Iterable, Iterator

from stile.access.policy.besides import BESIDES
from stile.access.policy.doors import DOORS
from stile.access.policy.entry import STRONG
from stile.access.policy.matrix import MATRIX
from stile.access.policy.slices import SLICES
from stile.access.policy.tables import RULES
from stile.access.policy.ties import TYINGS
from stile.access.policy.words import Class, Data, Reach, Role, Rule, Verb

Table = Callable[[list[str], Iterator[list[str]]], str]

ROLES = {
    Role.YOUNG_PERSON: "Young person", Role.PARENT: "Parent or carer", Role.REFERRER: "Referrer",
    Role.LINK_WORKER: "Link worker", Role.MANAGER: "Manager", Role.SAFEGUARDING_LEAD: "Safeguarding lead",
    Role.COORDINATOR: "Charity's coordinator", Role.SESSION_LEADER: "Session leader", Role.FUNDER: "Funder",
    Role.PLANNER: "Planner", Role.DPO: "Data protection officer", Role.ADMIN: "Administrator",
}  # fmt: skip
KINDS = {
    Data.IDENTITY: "Who somebody is", Data.CONTACT: "How to reach them, safely", Data.FAMILY: "Carers and family",
    Data.PLAN: "The plan and the hello page", Data.NOTES: "Notes of talks", Data.CONCERNS: "Safeguarding concerns",
    Data.OUTCOMES: "Outcomes", Data.ATTENDANCE: "Attendance", Data.PERMISSIONS: "The three yeses, competence",
    Data.TIES: "Who is tied to whom", Data.BLOCKS: "Whom a record is shut to", Data.RIGHTS: "Asking for one's rights",
    Data.TRAIL: "Who did and saw what", Data.STAFF: "Who works where", Data.GRANTS: "Grants",
}  # fmt: skip
VERBS = {Verb.READ: "read", Verb.ADD: "add", Verb.CHANGE: "change", Verb.REMOVE: "remove"}
REACHES = {
    Reach.OWN: ("their own", "Rows about themself"),
    Reach.LINKED: ("allocated to them", "Somebody who was allocated to them, until that ends"),
    Reach.CONCERN: (
        "a concern is open",
        "Somebody about whom a concern is open with them, until it is settled",
    ),
    Reach.REQUEST: ("a request is open", "Somebody who asked for their rights, until it is answered"),
    Reach.SAMPLE: ("sampled", "Somebody they opened for supervision, for a fortnight at most"),
    Reach.GLASS: (
        "glass broken",
        "Somebody whose glass they broke: an hour, reading only, with a reason, reviewed",
    ),
    Reach.DUTY: ("their team's, on duty", "Everybody with their team, while they are on duty"),
    Reach.TEAM: (
        "their team's",
        "Everybody with their team; with all teams, where their membership names none",
    ),
    Reach.MINE: ("written by them", "Rows they wrote themself, or that bind them"),
    Reach.HOUSE: ("their organisation's", "Rows of their own organisation"),
    Reach.ALL: ("everybody's", "Every row"),
}


def policy(table: Table) -> str:
    """The page. `table` makes a Markdown table of its heads and rows."""
    return "\n".join(part for part in (_opening(), _at_a_glance(table), *_matrix(table), _rest(table)))


def _opening() -> str:
    return (
        "# Who may see and do what\n\n"
        "Whatever is not written here is not allowed. The database itself keeps to it: every table with somebody in "
        "it carries row-level security made from these lines, so that no page, forgotten filter or clever address "
        "goes past them. `stile doctor` says where the database and the lines differ; tests ask the database as "
        "every role, row by row, and compare with an independent reading "
        "([tests/access](../../tests/access/test_matrix.py)).\n\n"
        "Whoever a record is shut to (family, neighbours, somebody an allegation is about) reaches none of its rows "
        "in any of the ways below. What somebody may not see looks exactly as if it were not there.\n"
    )


def _at_a_glance(table: Table) -> str:
    def cell(role: Role, data: Data) -> str:
        letters = {"read": "R", "add": "A", "change": "C", "remove": "D"}
        some = {verb for line in MATRIX if line.role is role and line.data is data for verb in line.verbs}
        return "".join(letters[VERBS[verb]] for verb in Verb if verb in some)

    used = [role for role in Role if any(line.role is role for line in MATRIX)]
    rest = [ROLES[role] for role in Role if role not in used]
    kinds = [data for data in Data if any(line.data is data for line in MATRIX)]
    return (
        "## At a glance\n\nR reads, A adds, C changes: of how many people, and why, stands below. "
        f"{', '.join(rest)}: no rows at all; what is shared with some of them in part stands under "
        "[shared in part](#shared-in-part).\n\n"
        + table(
            ["", *(ROLES[role] for role in used)],
            ([KINDS[data], *(cell(role, data) or "-" for role in used)] for data in kinds),
        )
        + "\n## How far\n\n"
        + table(["As written", "Means"], ([short, long] for short, long in REACHES.values()))
    )


def _matrix(table: Table) -> Iterator[str]:
    yield "## Kind by kind\n"
    for data in Data:
        lines = [line for line in MATRIX if line.data is data]
        tables = ", ".join(f"`{rule.table}`" for rule in RULES if rule.held and rule.held.data is data)
        if not lines:
            continue
        yield f"### {KINDS[data]}\n\nKept in {tables or 'no table yet'}.\n"
        yield table(
            ["Role", "May", "Of whom", "Why"],
            (
                [
                    ROLES[line.role],
                    _list(VERBS[v] for v in line.verbs),
                    _list(REACHES[r][0] for r in line.reach),
                    line.why,
                ]
                for line in lines
            ),
        )


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)


def _rest(table: Table) -> str:
    walled = [rule for rule in RULES if rule.kind is Class.PERSONAL]
    return "\n".join(
        (
            "## Shared in part\n\nThese roles have no row of anybody's record (a charity: only that somebody was introduced "
            "to it, and the notices to stop). They are shown the fields here and no others, while the tie lasts and "
            "the young person's yes stands.\n",
            table(
                ["Shown to", "While tied as", "And this yes stands", "Fields", "Why"],
                (
                    [_list(ROLES[r] for r in one.roles), one.tie, one.permission.replace("_", " ") or "none needed",
                     _list(name.replace("_", " ") for name in one.fields), one.why]
                    for one in SLICES
                ),
            ),
            "## Ties\n\nHow somebody comes to reach a person, and stops. A tie can be cut short, never stretched, and "
            "is kept after it has ended, so that who could see what, when, can always be told.\n",
            table(
                ["Tie", "Made by", "Ended by", "Why"],
                ([one.kind, one.made_by, one.ended_by, one.why] for one in TYINGS),
            ),
            "## Doors\n\nWhat somebody may set out to do. Going through a door opens no row by itself.\n",
            table(
                ["Door", "Open to", "Why"],
                ([f"`{do.value}`", _door(door.roles), door.why] for do, door in DOORS.items()),
            ),
            "## Signing in with two things proved\n",
            table(["Role", "Why"], ([ROLES[role], why] for role, why in STRONG.items())),
            "## Kept back all the same\n\nWhat tables ask besides the lines above.\n",
            table(["Table", "Besides"], ([f"`{name}`", words] for name, words in BESIDES.items())),
            "## Tables about people\n\nColumns: what somebody signed in may do (to the rows above); what only some "
            "columns allow; what the pages that let people in may do; what runs by the clock or at the operator's "
            "keyboard may do. The finder, which needs no account, reads none of these.\n",
            table(
                ["Table", "Holds", "Signed in", "Changing only", "Letting in", "By the clock", "Without an account"],
                (
                    [f"`{r.table}`", r.why, _verbs(_app(r)), _list(f"`{one}`" for one in r.changes) or "-",
                     _verbs(r.signin), _verbs(r.job), _verbs(r.public)]
                    for r in walled
                ),
            ),
            "## All other tables\n",
            table(
                ["Table", "Class", "The app may", "Without an account", "Why"],
                (
                    [f"`{r.table}`", r.kind.value, _verbs(_app(r)), _verbs(r.public), r.why]
                    for r in RULES if r.kind is not Class.PERSONAL
                ),
            ),
        )
    )  # fmt: skip


def _door(roles: tuple[Role, ...]) -> str:
    return "everybody signed in" if set(roles) == set(Role) else _list(ROLES[role] for role in roles)


def _app(rule: Rule) -> list[Verb]:
    some = set(rule.app)
    if rule.held:
        some |= {verb for line in MATRIX if line.data is rule.held.data for verb in line.verbs}
    return [verb for verb in Verb if verb in some]


def _verbs(some: Iterable[Verb]) -> str:
    return _list(VERBS[verb] for verb in some) or "-"
