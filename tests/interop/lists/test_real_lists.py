"""The lists real councils and charities published: every row of every file, and what they say."""

import csv
from datetime import time
from pathlib import Path

import pytest

from stile.interop.lists import reader
from stile.interop.source import Source
from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import OrganisationRecord, PlaceRecord, TermRecord, Unreadable
from tests.paths import shared

from .making import accounted, rejected, services, taken, warnings

TRAFFORD = "data/directories/uk-trafford-open-data"


def rows_in(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for row in csv.reader(file) if any(cell.strip() for cell in row)) - 1


@pytest.mark.parametrize(
    ("name", "activities"),
    [
        ("childrens_centres_trafford_childrens_centres", 2),
        ("food_banks_gm_food_banks", 171),
        ("libraries_gm_libraries", 141),
        ("mental_health_trafford_mental_health_services", 60),
        ("schools_and_colleges_trafford_schools_and_colleges", 103),
        ("sport_facilities_sports_facilities", 171),
        ("sports_clubs_sports_clubs", 140),
    ],
)
def test_every_row_of_the_trafford_lists_is_accounted_for(name: str, activities: int) -> None:
    path = shared(f"{TRAFFORD}/{name}.csv")
    items = taken(Source.of(path))
    assert accounted(items) == rows_in(path)
    assert not rejected(items)
    assert len(services(items)) == activities


def of(name: str) -> dict[str, object]:
    return {one.name: one for one in services(taken(Source.of(shared(f"{TRAFFORD}/{name}.csv"))))}


def test_sports_clubs_have_kinds() -> None:
    clubs = services(taken(Source.of(shared(f"{TRAFFORD}/sports_clubs_sports_clubs.csv"))))
    assert all(club.kinds for club in clubs)
    by_name = {club.name: club for club in clubs}
    assert by_name["Altrincham Football Club"].kinds == ("football",)
    assert by_name["Altrincham Judo Club"].kinds == ("martial-arts",)
    two = next(
        club for club in clubs if any(term.name == "Netball" for term in club.terms) and len(club.terms) == 2
    )
    assert two.kinds == ("team-sport",)
    assert by_name["AFC Sale"].at_places[0].place.postcode == "M33 7WR"


def test_opening_times_of_food_banks_where_certain() -> None:
    banks = of("food_banks_gm_food_banks")
    brass = banks["BRASS Bolton"]
    assert [(t.byday, t.opens_at, t.closes_at) for t in brass.times] == [("WE", time(10), time(16))]
    assert brass.email == "admin@brass-bolton.org.uk"
    urban = banks["Urban Outreach"]  # "One morning per week"
    assert [t.freq for t in urban.times] == [""]
    assert urban.times[0].text == "One morning per week"
    assert urban.phone == "01204 385 848"
    assert not banks["Salvation Army Farnworth"].times  # "NA"
    every = services(taken(Source.of(shared(f"{TRAFFORD}/food_banks_gm_food_banks.csv"))))
    assert sum(any(t.freq for t in bank.times) for bank in every) > 100
    assert sum(any(not t.freq for t in bank.times) for bank in every) > 30  # the others keep their words


def test_childrens_centres_have_positions() -> None:
    centre = of("childrens_centres_trafford_childrens_centres")["Stretford Children's Centre"]
    place = centre.at_places[0].place
    assert (round(place.lat, 4), round(place.lon, 4)) == (53.4408, -2.3139)
    assert centre.key == "22963"
    assert centre.phone == "0161-912-5020"


def test_schools_have_ages_and_their_size_is_not_taken_for_free_places() -> None:
    school = of("schools_and_colleges_trafford_schools_and_colleges")["St John Vianney School"]
    assert (school.min_age, school.max_age, school.places) == (5, 19, None)
    assert school.details["columns"]["capacity"] == "160"
    assert school.facts["girls_only"] is Answer.NO


def test_a_site_with_several_facilities_is_one_activity_of_several_kinds() -> None:
    items = taken(Source.of(shared(f"{TRAFFORD}/sport_facilities_sports_facilities.csv")))
    several = [one for one in services(items) if len(one.terms) > 2]
    assert several
    assert all(len(one.at_places) == 1 for one in services(items))
    club = next(one for one in services(items) if one.key == "1043459")
    assert club.at_places[0].place.facts == {"accessible_toilet": Answer.NO}
    assert club.modified_at is not None
    assert club.confirmed_on is None


def test_the_councils_template_hides_what_its_owner_hides() -> None:
    folder = "data/directories/uk-outpost-import-csv"
    items = taken(Source.of(shared(f"{folder}/services--with-sample-data.csv")))
    assert accounted(items) == 8
    assert [one.name for one in services(items)] == ["Second example service"]
    assert len(rejected(items)) == 7
    assert all("not visible" in one.reason for one in rejected(items))
    service = services(items)[0]
    assert service.at_places[0].place.facts["step_free"] is Answer.YES
    assert "Partial wheelchair access" in service.details["accessibility"]
    assert service.costs[0].amount_pence == 0
    with pytest.raises(Unreadable, match="headings but no rows"):
        taken(Source.of(shared(f"{folder}/services.csv")))
    for name in ("custom-fields-template--with-sample-data.csv", "custom-fields-template.csv"):
        with pytest.raises(Unreadable, match="no list of services"):
            taken(Source.of(shared(f"{folder}/{name}")))


