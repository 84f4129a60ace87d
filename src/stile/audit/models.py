"""What was done, by whom, when: append-only, and tied to no other table so that it outlives them all."""

from django.db import models


class Event(models.Model):
    at = models.DateTimeField()
    by = models.CharField(max_length=200)  # an actor's id or a role's name; never a person's name
    verb = models.CharField(max_length=80)
    what = models.CharField(max_length=200)  # kind and id of the thing
    detail = models.JSONField(default=dict)  # counts and ids; never free text about a person
    # Whose record it was, if anybody's, with which team then; and as what it was done.
    person_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    membership_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, blank=True, db_default="")

    class Meta:
        db_table = "audit_event"
        indexes = [
            models.Index(fields=["what", "at"], name="audit_what_at"),
            models.Index(
                fields=["person_id", "at"], name="audit_person", condition=models.Q(person_id__isnull=False)
            ),
        ]
