"""The three lists: which rows may stand in one, which are worth a closer look, and the best in order."""

from typing import Any

import numpy as np

from stile.loop.match.rules import closeness
from stile.loop.match.rules.found import MOST_ASK_FIRST, MOST_FITS, MOST_OUTSIDE
from stile.loop.match.rules.sieve import HARD_MASK, KIND_MASK

from .columns import KINDS, NUMBER, SERVICE, Apart, Array
from .compiling import compiled
from .heap import offer, sift, swap
from .question import Q_MEANT
from .sieves import OUT, QUIET, close

FITS, ASK_FIRST, OUTSIDE = range(3)
LISTS, MOST = 3, max(MOST_FITS, MOST_ASK_FIRST, MOST_OUTSIDE)
SCORE_BASE = 1 << 20  # keeps keys positive
ROW_MASK = (1 << 32) - 1
_HOLDS = (MOST_FITS, MOST_ASK_FIRST, MOST_OUTSIDE)
_HARD, _KIND = HARD_MASK, KIND_MASK
whole: Any = np.int64  # so that no sum is made of two kinds of number


@compiled
def list_of(mask: int) -> Any:
    """Which list a row kept belongs to."""
    stopped = mask & ~QUIET
    return whole(stopped != 0) + whole(stopped == _KIND)


@compiled
def keep(mask: Array, kept: Array) -> int:
    """The rows that one of the lists may take, written to `kept`; returns how many."""
    count = 0
    for j in range(mask.size):
        kept[count] = j  # written over by the next, unless it counts
        count += (mask[j] & (_HARD | OUT) == 0) | (mask[j] & ~QUIET == _KIND)
    return count


@compiled
def hope(
    mask: Array, kept: Array, scored: Array, q: Array, numbers: Array, least: Array, hopeful: Array
) -> int:
    """Those of the kept that would be in their list if they came as close as can be to what was said."""
    closest, count = closeness.MOST if q[Q_MEANT] else 0, 0
    for k in range(kept.size):
        key = (scored[k] + closest + SCORE_BASE) << 32 | (ROW_MASK - numbers[kept[k]])
        hopeful[count] = k
        count += key > least[list_of(mask[kept[k]])]
    return count


@compiled
def add_closeness(kept: Array, hopeful: Array, scored: Array, extra: Array, meaning: Array, q: Array) -> None:
    """A pass of its own, so that the processor fetches many meanings from memory at once."""
    for k in hopeful:
        near = close(q, meaning[kept[k]])
        scored[k] += near
        extra[k] |= near


@compiled
def rank(
    mask: Array,
    kept: Array,
    hopeful: Array,
    scored: Array,
    extra: Array,
    columns: Apart,
    first: int,
    heaps: Array,
    sizes: Array,
    least: Array,
) -> None:
    """Offer the hopeful to their lists; `least` is the key that each list asks more of, once it is full."""
    numbers, services, kinds = columns.ints[NUMBER], columns.ints[SERVICE], columns.words[KINDS]
    for k in hopeful:
        i, into = first + kept[k], list_of(mask[kept[k]])
        key = (scored[k] + SCORE_BASE) << 32 | (ROW_MASK - numbers[i])
        if key > least[into]:
            most = _HOLDS[into]
            sizes[into] = offer(heaps[into], sizes[into], most, key, whole(services[i]), kinds[i], extra[k])
            if sizes[into] == most:
                least[into] = heaps[into, 0, 0]


@compiled
def least_of(heaps: Array, sizes: Array) -> Array:
    least = np.full(LISTS, -1)
    for into in range(LISTS):
        if sizes[into] == _HOLDS[into]:
            least[into] = heaps[into, 0, 0]
    return least


@compiled
def finish(heaps: Array, sizes: Array) -> Array:
    """The lists in order, the best first: (3, 6, MOST) of row, service, score, kinds, closeness, metres."""
    lists = np.empty((LISTS, 6, MOST), dtype=np.int64)
    for which in range(LISTS):
        heap = heaps[which]
        for last in range(sizes[which] - 1, 0, -1):
            swap(heap, 0, last)  # the least goes to the end, which leaves the greatest first
            sift(heap, 0, last)
        for at in range(sizes[which]):
            key, extra = heap[0, at], heap[3, at]
            lists[which, 0, at] = ROW_MASK - (key & ROW_MASK)
            lists[which, 1, at] = heap[1, at]
            lists[which, 2, at] = (key >> 32) - SCORE_BASE
            lists[which, 3, at] = heap[2, at]
            lists[which, 4, at] = extra & 255
            lists[which, 5, at] = (extra >> 8) - 1
    return lists
