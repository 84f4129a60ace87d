"""The scan: every row within reach against the wish, in one pass, at the speed of memory.

This is `rules/fit.py` and `rules/score.py` over columns. The two are kept together by
tests/loop/match/test_index.py; when a rule changes there, it changes here, and the test says whether
it was the same change. Everything is a signed 64-bit whole number except the distance, which is made
of exactly rounded operations only (no fast-math), so that it equals the plain rule's to the metre.

The wish comes as one row of numbers, `q`, whose places are named Q_*; the small answers come as
tables from their number to the bits of the sieves they fail.
"""

import math
from typing import Any

import numpy as np

from stile.loop.match.rules import closeness, score
from stile.loop.match.rules.asked import MICRO
from stile.loop.match.rules.fit import METRES_A_MICRODEGREE
from stile.loop.match.rules.found import MOST_ASK_FIRST, MOST_FITS, MOST_OUTSIDE
from stile.loop.match.rules.sieve import HARD_MASK, KIND_MASK, Bit

from .columns import (
    CHECKS_AT,
    DELIVERY_AT,
    NOWHERE,
    PRICE_NOT_SAID,
    ROOM_AT,
    STANDING_AT,
    WEEKS_AT,
    Array,
)
from .grid import BAND, BANDS, ONLINE_FROM, ONLINE_ONLY, SOUTH, STEP, STEPS, WEST
from .heap import bit_count, compiled, offer, sift, swap

(
    Q_PLACED,
    Q_LAT,
    Q_LON,
    Q_REACH,
    Q_VIEW,
    Q_WIDE,
    Q_ONLINE,
    Q_SLOTS,
    Q_DAYS,
    Q_NEEDS,
    Q_AVOID,
    Q_HARDER,
    Q_GENTLER,
    Q_EASIER,
    Q_BUDGET,
    Q_NAMED,
    Q_HINTED,
    Q_CHOSEN,
    Q_WANTED,
    Q_REFUSED,
    Q_UNNAMED,
    Q_WELSH,
    Q_TODAY,
    Q_STALE_BEFORE,
    Q_LATE_BEFORE,
    Q_MEANT,
    Q_WEEK,  # seven masks from here on
) = range(27)
Q_MEANING = Q_WEEK + 7  # four words from here on
Q_LENGTH = Q_MEANING + 4

# Tables of sieve bits, one after the other: by youngest and by oldest age, by the small answers of a row
# (its flags without delivery and weeks), by its set of languages.
T_YOUNGEST, T_OLDEST, T_ANSWERS = 0, 256, 512
ANSWERS = 1 << (WEEKS_AT - STANDING_AT)
T_LANGUAGE = T_ANSWERS + ANSWERS

FITS, ASK_FIRST, OUTSIDE = range(3)
LISTS, MOST = 3, max(MOST_FITS, MOST_ASK_FIRST, MOST_OUTSIDE)
SCORE_BASE = 1 << 20  # keeps keys positive
ROW_MASK = (1 << 32) - 1
SIEVE_COUNT = len(Bit)

_FAR, _ONLINE_ONLY = 1 << Bit.FAR, 1 << Bit.ONLINE_ONLY
_CHECKS, _AGE, _AGE_UNKNOWN = 1 << Bit.CHECKS, 1 << Bit.AGE, 1 << Bit.AGE_UNKNOWN
_NEEDS, _NEEDS_UNKNOWN = 1 << Bit.NEEDS, 1 << Bit.NEEDS_UNKNOWN
_AVOID, _AVOID_UNKNOWN = 1 << Bit.AVOID, 1 << Bit.AVOID_UNKNOWN
_TIME, _TIME_UNKNOWN = 1 << Bit.TIME, 1 << Bit.TIME_UNKNOWN
_PRICE, _PRICE_UNKNOWN = 1 << Bit.PRICE, 1 << Bit.PRICE_UNKNOWN
_STALE, _POSITION_UNKNOWN = 1 << Bit.STALE, 1 << Bit.POSITION_UNKNOWN
_LANGUAGE, _KIND, _REFUSED = 1 << Bit.LANGUAGE, KIND_MASK, 1 << Bit.REFUSED
_HARD = HARD_MASK
whole: Any = np.int64  # so that no sum is made of two kinds of number
_HALF = math.pi / 360.0 / MICRO
_CURRENT = 1  # columns.CHECKED[1]
_ROOM_OPEN, _ROOM_WAITING = 1, 2
_DAY_BITS = 0b1111111 << 21


