"""Signing in, attacked: by listening to its answers, by guessing, by planting a session, by leading elsewhere."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stile.access.entry import sealing
from stile.access.policy.entry import CODE_TRIES, LIMITS
from stile.people.actions import mail
from tests import society
from tests.people import signed_in
from tests.security.addresses import filled, routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> society.Society:
    return society.build()


@pytest.fixture
def code_for(settings: Any, django_capture_on_commit_callbacks: Any) -> Callable[[Client, str], str]:
    """Ask for a code as this browser; what came by mail, or "" when nothing did."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def asked(client: Client, email: str, **more: Any) -> str:
        outbox.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/sign-in/", {"email": email}, **more)
        mail.all_sent()
        found = [re.search(r"\b(\d{4} \d{4})\b", letter.body) for letter in outbox.outbox]
        return found[0][1] if found and found[0] else ""

    return asked


# ---------------------------------------------------------------- what the answers tell


@contextmanager
def work_done(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What an answer cost: questions to the database (their shape), and keyed hashes. Counted, never timed."""
    done: dict[str, Any] = {"hashes": 0}
    real = sealing.salted_hmac

    def counted(*given: Any, **more: Any) -> Any:
        done["hashes"] += 1
        return real(*given, **more)

    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(sealing, "salted_hmac", counted)
        yield done
    done["queries"] = [
        re.sub(r"\(.*?\)|'[^']*'|\b[0-9a-f-]{36}\b|NULL|\d+", "?", one["sql"])
        for one in queries.captured_queries
    ]


def test_an_address_we_know_and_one_we_do_not_cost_the_same(
    people: society.Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {}
    for email in ("dee@example.org", "nobody@example.org", "lena@example.org", "x@example.org"):
        client = signed_in.visitor()
        with work_done(monkeypatch) as done:
            answer = client.post("/sign-in/", {"email": email})
        body = (answer.status_code, answer.headers["Location"], len(answer.content), sorted(answer.cookies))
        seen[email] = (body, done["hashes"], done["queries"])
        assert done["hashes"] >= 4
    first = seen["dee@example.org"]
    for email, one in seen.items():
        assert one == first, email


def test_a_wrong_code_costs_the_same_for_both(
    people: society.Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for email in ("dee@example.org", "nobody@example.org"):
        client = signed_in.visitor()
        client.post("/sign-in/", {"email": email})
        with work_done(monkeypatch) as done:
            answer = client.post("/sign-in/code/", {"code": "0000 0000"})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert email not in page
        seen.append((page, done["hashes"], done["queries"]))
    assert seen[0] == seen[1]


# ---------------------------------------------------------------- guessing


def test_a_code_is_guessed_five_times_and_no_more(people: society.Society, code_for: Any) -> None:
    client = signed_in.visitor()
    code = code_for(client, "dee@example.org")
    for number in range(CODE_TRIES):
        client.post("/sign-in/code/", {"code": f"{number:08d}"})
    assert client.post("/sign-in/code/", {"code": code}).status_code == 200  # and not a redirect
    assert client.get("/in/").status_code == 302


def test_a_code_works_once_and_in_the_browser_that_asked(people: society.Society, code_for: Any) -> None:
    asker, other = signed_in.visitor(), signed_in.visitor()
    code = code_for(asker, "dee@example.org")
    other.post("/sign-in/", {"email": "dee@example.org"})
    assert other.post("/sign-in/code/", {"code": code}).status_code == 200
    assert asker.post("/sign-in/code/", {"code": code}).status_code == 302
    asker.post("/sign-out/")
    assert asker.post("/sign-in/code/", {"code": code}).status_code == 200


def test_guessing_from_one_place_is_slowed(people: society.Society) -> None:
    client = signed_in.visitor()
    most = LIMITS["open-place"].most
    for _ in range(most):
        client.post("/sign-in/code/", {"code": "00000000"})
    page = client.post("/sign-in/code/", {"code": "00000000"}).content.decode()
    assert "Wait a quarter of an hour" in page


def test_a_header_gives_nobody_a_new_place(people: society.Society, settings: Any) -> None:
    """X-Forwarded-For is believed as far as our own proxies reach, and no further."""
    for proxies, chain in ((0, "203.0.113.{}"), (1, "203.0.113.{}, 198.51.100.7")):
        settings.PROXIES = proxies
        client = signed_in.visitor()
        for number in range(LIMITS["open-place"].most + 1):
            said = {
                "X-Forwarded-For": chain.format(number),
                "X-Real-IP": chain.format(number),
                "Client-IP": f"10.0.0.{number}",
            }
            page = client.post("/sign-in/code/", {"code": "00000000"}, headers=said).content.decode()
        assert "Wait a quarter of an hour" in page, proxies


def test_nobody_is_locked_out_by_tries_in_their_name(people: society.Society, code_for: Any) -> None:
    at_home = signed_in.visitor()
    assert at_home.post("/sign-in/code/", {"code": code_for(at_home, "dee@example.org")}).status_code == 302
    at_home.get("/sign-in/as/")
    at_home.post("/sign-out/")
    for number in range(40):
        stranger = signed_in.visitor()
        stranger.post("/sign-in/", {"email": "dee@example.org"}, REMOTE_ADDR=f"203.0.113.{number}")
        stranger.post("/sign-in/code/", {"code": "00000000"}, REMOTE_ADDR=f"203.0.113.{number}")
    code = code_for(at_home, "dee@example.org")
    assert code
    assert at_home.post("/sign-in/code/", {"code": code}).status_code == 302


# ---------------------------------------------------------------- sessions


def test_looking_sets_no_cookie(people: society.Society) -> None:
    client = signed_in.visitor()
    for route, view in routes():
        if view.gate[0] == "public" or route in ("sign-in/", "signed-out/"):
            answer = client.get(filled(route, {}))
            assert "Set-Cookie" not in answer.headers, route
            assert answer.cookies == {}, route


@pytest.mark.parametrize("https", [False, True])
def test_cookies_are_for_this_site_alone(
    people: society.Society, code_for: Any, https: bool, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = https
    client = signed_in.visitor()
    code = code_for(client, "dee@example.org")
    answers = [client.post("/sign-in/code/", {"code": code}, secure=https)]
    answers.append(client.get("/sign-in/as/", secure=https))
    cookies = {cookie.key: cookie for answer in answers for cookie in answer.cookies.values()}
    assert set(cookies) == {settings.SESSION_COOKIE_NAME, settings.DEVICE_COOKIE_NAME}
    for cookie in cookies.values():
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert cookie["domain"] == ""
        assert cookie["path"] == "/"
        assert bool(cookie["secure"]) is https
        assert len(cookie.OutputString()) < 300
    # A key of more than 128 bits, and not a word of what it stands for.
    assert len(cookies[settings.SESSION_COOKIE_NAME].value) >= 32


def test_each_step_in_changes_the_key_and_the_old_one_is_dead(people: society.Society, code_for: Any) -> None:
    client, keys = signed_in.visitor(), []

    def key() -> str:
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    code = code_for(client, "dee@example.org")
    keys.append(key())
    client.post("/sign-in/code/", {"code": code})
    keys.append(key())
    client.get("/sign-in/as/")
    keys.append(key())
    assert client.get("/in/").status_code == 200
    assert len(set(keys)) == 3
    for old in keys[:2]:
        thief = signed_in.visitor()
        thief.cookies[settings.SESSION_COOKIE_NAME] = old
        assert thief.get("/in/").status_code == 302


def test_a_planted_session_is_not_taken_up(people: society.Society, code_for: Any) -> None:
    planted = "plantedplantedplantedplantedplan"
    client = signed_in.visitor()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    code = code_for(client, "dee@example.org")
    client.post("/sign-in/code/", {"code": code})
    client.get("/sign-in/as/")
    assert client.get("/in/").status_code == 200
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    thief = signed_in.visitor()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get("/in/").status_code == 302


def test_leaving_ends_it_on_the_server(people: society.Society) -> None:
    client = signed_in.client(*people.staff["Dee"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")
    thief = signed_in.visitor()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/in/").status_code == 302


def test_the_database_keeps_no_key_that_opens(people: society.Society, code_for: Any) -> None:
    client = signed_in.visitor()
    code = code_for(client, "dee@example.org").replace(" ", "")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    from stile.access.gate import working_as

    with working_as("stile_signin"), connection.cursor() as cursor:
        cursor.execute("SELECT code_hash, link_hash FROM access_code")
        kept = [text for row in cursor.fetchall() for text in row]
        cursor.execute(
            "SELECT set_config('app.session', %s, true)", [hashlib.sha256(key.encode()).hexdigest()]
        )
        cursor.execute("SELECT key_hash, data FROM access_session")
        kept += [text for row in cursor.fetchall() for text in row]
    assert len(kept) >= 4
    assert not [text for text in kept if key in text or code in text]
    # Eight digits are found from a bare hash in a second: it is keyed.
    assert hashlib.sha256(code.encode()).hexdigest() not in kept


@pytest.mark.parametrize("made_up", ["x", "' OR 1=1 --", "a" * 5000, "../../etc", "null", "0" * 32])
def test_a_made_up_cookie_is_nobody(people: society.Society, made_up: str) -> None:
    client = signed_in.visitor()
    client.cookies[settings.SESSION_COOKIE_NAME] = made_up
    client.cookies[settings.DEVICE_COOKIE_NAME] = made_up
    assert client.get("/in/").status_code == 302
    assert client.get("/").status_code == 200


# ---------------------------------------------------------------- led elsewhere (open redirect)

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example/", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", "\x00//evil.example",
    "http:evil.example", "http:/evil.example", "http://evil.example", "HTTPS://evil.example", "https:evil.example",
    "https:///evil.example", "javascript:alert(7)", "JaVaScRiPt:alert(7)", "java\nscript:alert(7)", "data:text/html,x",
    "evil.example", "@evil.example", "http://testserver@evil.example", "http://testserver.evil.example",
    "http://evil.example\\@testserver", "http://evil.example#@testserver", "%2f%2fevil.example", "/%09/evil.example",
    "/%5cevil.example", "https%3A%2F%2Fevil.example", "//evil.example/%2f..", "/..//evil.example", "/.//evil.example",
    "//[::1]", "http://[evil", "//\u3002evil.example", "／／evil.example", "home", "sign-in", "'", "stile.site.views.talk",
]  # fmt: skip


def test_coming_in_leads_nowhere_else(people: society.Society) -> None:
    """As a browser reads an address: tabs and line ends gone, backslashes turned round."""
    from urllib.parse import urljoin, urlsplit

    for wanted in ELSEWHERE:
        client = signed_in.visitor()
        client.get("/sign-in/", {"next": wanted})
        _half_way(client, people)
        answer = client.get("/sign-in/as/")
        assert answer.status_code == 302, wanted
        onward = re.sub(r"[\t\r\n\x00]", "", answer.headers["Location"]).strip().replace("\\", "/")
        landed = urlsplit(urljoin("http://testserver/sign-in/as/", onward))
        assert (landed.scheme, landed.netloc) == ("http", "testserver"), wanted
        assert not onward.startswith("//"), wanted
        assert "\n" not in answer.headers["Location"]


def _half_way(client: Client, people: society.Society) -> None:
    """Dee has shown who she is, and has not come in yet."""
    from django.utils import timezone

    from stile.access import sessions

    kept = client.cookies.get(settings.SESSION_COOKIE_NAME)
    session = sessions.SessionStore(kept.value if kept else None)
    sessions.arrive(session, people.staff["Dee"][0], "mail", timezone.now())
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def test_a_page_of_ours_is_come_back_to(people: society.Society) -> None:
    client = signed_in.visitor()
    client.get("/sign-in/", {"next": "/in/?a=1"})
    _half_way(client, people)
    assert client.get("/sign-in/as/").headers["Location"] == "/in/?a=1"


def test_no_other_page_takes_a_way_on_from_its_address(people: society.Society) -> None:
    for name in ("", "Dee", "Lena"):
        client = signed_in.client(*people.staff[name]) if name else signed_in.visitor()
        client.raise_request_exception = False
        for route, _view in routes():
            for send in (client.get, client.post):
                asked = dict.fromkeys(
                    ("next", "url", "to", "return", "redirect", "back", "continue", "r"), "//evil.example/"
                )
                answer = send(filled(route, {}), asked)
                onward = answer.headers.get("Location", "")
                assert not re.match(r"(?:\w+:)?//(?!testserver)", onward), (route, onward)
