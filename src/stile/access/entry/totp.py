"""Authenticator apps: six digits that change every thirty seconds (RFC 6238, computed by `cryptography`)."""

import base64
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30  # seconds
DRIFT = 1  # steps a clock may be wrong by, either way


def fresh_secret() -> str:
    """160 bits as base 32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(secret: str, name: str) -> str:
    """What the QR code says: an otpauth: address."""
    return _totp(secret).get_provisioning_uri(name, "Stile")


def step_of(secret: str, code: str, at: datetime, *, after: int = 0) -> int | None:
    """The step whose code was typed, if it is one of now and later than `after`: no code works twice."""
    digits = "".join(filter(str.isdigit, code)).encode()
    now = int(at.timestamp()) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > after and bytes_eq(_totp(secret).generate(step * STEP), digits):
            return step
    return None


def _totp(secret: str) -> TOTP:
    # SHA-1 is what every app can do; as a keyed hash it is sound (RFC 6238 section 5.2, RFC 6194).
    return TOTP(base64.b32decode(secret), 6, SHA1(), STEP)  # noqa: S303
