"""Passkeys (WebAuthn), with fido2 doing the checking: a device that knows its holder, bound to our own address.

The holder must be verified by the device (a finger, a face, a PIN), so that one passkey is two proofs.
`state` is what stays in the session between asking and answering.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

# What strangers send is taken apart by fido2; whatever it trips over is a wrong answer.
_UNREADABLE = Exception
_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey as we keep it: nothing here is secret."""

    key: str
    data: str
    counter: int


def ask_new(
    origin: str, account_id: UUID, name: str, having: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked to make, and the state. `having`: data of passkeys there are already."""
    options, state = _server(origin).register_begin(
        PublicKeyCredentialUserEntity(id=account_id.bytes, name=name, display_name=name),
        [_data(one) for one in having],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    return dict(options), _plain(state)


def take_new(origin: str, state: Mapping[str, Any], answer: Mapping[str, Any]) -> Made | None:
    """The passkey that was made; None when the answer is not to our question, or not from our own pages."""
    try:
        made = _server(origin).register_complete(_live(state), RegistrationResponse.from_dict(answer))
    except _UNREADABLE:
        return None
    if made.credential_data is None:
        return None
    return Made(_text(made.credential_data.credential_id), _text(bytes(made.credential_data)), made.counter)


def ask(origin: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Any passkey of this site's: we name none, so that asking tells nothing about who has one."""
    options, state = _server(origin).authenticate_begin(user_verification=_VERIFIED)
    return dict(options), _plain(state)


def key_of(answer: Mapping[str, Any]) -> str:
    """Which passkey says it answers; "" when it says nothing we can read."""
    try:
        return _text(AuthenticationResponse.from_dict(answer).raw_id)
    except _UNREADABLE:
        return ""


def take(
    origin: str, state: Mapping[str, Any], answer: Mapping[str, Any], data: str, account_id: UUID
) -> int | None:
    """The passkey's counter when it answers our question for this account; else None."""
    try:
        given = AuthenticationResponse.from_dict(answer)
        handle = given.response.user_handle
        if handle is not None and handle != account_id.bytes:
            return None
        _server(origin).authenticate_complete(_live(state), [_data(data)], given)
        return given.response.authenticator_data.counter
    except _UNREADABLE:
        return None


def _server(origin: str) -> Fido2Server:
    """`origin` is our own address as asked for; Django has refused hosts that are not in ALLOWED_HOSTS."""
    host = urlsplit(origin).hostname or ""
    server = PublicKeyCredentialRpEntity(id=host, name="Stile")
    return Fido2Server(server, verify_origin=lambda said: said == origin)


def _plain(state: Any) -> dict[str, Any]:
    return {key: getattr(value, "value", value) for key, value in dict(state).items()}


def _live(state: Mapping[str, Any]) -> dict[str, Any]:
    return {**state, "user_verification": UserVerificationRequirement(state["user_verification"])}


def _data(kept: str) -> AttestedCredentialData:
    return AttestedCredentialData(base64.urlsafe_b64decode(kept))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()
