"""Who cares for somebody, and how what we believe of them is known (H23)."""

from collections.abc import Sequence
from uuid import UUID

from ..models import Carer, HelloPage
from ..rules import responsibility


def carers(person_id: UUID) -> Sequence[Carer]:
    """Carers that still are, by name."""
    return list(Carer.objects.filter(person_id=person_id, ended_at=None).order_by("name", "id"))


def carer(carer_id: UUID) -> Carer | None:
    return Carer.objects.filter(id=carer_id).first()


def as_known(row: Carer) -> responsibility.Carer:
    known_by = responsibility.KnownBy(row.known_by) if row.known_by else None
    return responsibility.Carer(
        row.relation, responsibility.Responsible(row.responsible), known_by, row.ended_at is not None
    )


def hello(person_id: UUID) -> HelloPage | None:
    """The hello page, if there is one yet."""
    return HelloPage.objects.filter(person_id=person_id).first()
