"""The index as the match uses it: build it, change it, ask it.

An `Index` never changes. `changed` gives a new one that shares the big columns with the old: rows that
were altered are marked as gone in a column of its own, and stand anew in a short block that
every search reads to its end. When that block has grown, everything is laid out afresh.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stile.kernel.answer import Answer
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.standing import GREYED_AFTER, HIDDEN_AFTER, Checks
from stile.loop.directory.rules.vocabulary import FACT_BIT, KIND_BIT, Room
from stile.loop.match.rules.asked import Asked
from stile.loop.match.rules.fit import AGE_ALONE_FROM, form_needed, speaks
from stile.loop.match.rules.found import Found, Ranked
from stile.loop.match.rules.sieve import SIEVES, Bit

from . import kernel
from .columns import (
    CHECKED,
    CHECKS_AT,
    FORM_AT,
    FORMS,
    NOT_SAID,
    PRICE_NOT_SAID,
    ROOM_AT,
    ROOMS,
    STANDING_AT,
    STANDING_CLOSED,
    STANDING_FOR_NOW,
    Columns,
    Embed,
    Languages,
    columns_of,
    day_number,
    joined,
    no_meanings,
)
from .grid import NONE_GONE, Laid, lay

OVERFLOW_LEAST = 2_048  # rows of change before everything is laid out afresh,
OVERFLOW_SHARE = 20  # or a twentieth of the rows, whichever is more

Ints = npt.NDArray[np.int64]
_CODES = tuple(sieve.code for sieve in SIEVES)


class Index:
    """Every listing of the directory, ready to be held against a wish. Safe to share between threads."""

    __slots__ = ("_base", "_embed", "_fresh", "_languages")

    def __init__(self, base: Laid, fresh: Laid, languages: Languages, embed: Embed) -> None:
        self._base, self._fresh, self._languages, self._embed = base, fresh, languages, embed

    @classmethod
    def of(cls, listings: Iterable[Listing], embed: Embed = no_meanings) -> "Index":
        languages = Languages()
        return cls(
            lay(columns_of(listings, languages, embed)), unlaid(columns_of((), languages)), languages, embed
        )

    def changed(self, listings: Iterable[Listing], services: Iterable[int] = ()) -> "Index":
        """The index with these listings as all there is of their services, and of `services`."""
        latest = list(listings)
        altered = np.fromiter({*services, *(one.service for one in latest)}, dtype="i4")
        if not len(altered):
            return self
        fresh = columns_of(latest, self._languages, self._embed)
        kept = self._fresh.columns.take(~np.isin(self._fresh.columns.rows["service"], altered))
        over = joined([kept, fresh])
        base = self._base
        stale = np.isin(base.columns.rows["service"], altered)
        if stale.any():
            base = replace(base, gone=stale | base.gone if len(base.gone) else stale)
        if len(over) > max(OVERFLOW_LEAST, len(base.columns) // OVERFLOW_SHARE):
            alive = base.columns.take(~base.gone) if len(base.gone) else base.columns
            return Index(
                lay(joined([alive, over])),
                unlaid(over.take(np.zeros(0, dtype="i8"))),
                self._languages,
                self._embed,
            )
        return Index(base, unlaid(over), self._languages, self._embed)

    def __len__(self) -> int:
        return len(self._base.columns) - int(self._base.gone.sum()) + len(self._fresh.columns)

    @property
    def nbytes(self) -> int:
        """Bytes of all columns and the grid."""
        return self._base.nbytes + self._fresh.nbytes

    def search(self, asked: Asked) -> Found:
        """The best rows for a wish; looks further afield when too few services fit nearby."""
        q, table = question(asked), tables(asked, self._languages)
        heaps = np.empty((kernel.LISTS, 4, kernel.MOST), dtype=np.int64)
        sizes = np.zeros(kernel.LISTS, dtype=np.int64)
        counts = np.zeros((2, kernel.SIEVE_COUNT), dtype=np.int64)
        self._scan(q, table, heaps, sizes, counts)
        wide = asked.lat is not None and int(sizes[kernel.FITS]) < asked.wish.first
        if wide:
            q[kernel.Q_VIEW], q[kernel.Q_WIDE] = asked.ring_m, 1
            self._scan(q, table, heaps, sizes, counts)
        lists = kernel.finish(heaps, sizes)
        first, alone = counts.tolist()
        fits, ask_first, outside = sizes.tolist()
        return Found(
            fits=_ranked(lists[kernel.FITS], fits),
            ask_first=_ranked(lists[kernel.ASK_FIRST], ask_first),
            outside=_ranked(lists[kernel.OUTSIDE], outside),
            left_out={code: n for code, n in zip(_CODES, first, strict=True) if n},
            alone={code: n for code, n in zip(_CODES, alone, strict=True) if n},
            wide=wide,
        )

    def _scan(self, q: Ints, table: Ints, heaps: Ints, sizes: Ints, counts: Ints) -> None:
        for laid in self._parts():
            kernel.search(
                q,
                table,
                laid.starts,
                laid.online,
                laid.loose,
                laid.blur,
                laid.columns.rows,
                laid.gone,
                laid.columns.meaning,
                heaps,
                sizes,
                counts,
            )

    def rows_read(self, asked: Asked, *, wide: bool = False) -> int:
        """How many rows one look reads (for the bench: the bytes it cannot do without)."""
        q = question(asked)
        q[kernel.Q_VIEW], q[kernel.Q_WIDE] = asked.ring_m if wide else asked.reach_m, wide
        read = len(self._fresh.columns)
        laid = self._base
        runs = kernel.ranges(q, laid.starts, laid.columns.rows, laid.online, laid.loose, laid.blur)
        return read + int((runs[:, 1] - runs[:, 0]).sum())

    def _parts(self) -> list[Laid]:
        return [self._base, self._fresh] if len(self._fresh.columns) else [self._base]


def unlaid(columns: Columns) -> Laid:
    """A short block without cells: every row of it is read."""
    return Laid(columns, NONE_GONE, np.zeros(0, dtype="i4"), 0, 0, 0)


def _ranked(ranked: Ints, size: int) -> Ranked:
    return Ranked(*ranked[:, :size].tolist()) if size else Ranked()


def question(asked: Asked) -> Ints:
    """The wish as the row of numbers the kernel reads, looking near."""
    days = sum(1 << (21 + on) for on in range(7) if asked.slots >> (on * 3) & 0b111)
    meaning = np.frombuffer(asked.meaning, dtype="i8").tolist() if asked.meaning else [0, 0, 0, 0]
    values = [
        int(asked.lat is not None),
        asked.lat or 0,
        asked.lon,
        asked.reach_m,
        asked.reach_m,
        0,
        int(asked.online_is_fine),
        asked.slots,
        days,
        _facts(asked.needs),
        _facts(asked.avoid),
        _facts(asked.harder),
        _facts(asked.gentler),
        _facts(asked.easier),
        PRICE_NOT_SAID if asked.budget_pence is None else asked.budget_pence,
        _kinds(asked.named),
        _kinds(asked.hinted),
        _kinds(asked.chosen),
        _kinds(asked.wanted),
        _kinds(asked.refused),
        KIND_BIT["other"],
        FACT_BIT["in_welsh"] if asked.language == "cy" else 0,
        day_number(asked.today),
        day_number(asked.today - HIDDEN_AFTER),
        day_number(asked.today - GREYED_AFTER),
        int(any(asked.meaning)),
        *asked.week,
        *meaning,
    ]
    return np.array(values, dtype=np.int64)


def _facts(slugs: Iterable[str]) -> int:
    return sum(FACT_BIT[slug] for slug in slugs)


def _kinds(slugs: Iterable[str]) -> int:
    return sum(KIND_BIT[slug] for slug in slugs)


def tables(asked: Asked, languages: Languages) -> Ints:
    """Which sieves each small answer fails, for this wish."""
    table = np.zeros(kernel.T_LANGUAGE + len(languages.sets), dtype=np.int64)
    table[: kernel.T_LANGUAGE] = _tables(asked.no_parent_form, asked.introducing, asked.age)
    if asked.language:
        for n, spoken in enumerate(languages.sets):
            answer = speaks(tuple(spoken), Answer.UNKNOWN, asked.language)
            table[kernel.T_LANGUAGE + n] = _bit(answer, Answer.NO, Bit.LANGUAGE, Bit.LANGUAGE_UNKNOWN)
    return table


@lru_cache(maxsize=512)
def _tables(no_parent_form: bool, introducing: bool, age: int | None) -> Ints:
    table = np.zeros(kernel.T_LANGUAGE, dtype=np.int64)
    if age is not None:
        ages = np.arange(256)
        said, unsure = ages != NOT_SAID, 1 << Bit.AGE_UNKNOWN
        table[kernel.T_YOUNGEST : kernel.T_OLDEST] = np.where(said, (age < ages) << Bit.AGE, unsure)
        table[kernel.T_OLDEST : kernel.T_ANSWERS] = np.where(said, (age > ages) << Bit.AGE, unsure)
        if age < AGE_ALONE_FROM:
            table[kernel.T_OLDEST : kernel.T_ANSWERS] |= unsure  # the youngest age alone decides
    flags = np.arange(kernel.ANSWERS) << STANDING_AT
    standing, checks = flags >> STANDING_AT & 3, flags >> CHECKS_AT & 7
    room, form = flags >> ROOM_AT & 7, flags >> FORM_AT & 7
    answers = (standing == STANDING_CLOSED) * (1 << Bit.CLOSED)
    answers |= (standing == STANDING_FOR_NOW) * (1 << Bit.CLOSED_FOR_NOW)
    for full in (Room.FULL, Room.PAUSED):
        answers |= (room == ROOMS.index(full)) * (1 << Bit.FULL)
    for n, checked in enumerate(CHECKED):
        if checked is Checks.UNKNOWN:
            bits = 1 << Bit.CHECKS_UNKNOWN if introducing else 0
        else:
            bits = 0 if checked is Checks.CURRENT else 1 << Bit.CHECKS
        answers |= (checks == n) * bits
    if no_parent_form:
        for n, rule in enumerate(FORMS):
            answers |= (form == n) * _bit(form_needed(rule, age), Answer.YES, Bit.FORM, Bit.FORM_UNKNOWN)
    table[kernel.T_ANSWERS :] = answers
    return table


def _bit(answer: Answer, fails: Answer, hard: Bit, unsure: Bit) -> int:
    if answer is Answer.UNKNOWN:
        return 1 << unsure
    return 1 << hard if answer is fails else 0
