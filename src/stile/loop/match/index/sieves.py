"""The sieves of `rules/fit.py` over columns: a pass for each, a block of rows at a time.

`mask` has bit n of a row set where sieve n stops it. No pass holds a branch that depends on a row, nor a
look-up (but for the two that few wishes need: languages, and the meaning of what has no kind), and numbers
are compared in the columns' own width: so the compiler puts eight rows and more through each instruction. A
block is short enough that its masks stay in the processor's nearest cache from the first pass to the
last; and a pass whose condition the wish does not set is left out with the columns it would have read.
"""

import math
from typing import Any

import numpy as np

from stile.loop.match.rules import closeness
from stile.loop.match.rules.asked import MICRO
from stile.loop.match.rules.fit import METRES_A_MICRODEGREE
from stile.loop.match.rules.sieve import KIND_MASK, Bit

from . import columns as c
from .columns import Apart, Array
from .compiling import bit_count, compiled
from .grid import IN_CELLS, ONLINE, ONLINE_FROM, ONLINE_ONLY
from .question import (
    Q_AGE,
    Q_AVOID,
    Q_BUDGET,
    Q_CHILD,
    Q_DAYS,
    Q_FORM,
    Q_FORM_UNKNOWN,
    Q_HARDER,
    Q_INTRODUCING,
    Q_LAT,
    Q_LON,
    Q_MEANING,
    Q_MEANT,
    Q_NEEDS,
    Q_ONLINE,
    Q_PLACED,
    Q_REACH,
    Q_REFUSED,
    Q_RING,
    Q_SLOTS,
    Q_STALE_BEFORE,
    Q_TODAY,
    Q_UNNAMED,
    Q_WANTED,
    Q_WELSH,
)

# Beyond the sieves' own bits: what is online only, and so not counted; what this look does not take at all.
QUIET, OUT = 1 << 29, 1 << 30

_CHECKS, _CHECKS_UNKNOWN, _STALE = 1 << Bit.CHECKS, 1 << Bit.CHECKS_UNKNOWN, 1 << Bit.STALE
_AGE, _AGE_UNKNOWN = 1 << Bit.AGE, 1 << Bit.AGE_UNKNOWN
_NEEDS, _NEEDS_UNKNOWN = 1 << Bit.NEEDS, 1 << Bit.NEEDS_UNKNOWN
_AVOID, _AVOID_UNKNOWN = 1 << Bit.AVOID, 1 << Bit.AVOID_UNKNOWN
_TIME, _TIME_UNKNOWN = 1 << Bit.TIME, 1 << Bit.TIME_UNKNOWN
_PRICE, _PRICE_UNKNOWN = 1 << Bit.PRICE, 1 << Bit.PRICE_UNKNOWN
_FORM, _FORM_UNKNOWN, _LANGUAGE = 1 << Bit.FORM, 1 << Bit.FORM_UNKNOWN, 1 << Bit.LANGUAGE
_FAR, _ONLINE_ONLY, _POSITION_UNKNOWN = 1 << Bit.FAR, 1 << Bit.ONLINE_ONLY, 1 << Bit.POSITION_UNKNOWN
_KIND, _REFUSED = KIND_MASK, 1 << Bit.REFUSED
_ALWAYS = 1 << Bit.CLOSED | 1 << Bit.CLOSED_FOR_NOW | 1 << Bit.FULL | _CHECKS
_HALF = math.pi / 360.0 / MICRO
i4: Any = np.int32
u2: Any = np.uint16
u1: Any = np.uint8


