"""Feeds of Open Referral UK 1 and HSDS 1 and 2, brought up to the names of version 3.

Many councils still publish these. Only names and nesting are changed; every value stays, and an
object that already speaks version 3 is returned as it is.
"""

from typing import Any

from .shapes import Json

KINDS = frozenset({"service", "organization", "location", "service_at_location"})

_RENAMED: dict[str, dict[str, str]] = {
    "service": {
        "regular_schedules": "schedules",
        "regular_schedule": "schedules",
        "schedule": "schedules",
        "service_taxonomys": "attributes",
        "service_taxonomies": "attributes",
        "service_at_location": "service_at_locations",
        "fundings": "funding",
        "contact": "contacts",
        "organisation": "organization",
        "eligibilities": "eligibilitys",
        "eligibility": "eligibilitys",
    },
    "service_at_location": {"regular_schedules": "schedules", "regular_schedule": "schedules"},
    "location": {
        "physical_addresses": "addresses",
        "physical_address": "addresses",
        "address": "addresses",
        "accessibility_for_disabilities": "accessibility",
        "accessibilities": "accessibility",
    },
    "organization": {"url": "website"},
}


def brought_up(kind: str, given: Json) -> Json:
    """The object with version 3's names, or the very object when it already has them."""
    out = _renamed(kind, given)
    if kind == "service":
        out = _service(out)
    elif kind == "service_at_location":
        out = _at_location(out)
        if isinstance(out.get("service"), dict):
            out = {**out, "service": brought_up("service", out["service"])}
    return out


def _renamed(kind: str, given: Json) -> Json:
    names = _RENAMED[kind]
    if not any(name in given for name in names):
        return given
    out: Json = {}
    for name, value in given.items():
        new = names.get(name, name)
        if (
            new == name
            or new in given
            or (
                new in ("schedules", "addresses", "attributes", "service_at_locations")
                and not isinstance(value, list | dict)
            )
        ):
            out[name] = value
        elif name in ("address", "schedule", "physical_address", "contact", "eligibility") and isinstance(
            value, dict
        ):
            out[new] = [value]
        else:
            out[new] = value
    return out


def _service(given: Json) -> Json:
    out = given
    lists = given.get("service_at_locations")
    if isinstance(lists, list) and any(isinstance(one, dict) for one in lists):
        out = {**out, "service_at_locations": [_at_location(one) for one in lists]}
    if isinstance(given.get("organization"), dict):
        out = {**out, "organization": _renamed("organization", given["organization"])}
    bounds = given.get("eligibilitys")
    if isinstance(bounds, list) and "minimum_age" not in given and "maximum_age" not in given:
        known = [one for one in bounds if isinstance(one, dict)]
        if len(known) == 1:
            ages = {
                name: known[0][name]
                for name in ("minimum_age", "maximum_age")
                if known[0].get(name) is not None
            }
            out = {**out, **ages}
    attributes = out.get("attributes")
    if isinstance(attributes, list) and any(
        isinstance(one, dict) and "taxonomy" in one for one in attributes
    ):
        out = {**out, "attributes": [_attribute(one) for one in attributes]}
    schedules = out.get("schedules")
    if isinstance(schedules, list):
        out = {**out, "schedules": [_schedule(one) for one in schedules]}
    return out


def _attribute(one: Any) -> Any:
    if isinstance(one, dict) and isinstance(one.get("taxonomy"), dict) and "taxonomy_term" not in one:
        term = dict(one["taxonomy"])
        if "vocabulary" in term and "taxonomy" not in term:
            term["taxonomy"] = term.pop("vocabulary")
        return {**{name: value for name, value in one.items() if name != "taxonomy"}, "taxonomy_term": term}
    return one


_WEEKDAYS = {
    name: name[:2].upper()
    for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}


def _schedule(one: Any) -> Any:
    """HSDS 1 gave one weekday to each schedule and no frequency."""
    if isinstance(one, dict) and isinstance(one.get("weekday"), str) and not one.get("byday"):
        day = _WEEKDAYS.get(one["weekday"].strip().lower())
        if day:
            return {**one, "byday": day, "freq": one.get("freq") or "WEEKLY"}
    if isinstance(one, dict) and one.get("byday") and not one.get("freq"):
        return {**one, "freq": "WEEKLY"}
    return one


def _at_location(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    out = _renamed("service_at_location", given)
    if isinstance(out.get("location"), dict):
        out = {**out, "location": _renamed("location", out["location"])}
    if isinstance(out.get("schedules"), list):
        out = {**out, "schedules": [_schedule(one) for one in out["schedules"]]}
    return out
