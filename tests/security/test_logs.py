"""What ends in a log: one line for one event, ids, and no word that anybody wrote or came in by."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from stile.site.logs import WithoutQuery, plain
from tests import society
from tests.security.addresses import activity
from tests.security.conftest import SignIn


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the console would show, by the very handler of the settings."""
    shown = io.StringIO()
    handler = logging.StreamHandler(shown)
    kind = settings.LOGGING["formatters"]["plain"]
    handler.setFormatter(logging.Formatter(kind["format"], style=kind["style"]))
    handler.addFilter(WithoutQuery())
    logging.getLogger().addHandler(handler)
    yield shown
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Not Found: /find/?q=lonely&near=M33", "Not Found: /find/?..."),
        ("Gone: /come-in/0123456789abcdef0123456789abcdef/", "Gone: /come-in/.../"),
        ("Forbidden: /sign-in/link/aB3_dE-fGhIjKlMnOpQrStUvWxYz/", "Forbidden: /sign-in/link/.../"),
        ("Not Found: /go/3b093f71-8d9a-5a6e-8db6-32e1aaee16b2/", "Not Found: /go/3b093f71-8d9a-5a6e-8db6-32e1aaee16b2/"),
        ("no box for jo.bloggs@example.org", "no box for ..."),
        ("one\r\n2026-01-01 INFO all is well", "one\\r\\n2026-01-01 INFO all is well"),
        ("bell\a esc\x1b[2Jnul\0", "bell\\x07 esc\\x1b[2Jnul\\x00"),
        ("line\u2028sep\u202eturned\x85next", "line\\u2028sep\\u202eturned\\x85next"),
    ],
)  # fmt: skip
def test_one_event_is_one_line_without_words(told: str, kept: str) -> None:
    assert plain(told) == kept


@pytest.mark.parametrize(
    "ending", ["%0d%0aFAKE+line", "%0AFAKE+line", "%E2%80%A8FAKE+line", "%1b[31mFAKE+line"]
)
def test_an_address_writes_no_line_of_its_own(ending: str, visitor: Client, written: io.StringIO) -> None:
    visitor.get(f"/nowhere/{ending}/?secret=word")
    lines = written.getvalue().splitlines()
    assert len(lines) == 1
    assert "Not Found: /nowhere/" in lines[0]
    assert "secret" not in lines[0]
    assert "\x1b" not in lines[0]


def test_a_key_in_an_address_is_not_written_down(visitor: Client, written: io.StringIO) -> None:
    for address in ("/come-in/Zk3canaryZk3canaryZk3canary/", "/sign-in/link/Zk3canaryZk3canaryZk3canary/"):
        visitor.get(address)
        visitor.post(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert "Forbidden" in written.getvalue()
    assert "canary" not in written.getvalue()


def test_an_exception_is_told_without_its_text(
    visitor: Client, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise ValueError("Key (email)=(canary@example.org) already exists")

    monkeypatch.setattr("stile.loop.match.queries.shortlist", breaks)
    assert visitor.get("/find/?q=canary").status_code == 500
    said = written.getvalue()
    assert "canary" not in said
    assert "builtins.ValueError" in said
    assert "match/views.py" in said


def test_what_is_typed_into_forms_is_not_written_down(
    town: society.Society, sign_in: SignIn, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("stile.loop.directory.actions.report_wrong", breaks)
    monkeypatch.setattr("stile.people.actions.signin.ask", breaks)
    answers = [
        sign_in("").post(f"/go/{activity()}/wrong/", {"what": "closed", "words": "canary words"}),
        sign_in("").post("/sign-in/", {"email": "canary@example.org"}),
    ]
    assert [answer.status_code for answer in answers] == [500, 500]
    assert "ValueError" in written.getvalue()
    assert "canary" not in written.getvalue()


def test_every_handler_of_ours_filters(settings: Any) -> None:
    handlers = settings.LOGGING["handlers"]
    assert handlers
    assert [name for name, one in handlers.items() if "no_query" not in one.get("filters", ())] == []
    assert settings.LOGGING["loggers"]["gunicorn.error"]["handlers"] == ["console"]
    assert settings.LOGGING["root"]["level"] == "WARNING"
