"""Open Referral (HSDS 3.0 and 3.1, ORUK 3.0, the older ORUK 1) to records and back; pure.

`read` takes a parsed JSON object of a known kind and yields records and warnings; `write` gives the
object of a record. What the standard has no place for travels in one extra property, `x_stile`, so
that what Stile writes Stile can read back whole; its presence also says that a text was written by
Stile and is not to be guessed at again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any

from stile.loop.directory.rules.prose import age_bounds
from stile.loop.directory.rules.records import (
    AssuranceRecord,
    CostRecord,
    Item,
    OrganisationRecord,
    PlaceRecord,
    Record,
    Rejected,
    ServiceRecord,
    TermRecord,
    Welcome,
)
from stile.loop.directory.rules.vocabulary import KIND_BY_SLUG, Delivery, ParentForm, Room

from . import older, parts, values
from .fields import Field, Intake, apart, children, objects, own, table, take, texts
from .shapes import OWN, Json, fit, unfit

KINDS = ("service", "organization", "location", "service_at_location", "taxonomy", "taxonomy_term")

_SERVICE = table(
    Field("id", "key"),
    Field("name", "name"),
    Field("alternate_name", "alternate_name"),
    Field("description", "description", values.prose, values.prose_out),
    Field("url", "website", values.link),
    Field("email", "email"),
    Field("status", "status", values.status),
    Field("minimum_age", "min_age", values.age),
    Field("maximum_age", "max_age", values.age),
    Field("assured_date", "confirmed_on", values.day, values.day_out),
    Field("last_modified", "modified_at", values.moment, values.moment_out),
)
_SERVICE_PARTS = (parts.PHONES, parts.LANGUAGES)
_SERVICE_TYPES = {
    **dict.fromkeys(
        ("key", "name", "alternate_name", "description", "website", "email", "phone", "status"), str
    ),
    **dict.fromkeys(("min_age", "max_age"), int),
    "languages": tuple,
}
_LISTS = ("service_at_locations", "schedules", "cost_options", "attributes")
_OWN_NUMBERS = ("places", "waiting_weeks")
_WELCOME = tuple(one.name for one in dataclass_fields(Welcome))


# --- reading ------------------------------------------------------------------------------------------


def read(kind: str, given: Any, where: str) -> Iterator[Item]:
    """The records of one object, its warnings first; one `Rejected` when it cannot be used at all."""
    if not isinstance(given, dict):
        yield Rejected(where, "expected an object here", lost=True)
        return
    intake = Intake(where)
    records: Sequence[Record | Rejected]
    loose = unfit(kind, older.brought_up(kind, given) if kind in older.KINDS and OWN not in given else given)
    if not str(loose.get("id") or ""):
        yield Rejected(where, "has no id, so it could not be known again", lost=True)
        return
    match kind:
        case "service":
            records = [service(loose, intake)]
        case "organization":
            records = _organisation(loose, intake)
        case "location":
            records = [parts.place(loose, intake)]
        case "service_at_location":
            records = _service_at_location(loose, intake)
        case "taxonomy":
            records = _taxonomy(loose, intake)
        case _:
            records = [parts.term(loose, intake)]
    yield from intake.warned
    for record in records:
        if isinstance(record, Rejected):
            yield record
        elif not record.key:
            reason = "has no id that can be used, so it could not be known again"
            yield Rejected(record.where, reason, lost=True)
        elif not record.name.strip() and not isinstance(record, PlaceRecord):
            yield Rejected(record.where, "has no name", record.key, _held_as(record))
        else:
            yield record


def _held_as(record: Record) -> str:
    match record:
        case OrganisationRecord():
            return "organisation"
        case TermRecord():
            return "term"
    return "service"


def service(loose: Json, intake: Intake, path: str = "") -> ServiceRecord:
    """One service with everything nested in it."""
    rest = dict(loose)
    extra = own(loose)
    found: dict[str, list[tuple[str, Json]]] = {}
    strays: Json = {}
    for name in _LISTS:
        found[name], left = children(rest, name, intake, path)
        strays |= left
    given = rest.get("organization")
    organisation = None
    if isinstance(given, dict) and (given.get("id") or given.get("name")):
        organisation = parts.organisation(rest.pop("organization"), intake, f"{path}.organization")
    at_places = [parts.at_place(one, intake, at) for at, one in found["service_at_locations"]]
    homeless = [
        one for (_, one), place in zip(found["service_at_locations"], at_places, strict=True) if place is None
    ]
    if homeless:
        strays["service_at_locations"] = [*homeless, *strays.get("service_at_locations", [])]
    terms: list[TermRecord] = []
    for at, attribute in found["attributes"]:
        if (named := _attribute(attribute, intake, at)) is not None:
            terms.append(named)
        else:
            strays.setdefault("attributes", []).append(attribute)
    filled, details = take(rest, _SERVICE, _SERVICE_PARTS, _SERVICE_TYPES, intake, path)
    if "status" not in filled and loose.get("status"):
        filled["status"] = "inactive"  # never show what may well be closed
    filled["costs"] = tuple(parts.cost(one, intake, at) for at, one in found["cost_options"])
    filled["times"] = tuple(rule for at, one in found["schedules"] for rule in parts.times(one, intake, at))
    details = strays | details
    filled |= _own_words(extra, intake, path) if "v" in extra else _certain(filled, details, loose)
    least, most = filled.get("min_age"), filled.get("max_age")
    if least is not None and most is not None and least > most and "v" not in extra:
        intake.odd(path, f"ages from {least} to {most} cannot be; kept without a bound")
        details |= {"minimum_age": filled.pop("min_age"), "maximum_age": filled.pop("max_age")}
    return ServiceRecord(
        **{"key": "", "name": "", **filled},
        organisation=organisation,
        at_places=tuple(one for one in at_places if one is not None),
        terms=tuple(terms),
        details=details,
        where=f"{intake.where}{path}",
    )


def _attribute(attribute: Json, intake: Intake, path: str) -> TermRecord | None:
    """The term an attribute carries, with the attribute's own words beside it."""
    carried = attribute.get("taxonomy_term")
    if not isinstance(carried, dict) or not carried.get("id"):
        if attribute.get("taxonomy_term_id"):
            named = str(attribute["taxonomy_term_id"])[:60]
            intake.odd(f"{path}.taxonomy_term_id", f"no term {named!r} comes with it")
        return None
    record = parts.term(carried, intake, f"{path}.taxonomy_term")
    rest = {name: value for name, value in attribute.items() if name != "taxonomy_term"}
    return TermRecord(
        **{one.name: getattr(record, one.name) for one in dataclass_fields(record) if one.name != "details"},
        details={**record.details, parts.ATTRIBUTE: rest} if rest else record.details,
    )


