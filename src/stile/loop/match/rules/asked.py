"""What a wish comes down to on a given day: the form in which activities are held against it.

`Wish` is what somebody told us; `Heard` is what their own words were taken to mean; `Asked` joins the
two with the moment of asking. Everything after this point (filters, points, reasons, the index and
its reference) reads `Asked` and nothing else, so there is one place where a wish is interpreted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from stile.kernel.said import Said
from stile.loop.directory.rules.times import FIVE, LONDON, NOON, day_bit, slots_for
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, KIND_BY_SLUG, PARTS, PartOfDay, slot_bit

from .wish import Travel, Where, Wish

USUAL_KM: dict[Travel, float] = {Travel.FOOT: 2.0, Travel.BIKE: 5.0, Travel.BUS: 10.0, Travel.LIFT: 20.0}
FURTHER_AT_MOST_M = 10_000  # "a bit further" is half as far again, but never more than this on top
OLDEST = 120
NO_LIMIT_PENCE = 65_000  # a budget above 650 pounds a time sets no limit
TOO_MANY_DAYS = 6  # a range that holds every day of the week says nothing about weekdays

_DAYS = tuple(day_bit(on) | sum(slot_bit(on, part) for part in PARTS) for on in range(7))
MICRO = 1_000_000  # positions are held as whole millionths of a degree (0.11 m)

# Facts that make it easier to come when one would like somebody to go with.
WITH_SOMEONE: frozenset[str] = frozenset(
    {"someone_meets_you", "go_with_you", "bring_friend", "first_time_support"}
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody's words were taken to mean. Each mapping goes from our slug to their own word."""

    kinds: Mapping[str, str] = field(default_factory=dict)  # kinds they named
    hints: Mapping[str, str] = field(default_factory=dict)  # kinds their words suggest; never leave one out
    refused: Mapping[str, str] = field(default_factory=dict)  # kinds they turned down
    needs: Mapping[str, str] = field(default_factory=dict)  # facts without which it does not work at all
    avoid: Mapping[str, str] = field(default_factory=dict)  # facts that must not be so
    easier: Mapping[str, str] = field(default_factory=dict)  # facts that would make it easier
    harder: Mapping[str, str] = field(default_factory=dict)  # facts that make it too hard where they are so
    gentler: Mapping[str, str] = field(default_factory=dict)  # facts that might make it harder
    meaning: bytes = b""  # 32 bytes, see match/meaning.py; empty when nothing was said
    pairs: tuple[tuple[str, Said], ...] = ()  # (their word, what we took it to mean), to show


NOTHING_HEARD = Heard()


@dataclass(frozen=True, slots=True)
class Asked:
    """Lengths in whole metres, positions in millionths of a degree, money in pence."""

    wish: Wish
    heard: Heard
    now: datetime  # London's time
    today: date
    lat: int | None  # None: no place was named
    lon: int
    reach_m: int  # how far they would go, and how unsure we are where they are
    ring_m: int  # how far "a bit further" is
    online_is_fine: bool
    age: int | None
    slots: int  # what suits (directory.rules.times.slots_for); 0: any time
    week: tuple[int, ...]  # the slots that suit in each of the seven days from today on
    named: frozenset[str]  # kinds heard in their words
    hinted: frozenset[str]  # kinds their words suggest
    chosen: frozenset[str]  # kinds chosen by tile
    refused: frozenset[str]  # kinds turned down
    needs: frozenset[str]  # must be YES; NO leaves out, UNKNOWN is asked first (H10)
    avoid: frozenset[str]  # must be NO; YES leaves out, UNKNOWN is asked first (H24)
    harder: frozenset[str]  # heard, not chosen: YES leaves out, UNKNOWN is shown and said
    gentler: frozenset[str]  # better not, and points for it; `harder` is part of it
    easier: frozenset[str]
    budget_pence: int | None
    no_parent_form: bool
    language: str
    introducing: bool
    meaning: bytes

    @property
    def wanted(self) -> frozenset[str]:
        """The kinds that fit; empty when any kind does. A hint narrows nothing and widens nothing."""
        return self.named | self.chosen


