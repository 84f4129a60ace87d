"""Organisations, places, terms, times and costs: Open Referral objects to records and back."""

import re
from dataclasses import replace
from typing import Any

from stile.kernel.answer import Answer
from stile.loop.directory.rules.prose import times_in
from stile.loop.directory.rules.records import (
    AtPlaceRecord,
    CostRecord,
    OrganisationRecord,
    PlaceRecord,
    TermRecord,
    TimeRecord,
)
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG

from . import values
from .fields import Field, Intake, Part, apart, children, give, objects, own, table, take, texts
from .shapes import Json

MOST_TIMES = 200  # rules read out of one schedule in prose

# --- phones, languages, identifiers ---------------------------------------------------------------


def first_phone(value: Any) -> str:
    """The first number of a list of phones."""
    for phone in objects(value):
        number = phone.get("number")
        if isinstance(number, int) and not isinstance(number, bool):
            return str(number)
        if isinstance(number, str) and (bare := number.strip().strip('"').strip()):
            return bare
    return ""


def _phones(number: str) -> list[Json]:
    return [{"number": number}]


PHONES = Part("phones", "phone", first_phone, _phones)


def _languages(value: Any) -> tuple[str, ...]:
    found = [next(iter(texts(one, "code", "name", "language")), "") for one in objects(value)]
    return tuple(dict.fromkeys(one for one in found if one))


def _language_list(languages: tuple[str, ...]) -> list[Json]:
    return [{"code" if 2 <= len(one) <= 3 else "name": one} for one in languages]


LANGUAGES = Part("languages", "languages", _languages, _language_list)


def _identifiers(value: Any) -> tuple[tuple[str, str], ...]:
    found = []
    for one in objects(value):
        scheme = next(iter(texts(one, "identifier_scheme", "identifier_type")), "")
        if said := next(iter(texts(one, "identifier")), ""):
            found.append((scheme, said))
    return tuple(found)


def _identifier_list(identifiers: tuple[tuple[str, str], ...]) -> list[Json]:
    return [{"identifier_scheme": scheme, "identifier": said} for scheme, said in identifiers]


IDENTIFIERS = Part("organization_identifiers", "identifiers", _identifiers, _identifier_list)

# --- organisations ----------------------------------------------------------------------------------

_ORGANISATION = table(
    Field("id", "key"),
    Field("name", "name"),
    Field("description", "description", values.prose, values.prose_out),
    Field("email", "email"),
    Field("website", "website", values.link),
)
_ORGANISATION_TYPES = {
    **dict.fromkeys(("key", "name", "description", "email", "website", "phone"), str),
    "identifiers": tuple,
}


def organisation(loose: Json, intake: Intake, path: str = "") -> OrganisationRecord:
    filled, details = take(loose, _ORGANISATION, (PHONES, IDENTIFIERS), _ORGANISATION_TYPES, intake, path)
    return OrganisationRecord(
        **{"key": "", "name": "", **filled}, details=details, where=f"{intake.where}{path}"
    )


def organisation_out(record: OrganisationRecord) -> Json:
    return give(record, record.details, _ORGANISATION, (PHONES, IDENTIFIERS), {"v": 1})


# --- places -----------------------------------------------------------------------------------------

_PLACE = table(
    Field("id", "key"),
    Field("name", "name"),
    Field("organization_id", "organisation_key"),
    Field("location_type", "kind", values.place_kind),
    Field("latitude", "lat", values.latitude),
    Field("longitude", "lon", values.longitude),
    Field("transportation", "transport"),
)
_ADDRESS_FIELDS = ("address", "town", "postcode", "country")
_PLACE_TYPES = dict.fromkeys(("key", "name", "organisation_key", "transport", "kind", *_ADDRESS_FIELDS), str)


def _address(value: Any) -> tuple[str, str, str, str]:
    """(lines, town, postcode, country) of the address one would go to."""
    found = objects(value)
    going = [one for one in found if one.get("address_type") in ("physical", None)] or found
    if not going:
        return ("", "", "", "")
    one = going[0]
    lines = [line.strip() for line in texts(one, "address_1", "address_2", "address_3", "address_4")]
    town = next(iter(texts(one, "city")), "").strip()
    postcode = next(iter(texts(one, "postal_code", "postcode")), "").strip()
    return (", ".join(lines), town, postcode, next(iter(texts(one, "country")), "").strip())


