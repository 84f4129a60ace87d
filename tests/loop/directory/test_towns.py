"""A town that no map has, found by what is listed there."""

import pytest

from stile.loop.directory.queries import town_named

from .making import place, service, take

pytestmark = pytest.mark.django_db


def at(key: str, town: str, lat: float, lon: float) -> object:
    return service(key, at=place(f"p-{key}", town=town, postcode="", lat=lat, lon=lon))


def test_a_made_up_town_is_where_its_activities_are() -> None:
    take(at("a", "Dawdlebridge", 53.40, -2.33), at("b", "Dawdlebridge", 53.42, -2.35), service("c"))
    found = town_named(" dawdleBRIDGE ")
    assert found is not None
    assert found.label == "Dawdlebridge"
    assert found.lat == pytest.approx(53.41, abs=0.02)
    assert 0 < found.spread_km < 3


def test_a_name_used_in_two_parts_of_the_country_is_no_one_town() -> None:
    take(at("a", "Upper Nowhere", 50.2, -5.3), at("b", "Upper Nowhere", 57.1, -2.1))
    assert town_named("Upper Nowhere") is None


def test_a_name_nobody_lists_is_not_found() -> None:
    take(service("a", at=place()))
    assert town_named("Dawdlebridge") is None
    assert town_named("") is None