def ask(wish: Wish, now: datetime, heard: Heard = NOTHING_HEARD) -> Asked:
    """Read a wish on a day. `now` is aware; ValueError when the wish holds a word we do not know."""
    _check(wish)
    now = now.astimezone(LONDON)
    today = now.date()
    near = wish.near
    reach_m = _reach_m(wish, near) if near else 0
    budget = wish.budget_pence
    slots = _slots(wish)
    easier = set(heard.easier) | (WITH_SOMEONE if wish.with_someone else set())
    return Asked(
        wish=wish,
        heard=heard,
        now=now,
        today=today,
        lat=round(near.lat * MICRO) if near else None,
        lon=round(near.lon * MICRO) if near else 0,
        reach_m=reach_m,
        ring_m=reach_m + min(_go_m(wish) // 2, FURTHER_AT_MOST_M) if near else 0,
        online_is_fine=wish.online or near is None,
        age=wish.age,
        slots=slots,
        week=_week(now, slots),
        named=frozenset(heard.kinds),
        hinted=frozenset(heard.hints) - frozenset(heard.kinds),
        chosen=frozenset(wish.kinds),
        refused=frozenset(heard.refused) - wish.kinds,
        needs=frozenset(wish.needs) | frozenset(heard.needs),
        avoid=frozenset(wish.avoid) | frozenset(heard.avoid),
        harder=frozenset(heard.harder),
        gentler=frozenset(heard.gentler) | frozenset(heard.harder),
        easier=frozenset(easier),
        budget_pence=None if budget is None or budget >= NO_LIMIT_PENCE else budget,
        no_parent_form=wish.no_parent_form,
        language=wish.language.lower(),
        introducing=wish.introducing,
        meaning=heard.meaning,
    )


def _check(wish: Wish) -> None:
    for slug in wish.kinds:
        if slug not in KIND_BY_SLUG:
            raise ValueError(f"no such kind of activity: {slug}")
    for slug in wish.needs | wish.avoid:
        if slug not in FACT_BY_SLUG:
            raise ValueError(f"no such fact: {slug}")
    if wish.age is not None and not 0 <= wish.age <= OLDEST:
        raise ValueError(f"an age is from 0 to {OLDEST}")
    if any(not 0 <= on <= 6 for on in wish.days):
        raise ValueError("days are 0 (Monday) to 6 (Sunday)")


def _go_m(wish: Wish) -> int:
    km = USUAL_KM[wish.travel] if wish.km is None else wish.km
    return max(1, round(km * 1000))


def _reach_m(wish: Wish, near: Where) -> int:
    """How far they would go; as we may be wrong about where they are, by that much more."""
    return _go_m(wish) + max(0, round(near.sure_km * 1000))


def _slots(wish: Wish) -> int:
    days = set(wish.days)
    first, last = wish.on_or_after, wish.on_or_before
    if first is not None and last is not None and (last - first).days < TOO_MANY_DAYS:
        span = {(first + timedelta(days=n)).weekday() for n in range(max(0, (last - first).days) + 1)}
        days = days & span if days else span
        if not days:  # "a Tuesday, this weekend": no day is both
            return 1 << 31
    return slots_for(days, wish.parts)


def _week(now: datetime, slots: int) -> tuple[int, ...]:
    weekday = now.weekday()
    days = [_DAYS[(weekday + ahead) % 7] for ahead in range(7)]
    for part in PARTS:
        if _has_passed(part, now.time()):
            days[0] &= ~slot_bit(weekday, part)
    return tuple(mask & slots for mask in days) if slots else tuple(days)


def _has_passed(part: PartOfDay, at: time) -> bool:
    return (part is PartOfDay.MORNING and at >= NOON) or (part is PartOfDay.AFTERNOON and at >= FIVE)
