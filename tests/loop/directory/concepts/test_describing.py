"""What a service is and what it states, from its own description."""

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.loop.directory.rules.concepts.describing import MOST, classify, facts_in, stated
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, KIND_BY_SLUG
from tests.paths import shared


@pytest.mark.parametrize(
    ("name", "text", "kinds"),
    [
        ("Brushstrokes", "A weekly art group. Draw, paint and print.", ("drawing",)),
        ("Walking Well", "Led walks by the canal. Not suitable for swimming.", ("walking",)),
        (
            "Walking Well",
            "Led walks. There is no swimming in the canal, but we do have picnics.",
            ("walking",),
        ),
        ("St Mary's Church Hall", "Rooms to hire. Car park. Walk-in enquiries welcome.", ("other",)),
        ("Household Waste Site", "Vans need a permit.", ("other",)),
        ("Wellbeing Hub", "A friendly space in the community for everyone.", ("other",)),
        ("Not Just Football", "Football and more.", ("football",)),
        ("Clwb Nofio", "Gwersi nofio i bawb yn y pwll.", ("swimming",)),
        ("", "", ("other",)),
    ],
)
def test_kinds(name: str, text: str, kinds: tuple[str, ...]) -> None:
    assert classify(name, text) == kinds


def test_the_name_says_more_than_the_text_and_terms_count() -> None:
    text = "We also go swimming and climbing in summer."
    assert classify("Tidewater Boxing Club", text)[0] == "boxing"
    assert classify("Tidewater", "", ["Martial Arts"]) == ("martial-arts",)


def test_at_most_four_kinds() -> None:
    text = "Football, chess, pottery, yoga, radio, circus and fishing."
    assert len(classify("Everything", text)) == MOST


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("The hall is wheelchair accessible.", {"step_free": Answer.YES}),
        (
            "Step-free throughout. There is a hearing loop.",
            {"step_free": Answer.YES, "hearing_loop": Answer.YES},
        ),
        ("Not wheelchair accessible because of steps.", {"step_free": Answer.NO}),
        ("Sorry, no step free access. Free tea.", {"step_free": Answer.NO, "free_food": Answer.YES}),
        ("BSL interpreted.", {"bsl": Answer.YES}),
        ("Social, not competitive.", {"competition": Answer.NO}),
        # half said, so not said (H10)
        ("Wheelchair access on request.", {}),
        ("The ground floor is partially wheelchair accessible.", {}),
        ("Please ask about step free access.", {}),
        ("We hope to have a hearing loop soon.", {}),
        ("Girls only session on Fridays.", {}),
        ("Wheelchair basketball for all.", {}),
        ("Wheelchair accessible. Not wheelchair accessible.", {}),
        ("", {}),
    ],
)
def test_facts_only_where_the_text_states_them(text: str, facts: dict[str, Answer]) -> None:
    assert facts_in(text) == facts


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("Free for all young people.", Answer.YES),
        ("It is free of charge.", Answer.YES),
        ("Am ddim.", Answer.YES),
        ("Free parking.", Answer.UNKNOWN),
        ("First session free, then £4.", Answer.UNKNOWN),
        ("Step free.", Answer.UNKNOWN),
        ("Not free.", Answer.UNKNOWN),
        ("£3 a week.", Answer.UNKNOWN),
    ],
)
def test_free_only_where_it_is_said_outright(text: str, free: Answer) -> None:
    assert stated(text).free is free


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_can_be_classified(text: str, name: str) -> None:
    kinds = classify(name, text, [name])
    assert 1 <= len(kinds) <= MOST
    assert set(kinds) <= set(KIND_BY_SLUG)
    assert set(facts_in(text)) <= set(FACT_BY_SLUG)
    assert Answer.UNKNOWN not in facts_in(text).values()


@given(
    st.sampled_from(["step_free", "hearing_loop", "bsl", "quiet"]), st.text(alphabet="abc ,.", max_size=30)
)
def test_nothing_is_stated_by_words_that_say_nothing(slug: str, text: str) -> None:
    assert slug not in facts_in(text)


def test_a_councils_own_categories_of_sports_clubs() -> None:
    """Categories a council gave its clubs, against what their bare names and those categories say."""
    ours = {
        "Badminton": "racket",
        "Tennis": "racket",
        "Cricket": "team-sport",
        "Football": "football",
        "Golf": "golf",
        "Bowling": "golf",
        "Gymnastics": "gymnastics",
        "Martial Arts": "martial-arts",
        "Netball": "team-sport",
        "Rugby": "team-sport",
        "Swimming": "swimming",
        "Weights": "gym",
        "Rowing": "water",
        "Riding": "horses",
    }
    path = shared("data/directories/uk-trafford-open-data/sports_clubs_sports_clubs.csv")
    tally: Counter[bool] = Counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["category"] in ours:
                tally[ours[row["category"]] in classify(row["name"], "", [row["category"]])] += 1
    assert tally[True] > 90
    assert tally[False] == 0
