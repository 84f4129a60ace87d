"""What somebody would like, and what they may be offered: the two ends of the match."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from stile.kernel.said import Said
from stile.kernel.words import N_
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.vocabulary import PartOfDay


class Travel(StrEnum):
    FOOT = "foot"
    BIKE = "bike"
    BUS = "bus"
    LIFT = "lift"


TRAVEL_NAMES: dict[Travel, str] = {
    Travel.FOOT: N_("on foot"),
    Travel.BIKE: N_("by bike"),
    Travel.BUS: N_("by bus"),
    Travel.LIFT: N_("with a lift"),
}


@dataclass(frozen=True, slots=True)
class Where:
    """A place somebody named; never their address. `sure_km` is how far off the point may be."""

    label: str
    lat: float
    lon: float
    precision: str  # postcode, sector, outcode, town, authority
    sure_km: float = 0.0
    authority: str = ""  # code of the council's area, for counting what was not found; "" when not known


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything is optional; what is not said filters nothing."""

    words: str = ""
    near: Where | None = None
    online: bool = False  # online is fine too
    travel: Travel = Travel.BUS
    km: float | None = None  # the furthest they would go; None takes the usual reach of `travel`
    age: int | None = None
    days: frozenset[int] = frozenset()  # 0 is Monday
    parts: frozenset[PartOfDay] = frozenset()
    on_or_after: date | None = None  # "today", "this weekend": the first and last day that suit
    on_or_before: date | None = None
    kinds: frozenset[str] = frozenset()  # chosen by tile, beside what the words say
    needs: frozenset[str] = frozenset()  # vocabulary facts that must be YES
    avoid: frozenset[str] = frozenset()  # vocabulary facts that must be NO (H24)
    budget_pence: int | None = None  # the most they can pay to come once; 0 means free only
    no_parent_form: bool = False
    language: str = ""  # ISO 639-1; the activity must be offered in it
    with_someone: bool = False  # would like someone to go with
    introducing: bool = False  # asked by a worker on somebody's behalf: checks must have been seen
    first: int = 20  # how many suggestions at most


@dataclass(frozen=True, slots=True)
class Suggestion:
    service_id: str  # UUID
    row: int
    name: str
    organisation: str
    kind: str  # slug of the kind it is shown under
    distance_km: float | None
    minutes: int | None  # by the wish's travel, rough
    next_start: datetime | None
    places: int | None
    reasons: tuple[Said, ...]
    unknown: tuple[Said, ...]
    score: int  # points; see rules/score.py, one screen
    outside: bool = False  # the one outside the usual


@dataclass(frozen=True, slots=True)
class Relax:
    """One thing to let go of, what it would bring, and the change to the wish that does it."""

    code: str
    words: Said
    more: int  # rows (a service at a place) that only this keeps out
    change: dict[str, object] = field(default_factory=dict)  # fields of `Wish` and their new values


@dataclass(frozen=True, slots=True)
class Shortlist:
    wish: Wish
    suggestions: tuple[Suggestion, ...]
    ask_first: tuple[Suggestion, ...] = ()  # would fit, but something that matters is unknown (H10)
    left_out: dict[str, int] = field(default_factory=dict)  # reason in words -> how many
    relax: tuple[Relax, ...] = ()
    heard: tuple[tuple[str, Said], ...] = ()  # (their word, what we took it to mean)
    wanted: frozenset[str] = frozenset()  # the kinds they named or chose; empty when any would do
    listings: Mapping[int, Listing] = field(
        default_factory=dict, compare=False
    )  # of all that is shown, by row
