"""The table of age rules: whole, without holes or doubles, and careful where it does not know."""

from itertools import pairwise, product

import pytest

from stile.people.rules.age import UNKNOWN, Age
from stile.people.rules.nations import RULES, Asked, Nation, Says, rule_for, rules_for


@pytest.mark.parametrize(("asked", "nation"), list(product(Asked, Nation)))
def test_every_age_in_every_nation_has_one_answer(asked: Asked, nation: Nation) -> None:
    for n in range(121):
        assert len(list(rules_for(asked, nation, Age(n, n)))) == 1, (asked, nation, n)


def test_every_row_says_why_and_where_from() -> None:
    assert [rule for rule in RULES if len(rule.why) < 20 or len(rule.source) < 10] == []


def test_what_rests_on_law_nobody_has_looked_up_says_so() -> None:
    """Scotland and Northern Ireland on deciding and starting: for the data protection officer."""
    for rule in RULES:
        if rule.asked in (Asked.START, Asked.COMPETENCE) and rule.low >= 11 and rule.high < 18:
            abroad = set(rule.nations) & {Nation.SCOTLAND, Nation.NORTHERN_IRELAND}
            assert not (abroad and rule.sourced), rule


@pytest.mark.parametrize(
    ("asked", "nation", "old", "says"),
    [
        (Asked.START, Nation.ENGLAND, 10, Says.FAMILY_FIRST),
        (Asked.START, Nation.WALES, 11, Says.ALONE),
        (Asked.COMPETENCE, Nation.ENGLAND, 15, Says.NOTE_FIRST),
        (Asked.COMPETENCE, Nation.ENGLAND, 16, Says.NOTE_IF_DOUBTED),
        (Asked.COMPETENCE, Nation.SCOTLAND, 16, Says.NOTE_IF_DOUBTED),
        (Asked.COMPETENCE, Nation.WALES, 18, Says.ADULT),
        (Asked.PARENT, Nation.ENGLAND, 12, Says.USUALLY_INVOLVED),
        (Asked.PARENT, Nation.ENGLAND, 13, Says.THEY_CHOOSE),
        (Asked.PARENT, Nation.NORTHERN_IRELAND, 16, Says.ONLY_IF_THEY_SAY),
        (Asked.DATA_RIGHTS, Nation.SCOTLAND, 12, Says.PRESUMED),
        (Asked.DATA_RIGHTS, Nation.ENGLAND, 12, Says.IF_THEY_UNDERSTAND),
        (Asked.ACCOUNT, Nation.ENGLAND, 13, Says.OWN),
    ],
)
def test_what_the_table_says(asked: Asked, nation: Nation, old: int, says: Says) -> None:
    assert rule_for(asked, nation, Age(old, old)).says is says


@pytest.mark.parametrize("nation", Nation)
def test_where_age_is_unknown_the_most_careful_row_counts(nation: Nation) -> None:
    assert rule_for(Asked.START, nation, UNKNOWN).says is Says.FAMILY_FIRST
    assert rule_for(Asked.COMPETENCE, nation, UNKNOWN).says is Says.NOTE_FIRST
    assert rule_for(Asked.COMPETENCE, nation, Age(15, 16)).says is Says.NOTE_FIRST
    assert rule_for(Asked.PARENT, nation, UNKNOWN).says is Says.ONLY_IF_THEY_SAY


def test_no_row_lets_a_parent_be_told_by_itself() -> None:
    said = {rule.says for rule in RULES if rule.asked is Asked.PARENT}
    assert said == {Says.USUALLY_INVOLVED, Says.THEY_CHOOSE, Says.ONLY_IF_THEY_SAY}


def test_rows_stand_in_order_of_age() -> None:
    for asked, nation in product(Asked, Nation):
        lows = [rule.low for rule in RULES if rule.asked is asked and nation in rule.nations]
        assert all(a < b for a, b in pairwise(lows))
