"""What any source of activities says, in one neutral shape.

Readers at the edge (`stile.interop`) turn other people's formats into a stream of these; the
directory's actions take them in; the exporters read them back out. They hold all that HSDS 3 and
Open Referral UK hold: the fields Stile works with by name, everything else word for word in
`details`, so that what was read can be written again. `None` and absent always mean "not said".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from stile.kernel.answer import Answer

from .vocabulary import Delivery, ParentForm, Room

Details = Mapping[str, Any]  # JSON values; HSDS field names


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    key: str  # the source's own id, unique among its organisations
    name: str
    description: str = ""
    email: str = ""
    website: str = ""
    phone: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()  # (scheme, identifier), such as ("GB-CHC", "1234567")
    details: Details = field(default_factory=dict)
    where: str = ""  # file and row, or JSON path, for the report


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A location as the source gives it. Coordinates in WGS84 degrees; None when not said."""

    key: str
    name: str = ""
    organisation_key: str = ""
    kind: str = "physical"  # physical, postal or virtual
    lat: float | None = None
    lon: float | None = None
    address: str = ""  # lines before the town, joined by ", "
    town: str = ""
    postcode: str = ""
    country: str = ""
    transport: str = ""
    facts: Mapping[str, Answer] = field(default_factory=dict)  # keys from vocabulary.FACTS
    details: Details = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True, slots=True)
class TimeRecord:
    """A rule for when something happens, in the terms of RFC 5545; local wall-clock times."""

    key: str = ""
    freq: str = ""  # WEEKLY, MONTHLY, DAILY or "" where only prose is known
    interval: int = 1
    byday: str = ""  # "TU,TH" or "2TU"
    bymonthday: str = ""
    dtstart: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    until: date | None = None
    count: int | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    text: str = ""  # the prose, always kept
    details: Details = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CostRecord:
    key: str = ""
    option: str = ""
    amount_pence: int | None = None  # in hundredths of `currency`
    currency: str = ""
    text: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    details: Details = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TermRecord:
    """A term of somebody's taxonomy, kept with its own code and address."""

    key: str
    name: str
    taxonomy: str = ""
    code: str = ""
    uri: str = ""
    parent_key: str = ""
    description: str = ""
    details: Details = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True, slots=True)
class AtPlaceRecord:
    """A service at one of its places, with the times that hold only there."""

    key: str
    place: PlaceRecord
    times: tuple[TimeRecord, ...] = ()
    details: Details = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What one is afraid to ask (experience.md A4). Empty means nobody has told us."""

    walk_in: str = ""  # what happens when you walk in
    who_meets_you: str = ""  # first name and what they look like
    group_size: str = ""
    what_to_wear: str = ""
    what_to_bring: str = ""
    bus_home: str = ""
    who_can_see: str = ""  # who can see that I came
    first_time: str = ""
    support: str = ""  # the emotional support that goes with the activity
    cost_help: str = ""
    travel_help: str = ""


@dataclass(frozen=True, slots=True)
class AssuranceRecord:
    """A safeguarding check somebody saw: what, when, by whom, and when to look again."""

    kind: str  # safeguarding_policy, named_lead, insurance, staff_checks, risk_assessment
    seen_on: date | None = None
    seen_by: str = ""
    review_due: date | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    key: str
    name: str
    organisation: OrganisationRecord | None = None
    alternate_name: str = ""
    description: str = ""  # plain text; HTML has been cleaned away
    website: str = ""
    email: str = ""
    phone: str = ""
    status: str = "active"  # active, inactive, defunct or temporarily closed
    min_age: int | None = None  # years, inclusive; None when not said
    max_age: int | None = None
    age_text: str = ""  # ages in prose, kept
    delivery: Delivery = Delivery.UNKNOWN
    parent_form: ParentForm = ParentForm.UNKNOWN
    room: Room = Room.UNKNOWN
    places: int | None = None
    waiting_weeks: int | None = None
    kinds: tuple[str, ...] = ()  # slugs from vocabulary.KINDS where the source says so itself
    facts: Mapping[str, Answer] = field(default_factory=dict)
    languages: tuple[str, ...] = ()  # ISO 639 codes or names as given
    welcome: Welcome = field(default_factory=Welcome)
    assurances: tuple[AssuranceRecord, ...] = ()
    confirmed_on: date | None = None  # when somebody last said it is still true
    modified_at: datetime | None = None
    at_places: tuple[AtPlaceRecord, ...] = ()
    times: tuple[TimeRecord, ...] = ()
    costs: tuple[CostRecord, ...] = ()
    terms: tuple[TermRecord, ...] = ()
    details: Details = field(default_factory=dict)
    where: str = ""


Record = ServiceRecord | OrganisationRecord | PlaceRecord | TermRecord


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be taken, where it stands and why, in words a person can act on.

    What an earlier reading brought under `key`, the source's own id where it can be read, stays as it
    was. `lost` says that it may be a record whose id cannot be read, or not for certain; then nothing
    can be told to have gone. Neither is set where the source itself turns the record down, and for what
    never was a record: headings once more, a line of prose.
    """

    where: str
    reason: str
    key: str = ""
    kind: str = "service"  # or organisation, location, term
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A row that belongs to another record (a phone of a place, a line of the same service)."""

    where: str
    into: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something odd that did not stop the record: a column nobody reads, an age in prose."""

    where: str
    reason: str


Item = Record | Rejected | Folded | Warned


class Unreadable(Exception):
    """The source as a whole could not be read; the directory is left as it was."""
