"""Nothing leaks and nothing breaks, whatever is asked by whomever (`make fuzz` asks 20,000 times)."""

import os

import pytest

from tests.access.crowd import Crowd
from tests.access.reading import Facts
from tests.fuzz.fuzzing import Fuzz, Request, listening

pytestmark = pytest.mark.xdist_group("fuzz")

HOW_MANY = int(os.environ.get("STILE_FUZZ", "2000"))
SEED = int(os.environ.get("STILE_FUZZ_SEED", "20261122"))


def test_nothing_leaks_and_nothing_breaks(crowd: Crowd, known: Facts) -> None:
    fuzz = Fuzz(crowd, known, SEED)
    with listening(fuzz):
        while sum(fuzz.found.tried.values()) < HOW_MANY:
            fuzz.one()
    found = fuzz.found
    print(  # noqa: T201 - what `make fuzz` is for
        f"{sum(found.tried.values())} requests, seed {SEED}: {dict(found.tried)}; answers {dict(sorted(found.answers.items()))}; "
        f"{found.marks_seen} marks seen by those who may; {len(found.leaks)} leaks; {len(found.broken)} broken"
    )
    assert not found.leaks, "\n".join(found.leaks[:20])
    assert not found.broken, "\n".join(found.broken[:20])
    assert found.marks_seen > HOW_MANY / 20, "the marks do reach those who may see them"
    assert found.answers[200] > HOW_MANY / 10
    assert found.answers[404] > HOW_MANY / 20


def test_every_mark_of_a_page_that_shows_one_would_be_found(crowd: Crowd, known: Facts) -> None:
    """The search itself: what Lena sees is a leak when Flo is said to have asked."""
    fuzz = Fuzz(crowd, known, SEED)
    with listening(fuzz):
        page = fuzz.ask(Request("Lena", "GET", f"/people/{crowd.people['Jo']}/"))
        assert fuzz.found.marks_seen > 3
        assert fuzz.found.leaks == []
        fuzz.search(Request("Flo", "GET", "/"), "the answer", page, "")
        assert len(fuzz.found.leaks) > 3
