"""Who is tied to which young person, how, until when; the matrix as the database reads it; broken glass."""

import uuid
from datetime import timedelta

from django.db import models


class May(models.Model):
    """One cell of `policy/matrix.py`, written by `rls.apply` and by nothing else."""

    role = models.CharField(max_length=20)
    data = models.CharField(max_length=20)
    verb = models.CharField(max_length=10)
    reach = models.CharField(max_length=20)
    why = models.TextField()

    class Meta:
        db_table = "access_may"
        constraints = [
            models.UniqueConstraint(fields=["role", "data", "verb", "reach"], name="access_may_once")
        ]


class Tie(models.Model):
    """A reason why somebody reaches a person's rows, from a day, to a day.

    `kind` is a Reach that stands in ties, or "offered", "accepted", "carer" (slices), or "shut" (a
    record closed to an account). To one membership, or to everybody of a role in an organisation.
    Areas further along the loop tie and untie through `access.actions`; ends are set, ties never
    removed, so that who could see what, when, can always be told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    person_id = models.UUIDField()
    team_id = models.UUIDField()
    membership_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, blank=True)
    account_id = models.UUIDField(null=True)  # "shut" only: whoever they sign in as
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    why = models.CharField(max_length=200)
    made_by = models.UUIDField(null=True)  # a membership; null: the system's own
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "access_tie"
        indexes = [
            models.Index(fields=["membership_id", "kind"], name="access_tie_membership"),
            models.Index(fields=["organisation_id", "role", "kind"], name="access_tie_organisation"),
            models.Index(fields=["account_id"], name="access_tie_account", condition=models.Q(kind="shut")),
            models.Index(fields=["person_id"], name="access_tie_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="access_tie_to_somebody",
                condition=models.Q(membership_id__isnull=False)
                | models.Q(organisation_id__isnull=False)
                | models.Q(account_id__isnull=False, kind="shut"),
            ),
            models.CheckConstraint(
                name="access_glass_lasts_an_hour",
                condition=~models.Q(kind="glass")
                | models.Q(ends__lte=models.F("starts") + timedelta(hours=1)),
            ),
        ]


class Glass(models.Model):
    """Glass that was broken: who, whose record, why, and what the review said (experience.md section 3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    team_id = models.UUIDField()
    author_id = models.UUIDField()  # membership
    reason = models.TextField()
    broken_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    review_due = models.DateField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    review = models.TextField(blank=True)

    class Meta:
        db_table = "access_glass"


class Session(models.Model):
    """A sign-in on one device. The database shows it only to whoever holds its key, or to its account.

    The key itself is not stored: what is here opens nothing.
    """

    key_hash = models.CharField(primary_key=True, max_length=64)
    data = models.TextField()
    account_id = models.UUIDField(null=True)
    membership_id = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    shared_device = models.BooleanField(default=False)
    device = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "access_session"
        indexes = [
            models.Index(fields=["account_id"], name="access_session_account"),
            models.Index(fields=["ends_at"], name="access_session_ends"),
        ]
