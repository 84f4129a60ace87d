"""The policy read by a person with a pencil: plain Python over plain rows, and nothing of the wall's.

It takes the lines of `policy/matrix.py` as they are written, and the tables' own rules in words of its
own (`TABLES`, and the functions below), and says for each row whether somebody may read, add, change or
remove it. tests/access/test_matrix.py asks the database the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from stile.access.policy.matrix import MATRIX
from stile.access.policy.words import Data, Reach, Verb

Row = Mapping[str, Any]
STAFF_WHO_CARE = ("link_worker", "manager", "safeguarding_lead")
FAMILY = ("young_person", "parent")


@dataclass(frozen=True)
class Kept:
    """What a table holds, and by which of its columns a row is somebody's."""

    data: Data
    person: str = "person_id"
    team: str = "team_id"
    author: str = ""
    house: str = ""


_PERMISSIONS = Kept(Data.PERMISSIONS)
TABLES: dict[str, Kept] = {
    "people_youngperson": Kept(Data.IDENTITY, person="id"),
    "people_sameperson": Kept(Data.IDENTITY),
    "people_contactroute": Kept(Data.CONTACT),
    "people_carer": Kept(Data.FAMILY),
    "people_hellopage": Kept(Data.PLAN),
    "people_sharingpermission": _PERMISSIONS,
    "people_lawfulbasisentry": _PERMISSIONS,
    "people_participationpermission": _PERMISSIONS,
    "people_competencenote": _PERMISSIONS,
    "people_withdrawal": Kept(Data.PERMISSIONS, house="organisation_id"),
    "people_review": _PERMISSIONS,
    "people_rightsrequest": Kept(Data.RIGHTS, house="organisation_id"),
    "access_tie": Kept(Data.TIES, author="membership_id", house="organisation_id"),  # a charity, ties to it
    "people_pack": Kept(Data.RIGHTS),
    "people_packchoice": Kept(Data.RIGHTS),
    "people_erasure": Kept(Data.RIGHTS),
    "access_glass": Kept(Data.TRAIL, author="author_id", house="organisation_id"),
    "audit_event": Kept(Data.TRAIL, house="organisation_id"),
    "people_invitation": Kept(Data.STAFF, person="", team="", house="organisation_id"),
}

# Where only some columns may ever be changed by the app.
CHANGEABLE: dict[str, set[str]] = {
    "access_tie": {"ends", "ended_by"},
    "access_glass": {"reviewed_at", "reviewed_by", "review", "not_shown"},
    "people_membership": {"on_duty", "until"},
    "people_invitation": {"withdrawn_at"},
    "people_sharingpermission": {"withdrawn_at", "withdrawn_how", "told_at"},
    "people_lawfulbasisentry": {"ended_at"},
    "people_competencenote": {"review_on"},
    "people_withdrawal": {"confirmed_at", "confirmed_by", "shown_as"},
    "people_participationpermission": {
        "answer",
        "how",
        "carer_id",
        "emergency_name",
        "emergency_phone",
        "medical_need",
        "answered_at",
        "withdrawn_at",
    },
    "people_review": {"done_at", "done_by", "note"},
    "people_sameperson": {"undone_at", "undone_by"},
    "people_pack": {"content", "prepared_by", "prepared_at", "released_by", "released_at"},
    "people_packchoice": {"words", "why", "author_id", "chosen_at"},
}


@dataclass
class Facts:
    """What is so: every row of every table that matters, by table."""

    now: datetime
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def by_id(self, table: str, key: Any) -> Row | None:
        return next((row for row in self.rows[table] if row["id"] == key), None)


def facts(server: psycopg.Connection[Any], tables: list[str]) -> Facts:
    with server.cursor(row_factory=dict_row) as cursor:
        found = Facts(cursor.execute("SELECT now()").fetchone()["now"])  # type: ignore[index]
        for table in {*tables, "people_team", "people_organisation"}:
            found.rows[table] = cursor.execute(f'SELECT * FROM "{table}"').fetchall()
    return found


@dataclass(frozen=True)
class Me:
    """Somebody signed in as one thing."""

    membership: UUID
    account: UUID
    role: str
    house: UUID | None
    team: UUID | None
    on_duty: bool
    carer: UUID | None


