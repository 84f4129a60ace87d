"""Who may tie whom to whom: nobody draws a stranger near, stretches a tie, or lets themself in."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from stile.access.policy.ties import TYINGS
from tests.access import reading
from tests.access.crowd import Crowd, team_of
from tests.access.reading import Facts
from tests.access.test_matrix import everybody, in_the_name_of, let_in, tried

pytestmark = pytest.mark.xdist_group("crowd")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = [one.kind for one in TYINGS]


def targets(crowd: Crowd, membership: UUID | None) -> Iterator[dict[str, Any]]:
    """To whom: oneself, colleagues near and far, a leaver, somebody of another house, a role of a house."""
    yield {"membership_id": membership}
    for name in ("Lena", "Lily", "Liam", "Sid", "Sue", "Dot", "Gone", "Flo"):
        yield {"membership_id": crowd.staff[name][1]}
    for house, role in (
        ("Hedgerow", "safeguarding_lead"), ("Meadow", "safeguarding_lead"), ("Hedgerow", "dpo"),
        ("Climbers", "coordinator"), ("Climbers", "link_worker"), ("Painters", "coordinator"), ("Climbers", ""),
    ):  # fmt: skip
        yield {"organisation_id": crowd.houses[house], "role": role}


def wished(crowd: Crowd, kind: str, whom: str, to: dict[str, Any], membership: UUID | None) -> dict[str, Any]:
    return {
        "id": uuid4(), "kind": kind, "person_id": crowd.people[whom], "team_id": team_of(crowd, whom),
        "membership_id": None, "organisation_id": None, "role": "", "account_id": crowd.staff["Pia"][0],
        "starts": crowd.now, "ends": crowd.now + HOUR, "why": "try", "made_by": membership, "ended_by": None, **to,
    }  # fmt: skip


@pytest.mark.parametrize("kind", [*KINDS, "made up"])
def test_who_makes_which_tie_is_what_the_policy_says(crowd: Crowd, known: Facts, kind: str) -> None:
    made = 0
    for name, account, membership in everybody(crowd):
        who = reading.me(known, account, membership)
        ties = [
            wished(crowd, kind, whom, to, membership)
            for whom in crowd.people
            for to in targets(crowd, membership)
        ]
        expected = [reading.may_tie(known, who, one) for one in ties]
        with in_the_name_of(account, membership) as cursor:
            wrong = [
                one
                for one, let, may in zip(ties, let_in(cursor, "access_tie", ties), expected, strict=True)
                if let != may
            ]
        assert not wrong, f"{name} ties {kind}"
        made += sum(expected)
    assert bool(made) == (kind not in ("own", "glass", "made up"))


@pytest.mark.parametrize("who", ["Lena", "Gus", "Max", "Sid", "Flo", "Ada", "Dee", "Jo", "Dot"])
@pytest.mark.parametrize(
    ("lasts", "at"), [(HOUR, HOUR * 0), (HOUR + timedelta(seconds=1), HOUR * 0), (None, HOUR * 0), (HOUR, 5 * HOUR)]
)  # fmt: skip
def test_glass_is_broken_for_an_hour_with_its_reason_written_first(
    crowd: Crowd, known: Facts, who: str, lasts: timedelta | None, at: timedelta
) -> None:
    account, membership = crowd.staff[who]
    me = reading.me(known, account, membership)
    starts = crowd.now + at
    one = wished(crowd, "glass", "Kit", {"membership_id": membership}, membership)
    one |= {"starts": starts, "ends": starts + lasts if lasts else None}
    glass = {
        "id": uuid4(), "person_id": one["person_id"], "team_id": one["team_id"], "author_id": membership,
        "organisation_id": crowd.houses["Hedgerow"], "reason": "They stand before me", "broken_at": starts,
        "ends_at": one["ends"] or starts + HOUR, "review_due": crowd.now.date(), "review": "", "not_shown": False,
    }  # fmt: skip
    names = ", ".join(glass)

    def with_a_reason(cursor: Any) -> bool:
        cursor.execute(
            f"INSERT INTO access_glass ({names}) VALUES ({', '.join(['%s'] * len(glass))})", [*glass.values()]
        )
        return let_in(cursor, "access_tie", [one]) == [True]

    with in_the_name_of(account, membership) as cursor:
        assert let_in(cursor, "access_tie", [one]) == [False], "no reason was written"
        let = tried(cursor, with_a_reason)
    assert bool(let) == (reading.may_tie(known, me, one, reason_written=True) and not at)


@pytest.mark.parametrize(("days", "may"), [(13, True), (15, False), (None, False)])
def test_a_sample_lasts_a_fortnight_at_most(crowd: Crowd, days: int | None, may: bool) -> None:
    account, membership = crowd.staff["Max"]
    one = wished(crowd, "sample", "Jo", {"membership_id": membership}, membership)
    one["ends"] = crowd.now + days * DAY if days else None
    with in_the_name_of(account, membership) as cursor:
        assert let_in(cursor, "access_tie", [one]) == [may]


def test_nobody_ties_in_the_name_of_somebody_else(crowd: Crowd) -> None:
    account, membership = crowd.staff["Lena"]
    one = wished(
        crowd,
        "offered",
        "Jo",
        {"organisation_id": crowd.houses["Climbers"], "role": "coordinator"},
        membership,
    )
    with in_the_name_of(account, membership) as cursor:
        assert let_in(cursor, "access_tie", [one]) == [True]
        for other in (crowd.staff["Max"][1], None):
            assert let_in(cursor, "access_tie", [{**one, "made_by": other}]) == [False]


def the_tie(known: Facts, crowd: Crowd, kind: str, whom: str, who: str) -> UUID:
    for row in known.rows["access_tie"]:
        held = reading.holds(known, row) and row["kind"] == kind and row["person_id"] == crowd.people[whom]
        if held and crowd.staff[who][1] == row["membership_id"]:
            return UUID(str(row["id"]))
    raise LookupError(f"no {kind} tie of {who} to {whom}")


@pytest.mark.parametrize(
    ("kind", "whom", "who", "ends", "may"),
    [
        ("sample", "Ash", "Max", "now()", True),
        ("sample", "Ash", "Max", "ends + interval '1 second'", False),
        ("sample", "Ash", "Max", "NULL", False),
        ("linked", "Jo", "Lena", "now() + interval '1 day'", True),  # it had no end
        ("glass", "Jo", "Gus", "ends + interval '1 minute'", False),
    ],
)
def test_a_tie_is_cut_short_and_never_stretched(
    crowd: Crowd, known: Facts, kind: str, whom: str, who: str, ends: str, may: bool
) -> None:
    key = the_tie(known, crowd, kind, whom, who)

    def attempt(cursor: Any) -> int:
        cursor.execute(f"UPDATE access_tie SET ends = {ends} WHERE id = %s", [key])
        return int(cursor.rowcount)

    # By a manager of the team, who may end any of these.
    with in_the_name_of(*crowd.staff["Max"]) as cursor:
        assert tried(cursor, attempt) == (1 if may else None)


def test_a_tie_that_is_over_is_not_taken_up_again(crowd: Crowd, known: Facts) -> None:
    over = next(
        row["id"] for row in known.rows["access_tie"]
        if row["kind"] == "sample" and row["person_id"] == crowd.people["Kit"]
    )  # fmt: skip
    for ends in ("NULL", "now() + interval '1 hour'", "now()"):

        def attempt(cursor: Any, ends: str = ends) -> int:
            cursor.execute(f"UPDATE access_tie SET ends = {ends} WHERE id = %s", [over])
            return int(cursor.rowcount)

        with in_the_name_of(*crowd.staff["Max"]) as cursor:
            assert tried(cursor, attempt) is None


@pytest.mark.parametrize("name", ["Lena", "Max", "Mary", "Sid", "Jo", "Dee", "Flo", "Dot"])
@pytest.mark.parametrize(
    "words", ["role = 'manager'", "organisation_id = NULL", "team_id = NULL", "account_id = id"]
)
def test_nobody_gives_a_role_or_a_team(crowd: Crowd, name: str, words: str) -> None:
    """Nor takes one: those columns are nobody's to change, and memberships are made by an invitation."""

    def attempt(cursor: Any) -> int:
        cursor.execute(f"UPDATE people_membership SET {words}")
        return int(cursor.rowcount)

    with in_the_name_of(*crowd.staff[name]) as cursor:
        assert tried(cursor, attempt) is None
        row = {"id": uuid4(), "account_id": crowd.staff[name][0], "name": "x", "role": "manager", "since": crowd.now,
               "organisation_id": crowd.houses["Hedgerow"], "on_duty": False}  # fmt: skip
        assert let_in(cursor, "people_membership", [row]) == [False]


