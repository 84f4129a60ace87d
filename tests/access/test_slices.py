"""What is shared in part: the fields of a slice while its tie and its yes stand, and otherwise nothing."""

from typing import Any

import pytest

from stile.access.policy.slices import SLICES
from tests.access import reading
from tests.access.crowd import Crowd
from tests.access.reading import SHARED, Facts
from tests.access.test_matrix import everybody, in_the_name_of

pytestmark = pytest.mark.xdist_group("crowd")


def test_every_slice_is_read() -> None:
    assert {one.name for one in SLICES} == SHARED.keys()


@pytest.mark.parametrize("name", SHARED)
def test_a_slice_shows_what_the_policy_says_and_no_more(crowd: Crowd, known: Facts, name: str) -> None:
    shown = hidden = 0
    for called, account, membership in everybody(crowd):
        who = reading.me(known, account, membership)
        for whom, person in crowd.people.items():
            with in_the_name_of(account, membership) as cursor:
                cursor.execute(f"SELECT * FROM slice_{name}(%s)", [person])
                fields = [column.name for column in cursor.description]
                rows = [dict(zip(fields, row, strict=True)) for row in cursor.fetchall()]
            expected = reading.shared(known, name, who, person)
            assert rows == ([] if expected is None else [expected]), f"{called} sees {whom} as {name}"
            shown, hidden = shown + (expected is not None), hidden + (expected is None)
    assert shown, "somebody sees it"
    assert hidden, "somebody does not"


@pytest.mark.parametrize("name", SHARED)
def test_whoever_sees_a_slice_has_no_row_behind_it(crowd: Crowd, known: Facts, name: str) -> None:
    role = SHARED[name][0]
    behind = ("people_youngperson", "people_hellopage", "people_contactroute", "people_carer", "audit_event")
    for _, account, membership in everybody(crowd):
        who = reading.me(known, account, membership)
        if who is None or who.role != role:
            continue
        with in_the_name_of(account, membership) as cursor:
            for table in behind:
                cursor.execute(
                    f"SELECT count(*) FROM {table} WHERE {'id' if table == 'people_youngperson' else 'person_id'} IS NOT NULL"
                )
                assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("role", ["stile_public", "stile_warden"])
def test_slices_are_closed_to_those_who_look_without_an_account(crowd: Crowd, role: str) -> None:
    rows: list[Any] = crowd.server.execute(
        "SELECT p.proname FROM pg_proc p WHERE p.proname ~ '^(slice|wall)_' AND has_function_privilege(%s, p.oid, 'EXECUTE')"
        " AND p.proowner <> %s::regrole",
        [role, role],
    ).fetchall()
    assert rows == []
