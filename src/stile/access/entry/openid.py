"""Another provider's word for who somebody is: OpenID Connect, authorization code with PKCE, nothing kept of it.

NHS CIS2, NHS login, an organisation's own provider: whatever stands in the file that STILE_OPENID names.
PyJWT checks the ID token: its signature by the provider's published keys, issuer, audience, times; we
check the nonce. A provider is asked over https, and over plain http only on this very machine (tests).
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import httpx
import jwt
from django.conf import settings

# Signatures by a key pair only: a shared secret, or none, could be made by somebody else (RFC 8725).
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_ASKS = httpx.Timeout(10)
_LEEWAY = 60  # seconds two clocks may differ by
_KEPT = 3600  # seconds that a provider's own description and keys are kept
_MOST = 500_000  # bytes of any answer
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


class Trouble(Exception):
    """The provider did not answer, or not as it should: nobody comes in by it. The words are for the log."""


@dataclass(frozen=True, slots=True)
class Provider:
    slug: str
    name: str
    issuer: str
    client_id: str
    secret: str = ""
    key: str = (
        ""  # our private key (PEM), where the provider wants a signed assertion and no secret (NHS login)
    )
    key_algorithm: str = "RS512"
    key_id: str = ""
    scope: str = "openid email"
    ask: Mapping[str, str] = field(default_factory=dict)  # more for its address: acr_values, vtr
    organisation: UUID | None = None  # opens roles of this organisation only
    links_by_email: bool = False  # its word for an address is enough to find the account
    strong_claim: str = ""  # the claim that says two things were proved, ...
    strong_values: tuple[str, ...] = ()  # ... and what it then says


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what stays in its session meanwhile."""

    address: str
    state: dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    issuer: str
    subject: str
    email: str  # verified by the provider; else ""
    strong: bool


def providers() -> dict[str, Provider]:
    """Those in the settings, by slug. Raises ValueError where one could let in people it should not."""
    return {one.slug: one for one in map(_provider, settings.OPENID_PROVIDERS)}


def _provider(said: Mapping[str, Any]) -> Provider:
    fields = dict(said)
    if "key_file" in fields:
        with open(fields.pop("key_file"), encoding="ascii") as file:
            fields["key"] = file.read()
    if "organisation" in fields:
        fields["organisation"] = UUID(fields["organisation"])
    fields["strong_values"] = tuple(fields.get("strong_values", ()))
    one = Provider(**fields)
    _must_be_https(one.issuer)
    if one.links_by_email and one.organisation is None:
        # Else one organisation's provider could say that somebody is anybody's colleague.
        raise ValueError(f"{one.slug}: links_by_email needs an organisation")
    return one


def begin(provider: Provider, back: str) -> Begun:
    about = _about(provider)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": back, "scope": provider.scope,
        "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        **provider.ask,
    }  # fmt: skip
    joint = "&" if urlsplit(about["authorization_endpoint"]).query else "?"
    kept = {"slug": provider.slug, "state": state, "nonce": nonce, "verifier": verifier}
    return Begun(f"{about['authorization_endpoint']}{joint}{urlencode(query)}", kept)


def finish(provider: Provider, kept: Mapping[str, str], answer: Mapping[str, str], back: str) -> Said:
    """What the provider says of whoever came back. Raises Trouble."""
    if kept.get("slug") != provider.slug or not secrets.compare_digest(
        kept.get("state", "-").encode(), answer.get("state", "").encode()
    ):
        raise Trouble("not the answer to our question")
    if "code" not in answer:
        raise Trouble("refused there")
    if "iss" in answer and answer["iss"] != provider.issuer:
        raise Trouble("another provider's answer")  # RFC 9207
    about = _about(provider)
    tokens = _post(
        about["token_endpoint"],
        {
            "grant_type": "authorization_code", "code": answer["code"], "redirect_uri": back,
            "client_id": provider.client_id, "code_verifier": kept["verifier"], **_ourselves(provider, about),
        },
    )  # fmt: skip
    claims = _claims(provider, about, str(tokens.get("id_token", "")))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), kept["nonce"].encode()):
        raise Trouble("nonce differs")
    if "email" not in claims and "userinfo_endpoint" in about:
        claims = {**_userinfo(about, tokens, claims["sub"]), **claims}
    strong = bool(provider.strong_claim) and bool(
        set(_words(claims.get(provider.strong_claim))) & set(provider.strong_values)
    )
    verified = claims.get("email_verified") in (True, "true")
    return Said(
        provider.issuer, str(claims["sub"]), str(claims.get("email", "")).lower() if verified else "", strong
    )


