"""The index gives exactly the answer of the slow, obvious reference."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stile.loop.directory.rules.listing import Listing
from stile.loop.match import reference
from stile.loop.match.index import search
from stile.loop.match.index.search import Index
from stile.loop.match.rules.asked import Asked

from .strategies import Askings, Worlds, asked, askings, meaning_of, seeds, wildness, world, worlds

unhurried = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


def embed(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.array([list(meaning_of(text) or bytes(32)) for text in texts], dtype=np.uint8).reshape(-1, 32)


def expected(listings: list[Listing], question: Asked) -> reference.Found:
    return reference.search(listings, question, meaning_of)


@unhurried
@given(worlds, askings)
def test_index_equals_reference(recipe: Worlds, asking: Askings) -> None:
    listings, question = recipe.made(), asking.made()
    assert Index.of(listings, embed).search(question) == expected(listings, question)


@pytest.mark.parametrize("wild", [0.0, 0.1])
def test_long_rankings_equal_reference(wild: float) -> None:
    """More services than the lists hold, so that the heaps have to turn some away."""
    listings = world(7, 1_500, wild, services=700)
    index = Index.of(listings, embed)
    for seed in range(12):
        question = asked(seed, 0.08)
        found = index.search(question)
        assert found == expected(listings, question)
    assert len(found.fits) > 20


@unhurried
@given(worlds, seeds, wildness, askings, st.integers(0, 30))
def test_changed_index_equals_one_built_anew(
    recipe: Worlds, seed: int, wild: float, asking: Askings, cut: int
) -> None:
    before, question = recipe.made(), asking.made()
    later = world(seed, 20, wild)
    gone = {one.service for one in before[:cut]}
    altered = gone | {one.service for one in later}
    after = [*later, *(one for one in before if one.service not in altered)]
    index = Index.of(before, embed)
    old = index.search(question)
    changed = index.changed(later, gone)
    assert len(changed) == len(after)
    assert changed.search(question) == expected(after, question)
    assert index.search(question) == old  # an index never changes under somebody who is reading it


def test_overflow_is_laid_out_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "OVERFLOW_LEAST", 5)
    listings = world(3, 60, 0.1)
    by_service = attrgetter("service")
    listings.sort(key=by_service)
    cut = next(n for n in range(20, 60) if listings[n].service != listings[n - 1].service)
    index = Index.of(listings[:cut], embed)
    for _, rows in groupby(listings[cut:], by_service):
        index = index.changed(rows)
    for seed in range(10):
        question = asked(seed, 0.1)
        assert index.search(question) == expected(listings, question)


def test_a_row_is_96_bytes() -> None:
    """A million listings with their meanings stay under 100 MB, the grid included."""
    few, many = Index.of(world(1, 10, 0.1), embed), Index.of(world(1, 510, 0.1), embed)
    a_row = (many.nbytes - few.nbytes) / 500
    assert a_row == 96
    assert few.nbytes + 1_000_000 * a_row < 100_000_000
