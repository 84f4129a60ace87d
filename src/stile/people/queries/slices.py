"""What others see of a young person: a few fields, while a tie lasts and a yes stands.

Each reader's fields are a dataclass, filled by a database function (`access/policy/slices.py`) that
answers nobody else. A field outside a slice is not left out of a page: it never left the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from stile.access.actor import Actor
from stile.access.policy.slices import SLICES
from stile.audit import actions as audit
from stile.kernel.disclosure import told, told_parts


@dataclass(frozen=True, slots=True)
class Offered:
    """A charity, before it has said yes: whether it could, and not who."""

    age_band: str
    district: str
    interests: str
    at_the_door: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A charity, after its yes: a name, and the lines that were approved."""

    name: str
    pronouns: str
    age: int | None
    age_band: str
    interests: str
    at_the_door: str
    access_needs: str


@dataclass(frozen=True, slots=True)
class AtTheSession:
    """Whoever stands at the door."""

    name: str
    at_the_door: str
    access_needs: str


@dataclass(frozen=True, slots=True)
class CarerView:
    """A parent or carer: what the young person shared with them."""

    name: str
    interests: str


SliceView = Offered | Accepted | AtTheSession | CarerView
Of = TypeVar("Of", bound=SliceView)
SHAPES: Mapping[str, type[SliceView]] = {
    "offered": Offered,
    "accepted": Accepted,
    "at_the_session": AtTheSession,
    "carer": CarerView,
}
_FIELDS = {one.name: one.fields for one in SLICES}


def offered(*, by: Actor, person_id: UUID, at: datetime) -> Offered | None:
    return _read(Offered, "offered", by, person_id, at)


def accepted(*, by: Actor, person_id: UUID, at: datetime) -> Accepted | None:
    return _read(Accepted, "accepted", by, person_id, at)


def at_the_session(*, by: Actor, person_id: UUID, at: datetime) -> AtTheSession | None:
    return _read(AtTheSession, "at_the_session", by, person_id, at)


def carer(*, by: Actor, person_id: UUID, at: datetime) -> CarerView | None:
    return _read(CarerView, "carer", by, person_id, at)


def _read(shape: type[Of], name: str, by: Actor, person_id: UUID, at: datetime) -> Of | None:
    """What the actor sees of this person as this reader; None for nothing. A look that sees is written down."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_columns(shape)} FROM slice_{name}(%s)", [person_id])
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute("SELECT wall_team_of(%s)", [person_id])
        team_id = cursor.fetchone()[0]
    audit.deed(
        by=by, verb="saw slice", what=f"slice:{name}", person=(person_id, team_id), detail={"slice": name}, at=at
    )  # fmt: skip
    return shape(*row)


def preview(name: str, person_id: UUID) -> SliceView | None:
    """The same slice shown to whoever looks after the person, or to themself, before or while it is shared.

    Made of the very expressions the reader's function is made of, over rows the actor reaches anyway.
    """
    shape = SHAPES[name]
    expressions = ", ".join(_FIELDS[name][one.name][1] for one in fields(shape))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {expressions} FROM people_youngperson p LEFT JOIN people_hellopage h"
            " ON h.person_id = p.id AND h.approved_at IS NOT NULL WHERE p.id = %s AND p.restricted_at IS NULL",
            [person_id],
        )
        row = cursor.fetchone()
    return shape(*row) if row else None


def _columns(shape: type[Any]) -> str:
    return ", ".join(f'"{one.name}"' for one in fields(shape))


@dataclass(frozen=True, slots=True)
class FunderView:
    """A funder: totals only, as they may be told (kernel/disclosure.py). Nobody is in it."""

    total: int | None
    parts: Mapping[str, int | None]


def funder_view(counts: Mapping[str, int]) -> FunderView:
    """What a funder is shown of counts that somebody else was allowed to make: rounded, small ones hidden."""
    return FunderView(told(sum(counts.values())), told_parts(counts))
