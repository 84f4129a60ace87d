"""The demo town's words: short, plain and kind; nothing a tired fourteen-year-old would put down."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from statistics import mean

import pytest

from stile.loop.directory.rules.records import Record, ServiceRecord, TermRecord
from stile.site.demo import town
from tests.site.demo.reading_age import grade, sentences, syllables, words

RECORDS = list(town.records(date(2026, 11, 24)))
BANNED = re.compile(
    r"\b(referr\w+|interventions?|service users?|prescri\w+|disorders?|should|non-attendance|hard to reach"
    r"|mental health|assess\w*|patients?|symptoms?|diagnos\w+|vulnerab\w+|participants?|engage\w*|wellbeing"
    r"|well-being|resilien\w+|holistic|empower\w*|signpost\w*|rejected|discharged|beneficiar\w+|clients?)\b",
    re.IGNORECASE,
)


def texts(record: Record) -> Iterator[str]:
    """What young people read of a record, in English."""
    assert not isinstance(record, TermRecord)
    if isinstance(record, ServiceRecord):
        yield record.name
        yield record.description.split("\n\nCymraeg: ")[0]
        yield from (getattr(record.welcome, field.name) for field in fields(record.welcome))
        for one in (*record.times, *(time for at in record.at_places for time in at.times)):
            yield one.text
        yield from (record.details.get(field, "") for field in ("alert", "application_process"))
    else:
        yield record.name
        yield getattr(record, "transport", "")
        yield getattr(record, "description", "") or record.details.get("description", "")


def prose(record: Record) -> str:
    """The texts that are sentences, one after another."""
    return " ".join(text for text in texts(record) if text.endswith((".", "!", "?", ")", '"')))


def test_the_measure_measures() -> None:
    assert syllables("banana") == 3
    assert syllables("Dawdlebridge") >= 2
    assert sentences("One. Two three? “Four” five!") == ["One.", "Two three?", "“Four” five!"]
    assert grade("The cat sat on the mat.") < 2
    assert (
        grade("Multidisciplinary organisational collaboration necessitates considerable administration.") > 15
    )


def test_a_tired_fourteen_year_old_can_read_it() -> None:
    read = {record.key: grade(prose(record)) for record in RECORDS if isinstance(record, ServiceRecord)}
    assert mean(read.values()) <= 4
    assert {key: round(found, 1) for key, found in read.items() if found > 6} == {}


def test_sentences_are_short() -> None:
    every = [sentence for record in RECORDS for text in texts(record) for sentence in sentences(text)]
    assert len(every) > 1000
    long = [sentence for sentence in every if len(words(sentence)) > 20]
    assert len(long) <= len(every) * 0.01, long
    assert max(len(words(sentence)) for sentence in every) <= 26


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
def test_no_word_from_a_form(record: Record) -> None:
    for text in texts(record):
        assert not BANNED.search(text), text


@pytest.mark.parametrize(
    "record", [one for one in RECORDS if isinstance(one, ServiceRecord)], ids=lambda record: record.key
)
def test_nothing_in_the_words_could_be_a_real_person(record: ServiceRecord) -> None:
    for text in texts(record):
        assert "@" not in text
        assert not re.search(r"\d{5,}|\d{3} \d{3}", text), text
    # People go by their first names: no two capitalised words in a row begin the line on who meets you.
    assert not re.match(r"(?!Old )[A-Z][a-z]+ [A-Z][a-z]+\b", record.welcome.who_meets_you)


def test_each_activity_speaks_for_itself() -> None:
    descriptions = [record.description for record in RECORDS if isinstance(record, ServiceRecord)]
    openings = [" ".join(words(text)[:4]) for text in descriptions]
    assert len(set(openings)) == len(openings), "two begin alike"
    welcomes = [r.welcome.walk_in for r in RECORDS if isinstance(r, ServiceRecord) and r.welcome.walk_in]
    assert len(set(welcomes)) == len(welcomes)
    assert len(welcomes) >= 60
