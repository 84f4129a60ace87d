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
            # Every page asks these two, so that they hold all the answer needs.
            models.Index(
                fields=["membership_id"],
                name="access_tie_membership",
                include=["kind", "person_id", "starts", "ends"],
            ),
            models.Index(
                fields=["organisation_id", "role"],
                name="access_tie_organisation",
                include=["kind", "person_id", "starts", "ends"],
                condition=models.Q(membership_id=None),
            ),
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
    organisation_id = models.UUIDField()  # whose person it is: they review it
    author_id = models.UUIDField()  # membership
    reason = models.TextField()
    broken_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    review_due = models.DateField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    review = models.TextField(blank=True)
    not_shown = models.BooleanField(default=False)  # the reviewer: unsafe to show in their list of looks

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


# ---------------------------------------------------------------- letting people in (ADR 0008)


class Code(models.Model):
    """A one-time code and link, sent by e-mail. Kept as keyed hashes; a row also where nobody has the address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField(null=True)  # null: no such account, and nothing was sent
    address = models.EmailField(blank=True)  # only where the address itself is being proved
    code_hash = models.CharField(max_length=64)
    link_hash = models.CharField(max_length=64, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_code"
        indexes = [models.Index(fields=["ends_at"], name="access_code_ends")]


class Factor(models.Model):
    """Something an account can prove: a passkey, an authenticator, one recovery code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    kind = models.CharField(max_length=10)  # passkey, totp, recovery
    name = models.CharField(max_length=80, blank=True)  # "Work laptop"
    key = models.CharField(
        max_length=512
    )  # passkey: its credential's id; recovery: a keyed hash; else random
    data = models.TextField(blank=True)  # passkey: its public half; totp: the secret, sealed
    last_step = models.BigIntegerField(default=0)  # totp: the last 30 seconds used; passkey: its counter
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_factor"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="access_factor_once")]
        indexes = [models.Index(fields=["account_id", "kind"], name="access_factor_account")]


class Identity(models.Model):
    """An account as another provider knows it: OpenID Connect's issuer and subject."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    linked_at = models.DateTimeField()

    class Meta:
        db_table = "access_identity"
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="access_identity_once")]
        indexes = [models.Index(fields=["account_id"], name="access_identity_account")]


class KnownDevice(models.Model):
    """A browser that an account came in by before: what others do elsewhere cannot slow it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    key_hash = models.CharField(max_length=64)
    known_until = models.DateTimeField()

    class Meta:
        db_table = "access_knowndevice"
        constraints = [
            models.UniqueConstraint(fields=["account_id", "key_hash"], name="access_knowndevice_once")
        ]


class Try(models.Model):
    """One try at a door, counted for a while: keyed hashes of who and where, and nothing else."""

    bucket = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "access_try"
        indexes = [models.Index(fields=["bucket", "at"], name="access_try_bucket")]


class Saved(models.Model):
    """What somebody without an account keeps until later: sealed under their code, which we don't have."""

    key_hash = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=20)
    sealed = models.TextField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "access_saved"
