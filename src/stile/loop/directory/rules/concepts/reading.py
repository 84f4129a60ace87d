"""What a young person said they would like, taken from their own words.

Everything found carries the words that led to it, so a page can always say "because you said guinea
pigs". What was not said is absent: nothing here guesses an age, a need or a mood from silence, and the
words at which help-now is shown are a prompt for the page, never a score and never kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from stile.loop.directory.rules.concepts.lexicon import (
    MAYBE,
    REFUSED,
    SAID,
    Channel,
    Level,
    Says,
    Table,
    wish_tables,
)
from stile.loop.directory.rules.concepts.numbers import age_said, budget_said, evening_said
from stile.loop.directory.rules.concepts.spelling import SHORTEST, speller
from stile.loop.directory.rules.concepts.words import BREAKS, words_and_spans
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, WEEKDAYS, PartOfDay

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


@dataclass(slots=True)
class _Found:
    """A phrase where it stands: words `start` to `end` (not included), and whether it is turned down."""

    start: int
    end: int
    says: Says
    turned: str = ""  # "", "before", "dread" or "after"


@dataclass(slots=True)
class _Text:
    """The words of one wish and where each stands in it."""

    original: str
    words: list[str]
    spans: list[tuple[int, int]]
    found: dict[int, list[_Found]] = field(default_factory=dict)

    def own(self, each: _Found) -> str:
        """The phrase as they typed it."""
        return self.original[self.spans[each.start][0] : self.spans[each.end - 1][1]]


def read(text: str, language: str | None = None) -> Reading:
    """What `text` asks for. `language` is "en" or "cy" where known; None tells by the words."""
    text = text[:LONGEST]
    found, spans = words_and_spans(text)
    if not found:
        return Reading(language=language or "en")
    tables = wish_tables()
    table = tables.of(found, language)
    welsh = table is tables.by_language["cy"]
    _mend(found, table, "cy" if welsh else "en")
    wish = _Text(text, found, spans)
    _scan(wish, table)
    _turn_down(wish)
    kinds, not_kinds = _kinds(wish)
    needs, avoid = _facts(wish, {one.slug for one in kinds if one.sure})
    budget, budget_word = _budget(wish)
    parts = _parts(wish)
    urgent = _first(wish, Channel.URGENT, "words")
    return Reading(
        language="cy" if welsh else "en",
        kinds=kinds,
        not_kinds=not_kinds,
        needs=needs,
        avoid=avoid,
        budget_pence=budget,
        budget_word=budget_word,
        days=_days(wish),
        parts=parts,
        when=next((tag for tag in _tags(wish, Channel.WHEN) if tag != "none"), ""),
        age=age_said(found),
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


def _scan(wish: _Text, table: Table) -> None:
    """Finds every phrase, the longest at each place, channel by channel."""
    words, first = wish.words, table.first
    free_from = [0] * len(Channel)
    for at, word in enumerate(words):
        options = first.get(word)
        if options is None:
            continue
        for channel, rests in options:
            if at < free_from[channel]:
                continue
            for rest, says in rests:
                end = at + 1 + len(rest)
                if not rest or words[at + 1 : end] == rest:
                    wish.found.setdefault(channel, []).append(_Found(at, end, says))
                    free_from[channel] = end
                    break


_REACH = 3  # words of no account that may stand between "not" and what is turned down
_BACK = 4  # words before "freaks me out" that it may be about


def _turn_down(wish: _Text) -> None:
    """Marks what was turned down: what follows "not", "hate", "scared of", and what "freaks me out"."""
    turns = wish.found.get(Channel.TURN)
    if not turns:
        return
    taken = _self_contained(wish)
    by_start = {turn.start: turn for turn in turns}
    for turn in turns:
        tags = [tag for tag, _ in turn.says]
        if "never_mind" in tags:
            continue
        if turn.start in taken:
            # The phrase has its own meaning and goes no further; but "cant swim" asks for no swimming.
            _mark(wish, turn.end, taken[turn.start], "before", (Channel.KIND,))
            continue
        if "before" in tags or "dread" in tags:
            end = _scope(wish, turn.end, by_start)
            # "people" alone is no dread; it stands in the list for "nervous around" to carry over it.
            _mark(wish, turn.end, end, "before" if "before" in tags else "dread")
        elif "after" in tags:
            begin = max(0, turn.start - _BACK)
            for at in range(turn.start - 1, begin - 1, -1):
                if wish.words[at] in BREAKS:
                    begin = at + 1
                    break
            _mark(wish, begin, turn.start, "after")


def _self_contained(wish: _Text) -> dict[int, int]:
    """Words of longer phrases with their own meaning ("no money", "dont want to talk"): place -> its end."""
    taken: dict[int, int] = {}
    for channel, all_found in wish.found.items():
        if channel in (Channel.TURN, Channel.URGENT, Channel.DAY, Channel.PART):
            continue
        for each in all_found:
            if each.end - each.start > 1:
                taken.update(dict.fromkeys(range(each.start, each.end), each.end))
    return taken


def _scope(wish: _Text, start: int, turns: dict[int, _Found]) -> int:
    """Where what is turned down from `start` on ends."""
    left, at = _REACH, start
    while at < len(wish.words):
        word = wish.words[at]
        if word in BREAKS:
            rest = wish.words[at + 1 :]
            if word != "," or not _list_goes_on(rest):
                break
            at += 1
            continue
        turn = turns.get(at)
        if turn is not None:
            tags = [tag for tag, _ in turn.says]
            if "stops" in tags or "never_mind" in tags:
                break
            at = turn.end
            continue
        if not _means_something(wish, at):
            left -= 1
            if left < 0:
                break
        at += 1
    return at


def _list_goes_on(rest: list[str]) -> bool:
    """After a comma: "not football, rugby or cricket" goes on, "not football, drawing" does not."""
    for at, word in enumerate(rest[:8]):
        if word in ("or", "nor", "na", "nac", "neu"):
            return at > 0
        if word in BREAKS and word != ",":
            return False
        if word in ("but", "i", "ond", "maybe", "like", "love"):
            return False
    return False


def _means_something(wish: _Text, at: int) -> bool:
    return any(
        each.start <= at < each.end
        for channel in (Channel.KIND, Channel.FACT)
        for each in wish.found.get(channel, ())
    )


def _mark(
    wish: _Text,
    start: int,
    end: int,
    how: str,
    channels: tuple[Channel, ...] = (Channel.KIND, Channel.FACT),
) -> None:
    for channel in channels:
        for each in wish.found.get(channel, ()):
            if start <= each.start < end:
                each.turned = how


def _kinds(wish: _Text) -> tuple[tuple[Heard, ...], tuple[Heard, ...]]:
    """Wanted and turned down.

    A kind both wanted and turned down in the same word ("swim lessons, i cant swim") is wanted; turned
    down later in a narrower word ("art but not drawing"), it is not.
    """
    sure: dict[str, Heard] = {}
    refused: dict[str, Heard] = {}
    hints: dict[str, tuple[int, str]] = {}
    for each in wish.found.get(Channel.KIND, ()):
        for slug, level in each.says:
            if not slug:
                continue
            word = wish.own(each)
            if level == Level.MOOD:
                if each.turned != "before":  # "not bored"; but "worried about exams" is a worry
                    _hint(hints, slug, level, word)
            elif each.turned:
                if level != Level.HINT:
                    refused.setdefault(slug, Heard(slug, word))
                if each.turned == "before" and level == Level.NAMED and slug in sure:
                    if sure[slug].word.lower()[:4] != word.lower()[:4]:
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


def _hint(hints: dict[str, tuple[int, str]], slug: str, level: int, word: str) -> None:
    points, first = hints.get(slug, (0, word))
    hints[slug] = (points + min(level, Level.HINT), first)


# Who names the very kind a thing comes with does not want it kept away ("swim lessons, i cant swim").
_COMES_WITH = {"deep_water": "swimming", "heights": "climbing"}


def _facts(wish: _Text, wanted: set[str]) -> tuple[tuple[Heard, ...], tuple[Heard, ...]]:
    """What must be so and what must not; said outright goes before suggested."""
    heard: dict[str, Heard] = {}
    for each in wish.found.get(Channel.FACT, ()):
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


def _tags(wish: _Text, channel: Channel) -> Iterator[str]:
    for each in wish.found.get(channel, ()):
        for tag, _ in each.says:
            yield tag


def _first(wish: _Text, channel: Channel, wanted: str) -> _Found | None:
    for each in wish.found.get(channel, ()):
        if any(tag == wanted for tag, _ in each.says) and not any(
            tag.startswith("not_") for tag, _ in each.says
        ):
            return each
    return None


def _budget(wish: _Text) -> tuple[int | None, str]:
    free = _first(wish, Channel.MONEY, "free")
    if free is not None:
        return 0, wish.own(free)
    said = budget_said(wish.words)
    if said is None:
        return None, ""
    pence, start, end = said
    return pence, wish.own(_Found(start, end, ()))


def _days(wish: _Text) -> frozenset[int]:
    days: set[int] = set()
    for tag in _tags(wish, Channel.DAY):
        if tag == "weekend":
            days |= {5, 6}
        elif tag == "weekday":
            days |= {0, 1, 2, 3, 4}
        else:
            days.add(WEEKDAYS.index(tag))
    return frozenset(days)


def _parts(wish: _Text) -> frozenset[PartOfDay]:
    parts = {PartOfDay(tag) for tag in _tags(wish, Channel.PART) if tag != "none"}
    if evening_said(wish.words):
        parts.add(PartOfDay.EVENING)
    return frozenset(parts)