@compiled
def _from_lon(rows: Array, first: int, last: int, lon: float) -> int:
    """The first row of [first, last) at or east of `lon`; rows there stand from west to east."""
    while first < last:
        middle = (first + last) // 2
        if rows[middle].lon < lon:
            first = middle + 1
        else:
            last = middle
    return first


@compiled
def ranges(q: Array, starts: Array, rows: Array, online: int, loose: int, blur: int) -> Array:
    """The runs of rows to read, (k, 2): those of the circle, band by band, then the block of the rest.

    The wide look leaves out the middle of each band, which the near look has read.
    """
    runs = np.empty((2 * BANDS + 1, 2), dtype=np.int64)
    count = 0
    if q[Q_PLACED] == 0:
        runs[0, 0], runs[0, 1] = 0, rows.shape[0]
        return runs[:1]
    # Rounding and the flat-earth shape are both well inside these fifty metres.
    view = (q[Q_VIEW] + blur + 50) / METRES_A_MICRODEGREE
    inner = max(0.0, (q[Q_REACH] - 50) / METRES_A_MICRODEGREE) if q[Q_WIDE] else 0.0
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
        first = _from_lon(rows, starts[band * STEPS + west], starts[band * STEPS + west + 1], lon - width)
        last = _from_lon(rows, starts[band * STEPS + east], starts[band * STEPS + east + 1], lon + width + 1)
        far = max(abs(south - lat), abs(north - lat))
        if inner > far:
            known = math.sqrt(inner * inner - far * far) / math.cos((lat + min(south, lat)) * _HALF)
            runs[count, 0], runs[count, 1] = first, _from_lon(rows, first, last, lon - known)
            count += 1
            first = _from_lon(rows, first, last, lon + known)
        if first < last:
            runs[count, 0], runs[count, 1] = first, last
            count += 1
    runs[count, 0] = online if q[Q_ONLINE] or q[Q_WIDE] else loose
    runs[count, 1] = rows.shape[0]
    return runs[: count + 1]


@compiled
def _within(square: float, limit: int, surely_in: float, surely_out: float, blur: int) -> bool:
    """Whether whole metres are at most `limit`; the root is drawn only where its square leaves a doubt."""
    if blur == 0:
        if square < surely_in:
            return True
        if square > surely_out:
            return False
    return bool(whole(math.sqrt(square) * METRES_A_MICRODEGREE) <= limit)


