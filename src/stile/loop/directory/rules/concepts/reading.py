"""What a young person said they would like, taken from their own words.

Everything found carries the words that led to it, so a page can always say "because you said guinea
pigs". What was not said is absent: nothing here guesses an age, a need or a mood from silence, and the
words at which help-now is shown are a prompt for the page, never a score and never kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stile.loop.directory.rules.concepts.lexicon import wish_tables
from stile.loop.directory.rules.concepts.numbers import after_hour, age_said, budget_said
from stile.loop.directory.rules.concepts.spelling import SHORTEST, speller
from stile.loop.directory.rules.concepts.table import MAYBE, REFUSED, SAID, Channel, Level, Table
from stile.loop.directory.rules.concepts.turning import Found, Text, scan, turn_down
from stile.loop.directory.rules.concepts.words import words_and_spans
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, WEEKDAYS, PartOfDay

_SEVERAL: dict[str, tuple[int, ...]] = {"weekend": (5, 6), "weekday": (0, 1, 2, 3, 4)}
_DIGIT = re.compile(r"\d")
LONGEST = 2000  # characters read of one wish; the form takes 500


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing taken from a wish: a slug of the vocabulary, the words it came from, and how surely.

    `sure` is True when it was named; a hint (False) may raise a suggestion and may never leave one out.
    """

    slug: str
    word: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was heard. Empty or None means it was not said.

    kinds      wanted: the sure ones in the order said, then hints, likeliest first
    not_kinds  turned down
    needs      facts that must be so (a hint is a preference)
    avoid      facts that must not be so
    budget_pence  the most they can pay to come once; 0 means free only
    days       0 is Monday; parts as the vocabulary has them
    when       "", "today", "tomorrow", "this_week", "this_weekend" or "next_week": for a caller with a clock
    travel     "", "foot", "bike", "bus" or "lift"
    age        in years, only when they said it of themselves and once
    urgent     show help-now at the top, at once; `urgent_word` is what was said
    """

    language: str = "en"
    kinds: tuple[Heard, ...] = ()
    not_kinds: tuple[Heard, ...] = ()
    needs: tuple[Heard, ...] = ()
    avoid: tuple[Heard, ...] = ()
    budget_pence: int | None = None
    budget_word: str = ""
    days: frozenset[int] = frozenset()
    parts: frozenset[PartOfDay] = frozenset()
    when: str = ""
    age: int | None = None
    travel: str = ""
    online: bool = False
    with_someone: bool = False
    no_parent_form: bool = False
    urgent: bool = False
    urgent_word: str = ""


def read(text: str, language: str | None = None) -> Reading:
    """What `text` asks for. `language` is "en" or "cy" where known; None tells by the words."""
    text = text[:LONGEST]
    found, spans = words_and_spans(text)
    if not found:
        return Reading(language=language or "en")
    tables = wish_tables()
    table = tables.of(found, language)
    read_as = "cy" if table is tables.by_language["cy"] else "en"
    _mend(found, table, read_as)
    wish = Text(text, found, spans)
    scan(wish, table)
    turn_down(wish)
    kinds, not_kinds = _kinds(wish)
    needs, avoid = _facts(wish, {one.slug for one in kinds if one.sure})
    budget, budget_word = _budget(wish)
    numbers = _DIGIT.search(text) is not None
    parts = _parts(wish, numbers)
    urgent = _first(wish, Channel.URGENT, "words")
    return Reading(
        language=read_as,
        kinds=kinds,
        not_kinds=not_kinds,
        needs=needs,
        avoid=avoid,
        budget_pence=budget,
        budget_word=budget_word,
        days=_days(wish),
        parts=parts,
        when=next((tag for tag in _tags(wish, Channel.WHEN) if tag != "none"), ""),
        age=age_said(found) if numbers else None,
        travel=next((tag for tag in _tags(wish, Channel.TRAVEL) if tag != "none"), ""),
        online="yes" in _tags(wish, Channel.ONLINE),
        with_someone="with_someone" in _tags(wish, Channel.COMPANY),
        no_parent_form="no_parent_form" in _tags(wish, Channel.PRIVACY),
        urgent=urgent is not None,
        urgent_word=wish.own(urgent) if urgent else "",
    )


def _mend(found: list[str], table: Table, language: str) -> None:
    """Replaces slips of spelling, in place; the spans still point at what was typed."""
    known = table.known
    for at, word in enumerate(found):
        if len(word) >= SHORTEST and word not in known:
            meant = speller(language).meant(word)
            if meant is not None:
                found[at] = meant


def _kinds(wish: Text) -> tuple[tuple[Heard, ...], tuple[Heard, ...]]:
    """Wanted and turned down.

    A kind both wanted and turned down in the same word ("swim lessons, i cant swim") is wanted; turned
    down later in a narrower word ("art but not drawing"), it is not.
    """
    sure: dict[str, Heard] = {}
    refused: dict[str, Heard] = {}
    hints: dict[str, tuple[int, str]] = {}
    for each in wish.of(Channel.KIND):
        for slug, level in each.says:
            if not slug or each.turned == "inside":
                continue
            word = wish.own(each)
            if level == Level.MOOD:
                if each.turned != "before":  # "not bored"; but "worried about exams" is a worry
                    _hint(hints, slug, level, word)
            elif each.turned:
                if level != Level.HINT:
                    refused.setdefault(slug, Heard(slug, word))
                if each.turned == "before" and level == Level.NAMED and _other_word(sure.get(slug), word):
                    del sure[slug]
            elif level == Level.NAMED:
                sure.setdefault(slug, Heard(slug, word))
            elif level != Level.REFUSED_ONLY:
                _hint(hints, slug, level, word)
    likely = sorted(
        (slug for slug in hints if slug not in sure and slug not in refused),
        key=lambda slug: -hints[slug][0],
    )
    wanted = (*sure.values(), *(Heard(slug, hints[slug][1], sure=False) for slug in likely))
    return wanted, tuple(heard for slug, heard in refused.items() if slug not in sure)


def _other_word(before: Heard | None, word: str) -> bool:
    return before is not None and before.word.lower()[:4] != word.lower()[:4]


def _hint(hints: dict[str, tuple[int, str]], slug: str, level: int, word: str) -> None:
    points, first = hints.get(slug, (0, word))
    hints[slug] = (points + min(level, Level.HINT), first)


# Who names the very kind a thing comes with does not want it kept away ("swim lessons, i cant swim").
_COMES_WITH = {"deep_water": "swimming", "heights": "climbing"}


def _facts(wish: Text, wanted: set[str]) -> tuple[tuple[Heard, ...], tuple[Heard, ...]]:
    """What must be so and what must not; said outright goes before suggested."""
    heard: dict[str, Heard] = {}
    for each in wish.of(Channel.FACT):
        for slug, manner in each.says:
            if manner == REFUSED:
                sure = bool(each.turned)
                if not sure:
                    continue
            elif each.turned:
                continue
            else:
                sure = manner == SAID
            if _COMES_WITH.get(slug) in wanted:
                sure = False
            if manner == MAYBE and slug in heard:
                continue
            if slug not in heard or (sure and not heard[slug].sure):
                heard[slug] = Heard(slug, wish.own(each), sure)
    needs = tuple(one for one in heard.values() if not FACT_BY_SLUG[one.slug].avoid)
    return needs, tuple(one for one in heard.values() if FACT_BY_SLUG[one.slug].avoid)


def _tags(wish: Text, channel: Channel) -> Iterator[str]:
    for each in wish.of(channel):
        for tag, _ in each.says:
            yield tag


def _first(wish: Text, channel: Channel, wanted: str) -> Found | None:
    for each in wish.of(channel):
        if any(tag == wanted for tag, _ in each.says) and not any(
            tag.startswith("not_") for tag, _ in each.says
        ):
            return each
    return None


def _budget(wish: Text) -> tuple[int | None, str]:
    free = _first(wish, Channel.MONEY, "free")
    if free is not None:
        return 0, wish.own(free)
    said = budget_said(wish.words)
    if said is None:
        return None, ""
    pence, start, end = said
    return pence, wish.own(Found(start, end, ()))


def _days(wish: Text) -> frozenset[int]:
    """The days that suit; days they cannot do leave the others."""
    named: set[int] = set()
    not_these: set[int] = set()
    for each in wish.of(Channel.DAY):
        for tag, _ in each.says:
            days = _SEVERAL[tag] if tag in _SEVERAL else (WEEKDAYS.index(tag),)
            (not_these if each.turned else named).update(days)
    if not_these and not named:
        named = set(range(len(WEEKDAYS)))
    return frozenset(named - not_these)


def _parts(wish: Text, numbers: bool) -> frozenset[PartOfDay]:
    parts = {PartOfDay(tag) for tag in _tags(wish, Channel.PART) if tag != "none"}
    return frozenset(parts | after_hour(wish.words) if numbers else parts)
