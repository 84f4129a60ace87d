"""What was wished for and not found, as counts. Nobody is in it: no words, no time of day, no session."""

from django.db import models


class UnmetWant(models.Model):
    """How often a kind of activity was looked for in a council's area in a month, and none was found."""

    kind = models.TextField()  # slug of vocabulary.KINDS
    authority = models.TextField(blank=True, default="")  # ONS code; "" where no place was named
    month = models.DateField()  # its first day
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "authority", "month"], name="match_unmetwant_one_count")
        ]
