"""A draft kept without an account: sealed under an eight-character code that we do not have.

What stands in the database is found by a hash of the code and opened by a key made from it, both from one
slow hash (scrypt, with our own key in the salt), so that a copy of the database opens nothing: 39 bits of
code at some 50 ms a guess, and our key besides. Works as stile_signin; the caller throttles.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection

from ..models import Saved

LASTS = timedelta(days=30)
LONGEST = 100_000  # characters of a draft
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def keep(kind: str, draft: Mapping[str, Any], at: datetime, code: str = "") -> str:
    """Keep a draft for thirty days, under `code` where it is known and else under a new one; the code."""
    text = json.dumps(draft)
    if len(text) > LONGEST:
        raise ValueError("too long to keep")
    code = plain(code) or "".join(secrets.choice(_LETTERS) for _ in range(8))
    key_hash, box = _from(code, settings.SECRET_KEY)
    _name(key_hash)
    Saved.objects.update_or_create(
        key_hash=key_hash,
        defaults={"kind": kind, "sealed": box.encrypt(text.encode()).decode(), "ends_at": at + LASTS},
    )
    return f"{code[:4]}-{code[4:]}"


def find(kind: str, code: str, at: datetime) -> dict[str, Any] | None:
    """The draft kept under this code, or None."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key_hash, box = _from(plain(code), secret)
        _name(key_hash)
        sealed = Saved.objects.filter(key_hash=key_hash, kind=kind, ends_at__gt=at).values_list(
            "sealed", flat=True
        )
        with suppress(InvalidToken):
            if text := sealed.first():
                return dict(json.loads(box.decrypt(text.encode())))
    return None


def forget(code: str) -> None:
    """Once it is sent, or at a word: nothing of it stays."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key_hash, _ = _from(plain(code), secret)
        _name(key_hash)
        Saved.objects.filter(key_hash=key_hash).delete()


def plain(code: str) -> str:
    """As it was given, however it was typed; "" where it can't be one of ours."""
    letters = "".join(filter(str.isalnum, code)).upper()
    return letters if len(letters) == 8 and set(letters) <= set(_LETTERS) else ""


def _from(code: str, secret: str) -> tuple[str, Fernet]:
    raw = hashlib.scrypt(code.encode(), salt=b"stile.saved:" + secret.encode(), n=2**14, r=8, p=1, dklen=64)
    return raw[:32].hex(), Fernet(base64.urlsafe_b64encode(raw[32:]))


def _name(key_hash: str) -> None:
    """The database shows the one row whose hash is named, and no list."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.saved', %s, true)", [key_hash])
