"""Open Referral objects to records and back: nothing lost, nothing guessed, nothing invalid."""

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stile.interop.openreferral import mapping
from stile.interop.openreferral.shapes import SHAPES, fit, unfit
from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import (
    OrganisationRecord,
    PlaceRecord,
    Record,
    Rejected,
    ServiceRecord,
    TermRecord,
    Warned,
)
from stile.loop.directory.rules.vocabulary import Delivery, Room
from tests.interop.openreferral import strategies
from tests.interop.openreferral.schema import faults
from tests.paths import shared

SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def without_where(value: Any) -> Any:
    """A record with every `where` emptied: it says where a record stood, not what it says."""
    if is_dataclass(value) and not isinstance(value, type):
        changes = {one.name: without_where(getattr(value, one.name)) for one in fields(value)}
        if "where" in changes:
            changes["where"] = ""
        return replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(without_where(one) for one in value)
    return value


def records_of(kind: str, given: Any) -> list[Record]:
    return [one for one in mapping.read(kind, given, "") if isinstance(one, tuple(Record.__args__))]


def through(record: Record, **how: Any) -> Record:
    kind, written = mapping.write(record, **how)
    sent = json.loads(json.dumps(written, allow_nan=False))
    (back,) = records_of(kind, sent)
    return back


@SLOW
@given(strategies.records, st.booleans())
def test_what_is_written_reads_back_the_same(record: Record, oruk: bool) -> None:
    assert without_where(through(record, oruk=oruk)) == without_where(record)


@pytest.mark.parametrize("version", ["hsds-3.0", "hsds-3.1-dev", "oruk-3.0"])
@settings(SLOW, max_examples=40)
@given(record=strategies.records)
def test_what_is_written_is_valid(version: str, record: Record) -> None:
    kind, written = mapping.write(record, oruk=version == "oruk-3.0")
    assert faults(version, kind, written) == []


@SLOW
@given(st.sampled_from(sorted(SHAPES)), strategies.details, st.booleans())
def test_fitting_into_a_shape_loses_nothing(kind: str, loose: dict[str, Any], oruk: bool) -> None:
    assert unfit(kind, fit(kind, loose, oruk=oruk)) == loose


@pytest.mark.parametrize("kind", mapping.KINDS)
@settings(SLOW, max_examples=60)
@given(data=st.data())
def test_any_json_in_any_field_is_read_without_a_fault(kind: str, data: st.DataObject) -> None:
    names = st.sampled_from([*SHAPES[kind], "x_stile"])
    given_ = data.draw(
        st.dictionaries(names, strategies.json_values | st.lists(strategies.details), max_size=8)
    )
    base = {"id": "one", "name": "One"} if data.draw(st.booleans()) else {}
    items = list(mapping.read(kind, {**base, **given_}, "here"))
    taken = [one for one in items if not isinstance(one, Warned)]
    assert taken
    for one in taken:
        assert one.where.startswith("here")
        if not isinstance(one, Rejected):
            assert without_where(through(one)) == without_where(one)


EXAMPLES = [
    ("hsds-3.0", "hsds-3.0-examples/service_full.json", "service"),
    ("hsds-3.0", "hsds-3.0-examples/location.json", "location"),
    ("hsds-3.0", "hsds-3.0-examples/taxonomy.json", "taxonomy"),
    ("hsds-3.0", "hsds-3.0-examples/taxonomy_term.json", "taxonomy_term"),
    ("oruk-3.0", "oruk-profile-examples/service_full.json", "service"),
    ("oruk-3.0", "oruk-profile-examples/organization_full.json", "organization"),
    ("oruk-3.0", "oruk-profile-examples/taxonomy_term.json", "taxonomy_term"),
    ("oruk-3.0", "oruk-profile-examples/website-3.0/service_full.json", "service"),
    ("oruk-3.0", "oruk-validator-mocks/V3.0-UK-Default/service_full.json", "service"),
]


def holds(whole: Any, part: Any, path: str = "$") -> list[str]:
    """Paths of what is in `part` and not, with the same value, in `whole`."""
    if isinstance(part, dict):
        if not isinstance(whole, dict):
            return [path]
        return [
            lost
            for name, value in part.items()
            for lost in (holds(whole[name], value, f"{path}.{name}") if name in whole else [f"{path}.{name}"])
        ]
    if isinstance(part, list):
        if not isinstance(whole, list) or len(whole) < len(part):
            return [path]
        return [lost for n, one in enumerate(part) for lost in holds(whole[n], one, f"{path}[{n}]")]
    return [] if whole == part else [path]


