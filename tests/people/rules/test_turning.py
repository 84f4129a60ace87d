"""Birthdays that change the rules: on the right day, each once."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stile.people.rules.age import years
from stile.people.rules.turning import ASK, POINTS, Turn, to_raise, turning_points

BORN = st.dates(date(1998, 1, 1), date(2016, 12, 31))


def test_the_points_of_one_life() -> None:
    assert dict(turning_points(date(2009, 1, 9))) == {
        Turn.THIRTEEN: date(2022, 1, 9),
        Turn.SIXTEEN: date(2025, 1, 9),
        Turn.BEFORE_18: date(2026, 7, 9),
        Turn.EIGHTEEN: date(2027, 1, 9),
        Turn.BEFORE_25: date(2033, 7, 9),
        Turn.TWENTY_FIVE: date(2034, 1, 9),
    }


def test_half_a_year_before_is_early_where_the_month_is_short() -> None:
    assert dict(turning_points(date(2008, 8, 31)))[Turn.BEFORE_18] == date(2026, 2, 28)


@given(BORN)
def test_whole_years_fall_on_the_day_the_age_is_reached(born: date) -> None:
    for point, (_, day) in zip(POINTS, turning_points(born), strict=True):
        if not point.months:
            assert years(born, day) == point.years
            assert years(born, day - timedelta(days=1)) == point.years - 1
        else:
            assert years(born, day) == point.years


@given(BORN, st.integers(0, 9000), st.integers(0, 4000))
def test_raised_by_the_day_and_never_before(born: date, since: int, later: int) -> None:
    known_since = born + timedelta(days=since)
    on = known_since + timedelta(days=later)
    raised = to_raise(born, known_since=known_since, on=on)
    assert all(day <= on for _, day in raised)
    assert len({kind for kind, _ in raised}) == len(raised)
    came = [kind for kind, day in turning_points(born) if known_since < day <= on]
    assert set(came) <= {kind for kind, _ in raised}


def test_whoever_comes_at_seventeen_and_nine_months_still_gets_the_plan_for_18() -> None:
    born, came = date(2009, 1, 9), date(2026, 10, 9)
    assert to_raise(born, known_since=came, on=came) == ((Turn.BEFORE_18, date(2026, 7, 9)),)
    assert Turn.BEFORE_18 not in dict(to_raise(born, known_since=date(2027, 1, 9), on=date(2027, 1, 9)))


def test_every_kind_says_what_to_look_at() -> None:
    assert {kind.value for kind in Turn} | {"competence", "sharing"} == set(ASK)
