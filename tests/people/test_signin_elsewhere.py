"""Signing in by another provider: against a real OpenID provider on this machine, and against one that lies."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from stile.access.entry import openid
from stile.people.models import Account
from tests.people import signed_in
from tests.people.conftest import Letters
from tests.people.test_signin import link_in
from tests.people.test_signin_second import by_mail, set_up_app
from tests.people.test_signin_staff import invite
from tests.society import Society


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A process of its own: its library warns of its own future, which is no fault of ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{address}/.well-known/openid-configuration", timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                assert server.poll() is None, "the provider ended"
                assert time.monotonic() < until, "the provider did not answer"
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(autouse=True)
def fresh() -> None:
    openid._kept.clear()


def configured(settings: Any, issuer: str, **more: Any) -> None:
    one = {
        "slug": "own",
        "name": "Hedgerow’s sign-in",
        "issuer": issuer,
        "client_id": "stile",
        "secret": "s3cret",
    }
    settings.OPENID_PROVIDERS = [{**one, **more}]


def person(provider: str, sub: str, **claims: Any) -> None:
    httpx.put(f"{provider}/users/{sub}", json=claims, timeout=10).raise_for_status()


def go(client: Client, sub: str, *, invitation: str = "") -> Any:
    """There, signed in there, and back; the last answer."""
    there = client.get("/sign-in/with/own/", {"invitation": invitation} if invitation else {})
    assert there.status_code == 302
    answered = httpx.post(there.headers["Location"], data={"sub": sub}, timeout=10)
    back = urlsplit(answered.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_the_browser_is_sent_with_state_nonce_and_pkce(town: Society, settings: Any, provider: str) -> None:
    configured(settings, provider, ask={"acr_values": "AAL3"})
    there = urlsplit(signed_in.visitor().get("/sign-in/with/own/").headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["acr_values"] == "AAL3"
    assert asked["redirect_uri"] == "http://testserver/sign-in/back/own/"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) > 40


def test_a_stranger_gets_no_account(town: Society, settings: Any, provider: str) -> None:
    configured(settings, provider)
    person(provider, "mallory", email="dee@example.org", email_verified=True)
    before = Account.objects.count()
    client = signed_in.visitor()
    answer = go(client, "mallory")
    assert answer.status_code == 403
    assert "nobody here has invited you" in answer.content.decode()
    assert client.get("/sign-in/as/").headers["Location"] == "/sign-in/"
    assert Account.objects.count() == before


def test_an_invitation_ties_an_identity_which_then_opens_the_account(
    town: Society, settings: Any, provider: str, letters: Letters
) -> None:
    configured(settings, provider)
    person(provider, "nell", email="someone.else@example.net")
    token = link_in(invite(town, letters)[0]).split("/")[2]
    client = signed_in.visitor()
    assert f"/sign-in/with/own/?invitation={token}" in client.get(f"/come-in/{token}/").content.decode()
    assert go(client, "nell", invitation=token).headers["Location"] == "/sign-in/as/"
    assert client.get("/sign-in/as/", follow=True).redirect_chain[-1][0] == "/in/"
    again = signed_in.visitor()
    go(again, "nell")
    assert "Nell" in again.get("/sign-in/as/", follow=True).content.decode()


def test_the_organisations_own_provider_finds_its_colleague_by_address(
    town: Society, settings: Any, provider: str, letters: Letters
) -> None:
    configured(settings, provider, links_by_email=True, organisation=str(town.houses["Climbers"]))
    person(provider, "dee", email="Dee@example.org", email_verified=True)
    client = signed_in.visitor()
    with letters() as sent:
        assert go(client, "dee").headers["Location"] == "/sign-in/as/"
    assert sent[0].to == ["dee@example.org"]
    assert "another sign-in service" in sent[0].body
    assert client.get("/sign-in/as/", follow=True).redirect_chain[-1][0] == "/in/"


@pytest.mark.parametrize(
    ("address", "verified"),
    [("dee@example.org", False), ("dee@example.org", None), ("per@example.org", True), ("", True)],
)
def test_an_address_counts_only_if_verified_and_of_that_organisation(
    town: Society, settings: Any, provider: str, address: str, verified: bool | None
) -> None:
    configured(settings, provider, links_by_email=True, organisation=str(town.houses["Climbers"]))
    sub = f"who-{address}-{verified}"
    person(provider, sub, email=address, **({} if verified is None else {"email_verified": verified}))
    assert go(signed_in.visitor(), sub).status_code == 403


def test_one_organisations_provider_opens_no_other_organisations_roles(
    town: Society, settings: Any, provider: str, letters: Letters
) -> None:
    """Dee also works for the painters; the climbers' provider opens the climbers' role, and can make no key."""
    sent = invite(town, letters, "Pia", email="dee@example.org", name="Dee")
    signed_in.visitor().post(link_in(sent[0]))
    configured(settings, provider, links_by_email=True, organisation=str(town.houses["Climbers"]))
    person(provider, "dee2", email="dee@example.org", email_verified=True)
    client = signed_in.visitor()
    go(client, "dee2")
    assert client.get("/sign-in/as/", follow=True).redirect_chain[-1][0] == "/in/"
    account = town.staff["Dee"][0]
    painters = next(
        str(one.id) for one in memberships(account) if one.organisation_id == town.houses["Painters"]
    )
    assert client.post("/sign-in/as/", {"as": painters}).status_code == 200, "asked again, not let in"
    assert "Painters" not in client.get("/in/").content.decode()
    assert client.get("/sign-in/authenticator/").headers["Location"] == "/sign-in/second/"
    assert client.post("/sign-in/passkey/new/ask/", "{}", content_type="application/json").status_code == 400
    assert (
        "Show your second step"
        in client.post("/in/ways/address/", {"email": "x@example.org"}).content.decode()
    )


def memberships(account: Any) -> Any:
    from django.utils import timezone

    from stile.access.gate import working_as
    from stile.people.queries import staff

    with working_as("stile_signin"):
        return staff.memberships(account, timezone.now())


@pytest.mark.parametrize(("level", "inside"), [("AAL3", True), ("AAL1", False), (None, False)])
def test_a_provider_that_asked_for_two_things_is_enough_for_records(
    town: Society, settings: Any, provider: str, level: str | None, inside: bool
) -> None:
    configured(
        settings, provider, links_by_email=True, organisation=str(town.houses["Hedgerow"]),
        strong_claim="authentication_assurance_level", strong_values=["AAL2", "AAL3"],
    )  # fmt: skip
    more = {"authentication_assurance_level": level} if level else {}
    person(provider, f"lena-{level}", email="lena@example.org", email_verified=True, **more)
    client = signed_in.visitor()
    go(client, f"lena-{level}")
    client.get("/sign-in/as/")
    assert (client.get("/in/").status_code == 200) is inside
    if not inside:
        assert "did not ask for two things" in client.get("/sign-in/second/").content.decode()


def test_an_invitation_adds_no_identity_to_an_account_that_has_keys(
    town: Society, settings: Any, provider: str, letters: Letters
) -> None:
    set_up_app(by_mail(letters, "lena@example.org"))
    token = link_in(invite(town, letters, "Cleo", email="lena@example.org")[0]).split("/")[2]
    configured(settings, provider, strong_claim="level", strong_values=["high"])
    person(provider, "thief", level="high")
    answer = go(signed_in.visitor(), "thief", invitation=token)
    assert answer.status_code == 403
    assert "You have an account here already" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong", ["no state", "another state", "no code", "another code", "refused", "another issuer"]
)
def test_an_answer_that_is_not_to_our_question_opens_nothing(
    town: Society, settings: Any, provider: str, wrong: str
) -> None:
    configured(settings, provider, links_by_email=True, organisation=str(town.houses["Climbers"]))
    person(provider, "dee3", email="dee@example.org", email_verified=True)
    client = signed_in.visitor()
    there = client.get("/sign-in/with/own/").headers["Location"]
    answered = httpx.post(there, data={"sub": "dee3"}, timeout=10).headers["Location"]
    said = {name: values[0] for name, values in parse_qs(urlsplit(answered).query).items()}
    if wrong == "no state":
        client = signed_in.visitor()
    elif wrong == "another state":
        said["state"] = "x" * 43
    elif wrong == "no code":
        del said["code"]
    elif wrong == "another code":
        said["code"] = "guess"
    elif wrong == "refused":
        said = {"state": said["state"], "error": "access_denied"}
    else:
        said["iss"] = "https://other.example"
    answer = client.get("/sign-in/back/own/", said)
    assert answer.status_code == 502
    assert client.get("/sign-in/as/").headers["Location"] == "/sign-in/"


def test_an_answer_works_once(town: Society, settings: Any, provider: str) -> None:
    configured(settings, provider, links_by_email=True, organisation=str(town.houses["Climbers"]))
    person(provider, "dee4", email="dee@example.org", email_verified=True)
    client = signed_in.visitor()
    there = client.get("/sign-in/with/own/").headers["Location"]
    back = (
        httpx.post(there, data={"sub": "dee4"}, timeout=10)
        .headers["Location"]
        .removeprefix("http://testserver")
    )
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 502


# ---------------------------------------------------------------- a provider that lies


ISSUER = "https://lies.example"


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A provider whose tokens we write: `lying(claims, key=..., algorithm=...)` gives what we make of them."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "one", "use": "sig"}
    about = {
        "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys",
    }  # fmt: skip
    provider = openid.Provider(slug="lies", name="Lies", issuer=ISSUER, client_id="stile", secret="x")
    now = int(time.time())
    good = {"iss": ISSUER, "aud": "stile", "sub": "s", "iat": now, "exp": now + 300, "nonce": "n" * 43}

    def said(
        changes: dict[str, Any], *, signed_by: Any = key, algorithm: str = "RS256", kid: str = "one"
    ) -> openid.Said:
        claims = {name: value for name, value in {**good, **changes}.items() if value is not None}
        token = jwt.encode(claims, signed_by, algorithm=algorithm, headers={"kid": kid})
        answers = {
            about["token_endpoint"]: {"id_token": token, "access_token": "a"},
            about["jwks_uri"]: {"keys": [public]},
        }
        monkeypatch.setattr(openid, "_fetch", lambda method, address, **_: answers.get(address, about))
        kept = {"slug": "lies", "state": "s" * 43, "nonce": "n" * 43, "verifier": "v"}
        return openid.finish(provider, kept, {"state": "s" * 43, "code": "c"}, "https://us.example/back")

    said.public = key.public_key()  # type: ignore[attr-defined]
    return said


def test_a_token_as_it_should_be_is_taken(lying: Any) -> None:
    assert lying({}) == openid.Said(ISSUER, "s", "", False)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"}, {"aud": "another"}, {"exp": 1}, {"exp": None}, {"sub": None}, {"iat": None},
        {"iat": int(time.time()) + 3600}, {"nonce": "m" * 43}, {"nonce": None},
    ],
)  # fmt: skip
def test_a_token_that_is_not_for_us_now_is_refused(lying: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(openid.Trouble):
        lying(changes)


def test_a_token_signed_by_somebody_else_is_refused(lying: Any) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(openid.Trouble):
        lying({}, signed_by=other)
    with pytest.raises(openid.Trouble):
        lying({}, signed_by=other, kid="two")
    with pytest.raises(openid.Trouble):
        lying({}, signed_by=None, algorithm="none")
    with pytest.raises(openid.Trouble):
        lying({}, signed_by="x" * 40, algorithm="HS256")  # "signed" with what everybody can read


@pytest.mark.parametrize(
    "address", ["http://provider.example", "ftp://provider.example", "http://127.0.0.1.evil.example"]
)
def test_a_provider_is_asked_over_https_only(settings: Any, address: str) -> None:
    configured(settings, address)
    with pytest.raises(ValueError, match="https"):
        openid.providers()


def test_an_address_alone_links_nobody_without_an_organisation(settings: Any) -> None:
    configured(settings, "https://provider.example", links_by_email=True)
    with pytest.raises(ValueError, match="organisation"):
        openid.providers()


def test_a_provider_may_want_a_signed_assertion_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any
) -> None:
    """NHS login: our private key, RS512, sixty seconds, for its token endpoint only."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path / "key.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.OPENID_PROVIDERS = [
        {
            "slug": "nhs",
            "name": "NHS login",
            "issuer": "https://auth.example",
            "client_id": "stile",
            "key_file": str(file),
        }
    ]
    shown = openid._ourselves(openid.providers()["nhs"], {"token_endpoint": "https://auth.example/token"})
    assert "client_secret" not in shown
    claims = jwt.decode(
        shown["client_assertion"],
        key.public_key(),
        algorithms=["RS512"],
        audience="https://auth.example/token",
    )
    assert claims["iss"] == claims["sub"] == "stile"
    assert claims["exp"] - claims["iat"] == 60


def test_a_provider_that_does_not_answer_is_said_so(town: Society, settings: Any) -> None:
    configured(settings, "http://127.0.0.1:9")
    answer = signed_in.visitor().get("/sign-in/with/own/")
    assert answer.status_code == 502
    assert re.search("another way in", answer.content.decode(), re.I)
