"""Secrets that are sent to somebody and kept only as their hash."""

import hashlib


def hashed(token: str) -> str:
    """SHA-256 in hex. The tokens are long and random, so that a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
