"""Who decides: exhaustively over age, note, doubt and safety."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.people.rules.age import UNKNOWN, Age
from stile.people.rules.competence import (
    PROMPTS,
    Concludes,
    Deciding,
    Note,
    Who,
    complete,
    may_say_yes,
    review_day,
    stands,
    who_decides,
)
from stile.people.rules.nations import Nation

DAY = date(2026, 11, 22)
WORDS = dict.fromkeys(PROMPTS, "They said so.")


def note(
    concludes: Concludes = Concludes.UNDERSTANDS, deciding: Deciding = Deciding.SHARING, **more: object
) -> Note:
    values: dict[str, object] = {
        "written_on": DAY, "review_on": review_day(DAY), "free_of_pressure": Answer.YES, "own_words": WORDS,
        "reasons": "Said it back in other words.",
    }  # fmt: skip
    return Note(deciding, concludes, **{**values, **more})  # type: ignore[arg-type]


def expected(old: int | None, concludes: Concludes | None, doubted: bool, safe: Answer) -> Who:
    """The rule once more, as experience.md tells it."""
    if old is not None and old >= 18:
        return Who.LEAD if doubted else Who.YOUNG_PERSON
    if old is not None and old >= 16 and not doubted and concludes is None:
        return Who.YOUNG_PERSON
    if concludes is Concludes.UNDERSTANDS:
        return Who.YOUNG_PERSON
    if concludes is Concludes.NOT_YET:
        return Who.PARENT if safe is Answer.YES else Who.LEAD
    return Who.NOTE_FIRST


@pytest.mark.parametrize("nation", Nation)
def test_who_decides_in_every_case(nation: Nation) -> None:
    for old, concludes, doubted, safe in product(
        [*range(11, 26), None], [None, *Concludes], (False, True), Answer
    ):
        who = who_decides(
            nation, UNKNOWN if old is None else Age(old, old), Deciding.SHARING, DAY,
            note=note(concludes) if concludes else None, doubted=doubted, parent_safe=safe,
        )  # fmt: skip
        assert who is expected(old, concludes, doubted, safe), (old, concludes, doubted, safe)


@pytest.mark.parametrize("nation", Nation)
def test_a_note_about_one_decision_says_nothing_about_another(nation: Nation) -> None:
    for about, asked in product(Deciding, Deciding):
        who = who_decides(nation, Age(14, 14), asked, DAY, note=note(deciding=about))
        assert (who is Who.YOUNG_PERSON) == (about is asked)


@given(st.integers(-400, 400))
def test_a_note_stands_from_its_day_until_its_review(days: int) -> None:
    on = DAY + timedelta(days=days)
    assert stands(note(), Deciding.SHARING, on) == (DAY <= on < date(2027, 5, 22))
    who = who_decides(Nation.ENGLAND, Age(14, 14), Deciding.SHARING, on, note=note())
    assert who is (Who.YOUNG_PERSON if DAY <= on < date(2027, 5, 22) else Who.NOTE_FIRST)


@pytest.mark.parametrize("pressed", [Answer.NO, Answer.UNKNOWN])
def test_understanding_under_pressure_is_not_a_decision(pressed: Answer) -> None:
    written = note(free_of_pressure=pressed)
    assert complete(written).code == "pressure"
    assert who_decides(Nation.ENGLAND, Age(14, 14), Deciding.SHARING, DAY, note=written) is Who.NOTE_FIRST


@pytest.mark.parametrize("prompt", PROMPTS)
def test_each_of_the_four_questions_is_answered_in_their_words(prompt: str) -> None:
    assert complete(note()).ok
    assert complete(note(own_words={**WORDS, prompt: "  "})).code == "own words"


def test_a_note_gives_reasons_and_is_looked_at_again_within_six_months() -> None:
    assert complete(note(reasons=" ")).code == "reasons"
    assert complete(note(review_on=review_day(DAY) + timedelta(days=1))).code == "review"
    assert complete(note(review_on=DAY)).code == "review"
    assert complete(note(Concludes.NOT_YET, free_of_pressure=Answer.UNKNOWN)).ok
    assert review_day(date(2026, 8, 31)) == date(2027, 2, 28)


def test_only_the_one_who_decides_may_say_yes() -> None:
    for decides, given_by in product(Who, Who):
        answer = may_say_yes(decides, given_by)
        assert answer.ok == (decides is given_by and decides is not Who.NOTE_FIRST)
        assert answer.ok or (answer.code == decides.value and answer.words)
