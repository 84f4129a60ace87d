"""Plainly synthetic activities across the United Kingdom as columns, for load and benchmarks.

The same `n` and `seed` give the same activities, and a smaller `n` gives the first of them: they are
drawn in blocks, each from its own stream of random numbers.

Towns: the 650 with the most postcodes (ONS Postcode Directory, packaged), weighted by that number as
a stand-in for population. How common a kind, a fact or a price is, is our own rough guess: it gives
the matcher a realistic load and says nothing about any real town.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import yaml

from stile.loop.directory.rules.standing import Checks
from stile.loop.directory.rules.vocabulary import FACT_BIT, FACTS, KINDS, ParentForm, Room
from stile.places.gazetteer import outcodes, towns

BLOCK = 16_384
FAMILY = 8  # activities of one organisation, all in one town
TOWNS = 650
RURAL, ONLINE = 0.10, 0.03
COUNTRYSIDE_KM = 6.0  # an outcode is countryside when a tenth of its addresses lie further than this

_PLACE_FACTS = ("step_free", "accessible_toilet", "changing_place", "hearing_loop", "near_bus")
PLACE_BITS = sum(FACT_BIT[slug] for slug in _PLACE_FACTS)
# Chance of yes and of no where not 6 % and 4 %; the rest is unknown, the commonest answer anywhere.
_CHANCES: dict[str, tuple[float, float]] = {
    "step_free": (0.35, 0.10), "accessible_toilet": (0.30, 0.08), "changing_place": (0.02, 0.10),
    "near_bus": (0.40, 0.04), "bsl": (0.01, 0.02), "quiet": (0.10, 0.10), "small_group": (0.16, 0.08),
    "bring_friend": (0.20, 0.03), "first_time_support": (0.14, 0.02), "girls_only": (0.03, 0.40),
    "in_welsh": (0.0, 0.0), "lgbtq_welcome": (0.12, 0.0), "no_sign_up": (0.15, 0.15), "loud": (0.10, 0.08),
    "crowds": (0.06, 0.08), "competition": (0.08, 0.10), "alcohol": (0.02, 0.15), "deep_water": (0.02, 0.20),
    "heights": (0.02, 0.20), "body_talk": (0.01, 0.10), "cost_help": (0.12, 0.04),
}  # fmt: skip
_AGES = (
    ((-1, -1), 15), ((11, 16), 14), ((11, 18), 14), ((8, 13), 8), ((13, 19), 12), ((11, 25), 8),
    ((16, 25), 9), ((14, 18), 8), ((18, 25), 4), ((16, -1), 4), ((5, 11), 4),
)  # fmt: skip
_PRICES = (
    (-1, 25),
    (0, 40),
    (50, 2),
    (100, 6),
    (200, 8),
    (250, 4),
    (300, 5),
    (400, 3),
    (500, 4),
    (800, 2),
    (1200, 1),
)
_ROOMS = ((Room.UNKNOWN, 39), (Room.OPEN, 45), (Room.WAITING_LIST, 8), (Room.FULL, 6), (Room.PAUSED, 2))
_FORMS = (
    (ParentForm.UNKNOWN, 45), (ParentForm.NEVER, 18), (ParentForm.UNDER_16, 18), (ParentForm.UNDER_18, 8),
    (ParentForm.FIRST_TIME, 11),
)  # fmt: skip
_CHECKS = (
    (Checks.UNKNOWN, 55), (Checks.CURRENT, 35), (Checks.MISSING, 4), (Checks.OVERDUE, 5),
    (Checks.SUSPENDED, 1),
)  # fmt: skip
_HOURS = {  # when a session begins, on a weekend or not
    False: (
        ("09:30", 3), ("10:00", 4), ("13:00", 4), ("15:30", 16), ("16:00", 18), ("17:00", 16), ("18:00", 18),
        ("18:30", 11), ("19:00", 10),
    ),
    True: (
        ("09:00", 12), ("10:00", 30), ("11:00", 16), ("13:00", 16), ("14:00", 16), ("17:00", 6), ("18:00", 4),
    ),
}  # fmt: skip
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_WEIGHTS = (14, 17, 18, 16, 12, 16, 7)
_NO_TIME = 0.12  # share of activities whose times are known only in prose

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """The same activities as arrays of length n. -1 is unknown; NaN is no position (online)."""

    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    town: Ints  # row of `spots()`
    online: npt.NDArray[np.bool_]
    kinds: npt.NDArray[np.uint64]  # vocabulary.KIND_BIT
    kind: Ints  # the first kind, row of KINDS
    second: Ints  # a second kind or -1
    yes: npt.NDArray[np.uint64]  # vocabulary.FACT_BIT, of service and place together
    no: npt.NDArray[np.uint64]
    min_age: Ints
    max_age: Ints
    price_pence: Ints
    room: Ints  # row of tuple(Room)
    places: Ints
    waiting_weeks: Ints
    parent_form: Ints  # row of tuple(ParentForm)
    checks: Ints  # row of tuple(Checks)
    days_old: Ints  # days since last confirmed, -1 never
    weekday: Ints  # (n, 2): up to two sessions a week
    opens: Ints  # (n, 2) minutes from midnight
    closes: Ints
    slots: Ints  # vocabulary.slot_bit
    welsh: npt.NDArray[np.bool_]
    words: Ints  # (n, 4): which phrases


class Spot(NamedTuple):
    name: str
    lat: float
    lon: float
    r90_km: float
    weight: float
    welsh: bool


class Words(NamedTuple):
    weights: tuple[float, ...]
    nouns: tuple[str, ...]
    doing: tuple[tuple[str, ...], ...]
    lists: tuple[tuple[str, ...], ...]  # openings, settings, people


@lru_cache(maxsize=1)
def spots() -> tuple[Spot, ...]:
    """Towns first, then countryside; the weights of all add up to 1."""
    largest = sorted(towns(), key=lambda town: (-town.addresses, town.name))[:TOWNS]
    country = [out for out in outcodes().values() if out.r90_km >= COUNTRYSIDE_KM and out.addresses > 50]
    people, quiet = sum(one.addresses for one in largest), sum(one.addresses for one in country)
    return tuple(
        Spot(one.name, one.lat, one.lon, min(one.r90_km, 12.0), (1 - RURAL) * one.addresses / people,
             (one.authority or "").startswith("W"))
        for one in largest
    ) + tuple(
        Spot(one.name or code, one.lat, one.lon, one.r90_km, RURAL * one.addresses / quiet,
             (one.authority or "").startswith("W"))
        for code, one in outcodes().items() if one in country
    )  # fmt: skip


@lru_cache(maxsize=1)
def words() -> Words:
    text = files("stile.site.demo").joinpath("examples.yaml").read_text("utf-8")
    said = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (safe)
    rows = [said["kinds"][kind.slug] for kind in KINDS]
    return Words(
        weights=tuple(float(row[0]) for row in rows),
        nouns=tuple(row[1] for row in rows),
        doing=tuple(tuple(row[2:]) for row in rows),
        lists=tuple(tuple(said[name]) for name in ("openings", "settings", "people")),
    )


def columns(n: int, seed: int) -> Columns:
    """The first `n` activities of `seed` as arrays."""
    blocks = [draw(block, seed) for block in range(-(-n // BLOCK))]
    return Columns(
        **{
            field.name: np.concatenate([getattr(block, field.name) for block in blocks])[:n]
            if blocks
            else getattr(draw(0, seed), field.name)[:0]
            for field in fields(Columns)
        }
    )


def _pick(rng: np.random.Generator, weighted: tuple[tuple[Any, int], ...], size: int) -> Ints:
    """Rows of `weighted`, drawn by their weights."""
    edges = np.cumsum([weight for _, weight in weighted], dtype=np.float64)
    return np.searchsorted(edges / edges[-1], rng.random(size), side="right")


def _members(kinds: type, weighted: tuple[tuple[Any, int], ...]) -> Ints:
    order = list(cast(Any, kinds))
    return np.array([order.index(member) for member, _ in weighted])


def draw(block: int, seed: int) -> Columns:
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, block))))
    n = BLOCK
    table = spots()
    weights = np.cumsum([spot.weight for spot in table])
    town = np.repeat(np.searchsorted(weights / weights[-1], rng.random(n // FAMILY), side="right"), FAMILY)
    lat, lon = _around(rng, table, town)
    online = rng.random(n) < ONLINE
    lat[online] = lon[online] = np.nan
    welsh = np.array([spot.welsh for spot in table])[town] & (rng.random(n) < 0.25)

    how_common = np.cumsum(words().weights)
    how_common /= how_common[-1]
    kind = np.searchsorted(how_common, rng.random(n), side="right")
    second = np.where(rng.random(n) < 0.3, np.searchsorted(how_common, rng.random(n), side="right"), -1)
    second[second == kind] = -1
    one = np.uint64(1)
    kinds = one << kind.astype(np.uint64)
    kinds |= np.where(second >= 0, one << np.maximum(second, 0).astype(np.uint64), np.uint64(0))

    yes, no = _answers(rng, n)
    yes |= np.where(welsh, np.uint64(FACT_BIT["in_welsh"]), np.uint64(0))
    here = np.where(online, np.uint64((1 << len(FACTS)) - 1 - PLACE_BITS), np.uint64((1 << len(FACTS)) - 1))

    ages = np.array([band for band, _ in _AGES])[_pick(rng, _AGES, n)]
    room = _members(Room, _ROOMS)[_pick(rng, _ROOMS, n)]
    rooms = list(Room)
    is_open, waits = room == rooms.index(Room.OPEN), room == rooms.index(Room.WAITING_LIST)
    weekday, opens, closes = _sessions(rng, n)
    return Columns(
        lat=lat,
        lon=lon,
        town=town,
        online=online,
        kinds=kinds,
        kind=kind,
        second=second,
        yes=yes & here,
        no=no & here,
        min_age=ages[:, 0],
        max_age=ages[:, 1],
        price_pence=np.array([price for price, _ in _PRICES])[_pick(rng, _PRICES, n)],
        room=room,
        places=np.where(
            is_open & (rng.random(n) < 0.5),
            rng.integers(1, 13, n),
            np.where(room == rooms.index(Room.FULL), 0, -1),
        ),
        waiting_weeks=np.where(waits, rng.integers(1, 17, n), -1),
        parent_form=_members(ParentForm, _FORMS)[_pick(rng, _FORMS, n)],
        # What has been seen of an organisation's checks holds for all it does.
        checks=np.repeat(_members(Checks, _CHECKS)[_pick(rng, _CHECKS, n // FAMILY)], FAMILY),
        days_old=_ages_of_news(rng, n),
        weekday=weekday,
        opens=opens,
        closes=closes,
        slots=_slots(weekday, opens, closes),
        welsh=welsh,
        words=rng.integers(0, [3, *(len(words) for words in words().lists)], (n, 4)),
    )


def _around(
    rng: np.random.Generator, table: tuple[Spot, ...], town: Ints
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Points scattered round their spots so that nine in ten lie within its 90 % radius."""
    middle = np.array([(spot.lat, spot.lon, spot.r90_km) for spot in table])[town]
    sigma = middle[:, 2] / np.sqrt(2 * np.log(10))  # of a Rayleigh distance
    north, east = rng.standard_normal((2, len(town))) * sigma
    lat = middle[:, 0] + north / 111.2
    lon = middle[:, 1] + east / (111.3 * np.cos(np.radians(middle[:, 0])))
    return np.round(lat, 5), np.round(lon, 5)


