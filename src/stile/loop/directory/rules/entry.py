"""A record as the rows it becomes: checked, mended where that is safe, and with its fingerprint.

Nothing here knows a database. A record that cannot be kept at all is a `Fault`; one oddity is mended
and told in `warnings`: a wrong age or position is emptied, for unknown is safe where wrong is not
(hazard H10). The order of the values in a row is the order of the names in the tuples below.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from typing import Any

from stile.kernel.answer import Answer

from .price import price_pence
from .records import (
    AssuranceRecord,
    AtPlaceRecord,
    CostRecord,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
    TermRecord,
    TimeRecord,
    Welcome,
)
from .times import slots_of
from .vocabulary import FACT_BY_SLUG, KIND_BY_SLUG

ORGANISATION = ("key", "name", "description", "email", "website", "phone", "identifiers", "details")
LOCATION = (
    "key", "organisation_key", "name", "kind", "given_lat", "given_lon", "address", "town", "postcode",
    "country", "transport", "facts", "details",
)  # fmt: skip
TERM = ("key", "name", "taxonomy", "code", "uri", "parent_key", "description", "details")
SERVICE = (
    "key", "name", "alternate_name", "description", "website", "email", "phone", "status", "min_age", "max_age",
    "age_text", "delivery", "parent_form", "room", "places", "waiting_weeks", "kinds", "facts", "languages",
    "welcome", "confirmed_on", "modified_at", "details",
)  # fmt: skip
SERVICE_AT_LOCATION = ("key", "nth", "order", "location_key", "details", "slots")
SCHEDULE = (
    "at", "order", "key", "freq", "interval", "byday", "bymonthday", "dtstart", "valid_from", "valid_to", "until",
    "count", "opens_at", "closes_at", "text", "details",
)  # fmt: skip
COST_OPTION = (
    "order", "key", "option", "amount_pence", "currency", "text", "valid_from", "valid_to", "details",
)  # fmt: skip
ASSURANCE = ("order", "kind", "seen_on", "seen_by", "review_due", "suspended")

LONGEST_KEY, LONGEST_NAME = 500, 1000  # letters; both are indexed
MOST_PARTS = 10_000  # places, times or costs of one service
OLDEST = 150  # years
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
UK_BOX = (49.8, -8.7, 61.0, 1.9)  # south, west, north, east in degrees, Scilly to Shetland
_WELCOME = tuple(Welcome.__slots__)

Row = tuple[Any, ...]


class Fault(ValueError):
    """Why a record cannot be kept, in words for the person who looks after the source."""


@dataclass(slots=True)
class Part:
    """The row of a record that stands alone or inside another; `fingerprint` is 32 hex digits."""

    row: Row
    fingerprint: str
    warnings: list[str]

    @property
    def key(self) -> str:
        return str(self.row[0])

    @property
    def name(self) -> str:
        return str(self.row[1])


@dataclass(slots=True)
class Entry:
    """A service's row and what hangs on it. `fingerprint` is of the whole, parts included."""

    row: Row
    fingerprint: str = ""
    organisation: Part | None = None
    places: list[Part] = field(default_factory=list)
    terms: list[Part] = field(default_factory=list)
    at: list[Row] = field(default_factory=list)
    times: list[Row] = field(default_factory=list)
    costs: list[Row] = field(default_factory=list)
    assurances: list[Row] = field(default_factory=list)
    price: int | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.row[0])

    @property
    def name(self) -> str:
        return str(self.row[1])


def organisation_entry(record: OrganisationRecord, *, within: str = "") -> Part:
    """`within`: the id of the service it is told in, which stands in for an id it has not got itself."""
    if not within:
        _named(record.key, record.name)
    identifiers = [list(pair) for pair in record.identifiers]
    return _part(
        (
            _key(record.key or within), record.name[:LONGEST_NAME], record.description, record.email, record.website,
            record.phone, _json(identifiers) if identifiers else "[]", _json(record.details),
        )
    )  # fmt: skip


def place_entry(record: PlaceRecord, *, within: str = "") -> Part:
    lat, lon = _number(record.lat), _number(record.lon)
    warnings: list[str] = []
    return _part(
        (
            _key(record.key or within), record.organisation_key, record.name, record.kind or "physical", lat, lon,
            record.address, record.town, record.postcode, record.country, record.transport,
            _facts(record.facts, warnings), _json(record.details),
        ),
        warnings,
    )  # fmt: skip


def term_entry(record: TermRecord, *, within: str = "") -> Part:
    return _part(
        (
            _key(record.key or within), record.name, record.taxonomy, record.code, record.uri, record.parent_key,
            record.description, _json(record.details),
        )
    )  # fmt: skip