def _own_words(extra: Json, intake: Intake, path: str) -> Json:
    """What Stile wrote in its own property; anything malformed there is left out and said."""
    filled: Json = {}
    for name in _OWN_NUMBERS:
        value = extra.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            filled[name] = value
    if isinstance(extra.get("age_text"), str):
        filled["age_text"] = extra["age_text"]
    for name, kind in (("delivery", Delivery), ("parent_form", ParentForm), ("room", Room)):
        if extra.get(name) is not None:
            try:
                filled[name] = kind(extra[name])
            except (ValueError, TypeError):
                intake.odd(f"{path}.x_stile.{name}", "not a value we know")
    named = extra.get("kinds")
    kinds = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    filled["kinds"] = tuple(one for one in kinds if one in KIND_BY_SLUG)
    filled["facts"] = parts.known_facts(extra.get("facts"), intake, f"{path}.x_stile.facts")
    said = extra.get("welcome")
    if isinstance(said, dict):
        filled["welcome"] = Welcome(**{n: v for n, v in said.items() if n in _WELCOME and isinstance(v, str)})
    filled["assurances"] = tuple(
        made for one in objects(extra.get("assurances")) if (made := _assurance(one, intake, path))
    )
    return filled


def _assurance(given: Json, intake: Intake, path: str) -> AssuranceRecord | None:
    try:
        return AssuranceRecord(
            kind=values.text(given.get("kind")),
            seen_on=values.day(given["seen_on"]) if given.get("seen_on") else None,
            seen_by=values.text(given.get("seen_by", "")),
            review_due=values.day(given["review_due"]) if given.get("review_due") else None,
            suspended=given.get("suspended") is True,
        )
    except values.Odd as odd:
        intake.odd(f"{path}.x_stile.assurances", str(odd))
        return None


