"""What is kept so that a copy of the database opens nothing: keyed hashes, and secrets sealed under our key.

Both hang on STILE_SECRET_KEY; an older key goes on working while it stands in STILE_SECRET_KEY_BEFORE.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def keyed(text: str, purpose: str) -> str:
    """HMAC-SHA-256 in hex under today's key: for what is short enough to be guessed from a bare hash."""
    return salted_hmac(f"stile.{purpose}", text, algorithm="sha256").hexdigest()


def keyed_any(text: str, purpose: str) -> list[str]:
    """The same under today's key and those before it, to look something up by."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(f"stile.{purpose}", text, secret=key, algorithm="sha256").hexdigest() for key in keys]


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """None when it was sealed under a key we no longer have."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"stile.seal:" + secret.encode()).digest())
