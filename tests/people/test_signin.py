"""Coming in by a code, a link or an invitation; as what; and out again."""

import re
from typing import Any

import pytest
from django.core import mail as outbox

from stile.people.actions import mail
from tests import society
from tests.people import signed_in


@pytest.fixture
def town(db: None) -> society.Society:
    return society.build()


@pytest.fixture
def letters(settings: Any, django_capture_on_commit_callbacks: Any) -> Any:
    """What was mailed by what is done inside: `with letters() as sent: ...`."""
    from contextlib import contextmanager

    @contextmanager
    def inside() -> Any:
        outbox.outbox.clear()
        sent: list[Any] = []
        with django_capture_on_commit_callbacks(execute=True):
            yield sent
        mail.all_sent()
        sent.extend(outbox.outbox)

    return inside


def code_in(letter: Any) -> str:
    found = re.search(r"\b(\d{4} \d{4})\b", letter.body)
    assert found
    return found[1]


def link_in(letter: Any) -> str:
    found = re.search(r"http://testserver(/\S+)", letter.body)
    assert found
    return found[1]


def test_a_code_lets_a_coordinator_in(town: society.Society, letters: Any) -> None:
    client = signed_in.visitor()
    with letters() as sent:
        answer = client.post("/sign-in/", {"email": "Dee@Example.org"}, follow=True)
    assert answer.redirect_chain == [("/sign-in/code/", 302)]
    answer = client.post("/sign-in/code/", {"code": code_in(sent[0])}, follow=True)
    assert answer.redirect_chain[-1][0] == "/in/"
    assert "Dee" in answer.content.decode()


def test_signed_out_is_out(town: society.Society) -> None:
    client = signed_in.client(*town.staff["Dee"])
    assert client.get("/in/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/in/").headers["Location"] == "/sign-in/?next=%2Fin%2F"


def test_a_page_asked_for_without_signing_in_comes_after_it(town: society.Society, letters: Any) -> None:
    client = signed_in.visitor()
    client.get("/sign-in/?next=/in/%3Fhere%3D1")
    with letters() as sent:
        client.post("/sign-in/", {"email": "dee@example.org"})
    answer = client.post("/sign-in/code/", {"code": code_in(sent[0])}, follow=True)
    assert answer.redirect_chain[-1][0] == "/in/?here=1"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(town: society.Society, letters: Any, wanted: str) -> None:
    client = signed_in.visitor()
    client.get("/sign-in/", {"next": wanted})
    with letters() as sent:
        client.post("/sign-in/", {"email": "dee@example.org"})
    answer = client.post("/sign-in/code/", {"code": code_in(sent[0])}, follow=True)
    assert answer.redirect_chain[-1][0] == "/in/"
