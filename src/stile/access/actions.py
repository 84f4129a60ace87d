"""Tying and untying: how somebody comes to reach a person's rows, and stops."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_
from stile.kernel.working_days import working_days_after

from .actor import Actor
from .models import Glass, Tie
from .policy.words import Role

GLASS_LASTS = timedelta(minutes=60)
REVIEW_WITHIN = 2  # working days


def tie(
    *,
    by: Actor,
    kind: str,
    person_id: UUID,
    team_id: UUID,
    why: str,
    at: datetime,
    membership_id: UUID | None = None,
    organisation_id: UUID | None = None,
    role: Role | None = None,
    account_id: UUID | None = None,
    ends: datetime | None = None,
) -> UUID:
    """Tie a membership, a role in an organisation, or (shut) an account to a person; the tie's id.

    The database refuses a tie that the actor may not make (policy/tables.py, access_tie).
    """
    made = Tie(
        kind=kind, person_id=person_id, team_id=team_id, membership_id=membership_id,
        organisation_id=organisation_id, role=role.value if role else "", account_id=account_id,
        starts=at, ends=ends, why=why, made_by=by.membership_id,
    )  # fmt: skip
    made.save(force_insert=True)
    audit.deed(by=by, verb=f"tied {kind}", what=f"tie:{made.id}", person=(person_id, team_id), at=at)
    return made.id


def own(*, membership_id: UUID, person_id: UUID, at: datetime) -> None:
    """Tie a young person's own account to their record. Works as stile_signin, by a taken invitation only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_team_of(%s)", [person_id])
        team_id = cursor.fetchone()[0]
    Tie(
        kind="own",
        person_id=person_id,
        team_id=team_id,
        membership_id=membership_id,
        starts=at,
        why="account",
    ).save(force_insert=True)


def untie(*, by: Actor, tie_id: UUID, at: datetime, ends: datetime | None = None) -> bool:
    """End a tie, now or when `ends` says; False when there is none that the actor may end, or it ends sooner."""
    when = ends or at
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_tie SET ends = greatest(%s, starts), ended_by = %s"
            " WHERE id = %s AND (ends IS NULL OR ends > %s) RETURNING kind, person_id, team_id",
            [when, by.membership_id, tie_id, when],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    kind, person_id, team_id = row
    audit.deed(by=by, verb=f"untied {kind}", what=f"tie:{tie_id}", person=(person_id, team_id), at=at)
    return True


def break_glass(
    *, by: Actor, person_id: UUID, team_id: UUID, organisation_id: UUID, reason: str, at: datetime
) -> UUID:
    """Open a stranger's record for an hour, to read: one record, a reason, an alert, a review.

    `organisation_id`: whose person it is, who will review it. Raises Refused without a reason worth the name.
    """
    if len(reason.split()) < 3:
        raise Refused(no("reason", N_("Say in a few words why you need to open this record now.")))
    ends = at + GLASS_LASTS
    Glass(
        person_id=person_id, team_id=team_id, organisation_id=organisation_id, author_id=by.membership_id, reason=reason.strip(),
        broken_at=at, ends_at=ends, review_due=working_days_after(at.date(), REVIEW_WITHIN),
    ).save(force_insert=True)  # fmt: skip
    return tie(
        by=by, kind="glass", person_id=person_id, team_id=team_id, membership_id=by.membership_id,
        ends=ends, why="glass", at=at,
    )  # fmt: skip


def review_glass(*, by: Actor, glass_id: UUID, words: str, show: bool, at: datetime) -> None:
    """Somebody else says whether it was needed, and whether the young person may safely see it in their list.

    Raises Refused without words, for one's own, and for one that is not the actor's to review.
    """
    if not words.strip():
        raise Refused(no("words", N_("Say in a few words what you found.")))
    found = Glass.objects.filter(id=glass_id, reviewed_at=None).first()
    changed = Glass.objects.filter(id=glass_id, reviewed_at=None).update(
        reviewed_at=at, reviewed_by=by.membership_id, review=words.strip(), not_shown=not show
    )
    if found is None or not changed:
        raise Refused(no("review", N_("Somebody else has to review this, once.")))
    audit.deed(
        by=by, verb="reviewed glass", what=f"glass:{glass_id}", person=(found.person_id, found.team_id), at=at,
        detail={"shown": show},
    )  # fmt: skip
