"""The objects of Open Referral (HSDS 3.0, 3.1 as drafted, Open Referral UK 3.0) and how to fit into them.

Records hold whatever a source said, also what a schema would refuse: a number for an id, "www." for
an address. `fit` makes valid objects of them and keeps what it had to change beside it, in one extra
property, so that `unfit` gives back exactly what went in. Extra properties are allowed by all three
schemas and ignored by everybody else.
"""

import math
import re
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

Json = dict[str, Any]

OWN = "x_stile"  # what Stile keeps beside the standard's properties
SAID = "said"  # inside it: the words of properties that had to be changed to be valid
MADE = "made"  # inside it: names of properties made up because the schema requires them

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://openreferral.org/stile")


class Prop(NamedTuple):
    kind: str  # str, num, uuid, uri, email, moment, one of a list, [object] or {object}
    choices: tuple[str, ...] = ()
    refers: str = ""  # of a uuid: the kind of object it names


_STATUS = "active|inactive|defunct|temporarily closed"
_PLACE = "physical|postal|virtual"
_LINKS = "organization_id service_id service_at_location_id location_id"

# name, name:type, name[kind] for lists, name{kind} for objects; a plain name is text.
_SHAPES = {
    "accessibility": "id location_id description details url:uri accessibility attributes[attribute]"
    " metadata[metadata]",
    "address": "id location_id attention address_1 address_2 city region state_province postal_code country"
    f" address_type:{_PLACE} attributes[attribute] metadata[metadata]",
    "attribute": "id link_id taxonomy_term_id link_type link_entity value label taxonomy_term{taxonomy_term}"
    " metadata[metadata]",
    "contact": f"id {_LINKS} name title department email:email phones[phone] attributes[attribute]"
    " metadata[metadata]",
    "cost_option": "id service_id valid_from valid_to option currency amount:num amount_description"
    " attributes[attribute] metadata[metadata]",
    "funding": "id organization_id service_id source attributes[attribute] metadata[metadata]",
    "language": "id service_id location_id phone_id name code note attributes[attribute] metadata[metadata]",
    "location": f"id location_type:{_PLACE} url:uri organization_id name alternate_name description"
    " transportation latitude:num longitude:num external_identifier external_identifier_type"
    " languages[language] addresses[address] contacts[contact] accessibility[accessibility] phones[phone]"
    " schedules[schedule] attributes[attribute] metadata[metadata]",
    "meta_table_description": "id name language character_set attributes[attribute] metadata[metadata]",
    "metadata": "id resource_id resource_type last_action_date last_action_type field_name previous_value"
    " replacement_value updated_by",
    "organization": "id name alternate_name description email:email website:uri additional_websites[url]"
    " tax_status tax_id year_incorporated:num legal_status logo uri:uri parent_organization_id"
    " funding[funding] contacts[contact] phones[phone] locations[location] programs[program]"
    " organization_identifiers[organization_identifier] services[service] attributes[attribute]"
    " metadata[metadata]",
    "organization_identifier": "id organization_id identifier_scheme identifier_type identifier"
    " attributes[attribute] metadata[metadata]",
    "phone": f"id {_LINKS} contact_id number extension:num type description languages[language]"
    " attributes[attribute] metadata[metadata]",
    "program": "id organization_id name alternate_name description attributes[attribute] metadata[metadata]",
    "required_document": "id service_id document uri:uri attributes[attribute] metadata[metadata]",
    "schedule": "id service_id location_id service_at_location_id valid_from valid_to dtstart timezone:num"
    " until count:num wkst:MO|TU|WE|TH|FR|SA|SU freq:WEEKLY|MONTHLY interval:num byday byweekno bymonthday"
    " byyearday description opens_at closes_at schedule_link:uri attending_type notes"
    " attributes[attribute] metadata[metadata]",
    "service": "id organization_id program_id name alternate_name description url:uri additional_urls[url]"
    f" email:email status:{_STATUS} interpretation_services application_process fees_description wait_time"
    " fees accreditations eligibility_description minimum_age:num maximum_age:num assured_date"
    " assurer_email:email licenses alert last_modified:moment phones[phone] schedules[schedule]"
    " service_areas[service_area] service_at_locations[service_at_location] languages[language]"
    " organization{organization} funding[funding] cost_options[cost_option] program{program}"
    " required_documents[required_document] contacts[contact] capacities[service_capacity]"
    " attributes[attribute] metadata[metadata]",
    "service_area": "id service_id service_at_location_id name description extent extent_type uri"
    " service_area attributes[attribute] metadata[metadata]",
    "service_at_location": "id service_id location_id description service_areas[service_area]"
    " contacts[contact] phones[phone] schedules[schedule] location{location} service{service}"
    " attributes[attribute] metadata[metadata]",
    "service_capacity": "id service_id unit{unit} unit_id available:num maximum:num description"
    " updated:moment attributes[attribute] metadata[metadata]",
    "taxonomy": "id name description uri:uri version taxonomy_terms[taxonomy_term] metadata[metadata]",
    "taxonomy_term": "id code name description parent_id taxonomy taxonomy_detail{taxonomy} language"
    " taxonomy_id term_uri:uri term metadata[metadata]",
    "unit": "id name scheme identifier uri:uri attributes[attribute] metadata[metadata]",
    "url": "id label url:uri organization_id service_id attributes[attribute] metadata[metadata]",
}