@compiled
def scan(
    runs: Array,
    q: Array,
    table: Array,
    rows: Array,
    gone: Array,
    meaning: Array,
    heaps: Array,
    sizes: Array,
    counts: Array,
) -> int:
    """Hold the rows of the runs against the wish; returns how many were in view.

    heaps (3, 4, MOST): key, service, kinds, and metres and closeness packed; sizes (3,); counts (2, sieves):
    rows by the first sieve that stops them, and rows that one sieve alone stops. All three are added to.
    Conditions that nobody can foresee are sums of bits rather than branches.

    The wide look reads what the near one passed over or did not count: what is too far, and what is online
    only, all over the country. It lists nothing, and counts only what one sieve alone stops.
    """
    placed, reach, view, wide, online_is_fine = (
        q[Q_PLACED],
        q[Q_REACH],
        q[Q_VIEW],
        q[Q_WIDE] == 1,
        q[Q_ONLINE],
    )
    my_lat, my_lon = q[Q_LAT], q[Q_LON]
    cos, sin = math.cos(my_lat / MICRO * math.pi / 180.0), math.sin(my_lat / MICRO * math.pi / 180.0)
    my_slots, my_days, needs, avoid, harder = q[Q_SLOTS], q[Q_DAYS], q[Q_NEEDS], q[Q_AVOID], q[Q_HARDER]
    budget, unnamed, welsh = q[Q_BUDGET], q[Q_UNNAMED], q[Q_WELSH]
    wanted, refused, today, stale_before = q[Q_WANTED], q[Q_REFUSED], q[Q_TODAY], q[Q_STALE_BEFORE]
    avoided, timed, any_gone = avoid | harder, whole(my_slots != 0), gone.shape[0] > 0
    choosy, seen = wide and wanted != 0, 0
    edge = (view + 1) / METRES_A_MICRODEGREE
    surely_in, surely_out = edge * edge * (1 - 1e-9), edge * edge * (1 + 1e-9)
    at_best, floors, lowest = _at_best(q), np.full(LISTS, -SCORE_BASE), whole(-SCORE_BASE)
    for run in range(runs.shape[0]):
        for i in range(runs[run, 0], runs[run, 1]):
            if any_gone and gone[i]:
                continue
            one = rows[i]
            flag = whole(one.flags)
            mask, square, quiet = whole(0), -1.0, False
            if placed:
                delivery = flag >> DELIVERY_AT & 3
                away, in_view = True, False
                if delivery != ONLINE_ONLY and one.lat != NOWHERE:
                    dlat = float(one.lat - my_lat)
                    dx = float(one.lon - my_lon) * (cos - sin * (dlat * _HALF))
                    square = dlat * dlat + dx * dx
                    in_view = _within(square, view + one.blur, surely_in, surely_out, one.blur)
                    if not in_view and delivery < ONLINE_FROM:
                        continue
                    away = not in_view
                    if wide:
                        away = not _within(square, reach + one.blur, 0.0, math.inf, one.blur)
                elif delivery < ONLINE_FROM:
                    mask, away = whole(_POSITION_UNKNOWN), False
                if away and delivery >= ONLINE_FROM and online_is_fine:
                    away, square = False, -1.0
                quiet = delivery == ONLINE_ONLY
                if away != wide and not (wide and quiet):
                    continue  # the look near by takes what is near, the wide look only the rest
                if quiet and not wide and score.ONLINE + _kind_points(q, one.kinds) + at_best < lowest:
                    continue  # it could be in no list, and it is not counted either
                if away:
                    mask = whole(_FAR if in_view else _ONLINE_ONLY)
            seen += 1
            if choosy and mask != 0 and one.kinds & wanted == 0 and one.kinds & ~unnamed != 0:
                continue  # too far, and something different besides
            mask |= table[T_ANSWERS + (flag >> STANDING_AT & (ANSWERS - 1))]
            mask |= whole(one.checks_until < today) * _CHECKS | whole(one.checked_on < stale_before) * _STALE
            young, old = table[T_YOUNGEST + one.youngest], table[T_OLDEST + one.oldest]
            mask |= ((young | old) & _AGE) | (young & old & _AGE_UNKNOWN)
            is_so, is_not, kind = one.yes, one.no, one.kinds
            not_said = ~(is_so | is_not)
            mask |= whole(needs & is_not != 0) * _NEEDS | whole(needs & not_said != 0) * _NEEDS_UNKNOWN
            mask |= whole(avoided & is_so != 0) * _AVOID | whole(avoid & not_said != 0) * _AVOID_UNKNOWN
            when, cost = whole(one.slots), whole(one.price)
            unsure = whole(when == 0) | whole(when & my_days != 0)
            missed = timed & whole(when & my_slots == 0)
            mask |= (missed & unsure) * _TIME_UNKNOWN | (missed & (1 - unsure)) * _TIME
            not_priced, over = whole(cost == PRICE_NOT_SAID), whole(cost > budget)
            mask |= (over & not_priced) * _PRICE_UNKNOWN | (over & (1 - not_priced)) * _PRICE
            spoken = table[T_LANGUAGE + one.language]
            if spoken:
                if is_so & welsh:
                    spoken = whole(0)
                elif is_not & welsh:
                    spoken = whole(_LANGUAGE)
                mask |= spoken
            close = whole(-1)
            suits = kind & wanted != 0
            mask |= (whole(kind & refused != 0) & whole(not suits)) * _REFUSED
            misfit = whole(wanted != 0) & whole(not suits)
            if kind & ~unnamed == 0:
                close = _closeness(q, meaning, i)
                misfit &= whole(close < closeness.CLOSE)
            mask |= misfit * _KIND
            if mask:
                first, lone = bit_count((mask & -mask) - 1), whole(mask & (mask - 1) == 0)
                counts[0, first] += lone if wide else whole(not quiet)
                counts[1, first] += lone & whole(wide or not quiet)
                if wide:
                    continue
                if mask == _KIND:
                    into, most = OUTSIDE, MOST_OUTSIDE
                elif mask & _HARD == 0:
                    into, most = ASK_FIRST, MOST_ASK_FIRST
                else:
                    continue
            elif wide:
                continue
            else:
                into, most = FITS, MOST_FITS
            metres = whole(math.sqrt(square) * METRES_A_MICRODEGREE) if square >= 0.0 else whole(-1)
            near = _nearness(q, flag, metres)
            near += _kind_points(q, kind)
            if near + at_best < floors[into]:
                continue  # even with every other point there is it would not be kept
            if close < 0:
                close = _closeness(q, meaning, i)
            sum_ = near + close + _points(q, is_so, is_not, when, cost, flag)
            sum_ += score.LATELY if one.checked_on >= q[Q_LATE_BEFORE] else 0
            key = (sum_ + SCORE_BASE) << 32 | (ROW_MASK - one.row)
            sizes[into] = offer(
                heaps[into], sizes[into], most, key, whole(one.service), kind, (metres + 1) << 8 | close
            )
            if sizes[into] == most:
                floors[into] = (heaps[into, 0, 0] >> 32) - SCORE_BASE
                lowest = min(floors[FITS], floors[ASK_FIRST])
                if wanted:
                    lowest = min(lowest, floors[OUTSIDE])
    return seen


