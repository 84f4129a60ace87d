""" "Tell them I'm coming" is said to be sent only when it was, and nothing is kept when it was not."""

from smtplib import SMTPServerDisconnected
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from stile.loop.directory.queries import listings

from .making import organisation, place, service, take

pytestmark = pytest.mark.django_db
SAID = {"name": "Jo", "reply": "jo@example.org", "first_time": "on"}


@pytest.fixture
def uid(settings: Any) -> UUID:
    settings.EMAIL_HOST = "mail.example"
    take(service("a", organisation=organisation(), at=place(), email="club@example.org"))
    (one,) = listings()
    return UUID(str(one.uid))


def sent(client: Client, uid: UUID) -> str:
    answer = client.post(f"/go/{uid}/tell/", SAID, headers={"sec-fetch-site": "same-origin"})
    return str(answer["Location"]).partition("thanks=")[2]


def test_it_goes_to_the_group_and_to_nobody_else(client: Client, uid: UUID) -> None:
    assert sent(client, uid) == "told"
    (letter,) = mail.outbox
    assert letter.recipients() == ["club@example.org"]
    assert "Jo" in letter.body
    assert "first time" in letter.body
    assert "jo@example.org" in letter.body


def test_from_a_welsh_page_it_is_in_welsh_and_then_in_english(client: Client, uid: UUID) -> None:
    client.post(f"/cy/go/{uid}/tell/", SAID, headers={"sec-fetch-site": "same-origin"})
    (letter,) = mail.outbox
    assert letter.subject.startswith("Mae rhywun yn dod i ")
    assert letter.body.index("Hoffai Jo ddod") < letter.body.index("Jo would like to come")
    assert letter.body.count("jo@example.org") == 2


def test_where_no_mail_leaves_nothing_is_kept_and_the_page_says_so(
    client: Client, uid: UUID, settings: Any
) -> None:
    settings.EMAIL_HOST = ""
    assert sent(client, uid) == "not-told"
    assert mail.outbox == []
    assert b"Tell them" not in client.get(f"/go/{uid}/").content


def test_a_mail_server_that_hangs_up_is_not_called_sent(
    client: Client, uid: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang_up(*_words: Any) -> int:
        raise SMTPServerDisconnected

    monkeypatch.setattr("stile.loop.directory.views.send_mail", hang_up)
    assert sent(client, uid) == "not-told"
