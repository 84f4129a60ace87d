"""Letting go: of what somebody asked to be deleted, and of what was kept long enough.

Works as stile_job. The database lets rows of a person go only while an erasure of theirs is open
(access/policy/tables.py), so that no slip here deletes somebody else's.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from stile.access.entry import tidying
from stile.access.gate import working_as
from stile.audit import actions as audit

from ..models import Account, Erasure, Invitation, Membership, SharingPermission, YoungPerson
from ..rules import retention as rules

INVITATIONS_LAST = timedelta(days=30)  # after they ran out


@dataclass(slots=True)
class Report:
    """What a run let go, or would: counts by kind, and how many people's time was over."""

    people: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)  # ids of people, and what kind of trouble: no values


def duty(grounds: frozenset[str]) -> bool:
    return rules.bound_by_duty(grounds)


def carry_out(*, erasure_id: UUID, person_id: UUID, whole: bool, at: datetime) -> dict[str, int]:
    """Delete a person's rows as agreed; counts by table. In the caller's transaction, as stile_job."""
    counts: dict[str, int] = {}
    with working_as("stile_job"), connection.cursor() as cursor:
        _close_sign_in(person_id, at)
        going, _ = rules.plan(duty=not whole)
        if whole:
            cursor.execute("DELETE FROM people_sameperson WHERE other_id = %s", [person_id])
        for one in going:
            if one.table in ("people_erasure", "people_youngperson"):
                continue  # the last of all
            cursor.execute(f'DELETE FROM "{one.table}" WHERE "{one.column}" = %s', [person_id])
            counts[one.table] = counts.get(one.table, 0) + cursor.rowcount
        if whole:
            counts["people_youngperson"] = _last_rows(cursor, person_id)
        else:
            _end_everything(cursor, person_id, at)
            counts["people_youngperson emptied"] = 1
            Erasure.objects.filter(id=erasure_id).update(done_at=at, counts=counts)
        audit.record(
            by="system",
            verb="erased",
            what=f"person:{person_id}",
            detail={"rows": counts, "whole": whole},
            at=at,
        )
    return counts


def _last_rows(cursor: Any, person_id: UUID) -> int:
    """The person, and the erasure that allowed it: one statement, as each needs the other to be gone."""
    cursor.execute(
        "WITH person AS (DELETE FROM people_youngperson WHERE id = %s)"
        " DELETE FROM people_erasure WHERE person_id = %s",
        [person_id, person_id],
    )
    return 1


def _end_everything(cursor: Any, person_id: UUID, at: datetime) -> None:
    """Of a record that has to stay: emptied of what need not, every yes and every tie ended."""
    rows = YoungPerson.objects.filter(id=person_id)
    rows.update(**rules.EMPTIED)
    rows.filter(ended_at=None).update(ended_at=at)  # retention counts from here
    live = SharingPermission.objects.filter(person_id=person_id, withdrawn_at=None)
    live.update(withdrawn_at=at, withdrawn_how="erasure")
    cursor.execute(
        "UPDATE access_tie SET ends = greatest(%s, starts) WHERE person_id = %s AND kind NOT IN ('shut', 'concern')"
        " AND (ends IS NULL OR ends > now())",
        [at, person_id],
    )


def _close_sign_in(person_id: UUID, at: datetime) -> None:
    """Their own sign-in ends, and the account forgets its address where it was for nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT membership_id FROM access_tie WHERE person_id = %s AND kind = 'own'", [person_id]
        )
        own = [row[0] for row in cursor.fetchall()]
        cursor.execute("DELETE FROM people_invitation WHERE person_id = %s", [person_id])
    accounts = set(Membership.objects.filter(id__in=own).values_list("account_id", flat=True))
    Membership.objects.filter(id__in=own).update(until=at, name="")
    for account_id in accounts:
        if not Membership.objects.filter(account_id=account_id, until=None).exists():
            Account.objects.filter(id=account_id).update(is_active=False, email=None)
            tidying.close_account(account_id)


def due(today: date) -> list[UUID]:
    """Whose records were kept long enough. Works as stile_job; the caller's transaction."""
    found = []
    for one in YoungPerson.objects.exclude(ended_at=None).order_by("ended_at", "id"):
        until = rules.keep_until(
            born=one.born, band=one.age_band, band_on=one.age_band_on, ended=one.ended_at.date()
        )
        if until.day <= today:
            found.append(one.id)
    return found


def run(*, at: datetime, dry: bool = False) -> Report:
    """What the clock lets go of: records past their time, ways in that ran out. `dry`: only count."""
    report = Report()
    report.counts.update(tidying.counts())
    if not dry:
        tidying.forget_old()
    with transaction.atomic(), working_as("stile_job"):
        people = due(at.date())
        old = Invitation.objects.filter(ends_at__lt=at - INVITATIONS_LAST)
        report.counts["people_invitation"] = old.count() if dry else old.delete()[0]
    for person_id in people:
        report.people += 1
        if dry:
            continue
        try:
            with transaction.atomic():
                _let_go(person_id, at, report)
        except Exception as trouble:  # one record in the way does not keep the others here for ever
            report.failed.append(f"{person_id}: {type(trouble).__name__}")
    return report


def _let_go(person_id: UUID, at: datetime, report: Report) -> None:
    with working_as("stile_job"):
        team_id = YoungPerson.objects.filter(id=person_id).values_list("team_id", flat=True).get()
        made = Erasure(person_id=person_id, team_id=team_id, whole=True, agreed_at=at)
        made.save(force_insert=True)
    counts = carry_out(erasure_id=made.id, person_id=person_id, whole=True, at=at)
    for table, n in counts.items():
        report.counts[table] = report.counts.get(table, 0) + n
