"""Any directory and any wish: every answer may be unknown, at every edge, round one town.

`world` and `wish` make one from a seed, fast, with the mix of a real directory (most things fit most
wishes, so that rankings are long); the Hypothesis strategies draw the seed and how wild the mix is.
"""

from datetime import date, datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.standing import Checks
from stile.loop.directory.rules.times import LONDON, day_bit
from stile.loop.directory.rules.vocabulary import (
    FACTS,
    KINDS,
    PARTS,
    Delivery,
    ParentForm,
    Room,
    slot_bit,
)
from stile.loop.match.rules.asked import Asked, Heard, ask
from stile.loop.match.rules.wish import Travel, Where, Wish

NOW = datetime(2026, 3, 3, 13, 30, tzinfo=LONDON)  # a Tuesday
TODAY = NOW.date()
SALE = (53.4243, -2.3220)

# Few of each, so that wishes and listings meet; the last of both lists for the topmost bit.
SOME_KINDS = ("drawing", "animals", "football", "talking", "other", KINDS[-2].slug)
SOME_FACTS = ("step_free", "quiet", "crowds", "heights", "someone_meets_you", "in_welsh", FACTS[-1].slug)
WORDS = ("", "guinea pigs", "paint", "kickabout", "somebody to talk to")
ANSWERS = (Answer.YES, Answer.YES, Answer.NO, Answer.UNKNOWN)
AGES = (None, 0, 10, 11, 12, 15, 16, 17, 18, 25, 120, 121, 254, 255, 300)
DAYS = (*(TODAY - timedelta(days=n) for n in (-3, 0, 1, 59, 60, 61, 89, 90, 91)), date.min, date.max)
PRICES = (None, 0, 0, 100, 300, 301, 64_999, 65_000, 65_534, 65_535, 90_000)


def meaning_of(text: str) -> bytes:
    """A made-up meaning: like texts a few bits apart, an empty text none."""
    if not text:
        return b""
    base = bytearray(blake2b(text[0].encode(), digest_size=32).digest())
    base[0] ^= len(text)
    return bytes(base)


def listing(rng: Random, row: int, services: int, wild: float) -> Listing:
    """`wild` from 0 (a good service with gaps) to 1 (anything goes)."""

    def odd() -> bool:
        return rng.random() < wild

    at = (SALE[0] + rng.uniform(-0.25, 0.25), SALE[1] + rng.uniform(-0.4, 0.4))
    if rng.random() < 0.1:
        at = SALE
    if odd():
        at = (rng.uniform(48, 62), rng.uniform(-10, 4))
    placed = rng.random() > 0.1
    return Listing(
        row=row,
        service=rng.randrange(1, services + 1),
        uid=f"00000000-0000-0000-0000-{row:012d}",
        name=f"Activity {row}",
        organisation="Somebody",
        kinds=tuple(rng.choices(SOME_KINDS, k=rng.randrange(4))),
        facts={
            slug: rng.choice(ANSWERS) for slug in rng.sample(SOME_FACTS, rng.randrange(len(SOME_FACTS) + 1))
        },
        lat=at[0] if placed else None,
        lon=at[1] if placed else None,
        position_km=rng.choice((0.4, 3.0, 5.9999, 6.001, 20.0, 90.0)) if odd() else 0.0,
        delivery=rng.choice(list(Delivery)) if rng.random() < 0.2 else Delivery.IN_PERSON,
        min_age=rng.choice(AGES) if odd() else 11,
        max_age=rng.choice(AGES) if odd() else rng.choice((None, 18, 25)),
        price_pence=rng.choice(PRICES),
        slots=sum({_slot(rng) for _ in range(rng.randrange(5))}),
        parent_form=rng.choice(list(ParentForm)),
        room=rng.choice(list(Room)) if odd() else rng.choice((Room.OPEN, Room.UNKNOWN, Room.WAITING_LIST)),
        places=rng.choice((None, 0, 1, 300)) if odd() else None,
        waiting_weeks=rng.choice((None, 0, 1, 12, 13, 300)),
        languages=rng.choice(((), (), ("en",), ("cy",), ("en", "cy"), ("pl",))),
        status=rng.choice(("inactive", "defunct", "temporarily closed"))
        if rng.random() < wild / 4
        else "active",
        withdrawn=rng.random() < wild / 4,
        checks=rng.choice(list(Checks)) if odd() else Checks.CURRENT,
        checks_until=rng.choice(DAYS) if odd() else None,
        checked_on=rng.choice(DAYS) if odd() else rng.choice((TODAY, TODAY - timedelta(days=61))),
        text=rng.choice(WORDS),
    )