_FREE = re.compile(
    r"(?:it(?:'s| is) )?(?:free|free of charge|no charge|no cost|nothing|free!?)[.! ]*|£?0(?:\.00)?"
)
_WEEKS = re.compile(r"(?:about |around |approx(?:\.|imately)? |up to )?(\d{1,3}) weeks?\.?")
_NO_WAIT = re.compile(r"(?:there is )?no wait(?:ing)?(?: list| time)?\.?|none\.?")


def _certain(filled: Json, details: Json, loose: Json) -> Json:
    """What another directory's words and numbers say beyond doubt of what Stile asks about."""
    more: Json = {}
    if "min_age" not in filled and "max_age" not in filled:
        spoken = [*texts(details, "eligibility_description"), filled.get("description", "")]
        for said in spoken:
            least, most = age_bounds(said)
            if least is not None or most is not None:
                more |= {"min_age": least, "max_age": most, "age_text": said[:500]}
                break
    capacities = objects(details.get("capacities"))
    if len(capacities) == 1:
        try:
            free = values.whole(capacities[0].get("available"))
        except values.Odd:
            free = -1
        if free >= 0:
            more |= {"places": free, "room": Room.OPEN if free else Room.FULL}
    for waiting in texts(details, "wait_time"):
        if weeks := _WEEKS.fullmatch(waiting.strip().lower()):
            more["waiting_weeks"] = int(weeks[1])
        elif _NO_WAIT.fullmatch(waiting.strip().lower()):
            more["waiting_weeks"] = 0
    if not filled.get("costs"):
        for fee in texts(details, "fees", "fees_description"):
            if _FREE.fullmatch(fee.strip().lower()):
                more["costs"] = (CostRecord(amount_pence=0, text=fee.strip()),)
                break
    places = [one["location"] for one in objects(loose.get("service_at_locations")) if "location" in one]
    kinds = {kind for one in places for kind in texts(one, "location_type")}
    if kinds == {"virtual"}:
        more["delivery"] = Delivery.ONLINE
    elif kinds == {"physical"}:
        more["delivery"] = Delivery.IN_PERSON
    elif kinds == {"physical", "virtual"}:
        more["delivery"] = Delivery.BOTH
    return more


def _organisation(loose: Json, intake: Intake) -> list[Record]:
    """An organisation, and the services it brings along, each with the organisation attached."""
    rest = dict(loose)
    brought, strays = children(rest, "services", intake, "")
    organisation = parts.organisation(rest | strays, intake)
    lean = parts.organisation({**rest, "locations": None}, Intake(intake.where)) if brought else organisation
    made: list[Record] = [organisation]
    for at, one in brought:
        found = service(one, intake, at)
        values_ = {field.name: getattr(found, field.name) for field in dataclass_fields(found)}
        made.append(ServiceRecord(**{**values_, "organisation": found.organisation or lean}))
    return made


def _service_at_location(loose: Json, intake: Intake) -> list[Record | Rejected]:
    """The service that stands at a place: nested the other way round, read as the service."""
    carried = loose.get("service")
    if not isinstance(carried, dict) or not carried.get("id"):
        reason = "stands at a place, but which service it is does not come with it"
        return [Rejected(intake.where, reason, lost=True)]
    here = {name: value for name, value in loose.items() if name != "service"}
    others = carried.get("service_at_locations")
    places = [here, *(one for one in objects(others) if one.get("id") != here.get("id"))]
    return [service({**carried, "service_at_locations": places}, intake)]