def test_florida() -> None:
    folder = shared("data/directories/us-fl-services-csv")
    source = Source.of(folder)
    assert reader.recognises(source) == "linked tables"
    items = taken(source)
    assert accounted(items) == sum(
        rows_in(folder / f"{name}.csv") for name in ("services", "locations", "organizations")
    )
    assert not rejected(items)
    found = services(items)
    assert len(found) == 135
    assert sum(isinstance(item, OrganisationRecord) for item in items) == 20
    assert sum(isinstance(item, PlaceRecord) for item in items) == 378
    assert all(one.organisation is not None for one in found)
    assert any("200 years is no age" in one for one in warnings(items))
    offices = [item for item in items if isinstance(item, PlaceRecord) and item.details.get("phones")]
    assert offices
    assert all(office.organisation_key for office in offices)


def test_san_mateo() -> None:
    folder = shared("data/directories/us-sanmateo-ohana-csv")
    items = taken(Source.of(folder))
    tables = sum(rows_in(path) for path in folder.glob("*.csv"))
    terms = [item for item in items if not hasattr(item, "reason") and ".json:" in item.where]
    assert accounted(items) == tables + len(terms)
    found = {one.key: one for one in services(items)}
    assert len(found) == 23
    assert sum(isinstance(item, TermRecord) for item in items) > 250
    passports = found["22"]
    assert [term.name for term in passports.terms][:2]
    assert passports.phone
    assert {(t.byday, t.opens_at, t.closes_at) for t in passports.times} == {
        ("MO", time(8), time(12)), ("MO", time(14), time(16)), ("WE", time(10), time(15))
    }  # fmt: skip
    assert found["1"].phone == "650 780-7525"  # the place's, and not its fax
    place = found["1"].at_places[0].place
    assert place.postcode == "94063"
    assert place.facts["step_free"] is Answer.YES
    assert place.details["contacts"][0]["name"] == "Susan Houston"
    assert "Susan Houston" not in repr((found["1"].name, found["1"].description, found["1"].welcome))
    assert any("3:00" in one or "03:00" in one for one in warnings(items))  # 9am to 03:00 is kept as words
    hall = next(item for item in items if isinstance(item, PlaceRecord) and item.key == "22")
    assert hall.details["schedules"][0] == {"freq": "WEEKLY", "byday": "MO", "description": "Monday 08:00–17:00", "opens_at": "08:00", "closes_at": "17:00"}  # fmt: skip
    assert found["22"].at_places[0].place == hall


BROKEN = {
    "hs_with_2_digit_year": "place '1'",
    "hs_with_spelled_out_date": "place '1'",
    "invalid_category": "no name",
    "invalid_holiday_schedule": "does not say whether it is closed; it has no closing time",
    "invalid_location_org": "organisation '100' (organization_id), which is not in this source",
    "invalid_mail_address_location": "place '100'",
    "invalid_parent_category": "stands under the term '0'",
    "invalid_program": "has no name",
    "invalid_regular_schedule": "no closing time",
    "invalid_service_location": "place '100'",
    "missing_address": "no town or city",
    "phone_with_no_parent": "belongs to nothing",
    "programs": "organisation '1'",
    "valid_address": "place '2'",
    "valid_contact_phone": "contact '1'",
    "valid_location_contact": "place '1'",
    "valid_location_phone": "place '1'",
    "valid_mail_address": "place '1'",
    "valid_org_contact": "organisation '1'",
    "valid_program": "organisation '1'",
    "valid_service_contact": "service '1'",
    "valid_service_phone": "service '1'",
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_table_says_what_is_wrong_with_its_rows(name: str) -> None:
    path = shared(f"conformance/examples/broken-csv/{name}.csv")
    items = taken(Source.of(path))
    assert accounted(items) == rows_in(path)
    first = rejected(items)[0]
    assert first.where == f"{name}.csv:2"
    assert BROKEN[name] in first.reason


def test_tables_that_are_not_broken_alone() -> None:
    folder = shared("conformance/examples/broken-csv")
    items = taken(Source.of(folder / "existing_category.csv"))
    assert [(item.key, item.name) for item in items if isinstance(item, TermRecord)] == [("101", "Emergency")]
    items = taken(Source.of(folder / "org_with_invalid_date.csv"))
    assert "24/2/70" in " ".join(warnings(items))
    with pytest.raises(Unreadable, match="headings but no rows"):
        taken(Source.of(folder / "services.csv"))


def test_the_broken_tables_all_together() -> None:
    folder = shared("conformance/examples/broken-csv")
    items = taken(Source.of(folder))
    assert accounted(items) == sum(rows_in(path) for path in folder.glob("*.csv"))
    reasons = {one.where: one.reason for one in rejected(items)}
    assert "organisation '100'" in reasons["invalid_location_org.csv:2"]
    assert "belongs to nothing" in reasons["phone_with_no_parent.csv:2"]
