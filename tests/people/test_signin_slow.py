"""Guessing is slow, nobody is locked out by somebody else, and the answer is the same for every address."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stile.access.gate import working_as
from stile.access.policy.entry import CODE_TRIES, LIMITS
from tests.people import signed_in
from tests.people.conftest import Letters
from tests.people.test_signin import code_in, link_in
from tests.society import Society

DEE = "dee@example.org"


def ask(client: Client, letters: Letters, email: str = DEE, place: str = "10.0.0.1") -> list[Any]:
    with letters() as sent:
        client.post("/sign-in/", {"email": email}, REMOTE_ADDR=place)
    return sent


def type_in(client: Client, code: str, place: str = "10.0.0.1") -> Any:
    return client.post("/sign-in/code/", {"code": code}, REMOTE_ADDR=place)


# ---------------------------------------------------------------- the same answer for every address


def test_a_known_and_an_unknown_address_are_answered_alike(town: Society, letters: Letters) -> None:
    pages = []
    for email in (DEE, "nobody@example.org"):
        client = signed_in.visitor()
        with letters():
            answer = client.post("/sign-in/", {"email": email}, follow=True)
        wrong = type_in(client, "00000000")
        pages.append(
            (answer.redirect_chain, answer.content, answer.status_code, wrong.content, wrong.status_code)
        )
    assert pages[0] == pages[1]


def _asked_of_the_database(email: str) -> list[str]:
    client = signed_in.visitor()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.post("/sign-in/", {"email": email})
    return [re.sub(r"'[^']*'(?:::\w+)?|\"s\d+_x\d+\"|\bNULL\b|\b\d+\b", "?", one["sql"]) for one in queries]


def test_a_known_and_an_unknown_address_take_the_same_work(town: Society) -> None:
    """The mail goes after the answer, in a thread; up to then the database is asked the same things."""
    assert _asked_of_the_database(DEE) == _asked_of_the_database("nobody@example.org")


def test_mail_is_not_waited_for(town: Society, letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    gone = threading.Event()
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", lambda self, some: gone.wait(30)
    )
    client = signed_in.visitor()
    with letters():
        assert client.post("/sign-in/", {"email": DEE}).status_code == 302
        assert not gone.is_set()
        gone.set()


# ---------------------------------------------------------------- guessing


def test_five_wrong_codes_end_a_code(town: Society, letters: Letters) -> None:
    client = signed_in.visitor()
    code = code_in(ask(client, letters)[0])
    for n in range(CODE_TRIES):
        assert type_in(client, f"{n:08d}").status_code == 200
    assert "not right" in type_in(client, code).content.decode()


def test_a_code_works_in_the_browser_that_asked_and_once(town: Society, letters: Letters) -> None:
    mine, other = signed_in.visitor(), signed_in.visitor()
    code = code_in(ask(mine, letters)[0])
    ask(other, letters, "per@example.org")
    assert type_in(other, code).status_code == 200
    assert type_in(mine, code).status_code == 302
    assert type_in(mine, code).status_code == 200


def test_a_code_and_its_link_run_out(
    town: Society, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in.visitor()
    sent = ask(client, letters)
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert type_in(client, code_in(sent[0])).status_code == 200
    assert signed_in.visitor().post(link_in(sent[0])).status_code == 200


def test_opening_the_link_uses_nothing_up_and_the_button_works_once(town: Society, letters: Letters) -> None:
    link = link_in(ask(signed_in.visitor(), letters)[0])
    for _ in range(3):  # a mail program looks ahead
        assert signed_in.visitor().get(link).status_code == 200
    assert signed_in.visitor().post(link).headers["Location"] == "/sign-in/as/"
    assert "was used" in signed_in.visitor().post(link).content.decode()


def test_one_place_that_tries_much_is_slowed_and_the_others_are_not(town: Society, letters: Letters) -> None:
    noisy = signed_in.visitor()
    for n in range(LIMITS["open-place"].most):
        type_in(noisy, f"{n:08d}", "10.9.9.9")
    assert "a lot of tries" in type_in(noisy, "00000000", "10.9.9.9").content.decode()
    client = signed_in.visitor()
    assert type_in(client, code_in(ask(client, letters)[0])).status_code == 302


def test_a_place_that_asks_for_everybodys_codes_is_slowed(town: Society, letters: Letters) -> None:
    client = signed_in.visitor()
    for n in range(LIMITS["ask-place"].most):
        client.post("/sign-in/", {"email": f"a{n}@example.org"}, REMOTE_ADDR="10.9.9.9")
    assert (
        "a lot of tries" in client.post("/sign-in/", {"email": DEE}, REMOTE_ADDR="10.9.9.9").content.decode()
    )
    assert len(ask(signed_in.visitor(), letters)) == 1


# ---------------------------------------------------------------- nobody locks somebody else out


def test_a_mailbox_is_not_flooded_and_the_last_code_still_works(town: Society, letters: Letters) -> None:
    client = signed_in.visitor()
    sent = [letter for _ in range(9) for letter in ask(client, letters)]
    assert len(sent) == LIMITS["ask-here"].most
    assert type_in(client, code_in(sent[-1])).status_code == 302


def test_strangers_everywhere_slow_only_places_nobody_came_in_by(town: Society, letters: Letters) -> None:
    """A browser Dee came in by before gets its code while a hundred places ask in her name."""
    hers = signed_in.visitor()
    code = code_in(ask(hers, letters)[0])
    type_in(hers, code)
    hers.get("/sign-in/as/")
    hers.post("/sign-out/")
    strangers = [
        letter for n in range(60) for letter in ask(signed_in.visitor(), letters, place=f"10.2.0.{n}")
    ]
    assert len(strangers) <= LIMITS["ask-anywhere"].most
    assert ask(signed_in.visitor(), letters, place="10.3.0.1") == [], "slowed for strangers"
    mine = ask(hers, letters)
    assert type_in(hers, code_in(mine[0])).status_code == 302


def test_being_slowed_lasts_a_while_and_no_longer(
    town: Society, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(LIMITS["ask-anywhere"].most + 30):
        ask(signed_in.visitor(), letters, place=f"10.2.0.{n}")
    assert ask(signed_in.visitor(), letters) == []
    later = timezone.now() + LIMITS["ask-anywhere"].within + timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert len(ask(signed_in.visitor(), letters)) == 1


def test_nothing_said_or_tried_shuts_an_account(town: Society, letters: Letters) -> None:
    thief = signed_in.visitor()
    ask(thief, letters)
    for n in range(50):
        type_in(thief, f"{n:08d}")
    with working_as("stile_signin"), connection.cursor() as cursor:
        cursor.execute("SELECT is_active FROM people_account WHERE email = %s", [DEE])
        assert cursor.fetchone() == (True,)
    assert signed_in.client(*town.staff["Dee"]).get("/in/").status_code == 200


def test_the_place_is_the_one_our_own_proxy_saw(town: Society, letters: Letters, settings: Any) -> None:
    """What a visitor writes into the header themself is to the left, and not read."""
    settings.PROXIES = 1
    for n in range(LIMITS["ask-place"].most):
        signed_in.visitor().post(
            "/sign-in/", {"email": f"a{n}@example.org"}, headers={"X-Forwarded-For": f"10.5.5.{n}, 192.0.2.7"}
        )
    more = {"headers": {"X-Forwarded-For": "10.6.6.6, 192.0.2.7"}}
    assert "a lot of tries" in signed_in.visitor().post("/sign-in/", {"email": DEE}, **more).content.decode()


def test_what_is_kept_names_nobody(town: Society, letters: Letters) -> None:
    ask(signed_in.visitor(), letters)
    with working_as("stile_signin"), connection.cursor() as cursor:
        for table in ("access_try", "access_code"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            said = cursor.fetchone()[0]
            assert "dee" not in said.lower()
            assert "10.0.0.1" not in said
