"""How old somebody is: against a slow count of birthdays, and nothing claimed that is not known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.people.rules.age import (
    BANDS,
    UNKNOWN,
    Age,
    age,
    at_least,
    band,
    band_of,
    birthday,
    ours,
    under,
    years,
)

BORN = st.dates(date(1990, 1, 1), date(2020, 12, 31))
DAYS = st.integers(0, 365 * 30)


def counted(born: date, on: date) -> int:
    """The slow way: one by one, each birthday that has come."""
    n = 0
    while birthday(born, born.year + n + 1) <= on:
        n += 1
    return n


@given(BORN, DAYS)
def test_years_are_birthdays_that_have_come(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    assert years(born, on) == counted(born, on)


@pytest.mark.parametrize(
    ("on", "old"),
    [(date(2024, 2, 28), 15), (date(2024, 2, 29), 16), (date(2025, 2, 28), 16), (date(2025, 3, 1), 17)],
)
def test_the_29th_of_february_is_the_1st_of_march_in_other_years(on: date, old: int) -> None:
    assert years(date(2008, 2, 29), on) == old


def test_nobody_is_younger_than_born() -> None:
    with pytest.raises(ValueError):
        years(date(2012, 5, 1), date(2012, 4, 30))
    assert age(date(2012, 4, 30), born=date(2012, 5, 1)) == UNKNOWN


@given(BORN, DAYS, DAYS)
def test_a_band_told_once_holds_the_true_age_on_every_later_day(born: date, told: int, later: int) -> None:
    told_on = born + timedelta(days=told)
    on = told_on + timedelta(days=later)
    said = band_of(years(born, told_on))
    known = age(on, band=said, band_on=told_on)
    assert known.low is not None
    assert known.high is not None
    assert known.low <= years(born, on) <= known.high


@given(BORN, DAYS, DAYS, st.integers(11, 26))
def test_no_answer_from_a_band_is_ever_wrong(born: date, told: int, later: int, n: int) -> None:
    told_on = born + timedelta(days=told)
    on = told_on + timedelta(days=later)
    answer = at_least(age(on, band=band_of(years(born, told_on)), band_on=told_on), n)
    truth = Answer.of(years(born, on) >= n)
    assert answer in (truth, Answer.UNKNOWN)


@pytest.mark.parametrize("told", [{}, {"band": "13-15"}, {"band": "teen", "band_on": date(2026, 1, 1)}])
def test_unknown_stays_unknown(told: dict[str, object]) -> None:
    nobody = age(date(2026, 6, 1), **told)  # type: ignore[arg-type]
    assert nobody == UNKNOWN
    assert not nobody.known
    assert nobody.exact is None
    assert band(nobody) == ""
    for question in (at_least(nobody, 16), under(nobody, 16), ours(nobody)):
        assert question is Answer.UNKNOWN


def test_a_band_told_for_a_later_day_says_nothing() -> None:
    assert age(date(2026, 1, 1), band="13-15", band_on=date(2026, 1, 2)) == UNKNOWN


def test_every_age_lies_in_one_band() -> None:
    for n in range(121):
        assert [one.code for one in BANDS if one.low <= n <= one.high] == [band_of(n)]
    assert band(Age(15, 16)) == ""


def test_whom_the_service_is_for() -> None:
    assert [n for n in range(40) if ours(Age(n, n)) is Answer.YES] == list(range(11, 26))
    assert ours(Age(10, 11)) is Answer.UNKNOWN
    assert ours(Age(25, 26)) is Answer.UNKNOWN