def _words(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _ourselves(provider: Provider, about: Mapping[str, Any]) -> dict[str, str]:
    """How we show the provider who we are: a shared secret, or an assertion signed with our key (RFC 7523)."""
    if not provider.key:
        return {"client_secret": provider.secret} if provider.secret else {}
    now = int(time.time())
    assertion = jwt.encode(
        {
            "iss": provider.client_id, "sub": provider.client_id, "aud": about["token_endpoint"], "iat": now,
            "exp": now + 60, "jti": secrets.token_urlsafe(16),
        },
        provider.key, algorithm=provider.key_algorithm, headers={"kid": provider.key_id} if provider.key_id else None,
    )  # fmt: skip
    return {
        "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }


def _claims(provider: Provider, about: Mapping[str, Any], token: str) -> dict[str, Any]:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        return dict(
            jwt.decode(
                token, _key(about["jwks_uri"], kid), algorithms=list(ALGORITHMS), audience=provider.client_id,
                issuer=provider.issuer, leeway=_LEEWAY, options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        )  # fmt: skip
    except jwt.PyJWTError as wrong:
        raise Trouble(f"id token: {type(wrong).__name__}") from None


def _key(address: str, kid: str | None) -> jwt.PyJWK:
    """The provider's key of that name; its list is fetched anew, once, for a name that is not on it."""
    for fresh in (False, True):
        keys = jwt.PyJWKSet.from_dict(_get(address, fresh=fresh)).keys
        for one in keys:
            if one.key_id == kid or (kid is None and len(keys) == 1):
                return one
    raise Trouble("signed by a key the provider does not list")


def _about(provider: Provider) -> dict[str, Any]:
    about = _get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if about.get("issuer") != provider.issuer:
        raise Trouble("calls itself by another name")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(about.get(name), str):
            raise Trouble(f"has no {name}")
        _must_be_https(about[name])
    return about


def _userinfo(about: Mapping[str, Any], tokens: Mapping[str, Any], subject: str) -> dict[str, Any]:
    _must_be_https(about["userinfo_endpoint"])
    said = _fetch(
        "GET", about["userinfo_endpoint"], headers={"Authorization": f"Bearer {tokens.get('access_token')}"}
    )
    if said.get("sub") != subject:
        raise Trouble("tells of somebody else")
    return said


def _get(address: str, *, fresh: bool = False) -> dict[str, Any]:
    at, said = _kept.get(address, (0.0, {}))
    if fresh or time.monotonic() - at > _KEPT or not said:
        said = _fetch("GET", address)
        _kept[address] = (time.monotonic(), said)
    return said


def _post(address: str, form: Mapping[str, str]) -> dict[str, Any]:
    return _fetch("POST", address, data=dict(form))


def _fetch(method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        with (
            httpx.Client(timeout=_ASKS, follow_redirects=False, trust_env=False) as client,
            client.stream(method, address, **more) as answer,
        ):
            answer.raise_for_status()
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > _MOST:
                    raise Trouble("says too much")
        said = httpx.Response(200, content=body).json()
    except (httpx.HTTPError, ValueError) as wrong:
        raise Trouble(f"{urlsplit(address).hostname}: {type(wrong).__name__}") from None
    if not isinstance(said, dict):
        raise Trouble("does not answer as a provider does")
    return said


def _must_be_https(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    ):
        raise ValueError(f"{address} is not https")
