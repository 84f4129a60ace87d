"""What an account can prove besides its mailbox: passkeys, an authenticator, recovery codes. As stile_signin."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from ..models import Factor, Identity
from ..policy.entry import RECOVERY_CODES
from . import passkeys, totp
from .sealing import keyed, keyed_any, seal, unseal

# No letters or digits that are mistaken for one another.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Proof:
    """One way in, as its owner sees it in a list."""

    id: UUID
    kind: str  # passkey, totp
    name: str
    made_at: datetime
    used_at: datetime | None


def of(account_id: UUID) -> list[Proof]:
    rows = Factor.objects.filter(account_id=account_id).exclude(kind="recovery").order_by("made_at", "id")
    return [Proof(one.id, one.kind, one.name, one.made_at, one.used_at) for one in rows]


def recovery_left(account_id: UUID) -> int:
    return Factor.objects.filter(account_id=account_id, kind="recovery", used_at=None).count()


def remove(account_id: UUID, factor_id: UUID) -> str | None:
    """Remove one, and with the last of them the recovery codes; its kind, or None where it is not theirs."""
    row = Factor.objects.filter(account_id=account_id, id=factor_id).exclude(kind="recovery").first()
    if row is None:
        return None
    Factor.objects.filter(id=row.id).delete()
    if not of(account_id):
        Factor.objects.filter(account_id=account_id).delete()
    return row.kind


def remove_all(account_id: UUID) -> None:
    """Everything but the mailbox: for a fresh start that an administrator sends."""
    Factor.objects.filter(account_id=account_id).delete()
    Identity.objects.filter(account_id=account_id).delete()


# ---------------------------------------------------------------- authenticator apps


def add_totp(account_id: UUID, secret: str, code: str, at: datetime) -> bool:
    """Keep an authenticator whose first code is right. It takes the place of one that was there."""
    step = totp.step_of(secret, code, at)
    if step is None:
        return False
    Factor.objects.filter(account_id=account_id, kind="totp").delete()
    Factor(
        account_id=account_id, kind="totp", key=secrets.token_hex(16), data=seal(secret), last_step=step,
        made_at=at, used_at=at,
    ).save(force_insert=True)  # fmt: skip
    return True


def check_totp(account_id: UUID, code: str, at: datetime) -> bool:
    row = Factor.objects.select_for_update().filter(account_id=account_id, kind="totp").first()
    secret = unseal(row.data) if row else None
    if row is None or secret is None:
        return False
    step = totp.step_of(secret, code, at, after=row.last_step)
    if step is None:
        return False
    Factor.objects.filter(id=row.id).update(last_step=step, used_at=at)
    return True


# ---------------------------------------------------------------- recovery codes


def make_recovery(account_id: UUID, at: datetime) -> list[str]:
    """Ten codes, shown once; those there were before stop working."""
    Factor.objects.filter(account_id=account_id, kind="recovery").delete()
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    for one in codes:
        Factor(account_id=account_id, kind="recovery", key=keyed(one, "recovery"), made_at=at).save(
            force_insert=True
        )
    return [f"{one[:5]}-{one[5:]}" for one in codes]


def use_recovery(account_id: UUID, code: str, at: datetime) -> bool:
    letters = "".join(filter(str.isalnum, code)).upper()
    live = Factor.objects.filter(
        account_id=account_id, kind="recovery", used_at=None, key__in=keyed_any(letters, "recovery")
    )
    return bool(live.update(used_at=at))


# ---------------------------------------------------------------- passkeys


def ask_new_passkey(origin: str, account_id: UUID, name: str) -> tuple[dict, dict]:  # type: ignore[type-arg]
    having = Factor.objects.filter(account_id=account_id, kind="passkey").values_list("data", flat=True)
    return passkeys.ask_new(origin, account_id, name, list(having))


def add_passkey(origin: str, account_id: UUID, name: str, state: dict, answer: dict, at: datetime) -> bool:  # type: ignore[type-arg]
    made = passkeys.take_new(origin, state, answer)
    if made is None:
        return False
    try:
        with transaction.atomic():
            Factor(
                account_id=account_id, kind="passkey", name=name[:80], key=made.key, data=made.data,
                last_step=made.counter, made_at=at, used_at=at,
            ).save(force_insert=True)  # fmt: skip
    except IntegrityError:
        return False  # the same passkey twice
    return True


def check_passkey(origin: str, state: dict, answer: dict, at: datetime) -> UUID | None:  # type: ignore[type-arg]
    """Whose passkey answers; None when it is nobody's, or the answer is wrong, or the key was copied."""
    row = Factor.objects.select_for_update().filter(kind="passkey", key=passkeys.key_of(answer)).first()
    if row is None:
        return None
    counter = passkeys.take(origin, state, answer, row.data, row.account_id)
    # A counter that does not grow is a copied key (WebAuthn section 6.1.1); many keep it at 0.
    if counter is None or ((counter or row.last_step) and counter <= row.last_step):
        return None
    Factor.objects.filter(id=row.id).update(last_step=counter, used_at=at)
    return row.account_id
