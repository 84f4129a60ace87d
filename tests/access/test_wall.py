"""Each role sees the people that are its own, and nobody else; a first look at the wall."""

import pytest

from stile.people.queries import records
from tests import society


@pytest.fixture
def town(db: None) -> society.Society:
    return society.build()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("Lena", {"Jo", "Ash"}),
        ("Luke", {"Kit"}),
        ("Lily", {"Wren"}),
        ("Liam", {"Nia"}),
        ("Max", {"Jo", "Ash", "Kit"}),
        ("Mary", {"Jo", "Ash", "Kit", "Wren"}),
        ("Jo", {"Jo"}),
        ("Sid", set()),
        ("Dot", set()),
        ("Ada", set()),
        ("Rae", set()),
        ("Plum", set()),
        ("Dee", set()),
        ("Sol", set()),
        ("Flo", set()),
    ],
)
def test_who_sees_whom(town: society.Society, who: str, sees: set[str]) -> None:
    with town.as_(who):
        assert {line.name for line in records.people()} == sees


def test_nobody_sees_nobody(town: society.Society) -> None:
    assert list(records.people()) == []
