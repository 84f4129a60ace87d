"""The points of `rules/score.py` over columns, for the rows that the sieves leave: a pass for each term.

No pass holds a branch that depends on a row: what a row is like tells the processor nothing about the next,
and each wrong guess costs as much as several of these passes.
"""

from typing import Any

import numpy as np

from stile.loop.match.rules import score

from . import columns as c
from .columns import Apart, Array
from .compiling import bit_count, compiled
from .grid import ONLINE_FROM, ONLINE_ONLY
from .question import (
    Q_CHOSEN,
    Q_EASIER,
    Q_GENTLER,
    Q_HINTED,
    Q_LAT,
    Q_LATE_BEFORE,
    Q_LON,
    Q_NAMED,
    Q_PLACED,
    Q_REACH,
    Q_WEEK,
)
from .sieves import away

whole: Any = np.int64  # so that no sum is made of two kinds of number
_CURRENT = 1  # columns.CHECKED[1]
_ROOM_OPEN, _ROOM_WAITING = 1, 2


@compiled
def points(
    kept: Array, points: Array, extra: Array, q: Array, cos: float, sin: float, columns: Apart, first: int
) -> None:
    """Points but for closeness, of rows `first + kept`; `extra` is (whole metres + 1) << 8, 0: no way to go."""
    words, ints, shorts = columns.words, columns.ints, columns.shorts
    flags = ints[c.FLAGS][first:]
    if q[Q_PLACED]:
        lats, lons, blurs = ints[c.LAT][first:], ints[c.LON][first:], shorts[c.BLUR][first:]
        _near(kept, points, extra, lats, lons, blurs, flags, q, cos, sin)
    else:
        points[: kept.size], extra[: kept.size] = 0, 0
    _kinds(kept, points, words[c.KINDS][first:], q)
    _soon(kept, points, ints[c.SLOTS][first:], q)
    _price_and_date(kept, points, shorts[c.PRICE][first:], shorts[c.CHECKED_ON][first:], q)
    _room_and_checks(kept, points, flags)
    if q[Q_EASIER] | q[Q_GENTLER]:
        _facts(kept, points, words[c.YES][first:], words[c.NO][first:], q)


@compiled
def _near(
    kept: Array,
    points: Array,
    extra: Array,
    lats: Array,
    lons: Array,
    blurs: Array,
    flags: Array,
    q: Array,
    cos: float,
    sin: float,
) -> None:
    lat, lon, reach = float(q[Q_LAT]), float(q[Q_LON]), q[Q_REACH]
    for k in range(kept.size):
        j = kept[k]
        delivery = flags[j] >> c.DELIVERY_AT & 3
        exact = away(float(lats[j]) - lat, float(lons[j]) - lon, cos, sin)
        there = (delivery != ONLINE_ONLY) & (lats[j] != c.NOWHERE) & (exact < float(reach + 1 + blurs[j]))
        metres = whole(exact)
        # Both are far below 2**26, so the quotient cut off is the whole-number one, and quicker.
        near = whole(float(score.NEAREST * max(0, reach - metres)) / float(reach))
        points[k] = near if there else score.ONLINE if delivery >= ONLINE_FROM else 0
        extra[k] = (metres + 1) << 8 if there else 0


@compiled
def _kinds(kept: Array, points: Array, kinds: Array, q: Array) -> None:
    for k in range(kept.size):
        kind = kinds[kept[k]]
        named = bit_count(kind & q[Q_NAMED])
        hinted = score.HINTED if kind & q[Q_HINTED] != 0 else 0
        points[k] += score.NAMED + score.NAMED_MORE * min(named - 1, 2) if named else hinted
        points[k] += score.CHOSEN if kind & q[Q_CHOSEN] != 0 else 0


@compiled
def _soon(kept: Array, points: Array, slots: Array, q: Array) -> None:
    for k in range(kept.size):
        when = slots[kept[k]]
        soon = 0
        for before in range(7):
            soon = score.SOON - 6 + before if when & q[Q_WEEK + 6 - before] != 0 else soon
        points[k] += soon


@compiled
def _price_and_date(kept: Array, points: Array, prices: Array, checked_on: Array, q: Array) -> None:
    late_before = q[Q_LATE_BEFORE]
    for k in range(kept.size):
        price = prices[kept[k]]
        points[k] += score.FREE if price == 0 else score.CHEAP if price <= score.CHEAP_PENCE else 0
        points[k] += score.LATELY if checked_on[kept[k]] >= late_before else 0


@compiled
def _room_and_checks(kept: Array, points: Array, flags: Array) -> None:
    for k in range(kept.size):
        flag = whole(flags[kept[k]])
        room = flag >> c.ROOM_AT & 7
        waiting = score.WAITING + score.WEEK_OF_WAITING * (flag >> c.WEEKS_AT)
        points[k] += score.PLACES_OPEN if room == _ROOM_OPEN else waiting if room == _ROOM_WAITING else 0
        points[k] += score.CHECKED if flag >> c.CHECKS_AT & 7 == _CURRENT else 0


@compiled
def _facts(kept: Array, points: Array, yes: Array, no: Array, q: Array) -> None:
    easier, gentler = q[Q_EASIER], q[Q_GENTLER]
    for k in range(kept.size):
        so, not_so = yes[kept[k]], no[kept[k]]
        points[k] += score.EASIER * min(bit_count(so & easier), score.EASIER_MOST)
        points[k] += score.NOT_EASIER * bit_count(not_so & easier)
        points[k] += score.GENTLE * min(bit_count(not_so & gentler), score.GENTLE_MOST)
        points[k] += score.NOT_GENTLE * bit_count(so & gentler)