@pytest.mark.parametrize(("version", "name", "kind"), EXAMPLES)
def test_a_real_example_keeps_every_property(version: str, name: str, kind: str) -> None:
    example = json.loads(shared(f"conformance/examples/{name}").read_text())
    record = records_of(kind, example)[0]
    _, written = mapping.write(record)
    if kind == "organization":
        example.pop("services", None)
    assert holds(written, example) == []
    assert faults(version, kind, mapping.write(record, oruk=version == "oruk-3.0")[1]) == []
    assert without_where(through(record)) == without_where(record)


def read_one(kind: str = "service", **props: Any) -> tuple[Any, list[Warned]]:
    items = list(mapping.read(kind, {"id": "s1", "name": "Art club", **props}, "f.json: $"))
    return next(one for one in items if not isinstance(one, Warned)), [
        i for i in items if isinstance(i, Warned)
    ]


def test_a_full_service_fills_the_record() -> None:
    example = json.loads(shared("conformance/examples/hsds-3.0-examples/service_full.json").read_text())
    items = list(mapping.read("service", example, "service_full.json: $"))
    (record,) = [one for one in items if isinstance(one, ServiceRecord)]
    assert record.key == "ac148810-d857-441c-9679-408f346de14b"
    assert (record.min_age, record.max_age) == (12, 100)
    assert record.phone == "+44 1234 234567"
    assert record.languages == ("ur",)
    assert record.confirmed_on == date(2005, 1, 1)
    assert record.modified_at == datetime(2023, 3, 15, 10, 30, 45, 123000, tzinfo=UTC)
    assert record.organisation is not None
    assert record.organisation.identifiers == (("GB-COH", "1234567"),)
    (at_place,) = record.at_places
    assert (at_place.place.lat, at_place.place.lon) == (None, None)
    assert at_place.place.address == "1-30 Main Street, MyVillage"
    assert at_place.place.facts["hearing_loop"] is Answer.YES
    assert at_place.times[0].byday == "TH,FR"
    assert (record.times[0].opens_at, record.times[0].closes_at) == (time(10), time(18))
    assert record.costs[0].amount_pence is not None
    assert record.terms[0].taxonomy == "taxonomy"
    warned = [one.where for one in items if isinstance(one, Warned)]
    assert "service_full.json: $.service_at_locations[0].location.latitude" in warned


def test_html_becomes_readable_lines() -> None:
    record, _ = read_one(
        description="<h2>Come &amp; draw</h2><ul><li>paint</li><li>clay</li></ul><script>x()</script>"
    )
    assert record.description == "Come & draw\n\n- paint\n- clay"


def test_ages_and_times_in_prose_are_read_where_certain() -> None:
    record, _ = read_one(
        eligibility_description="For young people aged 11 to 16.",
        schedules=[
            {"id": "t", "description": "Tuesdays 4-6pm"},
            {"id": "u", "description": "term time only"},
        ],
    )
    assert (record.min_age, record.max_age, record.age_text) == (11, 16, "For young people aged 11 to 16.")
    assert [(one.freq, one.byday, one.text) for one in record.times] == [
        ("WEEKLY", "TU", "Tuesdays 4-6pm"),
        ("", "", "term time only"),
    ]


def test_several_rules_in_one_schedule_become_several_times() -> None:
    record, _ = read_one(schedules=[{"id": "t", "description": "Mon 10am-12pm, Tue 6-8pm"}])
    assert [(one.key, one.byday) for one in record.times] == [("t", "MO"), ("t#2", "TU")]
    assert without_where(through(record)) == without_where(record)


def test_places_left_come_from_the_capacities_of_version_3_1() -> None:
    record, _ = read_one(capacities=[{"id": "c", "unit": {"id": "u", "name": "places"}, "available": 3}])
    assert (record.places, record.room) == (3, Room.OPEN)
    full, _ = read_one(capacities=[{"id": "c", "available": 0}])
    assert (full.places, full.room) == (0, Room.FULL)
    silent, _ = read_one()
    assert (silent.places, silent.room) == (None, Room.UNKNOWN)


def test_free_is_only_read_from_words_that_say_nothing_else() -> None:
    assert read_one(fees="Free")[0].costs[0].amount_pence == 0
    assert read_one(fees="Free for members")[0].costs == ()


def test_where_it_happens_comes_from_its_places() -> None:
    online, _ = read_one(
        service_at_locations=[{"id": "x", "location": {"id": "l", "location_type": "virtual"}}]
    )
    assert online.delivery is Delivery.ONLINE
    assert read_one()[0].delivery is Delivery.UNKNOWN


