"""Real lists into the directory and back: the report adds up, and a second time nothing changes."""

from datetime import UTC, datetime

import pytest

from stile.interop.lists import reader
from stile.interop.source import Source
from stile.loop.directory.actions import take_in
from tests.paths import shared

from .making import accounted, taken

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "uk-trafford-open-data/sports_clubs_sports_clubs.csv",
        "uk-trafford-open-data/sport_facilities_sports_facilities.csv",
        "uk-outpost-import-csv/services--with-sample-data.csv",
        "us-fl-services-csv",
        "us-sanmateo-ohana-csv",
    ],
)
def test_a_list_is_taken_in_once(name: str) -> None:
    source = Source.of(shared(f"data/directories/{name}"))
    first = take_in(reader.read(source), source="a-list", by="somebody", now=NOW)
    assert first.adds_up()
    assert first.read == accounted(taken(source))
    again = take_in(reader.read(source), source="a-list", by="somebody", now=NOW)
    assert again.adds_up()
    assert (again.imported, again.withdrawn) == (0, 0)
    assert again.unchanged == first.imported
