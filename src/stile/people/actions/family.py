"""Who cares for somebody, and how what we believe of them is known (H23)."""

from datetime import datetime
from uuid import UUID

from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.policy.words import Data, Verb
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Carer
from ..queries import family as queries
from ..rules.responsibility import KnownBy, Responsible, may_be_recorded
from .yeses import NOBODY, about

GONE = no("carer", N_("There is nobody of that name here."))


def add(*, by: Actor, person_id: UUID, name: str, relation: str, at: datetime, reach_by: str = "") -> UUID:
    """Write down a parent or carer; their id. Whether they may decide anything is unknown until it is known."""
    person = about(person_id, at)
    if not name.strip():
        raise Refused(no("name", N_("Write down a name.")))
    if not reach.may(person.id, person.team_id, Data.FAMILY, Verb.ADD):
        raise Refused(NOBODY)
    row = Carer(
        person_id=person.id, team_id=person.team_id, name=name.strip(), relation=relation.strip(),
        reach=reach_by.strip(), author_id=by.membership_id, recorded_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    _note(by, row, "added a carer", at)
    return row.id


def say_responsible(
    *, by: Actor, carer_id: UUID, responsible: Responsible, known_by: KnownBy | None, at: datetime
) -> None:
    """Write down whether somebody has parental responsibility, and how that is known."""
    if not (decision := may_be_recorded(responsible, known_by)):
        raise Refused(decision)
    row = queries.carer(carer_id)
    source = known_by.value if known_by else ""
    if row is None or not Carer.objects.filter(id=row.id, ended_at=None).update(
        responsible=responsible.value, known_by=source, author_id=by.membership_id, recorded_at=at
    ):
        raise Refused(GONE)
    _note(
        by,
        row,
        "noted responsibility",
        at,
        {"was": row.responsible, "is": responsible.value, "known_by": source},
    )


def end(*, by: Actor, carer_id: UUID, at: datetime) -> None:
    """They are no carer of this person any more."""
    row = queries.carer(carer_id)
    if row is None or not Carer.objects.filter(id=row.id, ended_at=None).update(ended_at=at):
        raise Refused(GONE)
    _note(by, row, "ended a carer", at)


def _note(by: Actor, row: Carer, verb: str, at: datetime, detail: dict[str, str] | None = None) -> None:
    audit.deed(
        by=by, verb=verb, what=f"carer:{row.id}", person=(row.person_id, row.team_id), detail=detail or {}, at=at
    )  # fmt: skip