@compiled
def sieve(
    mask: Array,
    q: Array,
    spoken: Array,
    cos: float,
    sin: float,
    part: int,
    wide: bool,
    columns: Apart,
    gone: Array,
    first: int,
) -> None:
    """Fill `mask` for the rows from `first` on, which lie in one part of the grid (grid.IN_CELLS and so on)."""
    last = first + mask.size
    words, ints, shorts, small = columns.words, columns.ints, columns.shorts, columns.small
    yes, no, kinds = words[c.YES][first:last], words[c.NO][first:last], words[c.KINDS][first:last]
    flags, checked_on = ints[c.FLAGS][first:last], shorts[c.CHECKED_ON][first:last]
    _standing(mask, flags, checked_on, shorts[c.CHECKS_UNTIL][first:last], q)
    if q[Q_AGE] != c.NOT_SAID:
        youngest, oldest = small[c.YOUNGEST][first:last], small[c.OLDEST][first:last]
        _ages(mask, youngest, oldest, u1(q[Q_AGE]), q[Q_CHILD] != 0)
    if q[Q_NEEDS]:
        _facts(mask, no, yes, no, q[Q_NEEDS], q[Q_NEEDS], i4(_NEEDS), i4(_NEEDS_UNKNOWN))
    if q[Q_AVOID] | q[Q_HARDER]:
        avoided = q[Q_AVOID] | q[Q_HARDER]
        _facts(mask, yes, yes, no, avoided, q[Q_AVOID], i4(_AVOID), i4(_AVOID_UNKNOWN))
    if q[Q_SLOTS]:
        _times(mask, ints[c.SLOTS][first:last], i4(q[Q_SLOTS]), i4(q[Q_DAYS]))
    if q[Q_BUDGET] != c.PRICE_NOT_SAID:
        _prices(mask, shorts[c.PRICE][first:last], u2(q[Q_BUDGET]))
    if q[Q_FORM] | q[Q_FORM_UNKNOWN]:
        _forms(mask, flags, i4(q[Q_FORM]), i4(q[Q_FORM_UNKNOWN]))
    if spoken.size:
        _languages(mask, shorts[c.LANGUAGE][first:last], yes, no, spoken, q[Q_WELSH])
    if q[Q_WANTED] | q[Q_REFUSED]:
        bit = i4(_KIND if q[Q_WANTED] else 0)
        nameless = _kinds(mask, kinds, q[Q_WANTED], q[Q_REFUSED], q[Q_UNNAMED], bit)
        if nameless and bit and q[Q_MEANT]:
            _close_enough(mask, kinds, columns.meaning[first:last], q)
    if q[Q_PLACED]:
        lats, lons, blurs = ints[c.LAT][first:last], ints[c.LON][first:last], shorts[c.BLUR][first:last]
        if part == IN_CELLS:
            _distances(mask, lats, lons, blurs, q, cos, sin, wide)
        elif part == ONLINE:
            _online(mask, wide)
        else:
            _places(mask, lats, lons, blurs, flags, q, cos, sin, wide)
    if gone.size:
        _gone(mask, gone[first:last])


@compiled
def _standing(mask: Array, flags: Array, checked_on: Array, checks_until: Array, q: Array) -> None:
    """What is so whatever they wish for; see columns.always."""
    today, stale_before = u2(q[Q_TODAY]), u2(q[Q_STALE_BEFORE])
    asked = i4(_ALWAYS | _CHECKS_UNKNOWN if q[Q_INTRODUCING] else _ALWAYS)
    for j in range(mask.size):
        run_out, stale = checks_until[j] < today, checked_on[j] < stale_before
        mask[j] = (flags[j] & asked) | (_CHECKS if run_out else 0) | (_STALE if stale else 0)


@compiled
def _ages(mask: Array, youngest: Array, oldest: Array, age: int, child: bool) -> None:
    for j in range(mask.size):
        young, old = youngest[j], oldest[j]
        unsaid = young == c.NOT_SAID
        fails = ((age < young) & (not unsaid)) | (age > old)  # NOT_SAID is older than anybody
        unsure = unsaid & ((old == c.NOT_SAID) | child)
        mask[j] |= (_AGE if fails else 0) | (_AGE_UNKNOWN if unsure else 0)


@compiled
def _facts(
    mask: Array, against: Array, yes: Array, no: Array, hard: int, asked: int, bit: int, unsure: int
) -> None:
    """Stopped where a fact of `hard` is against them, and unsure where one of `asked` has not been said."""
    for j in range(mask.size):
        mask[j] |= (bit if against[j] & hard != 0 else 0) | (unsure if asked & ~(yes[j] | no[j]) != 0 else 0)


@compiled
def _times(mask: Array, slots: Array, mine: int, days: int) -> None:
    for j in range(mask.size):
        when = slots[j]
        bit = _TIME_UNKNOWN if (when == 0) | (when & days != 0) else _TIME
        mask[j] |= 0 if when & mine != 0 else bit


@compiled
def _prices(mask: Array, prices: Array, budget: int) -> None:
    for j in range(mask.size):
        bit = _PRICE_UNKNOWN if prices[j] == c.PRICE_NOT_SAID else _PRICE
        mask[j] |= bit if prices[j] > budget else 0


@compiled
def _forms(mask: Array, flags: Array, needed: int, unknown: int) -> None:
    for j in range(mask.size):
        form = i4(1) << (flags[j] >> c.FORM_AT & 7)
        mask[j] |= (_FORM if form & needed != 0 else 0) | (_FORM_UNKNOWN if form & unknown != 0 else 0)