def _taxonomy(loose: Json, intake: Intake) -> list[Record]:
    """A taxonomy as the root of its terms, and the terms that come with it."""
    rest = dict(loose)
    nested, strays = children(rest, "taxonomy_terms", intake, "")
    if "uri" in rest:
        rest["term_uri"] = rest.pop("uri")
    root = parts.term(rest | strays, intake)
    root = TermRecord(
        **{one.name: getattr(root, one.name) for one in dataclass_fields(root) if one.name != "details"},
        details={**root.details, parts.TAXONOMY: True},
    )
    made: list[Record] = [root]
    for at, one in nested:
        named = {"taxonomy": root.name, "taxonomy_id": root.key} | one
        made.append(parts.term(named, intake, at))
    return made


# --- writing --------------------------------------------------------------------------------------------


def write(record: Record, *, oruk: bool = False, scope: str = "") -> tuple[str, Json]:
    """(kind, valid object) of a record. `scope` keeps made-up ids of several sources apart."""
    match record:
        case ServiceRecord():
            kind, loose = "service", service_out(record)
        case OrganisationRecord():
            kind, loose = "organization", parts.organisation_out(record)
        case PlaceRecord():
            kind, loose = "location", parts.place_out(record)
        case _:
            kind, loose = _term_out(record)
    return kind, fit(kind, loose, oruk=oruk, scope=scope)


def service_out(record: ServiceRecord) -> Json:
    more: Json = {"v": 1}
    for name in ("delivery", "parent_form", "room"):
        if (value := getattr(record, name)) != "unknown":
            more[name] = str(value)
    for name in _OWN_NUMBERS:
        if getattr(record, name) is not None:
            more[name] = getattr(record, name)
    if record.age_text:
        more["age_text"] = record.age_text
    if record.kinds:
        more["kinds"] = list(record.kinds)
    if record.facts:
        more["facts"] = {slug: str(answer) for slug, answer in record.facts.items()}
    said = {name: text for name in _WELCOME if (text := getattr(record.welcome, name))}
    if said:
        more["welcome"] = said
    if record.assurances:
        more["assurances"] = [_assurance_out(one) for one in record.assurances]
    carries = record.organisation is not None or isinstance(record.details.get("organization"), dict)
    named = ("organization",) if carries else ()
    carried = [
        name for name, any_ in zip(_LISTS, _lists(record), strict=True) if any_ or name in record.details
    ]
    out = apart(record, _SERVICE, _SERVICE_PARTS, (*named, *carried), more)
    if record.organisation is not None:
        out["organization"] = parts.organisation_out(record.organisation)
    out |= {name: written for name, written in zip(_LISTS, _written(record), strict=True) if written}
    return out


def _lists(record: ServiceRecord) -> tuple[tuple[Any, ...], ...]:
    return (record.at_places, record.times, record.costs, record.terms)


def _written(record: ServiceRecord) -> tuple[list[Json], ...]:
    return (
        [parts.at_place_out(one) for one in record.at_places],
        [parts.time_out(one) for one in record.times],
        [parts.cost_out(one) for one in record.costs],
        [_attribute_out(one) for one in record.terms],
    )


def _attribute_out(record: TermRecord) -> Json:
    carried = record.details.get(parts.ATTRIBUTE)
    attribute = dict(carried) if isinstance(carried, dict) else {}
    return {**attribute, "taxonomy_term": parts.term_out(record)}


def _assurance_out(record: AssuranceRecord) -> Json:
    out: Json = {"kind": record.kind}
    for name in ("seen_on", "review_due"):
        day: date | None = getattr(record, name)
        if day is not None:
            out[name] = day.isoformat()
    if record.seen_by:
        out["seen_by"] = record.seen_by
    if record.suspended:
        out["suspended"] = True
    return out


def _term_out(record: TermRecord) -> tuple[str, Json]:
    loose = parts.term_out(record)
    if loose.pop(parts.TAXONOMY, None) is None:
        return "taxonomy_term", loose
    if "term_uri" in loose:
        loose["uri"] = loose.pop("term_uri")
    return "taxonomy", loose
