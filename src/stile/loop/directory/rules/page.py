"""Everything the page of one activity says (experience.md A4), as one slice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from stile.kernel.answer import Answer

from .records import CostRecord, Details, TimeRecord, Welcome
from .standing import Checks, Freshness, Standing
from .vocabulary import Delivery, ParentForm, Room


@dataclass(frozen=True, slots=True)
class PlaceOnPage:
    """One of its places, with the times that hold there (those of every place included)."""

    row: int
    name: str = ""
    kind: str = "physical"
    address: str = ""
    town: str = ""
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    position_km: float = 0.0
    transport: str = ""
    facts: Mapping[str, Answer] = field(default_factory=dict)  # service and place together
    times: tuple[TimeRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """Who told us, and what their licence asks to be said."""

    name: str
    attribution: str
    licence: str
    address: str


@dataclass(frozen=True, slots=True)
class ServicePage:
    uid: str  # of the record shown, which may not be the one asked for: another source's may be fresher
    service: int
    name: str
    alternate_name: str
    organisation: str
    description: str
    website: str
    email: str
    phone: str
    status: str
    min_age: int | None
    max_age: int | None
    age_text: str
    delivery: Delivery
    parent_form: ParentForm
    room: Room
    places_left: int | None
    waiting_weeks: int | None
    kinds: tuple[str, ...]
    languages: tuple[str, ...]  # as the source names them
    language_codes: tuple[str, ...]
    welcome: Welcome
    costs: tuple[CostRecord, ...]
    price_pence: int | None
    places: tuple[PlaceOnPage, ...]
    details: Details  # what Stile has no column for: "alert", "application_process", "fees", ...
    checks: Checks
    checks_until: date | None
    checked_on: date
    confirmed: bool  # somebody said it is right on `checked_on`; else that is the day it was listed
    freshness: Freshness
    doubted: bool  # people told us it is wrong, and nobody has confirmed it since
    standing: Standing
    credits: tuple[Credit, ...]


def visitable(address: str) -> str:
    """A website as a link may carry it: http or https, added where it was left out; else "".

    Whatever a source wrote: a browser runs some addresses (javascript:, data:) instead of visiting them.
    """
    said = address.strip()
    if re.match(r"https?://[^\s/?#]", said, re.IGNORECASE):
        return said
    bare = re.match(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)", said)
    return f"https://{said}" if bare else ""
