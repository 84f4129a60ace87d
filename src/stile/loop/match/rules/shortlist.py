"""From a ranking to a list one can choose from: different things, one of them outside the usual.

The ranking comes from the index, which may be a moment old. So every row about to be shown is fetched
as the directory has it now and put through the plain rules once more; one that has closed, filled up
or lost its checks since is dropped, and the next takes its place.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import lru_cache

from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.times import LONDON, has_certain_start, is_over, next_start, weekdays_of
from stile.loop.directory.rules.vocabulary import KIND_BIT, KIND_BY_SLUG, KINDS, Tile

from .asked import Asked
from .fit import fit
from .found import Found, Ranked
from .journey import minutes
from .reasons import reasons, unknowns
from .relax import relaxations
from .score import score
from .sieve import HARD_MASK, KIND_MASK, NOT_THAT_DAY, OVER, SIEVE_BY_CODE, Sieve, first_reason
from .wish import Shortlist, Suggestion

OPENING = 3  # the first so many differ in kind where that can be (experience.md, rule 26)
MOST_ASK_FIRST = 5

Fetch = Callable[[Sequence[int]], Mapping[int, Listing]]


@dataclass(slots=True)
class _Kitchen:
    """What has been fetched and tried so far while one list is made."""

    asked: Asked
    fetch: Fetch
    listings: dict[int, Listing] = field(default_factory=dict)
    tried: dict[int, Suggestion | None] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)

    def bring(self, rows: Sequence[int]) -> None:
        missing = [row for row in rows if row not in self.listings and row not in self.tried]
        if missing:
            self.listings.update(self.fetch(missing))
            for row in missing:
                if row not in self.listings:  # gone since the index was made
                    self.tried[row] = None
                    self.dropped[SIEVE_BY_CODE["closed"].words] += 1

    def suggestion(
        self, ranked: Ranked, at: int, allowed: int, *, outside: bool = False
    ) -> Suggestion | None:
        """The suggestion for one row as it stands now; None when it may no longer be shown."""
        row = ranked.rows[at]
        if row not in self.tried:
            self.tried[row] = self._tried(ranked, at, allowed, outside)
        return self.tried[row]

    def _tried(self, ranked: Ranked, at: int, allowed: int, outside: bool) -> Suggestion | None:
        listing, asked, close = self.listings[ranked.rows[at]], self.asked, ranked.close[at]
        now = fit(listing, asked, close)
        stops = now.mask & ~allowed
        if stops or not now.wide_view:
            self.dropped[first_reason(stops).words if stops else SIEVE_BY_CODE["far"].words] += 1
            return None
        starts, missed = dates_that_suit(listing, asked)
        if missed is not None:
            self.dropped[missed.words] += 1
            return None
        return Suggestion(
            service_id=listing.uid,
            row=listing.row,
            name=listing.name,
            organisation=listing.organisation,
            kind=shown_kind(bits_of(frozenset(listing.kinds)), asked),
            distance_km=None if now.metres is None else round(now.metres / 1000, 2),
            minutes=_minutes(now.metres, asked),
            next_start=starts,
            places=listing.places,
            reasons=reasons(listing, asked, metres=now.metres, close=close, starts=starts),
            unknown=unknowns(listing, asked, now.mask, starts),
            score=score(listing, asked, now.metres, close),
            outside=outside,
        )


def shortlist(found: Found, asked: Asked, fetch: Fetch) -> Shortlist:
    """Choose, fetch, try again, until every row shown has been tried as it stands now."""
    kitchen = _Kitchen(asked, fetch)
    kinds = [shown_kind(mask, asked) for mask in found.fits.kinds]
    # What is most likely shown comes in one fetch; only what has changed since costs another.
    likely = [found.fits.rows[at] for at in arranged(kinds, asked.wish.first)]
    kitchen.bring([*likely, *found.outside.rows[:2], *found.ask_first.rows[: MOST_ASK_FIRST + 2]])
    wild = _outside(found, asked, kitchen)
    suggestions = _suggestions(found.fits, kinds, asked, kitchen, wild)
    ask_first = _ask_first(found.ask_first, kitchen, {one.service_id for one in suggestions})
    return Shortlist(
        wish=asked.wish,
        suggestions=tuple(suggestions),
        ask_first=tuple(ask_first),
        left_out=_left_out(found, kitchen.dropped),
        relax=relaxations(found, asked, len(suggestions)),
        heard=asked.heard.pairs,
        wanted=asked.wanted,
        listings={one.row: kitchen.listings[one.row] for one in (*suggestions, *ask_first)},
    )


def _ask_first(ranked: Ranked, kitchen: _Kitchen, shown: set[str]) -> list[Suggestion]:
    chosen: list[Suggestion] = []
    for start in range(0, len(ranked), MOST_ASK_FIRST + 2):
        part = range(start, min(start + MOST_ASK_FIRST + 2, len(ranked)))
        kitchen.bring([ranked.rows[at] for at in part])
        for at in part:
            one = kitchen.suggestion(ranked, at, ~HARD_MASK)
            if one is not None and one.service_id not in shown:
                chosen.append(one)
            if len(chosen) == MOST_ASK_FIRST:
                return chosen
    return chosen


def _suggestions(
    fits: Ranked, kinds: list[str], asked: Asked, kitchen: _Kitchen, wild: Suggestion | None
) -> list[Suggestion]:
    gone: set[int] = set()
    first = asked.wish.first - (1 if wild is not None and asked.wish.first > 1 else 0)
    while True:
        order = arranged([None if at in gone else kind for at, kind in enumerate(kinds)], first)
        kitchen.bring([fits.rows[at] for at in order])
        lost = {at for at in order if kitchen.suggestion(fits, at, 0) is None}
        if not lost:
            break
        gone |= lost
    chosen = [one for at in order if (one := kitchen.suggestion(fits, at, 0)) is not None]
    if wild is not None and asked.wish.first > 1:
        chosen = [one for one in chosen if one.service_id != wild.service_id]
        opening = {one.kind for one in chosen[:OPENING]}
        chosen.insert(OPENING - 1 if len(opening) < OPENING else OPENING + 1, wild)
    elif not asked.wanted:
        chosen = _one_of_another_tile(chosen)
    return chosen


def arranged(kinds: Sequence[str | None], first: int) -> list[int]:
    """Positions of a ranking in the order to show; None marks one that is gone.

    The first three differ in kind where they can; no kind takes more than a quarter of the places
    (three at least) while others wait; apart from that the ranking stands.
    """
    waiting = [at for at, kind in enumerate(kinds) if kind is not None]
    taken: list[int] = []
    seen: Counter[str] = Counter()

    def take(at: int) -> None:
        taken.append(at)
        waiting.remove(at)
        seen[kinds[at] or ""] += 1

    while waiting and len(taken) < min(first, OPENING):
        take(next((at for at in waiting if not seen[kinds[at] or ""]), waiting[0]))
    most = max(OPENING, first // 4)
    for at in list(waiting):
        if len(taken) >= first:
            break
        if seen[kinds[at] or ""] < most:
            take(at)
    taken.extend(waiting[: max(0, first - len(taken))])
    return taken


def _outside(found: Found, asked: Asked, kitchen: _Kitchen) -> Suggestion | None:
    """The best that fits in everything but kind: one step outside what they asked for."""
    if asked.wish.first < 2:
        return None
    for start in range(0, len(found.outside), 4):
        kitchen.bring(found.outside.rows[start : start + 4])
        for at in range(start, min(start + 4, len(found.outside))):
            one = kitchen.suggestion(found.outside, at, KIND_MASK, outside=True)
            if one is not None:
                return one
    return None


def _one_of_another_tile(chosen: list[Suggestion]) -> list[Suggestion]:
    """Where any kind was welcome: the first whose door is none of the opening's is the one outside."""
    usual = {_tile(one) for one in chosen[:OPENING]}
    for at, one in enumerate(chosen[OPENING:], OPENING):
        if _tile(one) not in usual:
            marked = replace(one, outside=True)
            rest = chosen[:at] + chosen[at + 1 :]
            return [*rest[: OPENING + 1], marked, *rest[OPENING + 1 :]]
    return chosen


