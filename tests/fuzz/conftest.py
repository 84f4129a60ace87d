"""The crowd and the directory, really committed; each request of the fuzz is taken back."""

from collections.abc import Iterator
from typing import Any

import pytest

from stile.loop.match.current import CURRENT
from tests import world
from tests.access.crowd import Crowd, gathered, personal_tables
from tests.access.reading import Facts, facts


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[Crowd]:
    with gathered(django_db_blocker) as it:
        world.build()
        yield it
        CURRENT.clear()


@pytest.fixture(scope="module")
def known(crowd: Crowd) -> Facts:
    return facts(crowd.server, personal_tables())
