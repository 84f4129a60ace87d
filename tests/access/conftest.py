"""The crowd, made once for the tests that only look."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.crowd import Crowd, gathered, personal_tables
from tests.access.reading import Facts, facts


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[Crowd]:
    with gathered(django_db_blocker) as it:
        yield it


@pytest.fixture(scope="module")
def known(crowd: Crowd) -> Facts:
    return facts(crowd.server, personal_tables())