def _slot(rng: Random) -> int:
    if rng.random() < 0.2:
        return day_bit(rng.randrange(7))
    return slot_bit(rng.randrange(7), rng.choice(PARTS))


def world(seed: int, rows: int, wild: float, services: int | None = None) -> list[Listing]:
    rng = Random(seed)
    numbers = rng.sample(range(1, 10 * rows + 10), rows)
    if rng.random() < 0.3 and rows:
        numbers[0] = 2**31 - 1
    return [listing(rng, number, services or max(1, rows), wild) for number in numbers]


def wish(seed: int, demanding: float) -> Wish:
    """`demanding` is how likely each thing is asked for."""
    rng = Random(seed)

    def asks() -> bool:
        return rng.random() < demanding

    near = None
    if rng.random() < 0.85:
        near = Where(
            "Sale",
            SALE[0] + rng.choice((0.0, rng.uniform(-0.1, 0.1))),
            SALE[1] + rng.choice((0.0, rng.uniform(-0.1, 0.1))),
            "sector",
            rng.choice((0.0, 0.0, 0.7, 3.2)),
        )
    return Wish(
        words=rng.choice(WORDS),
        near=near,
        online=rng.random() < 0.5,
        travel=rng.choice(list(Travel)),
        km=rng.choice((0.0, 0.5, 3.0, 12.0, 30.0)) if asks() else None,
        age=rng.choice((0, 10, 11, 15, 16, 17, 18, 19, 120)) if asks() else rng.choice((None, 15)),
        days=frozenset(rng.sample(range(7), 2)) if asks() else frozenset(),
        parts=frozenset(rng.sample(PARTS, rng.randrange(3))) if asks() else frozenset(),
        on_or_after=TODAY if asks() else None,
        on_or_before=TODAY + timedelta(days=rng.choice((-1, 0, 1, 5, 6, 60))) if asks() else None,
        kinds=frozenset(rng.sample(SOME_KINDS, rng.randrange(3))) if asks() else frozenset(),
        needs=frozenset(rng.sample(SOME_FACTS, rng.randrange(2))) if asks() else frozenset(),
        avoid=frozenset(rng.sample(SOME_FACTS, rng.randrange(2))) if asks() else frozenset(),
        budget_pence=rng.choice((0, 300, 64_999, 65_000, 100_000)) if asks() else None,
        no_parent_form=asks(),
        language=rng.choice(("en", "cy", "pl", "ur")) if asks() else "",
        with_someone=rng.random() < 0.3,
        introducing=asks(),
        first=rng.choice((1, 3, 20)),
    )


def heard(seed: int, words: str, demanding: float) -> Heard:
    rng = Random(seed)

    def some(slugs: tuple[str, ...], most: int) -> dict[str, str]:
        return (
            dict.fromkeys(rng.sample(slugs, rng.randrange(most + 1)), "said")
            if rng.random() < demanding
            else {}
        )

    return Heard(
        kinds=some(SOME_KINDS, 4),
        needs=some(SOME_FACTS, 1),
        hints=some(SOME_KINDS, 3),
        refused=some(SOME_KINDS, 2),
        avoid=some(SOME_FACTS, 1),
        easier=some(SOME_FACTS, 6),
        harder=some(SOME_FACTS, 3),
        gentler=some(SOME_FACTS, 3),
        meaning=meaning_of(words),
    )


def asked(seed: int, demanding: float) -> Asked:
    one = wish(seed, demanding)
    return ask(one, NOW, heard(seed + 1, one.words, demanding))


class Worlds(NamedTuple):
    """How to make a world: short to print when a test fails."""

    seed: int
    rows: int
    wild: float
    services: int | None

    def made(self) -> list[Listing]:
        return world(*self)


class Askings(NamedTuple):
    seed: int
    demanding: float

    def made(self) -> Asked:
        return asked(*self)


seeds = st.integers(0, 2**32)
wildness = st.sampled_from((0.0, 0.02, 0.1, 0.4, 1.0))
worlds = st.builds(
    Worlds, seeds, st.sampled_from((0, 1, 3, 30, 120)), wildness, st.sampled_from((None, 1, 7))
)
askings = st.builds(Askings, seeds, st.sampled_from((0.0, 0.1, 0.25, 0.6)))
