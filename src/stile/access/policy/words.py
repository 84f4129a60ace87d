"""The words the policy is written in: classes, verbs, roles, kinds of data, and how far a role reaches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Class(StrEnum):
    OPEN = "open"  # anybody may read it; it is what a directory is for
    OPERATIONAL = "operational"  # how the service runs; no young person in it
    PERSONAL = "personal"  # about somebody: row-level security, always


class Verb(StrEnum):
    READ = "SELECT"
    ADD = "INSERT"
    CHANGE = "UPDATE"
    REMOVE = "DELETE"


class Role(StrEnum):
    """As what somebody acts. A person with two of these signs in as one of them at a time."""

    YOUNG_PERSON = "young_person"
    PARENT = "parent"
    REFERRER = "referrer"
    LINK_WORKER = "link_worker"
    MANAGER = "manager"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    COORDINATOR = "coordinator"
    SESSION_LEADER = "session_leader"
    FUNDER = "funder"
    PLANNER = "planner"
    DPO = "dpo"
    ADMIN = "admin"


# Whoever may open whole teams' records, or guards those who do: let in and seen out by an administrator alone,
# so that nobody climbs by inviting themself.
BY_ADMIN = (Role.ADMIN, Role.DPO, Role.SAFEGUARDING_LEAD, Role.MANAGER, Role.PLANNER)


class Data(StrEnum):
    """Kinds of data: the rows of the permission matrix (docs/reference/policy.md)."""

    IDENTITY = "identity"
    CONTACT = "contact"
    FAMILY = "family"
    PLAN = "plan"
    NOTES = "notes"
    CONCERNS = "concerns"
    OUTCOMES = "outcomes"
    ATTENDANCE = "attendance"
    PERMISSIONS = "permissions"
    TIES = "ties"
    BLOCKS = "blocks"
    RIGHTS = "rights"
    TRAIL = "trail"
    STAFF = "staff"
    GRANTS = "grants"


class Reach(StrEnum):
    """Which people's rows. The first group stands in `access_tie`, one row for each tie and its end."""

    OWN = "own"  # about myself
    LINKED = "linked"  # somebody allocated to me
    CONCERN = "concern"  # a concern about them is open with me
    REQUEST = "request"  # they asked for their rights, and I answer
    SAMPLE = "sample"  # opened to me for supervision, for a few days
    GLASS = "glass"  # I broke the glass within the hour

    DUTY = "duty"  # my team's people, while I am on duty
    TEAM = "team"  # my team's people; all teams' where my membership names none
    MINE = "mine"  # rows I wrote myself
    HOUSE = "house"  # rows of my organisation
    ALL = "all"


TIED = (Reach.OWN, Reach.LINKED, Reach.CONCERN, Reach.REQUEST, Reach.SAMPLE, Reach.GLASS)


@dataclass(frozen=True, slots=True)
class May:
    """One line of the matrix: this role may do these things to this kind of data, that far, because."""

    role: Role
    data: Data
    verbs: tuple[Verb, ...]
    reach: tuple[Reach, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """How a row of a personal table reaches a person, a team, a writer, an organisation: column names.

    Where `moves` is left on, the database holds person and team to the person's own: a row can stand in
    no other team than the one its person is in, and moves along with them.
    """

    data: Data
    person: str = "person_id"
    team: str = "team_id"
    author: str = ""
    house: str = ""
    moves: bool = True
    nobody: bool = False  # there are rows about nobody


@dataclass(frozen=True, slots=True)
class Rule:
    """One table: its class and what each database role may do with it.

    A table with `held` takes what `stile_app` may do, and to which rows, from the matrix. `rows` are
    SQL conditions for what the matrix cannot say, by database role and verb.
    """

    table: str
    kind: Class
    app: tuple[Verb, ...]
    public: tuple[Verb, ...]
    why: str
    app_rows: Mapping[Verb, str] = field(default_factory=dict)
    public_rows: Mapping[Verb, str] = field(default_factory=dict)
    signin: tuple[Verb, ...] = ()  # stile_signin: the pages that let people in, and nothing else
    signin_rows: Mapping[Verb, str] = field(default_factory=dict)
    job: tuple[Verb, ...] = ()  # stile_job: what runs by the clock, or at the operator's keyboard
    job_rows: Mapping[Verb, str] = field(default_factory=dict)
    held: Held | None = None
    app_also: Mapping[Verb, str] = field(default_factory=dict)  # a condition besides the matrix's
    app_check: str = ""  # what a row must still be after a change, besides being within reach
    warden: bool = False  # stile_warden may read it: the wall's own functions need to
    changes: tuple[str, ...] = ()  # the only columns the app may change; empty: all

    @property
    def walled(self) -> bool:
        """Whether the table carries row-level security."""
        return self.kind is Class.PERSONAL or bool(self.app_rows or self.public_rows or self.held)


@dataclass(frozen=True, slots=True)
class Slice:
    """What somebody sees of a person who is not theirs: these fields, while this tie lasts.

    Compiled into a database function `slice_<name>(person uuid)` that returns just the fields. The
    reader's role has no row of the tables behind it, so a field that is not listed does not exist.
    """

    name: str
    roles: tuple[Role, ...]
    tie: str
    permission: str  # the sharing the young person must have said yes to; empty: the tie alone
    fields: Mapping[str, tuple[str, str]]  # name -> (SQL type, SQL expression over person p and hello h)
    why: str


@dataclass(frozen=True, slots=True)
class Door:
    """Who may go through a door: one thing that pages, the API and jobs do."""

    roles: tuple[Role, ...]
    why: str
