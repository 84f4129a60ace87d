"""Ages and times in prose: read where certain, left as words where not."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.loop.directory.rules.prose import NO_BOUNDS, age_bounds, times_in

AGES = [
    ("11-16", (11, 16)),
    ("11 – 16", (11, 16)),
    ("11 to 16", (11, 16)),
    ("ages 11 to 16", (11, 16)),
    ("Aged 11-16 years", (11, 16)),
    ("11-16yrs", (11, 16)),
    ("16 - 25 yrs old", (16, 25)),
    ("0-19", (0, 19)),
    ("12/13 year olds", (12, 13)),
    ("Counselling and one to one support for young people aged 13 to 25 years.", (13, 25)),
    ("between the ages of 11 and 18", (11, 18)),
    ("a club for 8-12s", (8, 12)),
    ("children 5-11 years", (5, 11)),
    ("under 18s", (None, 17)),
    ("Under 18", (None, 17)),
    ("aged under 25", (None, 24)),
    ("for over 55s", (55, None)),
    ("over 18", (18, None)),
    ("16+", (16, None)),
    ("8yrs +", (8, None)),
    ("13 and up", (13, None)),
    ("We welcome anyone aged 16+", (16, None)),
    ("Older adults age 55 or over who can benefit", (55, None)),
    ("minimum age 16", (16, None)),
    ("up to 25", (None, 25)),
    ("up to the age of 25", (None, 25)),
    ("school years 7-11", (11, 16)),
    ("Years 7 to 11", (11, 16)),
    ("Year 9", (13, 14)),
    ("a group for pupils in year 9", (13, 14)),
    ("young carers aged 8-18", (8, 18)),
    ("for disabled young people aged 11-25", (11, 25)),
    ("Free youth club for 11-16 year olds", (11, 16)),
    ("5-11 and 12-16 year olds", (5, 16)),
    ("Ages 5-7, 8-10 and 11-13", (5, 13)),
    ("oed 11-16", (11, 16)),
]
NOT_AGES = [
    "",
    "young people",
    "open 9-5",
    "9-5",
    "room for 11-16 people",
    "call 11-16",
    "up to 25 people",
    "16+ stalls",
    "200-300",
    "16-12",
    "6-18 months",
    "25 years of experience",
    "For over 20 years the club has helped",
    "over the last 5 to 10 years",
    "a waiting list of 1-2 years for young people",
    "In year 2 of the project",
    "Under 16s must be accompanied by an adult",
    "free for under 16s",
    "£3 for under 16s",
    "free for 0-5 year olds",
    "not suitable for under 8s",
    "under 12s and over 18s",
    "11-16 (up to 25 with SEND)",
    "aged 5-7 and aged 16-18",
    "Runs from 16 May",
    "aged 300-400",
]


@pytest.mark.parametrize(("text", "bounds"), AGES)
def test_ages_that_are_certain_become_bounds(text: str, bounds: tuple[int | None, int | None]) -> None:
    assert age_bounds(text) == bounds


@pytest.mark.parametrize("text", NOT_AGES)
def test_ages_that_are_not_certain_stay_words(text: str) -> None:
    assert age_bounds(text) == NO_BOUNDS


def _rules(text: str) -> list[tuple[str, str, str, str]]:
    return [
        (
            r.freq,
            r.byday,
            f"{r.opens_at:%H:%M}" if r.opens_at else "",
            f"{r.closes_at:%H:%M}" if r.closes_at else "",
        )
        for r in times_in(text)
    ]


WEEKDAYS = "MO,TU,WE,TH,FR"
TIMES = [
    ("Tuesdays 4-6pm", [("WEEKLY", "TU", "16:00", "18:00")]),
    ("Tuesday, 4 - 6 p.m.", [("WEEKLY", "TU", "16:00", "18:00")]),
    ("4-6pm Tuesdays", [("WEEKLY", "TU", "16:00", "18:00")]),
    ("Dydd Mawrth 4-6pm", [("WEEKLY", "TU", "16:00", "18:00")]),
    ("Wednesday 9:30am - 12noon", [("WEEKLY", "WE", "09:30", "12:00")]),
    ("Mon-Fri 10am to 4pm", [("WEEKLY", WEEKDAYS, "10:00", "16:00")]),
    ("Monday–Friday 10:00–16:00", [("WEEKLY", WEEKDAYS, "10:00", "16:00")]),
    ("Mon to Fri 10am-4pm except bank holidays", [("WEEKLY", WEEKDAYS, "10:00", "16:00")]),
    ("Mon, Wed & Fri 18:00-20:00", [("WEEKLY", "MO,WE,FR", "18:00", "20:00")]),
    ("Mon 09:30-12:00", [("WEEKLY", "MO", "09:30", "12:00")]),
    ("Saturday 10-4pm", [("WEEKLY", "SA", "10:00", "16:00")]),
    ("Sat 11-1pm", [("WEEKLY", "SA", "11:00", "13:00")]),
    ("Mon 12-2pm", [("WEEKLY", "MO", "12:00", "14:00")]),
    ("Every Tuesday", [("WEEKLY", "TU", "", "")]),
    ("Tuesday from 11am", [("WEEKLY", "TU", "11:00", "")]),
    ("Daily 8am-8pm", [("WEEKLY", "MO,TU,WE,TH,FR,SA,SU", "08:00", "20:00")]),
    (
        "Mon 10am-12pm and 2pm-4pm, Tue 6-8pm",
        [
            ("WEEKLY", "MO", "10:00", "12:00"),
            ("WEEKLY", "MO", "14:00", "16:00"),
            ("WEEKLY", "TU", "18:00", "20:00"),
        ],
    ),
    (
        "Mon-Thurs: 9.30am - 4.30pm; Fri: 9.30am-1pm",
        [("WEEKLY", "MO,TU,WE,TH", "09:30", "16:30"), ("WEEKLY", "FR", "09:30", "13:00")],
    ),
    (
        "Open Monday 1-3pm, Thursday 2-4pm\nNot open on Bank Holidays",
        [("WEEKLY", "MO", "13:00", "15:00"), ("WEEKLY", "TH", "14:00", "16:00")],
    ),
    ("every 2nd Tuesday of the month 7pm", [("MONTHLY", "2TU", "19:00", "")]),
    ("First and third Monday of the month 10.30am-12.30pm", [("MONTHLY", "1MO,3MO", "10:30", "12:30")]),
    ("last Friday of every month, 7pm", [("MONTHLY", "-1FR", "19:00", "")]),
]
ONLY_WORDS = [
    "term time only",
    "varies",
    "NA",
    "9-5",
    "Mon-Fri 9-5",
    "Tuesday 6-8",
    "Mon 10:00-12:00",
    "Mon 9am-5",
    "10am to 4pm",
    "Tuesdays 4-6pm (term time only)",
    "Every other Tuesday 7pm",
    "every 2nd Tuesday 7pm",
    "Tue 7pm till late",
    "Fri 6pm - 2am",
    "Mon 25 December 10am-2pm",
    "Closed Monday",
    "Monday - Friday 8am - 4pm. Please ring.",
    "Daily (except Tues & Sat) 10:30am - 12pm",
]


@pytest.mark.parametrize(("text", "rules"), TIMES)
def test_times_that_are_certain_become_rules(text: str, rules: list[tuple[str, str, str, str]]) -> None:
    assert _rules(text) == rules


@pytest.mark.parametrize("text", ONLY_WORDS)
def test_times_that_are_not_certain_stay_words(text: str) -> None:
    assert _rules(text) == [("", "", "", "")]
    assert times_in(text)[0].text == text


@given(st.text(max_size=80) | st.text(alphabet="0123456789 -–+amp:.mondayTuesWy,;&(thsrndo", max_size=60))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    least, most = age_bounds(text)
    assert least is None or most is None or 0 <= least <= most <= 120
    for rule in times_in(text):
        assert rule.text in text
        assert rule.text.strip()
        assert rule.opens_at is None or isinstance(rule.opens_at, time)
        assert rule.freq or (rule.opens_at is None and rule.closes_at is None and not rule.byday)
        assert rule.closes_at is None or (rule.opens_at is not None and rule.opens_at < rule.closes_at)


def test_a_long_text_is_not_a_slow_text() -> None:
    assert age_bounds("aged " * 3_900) == NO_BOUNDS
    assert times_in("Mon, " * 3_000)[0].freq == ""