@pytest.mark.parametrize(
    ("by", "role", "house", "whose", "may"),
    [
        ("Ada", "manager", "Hedgerow", "", True), ("Ada", "admin", "Hedgerow", "", True),
        ("Max", "link_worker East", "Hedgerow", "", True), ("Max", "admin", "Hedgerow", "", False),
        # Nobody climbs by inviting an address of their own: not to another team, nor to guard their own.
        ("Max", "link_worker West", "Hedgerow", "", False), ("Max", "link_worker", "Hedgerow", "", False),
        ("Max", "safeguarding_lead", "Hedgerow", "", False), ("Max", "manager", "Hedgerow", "", False),
        ("Max", "planner", "Hedgerow", "", False), ("Max", "referrer", "Hedgerow", "", True),
        ("Mary", "link_worker West", "Hedgerow", "", True), ("Mary", "link_worker North", "Hedgerow", "", False),
        ("Max", "dpo", "Hedgerow", "", False), ("Max", "link_worker", "Meadow", "", False),
        ("Lena", "link_worker", "Hedgerow", "", False), ("Sid", "manager", "Hedgerow", "", False),
        ("Lena", "young_person", "", "Ash", True), ("Lena", "young_person", "", "Nia", False),
        ("Luke", "young_person", "", "Jo", False), ("Lola", "young_person", "", "Kit", False),
        ("Ada", "young_person", "", "Jo", False), ("Jo", "young_person", "", "Jo", True),
        ("Lena", "manager", "", "Ash", False), ("Flo", "manager", "Fund", "", False),
    ],
)  # fmt: skip
def test_who_may_invite_whom(crowd: Crowd, by: str, role: str, house: str, whose: str, may: bool) -> None:
    account, membership = crowd.staff[by]
    role, _, team = role.partition(" ")
    row = {
        "id": uuid4(), "token_hash": uuid4().hex, "email": "x@example.org", "name": "x", "role": role,
        "team_id": crowd.teams[team] if team else None,
        "organisation_id": crowd.houses[house] if house else None, "person_id": crowd.people[whose] if whose else None,
        "author_id": membership, "made_at": crowd.now, "ends_at": crowd.now + DAY,
    }  # fmt: skip
    with in_the_name_of(account, membership) as cursor:
        assert let_in(cursor, "people_invitation", [row]) == [may]
        assert let_in(cursor, "people_invitation", [{**row, "author_id": crowd.staff["Pia"][1]}]) == [False]
        assert let_in(cursor, "people_invitation", [{**row, "author_id": None}]) == [False]


def test_moving_somebody_to_another_team_is_a_managers_doing(crowd: Crowd) -> None:
    def attempt(cursor: Any) -> int:
        cursor.execute("UPDATE people_youngperson SET team_id = %s WHERE id = %s", [team, crowd.people["Jo"]])
        return int(cursor.rowcount)

    for who, to, may in (
        ("Mary", "West", True), ("Max", "West", False), ("Mary", "North", False), ("Lena", "West", False),
        ("Lars", "West", False), ("Jo", "West", False), ("Jo", "North", False), ("Lena", "North", False),
    ):  # fmt: skip
        team = crowd.teams[to]
        with in_the_name_of(*crowd.staff[who]) as cursor:
            assert bool(tried(cursor, attempt)) == may, f"{who} moves Jo to {to}"