_REQUIRED = {
    "address": "id address_1 city state_province postal_code country address_type",
    "location": "id location_type",
    "metadata": "id last_action_date last_action_type field_name previous_value replacement_value updated_by",
    "organization": "id name description",
    "organization_identifier": "id identifier_type identifier",
    "phone": "id number",
    "program": "id name description",
    "service": "id name status",
    "service_capacity": "id unit available updated",
    "taxonomy": "id name description",
    "taxonomy_term": "id name description",
    "unit": "id name",
    "url": "id url",
}
# What may stand in where a required property was never said: nothing that claims anything.
_STAND_IN = {"address_type": "physical", "location_type": "physical", "status": "active"}

# Open Referral UK 3.0 takes these away from HSDS; an ORUK export keeps them beside, not lost.
_NOT_IN_ORUK = {
    "service": "program_id alternate_name fees_description interpretation_services application_process"
    " wait_time eligibility_description licenses phones program required_documents metadata additional_urls"
    " capacities",
    "organization": "alternate_name tax_status tax_id year_incorporated legal_status locations phones"
    " contacts"
    " funding programs metadata additional_websites",
    "location": "url organization_id alternate_name transportation phones contacts schedules languages"
    " metadata",
    "address": "address_2 metadata",
    "service_at_location": "description contacts phones schedules attributes metadata service_areas",
    "schedule": "location_id timezone until count wkst byweekno byyearday attributes metadata",
    "contact": "email phones department organization_id location_id service_at_location_id metadata",
    "phone": "extension type service_id location_id organization_id service_at_location_id attributes"
    " metadata",
    "cost_option": "currency attributes metadata",
    "service_area": "description service_at_location_id attributes metadata",
    "language": "name code note location_id attributes metadata",
    "funding": "organization_id attributes metadata",
    "accessibility": "metadata",
    "attribute": "link_entity value label metadata",
    "organization_identifier": "metadata",
    "taxonomy": "metadata",
    "taxonomy_term": "code language taxonomy_detail metadata",
}

_REFERS = {
    "id": "",
    "link_id": "any",
    "resource_id": "any",
    "parent_id": "taxonomy_term",
    "parent_organization_id": "organization",
    "location_id": "location",
}
_TOKEN = re.compile(r"(\w+)(?::(.+)|\[(\w+)\]|\{(\w+)\})?$")


def _shape(kind: str, text: str) -> dict[str, Prop]:
    props: dict[str, Prop] = {}
    for token in text.replace("temporarily closed", "temporarily~closed").split():
        found = _TOKEN.match(token)
        assert found, token
        name, typed, many, one = found.groups()
        if many or one:
            props[name] = Prop(f"[{many}]" if many else f"{{{one}}}")
        elif name == "id" or (name.endswith("_id") and name != "tax_id"):
            props[name] = Prop("uuid", refers=_REFERS.get(name, name.removesuffix("_id")) or kind)
        elif typed and "|" in typed:
            props[name] = Prop("choice", tuple(typed.replace("~", " ").split("|")))
        else:
            props[name] = Prop(typed or "str")
    return props


