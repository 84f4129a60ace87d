"""The policy can be read by people: each condition has words, each role a name, and changing goes no further than reading."""

import pytest
from tools import policy_page

from stile.access.policy.besides import BESIDES
from stile.access.policy.matrix import MATRIX
from stile.access.policy.tables import RULES
from stile.access.policy.ties import TYINGS
from stile.access.policy.words import TIED, Data, Reach, Role, Verb


def test_every_condition_of_a_table_is_said_in_words() -> None:
    conditioned = {rule.table for rule in RULES if rule.app_rows or rule.app_also or rule.app_check}
    assert BESIDES.keys() == conditioned


def test_every_role_kind_verb_and_reach_has_a_name() -> None:
    assert policy_page.ROLES.keys() == set(Role)
    assert policy_page.KINDS.keys() == set(Data)
    assert policy_page.VERBS.keys() == set(Verb)
    assert policy_page.REACHES.keys() == set(Reach)


def test_every_line_says_why() -> None:
    assert [line for line in MATRIX if len(line.why) < 10] == []
    assert [one.kind for one in TYINGS if min(len(one.why), len(one.made_by), len(one.ended_by)) < 5] == []


def test_every_reach_by_a_tie_is_a_tie_that_can_be_made() -> None:
    assert {reach.value for reach in TIED} <= {one.kind for one in TYINGS}


@pytest.mark.parametrize(
    "line",
    [line for line in MATRIX if Verb.CHANGE in line.verbs],
    ids=lambda line: f"{line.role}-{line.data}",
)
def test_nobody_changes_what_they_may_not_read(line: object) -> None:
    for reach in line.reach:  # type: ignore[attr-defined]
        assert any(
            one.role is line.role and one.data is line.data and Verb.READ in one.verbs and reach in one.reach  # type: ignore[attr-defined]
            for one in MATRIX
        )


def test_nobody_reaches_everybody() -> None:
    assert [line for line in MATRIX if Reach.ALL in line.reach] == []


def test_glass_is_for_reading() -> None:
    assert [line for line in MATRIX if Reach.GLASS in line.reach and set(line.verbs) != {Verb.READ}] == []


def test_funders_planners_and_referrers_have_no_row_of_anybody() -> None:
    assert [line for line in MATRIX if line.role in (Role.FUNDER, Role.PLANNER, Role.REFERRER)] == []
