"""Coming in by a code, a link or an invitation; as what; and out again."""

import re
from typing import Any

import pytest
from django.test import Client

from tests import society
from tests.people import signed_in


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


def test_the_test_client_is_not_a_way_round(town: society.Society) -> None:
    """What signed_in.py makes is what the gate reads: weaker proof opens nothing for a link worker."""
    weak = signed_in.client(*town.staff["Lena"], proved=("mail",))
    assert weak.get("/in/").headers["Location"].startswith("/sign-in/second/")
    assert Client().get("/in/").status_code == 302
