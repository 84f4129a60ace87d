"""Cutting text into words, and the forms a phrase of the lexicon takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.loop.directory.rules.concepts.forms import listed, mutated, plural, spelled, verb
from stile.loop.directory.rules.concepts.words import folded, words, words_and_spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't like D&D", ["dont", "like", "d&d"]),
        ("pêl-droed", ["pel", "droed"]),
        ("dwi'n hoffi trwy'r Gymraeg", ["dwi", "hoffi", "trwy", "gymraeg"]),
        ("5-a-side, 1:1", ["5", "a", "side", ",", "1:1"]),
        ("under £5!", ["under", "£5", "!"]),
        ("🏳️‍🌈⚽", ["🏳", "🌈", "⚽"]),
        ("🧗🏾‍♀️", ["🧗", "♀"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=200))
def test_words_and_their_places_agree(text: str) -> None:
    found, spans = words_and_spans(text)
    assert found == [folded(text[start:end]) for start, end in spans]
    assert len(words(text)) == len(found)
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)


def test_a_list_of_phrases_with_choices() -> None:
    assert list(listed("paint, (my|your|) dog, a (b, c|d)")) == [
        "paint",
        "my dog",
        "your dog",
        "dog",
        "a b, c",
        "a d",
    ]


@pytest.mark.parametrize(
    ("stem", "forms"),
    [
        ("bake", {"bake", "bakes", "baking", "bakin", "baked"}),
        ("jog", {"jog", "jogs", "jogging", "joggin", "jogged"}),
        ("paint", {"paint", "paints", "painting", "paintin", "painted"}),
        ("box", {"box", "boxes", "boxing", "boxin", "boxed"}),
        ("study", {"study", "studies", "studying", "studyin", "studied"}),
    ],
)
def test_the_forms_of_a_verb(stem: str, forms: set[str]) -> None:
    assert set(verb(stem)) == forms


def test_plurals() -> None:
    assert [plural(word) for word in ("dog", "puppy", "bus", "church", "day")] == [
        "dogs",
        "puppies",
        "buses",
        "churches",
        "days",
    ]


@pytest.mark.parametrize(
    ("word", "changed"),
    [
        ("cerdd", {"gerdd", "ngherdd", "cherdd"}),
        ("pobl", {"bobl", "mhobl", "phobl"}),
        ("telyn", {"delyn", "nhelyn", "thelyn"}),
        ("garddio", {"arddio", "ngarddio"}),
        ("llyfr", {"lyfr"}),
        ("rhedeg", {"redeg"}),
        ("mam", {"fam"}),
        ("drama", {"ddrama", "nrama"}),
        ("chwarae", set()),  # ch is one letter, and it does not change
        ("anifail", {"hanifail"}),
    ],
)
def test_welsh_first_letters(word: str, changed: set[str]) -> None:
    assert set(mutated(word)) == changed


def test_what_stands_for_a_phrase() -> None:
    assert set(spelled("dont dance", language="")) == {
        ("dont", "dance"),
        ("do", "not", "dance"),
        ("dontdance",),
    }
    assert ("guinea", "pigs") in spelled("guinea pig", language="en")
    assert ("glwb", "ieuenctid") in spelled("clwb ieuenctid", language="cy")