def _answers(rng: np.random.Generator, n: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    yes, no = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    for fact in FACTS:
        so, not_so = _CHANCES.get(fact.slug, (0.06, 0.04))
        drawn = rng.random(n, dtype=np.float32)
        bit = np.uint64(FACT_BIT[fact.slug])
        yes |= np.where(drawn < so, bit, np.uint64(0))
        no |= np.where((drawn >= so) & (drawn < so + not_so), bit, np.uint64(0))
    return yes, no


def _ages_of_news(rng: np.random.Generator, n: int) -> Ints:
    """Days since last confirmed: 76 % fresh, 12 % ageing, 8 % stale, 4 % never."""
    kind, spread = rng.random(n), rng.random(n)
    fresh = (spread * 61).astype(np.int64)
    ageing, stale = 61 + (spread * 30).astype(np.int64), 91 + (spread * 300).astype(np.int64)
    return np.select([kind < 0.76, kind < 0.88, kind < 0.96], [fresh, ageing, stale], -1)


def _sessions(rng: np.random.Generator, n: int) -> tuple[Ints, Ints, Ints]:
    weekday = np.stack([_pick(rng, tuple(zip(DAYS, _DAY_WEIGHTS, strict=True)), n) for _ in range(2)], axis=1)
    opens = np.where(
        weekday >= 5,
        *(
            np.array([_minutes(at) for at, _ in _HOURS[weekend]])[_pick(rng, _HOURS[weekend], 2 * n)].reshape(
                n, 2
            )
            for weekend in (True, False)
        ),
    )
    closes = opens + 30 * rng.integers(2, 5, (n, 2))
    none = rng.random(n) < _NO_TIME
    lone = none | (rng.random(n) < 0.7)  # most meet once a week
    for array in (weekday, opens, closes):
        array[none, 0] = -1
        array[lone, 1] = -1
    return weekday, opens, closes


def _minutes(at: str) -> int:
    return int(at[:2]) * 60 + int(at[3:])


def _slots(weekday: Ints, opens: Ints, closes: Ints) -> Ints:
    """Bits of the 21 slots each session touches, as `vocabulary.slot_bit` numbers them."""
    bits = np.zeros(weekday.shape, np.int64)
    day = np.maximum(weekday, 0) * 3
    for part, (begin, end) in enumerate(((0, 720), (720, 1020), (1020, 1440))):
        bits |= np.where((weekday >= 0) & (opens < end) & (closes > begin), np.left_shift(1, day + part), 0)
    return bits[:, 0] | bits[:, 1]
