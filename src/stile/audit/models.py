"""What was done, by whom, when: append-only, and tied to no other table so that it outlives them all."""

from django.db import models


class Event(models.Model):
    at = models.DateTimeField()
    by = models.CharField(max_length=200)  # an actor's id or a role's name; never a person's name
    verb = models.CharField(max_length=80)
    what = models.CharField(max_length=200)  # kind and id of the thing
    detail = models.JSONField(default=dict)  # counts and ids; never free text about a person

    class Meta:
        db_table = "audit_event"
        indexes = [models.Index(fields=["what", "at"], name="audit_what_at")]
