"""The lexicon as the program holds it: every form of every phrase, in dictionaries keyed by first word.

It is read from the files in `lexicon/` once, the first time anybody asks, and never changes after that.
A wish and a service's description are read with different tables, since "talk" in the one is a wish to
be heard and in the other may be a lecture; and text in Welsh is read with English words that are other
words in Welsh ("plant": children) taken out, and the other way round.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from stile.loop.directory.rules.concepts.forms import listed, spelled
from stile.loop.directory.rules.concepts.table import (
    MAYBE,
    NO,
    REFUSED,
    SAID,
    YES,
    Builder,
    Channel,
    Level,
    Run,
    Table,
)
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, KIND_BY_SLUG

LANGUAGES = ("en", "cy")


@dataclass(frozen=True, slots=True)
class Tables:
    """One table for text in each language, and what tells the languages apart."""

    by_language: dict[str, Table]
    markers: frozenset[str]  # words that show a text is Welsh

    def of(self, found: list[str], language: str | None) -> Table:
        """The table to read `found` words with: two Welsh words, or one in three, make a text Welsh."""
        if language in self.by_language:
            return self.by_language[language]
        seen = len(self.markers.intersection(found))
        return self.by_language["cy" if seen >= 2 or (seen and seen * 3 >= len(found)) else "en"]


def _folder() -> Traversable:
    return files("stile.loop.directory.rules.concepts") / "lexicon"


@cache
def _toml(language: str, name: str) -> dict[str, Any]:
    return tomllib.loads((_folder() / language / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def real_words() -> frozenset[str]:
    """English words that look like a slip for a word of the lexicon, or like a Welsh one, and are not."""
    return frozenset((_folder() / "real_words.txt").read_text(encoding="utf-8").split())


@cache
def _not_english() -> frozenset[str]:
    return frozenset(listed(_toml("cy", "cues")["language"]["not_english"]))


@cache
def _not_welsh() -> frozenset[str]:
    return real_words() - frozenset(listed(_toml("cy", "cues")["language"]["welsh_all_the_same"]))


@cache
def _markers() -> frozenset[str]:
    return frozenset(run[0] for run in _runs(_toml("cy", "cues")["language"]["markers"], "") if len(run) == 1)


@cache
def _runs(text: str, inflected: str) -> tuple[Run, ...]:
    return tuple(run for phrase in listed(text) for run in spelled(phrase, language=inflected))


_WISH_LEVELS = {"names": Level.NAMED, "wish": Level.NAMED, "hints": Level.HINT, "mood": Level.MOOD}
_GROUP_LEVELS = {"names": Level.NAMED, "maybe": Level.HINT, "refused": Level.REFUSED_ONLY}
_PROSE_LEVELS = {"names": Level.NAMED, "prose": Level.NAMED, "hints": Level.HINT}
_WISH_MANNERS = {"said": SAID, "maybe": MAYBE, "refused": REFUSED}
_PROSE_MANNERS = {"yes": YES, "no": NO}
_WISH_CUES = {
    "turning": Channel.TURN,
    "money": Channel.MONEY,
    "days": Channel.DAY,
    "parts": Channel.PART,
    "when": Channel.WHEN,
    "company": Channel.COMPANY,
    "privacy": Channel.PRIVACY,
    "travel": Channel.TRAVEL,
    "online": Channel.ONLINE,
    "urgent": Channel.URGENT,
}
_STATEMENT_CUES = {
    "turning": Channel.TURN,
    "not_turning": Channel.TURN,
    "stops": Channel.TURN,
    "doubt": Channel.DOUBT,
    "free": Channel.MONEY,
    "not_free": Channel.MONEY,
}


def _add_kinds(builder: Builder, language: str, levels: dict[str, Level]) -> None:
    for slug, lists in _toml(language, "kinds").items():
        _known_slug(slug, KIND_BY_SLUG)
        for name, level in levels.items():
            builder.add(Channel.KIND, _runs(lists.get(name, ""), language), slug, level, language)


def _add_groups(builder: Builder, language: str, levels: dict[str, Level]) -> None:
    for group in _toml(language, "groups").values():
        for name, level in levels.items():
            for slug in listed(group[name]):
                _known_slug(slug, KIND_BY_SLUG)
                builder.add(Channel.KIND, _runs(group["words"], language), slug, level, language)


def _add_facts(builder: Builder, language: str, manners: dict[str, int]) -> None:
    for slug, lists in _toml(language, "facts").items():
        _known_slug(slug, FACT_BY_SLUG)
        for name, manner in manners.items():
            builder.add(Channel.FACT, _runs(lists.get(name, ""), language), slug, manner, language)


def _known_slug(slug: str, vocabulary: dict[str, Any]) -> None:
    if slug not in vocabulary:
        raise ValueError(f"the lexicon names {slug!r}, which is not in the vocabulary")


def _builder() -> Builder:
    return Builder({"en": _not_english(), "cy": _not_welsh()})


def _inflected(language: str) -> str:
    """Cues change their first letters in Welsh; in English they are written as they stand."""
    return language if language == "cy" else ""


@cache
def wish_tables() -> Tables:
    """What a young person's words are read with; built the first time anybody asks."""
    builder = _builder()
    for language in LANGUAGES:
        _add_kinds(builder, language, _WISH_LEVELS)
        _add_groups(builder, language, _GROUP_LEVELS)
        _add_facts(builder, language, _WISH_MANNERS)
        cues = _toml(language, "cues")
        builder.add(Channel.KIND, _runs(cues["not_kinds"]["words"], ""), "", Level.REFUSED_ONLY, language)
        for section, channel in _WISH_CUES.items():
            for tag, text in cues.get(section, {}).items():
                builder.add(channel, _runs(text, _inflected(language)), tag, 0, language)
    return Tables(builder.tables(), _markers())


