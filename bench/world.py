"""The load of the match bench: synthetic activities as the index holds them, and a mix of wishes.

Activities come from `stile.site.demo.columns` (650 towns by size, a tenth rural, 3 % online). Wishes
are from the same towns: 1.5 to 20 km (median 4) or online, an age, mostly some days, one to three kinds
(half of the time named, so that they leave others out; half of the time hinted at, so that they only
rank), now and then a need, a thing to avoid, a budget, no parent form.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from stile.loop.directory.rules.standing import Checks
from stile.loop.directory.rules.times import LONDON
from stile.loop.directory.rules.vocabulary import FACT_BIT, KINDS, PARTS, ParentForm, Room
from stile.loop.match.index import columns as index_columns
from stile.loop.match.index.columns import Columns
from stile.loop.match.meaning import meaning
from stile.loop.match.rules.asked import Heard
from stile.loop.match.rules.score import WEEKS_MOST
from stile.loop.match.rules.wish import Where, Wish
from stile.site.demo import columns as demo

NOW = datetime(2026, 3, 3, 13, 30, tzinfo=LONDON)
SEED = 11
FLIPPED = 0.15  # share of bits in which one text's meaning differs from its kind's


@dataclass(frozen=True, slots=True)
class World:
    drawn: demo.Columns
    columns: Columns

    def text(self, row: int) -> str:
        """What the activity says about itself, 25 to 35 words."""
        said, drawn = demo.words(), self.drawn
        openings, settings, people = said.lists
        verb, opening, setting, company = drawn.words[row].tolist()
        kind, second = int(drawn.kind[row]), int(drawn.second[row])
        also = f" Ask about the {said.nouns[second]} too." if second >= 0 else ""
        return f"{openings[opening]} {said.doing[kind][verb]}. {settings[setting]}{also} {people[company]}"


def world(n: int, seed: int = SEED) -> World:
    """n activities, one place each, as the index's columns. Needs about 0.6 GB for a million."""
    drawn = demo.columns(n, seed)
    today = index_columns.day_number(NOW.date())
    rows = np.zeros(n, dtype=index_columns.ROW)
    rows["lat"], rows["lon"] = _micro(drawn.lat, index_columns.NOWHERE), _micro(drawn.lon, 0)
    rows["kinds"], rows["yes"], rows["no"] = drawn.kinds, drawn.yes, drawn.no
    rows["slots"], rows["flags"] = drawn.slots, _flags(drawn)
    rows["youngest"] = np.where(drawn.min_age < 0, index_columns.NOT_SAID, drawn.min_age)
    rows["oldest"] = np.where(drawn.max_age < 0, index_columns.NOT_SAID, drawn.max_age)
    rows["price"] = np.where(drawn.price_pence < 0, index_columns.PRICE_NOT_SAID, drawn.price_pence)
    rows["checked_on"] = np.where(drawn.days_old < 0, today, today - drawn.days_old)
    current = drawn.checks == list(Checks).index(Checks.CURRENT)
    rows["checks_until"] = np.where(current, today + 165, index_columns.NEVER)
    rows["language"] = drawn.welsh
    rows["row"] = rows["service"] = np.arange(1, n + 1)
    made = Columns(rows, _meanings(drawn, seed))
    return World(drawn, made)


def _micro(degrees: npt.NDArray[np.float64], nowhere: int) -> npt.NDArray[np.int32]:
    return np.where(np.isnan(degrees), nowhere, np.round(np.nan_to_num(degrees) * 1e6)).astype("i4")


def _flags(drawn: demo.Columns) -> npt.NDArray[np.int32]:
    def numbered(enum: type, order: tuple[Any, ...], drawn_as: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.array([order.index(one) for one in enum], dtype="i4")[drawn_as]  # type: ignore[attr-defined]

    room = numbered(Room, index_columns.ROOMS, drawn.room)
    waits = room == index_columns.ROOMS.index(Room.WAITING_LIST)
    room = np.where((drawn.places == 0) & ~waits, index_columns.ROOMS.index(Room.FULL), room)
    weeks = np.minimum(np.maximum(drawn.waiting_weeks, 0), WEEKS_MOST)
    return (
        np.where(drawn.online, 3, 1) << index_columns.DELIVERY_AT
        | room << index_columns.ROOM_AT
        | numbered(ParentForm, index_columns.FORMS, drawn.parent_form) << index_columns.FORM_AT
        | numbered(Checks, index_columns.CHECKED, drawn.checks) << index_columns.CHECKS_AT
        | weeks << index_columns.WEEKS_AT
    ).astype("i4")


def _meanings(drawn: demo.Columns, seed: int) -> npt.NDArray[np.int64]:
    """The meaning of the kind's own phrase, with some bits turned over for the rest of the text."""
    said = demo.words()
    phrases = meaning().embed([doing[verb] for doing in said.doing for verb in range(3)])
    rng = np.random.default_rng(seed)
    out = np.empty((len(drawn.kind), 4), dtype="i8")
    for start in range(0, len(out), 65_536):
        part = slice(start, start + 65_536)
        rows = phrases[drawn.kind[part] * 3 + drawn.words[part, 0]]
        turned = np.packbits(rng.random((len(rows), 256), dtype=np.float32) < FLIPPED, axis=1)
        out[part] = (rows ^ turned).view("i8")
    return out


def wishes(n: int, seed: int = 5, *, meanings: bool = True) -> Iterator[tuple[Wish, Heard]]:
    """The mix of questions; without `meanings` for peers that have no word vectors."""
    rng = np.random.default_rng(seed)
    table = demo.spots()
    weights = np.array([spot.weight for spot in table])
    said = demo.words()
    common = np.array(said.weights) / sum(said.weights)
    needs = ("step_free", "quiet", "small_group", "bring_friend", "near_bus")
    avoid = ("loud", "crowds", "competition", "deep_water")
    for _ in range(n):
        spot = table[rng.choice(len(table), p=weights / weights.sum())]
        lat = spot.lat + rng.normal() * spot.r90_km / 240
        lon = spot.lon + rng.normal() * spot.r90_km / 140
        kinds = [
            int(kind) for kind in rng.choice(len(KINDS), size=rng.integers(1, 4), replace=False, p=common)
        ]
        said_so = {KINDS[kind].slug: said.nouns[kind] for kind in kinds}
        named = rng.random() < 0.5
        wish = Wish(
            near=Where("somewhere", lat, lon, "postcode"),
            online=True,
            km=float(np.clip(np.exp(rng.normal(np.log(4.0), 0.7)), 1.5, 20.0)),
            age=int(rng.integers(11, 25)),
            days=frozenset(rng.choice(7, size=rng.integers(1, 5), replace=False).tolist())
            if rng.random() < 0.6
            else frozenset(),
            parts=frozenset([PARTS[1], PARTS[2]]) if rng.random() < 0.3 else frozenset(),
            needs=frozenset([str(rng.choice(needs))]) if rng.random() < 0.25 else frozenset(),
            avoid=frozenset([str(rng.choice(avoid))]) if rng.random() < 0.05 else frozenset(),
            budget_pence=int(rng.choice([0, 300, 500])) if rng.random() < 0.25 else None,
            no_parent_form=bool(rng.random() < 0.05),
            with_someone=bool(rng.random() < 0.2),
        )
        words = meaning().of(" ".join(said.doing[kind][0] for kind in kinds)) if meanings else b""
        yield wish, Heard(kinds=said_so if named else {}, hints={} if named else said_so, meaning=words)


def facts(slugs: frozenset[str]) -> int:
    return sum(FACT_BIT[slug] for slug in slugs)
