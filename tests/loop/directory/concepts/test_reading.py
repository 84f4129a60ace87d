"""What is taken from a wish, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.loop.directory.rules.concepts.reading import LONGEST, Heard, Reading, read
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, KIND_BY_SLUG, PartOfDay

TELLING = [
    "not",
    "no",
    "i",
    "like",
    "football",
    ",",
    ".",
    "but",
    "drawing",
    "dont",
    "hate",
    "free",
    "im",
    "15",
    "mon",
]


def sure(heard: tuple[Heard, ...]) -> list[str]:
    return [one.slug for one in heard if one.sure]


def test_their_own_words_are_kept_as_typed() -> None:
    reading = read("Drawing, Guinea Pigs, nervous in CROWDS")
    assert reading.kinds[:2] == (Heard("drawing", "Drawing"), Heard("animals", "Guinea Pigs"))
    assert reading.avoid == (Heard("crowds", "CROWDS"),)


@pytest.mark.parametrize("text", ["", "   ", "?!", "hello", "qwertyuiop", "🫠"])
def test_nothing_said_is_nothing_heard(text: str) -> None:
    assert read(text) == Reading()


@pytest.mark.parametrize(
    ("text", "wanted", "turned_down"),
    [
        ("not football", [], ["football"]),
        ("not football, rugby or cricket", [], ["football", "team-sport"]),
        ("not football, drawing", ["drawing"], ["football"]),
        ("anything but dance", [], ["dance"]),
        ("i love swimming not running", ["swimming"], ["running"]),
        ("hate singing but i like drama", ["theatre"], ["singing"]),
        ("nothing involving singing in public", [], ["singing"]),
        ("bored of football", [], ["football"]),
        ("football isnt for me", [], ["football"]),
        ("art but not drawing", [], ["drawing"]),
        ("dim pêl-droed", [], ["football"]),
        ("unrhyw beth heblaw nofio", [], ["swimming"]),
        # not turned down at all
        ("not just football", ["football"], []),
        ("not bad at drawing", ["drawing"], []),
        ("i dont mind football", ["football"], []),
        ("never tried climbing", ["climbing"], []),
        ("swim lessons, i cant swim", ["swimming"], []),
        ("no money for drawing classes", ["drawing"], []),
        ("no sign up football", ["football"], []),
        ("i have no friends and like chess", ["board-games"], []),
        ("i cant stand loud music", [], []),
    ],
)
def test_turning_down(text: str, wanted: list[str], turned_down: list[str]) -> None:
    reading = read(text)
    assert sure(reading.kinds) == wanted
    assert sure(reading.not_kinds) == turned_down


def test_not_sports_is_more_than_team_sports() -> None:
    refused = set(sure(read("not sports").not_kinds))
    assert {"football", "team-sport", "boxing", "athletics", "gym"} <= refused
    assert not refused & {"dance", "walking", "yoga", "swimming"}


@pytest.mark.parametrize(
    ("text", "needs", "avoid"),
    [
        ("wheelchair", ["step_free"], []),
        ("girls only gym", ["girls_only"], []),
        ("no boys", ["girls_only"], []),
        ("dont wanna talk to anyone", ["no_need_to_talk"], []),
        ("not too many people", ["small_group"], []),
        ("no shouting", [], ["loud"]),
        ("crowds freak me out", [], ["crowds"]),
        ("scared of heights", [], ["heights"]),
        ("allergic to dogs", [], ["animals_there"]),
        ("i have epilepsy", [], ["flashing_lights"]),
        ("no diet talk", [], ["body_talk"]),
        ("bring my mate", ["bring_friend"], []),
        ("cadair olwyn", ["step_free"], []),
        ("dim gweiddi", [], ["loud"]),
        # said, and neither asked for nor to be avoided
        ("loud music", [], []),
        ("i like competitions", [], []),
        ("climbing, nothing scares me", [], []),
    ],
)
def test_needs_and_what_to_avoid(text: str, needs: list[str], avoid: list[str]) -> None:
    reading = read(text)
    assert sure(reading.needs) == needs
    assert sure(reading.avoid) == avoid


def test_shyness_is_a_hint_and_never_a_need() -> None:
    reading = read("im shy")
    assert reading.needs
    assert not sure(reading.needs)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("im skint", 0),
        ("it has to be free", 0),
        ("heb bres", 0),
        ("under £5", 500),
        ("no more than 3 quid", 300),
        ("im free on tuesdays", None),
        ("feel free to say no", None),
        ("gluten free baking", None),
        ("free running", None),
        ("baking", None),
    ],
)
def test_money(text: str, pence: int | None) -> None:
    assert read(text).budget_pence == pence


@pytest.mark.parametrize(
    ("text", "days", "parts"),
    [
        ("monday or thurs evenings", {0, 3}, {"evening"}),
        ("sat morning", {5}, {"morning"}),
        ("at the weekend", {5, 6}, set()),
        ("after school", set(), {"afternoon"}),
        ("weekdays after 6pm", {0, 1, 2, 3, 4}, {"evening"}),
        ("after 4", set(), {"afternoon", "evening"}),
        ("not on fridays", {0, 1, 2, 3, 5, 6}, set()),
        ("i work saturdays", {0, 1, 2, 3, 4, 6}, set()),
        ("nos Fawrth", {1}, {"evening"}),
        ("i sat in the sun", set(), set()),
        ("an open mic night", set(), set()),
        ("tynnu llun", set(), set()),  # a picture, not a Monday
        ("tynnu llun ar ddydd Llun", {0}, set()),
    ],
)
def test_times(text: str, days: set[int], parts: set[str]) -> None:
    reading = read(text)
    assert (reading.days, reading.parts) == (days, {PartOfDay(part) for part in parts})


def test_soon() -> None:
    heard = {text: read(text).when for text in ("tonight", "tomoro", "this weekend", "next week", "one day")}
    assert list(heard.values()) == ["today", "tomorrow", "this_weekend", "next_week", ""]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("im 15", 15),
        ("I am 15 and bored", 15),
        ("a 17 year old", 17),
        ("dwi'n 14 oed", 14),
        ("my brother is 9 and i am 14", 14),
        ("im 15 minutes away", None),
        ("im 5 foot 3", None),
        ("aged 11 to 18", None),
        ("im 15, im 16", None),
        ("level 12", None),
        ("im 99", None),
    ],
)
def test_an_age_only_when_it_is_certain(text: str, age: int | None) -> None:
    assert read(text).age == age


def test_company_travel_online_and_parents() -> None:
    assert read("someone to go with me").with_someone
    assert not read("i go on my own").with_someone
    assert [
        read(text).travel for text in ("by bike", "can walk there", "dad drives me", "no one can drive me")
    ] == [
        "bike",
        "foot",
        "lift",
        "",
    ]
    assert read("online art club").online
    assert not read("not online").online
    assert read("without my parents knowing").no_parent_form
    assert not read("my mum likes it").no_parent_form


# ---- the words at which help-now is shown: a prompt, so it may be shown too often, but not at these


@pytest.mark.parametrize(
    "text",
    [
        "i want to die",
        "wanna kill myself",
        "i dont want to be here anymore",
        "cant keep myself safe",
        "ive been cutting myself",
        "sucidal thoughts",
        "my stepdad hits me",
        "i dont feel safe at home",
        "art club. also ive been self harming",
        "dwi isio marw",
        "brifo fy hun",
    ],
)
def test_urgent_words(text: str) -> None:
    reading = read(text)
    assert reading.urgent
    assert reading.urgent_word.lower() in text


@pytest.mark.parametrize(
    "text",
    [
        "dying to try climbing",
        "i could kill for a good guitar teacher",
        "murder mystery night",
        "killing time before college",
        "this place is dead",
        "to die for brownies",
        "die hard fan",
        "dying my hair pink",
        "i want to die my hair",
        "learning to cut my hair",
        "hit the gym",
        "suicide squad",
        "shooting hoops",
        "i could overdose on chocolate",
        "drama and stage fighting",
        "running away with the circus",
    ],
)
def test_words_that_only_sound_urgent(text: str) -> None:
    assert not read(text).urgent


def test_an_urgent_phrase_is_never_hidden_by_another() -> None:
    assert read("not football i want to die").urgent
    assert read("free art club, i dont want to be alive").urgent


# ---- languages


def test_the_language_is_told_by_the_words() -> None:
    assert read("dwi isio chwarae gitâr").language == "cy"
    assert read("i want to play guitar").language == "en"
    assert sure(read("gitâr").kinds) == ["instruments"]
    assert sure(read("plant pobl ifanc yn y clwb", language="cy").kinds) == []  # plant: children
    assert sure(read("plant trees").kinds) == ["nature"]


@pytest.mark.parametrize("text", ["ganu", "chanu", "canu", "dysgu canu", "i ganu mewn côr", "CANU"])
def test_changed_first_letters_are_the_same_word(text: str) -> None:
    assert sure(read(text).kinds) == ["singing"]


# ---- anything at all


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(text)
    assert {one.slug for one in (*reading.kinds, *reading.not_kinds)} <= set(KIND_BY_SLUG)
    assert {one.slug for one in (*reading.needs, *reading.avoid)} <= set(FACT_BY_SLUG)
    assert all(one.word in text for one in (*reading.kinds, *reading.needs, *reading.avoid))
    assert not {one.slug for one in reading.kinds} & {one.slug for one in reading.not_kinds}
    assert reading == read(text)


@given(st.lists(st.sampled_from(TELLING)))
def test_any_order_of_telling_words_can_be_read(some: list[str]) -> None:
    reading = read(" ".join(some))
    assert not {one.slug for one in reading.kinds} & {one.slug for one in reading.not_kinds}


def test_a_very_long_text_is_read_at_its_beginning_only() -> None:
    assert read("drawing " + "not " * 200_000 + "football") == read(("drawing " + "not " * 1_000)[:LONGEST])
