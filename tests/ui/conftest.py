from typing import Any

import pytest


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> None:
    """`ui` knows no area, so its tests need none either."""
    settings.ROOT_URLCONF = "tests.ui.addresses"
