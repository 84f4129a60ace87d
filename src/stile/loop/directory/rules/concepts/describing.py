"""What a service is, and what it says outright about itself, from its own description.

Runs once for each service at import, over a quarter of a million of them, so it keeps to one pass over
the words and plain dictionaries. It errs towards silence: "other" when nothing is sure, and a fact only
where the text states it (H10: unknown is not yes).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from stile.kernel.answer import Answer
from stile.loop.directory.rules.concepts.lexicon import kind_tables, statement_tables
from stile.loop.directory.rules.concepts.table import YES, Channel, First, Level, Says, Table, longest
from stile.loop.directory.rules.concepts.words import BREAKS, words

MOST = 4  # kinds of one service
_LONGEST = 4000  # characters read of a description
_REACH = 4  # words after "no" or "not suitable for" that it is about

# Points by where a phrase stands (a name says more than a sentence far down): when it names the kind,
# and when it only makes it likely.
_NAME, _TERM, _BODY = (8, 3), (4, 1), (3, 1)
_KIND, _TURN, _NAMED = (
    int(Channel.KIND),
    int(Channel.TURN),
    int(Level.NAMED),
)  # an enum's name costs a look-up
_FACT, _DOUBT = int(Channel.FACT), int(Channel.DOUBT)
_SENTENCE_ENDS = BREAKS - {","}
_STATEMENT_ENDS = frozenset(".;!?\n|")
_SHARE = 5  # a kind below a fifth of the strongest is a passing mention


def classify(name: str, text: str, terms: Iterable[str] = ()) -> tuple[str, ...]:
    """The kinds of a service, likeliest first, at most four; ("other",) when nothing is sure.

    `terms` are the names of its taxonomy terms, in any taxonomy. Texts in English or Welsh, without HTML.
    """
    tables = kind_tables()
    named, body = words(name[:_LONGEST]), words(text[:_LONGEST])
    table = tables.of(body or named, None)
    points: dict[str, int] = {}
    sure: set[str] = set()
    _count(points, sure, named, table, _NAME)
    for term in terms:
        _count(points, sure, words(term[:_LONGEST]), table, _TERM)
    _count(points, sure, body, table, _BODY)
    if not sure:
        return ("other",)
    least = max(points[slug] for slug in sure) // _SHARE
    kinds = sorted(
        (slug for slug in points if slug in sure and points[slug] >= least), key=lambda slug: -points[slug]
    )
    return tuple(kinds[:MOST])


def _count(
    points: dict[str, int], sure: set[str], found: list[str], table: Table, worth: tuple[int, int]
) -> None:
    """Adds to `points` what `found` names, each phrase once, leaving out what it says it is not."""
    first, seen, turned_until = table.first, set(), 0
    free_from = turn_from = 0
    for at, word in enumerate(found):
        follows = first.get(word)
        if follows is None:
            if word in _SENTENCE_ENDS:
                turned_until = 0
            continue
        for channel, alone, second in follows:
            if at < (free_from if channel == _KIND else turn_from):
                continue
            phrase = longest(found, at, alone, second)
            if phrase is None:
                continue
            end, says = phrase
            if channel == _TURN:
                turn_from = end
                turned_until = end + _REACH if _turns(says) else 0
                continue
            free_from = end
            if at < turned_until:
                continue
            for slug, level in says:
                if slug and (slug, word) not in seen:
                    seen.add((slug, word))
                    named = level == _NAMED
                    points[slug] = points.get(slug, 0) + worth[not named]
                    if named:
                        sure.add(slug)


def _turns(says: Says) -> bool:
    """Whether a phrase of the turning kind does turn down ("not", but not "not only")."""
    return any(tag == "turning" for tag, _ in says) and not any(tag == "not_turning" for tag, _ in says)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text states: facts that are so (YES) or not (NO), and the price where it says it is free."""

    facts: dict[str, Answer]
    free: Answer = Answer.UNKNOWN


def facts_in(text: str) -> dict[str, Answer]:
    """The vocabulary's facts that `text` states for certain; what is absent is unknown."""
    return stated(text).facts


def stated(text: str) -> Stated:
    """Facts and price. A sentence that hedges ("step free access on request") states nothing."""
    found = words(text[:_LONGEST])
    first = statement_tables().of(found, None).first
    facts: dict[str, set[Answer]] = {}
    free: set[Answer] = set()
    start = 0
    telling: list[int] = []  # where in the sentence a phrase may begin
    for at, word in enumerate(found):
        if word in _STATEMENT_ENDS:
            if telling:
                _state(facts, free, found[start:at], telling, first)
                telling = []
            start = at + 1
        elif word in first:
            telling.append(at - start)
    if telling:
        _state(facts, free, found[start:], telling, first)
    return Stated(
        {slug: next(iter(answers)) for slug, answers in facts.items() if len(answers) == 1},
        next(iter(free)) if len(free) == 1 else Answer.UNKNOWN,
    )


def _state(
    facts: dict[str, set[Answer]], free: set[Answer], found: list[str], telling: list[int], first: First
) -> None:
    """One sentence, of which only the words at `telling` begin any phrase."""
    turned: list[int] = []
    said: list[tuple[int, str, int]] = []
    price = doubt = False
    ends: dict[int, int] = {}
    for at in telling:
        for channel, alone, second in first[found[at]]:
            if at < ends.get(channel, 0):
                continue
            phrase = longest(found, at, alone, second)
            if phrase is None:
                continue
            end, says = phrase
            ends[channel] = end
            if channel == _FACT:
                said += [(at, slug, manner) for slug, manner in says]
                if any(manner != YES for _, manner in says):
                    turned = [place for place in turned if place < at]
            elif channel == _TURN:
                if _turns(says):
                    turned.append(end)
            elif channel == _DOUBT:
                doubt = True
            else:
                tags = [tag for tag, _ in says]
                price = price or ("free" in tags and "not_free" not in tags)
    if doubt:
        return
    for at, slug, manner in said:
        negated = any(0 <= at - place < _REACH for place in turned)
        answer = Answer.YES if (manner == YES) != negated else Answer.NO
        facts.setdefault(slug, set()).add(answer)
    if price and not turned:
        free.add(Answer.YES)
