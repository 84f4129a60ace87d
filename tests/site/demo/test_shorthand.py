"""The short ways of writing in the demo town's files, read into neutral records."""

from datetime import date, time

import pytest

from stile.kernel.answer import Answer
from stile.loop.directory.rules.standing import Checks, checks
from stile.site.demo.shorthand import read_ages, read_checks, read_cost, read_facts, read_time

TODAY = date(2026, 11, 24)  # a Tuesday


def test_weekly_times() -> None:
    found = read_time("Tue 17:30-19:00", TODAY, "k")
    assert (found.freq, found.interval, found.byday) == ("WEEKLY", 1, "TU")
    assert (found.opens_at, found.closes_at) == (time(17, 30), time(19))
    assert found.text == "Tuesdays 5.30pm to 7pm"
    assert read_time("Mon,Wed,Fri 09:00-12:00", TODAY, "k").byday == "MO,WE,FR"
    assert (
        read_time("Mon,Wed,Fri 09:00-12:00", TODAY, "k").text == "Mondays, Wednesdays and Fridays 9am to 12pm"
    )


def test_monthly_and_fortnightly_times() -> None:
    assert read_time("2nd Tue 18:00-19:00", TODAY, "k").byday == "2TU"
    assert read_time("last Sat 09:00-18:00", TODAY, "k").byday == "-1SA"
    fortnightly = read_time("every 2 weeks Tue 18:00-19:00", TODAY, "k")
    assert fortnightly.interval == 2
    assert fortnightly.dtstart == date(2025, 1, 7), "the same fortnight whenever it is loaded"
    assert fortnightly == read_time("every 2 weeks Tue 18:00-19:00", date(2027, 5, 1), "k")


def test_a_course_begins_on_its_weekday() -> None:
    course = read_time("Sat 10:00-12:30 x6 from +30 | Six Saturdays", TODAY, "k")
    assert course.count == 6
    assert course.dtstart == date(2026, 12, 26)
    assert course.text == "Six Saturdays"


def test_prose_alone_claims_no_time() -> None:
    found = read_time("| When the weather lets us", TODAY, "k")
    assert (found.freq, found.byday, found.opens_at) == ("", "", None)
    assert found.text == "When the weather lets us"


@pytest.mark.parametrize(
    "wrong", ["Tuesday 5pm", "Tue 19:00-17:30", "Xyz 10:00-11:00", "5th Tue 10:00-11:00"]
)
def test_times_nobody_can_read(wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        read_time(wrong, TODAY, "k")


def test_prices() -> None:
    assert read_cost("free", "k").amount_pence == 0
    assert read_cost("50p | each time", "k").amount_pence == 50
    found = read_cost("£2.50 | each time | kit included", "k")
    assert (found.amount_pence, found.currency, found.option, found.text) == (
        250,
        "GBP",
        "each time",
        "kit included",
    )
    assert read_cost("free | pencils are there", "k").text == "pencils are there"
    with pytest.raises(ValueError, match="2 pounds"):
        read_cost("2 pounds", "k")


def test_ages() -> None:
    assert read_ages("11-16") == (11, 16)
    assert read_ages("11+") == (11, None)
    with pytest.raises(ValueError, match="16-11"):
        read_ages("16-11")


def test_facts() -> None:
    assert read_facts({"so": ["quiet"], "not_so": ["loud"]}) == {"quiet": Answer.YES, "loud": Answer.NO}
    with pytest.raises(ValueError, match="twice"):
        read_facts({"so": ["quiet"], "not_so": ["quiet"]})


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("never", Checks.UNKNOWN),
        ({"seen": 90, "review": 200}, Checks.CURRENT),
        ({"seen": 90, "review": -1}, Checks.OVERDUE),
        ({"seen": 90, "review": 200, "without": ["staff_checks"]}, Checks.MISSING),
        ({"seen": 90, "review": 200, "suspended": True}, Checks.SUSPENDED),
    ],
)
def test_checks(written: object, state: Checks) -> None:
    assert checks(read_checks(written, TODAY), TODAY) is state  # type: ignore[arg-type]
