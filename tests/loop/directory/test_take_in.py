import pytest

from stile.loop.directory import queries

from .making import organisation, place, service, take

pytestmark = pytest.mark.django_db


def test_a_service_is_taken_in_with_its_organisation_and_place() -> None:
    report = take(service(organisation=organisation(), at=place(), min_age=11))
    assert (report.read, report.imported) == (1, 1)
    (listing,) = queries.listings()
    assert (listing.name, listing.organisation, listing.town, listing.min_age) == ("Club s1", "Dab Hands CIO", "Sale", 11)
    assert listing.lat == pytest.approx(53.4, abs=0.1)
