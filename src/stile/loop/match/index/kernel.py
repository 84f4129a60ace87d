"""The scan: every row within reach against the wish.

This is `rules/fit.py` and `rules/score.py` over columns. The two are kept together by
tests/loop/match/test_index.py; when a rule changes there, it changes in `sieves.py` or `points.py`, and the
test says whether it was the same change. Everything is a whole number except the distance, which is made
of exactly rounded operations only (no fast-math), so that it equals the plain rule's to the metre.

A block of rows at a time: the sieves leave a mask for each row, the masks are counted, the few rows that
a list may take are given their points, and those with enough of them are offered to it. Each step but the
last is a loop of its own, without a branch in it that depends on a row.
"""

import math
from typing import Any

import numpy as np

from stile.loop.match.rules.asked import MICRO
from stile.loop.match.rules.fit import METRES_A_MICRODEGREE

from .columns import LON, NUMBER, Apart, Array
from .compiling import compiled
from .counts import BEYOND, tally, tally_alone
from .grid import BAND, BANDS, IN_CELLS, MIXED, ONLINE, SOUTH, STEP, STEPS, WEST
from .lists import add_closeness, hope, keep, least_of, rank
from .points import points
from .question import Q_LAT, Q_LON, Q_MEANT, Q_ONLINE, Q_PLACED, Q_REACH, Q_RING
from .sieves import sieve

BLOCK = 1024  # rows: few enough for the nearest cache, enough that starting a loop costs little
whole: Any = np.int64  # so that no sum is made of two kinds of number
_HALF = math.pi / 360.0 / MICRO


@compiled
def _from_lon(lons: Array, first: int, last: int, lon: float) -> int:
    """The first row of [first, last) at or east of `lon`; rows there stand from west to east."""
    while first < last:
        middle = (first + last) // 2
        if lons[middle] < lon:
            first = middle + 1
        else:
            last = middle
    return first


@compiled
def _put(runs: Array, at: int, first: int, last: int, part: int) -> None:
    runs[at, 0], runs[at, 1], runs[at, 2] = (
        first,
        last,
        part,
    )  # one by one: a row at once takes seconds to compile


@compiled
def ranges(q: Array, wide: bool, starts: Array, lons: Array, online: int, loose: int, blur: int) -> Array:
    """The runs of rows to read, (k, 3): those of the circle, band by band, then the block of the rest.

    The wide look leaves out the middle of each band, which the near look has read, and what is online only
    where that has been read as well: it is near to everybody who is fine with online.
    """
    runs = np.empty((2 * BANDS + 2, 3), dtype=np.int64)
    count = 0
    if q[Q_PLACED] == 0:
        _put(runs, 0, 0, lons.size, MIXED)
        return runs[:1]
    # Rounding and the flat-earth shape are both well inside these fifty metres.
    view = ((q[Q_RING] if wide else q[Q_REACH]) + blur + 50) / METRES_A_MICRODEGREE
    inner = max(0.0, (q[Q_REACH] - 50) / METRES_A_MICRODEGREE) if wide else 0.0
    lat, lon = q[Q_LAT], q[Q_LON]
    low = max(0, whole(math.floor((lat - view - SOUTH) / BAND)))
    high = min(BANDS - 1, whole(math.floor((lat + view - SOUTH) / BAND)))
    middle = min(high, max(low, whole(math.floor((lat - SOUTH) / BAND))))
    # From the middle outwards: what is nearest has the most points, and turns the rest away the sooner.
    for step in range(2 * (high - low + 1) + 1):
        band = middle + (step + 1) // 2 if step % 2 else middle - step // 2
        if band < low or band > high:
            continue
        south, north = SOUTH + band * BAND, SOUTH + (band + 1) * BAND
        away = max(0.0, max(south - lat, lat - north))
        # The mid-latitude's cosine is smallest, and a degree of longitude shortest, at the north edge.
        width = math.sqrt(max(0.0, view * view - away * away)) / math.cos((lat + max(north, lat)) * _HALF)
        west = max(0, whole(math.floor((lon - width - WEST) / STEP)))
        east = min(STEPS - 1, whole(math.floor((lon + width - WEST) / STEP)))
        if west > east:
            continue
        first = _from_lon(lons, starts[band * STEPS + west], starts[band * STEPS + west + 1], lon - width)
        last = _from_lon(lons, starts[band * STEPS + east], starts[band * STEPS + east + 1], lon + width + 1)
        far = max(abs(south - lat), abs(north - lat))
        if inner > far:
            known = math.sqrt(inner * inner - far * far) / math.cos((lat + min(south, lat)) * _HALF)
            _put(runs, count, first, _from_lon(lons, first, last, lon - known), IN_CELLS)
            count += 1
            first = _from_lon(lons, first, last, lon + known)
        if first < last:
            _put(runs, count, first, last, IN_CELLS)
            count += 1
    if (q[Q_ONLINE] != 0) != wide:
        _put(runs, count, online, loose, ONLINE)
        count += 1
    _put(runs, count, loose, lons.size, MIXED)
    return runs[: count + 1]


@compiled
def scan(
    runs: Array,
    q: Array,
    spoken: Array,
    cos: float,
    sin: float,
    wide: bool,
    columns: Apart,
    gone: Array,
    heaps: Array,
    sizes: Array,
    counts: Array,
) -> None:
    """Hold the rows of the runs against the wish; what is found is added to the last three.

    runs (k, 3): first, last, and the part of the grid. heaps (3, 4, MOST): key, service, kinds, and metres
    and closeness packed; sizes (3,); counts (3, sieves): rows by the first sieve that stops them, rows that
    one sieve alone stops, and the same of what is online only or further off, which may not count.

    The wide look reads what the near one passed over: what is a bit too far, and what is online only when
    they would rather go. It lists nothing, and counts only what one sieve alone stops.
    """
    masks, scored, extra = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    places, chosen = np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16)
    numbers, least = columns.ints[NUMBER], least_of(heaps, sizes)
    for run in range(runs.shape[0]):
        for first in range(runs[run, 0], runs[run, 1], BLOCK):
            mask = masks[: min(BLOCK, runs[run, 1] - first)]
            sieve(mask, q, spoken, cos, sin, runs[run, 2], wide, columns, gone, first)
            if wide:
                tally_alone(mask, 0, counts[BEYOND])
                continue
            tally(mask, counts)
            kept = places[: keep(mask, places)]
            points(kept, scored, extra, q, cos, sin, columns, first)
            hopeful = chosen[: hope(mask, kept, scored, q, numbers[first:], least, chosen)]
            if q[Q_MEANT]:
                add_closeness(kept, hopeful, scored, extra, columns.meaning[first:], q)
            rank(mask, kept, hopeful, scored, extra, columns, first, heaps, sizes, least)


@compiled
def search(
    q: Array,
    spoken: Array,
    cos: float,
    sin: float,
    wide: bool,
    starts: Array,
    online: int,
    loose: int,
    blur: int,
    columns: Apart,
    gone: Array,
    heaps: Array,
    sizes: Array,
    counts: Array,
) -> None:
    """`scan` over the rows within reach of one laid-out block (without cells: over all of it)."""
    if starts.shape[0] == 0:
        runs = np.empty((1, 3), dtype=np.int64)
        _put(runs, 0, 0, columns.meaning.shape[0], MIXED)
    else:
        runs = ranges(q, wide, starts, columns.ints[LON], online, loose, blur)
    scan(runs, q, spoken, cos, sin, wide, columns, gone, heaps, sizes, counts)