def _tile(one: Suggestion) -> Tile:
    return KIND_BY_SLUG[one.kind].tile


def shown_kind(mask: int, asked: Asked) -> str:
    """The kind it is shown under: one they named, else one they chose, else its first."""
    mask &= ~KIND_BIT["other"]
    for kinds in (mask & bits_of(asked.named), mask & bits_of(asked.chosen), mask):
        if kinds:
            return KINDS[(kinds & -kinds).bit_length() - 1].slug
    return "other"


@lru_cache(maxsize=4096)
def bits_of(kinds: frozenset[str]) -> int:
    return sum(KIND_BIT[slug] for slug in kinds)


def dates_that_suit(listing: Listing, asked: Asked) -> tuple[datetime | None, Sieve | None]:
    """The next start that suits, or the reason why none does; (None, None) when nobody can tell."""
    if not listing.times:
        return None, None
    if is_over(listing.times, asked.today):
        return None, OVER
    after, before = asked.now, None
    if asked.wish.on_or_after is not None:
        after = max(after, datetime.combine(asked.wish.on_or_after, time(), tzinfo=LONDON))
    if asked.wish.on_or_before is not None:
        before = datetime.combine(asked.wish.on_or_before + timedelta(days=1), time(), tzinfo=LONDON)
    starts = next_start(listing.times, after, before, weekdays_of(asked.slots))
    if starts is None and before is not None and has_certain_start(listing.times):
        return None, NOT_THAT_DAY
    return starts, None


def _minutes(metres: int | None, asked: Asked) -> int | None:
    return None if metres is None else minutes(metres, asked.wish.travel)


def _left_out(found: Found, dropped: Mapping[str, int]) -> dict[str, int]:
    counts = Counter({SIEVE_BY_CODE[code].words: n for code, n in found.left_out.items()})
    counts.update(dropped)
    return dict(counts)
