"""Prices, languages, facts put together, reports of wrong details, and public ids."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.loop.directory.rules.feedback import WRONG, doubted, may_report, may_say_hello
from stile.loop.directory.rules.identity import uid_of
from stile.loop.directory.rules.known import together
from stile.loop.directory.rules.languages import codes_of
from stile.loop.directory.rules.price import pence_in, price_pence
from stile.loop.directory.rules.records import AssuranceRecord, CostRecord
from stile.loop.directory.rules.standing import (
    REQUIRED_CHECKS,
    Checks,
    Freshness,
    checks,
    checks_until,
    freshness_shown,
)
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("said", "pence"),
    [
        ("Free", 0),
        ("free of charge.", 0),
        ("No charge", 0),
        ("Am ddim", 0),
        ("£2.50 per session", 250),
        ("£3", 300),
        ("50p", 50),
        ("Free for members", None),
        ("£3 or £20 a term", None),
        ("from £5", None),
        ("", None),
    ],
)
def test_a_price_is_read_only_where_it_is_all_that_is_said(said: str, pence: int | None) -> None:
    assert pence_in(said) == pence


def test_the_least_one_can_pay() -> None:
    assert price_pence([CostRecord(amount_pence=500), CostRecord(amount_pence=200, currency="GBP")]) == 200
    assert price_pence([CostRecord(amount_pence=100, currency="USD")]) is None
    assert price_pence([CostRecord(text="Free")]) == 0
    assert price_pence([], "£4 a session") == 400
    assert price_pence([]) is None


def test_languages_as_codes() -> None:
    assert codes_of(["Welsh", "pol", "en-GB", "Polish", "Klingon", "British Sign Language", ""]) == (
        "cy",
        "pl",
        "en",
    )


ANSWERS = st.dictionaries(
    st.sampled_from(list(FACT_BY_SLUG)), st.sampled_from(["yes", "no", "unknown", "perhaps"])
)


@given(ANSWERS, ANSWERS, ANSWERS)
def test_H10_what_nobody_says_stays_unknown(
    service: dict[str, str], read: dict[str, str], place: dict[str, str]
) -> None:
    known = together(service, read, place)
    for slug in FACT_BY_SLUG:
        said = {told[slug] for told in (service, read, place) if told.get(slug) in ("yes", "no")}
        assert (slug in known) == bool(said)
        if len(said) == 1:
            assert known[slug] is Answer(said.pop())
    assert Answer.UNKNOWN not in known.values()


def test_H10_where_service_and_place_disagree_the_careful_answer_holds() -> None:
    assert together({"step_free": "yes"}, {}, {"step_free": "no"}) == {"step_free": Answer.NO}
    assert together({"loud": "no"}, {}, {"loud": "yes"}) == {"loud": Answer.YES}
    assert together({"quiet": "no"}, {"quiet": "yes"}, {}) == {"quiet": Answer.NO}


def test_H08_two_people_saying_it_has_closed_grey_it_and_one_pressing_twice_does_not() -> None:
    def ago(**how: float) -> datetime:
        return NOON - timedelta(**how)

    assert doubted([("closed", ago(days=3)), ("moved", ago(days=1))], NOON)
    assert not doubted([("closed", ago(minutes=5)), ("closed", ago(minutes=1))], NOON)
    assert not doubted([("closed", ago(days=15)), ("closed", ago(days=1))], NOON)
    assert not doubted([("time", ago(days=2)), ("closed", ago(days=1))], NOON)


def test_H08_a_doubted_listing_is_never_fresh() -> None:
    today = date(2026, 11, 20)
    assert freshness_shown(today, today, doubted=False) is Freshness.FRESH
    assert freshness_shown(today, today, doubted=True) is Freshness.AGEING
    assert freshness_shown(today - timedelta(91), today, doubted=True) is Freshness.STALE


def test_H09_checks_hold_until_the_first_of_them_is_due() -> None:
    due = date(2027, 1, 1)
    all_seen = [
        AssuranceRecord(kind, review_due=due + timedelta(n)) for n, kind in enumerate(REQUIRED_CHECKS)
    ]
    assert checks_until(all_seen) == due
    assert checks(all_seen, due) is Checks.CURRENT
    assert checks(all_seen, due + timedelta(1)) is Checks.OVERDUE
    assert checks_until(all_seen[:-1]) is None
    assert checks_until([*all_seen[:-1], AssuranceRecord(REQUIRED_CHECKS[-1])]) is None


def test_what_people_may_write() -> None:
    assert all(may_report(what, "") for what in WRONG)
    assert not may_report("nonsense", "")
    assert not may_report("closed", "x" * 1001)
    assert may_say_hello("Jo", "text 07700 900123")
    assert not may_say_hello(" ", "text 07700 900123")
    assert not may_say_hello("Jo", "")
    assert not may_say_hello("Jo", "one\ntwo")
    assert not may_say_hello("J" * 41, "x")


def test_public_ids_stay_the_same_for_ever() -> None:
    assert str(uid_of("town", "service", "s1")) == str(uid_of("town", "service", "s1"))
    assert len({uid_of("a", "service", "1"), uid_of("b", "service", "1"), uid_of("a", "location", "1")}) == 3
    assert str(uid_of("demo", "service", "1")) == "3b093f71-8d9a-5a6e-8db6-32e1aaee16b2"
