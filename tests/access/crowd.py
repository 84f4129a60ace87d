"""The society of tests/society.py, and everybody needed to try each row of the policy on.

For every tie one that holds, one that is over and one that has not begun; workers on and off duty,
gone, not yet come, with a closed account, with two hats; records shut to people of each kind; charities
before and after they said yes, with and without the young person's own; carers. And a row in every
personal table for every young person.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection
from django.utils import timezone

from stile.access.policy.words import Role
from stile.site import database
from tests import conftest, society
from tests.access.planting import Marks, columns, mark_row, plant

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOT_ABOUT_A_PERSON = {"people_membership", "people_account", "people_invitation", "access_session"}


class Crowd(society.Society):
    marks: Marks
    server: psycopg.Connection[Any]
    team_of: dict[str, UUID]


@contextmanager
def gathered(blocker: Any) -> Iterator[Crowd]:
    """The whole crowd, really committed; gone again afterwards."""
    with blocker.unblock(), database.connect_as_installer(conftest.TEST_DATABASE) as server:
        try:
            yield build(server)
        finally:
            connection.close()
            conftest._empty_tables()
            # The audit is not emptied there, and must not be by anybody else: as the server, past its triggers.
            with server.transaction():
                server.execute("SET LOCAL session_replication_role = replica")
                server.execute("DELETE FROM audit_event")


def build(server: psycopg.Connection[Any]) -> Crowd:
    built = society.build()
    crowd = Crowd(built.now, built.houses, built.teams, built.staff, built.people)
    crowd.marks, crowd.server, crowd.team_of = Marks(), server, {}
    _hire(crowd)
    _come_and_go(crowd)
    _tie(crowd)
    _share(crowd)
    _fill(crowd)
    _vary(crowd)
    return crowd


def _hire(it: Crowd) -> None:
    for by, name, role, team in (
        ("Ada", "Lola", Role.LINK_WORKER, "East"), ("Ada", "Lars", Role.LINK_WORKER, None),
        ("Ada", "Gus", Role.LINK_WORKER, "West"), ("Ada", "Gone", Role.LINK_WORKER, "East"),
        ("Ada", "Later", Role.LINK_WORKER, "East"), ("Ada", "Shutter", Role.LINK_WORKER, "East"),
        ("Mona", "Mel", Role.MANAGER, "North"), ("Mona", "Sue", Role.SAFEGUARDING_LEAD, None),
        ("Mona", "Don", Role.DPO, None), ("Ada", "Sal", Role.SAFEGUARDING_LEAD, "West"),
        ("Cleo", "Sky", Role.SESSION_LEADER, None), ("Cleo", "Ref", Role.REFERRER, None),
    ):  # fmt: skip
        it.hire(by, name, role, team)
    # People with two hats, and families: memberships that no invitation makes yet.
    for name, role, account, more in (
        ("Luke as manager", "manager", it.staff["Luke"][0], {"organisation_id": it.houses["Hedgerow"]}),
        ("Lena as coordinator", "coordinator", it.staff["Lena"][0], {"organisation_id": it.houses["Climbers"]}),
        ("Jo's mother", "parent", None, {"carer_id": uuid4()}),
        ("Jo's father", "parent", None, {"carer_id": uuid4()}),
        ("Ash's mother", "parent", None, {"carer_id": uuid4()}),
        ("Kit", "young_person", None, {}), ("Wren", "young_person", None, {}),
    ):  # fmt: skip
        if account is None:
            account = plant(it.server, it.marks, "people_account", is_active=True, password="!", language="en-gb",
                            last_login=None, created_at=it.now)  # fmt: skip
        member = plant(
            it.server,
            it.marks,
            "people_membership",
            account_id=account,
            role=role,
            since=it.now - DAY,
            **more,
        )
        it.staff[name] = (account, member)


def _come_and_go(it: Crowd) -> None:
    def member(name: str, words: str, *values: Any) -> None:
        it.server.execute(f"UPDATE people_membership SET {words} WHERE id = %s", [*values, it.staff[name][1]])

    for name in ("Lola", "Lars"):
        member(name, "on_duty = true")
    member("Gone", "until = %s", it.now - HOUR)
    member("Later", "since = %s", it.now + DAY)
    it.server.execute("UPDATE people_account SET is_active = false WHERE id = %s", [it.staff["Shutter"][0]])


def tie(it: Crowd, kind: str, whom: str, who: str = "", when: str = "now", **more: Any) -> UUID:
    """A tie as it stands in the table: holding now, "over", or "to come"."""
    starts, ends = {
        "now": (it.now - HOUR / 2, it.now + HOUR / 2),
        "open": (it.now - HOUR, None),
        "over": (it.now - 2 * HOUR, it.now - HOUR),
        "to come": (it.now + HOUR, it.now + 2 * HOUR),
    }[when]
    if who:
        more["account_id" if kind == "shut" else "membership_id"] = it.staff[who][0 if kind == "shut" else 1]
    return plant(
        it.server, it.marks, "access_tie", kind=kind, person_id=it.people[whom], team_id=team_of(it, whom),
        starts=starts, ends=ends, why="try", role=more.pop("role", ""), **more,
    )  # fmt: skip


def team_of(it: Crowd, whom: str) -> UUID:
    if whom not in it.team_of:
        words = "SELECT team_id FROM people_youngperson WHERE id = %s"
        row = it.server.execute(words, [it.people[whom]]).fetchone()
        assert row is not None
        it.team_of[whom] = row[0]
    return it.team_of[whom]


def _tie(it: Crowd) -> None:
    for kind, whom, who, when in (
        ("linked", "Ash", "Luke", "to come"), ("linked", "Jo", "Lily", "over"), ("linked", "Wren", "Lola", "open"),
        ("linked", "Jo", "Gone", "open"), ("linked", "Jo", "Later", "open"), ("linked", "Jo", "Shutter", "open"),
        ("glass", "Jo", "Gus", "now"), ("glass", "Ash", "Gus", "over"), ("glass", "Nia", "Max", "now"),
        ("glass", "Wren", "Sid", "now"), ("glass", "Nia", "Flo", "now"), ("glass", "Nia", "Ada", "now"),
        ("concern", "Ash", "Sid", "open"), ("concern", "Kit", "Sid", "over"), ("concern", "Jo", "Sid", "open"),
        ("concern", "Wren", "Lena", "open"), ("concern", "Nia", "Sue", "to come"),
        ("request", "Wren", "Dot", "open"), ("request", "Jo", "Dot", "over"), ("request", "Nia", "Don", "open"),
        ("request", "Kit", "Max", "open"), ("sample", "Ash", "Max", "now"), ("sample", "Kit", "Max", "over"),
        ("sample", "Wren", "Lily", "now"), ("own", "Kit", "Kit", "open"), ("own", "Wren", "Wren", "over"),
        ("shut", "Kit", "Mary", "open"), ("shut", "Jo", "Sid", "open"), ("shut", "Wren", "Lily", "over"),
        ("shut", "Nia", "Liam", "to come"), ("shut", "Wren", "Sol", "open"), ("shut", "Jo", "Jo's father", "open"),
        ("shut", "Wren", "Dot", "to come"), ("shut", "Ash", "Lars", "open"),
        ("shut", "Nia", "Don", "open"), ("shut", "Jo", "Mel", "open"),
        ("carer", "Jo", "Jo's mother", "open"), ("carer", "Jo", "Jo's father", "open"),
        ("carer", "Ash", "Ash's mother", "open"), ("carer", "Kit", "Jo's mother", "over"),
        ("accepted", "Kit", "Per", "open"), ("offered", "Jo", "Lena", "open"),
    ):  # fmt: skip
        tie(it, kind, whom, who, when)
    hedgerow, meadow, climbers = it.houses["Hedgerow"], it.houses["Meadow"], it.houses["Climbers"]
    for kind, whom, house, role, when in (
        ("concern", "Kit", hedgerow, "safeguarding_lead", "open"), ("concern", "Nia", meadow, "", "open"),
        ("concern", "Wren", meadow, "safeguarding_lead", "open"), ("linked", "Wren", hedgerow, "link_worker", "over"),
        ("accepted", "Jo", climbers, "coordinator", "open"), ("accepted", "Jo", climbers, "session_leader", "open"), ("accepted", "Wren", climbers, "", "open"),
        ("accepted", "Kit", climbers, "session_leader", "open"), ("accepted", "Nia", climbers, "coordinator", "over"),
        ("offered", "Ash", climbers, "coordinator", "open"), ("offered", "Kit", climbers, "coordinator", "to come"),
        ("accepted", "Ash", climbers, "session_leader", "open"), ("offered", "Jo", climbers, "coordinator", "open"),
        ("offered", "Wren", climbers, "", "open"), ("offered", "Nia", climbers, "session_leader", "open"),
    ):  # fmt: skip
        tie(it, kind, whom, when=when, organisation_id=house, role=role)


def _share(it: Crowd) -> None:
    both = ["coordinator", "session_leader"]
    climbers, mother = it.houses["Climbers"], it.server.execute(
        "SELECT carer_id FROM people_membership WHERE id = %s", [it.staff["Jo's mother"][1]]
    ).fetchone()  # fmt: skip
    assert mother is not None
    father = it.server.execute(
        "SELECT carer_id FROM people_membership WHERE id = %s", [it.staff["Jo's father"][1]]
    ).fetchone()
    assert father is not None
    hello, word = ["hello_page"], ["progress_word"]
    for whom, to, roles, slices, starts, ends, withdrawn in (
        ("Jo", climbers, both, hello, -DAY, DAY, None), ("Kit", climbers, ["coordinator"], ["plan"], -DAY, DAY, None),
        ("Wren", climbers, ["coordinator"], hello, -DAY, DAY, None),
        ("Kit", climbers, both, hello, -DAY, DAY, -HOUR),  # taken back
        ("Nia", climbers, both, hello, -DAY, DAY, None),  # the tie is over
        ("Ash", climbers, both, ["attendance"], -DAY, DAY, None),  # something else was allowed
        ("Ash", climbers, both, hello, -2 * DAY, -DAY, None),  # run out
        ("Ash", climbers, both, hello, DAY, 2 * DAY, None),  # not begun
        ("Kit", it.houses["Painters"], ["session_leader"], hello, -DAY, DAY, None),  # to another role
        ("Jo", mother[0], [], word, -DAY, DAY, None), ("Jo", father[0], [], word, -DAY, DAY, None),
        ("Kit", mother[0], [], word, -DAY, DAY, None),  # that tie is over
    ):  # fmt: skip
        plant(
            it.server, it.marks, "people_sharingpermission", person_id=it.people[whom], team_id=team_of(it, whom),
            to_organisation_id=to if roles else None, to_carer_id=None if roles else to, to_roles=roles, slices=slices,
            starts=it.now + starts, ends=it.now + ends, withdrawn_at=it.now + withdrawn if withdrawn else None,
            how="said", wording="1 en", given_by="young_person",
        )  # fmt: skip
    # Hello pages: approved for all but Wren's.
    for whom in it.people:
        plant(
            it.server, it.marks, "people_hellopage", person_id=it.people[whom], team_id=team_of(it, whom),
            approved_at=None if whom == "Wren" else it.now,
            approved=["interests", "at_the_door"] if whom == "Jo" else ["interests", "at_the_door", "access_needs"],
        )  # fmt: skip


def personal_tables() -> list[str]:
    from stile.access.policy.tables import RULES
    from stile.access.policy.words import Class

    return [rule.table for rule in RULES if rule.kind is Class.PERSONAL]


def _fill(it: Crowd) -> None:
    """A row for everybody in each table that has none of theirs, and every free text marked."""
    for table in personal_tables():
        has = {one.name for one in columns(it.server, table)}
        if not has or table in NOT_ABOUT_A_PERSON or table == "people_youngperson":
            continue
        for whom, person in it.people.items() if "person_id" in has else ():
            there = it.server.execute(f"SELECT 1 FROM {table} WHERE person_id = %s", [person]).fetchone()
            if there is None or table == "audit_event":
                plant(it.server, it.marks, table, **_about(it, table, whom, has))
    for person in it.people.values():
        mark_row(it.server, it.marks, "people_youngperson", person)
    for name in ("Jo", "Kit", "Wren"):
        mark_row(it.server, it.marks, "people_membership", it.staff[name][1])
    _colleagues(it)
    _sessions(it)


def _about(it: Crowd, table: str, whom: str, has: set[str]) -> dict[str, Any]:
    who = it.staff["Lena"][1]
    given: dict[str, Any] = {"person_id": it.people[whom], "team_id": team_of(it, whom)}
    house = it.houses["Meadow" if whom == "Nia" else "Hedgerow"]
    given |= {
        name: who
        for name in ("author_id", "membership_id", "prepared_by", "set_by", "asked_by")
        if name in has
    }
    given |= {"organisation_id": house} if "organisation_id" in has else {}
    given |= {"controller_id": house} if "controller_id" in has else {}
    given |= {"review_due": it.now.date(), "ends_at": it.now} if table == "access_glass" else {}
    given |= (
        {"by": "system", "verb": "tried", "what": "try", "detail": "{}", "role": ""}
        if table == "audit_event"
        else {}
    )
    if table == "audit_event":
        del given["membership_id"]  # what ran by the clock
        given["id"] = _next_event(it)
    if table == "people_sameperson":
        given["other_id"] = it.people["Ash" if whom == "Jo" else "Jo"]
    if table == "people_rightsrequest":
        given |= {
            "kind": "see",
            "asker": "young_person",
            "state": "received",
            "due_on": timezone.now().date() + 20 * DAY,
        }
    return given


def _next_event(it: Crowd) -> int:
    row = it.server.execute("SELECT nextval(pg_get_serial_sequence('audit_event', 'id'))").fetchone()
    assert row is not None
    return int(row[0])


def _vary(it: Crowd) -> None:
    """Kinds of row that are kept back from some of those within reach."""
    it.server.execute(
        "UPDATE people_youngperson SET restricted_at = now() WHERE id = %s", [it.people["Wren"]]
    )
    for whom in ("Jo", "Kit", "Nia"):
        here = {"person_id": it.people[whom], "team_id": team_of(it, whom)}
        plant(it.server, it.marks, "people_rightsrequest", kind="complain", asker="young_person", state="received",
              received_at=it.now, due_on=it.now.date(), **here)  # fmt: skip
        plant(it.server, it.marks, "people_pack", released_at=it.now, released_by=it.staff["Max"][1],
              prepared_by=it.staff["Dot"][1], **here)  # fmt: skip
        plant(it.server, it.marks, "access_glass", author_id=it.staff["Max"][1], organisation_id=it.houses["Hedgerow"],
              broken_at=it.now - DAY, ends_at=it.now - DAY + HOUR, not_shown=True, review_due=it.now.date(), **here)  # fmt: skip
        for verb, role, at, by in (
            ("opened", "manager", it.now - DAY + HOUR / 2, "Max"), ("opened", "manager", it.now, "Max"),
            ("opened", "safeguarding_lead", it.now, "Sid"), ("tied concern", "link_worker", it.now, "Lena"),
            ("untied shut", "manager", it.now, "Max"), ("opened", "link_worker", it.now, "Liam"),
        ):  # fmt: skip
            plant(it.server, it.marks, "audit_event", id=_next_event(it), verb=verb,
                  role=role, at=at, membership_id=it.staff[by][1], what="person:try", by="try", detail="{}",
                  organisation_id=it.houses["Meadow" if by == "Liam" else "Hedgerow"], **here)  # fmt: skip


def _colleagues(it: Crowd) -> None:
    """Ways in that wait: to each house, and one for a young person."""
    for house in ("Hedgerow", "Meadow", "Climbers"):
        plant(
            it.server, it.marks, "people_invitation", organisation_id=it.houses[house], role="referrer",
            token_hash=uuid4().hex, made_at=it.now, ends_at=it.now + DAY, person_id=None,
        )  # fmt: skip
    plant(
        it.server, it.marks, "people_invitation", role="young_person", person_id=it.people["Ash"],
        token_hash=uuid4().hex, made_at=it.now, ends_at=it.now + DAY, author_id=it.staff["Lena"][1],
    )  # fmt: skip
    # No activity is behind these: only how long they are kept is tried here.
    it.server.execute("SET session_replication_role = replica")
    for days in (-1, 0, 10):
        plant(
            it.server,
            it.marks,
            "directory_hello",
            id=900 + days,
            expires_on=timezone.now().date() + days * DAY,
        )
    it.server.execute("RESET session_replication_role")


def _sessions(it: Crowd) -> None:
    for name in ("Lena", "Jo", "Sid"):
        account, member = it.staff[name]
        it.server.execute(
            "INSERT INTO access_session (key_hash, data, account_id, membership_id, started_at, seen_at, ends_at,"
            " shared_device, device) VALUES (%s, '', %s, %s, now(), now(), now() + interval '1 hour', false, %s)",
            [f"key of {name}", account, member, it.marks.new("access_session", "device", member)],
        )
