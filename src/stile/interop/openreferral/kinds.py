"""Telling what an object or a table of Open Referral is, by its name or by its properties."""

import re
from typing import Any

from .shapes import OWN, SHAPES

# Table and list names in the wild, beside the plain singular and plural of each kind.
_ALIASES = {
    "organisation": "organization",
    "organisations": "organization",
    "services_at_location": "service_at_location",
    "services_at_locations": "service_at_location",
    "physical_address": "address",
    "physical_addresses": "address",
    "postal_address": "address",
    "postal_addresses": "address",
    "regular_schedule": "schedule",
    "regular_schedules": "schedule",
    "service_attributes": "attribute",
    "service_taxonomy": "attribute",
    "accessibility_for_disabilities": "accessibility",
    "capacities": "service_capacity",
    "additional_urls": "url",
}


def _plural(kind: str) -> str:
    if kind in ("accessibility", "metadata", "funding"):
        return kind
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


PLURALS = {kind: _plural(kind) for kind in SHAPES} | {"address": "addresses"}
_NAMES = {
    **{kind: kind for kind in SHAPES},
    **{plural: kind for kind, plural in PLURALS.items()},
    **{f"{kind}s": kind for kind in SHAPES},
    **_ALIASES,
}


def named(name: str) -> str | None:
    """The kind that a table, file or list is named after: "Services.csv" and "service" are services."""
    bare = re.sub(r"\.(?:csv|json)$", "", name.strip().lower().rsplit("/", 1)[-1])
    return _NAMES.get(re.sub(r"[\s-]+", "_", bare))


# A property that only this kind of object has in Open Referral. Common ones prove nothing.
_SIGNS: dict[str, frozenset[str]] = {
    "service": frozenset(
        """service_at_locations organization organization_id minimum_age maximum_age schedules cost_options
        eligibility_description service_areas assured_date eligibilitys regular_schedules service_taxonomys
        interpretation_services application_process wait_time fees accreditations""".split()  # noqa: SIM905
    ),
    "service_at_location": frozenset({"location", "location_id", "service", "service_id"}),
    "location": frozenset(
        {"location_type", "addresses", "accessibility", "transportation", "physical_addresses"}
    ),
    "organization": frozenset(
        """organization_identifiers parent_organization_id year_incorporated legal_status tax_status tax_id
        programs services locations logo uri""".split()  # noqa: SIM905
    ),
    "taxonomy_term": frozenset(
        {"parent_id", "taxonomy", "taxonomy_id", "taxonomy_detail", "term_uri", "term"}
    ),
    "taxonomy": frozenset({"taxonomy_terms", "version", "uri"}),
}
_ONLY_TAXONOMY = frozenset({"id", "name", "description", "uri", "version", "taxonomy_terms", "metadata", OWN})
_NOT_OURS = frozenset({"resourceType", "grants", "awardDate", "definitions", "openapi", "swagger", "$schema"})


def kind_of(value: Any) -> str | None:
    """The kind of an object by its properties; None where they do not show one."""
    if not isinstance(value, dict) or "id" not in value or _NOT_OURS & value.keys():
        return None
    names = value.keys()
    if "name" in names and value.get("status") in SHAPES["service"]["status"].choices:
        strange = len(names - SHAPES["service"].keys())
        if OWN in names or 3 * strange <= len(names):
            return "service"  # nothing else has a status, and every service must
    if names <= _ONLY_TAXONOMY and names & {"uri", "version", "taxonomy_terms"} and "name" in names:
        return "taxonomy"
    if "name" not in names:
        if (
            "location" in names
            or {"service_id", "location_id"} <= names
            or isinstance(value.get("service"), dict)
        ):
            return "service_at_location"
        return "location" if "location_type" in names else None
    scores = {kind: len(signs & names) for kind, signs in _SIGNS.items() if kind != "taxonomy"}
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] else None