def me(known: Facts, account: UUID | None, membership: UUID | None) -> Me | None:
    """Whom a pair of account and membership makes; nobody when gone, not yet come, closed, or not theirs."""
    row = known.by_id("people_membership", membership)
    holder = known.by_id("people_account", account)
    if row is None or holder is None or row["account_id"] != account or not holder["is_active"]:
        return None
    if row["since"] > known.now or (row["until"] is not None and row["until"] <= known.now):
        return None
    return Me(
        row["id"], account, row["role"], row["organisation_id"], row["team_id"], row["on_duty"], row["carer_id"]
    )  # fmt: skip


# ---------------------------------------------------------------- how far somebody reaches


def holds(known: Facts, tie: Row) -> bool:
    return bool(tie["starts"] <= known.now and (tie["ends"] is None or tie["ends"] > known.now))


def ties_of(known: Facts, who: Me, person: UUID, *, of_the_house: Callable[[Row], bool]) -> set[str]:
    """The kinds of tie that bind somebody to a person now, their own and their house's."""
    kinds = set()
    for tie in known.rows["access_tie"]:
        if tie["person_id"] != person or not holds(known, tie):
            continue
        if tie["membership_id"] is not None:
            mine = tie["membership_id"] == who.membership
        else:
            mine = who.house is not None and tie["organisation_id"] == who.house and of_the_house(tie)
        if mine:
            kinds.add(tie["kind"])
    return kinds


def is_shut_out(known: Facts, who: Me, person: UUID | None) -> bool:
    return person is not None and any(
        tie["kind"] == "shut" and tie["person_id"] == person and tie["account_id"] == who.account
        and holds(known, tie)
        for tie in known.rows["access_tie"]
    )  # fmt: skip


def my_teams(known: Facts, who: Me) -> set[UUID]:
    return {
        team["id"]
        for team in known.rows["people_team"]
        if who.house is not None and team["organisation_id"] == who.house and who.team in (None, team["id"])
    }


def reaches(known: Facts, who: Me | None, data: Data, verb: Verb, whose: "Whose") -> bool:
    """Whether a line of the matrix lets somebody do this to a row that is this person's, team's, author's."""
    if who is None or is_shut_out(known, who, whose.person):
        return False
    ties: set[str] = set()
    if whose.person is not None:
        ties = ties_of(known, who, whose.person, of_the_house=lambda tie: tie["role"] == who.role)
    in_my_team = whose.team is not None and whose.team in my_teams(known, who)
    for line in MATRIX:
        if line.role != who.role or line.data is not data or verb not in line.verbs:
            continue
        for reach in line.reach:
            if reach in (Reach.OWN, Reach.LINKED, Reach.CONCERN, Reach.REQUEST, Reach.SAMPLE, Reach.GLASS):
                if reach.value in ties:
                    return True
            elif reach is Reach.TEAM:
                if in_my_team:
                    return True
            elif reach is Reach.DUTY:
                if in_my_team and who.on_duty:
                    return True
            elif reach is Reach.MINE:
                if whose.author is not None and whose.author == who.membership:
                    return True
            elif reach is Reach.HOUSE:
                if whose.house is not None and whose.house == who.house:
                    return True
            elif reach is Reach.ALL:
                return True
    return False


@dataclass(frozen=True)
class Whose:
    person: UUID | None = None
    team: UUID | None = None
    author: UUID | None = None
    house: UUID | None = None


def whose(kept: Kept, row: Row) -> Whose:
    def at(column: str) -> Any:
        return row[column] if column else None

    return Whose(at(kept.person), at(kept.team), at(kept.author), at(kept.house))


# ---------------------------------------------------------------- one row of one table


def may_read(known: Facts, table: str, who: Me | None, row: Row, account: UUID | None = None) -> bool:
    """`account` is the one the request says it is from, which a closed account's may say too."""
    if table in TABLES:
        within = reaches(known, who, TABLES[table].data, Verb.READ, whose(TABLES[table], row))
        return within and who is not None and not _kept_back(known, table, who, row)
    if table == "people_account":  # their own sign-in
        return row["id"] == account
    if table == "access_session":  # their own devices; none is named by its key here
        return row["account_id"] is not None and row["account_id"] == account
    if table == "people_membership":
        return _reads_membership(known, who, row)
    if table == "directory_hello":  # what has run out, to throw it away
        return bool(row["expires_on"] <= date.today())
    if table in ("people_organisation", "people_team"):
        return who is not None
    if table in SIGN_IN_ONLY or table == "access_saved":
        return False
    raise KeyError(f"{table} has no reading: say in words who may see its rows")


