"""Reading people's records. The wall decides which rows there are; every record opened is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from stile.access.actor import Actor
from stile.audit import actions as audit

from ..models import YoungPerson


@dataclass(frozen=True, slots=True)
class Line:
    """One young person in a list: enough to tell them apart (H01), and no more."""

    id: UUID
    name: str
    pronouns: str
    born: date | None
    age_band: str
    code: str
    district: str


def people(*, limit: int = 200) -> Sequence[Line]:
    """The young people the actor reaches, the latest first."""
    rows = YoungPerson.objects.order_by("-taken_in_at", "id").values_list(
        "id", "name", "pronouns", "born", "age_band", "code", "district"
    )
    return [Line(*row) for row in rows[:limit]]


def person(*, by: Actor, person_id: UUID, at: datetime) -> YoungPerson | None:
    """One record, opened: None where there is none that the actor reaches. The look is written down."""
    found = YoungPerson.objects.filter(id=person_id).first()
    if found is not None:
        audit.deed(by=by, verb="opened", what=f"person:{found.id}", person=(found.id, found.team_id), at=at)
    return found
