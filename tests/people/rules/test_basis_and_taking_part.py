"""Data law's ground is there for every purpose; taking part needs the right person's yes."""

from itertools import product

import pytest

from stile.kernel.answer import Answer
from stile.loop.directory.rules.vocabulary import ParentForm
from stile.people.rules.age import UNKNOWN, Age
from stile.people.rules.basis import BASES, CONTROLLERS, Controller, Purpose, basis
from stile.people.rules.nations import Nation
from stile.people.rules.participation import From, ParentOk, may_start, needed_from
from stile.people.rules.withdrawal import TABLE, Effect, Withdraws, row
from stile.people.rules.words import OrganisationKind


def test_every_purpose_has_one_ground_for_each_kind_of_controller() -> None:
    assert len(BASES) == len(Purpose) * len(Controller)
    for purpose, controller in product(Purpose, Controller):
        assert (basis(purpose, controller).purpose, basis(purpose, controller).controller) == (
            purpose,
            controller,
        )


def test_consent_is_the_ground_of_research_alone() -> None:
    """Care does not rest on consent: a no to sharing must not look like the end of the right to help."""
    assert {one.purpose for one in BASES if one.consent} == {Purpose.RESEARCH}
    assert {one.purpose for one in BASES if "(a)" in one.article_6} == {Purpose.RESEARCH}
    assert {one.purpose for one in BASES if one.opt_out} == {Purpose.EVALUATION}


def test_a_funder_is_no_controller_of_anybodys_data() -> None:
    assert set(OrganisationKind) - set(CONTROLLERS) == {"funder"}


def test_the_rule_is_spelt_as_the_directory_spells_it() -> None:
    assert {one.value for one in ParentOk} == {one.value for one in ParentForm}


def expected(rule: ParentOk, old: int | None, first: Answer) -> From:
    if rule is ParentOk.NEVER or (old is not None and old >= 18):
        return From.YOUNG_PERSON
    if rule is ParentOk.UNKNOWN:
        return From.UNKNOWN
    if rule is ParentOk.FIRST_TIME and first is Answer.NO:
        return From.YOUNG_PERSON
    if old is None:
        return From.UNKNOWN
    return From.PARENT if old < (16 if rule is ParentOk.UNDER_16 else 18) else From.YOUNG_PERSON


@pytest.mark.parametrize("nation", Nation)
def test_who_must_say_yes_in_every_case(nation: Nation) -> None:
    for rule, old, first in product(ParentOk, [*range(11, 26), None], Answer):
        needed = needed_from(rule, nation, UNKNOWN if old is None else Age(old, old), first_time=first)
        assert needed.of is expected(rule, old, first), (rule, old, first)
        if needed.of is From.UNKNOWN:
            assert needed.ask_club


def test_in_scotland_the_club_is_asked_about_sixteen() -> None:
    for nation, old in product(Nation, (15, 16, 17)):
        needed = needed_from(ParentOk.UNDER_18, nation, Age(old, old))
        assert bool(needed.ask_club) == (nation is Nation.SCOTLAND and old >= 16)


def test_an_age_between_two_rules_is_unknown() -> None:
    assert needed_from(ParentOk.UNDER_16, Nation.ENGLAND, Age(15, 16)).of is From.UNKNOWN


def test_starting_takes_a_yes_from_the_right_person_not_taken_back() -> None:
    for needed, answer, withdrawn, signed in product(From, Answer, (False, True), (False, True)):
        may = may_start(needed, answer, withdrawn, signed_by_responsible=signed)
        assert may.ok == (
            needed is not From.UNKNOWN and answer is Answer.YES and not withdrawn
            and (needed is From.YOUNG_PERSON or signed)
        )  # fmt: skip
        assert may.ok or may.words


def test_every_change_of_mind_has_its_row() -> None:
    assert [one.withdraws for one in TABLE] == list(Withdraws)
    for one in TABLE:
        assert row(one.withdraws) is one
        assert one.effects
        assert all((one.stops, one.kept, one.told))
    used = set().union(*(one.effects for one in TABLE))
    assert used == set(Effect)


def test_a_parent_can_pause_one_activity_and_nothing_else() -> None:
    assert row(Withdraws.PARENT_TAKING_PART).effects == {Effect.ACTIVITY_PAUSED, Effect.HELP_GOES_ON}
    for one in (Withdraws.PARENT_TAKING_PART, Withdraws.PARENT_OBJECTS):
        assert Effect.HELP_GOES_ON in row(one).effects
        assert not row(one).effects & {Effect.TIES_CUT, Effect.MESSAGES_STOP, Effect.RECORD_LOCKED}
