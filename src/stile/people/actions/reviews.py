"""What to look at again by a day: raised by the clock on a birthday, by whoever wrote a note or a yes (H22)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from stile.access.actor import Actor
from stile.access.gate import working_as
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Review, YoungPerson
from ..rules.turning import POINTS, to_raise

LOOK_BACK = timedelta(days=31)  # a clock that stood still for a month misses nobody


def raise_for(
    *, person_id: UUID, team_id: UUID, kind: str, due_on: date, about_id: UUID | None = None
) -> None:
    """Somebody who may write about this person leaves a reminder beside what they wrote."""
    Review(person_id=person_id, team_id=team_id, kind=kind, about_id=about_id, due_on=due_on).save(
        force_insert=True
    )


def raise_due(*, at: datetime, on: date) -> int:
    """Raise a review for every birthday that changes the rules, and the half years before 18 and 25.

    For the clock: works as stile_job, changes nothing but the list of reviews, may run any number of
    times a day. How many were raised.
    """
    raised = 0
    with transaction.atomic(), working_as("stile_job"):
        live = YoungPerson.objects.filter(ended_at=None, same_as=None).filter(_may_be_due(on))
        for one in live.only("id", "team_id", "born", "taken_in_at").iterator():
            assert one.born is not None
            had = set(Review.objects.filter(person_id=one.id).values_list("kind", flat=True))
            for kind, day in to_raise(one.born, known_since=one.taken_in_at.date(), on=on):
                if kind.value in had:
                    continue
                Review(person_id=one.id, team_id=one.team_id, kind=kind.value, due_on=day).save(
                    force_insert=True
                )
                audit.record(
                    by="clock", verb="raised review", what=f"person:{one.id}", detail={"kind": kind.value}, at=at
                )  # fmt: skip
                raised += 1
    return raised


def _may_be_due(on: date) -> Q:
    """Births for which a point may have come within the look-back: a little too wide, and by an index."""
    within = Q(pk__isnull=True)
    for point in POINTS:
        months = point.years * 12 + point.months
        back = (
            LOOK_BACK if not point.months else timedelta(days=220)
        )  # a half year stays due until the birthday
        within |= Q(
            born__range=(_months_before(on - back, months), _months_before(on, months) + timedelta(days=4))
        )
    return within


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def done(*, by: Actor, review_id: UUID, note: str, at: datetime) -> None:
    """Somebody looked at it, and says in a few words what came of it. Raises Refused without words."""
    if not note.strip():
        raise Refused(no("note", N_("Say in a few words what you talked about and what you agreed.")))
    row = Review.objects.filter(id=review_id, done_at=None).first()
    changed = Review.objects.filter(id=review_id, done_at=None).update(
        done_at=at, done_by=by.membership_id, note=note.strip()
    )
    if row is None or not changed:
        raise Refused(no("review", N_("There is nothing here to look at again.")))
    audit.deed(
        by=by, verb="looked again", what=f"review:{review_id}", person=(row.person_id, row.team_id),
        detail={"kind": row.kind}, at=at,
    )  # fmt: skip