def place(loose: Json, intake: Intake, path: str = "") -> PlaceRecord:
    filled, details = take(loose, _PLACE, (), _PLACE_TYPES, intake, path)
    extra = own(loose)
    if (filled.get("lat") is None) != (filled.get("lon") is None):
        alone = "latitude" if "lat" in filled else "longitude"
        if filled.pop("lat", filled.pop("lon", None)) is not None:
            details[alone] = loose[alone]
            if not {"latitude", "longitude"} <= loose.keys():  # else the other one was odd, and said so
                intake.odd(path, f"{alone} alone says nothing; kept without a position")
        filled.pop("lon", None)
    going: Json = dict(zip(_ADDRESS_FIELDS, _address(loose.get("addresses")), strict=True))
    kept = extra.get("kept")
    if extra.get("address_built") is True and not (isinstance(kept, dict) and "addresses" in kept):
        details.pop("addresses", None)
    facts = known_facts(extra.get("facts"), intake, path) if "v" in extra else access_facts(loose)
    return PlaceRecord(
        **{"key": "", **going, **filled}, facts=facts, details=details, where=f"{intake.where}{path}"
    )


def place_out(record: PlaceRecord) -> Json:
    more: Json = {"v": 1}
    details = dict(record.details)
    said = tuple(getattr(record, name) for name in _ADDRESS_FIELDS)
    built: list[Json] = []
    aside = None
    if _address(details.get("addresses")) != said:
        aside = details.pop("addresses", None)
        if any(said):
            built = [{name: value for name, value in zip(_ADDRESS_NAMES, said, strict=True) if value}]
            more["address_built"] = True
    apart = _odd_position(details) if record.lat is None and record.lon is None else {}
    out = give(record, {n: v for n, v in details.items() if n not in apart}, _PLACE, (), more) | apart
    if built:
        out["addresses"] = built
        if _address(built) != said:
            more.setdefault("fields", {}).update(zip(_ADDRESS_FIELDS, said, strict=True))
    if aside is not None:
        more.setdefault("kept", {})["addresses"] = aside
    if record.facts:
        more["facts"] = {slug: str(answer) for slug, answer in record.facts.items()}
    return out


def _odd_position(details: Json) -> Json:
    """The degrees a source gave that make no position: written again as they came."""
    given: Json = {name: details[name] for name in ("latitude", "longitude") if name in details}
    try:
        values.latitude(given.get("latitude"))
        values.longitude(given.get("longitude"))
    except values.Odd:
        return given
    return {}


_ADDRESS_NAMES = ("address_1", "city", "postal_code", "country")

# Said of a building, these are certain; with a "partly", a "not" or a "please ask" they are not.
_ACCESS = (
    (re.compile(r"step[- ]?free|wheelchair access(?:ible)?\b|fully accessible|level access"), "step_free"),
    (re.compile(r"(?:accessible|disabled) (?:toilet|wc|loo)"), "accessible_toilet"),
    (re.compile(r"changing places? (?:toilet|facilit)"), "changing_place"),
    (re.compile(r"(?:hearing|induction) loops?"), "hearing_loop"),
)
_DOUBT = re.compile(
    r"\b(?:part|partial\w*|partly|limited|some|most|not?|without|non|un\w+|isn't|ask|contact|only|except|but"
    r"|ramp|by arrangement|planned|soon|please|cannot|can't|stairs|steps to)\b"
)


def access_facts(loose: Json) -> dict[str, Answer]:
    """What a location's own accessibility notes say for certain; silence stays unknown."""
    facts: dict[str, Answer] = {}
    for note in objects(loose.get("accessibility")):
        for said in dict.fromkeys(texts(note, "description", "accessibility")):
            for sentence in re.split(r"[.;\n]", said.lower()):
                for pattern, slug in _ACCESS:
                    if pattern.search(sentence) and not _DOUBT.search(sentence):
                        facts[slug] = Answer.YES
    return facts


_ANSWERS = {one.value: one for one in Answer}


def known_facts(value: Any, intake: Intake, path: str) -> dict[str, Answer]:
    """Stile's own facts out of the extra property; those we do not know are named, not guessed."""
    found: dict[str, Answer] = {}
    for slug, answer in value.items() if isinstance(value, dict) else ():
        if slug in FACT_BY_SLUG and isinstance(answer, str) and answer in _ANSWERS:
            found[slug] = _ANSWERS[answer]
        else:
            intake.odd(path, f"fact {str(slug)[:40]!r} is not one we know")
    return found


# --- terms ------------------------------------------------------------------------------------------

_TERM = table(
    Field("id", "key"),
    Field("name", "name"),
    Field("taxonomy", "taxonomy"),
    Field("code", "code"),
    Field("term_uri", "uri"),
    Field("parent_id", "parent_key"),
    Field("description", "description", values.prose, values.prose_out),
)
_TERM_TYPES = dict.fromkeys(("key", "name", "taxonomy", "code", "uri", "parent_key", "description"), str)
TAXONOMY = "hsds_taxonomy"  # in the details of a term: this is a taxonomy itself, not one of its terms
ATTRIBUTE = "hsds_attribute"  # in the details of a service's term: the attribute that carried it


