"""What every answer carries, what no answer tells, and which requests get none."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from stile.site import middleware
from tests import society
from tests.security.addresses import activity, filled, known_in, routes
from tests.security.conftest import SignIn

SOMEBODY = ["", "Lena", "Ada", "Dee", "Jo"]
MADE_UP = str(UUID(int=7))


def policy_of(response: Any) -> dict[str, list[str]]:
    said = response.headers["Content-Security-Policy"]
    return {words[0]: words[1:] for words in (part.split() for part in said.split(";")) if words}


@pytest.mark.parametrize("name", SOMEBODY)
def test_every_page_carries_the_same_guards(name: str, town: society.Society, sign_in: SignIn) -> None:
    client, known = sign_in(name), known_in(town)
    seen = 0
    for route, _view in routes():
        for method in (client.get, client.post):
            answer = method(filled(route, known))
            assert answer.status_code < 500, (route, answer.status_code)
            guards = policy_of(answer)
            assert guards["default-src"] == ["'self'"], route
            for closed in ("object-src", "base-uri", "frame-ancestors"):
                assert guards[closed] == ["'none'"], route
            assert guards["form-action"] == ["'self'"]
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "camera=()" in answer.headers["Permissions-Policy"]
            assert answer.headers["Cache-Control"] == "no-store", route
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert "X-Powered-By" not in answer.headers
            if answer.content:
                kind = answer.headers["Content-Type"]
                assert not kind.startswith("text/") or "charset=utf-8" in kind, (route, kind)
            seen += 1
    assert seen > 40


def test_no_page_holds_a_script_or_a_style_of_its_own(town: society.Society, sign_in: SignIn) -> None:
    """The policy would stop it; a page that needs it would then be broken."""
    known = known_in(town)
    pages = 0
    for name in SOMEBODY:
        client = sign_in(name)
        for route, _view in routes():
            answer = client.get(filled(route, known), follow=True)
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            html = answer.content.decode()
            assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", html), route
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", html), route
            assert not re.search(
                r"<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)=\"(?:https?:)?//", html
            ), route
            pages += 1
    assert pages > 50


def test_static_files_carry_them_too() -> None:
    answer = Client().get(f"{settings.STATIC_URL}ui/stile.css")
    assert b"".join(answer.streaming_content)
    answer.close()
    assert policy_of(answer)["default-src"] == ["'self'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_signing_out_clears_what_the_browser_kept(town: society.Society, sign_in: SignIn) -> None:
    client = sign_in("Dee")
    assert "Clear-Site-Data" not in client.get("/in/").headers
    answer = client.post("/sign-out/")
    assert answer.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert answer.headers["Clear-Site-Data"] == '"cache"'


# ---------------------------------------------------------------- https


def test_behind_tls_everything_is_https_whatever_a_header_says(settings: Any, db: None) -> None:
    settings.HTTPS = True
    for said in ({}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Ssl": "off"}, {"Forwarded": "proto=http"}):
        answer = Client().get("/help-now/", headers=said)
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert answer.wsgi_request.is_secure()
    here = {"Host": "testserver"}
    taken = Client().post("/talk/", headers={**here, "Origin": "https://testserver"})
    refused = Client().post("/talk/", headers={**here, "Origin": "http://testserver"})
    assert (taken.status_code != 403, refused.status_code) == (True, 403)


def test_without_tls_no_header_makes_it_so(db: None) -> None:
    answer = Client().get("/help-now/", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in answer.headers
    assert not answer.wsgi_request.is_secure()


# ---------------------------------------------------------------- packing


def test_pages_of_somebody_signed_in_are_not_packed(town: society.Society, sign_in: SignIn) -> None:
    """A page's packed length tells what it holds to whoever can have it fetched with words of theirs (BREACH)."""
    packed = {"accept-encoding": "gzip, br, deflate"}
    for name in ("Lena", "Jo", "Dee"):
        for address in ("/in/", "/find/?q=drawing", "/"):
            answer = sign_in(name).get(address, headers=packed, follow=True)
            assert "Content-Encoding" not in answer.headers, (name, address)
    assert sign_in("").get("/", headers=packed).headers["Content-Encoding"] == "gzip"


def test_an_answer_that_gives_a_session_is_not_packed(town: society.Society, sign_in: SignIn) -> None:
    answer = sign_in("").get("/sign-in/?next=/in/", headers={"accept-encoding": "gzip"})
    assert answer.cookies
    assert "Content-Encoding" not in answer.headers


# ---------------------------------------------------------------- methods and names


def test_pages_are_asked_in_three_ways_only(town: society.Society, sign_in: SignIn) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X"):
        for name, address in (("", "/find/"), ("", "/sign-in/"), ("Lena", "/in/")):
            answer = sign_in(name).generic(method, address)
            assert answer.status_code == 405
            assert answer.headers["Allow"] == "GET, HEAD, POST"
            assert policy_of(answer)["frame-ancestors"] == ["'none'"]


