"""Sentences without a language yet."""

from datetime import date, datetime

import pytest

from stile.kernel.said import Nn_, Said, clock, day_and_clock, listed, say, say_many


def test_parameters_are_translated_too() -> None:
    welsh = {"because you said %(kind)s": "am i ti ddweud %(kind)s", "Animals": "Anifeiliaid"}
    said = say("because you said %(kind)s", kind=say("Animals"))
    assert str(said) == "because you said Animals"
    assert said.text(lambda words: welsh.get(words, words)) == "am i ti ddweud Anifeiliaid"


def test_counts_choose_singular_or_plural() -> None:
    places = Nn_("%(n)s place", "%(n)s places")
    assert [str(say_many(places, n)) for n in (0, 1, 3)] == ["0 places", "1 place", "3 places"]


def test_a_percent_sign_in_what_somebody_typed_is_harmless() -> None:
    assert str(say("because you said %(word)s", word="100% me %(n)s")) == "because you said 100% me %(n)s"
    assert str(Said("100%")) == "100%"


def test_dates_as_people_say_them() -> None:
    assert str(day_and_clock(datetime(2026, 3, 3, 16))) == "Tuesday 3 March at 4pm"
    assert [str(clock(datetime(2026, 3, 3, *at))) for at in ((0, 5), (9,), (12,), (18, 30))] == [
        "12:05am",
        "9am",
        "12pm",
        "6:30pm",
    ]
    assert date(2026, 3, 3).weekday() == 1


def test_lists() -> None:
    one, two, three = say("a"), say("b"), say("c")
    assert [str(listed(parts)) for parts in ([one], [one, two], [one, two, three])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
    with pytest.raises(ValueError, match="nothing"):
        listed([])