def service_entry(record: ServiceRecord) -> Entry:
    """Raises Fault when the record has no id or no name, or is too large to be one service."""
    _named(record.key, record.name)
    if max(len(record.at_places), len(record.times), len(record.costs), len(record.terms)) > MOST_PARTS:
        raise Fault(f"it has more than {MOST_PARTS:,} places, times, costs or terms")
    warnings: list[str] = []
    min_age, max_age, age_text = _ages(record, warnings)
    status = record.status or "active"
    if status not in STATUSES:
        warnings.append(f'the status "{status[:60]}" is none we know; taken as not running')
        status = "inactive"
    kinds = [kind for kind in record.kinds if kind in KIND_BY_SLUG]
    if len(kinds) < len(record.kinds):
        warnings.append(f"kinds we do not know: {', '.join(sorted(set(record.kinds) - set(kinds)))[:200]}")
    welcome = {name: said for name in _WELCOME if (said := getattr(record.welcome, name))}
    modified = record.modified_at
    if modified is not None and modified.tzinfo is None:
        modified = modified.replace(tzinfo=UTC)
    row: Row = (
        record.key, record.name.strip(), record.alternate_name, record.description, record.website, record.email,
        record.phone, status, min_age, max_age, age_text, str(record.delivery), str(record.parent_form),
        str(record.room), _count(record.places, 2**31 - 1), _count(record.waiting_weeks, 2**15 - 1), kinds,
        _facts(record.facts, warnings), list(record.languages), _json(welcome), record.confirmed_on, modified,
        _json(record.details),
    )  # fmt: skip
    entry = Entry(row, warnings=warnings)
    if record.organisation is not None:
        entry.organisation = organisation_entry(record.organisation, within=f"of {record.key}"[:LONGEST_KEY])
    entry.terms = [
        term_entry(term, within=f"{n} of {record.key}"[:LONGEST_KEY]) for n, term in enumerate(record.terms)
    ]
    _add_places(entry, record.at_places, record.times)
    entry.times += [_time_row(None, n, one) for n, one in enumerate(record.times)]
    entry.costs = [_cost_row(n, one) for n, one in enumerate(record.costs)]
    entry.assurances = [_assurance_row(n, one) for n, one in enumerate(record.assurances)]
    fees = record.details.get("fees_description") or record.details.get("fees") or ""
    entry.price = price_pence(record.costs, fees if isinstance(fees, str) else "")
    for part in (entry.organisation, *entry.places):
        if part is not None:
            warnings += part.warnings
    _seal(entry)
    return entry


def _add_places(entry: Entry, at_places: Iterable[AtPlaceRecord], times: tuple[TimeRecord, ...]) -> None:
    seen: dict[str, int] = {}
    for order, at in enumerate(at_places):
        key = at.key[:LONGEST_KEY]
        nth = seen[key] = seen.get(key, -1) + 1
        place = place_entry(at.place, within=f"{order} of {entry.key}"[:LONGEST_KEY])
        entry.places.append(place)
        slots = slots_of((*times, *at.times)) if times or at.times else 0
        entry.at.append((key, nth, order, place.key, _json(at.details), slots))
        entry.times += [_time_row(order, n, one) for n, one in enumerate(at.times)]
    if not entry.at:
        entry.at.append(("", 0, 0, None, "{}", slots_of(times) if times else 0))


def _time_row(at: int | None, order: int, one: TimeRecord) -> Row:
    return (
        at, order, one.key, one.freq, max(1, _count(one.interval, 10_000) or 1), one.byday, one.bymonthday,
        one.dtstart, one.valid_from, one.valid_to, one.until, _count(one.count, 2**31 - 1), _clock(one.opens_at),
        _clock(one.closes_at), one.text, _json(one.details),
    )  # fmt: skip


def _cost_row(order: int, one: CostRecord) -> Row:
    amount = one.amount_pence
    return (
        order, one.key, one.option, amount if amount is not None and abs(amount) < 2**62 else None, one.currency,
        one.text, one.valid_from, one.valid_to, _json(one.details),
    )  # fmt: skip


def _assurance_row(order: int, one: AssuranceRecord) -> Row:
    return order, one.kind, one.seen_on, one.seen_by, one.review_due, one.suspended


def plausible(lat: float | None, lon: float | None) -> bool:
    """Whether a given position can be in the United Kingdom; 0,0 and swapped numbers cannot."""
    if lat is None or lon is None:
        return False
    south, west, north, east = UK_BOX
    return south <= lat <= north and west <= lon <= east


