"""Brute force: every row of the directory against the wish, in numpy, with no index and no early end.

Written apart from the engine, column by column over the whole table, so that the two can be held
together on a quarter of a million rows where the plain Python reference would take minutes.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from stile.loop.directory.rules.vocabulary import KIND_BIT, Delivery, ParentForm, Room
from stile.loop.match.index import columns as c
from stile.loop.match.index.columns import Columns
from stile.loop.match.rules import closeness, score
from stile.loop.match.rules.asked import Asked
from stile.loop.match.rules.fit import AGE_ALONE_FROM, METRES_A_MICRODEGREE, cos_sin
from stile.loop.match.rules.found import MOST_ASK_FIRST, MOST_FITS, MOST_OUTSIDE, Found, Ranked
from stile.loop.match.rules.sieve import HARD_MASK, KIND_MASK, SIEVES, Bit

from .world import facts

Array = npt.NDArray[Any]
_HALF = np.pi / 360.0 / 1_000_000


class Brute:
    """The whole table, taken apart into columns once (that is not timed)."""

    def __init__(self, columns: Columns) -> None:
        self.of = {name: np.ascontiguousarray(columns.rows[name]) for name in c.ROW.names or ()}
        self.meaning = columns.meaning

    def search(self, asked: Asked) -> Found:
        """As `Index.search`; a wish in a language is not part of the load."""
        assert not asked.language
        mask, metres, near, wide = self._place(asked)
        mask = mask | self._mask(asked)
        close = self._close(asked)
        mask |= self._kind(asked, close)
        total = self._score(asked, metres, close)
        everywhere = np.zeros(len(mask), bool)
        if asked.lat is not None:
            everywhere = (self.of["flags"] >> c.DELIVERY_AT & 3) == c.DELIVERIES.index(Delivery.ONLINE)
        found = self._found(mask, metres, close, total, near, near & ~everywhere, False)
        if asked.lat is None or len(found.fits) >= asked.wish.first:
            return found
        alone = (_count(mask) == 1) & (wide | (near & everywhere))
        return self._found(mask, metres, close, total, near, (near & ~everywhere) | alone, True)

    def _place(self, asked: Asked) -> tuple[Array, Array, Array, Array]:
        of, n = self.of, len(self.of["row"])
        delivery = of["flags"] >> c.DELIVERY_AT & 3
        online = delivery >= c.DELIVERIES.index(Delivery.BOTH)
        if asked.lat is None:
            return np.zeros(n, "i8"), np.full(n, -1), np.ones(n, bool), np.ones(n, bool)
        placed = (delivery != c.DELIVERIES.index(Delivery.ONLINE)) & (of["lat"] != c.NOWHERE)
        cos, sin = cos_sin(asked.lat)
        dlat = (of["lat"].astype("i8") - asked.lat).astype("f8")
        dx = (of["lon"].astype("i8") - asked.lon).astype("f8") * (cos - sin * (dlat * _HALF))
        metres = (np.sqrt(dlat * dlat + dx * dx) * METRES_A_MICRODEGREE).astype("i8")
        in_reach = placed & (metres <= asked.reach_m + of["blur"])
        joined = online & ~in_reach & asked.online_is_fine
        lost = ~placed & ~online
        in_ring = placed & ~in_reach & ~joined & (metres <= asked.ring_m + of["blur"])
        only_online = online & ~in_reach & ~joined & ~in_ring
        mask = (
            np.where(in_ring, 1 << Bit.FAR, 0)
            | np.where(only_online, 1 << Bit.ONLINE_ONLY, 0)
            | np.where(lost, 1 << Bit.POSITION_UNKNOWN, 0)
        )
        metres = np.where(in_reach | in_ring, metres, -1)
        near = in_reach | joined | lost
        return mask, metres, near, in_ring | only_online

    def _mask(self, asked: Asked) -> Array:
        of, flags = self.of, self.of["flags"]
        today = c.day_number(asked.today)
        room, form = flags >> c.ROOM_AT & 7, flags >> c.FORM_AT & 7
        checks, standing = flags >> c.CHECKS_AT & 7, flags >> c.STANDING_AT & 3
        current, unseen = checks == 1, checks == 0
        fails: dict[Bit, Array] = {
            Bit.CLOSED: standing == c.STANDING_CLOSED,
            Bit.CLOSED_FOR_NOW: standing == c.STANDING_FOR_NOW,
            Bit.CHECKS: (checks > 1) | (current & (of["checks_until"] < today)),
            Bit.STALE: today - of["checked_on"].astype("i8") > 90,
            Bit.FULL: room >= c.ROOMS.index(Room.FULL),
        }
        if asked.introducing:
            fails[Bit.CHECKS_UNKNOWN] = unseen
        if asked.age is not None:
            young, old = of["youngest"], of["oldest"]
            no_young, no_old = young == c.NOT_SAID, old == c.NOT_SAID
            fails[Bit.AGE] = (~no_young & (asked.age < young)) | (~no_old & (asked.age > old))
            fails[Bit.AGE_UNKNOWN] = no_young & (no_old | np.bool_(asked.age < AGE_ALONE_FROM))
        said = of["yes"] | of["no"]
        needs, avoid = facts(asked.needs), facts(asked.avoid)
        fails[Bit.NEEDS], fails[Bit.NEEDS_UNKNOWN] = (of["no"] & needs) != 0, (~said & needs) != 0
        fails[Bit.AVOID] = (of["yes"] & (avoid | facts(asked.harder))) != 0
        fails[Bit.AVOID_UNKNOWN] = (~said & avoid) != 0
        if asked.slots:
            asked_days = sum(1 << (21 + on) for on in range(7) if asked.slots >> (on * 3) & 7)
            missed = (of["slots"] & asked.slots) == 0
            unsure = (of["slots"] == 0) | ((of["slots"] & asked_days) != 0)
            fails[Bit.TIME], fails[Bit.TIME_UNKNOWN] = missed & ~unsure, missed & unsure
        if asked.budget_pence is not None:
            unpriced = of["price"] == c.PRICE_NOT_SAID
            fails[Bit.PRICE] = ~unpriced & (of["price"] > asked.budget_pence)
            fails[Bit.PRICE_UNKNOWN] = unpriced
        if asked.no_parent_form and (asked.age is None or asked.age < 18):
            never, under_16 = c.FORMS.index(ParentForm.NEVER), c.FORMS.index(ParentForm.UNDER_16)
            fine = (form == never) | ((form == under_16) & np.bool_((asked.age or 0) >= 16))
            fails[Bit.FORM_UNKNOWN] = form == c.FORMS.index(ParentForm.UNKNOWN)
            fails[Bit.FORM] = ~fine & ~fails[Bit.FORM_UNKNOWN]
        mask = np.zeros(len(flags), "i8")
        for bit, failing in fails.items():
            mask |= failing.astype("i8") << bit
        return mask

    def _close(self, asked: Asked) -> Array:
        if not any(asked.meaning):
            return np.zeros(len(self.meaning), "i8")
        mine = np.frombuffer(asked.meaning, "u8")
        agreeing = 256 - np.bitwise_count(self.meaning.view("u8") ^ mine).sum(axis=1, dtype="i8")
        points = np.clip((agreeing - closeness.BY_CHANCE) // 2, 0, closeness.MOST)
        return np.where(self.meaning.any(axis=1), points, 0)

    def _kind(self, asked: Asked, close: Array) -> Array:
        kinds, wanted = self.of["kinds"], _kinds(asked.wanted)
        suits = (kinds & wanted) != 0
        refused = ((kinds & _kinds(asked.refused)) != 0) & ~suits
        mask = refused.astype("i8") << Bit.REFUSED
        if wanted:
            nameless = (kinds & ~KIND_BIT["other"]) == 0
            mask |= (~suits & ~(nameless & (close >= closeness.CLOSE))).astype("i8") << Bit.KIND
        return mask

    def _score(self, asked: Asked, metres: Array, close: Array) -> Array:
        of, flags = self.of, self.of["flags"]
        kinds, yes, no, price = of["kinds"], of["yes"], of["no"], of["price"]
        named = _count(kinds & _kinds(asked.named))
        total = close + np.where(named > 0, score.NAMED + score.NAMED_MORE * np.minimum(named - 1, 2), 0)
        total += np.where((named == 0) & ((kinds & _kinds(asked.hinted)) != 0), score.HINTED, 0)
        total += np.where((kinds & _kinds(asked.chosen)) != 0, score.CHOSEN, 0)
        if asked.lat is not None:
            online = (flags >> c.DELIVERY_AT & 3) >= c.DELIVERIES.index(Delivery.BOTH)
            away = score.NEAREST * np.maximum(0, asked.reach_m - metres) // asked.reach_m
            total += np.where(metres >= 0, away, np.where(online, score.ONLINE, 0))
        soon = np.zeros(len(total), "i8")
        for ahead in reversed(range(7)):
            soon = np.where((of["slots"] & asked.week[ahead]) != 0, score.SOON - ahead, soon)
        total += soon
        total += np.where(price == 0, score.FREE, np.where(price <= score.CHEAP_PENCE, score.CHEAP, 0))
        easier, gentler = facts(asked.easier), facts(asked.gentler)
        total += score.EASIER * np.minimum(_count(yes & easier), score.EASIER_MOST)
        total += score.NOT_EASIER * _count(no & easier)
        total += score.GENTLE * np.minimum(_count(no & gentler), score.GENTLE_MOST)
        total += score.NOT_GENTLE * _count(yes & gentler)
        room = flags >> c.ROOM_AT & 7
        weeks = score.WAITING + score.WEEK_OF_WAITING * (flags >> c.WEEKS_AT)
        total += np.where(room == c.ROOMS.index(Room.OPEN), score.PLACES_OPEN, 0)
        total += np.where(room == c.ROOMS.index(Room.WAITING_LIST), weeks, 0)
        total += np.where(c.day_number(asked.today) - of["checked_on"].astype("i8") <= 60, score.LATELY, 0)
        total += np.where((flags >> c.CHECKS_AT & 7) == 1, score.CHECKED, 0)
        return total

    def _found(
        self, mask: Array, metres: Array, close: Array, total: Array, view: Array, counted: Array, wide: bool
    ) -> Found:
        seen = mask[counted]
        failing = seen[seen != 0]
        first = np.bincount(_count((failing & -failing) - 1), minlength=len(SIEVES))
        lone = failing[_count(failing) == 1]
        alone = np.bincount(_count(lone - 1), minlength=len(SIEVES))

        def ranked(which: Array, most: int) -> Ranked:
            at = np.flatnonzero(which & view)
            order = at[np.lexsort((self.of["row"][at], -total[at]))]
            _, best = np.unique(self.of["service"][order], return_index=True)
            order = order[np.sort(best)][:most]
            return Ranked(
                self.of["row"][order].tolist(),
                self.of["service"][order].tolist(),
                total[order].tolist(),
                self.of["kinds"][order].tolist(),
                close[order].tolist(),
                metres[order].tolist(),
            )

        return Found(
            fits=ranked(mask == 0, MOST_FITS),
            ask_first=ranked((mask != 0) & ((mask & HARD_MASK) == 0), MOST_ASK_FIRST),
            outside=ranked(mask == KIND_MASK, MOST_OUTSIDE),
            left_out={sieve.code: int(n) for sieve, n in zip(SIEVES, first, strict=True) if n},
            alone={sieve.code: int(n) for sieve, n in zip(SIEVES, alone, strict=True) if n},
            wide=wide,
        )


def _kinds(slugs: frozenset[str]) -> int:
    return sum(KIND_BIT[slug] for slug in slugs)


def _count(masks: Array) -> Array:
    return np.bitwise_count(masks).astype("i8")
