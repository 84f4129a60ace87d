"""Browsers that an account came in by before. They prove nothing; they are only not slowed by strangers."""

import hashlib
from datetime import datetime
from uuid import UUID

from ..models import KnownDevice
from ..policy.entry import KNOWN_FOR


def is_known(account_id: UUID, key: str, at: datetime) -> bool:
    return KnownDevice.objects.filter(account_id=account_id, key_hash=_hash(key), known_until__gt=at).exists()


def remember(account_id: UUID, key: str, at: datetime) -> None:
    KnownDevice.objects.update_or_create(
        account_id=account_id, key_hash=_hash(key), defaults={"known_until": at + KNOWN_FOR}
    )


def forget_all(account_id: UUID) -> None:
    KnownDevice.objects.filter(account_id=account_id).delete()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
