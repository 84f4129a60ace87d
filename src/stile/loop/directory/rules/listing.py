"""One service at one of its places, flat, as the matcher and the pages read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from stile.kernel.answer import Answer

from .records import TimeRecord
from .standing import Checks
from .vocabulary import Delivery, ParentForm, Room


@dataclass(frozen=True, slots=True)
class Listing:
    row: int  # stable number of this service-at-a-place; a service without a place has one row too
    service: int  # database number of the service; rows of the same service share it
    uid: str  # the service's public id (UUID)
    name: str
    organisation: str
    kinds: tuple[str, ...]
    facts: Mapping[str, Answer] = field(default_factory=dict)  # service and place together; absent = unknown
    lat: float | None = None
    lon: float | None = None
    position_km: float = 0.0  # how far off the position may be (0 for a given point or full postcode)
    town: str = ""
    delivery: Delivery = Delivery.UNKNOWN
    min_age: int | None = None
    max_age: int | None = None
    price_pence: int | None = None  # the least one has to pay to come once; 0 is free
    slots: int = 0  # bits of vocabulary.slot_bit; 0 when no time is certain
    times: tuple[TimeRecord, ...] = ()
    parent_form: ParentForm = ParentForm.UNKNOWN
    room: Room = Room.UNKNOWN
    places: int | None = None
    waiting_weeks: int | None = None
    languages: tuple[str, ...] = ()  # ISO 639-1 codes; empty when not said
    status: str = "active"
    withdrawn: bool = False
    checks: Checks = Checks.UNKNOWN
    checks_until: date | None = None  # the first review date among current checks
    checked_on: date = date.min  # last confirmed, else the day it was listed
    doubted: bool = False  # people told us it is wrong and nobody has confirmed it since: show it greyed
    text: str = ""  # what the activity says about itself, for meaning
