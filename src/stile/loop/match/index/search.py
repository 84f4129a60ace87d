"""The index as the match uses it: build it, change it, ask it.

An `Index` never changes. `changed` gives a new one that shares the big columns with the old: rows that
were altered are marked as gone in a column of its own, and stand anew in a short block that
every search reads to its end. When that block has grown, everything is laid out afresh.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stile.loop.directory.rules.listing import Listing
from stile.loop.match.rules.asked import Asked
from stile.loop.match.rules.fit import cos_sin
from stile.loop.match.rules.found import Found, Ranked
from stile.loop.match.rules.sieve import SIEVES

from . import kernel, lists
from .columns import LON, SERVICE, Columns, Embed, Languages, apart, columns_of, joined, no_meanings
from .counts import ALONE, BEYOND, FIRST, SIEVE_COUNT
from .grid import NONE_GONE, Laid, lay
from .question import languages_spoken, question

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
        kept = self._fresh.columns.together()
        kept = kept.take(~np.isin(kept.rows["service"], altered))
        over = joined([kept, fresh])
        base = self._base
        stale = np.isin(base.columns.ints[SERVICE], altered)
        if stale.any():
            base = replace(base, gone=stale | base.gone if len(base.gone) else stale)
        if len(over) > max(OVERFLOW_LEAST, len(base) // OVERFLOW_SHARE):
            alive = base.columns.together()
            alive = alive.take(~base.gone) if len(base.gone) else alive
            return Index(
                lay(joined([alive, over])),
                unlaid(over.take(np.zeros(0, dtype="i8"))),
                self._languages,
                self._embed,
            )
        return Index(base, unlaid(over), self._languages, self._embed)

    def __len__(self) -> int:
        return len(self._base) - int(self._base.gone.sum()) + len(self._fresh)

    @property
    def nbytes(self) -> int:
        """Bytes of all columns and the grid."""
        return self._base.nbytes + self._fresh.nbytes

    def search(self, asked: Asked) -> Found:
        """The best rows for a wish; looks further afield when too few services fit nearby."""
        q, spoken = question(asked), languages_spoken(asked, self._languages)
        heaps = np.empty((lists.LISTS, 4, lists.MOST), dtype=np.int64)
        sizes = np.zeros(lists.LISTS, dtype=np.int64)
        counts = np.zeros((3, SIEVE_COUNT), dtype=np.int64)
        self._look(False, asked, q, spoken, heaps, sizes, counts)
        wide = asked.lat is not None and int(sizes[lists.FITS]) < asked.wish.first
        if wide:
            self._look(True, asked, q, spoken, heaps, sizes, counts)
            counts[FIRST] += counts[BEYOND]
            counts[ALONE] += counts[BEYOND]
        ranked = lists.finish(heaps, sizes)
        fits, ask_first, outside = sizes.tolist()
        return Found(
            fits=_ranked(ranked[lists.FITS], fits),
            ask_first=_ranked(ranked[lists.ASK_FIRST], ask_first),
            outside=_ranked(ranked[lists.OUTSIDE], outside),
            left_out=_by_code(counts[FIRST]),
            alone=_by_code(counts[ALONE]),
            wide=wide,
        )

    def _look(
        self, wide: bool, asked: Asked, q: Ints, spoken: Ints, heaps: Ints, sizes: Ints, counts: Ints
    ) -> None:
        cos, sin = cos_sin(asked.lat or 0)
        for laid in self._parts():
            kernel.search(
                q,
                spoken,
                cos,
                sin,
                wide,
                laid.starts,
                laid.online,
                laid.loose,
                laid.blur,
                laid.columns,
                laid.gone,
                heaps,
                sizes,
                counts,
            )

    def rows_read(self, asked: Asked, *, wide: bool = False) -> int:
        """How many rows one look reads, those of another look not included (for the bench)."""
        laid = self._base
        runs = kernel.ranges(
            question(asked),
            wide,
            laid.starts,
            laid.columns.ints[LON],
            laid.online,
            laid.loose,
            laid.blur,
        )
        return len(self._fresh) + int((runs[:, 1] - runs[:, 0]).sum())

    def _parts(self) -> list[Laid]:
        return [self._base, self._fresh] if len(self._fresh) else [self._base]


def unlaid(columns: Columns) -> Laid:
    """A short block without cells: every row of it is read."""
    return Laid(apart(columns, np.arange(len(columns))), NONE_GONE, np.zeros(0, dtype="i4"), 0, 0, 0)


def _ranked(ranked: Ints, size: int) -> Ranked:
    return Ranked(*ranked[:, :size].tolist()) if size else Ranked()


def _by_code(counts: Ints) -> dict[str, int]:
    return {code: n for code, n in zip(_CODES, counts.tolist(), strict=True) if n}