SHAPES: dict[str, dict[str, Prop]] = {kind: _shape(kind, text) for kind, text in _SHAPES.items()}
REQUIRED: dict[str, tuple[str, ...]] = {kind: tuple(_REQUIRED.get(kind, "id").split()) for kind in SHAPES}
NOT_IN_ORUK: dict[str, frozenset[str]] = {
    kind: frozenset(text.split()) for kind, text in _NOT_IN_ORUK.items()
}

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PCT = r"%[0-9A-Fa-f]{2}"
_ANY = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|{_PCT})*"
_HOST = rf"(?:[A-Za-z0-9._~!$&'()*+,;=-]|{_PCT})*"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:{_HOST}(?::{_HOST})?@)?{_HOST}(?::\d*)?(?=[/?#]|$))?"
    rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|{_PCT})*(?:\?{_ANY})?(?:#{_ANY})?"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MOMENT = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
    r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
)


def stable_id(kind: str, key: str, scope: str = "") -> str:
    """A UUID for a key that is none: the same for the same kind, key and scope, for ever."""
    return str(uuid.uuid5(NAMESPACE, f"{scope}\n{kind}\n{key}"))


def is_uuid(value: object) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_uri(value: str) -> bool:
    return _URI.fullmatch(value) is not None


def is_email(value: str) -> bool:
    return _EMAIL.fullmatch(value) is not None


def is_valid(prop: Prop, value: Any) -> bool:
    """Whether the schema takes a plain value (not a nested object) as it is."""
    if prop.kind == "num":
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not isinstance(value, str):
        return False
    match prop.kind:
        case "uuid":
            return is_uuid(value)
        case "uri":
            return is_uri(value)
        case "email":
            return is_email(value)
        case "moment":
            return _MOMENT.fullmatch(value) is not None and _real_day(value)
        case "choice":
            return value in prop.choices
    return True


def _real_day(value: str) -> bool:
    year, month, day = int(value[:4]), int(value[5:7]), int(value[8:10])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return year > 0 and day <= lengths[month - 1]


def fit(kind: str, loose: Mapping[str, Any], *, oruk: bool = False, scope: str = "") -> Json:
    """A valid object of `kind` that holds everything of `loose`; `unfit` gives `loose` back."""
    fitted = _fit(kind, loose, oruk, scope, "", str(loose.get("id", "")))
    assert fitted is not None
    return fitted


def _fit(
    kind: str, loose: Mapping[str, Any], oruk: bool, scope: str, path: str, owner: str, must: bool = True
) -> Json | None:
    shape, away = SHAPES[kind], NOT_IN_ORUK.get(kind, frozenset()) if oruk else frozenset()
    out: Json = {}
    said: Json = {}
    made: list[str] = []
    for name, value in loose.items():
        prop = shape.get(name)
        if name == OWN:
            if not isinstance(value, dict) or not value or SAID in value or MADE in value:
                said[OWN] = value
            continue
        if name in away:
            said[name] = value
        elif prop is None:
            out[name] = value
        elif prop.kind[0] in "[{":
            _fit_nested(prop, name, value, out, said, oruk, scope, f"{path}/{name}", owner)
        elif is_valid(prop, value):
            out[name] = value
        else:
            said[name] = value
            if (nearest := _nearest(prop, value, scope)) is not None:
                out[name] = nearest
    if kind == "schedule" and said.get("freq") == "DAILY" and out.get("interval", 1) == 1:
        out["freq"] = "WEEKLY"  # the standard knows no daily rule, and seven days a week is one
        if "byday" not in loose:
            out["byday"] = "MO,TU,WE,TH,FR,SA,SU"
            made.append("byday")
    for name in REQUIRED[kind]:
        if name in out:
            continue
        stand_in = _stand_in(kind, name, out, f"{owner}{path}", scope)
        if stand_in is None:
            if not must:
                return None
            stand_in = 0
        out[name] = stand_in
        if name not in said:
            made.append(name)
    own = dict(loose[OWN]) if OWN in loose and OWN not in said else {}
    if said:
        own[SAID] = said
    if made:
        own[MADE] = made
    if own:
        out[OWN] = own
    return out


def _fit_nested(
    prop: Prop, name: str, value: Any, out: Json, said: Json, oruk: bool, scope: str, path: str, owner: str
) -> None:
    inner = prop.kind[1:-1]
    if prop.kind[0] == "{":
        fitted = _fit(inner, value, oruk, scope, path, owner, must=False) if isinstance(value, dict) else None
        if fitted is None:
            said[name] = value
        else:
            out[name] = fitted
        return
    if not isinstance(value, list):
        said[name] = value
        return
    kept = [
        _fit(inner, one, oruk, scope, f"{path}/{n}", owner, must=False) if isinstance(one, dict) else None
        for n, one in enumerate(value)
    ]
    if None in kept:
        said[name] = value
    out[name] = [one for one in kept if one is not None]


def _nearest(prop: Prop, value: Any, scope: str) -> Any:
    """A valid value that says the same as an invalid one; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    match prop.kind:
        case "uuid":
            return stable_id(prop.refers, str(value), scope) if str(value) else None
        case "str":
            return str(value)
        case "num":
            return number(value)
        case "uri":
            return nearest_uri(str(value))
        case "choice":
            near = str(value).strip()
            return next((one for one in prop.choices if one.lower() == near.lower()), None)
    return None


def number(value: Any) -> int | float | None:
    """A finite number given as a number or as plain digits; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if -1e300 < value < 1e300 else None
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,15}(?:\.\d{1,15})?\s*", value):
        as_float = float(value)
        return int(as_float) if as_float.is_integer() and "." not in value else as_float
    return None


