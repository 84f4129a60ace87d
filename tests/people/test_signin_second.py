"""The second step: authenticator, passkey, recovery codes; asked of the roles that open records."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stile.access.entry import totp
from stile.access.policy.entry import STRONG
from stile.access.policy.words import Role
from tests.people import signed_in
from tests.people.conftest import Letters
from tests.people.passkey import PRESENT, Passkey
from tests.people.test_signin import code_in
from tests.society import Society


def by_mail(letters: Letters, email: str) -> Client:
    client = signed_in.visitor()
    with letters() as sent:
        client.post("/sign-in/", {"email": email})
    client.post("/sign-in/code/", {"code": code_in(sent[0])})
    return client


def now_code(secret: str, steps: int = 0) -> str:
    at = int(timezone.now().timestamp()) + steps * totp.STEP
    return totp._totp(secret).generate(at).decode()


def set_up_app(client: Client) -> str:
    page = client.get("/sign-in/authenticator/").content.decode()
    found = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    assert client.post("/sign-in/authenticator/", {"code": now_code(secret, -1)}).status_code == 302
    return secret


def post(client: Client, address: str, said: dict[str, Any] | None = None) -> Any:
    return client.post(address, json.dumps(said or {}), content_type="application/json")


def make_passkey(client: Client, key: Passkey) -> Any:
    asked = post(client, "/sign-in/passkey/new/ask/").json()
    return post(client, "/sign-in/passkey/new/", {"passkey": key.make(asked)})


def show_passkey(client: Client, key: Passkey, **how: Any) -> Any:
    asked = post(client, "/sign-in/passkey/ask/").json()
    return post(client, "/sign-in/passkey/", {"passkey": key.show(asked, **how)})


@pytest.mark.parametrize(
    ("who", "role"),
    [("Lena", "link_worker"), ("Max", "manager"), ("Sid", "safeguarding_lead"), ("Dot", "dpo"), ("Ada", "admin"), ("Plum", "planner")],
)  # fmt: skip
def test_a_mailbox_alone_opens_nothing_for_whoever_opens_records(
    town: Society, letters: Letters, who: str, role: str
) -> None:
    assert Role(role) in STRONG
    client = by_mail(letters, f"{who.lower()}@example.org")
    assert client.get("/in/").status_code == 302
    assert "First, a second key" in client.get("/sign-in/second/").content.decode()
    assert client.get("/sign-in/as/").headers["Location"] == "/sign-in/second/"


def test_an_authenticator_is_set_up_and_then_asked_for(town: Society, letters: Letters) -> None:
    client = by_mail(letters, "lena@example.org")
    secret = set_up_app(client)
    assert client.get("/in/").status_code == 302, "recovery codes and the role come first"
    client.get("/sign-in/as/")
    assert client.get("/in/").status_code == 200

    again = by_mail(letters, "lena@example.org")
    assert "authenticator app" in again.get("/sign-in/second/").content.decode()
    assert again.get("/in/").status_code == 302
    assert "not right" in again.post("/sign-in/second/", {"code": "000000"}).content.decode()
    again.post("/sign-in/second/", {"code": now_code(secret)}, follow=True)
    assert again.get("/in/").status_code == 200


def test_no_authenticator_code_works_twice(town: Society, letters: Letters) -> None:
    secret = set_up_app(by_mail(letters, "lena@example.org"))
    code = now_code(secret)
    first, second = by_mail(letters, "lena@example.org"), by_mail(letters, "lena@example.org")
    assert first.post("/sign-in/second/", {"code": code}).status_code == 302
    assert second.post("/sign-in/second/", {"code": code}).status_code == 200


def test_a_read_mailbox_cannot_add_a_key_where_there_is_one(town: Society, letters: Letters) -> None:
    set_up_app(by_mail(letters, "lena@example.org"))
    thief = by_mail(letters, "lena@example.org")
    assert thief.get("/sign-in/authenticator/").headers["Location"] == "/sign-in/second/"
    assert post(thief, "/sign-in/passkey/new/ask/").status_code == 400
    assert thief.post("/sign-in/recovery-codes/").headers["Location"] == "/sign-in/second/"


def test_a_recovery_code_works_once_and_says_so_by_mail(town: Society, letters: Letters) -> None:
    client = by_mail(letters, "lena@example.org")
    set_up_app(client)
    codes = re.findall(
        r"<code>([A-Z0-9]{5}-[A-Z0-9]{5})</code>", client.post("/sign-in/recovery-codes/").content.decode()
    )
    assert len(set(codes)) == 10
    lost = by_mail(letters, "lena@example.org")
    with letters() as sent:
        assert (
            lost.post("/sign-in/second/", {"code": codes[3].lower()}, follow=True).redirect_chain[-1][0]
            == "/in/"
        )
    assert "recovery codes was used" in sent[0].body
    other = by_mail(letters, "lena@example.org")
    assert other.post("/sign-in/second/", {"code": codes[3]}).status_code == 200
    assert client.post("/sign-in/recovery-codes/").status_code == 200
    assert other.post("/sign-in/second/", {"code": codes[4]}).status_code == 200, "new codes end the old ones"


def test_guessing_the_second_step_is_slow(town: Society, letters: Letters) -> None:
    secret = set_up_app(by_mail(letters, "lena@example.org"))
    thief = by_mail(letters, "lena@example.org")
    for n in range(8):
        thief.post("/sign-in/second/", {"code": f"{n:06d}"})
    assert "a lot of tries" in thief.post("/sign-in/second/", {"code": now_code(secret)}).content.decode()


def test_a_passkey_alone_lets_a_link_worker_in(town: Society, letters: Letters) -> None:
    key = Passkey()
    client = by_mail(letters, "lena@example.org")
    assert make_passkey(client, key).json() == {"to": "/sign-in/recovery-codes/"}
    fresh = signed_in.visitor()
    assert show_passkey(fresh, key).json() == {"to": "/sign-in/as/"}
    assert fresh.get("/sign-in/as/", follow=True).redirect_chain[-1][0] == "/in/"


def test_asking_for_a_passkey_names_nobodys(town: Society) -> None:
    asked = post(signed_in.visitor(), "/sign-in/passkey/ask/").json()["publicKey"]
    assert asked.get("allowCredentials", []) == []


@pytest.mark.parametrize(
    "wrong", ["another site", "not verified", "copied", "replayed", "stranger", "rubbish", "empty"]
)
def test_a_passkey_that_is_not_right_opens_nothing(town: Society, letters: Letters, wrong: str) -> None:
    key = Passkey()
    make_passkey(by_mail(letters, "lena@example.org"), key)
    assert show_passkey(signed_in.visitor(), key, counter=5).status_code == 200
    client = signed_in.visitor()
    if wrong == "another site":
        key.origin = "http://testserver.evil.example"
        answer = show_passkey(client, key)
    elif wrong == "not verified":
        answer = show_passkey(client, key, flags=PRESENT)
    elif wrong == "copied":
        answer = show_passkey(client, key, counter=5)
    elif wrong == "replayed":
        asked = post(client, "/sign-in/passkey/ask/").json()
        said = {"passkey": key.show(asked)}
        post(client, "/sign-in/passkey/ask/")
        answer = post(client, "/sign-in/passkey/", said)
    elif wrong == "stranger":
        answer = show_passkey(client, Passkey())
    else:
        post(client, "/sign-in/passkey/ask/")
        answer = post(
            client, "/sign-in/passkey/", {"passkey": {"id": "!", "rawId": 3}} if wrong == "rubbish" else {}
        )
    assert answer.status_code == 400
    assert client.get("/sign-in/as/").headers["Location"] == "/sign-in/"


def test_a_passkey_answers_for_its_own_account_only(town: Society, letters: Letters) -> None:
    """Its handle names another account: refused, though the key is ours and the signature right."""
    key = Passkey()
    make_passkey(by_mail(letters, "lena@example.org"), key)
    key.handle = "AAAAAAAAAAAAAAAAAAAAAA"
    assert show_passkey(signed_in.visitor(), key).status_code == 400


def test_half_way_in_lasts_a_quarter_of_an_hour(town: Society, letters: Letters, monkeypatch: Any) -> None:
    client = by_mail(letters, "lena@example.org")
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert client.get("/sign-in/second/").headers["Location"] == "/sign-in/"
    assert client.get("/sign-in/authenticator/").headers["Location"] == "/sign-in/"


def test_the_key_changes_at_each_step(town: Society, letters: Letters) -> None:
    client = signed_in.visitor()
    seen = []
    with letters() as sent:
        client.post("/sign-in/", {"email": "lena@example.org"})
    seen.append(client.cookies["stile"].value)
    client.post("/sign-in/code/", {"code": code_in(sent[0])})
    seen.append(client.cookies["stile"].value)
    set_up_app(client)
    seen.append(client.cookies["stile"].value)
    client.get("/sign-in/as/")
    seen.append(client.cookies["stile"].value)
    assert len(set(seen)) == 4
    client.cookies["stile"] = seen[0]
    assert client.get("/sign-in/as/").headers["Location"] == "/sign-in/", "a key from before opens nothing"


# ---------------------------------------------------------------- the published vectors


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238 appendix B (SHA-1, the last six of its eight digits)."""
    assert totp._totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").generate(seconds).decode() == code
