"""Deciding about two records: linked, told apart, and either taken back. No row of either is rewritten."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from stile.access.actor import Actor
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import SamePerson, YoungPerson
from ..queries import duplicates as queries


@transaction.atomic
def decide(*, by: Actor, one: UUID, other: UUID, same: bool, at: datetime) -> UUID:
    """Two records are one person (`other` is then an earlier or second record of `one`), or they are two.

    Needs both in reach, and two or more identifiers that agree for a link: raises Refused otherwise, and where
    a decision stands already. Gives the decision's id.
    """
    beside = queries.side_by_side(by=by, one=one, other=other, at=at)
    if beside is None or not beside.may_link:
        raise Refused(no("reach", N_("Both records have to be yours to change.")))
    if beside.decided is not None:
        raise Refused(no("decided", N_("Somebody has decided about these two already.")))
    if same and not beside.evidence.candidate:
        raise Refused(no("evidence", N_("Two identifiers have to agree before two records are linked.")))
    linked_to_other = YoungPerson.objects.filter(same_as=other).exists()
    if same and (beside.left.person.same_as or beside.right.person.same_as or linked_to_other):
        raise Refused(no("chain", N_("One of these is linked to another record. Take that link away first.")))
    made = SamePerson(
        person_id=one, team_id=beside.left.person.team_id, other_id=other, same=same, author_id=by.membership_id,
        evidence={"agree": list(beside.evidence.agree), "differ": list(beside.evidence.differ)}, decided_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    if same:
        YoungPerson.objects.filter(id=other, same_as=None).update(same_as=one)
    _say(by, "linked records" if same else "told apart", beside, made.id, at)
    return made.id


@transaction.atomic
def take_back(*, by: Actor, one: UUID, other: UUID, at: datetime) -> None:
    """Undo the decision that stands: both records are again exactly as they were."""
    beside = queries.side_by_side(by=by, one=one, other=other, at=at)
    if beside is None or not beside.may_link or beside.decided is None:
        raise Refused(no("none", N_("Nothing is decided about these two.")))
    standing = beside.decided
    SamePerson.objects.filter(id=standing.id).update(undone_at=at, undone_by=by.membership_id)
    if standing.same:
        YoungPerson.objects.filter(
            Q(id=standing.other_id, same_as=standing.person_id)
            | Q(id=standing.person_id, same_as=standing.other_id)
        ).update(same_as=None)
    _say(by, "unlinked records", beside, standing.id, at)


def _say(by: Actor, verb: str, beside: queries.SideBySide, decision: UUID, at: datetime) -> None:
    for side in (beside.left, beside.right):
        audit.deed(
            by=by, verb=verb, what=f"same:{decision}", at=at, person=(side.person.id, side.person.team_id)
        )