def _named(key: str, name: str) -> None:
    if not name.strip():
        raise Fault("it has no name")
    if len(name) > LONGEST_NAME:
        raise Fault(f"its name is longer than {LONGEST_NAME:,} letters")
    _key(key)


def _key(key: str) -> str:
    if not key:
        raise Fault("it has no id")
    if len(key) > LONGEST_KEY:
        raise Fault(f"its id is longer than {LONGEST_KEY} letters")
    return key


def _ages(record: ServiceRecord, warnings: list[str]) -> tuple[int | None, int | None, str]:
    low, high, said = record.min_age, record.max_age, record.age_text
    if low is None and high is None:
        return None, None, said
    for name, age in (("lowest", low), ("highest", high)):
        if age is not None and not 0 <= age <= OLDEST:
            warnings.append(f"the {name} age is {age}; left unknown")
            said = said or f"{name} age {age}"
            low, high = (None, high) if name == "lowest" else (low, None)
    if low is not None and high is not None and low > high:
        warnings.append(f"the lowest age, {low}, is above the highest, {high}; both left unknown")
        return None, None, said or f"{low} to {high}"
    return low, high, said


_ANSWERS = {one.value: one.value for one in Answer}  # an enum's own look-up costs ten times as much


def _facts(facts: Mapping[str, Answer], warnings: list[str]) -> str:
    if not facts:
        return "{}"
    known = {}
    for slug, answer in facts.items():
        if slug not in FACT_BY_SLUG:
            warnings.append(f'a fact we do not know, "{slug[:60]}", was left out')
        elif (is_so := _ANSWERS.get(answer) or Answer(answer)) != "unknown":
            known[slug] = is_so
    return _json(known)


def _count(value: int | None, most: int) -> int | None:
    return value if value is not None and 0 <= value <= most else None


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _clock(value: time | None) -> time | None:
    if value is None or (value.tzinfo is None and not value.fold):
        return value
    return value.replace(tzinfo=None, fold=0)


# ---------------------------------------------------------------- JSON, fingerprints, unstorable letters

# NUL and half characters, as they look in a repr, are what `_unstorable` looks for.


def _plain(value: object) -> object:
    """What `json` cannot say by itself: numbers of ijson, dates, tuples of frozen sets."""
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    number = float(value)  # type: ignore[arg-type]  # Decimal; anything else is a TypeError, as it should be
    return int(number) if number.is_integer() else number


# Made once: `json.dumps` builds a new encoder for every call that is not its default.
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, default=_plain).encode


def _json(value: Any) -> str:
    if not value:
        return "{}" if not isinstance(value, list) else "[]"
    try:
        said = _encode(value)
    except ValueError as error:
        if "circular" in str(error).lower():
            raise Fault("it contains itself") from error
        said = _encode(_finite(value))
    except RecursionError as error:
        raise Fault("it is nested too deeply") from error
    return said


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def _part(row: Row, warnings: list[str] | None = None) -> Part:
    said = repr(row)
    if _unstorable(said):
        row = _storable(row)
        said = repr(row)
    return Part(row, _mark(said), warnings or [])


def _seal(entry: Entry) -> None:
    """Set the fingerprint, after making sure the database can store every letter."""
    said = _said(entry)
    if _unstorable(said):
        entry.row = _storable(entry.row)
        for rows in (entry.at, entry.times, entry.costs, entry.assurances):
            rows[:] = [_storable(row) for row in rows]
        said = _said(entry)
    organisation = entry.organisation.fingerprint if entry.organisation else ""
    parts = [organisation, *(p.fingerprint for p in entry.places), *(t.fingerprint for t in entry.terms)]
    entry.fingerprint = _mark(said + ",".join(parts))


def _said(entry: Entry) -> str:
    return repr((entry.row, entry.at, entry.times, entry.costs, entry.assurances))


def _mark(said: str) -> str:
    return blake2b(said.encode("utf-8"), digest_size=16).hexdigest()


def _unstorable(said: str) -> bool:
    return "\\x00" in said or "\\ud" in said or "\\u0000" in said


def storable(text: str) -> bool:
    """Whether the database can hold the text as it is: no NUL, no half of a character."""
    return not _unstorable(repr(text))


def _storable(row: Row) -> Row:
    return tuple(_storable_value(value) for value in row)


def _storable_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_storable_value(one) for one in value]
    if not isinstance(value, str):
        return value
    if "\\u0000" in value and value[:1] in "{[":
        value = _encode(_without_nul(json.loads(value)))
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(one) for key, one in value.items()}
    return [_without_nul(one) for one in value] if isinstance(value, list) else value
