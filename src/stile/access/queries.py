"""Who is tied to a person, and where an exact stranger is to be found in need."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from .models import Tie


def ties(person_id: UUID, at: datetime) -> Sequence[Tie]:
    """The live ties of a person that the actor may see, the oldest first."""
    live = Tie.objects.filter(person_id=person_id, starts__lte=at)
    return list(live.exclude(ends__lte=at).order_by("starts", "id"))


def holds(membership_id: UUID) -> bool:
    """Whether anybody is still allocated to this colleague, seen or not by who asks (H22)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_holds(%s)", [membership_id])
        return bool(cursor.fetchone()[0])
