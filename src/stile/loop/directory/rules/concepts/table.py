"""Phrases held so that one look at each word of a text finds every one that starts there.

A table is a dictionary by first word; under it, channel by channel, what the word says by itself and a
dictionary by second word of what may follow. Nothing here knows any language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Channel(IntEnum):
    """What a phrase tells about. Phrases hide shorter ones inside them only within their channel."""

    KIND = 0
    FACT = 1
    TURN = 2
    MONEY = 3
    DAY = 4
    PART = 5
    WHEN = 6
    COMPANY = 7
    PRIVACY = 8
    TRAVEL = 9
    ONLINE = 10
    URGENT = 11
    DOUBT = 12


class Level(IntEnum):
    """How surely a phrase names a kind."""

    REFUSED_ONLY = 0  # counts only when turned down
    MOOD = 1
    HINT = 2
    WIDE = 3  # a hint, and goes with the rest when turned down ("not sports")
    NAMED = 4


SAID, MAYBE, REFUSED, YES, NO = range(5)  # manners of a fact: in a wish the first three, in prose the others

Run = tuple[str, ...]  # the folded words of one phrase
Says = tuple[tuple[str, int], ...]  # (slug or tag, Level of a kind or manner of a fact) of one phrase
Rests = tuple[tuple[list[str], Says], ...]  # the words after the second, longest first
Follows = tuple[int, Says | None, dict[str, Rests] | None]  # channel, the word alone, by second word
First = dict[str, tuple[Follows, ...]]
Said = dict[tuple[int, Run], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Table:
    """`first` as above; `known` is every word of any phrase."""

    first: First
    known: frozenset[str]


def longest(
    words: list[str], at: int, alone: Says | None, second: dict[str, Rests] | None
) -> tuple[int, Says] | None:
    """(place after the phrase, what it says) of the longest phrase that starts at `at`, or None."""
    if second is not None and at + 1 < len(words):
        for rest, says in second.get(words[at + 1], ()):
            end = at + 2 + len(rest)
            if not rest or words[at + 2 : end] == rest:
                return end, says
    return None if alone is None else (at + 1, alone)


class Builder:
    """Gathers phrases of two languages, then turns them into a `Table` for text in each.

    A single word that is another word in the other language is set apart: it is read as this
    language's only where the text is in it.
    """

    def __init__(self, foreign: dict[str, frozenset[str]]) -> None:
        self._foreign = foreign  # by language: its words that are other words elsewhere
        self._shared: Said = {}
        self._apart: dict[str, Said] = {language: {} for language in foreign}

    def add(self, channel: Channel, runs: Iterable[Run], slug: str, how: int, language: str) -> None:
        foreign, key = self._foreign[language], int(channel)
        for run in runs:
            if run:
                said = self._apart[language] if len(run) == 1 and run[0] in foreign else self._shared
                _say(said.setdefault((key, run), {}), channel, slug, int(how))

    def tables(self) -> dict[str, Table]:
        gathered = _gathered(self._shared)
        shared = {word: _follows(runs) for word, runs in gathered.items()}
        tables = {}
        for language, apart in self._apart.items():
            first = dict(shared)
            for word, runs in _gathered(apart).items():
                together: Said = dict(gathered.get(word, {}))
                for (channel, run), says in runs.items():
                    merged = dict(together.get((channel, run), {}))
                    for slug, how in says.items():
                        _say(merged, channel, slug, how)
                    together[channel, run] = merged
                first[word] = _follows(together)
            known = frozenset(word for _, run in (*self._shared, *apart) for word in run)
            tables[language] = Table(first, known)
        return tables


def _say(says: dict[str, int], channel: int, slug: str, how: int) -> None:
    if slug not in says:
        says[slug] = how
    elif channel == Channel.FACT:
        says[slug] = min(says[slug], how)  # said outright before suggested
    elif {says[slug], how} in ({Level.REFUSED_ONLY, Level.HINT}, {Level.REFUSED_ONLY, Level.WIDE}):
        says[slug] = int(Level.WIDE)
    else:
        says[slug] = max(says[slug], how)


def _gathered(said: Said) -> dict[str, Said]:
    gathered: dict[str, Said] = {}
    for key, says in said.items():
        gathered.setdefault(key[1][0], {})[key] = says
    return gathered


def _follows(runs: Said) -> tuple[Follows, ...]:
    alone: dict[int, Says] = {}
    second: dict[int, dict[str, list[tuple[list[str], Says]]]] = {}
    for (channel, run), says in runs.items():
        if len(run) == 1:
            alone[channel] = tuple(says.items())
        else:
            rests = second.setdefault(channel, {}).setdefault(run[1], [])
            rests.append((list(run[2:]), tuple(says.items())))
    follows: list[Follows] = []
    for channel in {**alone, **second}:
        by_second = {
            word: tuple(sorted(rests, key=lambda rest: -len(rest[0])))
            for word, rests in second.get(channel, {}).items()
        }
        follows.append((channel, alone.get(channel), by_second or None))
    return tuple(follows)