def _kept_back(known: Facts, table: str, who: Me, row: Row) -> bool:
    """Rows within reach that are kept from some roles all the same."""
    answers = who.role in ("dpo", "manager")
    if table == "access_tie":  # that there is a concern, and whom a record is shut to (H11)
        return (row["kind"] == "concern" and who.role != "safeguarding_lead") or (
            row["kind"] == "shut" and who.role not in ("safeguarding_lead", "manager")
        )
    if table == "audit_event" and who.role == "young_person":
        told_of = (
            row["verb"].endswith("shut") or "concern" in row["verb"] or row["role"] == "safeguarding_lead"
        )
        return told_of or _unsafe_to_show(known, row)
    if table == "access_glass":
        return who.role == "young_person"
    if table == "people_rightsrequest":  # a complaint may be about the worker
        return who.role == "link_worker" and row["kind"] == "complain"
    if table == "people_pack":
        return row["released_at"] is None and not answers
    return table in ("people_packchoice", "people_erasure") and not answers


def _unsafe_to_show(known: Facts, look: Row) -> bool:
    return any(
        glass["not_shown"] and glass["person_id"] == look["person_id"] and glass["author_id"] == look["membership_id"]
        and glass["broken_at"] <= look["at"] <= glass["ends_at"]
        for glass in known.rows["access_glass"]
    )  # fmt: skip


# Who may open whole teams' records, or guards those who do.
LET_IN_BY_ADMINS = ("admin", "manager", "safeguarding_lead", "dpo", "planner")
SIGN_IN_ONLY = {"access_code", "access_factor", "access_identity", "access_knowndevice", "access_try"}


def _reads_membership(known: Facts, who: Me | None, row: Row) -> bool:
    """Colleagues are known to everybody inside; a young person or a carer to those around them."""
    if who is None:
        return False
    if row["role"] not in FAMILY or row["account_id"] == who.account:
        return True
    return any(
        tie["membership_id"] == row["id"] and tie["kind"] in ("own", "carer")
        and may_read(known, "access_tie", who, tie)
        for tie in known.rows["access_tie"]
    )  # fmt: skip


def may_change(known: Facts, table: str, who: Me | None, row: Row, account: UUID | None = None) -> bool:
    """Whether somebody may change this row at all: only ever one that they may read."""
    if not may_read(known, table, who, row, account):
        return False
    if table == "access_session":
        return True
    if (
        table in ("people_account", "directory_hello", "audit_event", "access_saved")
        or table in SIGN_IN_ONLY
        or who is None
    ):
        return False
    if table == "people_membership":  # to see a colleague out, or to go on duty oneself
        theirs = row["organisation_id"] == who.house
        may_end = who.role == "admin" or (who.role == "manager" and row["role"] not in LET_IN_BY_ADMINS)
        return bool((theirs and may_end) or row["id"] == who.membership)
    if table == "people_organisation":
        return who.role in ("admin", "manager") and row["id"] == who.house
    if table == "people_team":
        return who.role in ("admin", "manager") and row["organisation_id"] == who.house
    if table == "access_tie":
        return _ends_tie(known, who, row)
    if table == "access_glass":  # somebody else's look, by those who answer for looks
        author = known.by_id("people_membership", row["author_id"])
        own = author is not None and author["account_id"] == who.account
        in_charge = (
            row["team_id"] in my_teams(known, who)
            if who.role != "dpo"
            else row["organisation_id"] == who.house
        )
        return not own and who.role in ("safeguarding_lead", "dpo") and in_charge
    if table == "people_erasure":
        return False
    not_for_a_child = (
        "people_lawfulbasisentry",
        "people_competencenote",
        "people_withdrawal",
        "people_review",
    )
    if table in not_for_a_child and who.role == "young_person":
        return False
    if table in ("people_pack", "people_packchoice") and who.role not in ("dpo", "manager"):
        return False
    if table == "people_sameperson" and who.role not in ("link_worker", "manager"):
        return False
    return reaches(known, who, TABLES[table].data, Verb.CHANGE, whose(TABLES[table], row))