@compiled
def _languages(mask: Array, language: Array, yes: Array, no: Array, spoken: Array, welsh: int) -> None:
    for j in range(mask.size):
        bits = spoken[language[j]]
        if bits and yes[j] & welsh:
            continue
        mask[j] |= _LANGUAGE if bits and no[j] & welsh else bits


@compiled
def _kinds(mask: Array, kinds: Array, wanted: int, refused: int, unnamed: int, bit: int) -> int:
    """Returns how many rows have no kind to their name."""
    nameless = 0
    for j in range(mask.size):
        bits = bit | (_REFUSED if kinds[j] & refused != 0 else 0)
        mask[j] |= 0 if kinds[j] & wanted != 0 else bits
        nameless += kinds[j] & ~unnamed == 0
    return nameless


@compiled
def _close_enough(mask: Array, kinds: Array, meaning: Array, q: Array) -> None:
    """Where nobody has said what kind it is, its own words decide."""
    for j in range(mask.size):
        if kinds[j] & ~q[Q_UNNAMED] == 0 and close(q, meaning[j]) >= closeness.CLOSE:
            mask[j] &= ~_KIND


@compiled
def close(q: Array, meaning: Array) -> Any:
    """rules/closeness.py over four words."""
    if q[Q_MEANT] == 0:
        return 0
    differing: Any = np.int64(0)
    any_: Any = np.int64(0)
    for word in range(4):
        any_ |= meaning[word]
        differing += bit_count(q[Q_MEANING + word] ^ meaning[word])
    points = min(closeness.MOST, max(0, 256 - differing - closeness.BY_CHANCE) // 2)
    return points if any_ != 0 else 0


@compiled
def _distances(
    mask: Array, lats: Array, lons: Array, blurs: Array, q: Array, cos: float, sin: float, wide: bool
) -> None:
    """Where every row has a place to go to. What this look does not take becomes `OUT`.

    Whole metres are at most a limit just where metres are less than the limit and one.
    """
    lat, lon, reach, ring = float(q[Q_LAT]), float(q[Q_LON]), float(q[Q_REACH] + 1), float(q[Q_RING] + 1)
    if wide:
        for j in range(mask.size):
            metres, blur = away(float(lats[j]) - lat, float(lons[j]) - lon, cos, sin), float(blurs[j])
            mask[j] = mask[j] | _FAR if (metres >= reach + blur) & (metres < ring + blur) else OUT
    else:
        for j in range(mask.size):
            metres, blur = away(float(lats[j]) - lat, float(lons[j]) - lon, cos, sin), float(blurs[j])
            mask[j] = mask[j] if metres < reach + blur else OUT


@compiled
def _online(mask: Array, wide: bool) -> None:
    """Where every row is online only: read by the look that takes them."""
    bit = _ONLINE_ONLY if wide else QUIET
    for j in range(mask.size):
        mask[j] |= bit


@compiled
def _places(
    mask: Array,
    lats: Array,
    lons: Array,
    blurs: Array,
    flags: Array,
    q: Array,
    cos: float,
    sin: float,
    wide: bool,
) -> None:
    """Where there may be rows of any sort."""
    lat, lon, fine = float(q[Q_LAT]), float(q[Q_LON]), q[Q_ONLINE] != 0
    reach, ring = float(q[Q_REACH] + 1), float(q[Q_RING] + 1)
    for j in range(mask.size):
        delivery = flags[j] >> c.DELIVERY_AT & 3
        online, quiet = delivery >= ONLINE_FROM, delivery == ONLINE_ONLY
        placed = (not quiet) & (lats[j] != c.NOWHERE)
        metres = away(float(lats[j]) - lat, float(lons[j]) - lon, cos, sin)
        reached = placed & (metres < reach + float(blurs[j]))
        near = reached | (online & fine) | ((not placed) & (not online))
        if wide:
            beyond = _FAR if placed & (metres < ring + float(blurs[j])) else (_ONLINE_ONLY if online else OUT)
            mask[j] = OUT if near | (beyond == OUT) else mask[j] | beyond
        else:
            bits = (QUIET if quiet else 0) | (_POSITION_UNKNOWN if not (placed | online) else 0)
            mask[j] = mask[j] | bits if near else OUT


@compiled
def away(dlat: float, dlon: float, cos: float, sin: float) -> Any:
    """rules/fit.py `flat_metres`, before it is cut to a whole number."""
    dx = dlon * (cos - sin * (dlat * _HALF))
    return math.sqrt(dlat * dlat + dx * dx) * METRES_A_MICRODEGREE


@compiled
def _gone(mask: Array, gone: Array) -> None:
    for j in range(mask.size):
        mask[j] = OUT if gone[j] else mask[j]
