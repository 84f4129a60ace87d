"""The index gives exactly the answer of the slow, obvious reference."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stile.loop.directory.rules.listing import Listing
from stile.loop.match import reference
from stile.loop.match.index import compiling, kernel, search
from stile.loop.match.index.columns import always, flags_of
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


def test_more_rows_than_a_block_equal_reference() -> None:
    """Without a place, with one, and as rows that have just changed: each way of reading spans several blocks."""
    listings = world(5, 3 * kernel.BLOCK + 17, 0.1)
    whole = Index.of(listings, embed)
    part = Index.of(listings[:40], embed).changed(listings[40 : kernel.BLOCK + 200])
    for seed in range(6):
        question = asked(seed, 0.2)
        assert whole.search(question) == expected(listings, question)
        kept = {one.service for one in listings[40 : kernel.BLOCK + 200]}
        left = [one for one in listings[:40] if one.service not in kept]
        assert part.search(question) == expected([*left, *listings[40 : kernel.BLOCK + 200]], question)


def test_small_answers_leave_the_sieves_their_places() -> None:
    """A row's flags hold its small answers and, beside them, the sieves it fails whatever is wished for."""
    flags = np.array(sorted({flags_of(one) for one in world(9, 3_000, 1.0)}), dtype="i4")
    marked = flags | always(flags)
    assert (always(flags) != 0).any()
    assert not (always(flags) & np.bitwise_or.reduce(flags)).any()
    assert (always(marked) == always(flags)).all()  # rows may be laid out any number of times


def test_what_was_compiled_goes_when_a_rule_changes(tmp_path: Path) -> None:
    """The points of `rules/score.py` are folded into a function that lies elsewhere, and numba would not look."""
    (tmp_path / "score.py").write_text("NAMED = 40", "utf-8")
    before = compiling.stamp_of(tmp_path)
    (tmp_path / "score.py").write_text("NAMED = 41", "utf-8")
    assert compiling.stamp_of(tmp_path) != before
    for folder, name in zip(compiling.MADE_FROM, ("sieves.py", "score.py"), strict=True):
        assert (folder / name).exists()
    kept = getattr(kernel.search._cache, "_cache_file", None)  # type: ignore[attr-defined]
    assert kept is None or kept._source_stamp == compiling.STAMP  # None: the disk may not be written to


def test_a_row_is_92_bytes() -> None:
    """A million listings with their meanings stay under 100 MB, the grid included."""
    few, many = Index.of(world(1, 10, 0.1), embed), Index.of(world(1, 510, 0.1), embed)
    a_row = (many.nbytes - few.nbytes) / 500
    assert a_row == 92
    assert few.nbytes + 1_000_000 * a_row < 100_000_000