def _ends_tie(known: Facts, who: Me, tie: Row) -> bool:
    """Which of those who see a tie may end it: a concern is the lead's, a request the data officer's."""
    kind = tie["kind"]
    if kind == "glass":
        return who.role in ("manager", "safeguarding_lead")
    if kind == "shut":
        return reaches(known, who, Data.BLOCKS, Verb.CHANGE, Whose(tie["person_id"], tie["team_id"]))
    if kind in ("offered", "accepted", "carer") and who.role == "young_person":
        return "own" in ties_of(known, who, tie["person_id"], of_the_house=lambda _: False)
    if kind in ("offered", "accepted") and who.role == "coordinator":
        return bool(tie["organisation_id"] == who.house)
    return (
        who.role
        in {
            "linked": ("link_worker", "manager"),
            "sample": ("manager",),
            "offered": ("link_worker", "manager"),
            "accepted": ("link_worker", "manager"),
            "carer": ("link_worker", "manager"),
            "own": ("link_worker", "manager"),
            "concern": ("safeguarding_lead",),
            "request": ("manager", "dpo"),
        }[kind]
    )


def serves(known: Facts, membership: UUID | None, team: UUID) -> bool:
    """Whether a colleague works for a team now."""
    row, team_row = known.by_id("people_membership", membership), known.by_id("people_team", team)
    if row is None or team_row is None or row["organisation_id"] != team_row["organisation_id"]:
        return False
    here = row["team_id"] in (None, team)
    return bool(here and row["since"] <= known.now and (row["until"] is None or row["until"] > known.now))


def may_tie(known: Facts, who: Me | None, tie: Row, *, reason_written: bool = False) -> bool:
    """Whether somebody may make this tie. `reason_written`: the glass of the same hour stands there."""
    if who is None or tie["made_by"] != who.membership or is_shut_out(known, who, tie["person_id"]):
        return False
    to_me = tie["membership_id"] == who.membership
    here = Whose(tie["person_id"], tie["team_id"])
    looks_after = who.role in ("link_worker", "manager") and reaches(
        known, who, Data.IDENTITY, Verb.CHANGE, here
    )
    of_my_team = tie["team_id"] in my_teams(known, who)
    lasts = None if tie["ends"] is None else tie["ends"] - tie["starts"]
    match tie["kind"]:
        case "linked":
            target_serves = serves(known, tie["membership_id"], tie["team_id"])
            return (
                of_my_team
                and target_serves
                and (who.role == "manager" or (who.role == "link_worker" and to_me))
            )
        case "sample":
            return who.role == "manager" and of_my_team and to_me and lasts is not None and lasts.days < 15
        case "concern":
            opens = looks_after or (who.role == "safeguarding_lead" and of_my_team)
            return opens and _within_the_house(known, tie, "safeguarding_lead")
        case "request":
            return reaches(known, who, Data.RIGHTS, Verb.ADD, here) and _within_the_house(known, tie, "dpo")
        case "offered" | "carer":
            return looks_after
        case "accepted":
            return looks_after or _charity_says_yes(known, who, tie)
        case "shut":
            return reaches(known, who, Data.BLOCKS, Verb.ADD, here)
        case "glass":
            an_hour = lasts is not None and lasts.total_seconds() <= 3600 and reason_written
            return who.role in STAFF_WHO_CARE and to_me and an_hour
    return False


def _within_the_house(known: Facts, tie: Row, role: str) -> bool:
    team = known.by_id("people_team", tie["team_id"])
    if tie["membership_id"] is not None:
        return serves(known, tie["membership_id"], tie["team_id"])
    return team is not None and tie["organisation_id"] == team["organisation_id"] and tie["role"] == role


def _charity_says_yes(known: Facts, who: Me, tie: Row) -> bool:
    """A charity that was asked says yes for itself and its own, while the young person's yes stands."""
    for_itself = (
        who.role == "coordinator" and tie["organisation_id"] == who.house and tie["membership_id"] is None
    )
    asked = "offered" in ties_of(
        known, who, tie["person_id"], of_the_house=lambda one: one["role"] in ("", who.role)
    )
    yes = any(
        _said_yes(known, one, who, tie["person_id"], "hello_page")
        for one in known.rows["people_sharingpermission"]
    )
    return for_itself and tie["role"] in ("coordinator", "session_leader") and asked and yes