@cache
def kind_tables() -> Tables:
    """What a service's description is read with to tell what it is."""
    builder = _builder()
    for language in LANGUAGES:
        _add_kinds(builder, language, _PROSE_LEVELS)
        _add_groups(builder, language, {"names": Level.NAMED})
        prose = _toml(language, "prose")
        builder.add(Channel.KIND, _runs(prose["never_mind"], ""), "", Level.REFUSED_ONLY, language)
        for tag in ("turning", "not_turning", "stops"):
            builder.add(Channel.TURN, _runs(prose[tag], _inflected(language)), tag, 0, language)
    return Tables(builder.tables(), _markers())


@cache
def statement_tables() -> Tables:
    """What a service's description is read with to tell what it says of itself."""
    builder = _builder()
    for language in LANGUAGES:
        _add_facts(builder, language, _PROSE_MANNERS)
        prose = _toml(language, "prose")
        for tag, channel in _STATEMENT_CUES.items():
            builder.add(channel, _runs(prose[tag], _inflected(language)), tag, 0, language)
    return Tables(builder.tables(), _markers())


@cache
def correctable(language: str) -> frozenset[str]:
    """What a slip of spelling may be read as: words that name a kind, ask for a fact, a day, or help."""
    found: set[str] = set()
    for lists in _toml(language, "kinds").values():
        for name in ("names", "wish"):
            found.update(word for run in _runs(lists.get(name, ""), language) for word in run)
    cues = _toml(language, "cues")
    single = [
        text
        for name in ("kinds", "facts")
        for lists in _toml(language, name).values()
        for text in lists.values()
    ]
    single += [text for section in ("days", "urgent") for text in cues.get(section, {}).values()]
    found.update(run[0] for text in single for run in _runs(text, language) if len(run) == 1)
    return frozenset(word for word in found if len(word) >= 5 and word.isalpha() and word.isascii())


def welsh_words() -> frozenset[str]:
    """Every single word the Welsh lexicon reads, its changed first letters included."""
    lists_of = [*_toml("cy", "kinds").values(), *_toml("cy", "facts").values(), _toml("cy", "prose")]
    cues = _toml("cy", "cues")
    texts = [text for lists in lists_of for text in lists.values()]
    texts += [group["words"] for group in _toml("cy", "groups").values()]
    texts += [text for section in _WISH_CUES for text in cues.get(section, {}).values()]
    return frozenset(run[0] for text in texts for run in _runs(text, "cy") if len(run) == 1)