@pytest.mark.parametrize(
    ("props", "path"),
    [
        ({"minimum_age": "twelve"}, "$.minimum_age"),
        ({"minimum_age": True}, "$.minimum_age"),
        ({"maximum_age": float("inf")}, "$.maximum_age"),
        ({"minimum_age": 20, "maximum_age": 11}, "$"),
        ({"last_modified": "yesterday"}, "$.last_modified"),
        ({"url": "javascript:alert(1)"}, "$.url"),
        ({"email": ["a@b.org"]}, "$.email"),
        ({"schedules": "Tuesdays"}, "$.schedules"),
        ({"schedules": [7]}, "$.schedules"),
        ({"schedules": [{"id": "t", "opens_at": "25:00"}]}, "$.schedules[0].opens_at"),
        ({"cost_options": [{"id": "c", "amount": "lots"}]}, "$.cost_options[0].amount"),
        ({"service_at_locations": [{"id": "x"}]}, "$.service_at_locations[0]"),
        (
            {"service_at_locations": [{"id": "x", "location_id": "gone"}]},
            "$.service_at_locations[0].location_id",
        ),
        ({"attributes": [{"id": "a", "taxonomy_term_id": "gone"}]}, "$.attributes[0].taxonomy_term_id"),
    ],
)
def test_what_is_odd_is_said_with_its_path_and_the_rest_is_kept(props: dict[str, Any], path: str) -> None:
    record, warned = read_one(**props)
    assert isinstance(record, ServiceRecord)
    assert f"f.json: {path}" in [one.where for one in warned]
    assert record.min_age is None or record.max_age is None or record.min_age <= record.max_age


def test_a_status_nobody_knows_is_kept_but_not_shown() -> None:
    record, warned = read_one(status="pending review")
    assert record.status == "inactive"
    assert record.details["status"] == "pending review"
    assert warned


@pytest.mark.parametrize(
    "given_", [{"name": "x"}, {"id": "", "name": "x"}, {"id": "1"}, {"id": "1", "name": "  "}, [], 7]
)
def test_what_cannot_be_known_again_is_rejected_with_a_reason(given_: Any) -> None:
    (item,) = [one for one in mapping.read("service", given_, "f.json: $[3]") if not isinstance(one, Warned)]
    assert isinstance(item, Rejected)
    assert item.where == "f.json: $[3]"
    assert item.reason


def test_a_term_may_be_its_own_ancestor() -> None:
    term = {"id": "a", "name": "A", "parent_id": "a"}
    record, _ = read_one("taxonomy_term", **term)
    assert isinstance(record, TermRecord)
    assert record.parent_key == "a"


def test_an_organisation_brings_its_services() -> None:
    example = json.loads(shared("conformance/examples/hsds-3.0-examples/organization_full.json").read_text())
    organisation, service = records_of("organization", example)
    assert isinstance(organisation, OrganisationRecord)
    assert isinstance(service, ServiceRecord)
    assert service.organisation is not None
    assert service.organisation.key == organisation.key
    assert "services" not in organisation.details


def test_keys_that_are_no_uuids_get_the_same_id_each_time_and_come_back() -> None:
    record = ServiceRecord(
        key="svc/17", name="Art club", organisation=OrganisationRecord(key="9", name="Arts")
    )
    _, first = mapping.write(record)
    _, again = mapping.write(record)
    _, elsewhere = mapping.write(record, scope="another feed")
    assert first == again
    assert first["id"] != elsewhere["id"]
    assert without_where(through(record)) == without_where(record)


def test_an_older_feed_is_understood() -> None:
    record, _ = read_one(
        eligibilitys=[{"id": "e", "minimum_age": 11, "maximum_age": 19}],
        regular_schedules=[{"id": "r", "weekday": "Tuesday", "opens_at": "18:00", "closes_at": "20:00"}],
        service_taxonomys=[
            {"id": "q", "taxonomy": {"id": "t", "name": "Arts", "vocabulary": "esdServiceTypes"}}
        ],
        service_at_locations=[
            {
                "id": "x",
                "location": {
                    "id": "l",
                    "name": "Hall",
                    "physical_addresses": [{"id": "p", "postal_code": "M33 7AB"}],
                },
            }
        ],
    )
    assert (record.min_age, record.max_age) == (11, 19)
    assert (record.times[0].freq, record.times[0].byday) == ("WEEKLY", "TU")
    assert (record.terms[0].name, record.terms[0].taxonomy) == ("Arts", "esdServiceTypes")
    assert record.at_places[0].place.postcode == "M33 7AB"


def test_a_place_out_of_range_keeps_its_address() -> None:
    record, warned = read_one(
        "location", latitude=100, longitude=101, addresses=[{"id": "a", "city": "Sale"}]
    )
    assert isinstance(record, PlaceRecord)
    assert (record.lat, record.lon, record.town) == (None, None, "Sale")
    assert [one.where for one in warned] == ["f.json: $.latitude"]