def term(loose: Json, intake: Intake, path: str = "") -> TermRecord:
    filled, details = take(loose, _TERM, (), _TERM_TYPES, intake, path)
    if "taxonomy" not in filled:
        filled["taxonomy"] = next(iter(texts(details.get("taxonomy_detail"), "name")), "")
    return TermRecord(**{"key": "", "name": "", **filled}, details=details, where=f"{intake.where}{path}")


def term_out(record: TermRecord) -> Json:
    details = {name: value for name, value in record.details.items() if name != ATTRIBUTE}
    return give(record, details, _TERM, (), {"v": 1})


# --- times and costs --------------------------------------------------------------------------------

_TIME = table(
    Field("id", "key"),
    Field("freq", "freq", values.freq),
    Field("interval", "interval", values.whole),
    Field("byday", "byday", values.byday),
    Field("bymonthday", "bymonthday", values.words_with_commas),
    Field("dtstart", "dtstart", values.day, values.day_out),
    Field("valid_from", "valid_from", values.day, values.day_out),
    Field("valid_to", "valid_to", values.day, values.day_out),
    Field("until", "until", values.day, values.day_out),
    Field("count", "count", values.whole),
    Field("opens_at", "opens_at", values.clock, values.clock_out),
    Field("closes_at", "closes_at", values.clock, values.clock_out),
    Field("description", "text", values.prose, values.prose_out),
)
_TIME_TYPES = dict.fromkeys(("key", "byday", "bymonthday", "text", "freq"), str)


def times(loose: Json, intake: Intake, path: str = "") -> list[TimeRecord]:
    """The rules of one schedule: what its properties say, else what its words say for certain."""
    filled, details = take(loose, _TIME, (), _TIME_TYPES, intake, path)
    if filled.get("interval", 1) < 1:
        intake.odd(f"{path}.interval", "an interval below one means nothing; read as one")
        details["interval"] = filled.pop("interval")
    one = TimeRecord(**filled, details=details)
    if "v" in own(loose) or one.freq or one.dtstart or one.byday or not one.text:
        return [one]
    read = times_in(one.text)
    if not all(rule.freq for rule in read) or (one.opens_at is not None and len(read) > 1):
        return [one]
    rules = [
        replace(
            one,
            key=one.key if n == 0 or not one.key else f"{one.key}#{n + 1}",
            freq=rule.freq,
            byday=rule.byday,
            opens_at=one.opens_at or rule.opens_at,
            closes_at=one.closes_at or (None if one.opens_at else rule.closes_at),
            text=one.text if n == 0 else rule.text,
        )
        for n, rule in enumerate(read[:MOST_TIMES])
    ]
    return rules or [one]


def time_out(record: TimeRecord) -> Json:
    return give(record, record.details, _TIME, (), {"v": 1})


_COST = table(
    Field("id", "key"),
    Field("option", "option"),
    Field("amount", "amount_pence", values.pence, values.pence_out),
    Field("currency", "currency"),
    Field("amount_description", "text", values.prose, values.prose_out),
    Field("valid_from", "valid_from", values.day, values.day_out),
    Field("valid_to", "valid_to", values.day, values.day_out),
)
_COST_TYPES = {**dict.fromkeys(("key", "option", "currency", "text"), str), "amount_pence": int}


def cost(loose: Json, intake: Intake, path: str = "") -> CostRecord:
    filled, details = take(loose, _COST, (), _COST_TYPES, intake, path)
    return CostRecord(**filled, details=details)


def cost_out(record: CostRecord) -> Json:
    return give(record, record.details, _COST, (), {"v": 1})


# --- a service at a place ---------------------------------------------------------------------------

_AT_PLACE = table(Field("id", "key"))


def at_place(loose: Json, intake: Intake, path: str = "") -> AtPlaceRecord | None:
    """A service at one of its places; None, and a warning, where no place is named at all."""
    given, named = loose.get("location"), loose.get("location_id")
    if isinstance(given, dict) and given:
        where = place(given, intake, f"{path}.location")
    elif isinstance(named, str | int) and str(named):
        where = PlaceRecord(key=str(named), where=f"{intake.where}{path}.location_id")
        intake.odd(f"{path}.location_id", f"no place {str(named)[:60]!r} comes with this activity")
    else:
        intake.odd(path, "an activity at a place, but the place is missing")
        return None
    rest = {name: value for name, value in loose.items() if name not in ("location", "service")}
    schedules, strays = children(rest, "schedules", intake, path)
    filled, details = take(rest, _AT_PLACE, (), {"key": str}, intake, path)
    found = [rule for at, one in schedules for rule in times(one, intake, at)]
    return AtPlaceRecord(**{"key": "", **filled}, place=where, times=tuple(found), details=strays | details)


def at_place_out(record: AtPlaceRecord) -> Json:
    more: Json = {"v": 1}
    out = apart(record, _AT_PLACE, (), ("location", "schedules", "service"), more)
    out["location"] = place_out(record.place)
    if record.times:
        out["schedules"] = [time_out(one) for one in record.times]
    return out