def nearest_uri(value: str) -> str | None:
    """An address a browser would understand, written as the schema wants it."""
    text = value.strip()
    if not text or any(c.isspace() for c in text):
        return None
    if re.match(r"(?:www\.|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?:[/?#:]|$))", text):
        text = f"http://{text}"
    if not re.match(r"https?://", text, re.IGNORECASE):
        return None
    safe = "".join(c if re.match(r"[A-Za-z0-9._~!$&'()*+,;=:@/?#%-]", c) else _percent(c) for c in text)
    safe = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", safe)
    return safe if is_uri(safe) else None


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))


def _stand_in(kind: str, name: str, out: Json, path: str, scope: str) -> Any:
    if name == "id":
        return stable_id(kind, path, scope)
    if name == "description" and out.get("name"):
        return out["name"]
    if name == "identifier_type" and out.get("identifier_scheme"):
        return out["identifier_scheme"]
    if name in _STAND_IN:
        return _STAND_IN[name]
    if SHAPES[kind][name].kind == "str":
        return ""
    return None


_NESTING = (dict, list)
_NESTED: dict[str, dict[str, str]] = {
    kind: {name: prop.kind[1:-1] for name, prop in shape.items() if prop.kind[0] in "[{"}
    for kind, shape in SHAPES.items()
}


def unfit(kind: str, fitted: Json) -> Json:
    """What `fit` was given. An object that never went through `fit` comes back as it is."""
    nested = _NESTED[kind]
    changed: Json = {}
    for name, value in fitted.items():
        if not isinstance(value, _NESTING) or (inner := nested.get(name)) is None:
            continue
        if isinstance(value, dict):
            undone: Any = unfit(inner, value)
            if undone is not value:
                changed[name] = undone
        else:
            parts = [unfit(inner, one) if isinstance(one, dict) else one for one in value]
            if any(one is not other for one, other in zip(parts, value, strict=True)):
                changed[name] = parts
    own = fitted.get(OWN)
    if not isinstance(own, dict) or not (SAID in own or MADE in own):
        return {**fitted, **changed} if changed else fitted
    rest = dict(own)
    said, made = rest.pop(SAID, None), rest.pop(MADE, None)
    said = said if isinstance(said, dict) else {}
    made = made if isinstance(made, list) else []
    if not said and not made:
        return {**fitted, **changed} if changed else fitted
    out = {**fitted, **changed}
    for name in (OWN, *made):
        if isinstance(name, str):
            out.pop(name, None)
    if rest:
        out[OWN] = rest
    out.update(said)
    return out