def test_a_header_or_a_field_turns_no_request_into_another(town: society.Society, sign_in: SignIn) -> None:
    for header in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method"]:
        client = sign_in("Dee")
        client.get("/sign-out/", {"_method": "POST", "_HttpMethod": "POST"}, headers={header: "POST"})
        assert client.get("/in/").status_code == 200
        client.post("/in/", {"_method": "DELETE"}, headers={header: "DELETE"})
        assert client.get("/in/").status_code == 200


def test_another_name_is_not_answered_to(visitor: Client) -> None:
    for host in [
        "evil.example",
        "testserver.evil.example",
        "testserver:80@evil.example",
        "evil.example:80",
        "testserver evil",
        "",
        "..",
        "[::1",
    ]:
        for address in ("/", "/sign-in/", f"/go/{MADE_UP}/card.txt", "/in"):
            answer = visitor.get(address, headers={"Host": host})
            assert answer.status_code == 400
            assert "evil" not in answer.content.decode()
            assert "Location" not in answer.headers


def test_no_other_header_names_the_site_or_the_page(town: society.Society, sign_in: SignIn) -> None:
    uid = activity()
    for header in ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"]:
        said = {header: "host=evil.example" if header == "Forwarded" else "evil.example/in/"}
        card = sign_in("").get(f"/go/{uid}/card.txt", headers=said)
        assert card.status_code == 200
        assert "evil" not in card.content.decode()
        assert "http://testserver" in card.content.decode()
        calendar = sign_in("").get(f"/go/{uid}/calendar.ics", headers=said)
        assert "evil" not in calendar.content.decode()


# ---------------------------------------------------------------- climbing out


CLIMBS = [
    "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//....//etc/passwd",
    "..%5c..%5cetc%5cpasswd", "%252e%252e%252fetc%252fpasswd", "/etc/passwd", "%00", "..;/", "%c0%ae%c0%ae/", "settings.py",
    "../settings.py", "~root/.ssh/id_rsa", ".git/config", ".env",
]  # fmt: skip


@pytest.mark.parametrize("climb", CLIMBS)
def test_nothing_is_read_outside_what_is_served(climb: str, visitor: Client) -> None:
    uid, client = MADE_UP, visitor
    for base in (
        settings.STATIC_URL, f"{settings.STATIC_URL}ui/", "/static/", "/", f"/go/{uid}/card.", f"/go/{uid}/",
        "/go/", "/design/", "/come-in/", "/sign-in/link/",
    ):  # fmt: skip
        answer = client.get(f"{base}{climb}", follow=True)
        assert answer.status_code in (400, 404, 405, 410) or not answer.headers["Content-Type"].startswith(
            "text/plain"
        )
        text = answer.content.decode(errors="replace") if not answer.streaming else ""
        assert not re.search(r"root:x:|SECRET_KEY|INSTALLED_APPS|\[core\]", text), base


def test_no_folder_is_listed() -> None:
    for folder in ("", "ui/", "ui"):
        assert Client().get(settings.STATIC_URL + folder).status_code == 404


def test_only_files_of_ours_of_a_few_kinds_are_served() -> None:
    kinds = {
        path.suffix
        for path in (Path(middleware.__file__).parents[1]).glob("**/static/**/*")
        if path.is_file()
    }
    assert kinds <= {
        ".css",
        ".js",
        ".svg",
        ".png",
        ".woff2",
        ".ico",
        ".webp",
        ".txt",
        ".json",
        ".webmanifest",
    }


# ---------------------------------------------------------------- errors


def test_an_error_page_tells_nothing_of_what_broke(
    town: society.Society, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("canary-7f3a SELECT secret FROM people_youngperson /src/stile")

    monkeypatch.setattr("stile.loop.match.queries.shortlist", breaks)
    monkeypatch.setattr("stile.people.queries.staff.house_name", breaks)
    for name, address in (("", "/find/"), ("Lena", "/find/"), ("Lena", "/in/")):
        answer = sign_in(name).get(address)
        page = answer.content.decode()
        assert answer.status_code == 500, address
        assert "canary" not in page
        assert not re.search(r"Traceback|RuntimeError|SELECT|/src/|\.py\b|Django|Lena", page)
        assert 'href="/help-now/"' in page
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["", "Lena", "Jo"])
def test_a_missing_page_says_the_same_to_everybody_and_repeats_nothing(
    name: str, town: society.Society, sign_in: SignIn
) -> None:
    page = sign_in(name).get("/no-such-page-canary-91/<b>").content.decode()
    assert page.count("canary-91") == page.count("/cy/no-such-page-canary-91")  # the same address in Welsh
    assert "<b>" not in page.split("<main")[1].split("</main")[0]
    for word in ("Lena", "urlpatterns", "Traceback", "resolver"):
        assert word not in page


def test_what_is_too_big_is_not_read(town: society.Society, sign_in: SignIn) -> None:
    address = reverse("wrong", args=[activity()])
    assert sign_in("").post(address, {"what": "closed", "words": "x" * 300_000}).status_code == 413
    many = {f"field{number}": "x" for number in range(500)}
    assert sign_in("").post(address, {"what": "closed", **many}).status_code == 400
