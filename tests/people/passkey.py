"""A passkey in plain Python, as a browser's would answer: for tests of what the site takes and refuses."""

import base64
import hashlib
import json
import os
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Passkey:
    def __init__(self, host: str = "testserver", origin: str = "http://testserver") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.host, self.origin, self.counter, self.handle = os.urandom(32), host, origin, 0, ""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        made = b"\0" * 16 + struct.pack(">H", len(self.id)) + self.id + public
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._about(MADE) + made})
        return self._said(
            clientDataJSON=text(self._client("webauthn.create", asked["challenge"])),
            attestationObject=text(statement),
        )

    def show(self, options: dict[str, Any], *, flags: int = 0, counter: int | None = None) -> dict[str, Any]:
        self.counter = self.counter + 1 if counter is None else counter
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        about = self._about(0, flags)
        signed = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(
            clientDataJSON=text(client),
            authenticatorData=text(about),
            signature=text(signed),
            userHandle=self.handle,
        )

    def _said(self, **response: str) -> dict[str, Any]:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}

    def _about(self, more: int, flags: int = 0) -> bytes:
        flags = (flags or PRESENT | VERIFIED) | more
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()