def may_add(known: Facts, table: str, who: Me | None, row: Row) -> bool:
    """Whether somebody may write such a row, for the tables that are not ties."""
    if table == "audit_event":  # whoever does something says so, in no other's name
        return row["membership_id"] is None or (who is not None and row["membership_id"] == who.membership)
    if who is None or table == "people_invitation":
        return False
    if table == "access_glass":
        shut = is_shut_out(known, who, row["person_id"])
        return row["author_id"] == who.membership and who.role in STAFF_WHO_CARE and not shut
    here = whose(TABLES[table], row)
    if table == "people_withdrawal":  # the notice that goes with a yes taken back
        stopped = any(
            yes["id"] == row["permission_id"] and yes["person_id"] == row["person_id"]
            and yes["to_organisation_id"] == row["organisation_id"] and yes["withdrawn_at"] is not None
            and may_read(known, "people_sharingpermission", who, yes)
            for yes in known.rows["people_sharingpermission"]
        )  # fmt: skip
        around = Whose(here.person, here.team)
        return stopped and reaches(known, who, Data.PERMISSIONS, Verb.CHANGE, around)
    if table == "people_sameperson":  # both records have to be theirs to change
        pair = [known.by_id("people_youngperson", row[which]) for which in ("person_id", "other_id")]
        both = all(
            one is not None
            and reaches(known, who, Data.IDENTITY, Verb.CHANGE, Whose(one["id"], one["team_id"]))
            for one in pair
        )
        return both and who.role in ("link_worker", "manager")
    if table in ("people_pack", "people_packchoice", "people_erasure") and who.role not in ("dpo", "manager"):
        return False
    return reaches(known, who, TABLES[table].data, Verb.ADD, here)


def may_remove(known: Facts, table: str, who: Me | None, row: Row, account: UUID | None = None) -> bool:
    if table in ("access_session", "directory_hello"):
        return may_read(known, table, who, row, account)
    if table not in TABLES:
        return False
    return reaches(known, who, TABLES[table].data, Verb.REMOVE, whose(TABLES[table], row))


# ---------------------------------------------------------------- what is shared in part

HELLO = ("interests", "at_the_door")
SHARED: dict[str, tuple[str, str, str, tuple[str, ...], tuple[str, ...]]] = {
    # slice: (role, tie, what was said yes to, fields of the person, lines of the hello page)
    "offered": ("coordinator", "offered", "hello_page", ("age_band", "district"), HELLO),
    "accepted": ("coordinator", "accepted", "hello_page", ("name", "pronouns", "age", "age_band"), (*HELLO, "access_needs")),
    "at_the_session": ("session_leader", "accepted", "hello_page", ("name",), ("at_the_door", "access_needs")),
    "carer": ("parent", "carer", "progress_word", ("name",), ("interests",)),
}  # fmt: skip


def shared(known: Facts, name: str, who: Me | None, person: UUID) -> dict[str, Any] | None:
    """What a slice shows somebody of a person; None for nothing at all."""
    role, kind, permission, of_person, of_hello = SHARED[name]
    if who is None or who.role != role or is_shut_out(known, who, person):
        return None
    if kind not in ties_of(known, who, person, of_the_house=lambda tie: tie["role"] in ("", who.role)):
        return None
    if not any(
        _said_yes(known, yes, who, person, permission) for yes in known.rows["people_sharingpermission"]
    ):
        return None
    row = known.by_id("people_youngperson", person)
    assert row is not None
    if row["restricted_at"] is not None:  # set aside: kept, and not used
        return None
    page = next(
        (one for one in known.rows["people_hellopage"] if one["person_id"] == person and one["approved_at"]),
        None,
    )
    today = known.now.date()
    computed = {"age": _age(row["born"], today), "age_band": _band(row, today)}
    shown = {name: computed.get(name, row.get(name)) for name in of_person}
    return shown | {name: page[name] if page and name in page["approved"] else "" for name in of_hello}


def _said_yes(known: Facts, yes: Row, who: Me, person: UUID, what: str) -> bool:
    if yes["person_id"] != person or what not in yes["slices"] or yes["withdrawn_at"] is not None:
        return False
    if not yes["starts"] <= known.now < yes["ends"]:
        return False
    to_my_house = yes["to_organisation_id"] is not None and yes["to_organisation_id"] == who.house
    to_me = yes["to_carer_id"] is not None and yes["to_carer_id"] == who.carer
    return (to_my_house and who.role in yes["to_roles"]) or to_me


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _band(row: Row, today: date) -> str:
    age = _age(row["born"], today)
    if age is None:
        return str(row["age_band"])
    bands = ((11, "under-11"), (13, "11-12"), (16, "13-15"), (18, "16-17"), (26, "18-25"))
    return next((band for under, band in bands if age < under), "over-25")
