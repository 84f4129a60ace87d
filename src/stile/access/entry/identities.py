"""Whose account it is when another provider says who came. Works as stile_signin."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from ..models import Identity


def account(issuer: str, subject: str) -> UUID | None:
    return (
        Identity.objects.filter(issuer=issuer, subject=subject).values_list("account_id", flat=True).first()
    )


def has(account_id: UUID) -> bool:
    return Identity.objects.filter(account_id=account_id).exists()


def link(account_id: UUID, issuer: str, subject: str, at: datetime) -> bool:
    """Tie an identity to an account; False where it was tied before, to this account or another."""
    try:
        with transaction.atomic():
            Identity(account_id=account_id, issuer=issuer, subject=subject, linked_at=at).save(
                force_insert=True
            )
    except IntegrityError:
        return False
    return True
