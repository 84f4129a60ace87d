"""The match, slow and obvious: every listing, one at a time, no index.

The index must give exactly this answer (tests/loop/match/test_index.py holds them together with
Hypothesis). When the two differ, this one is right, or this one is where the mistake is easiest to see.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.vocabulary import KIND_BIT, Delivery

from .rules.asked import Asked
from .rules.closeness import closeness
from .rules.fit import Fit, fit
from .rules.found import MOST_ASK_FIRST, MOST_FITS, MOST_OUTSIDE, Found, Ranked
from .rules.score import score
from .rules.sieve import HARD_MASK, KIND_MASK, SIEVES, first_reason


class _Held(NamedTuple):
    listing: Listing
    fit: Fit
    score: int
    close: int


def no_meaning(_text: str) -> bytes:
    return b""


def search(
    listings: Iterable[Listing], asked: Asked, meaning_of: Callable[[str], bytes] = no_meaning
) -> Found:
    """Hold every listing against the wish; look further when too few services fit nearby."""
    held = []
    for listing in listings:
        close = closeness(meaning_of(listing.text), asked.meaning)
        one = fit(listing, asked, close)
        held.append(_Held(listing, one, score(listing, asked, one.metres, close), close))
    nearby = [one for one in held if one.fit.near_view]
    counted = [one for one in nearby if not _is_everywhere(one, asked)]
    near = _found(nearby, counted, wide=False)
    if asked.lat is None or len(near.fits) >= asked.wish.first:
        return near
    beyond = [
        one for one in held if one.fit.wide_view and (not one.fit.near_view or _is_everywhere(one, asked))
    ]
    return _found(nearby, [*counted, *(one for one in beyond if one.fit.mask.bit_count() == 1)], wide=True)


def _is_everywhere(one: _Held, asked: Asked) -> bool:
    """Online only: how many of those are for other ages says nothing about what there is nearby."""
    return asked.lat is not None and one.listing.delivery is Delivery.ONLINE


def _found(held: list[_Held], counted: list[_Held], *, wide: bool) -> Found:
    left_out = Counter(first_reason(one.fit.mask).code for one in counted if one.fit.mask)
    alone = Counter(first_reason(one.fit.mask).code for one in counted if one.fit.mask.bit_count() == 1)
    return Found(
        fits=_ranked([one for one in held if one.fit.fits], MOST_FITS),
        ask_first=_ranked(
            [one for one in held if one.fit.mask and not one.fit.mask & HARD_MASK], MOST_ASK_FIRST
        ),
        outside=_ranked([one for one in held if one.fit.mask == KIND_MASK], MOST_OUTSIDE),
        left_out={sieve.code: left_out[sieve.code] for sieve in SIEVES if left_out[sieve.code]},
        alone={sieve.code: alone[sieve.code] for sieve in SIEVES if alone[sieve.code]},
        wide=wide,
    )


def _ranked(held: list[_Held], most: int) -> Ranked:
    best: dict[int, _Held] = {}
    for one in sorted(held, key=lambda one: (-one.score, one.listing.row)):
        best.setdefault(one.listing.service, one)
    chosen = list(best.values())[:most]
    return Ranked(
        rows=[one.listing.row for one in chosen],
        services=[one.listing.service for one in chosen],
        scores=[one.score for one in chosen],
        kinds=[sum(KIND_BIT[slug] for slug in set(one.listing.kinds)) for one in chosen],
        close=[one.close for one in chosen],
        metres=[-1 if one.fit.metres is None else one.fit.metres for one in chosen],
    )