@compiled
def search(
    q: Array,
    table: Array,
    starts: Array,
    online: int,
    loose: int,
    blur: int,
    rows: Array,
    gone: Array,
    meaning: Array,
    heaps: Array,
    sizes: Array,
    counts: Array,
) -> int:
    """`scan` over the rows within reach of one laid-out block (without cells: over all of it)."""
    if starts.shape[0] == 0:
        runs = np.empty((1, 2), dtype=np.int64)
        runs[0, 0], runs[0, 1] = 0, rows.shape[0]
    else:
        runs = ranges(q, starts, rows, online, loose, blur)
    return scan(runs, q, table, rows, gone, meaning, heaps, sizes, counts)


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


@compiled
def _closeness(q: Array, meaning: Array, i: int) -> Any:
    """rules/closeness.py over four words."""
    if q[Q_MEANT] == 0:
        return 0
    differing = whole(0)
    any_ = whole(0)
    for word in range(4):
        any_ |= meaning[i, word]
        differing += bit_count(q[Q_MEANING + word] ^ meaning[i, word])
    if any_ == 0:
        return 0
    return min(closeness.MOST, max(0, 256 - differing - closeness.BY_CHANCE) // 2)


@compiled
def _nearness(q: Array, flag: int, metres: int) -> Any:
    """rules/score.py."""
    if q[Q_PLACED] == 0:
        return whole(0)
    if metres >= 0:
        # Both are far below 2**26, so the quotient cut off is the whole-number one, and quicker.
        return whole(float(score.NEAREST * max(0, q[Q_REACH] - metres)) / float(q[Q_REACH]))
    return whole(score.ONLINE if flag >> DELIVERY_AT & 3 >= ONLINE_FROM else 0)


@compiled
def _kind_points(q: Array, kind: int) -> Any:
    """rules/score.py: named, hinted, chosen."""
    total = whole(0)
    named = bit_count(kind & q[Q_NAMED])
    if named:
        total += score.NAMED + score.NAMED_MORE * min(named - 1, 2)
    elif kind & q[Q_HINTED]:
        total += score.HINTED
    if kind & q[Q_CHOSEN]:
        total += score.CHOSEN
    return total


@compiled
def _at_best(q: Array) -> Any:
    """The most that a row can have besides nearness and its kinds."""
    total = whole(score.SOON + score.FREE + score.PLACES_OPEN + score.LATELY + score.CHECKED)
    total += score.EASIER * min(bit_count(q[Q_EASIER]), score.EASIER_MOST)
    total += score.GENTLE * min(bit_count(q[Q_GENTLER]), score.GENTLE_MOST)
    return total + closeness.MOST if q[Q_MEANT] else total


@compiled
def _points(q: Array, yes: int, no: int, slots: int, price: int, flag: int) -> Any:
    """rules/score.py, but for nearness, kinds, closeness and freshness."""
    total = whole(0)
    days = whole(0)
    for ahead in range(7):
        days |= whole(slots & q[Q_WEEK + ahead] != 0) << ahead
    if days:
        total += score.SOON - bit_count((days & -days) - 1)
    if price == 0:
        total += score.FREE
    elif price <= score.CHEAP_PENCE:
        total += score.CHEAP
    easier = q[Q_EASIER]
    if easier:
        total += score.EASIER * min(bit_count(yes & easier), score.EASIER_MOST)
        total += score.NOT_EASIER * bit_count(no & easier)
    if q[Q_GENTLER]:
        total += score.GENTLE * min(bit_count(no & q[Q_GENTLER]), score.GENTLE_MOST)
        total += score.NOT_GENTLE * bit_count(yes & q[Q_GENTLER])
    room = flag >> ROOM_AT & 7
    if room == _ROOM_OPEN:
        total += score.PLACES_OPEN
    elif room == _ROOM_WAITING:
        total += score.WAITING + score.WEEK_OF_WAITING * (flag >> WEEKS_AT)
    if flag >> CHECKS_AT & 7 == _CURRENT:
        total += score.CHECKED
    return total
