"""Who works here: invited by mail, seen out, given a fresh start; and what nobody can do with any of it."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.policy.words import Role
from stile.kernel.decision import Refused
from stile.people.actions import staff
from stile.people.queries import staff as queries
from tests.people import signed_in
from tests.people.conftest import Letters
from tests.people.passkey import Passkey
from tests.people.test_signin import link_in
from tests.people.test_signin_second import by_mail, make_passkey, set_up_app, show_passkey
from tests.society import Society


def invite(town: Society, letters: Letters, who: str = "Ada", **said: str) -> list[Any]:
    client = signed_in.client(*town.staff[who])
    with letters() as sent:
        answer = client.post(
            "/staff/", {"name": "Nell", "email": "nell@example.org", "role": "coordinator", **said}
        )
    assert answer.status_code == 302, answer.content.decode()
    return sent


def test_an_invitation_goes_to_the_mailbox_and_is_shown_to_nobody(town: Society, letters: Letters) -> None:
    client = signed_in.client(*town.staff["Ada"])
    sent = invite(town, letters)
    link = link_in(sent[0])
    assert link.split("/")[2] not in client.get("/staff/").content.decode()
    visitor = signed_in.visitor()
    assert "Hedgerow invites you" in visitor.get(link).content.decode()
    assert "Hello Nell" in visitor.post(link, follow=True).content.decode()
    assert "Nell" in client.get("/staff/").content.decode()


def test_an_invitation_works_once(town: Society, letters: Letters) -> None:
    link = link_in(invite(town, letters)[0])
    assert signed_in.visitor().post(link).status_code == 302
    assert signed_in.visitor().post(link).status_code == 410
    assert signed_in.visitor().get("/come-in/nothing-like-it/").status_code == 410


def test_an_invitation_runs_out(town: Society, letters: Letters, monkeypatch: Any) -> None:
    link = link_in(invite(town, letters)[0])
    later = timezone.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert signed_in.visitor().get(link).status_code == 410


def test_one_sent_again_ends_the_first_and_one_taken_back_ends(town: Society, letters: Letters) -> None:
    client = signed_in.client(*town.staff["Ada"])
    first = link_in(invite(town, letters)[0])
    waiting = re.findall(r'action="(/staff/invitation/[^"]+)"', client.get("/staff/").content.decode())
    with letters() as sent:
        client.post(waiting[0], {"resend": "1"})
    second = link_in(sent[0])
    assert signed_in.visitor().get(first).status_code == 410
    assert signed_in.visitor().get(second).status_code == 200
    waiting = re.findall(r'action="(/staff/invitation/[^"]+)"', client.get("/staff/").content.decode())
    client.post(waiting[0], {"withdraw": "1"})
    assert signed_in.visitor().get(second).status_code == 410


@pytest.mark.parametrize("who", ["Lena", "Sid", "Dee", "Flo", "Jo", "Dot"])
def test_who_does_not_keep_staff_sees_that_nothing_is_there(town: Society, who: str) -> None:
    client = signed_in.client(*town.staff[who])
    assert client.get("/staff/").status_code == 404
    assert client.post("/staff/", {"name": "X", "email": "x@example.org", "role": "admin"}).status_code == 404


def test_a_manager_makes_no_administrator(town: Society, letters: Letters) -> None:
    client = signed_in.client(*town.staff["Max"])
    assert 'value="admin"' not in client.get("/staff/").content.decode()
    answer = client.post("/staff/", {"name": "X", "email": "x@example.org", "role": "admin"})
    assert answer.status_code == 200
    with town.as_("Max") as actor, pytest.raises(Refused):
        staff.invite(by=actor, role=Role.ADMIN, team_id=None, name="X", email="x@example.org", at=town.now)
    ada = town.staff["Ada"][1]
    assert "Only an administrator" in client.post(f"/staff/{ada}/", {"leave": "1"}).content.decode()


def test_another_organisations_colleague_is_not_there(town: Society, letters: Letters) -> None:
    client = signed_in.client(*town.staff["Ada"])
    liam = town.staff["Liam"][1]
    assert client.get(f"/staff/{liam}/").status_code == 404
    assert client.post(f"/staff/{liam}/", {"leave": "1"}).status_code == 404
    assert client.post(f"/staff/{liam}/", {"fresh": "1"}).status_code == 404
    assert client.get(f"/staff/{uuid4()}/").status_code == 404


def test_H22_nobody_leaves_young_people_behind(town: Society) -> None:
    client = signed_in.client(*town.staff["Ada"])
    account, lena = town.staff["Lena"]
    answer = client.post(f"/staff/{lena}/", {"leave": "1"})
    assert answer.status_code == 422
    assert "Hand those over first" in answer.content.decode()
    with town.as_("Ada"), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_membership SET until = now() WHERE id = %s", [lena])
    assert signed_in.client(account, lena).get("/in/").status_code == 200


def test_H22_once_handed_over_they_go_and_nothing_opens_from_then_on(town: Society, monkeypatch: Any) -> None:
    now = town.now + timedelta(seconds=1)  # before the database's clock, which stands still within a test
    with town.as_("Max") as max_:
        for name in ("Jo", "Ash"):
            access.tie(
                by=max_, kind="linked", person_id=town.people[name], team_id=town.teams["East"],
                membership_id=town.staff["Max"][1] if name == "Jo" else town.staff["Luke"][1], why="handed over", at=now,
            )  # fmt: skip
            for tie in reach.ties(town.people[name], now):
                if tie.kind == "linked" and tie.membership_id == town.staff["Lena"][1]:
                    assert access.untie(by=max_, tie_id=tie.id, at=now)
    hers, ada = (signed_in.client(*town.staff[name]) for name in ("Lena", "Ada"))
    assert hers.get("/in/").status_code == 200
    with monkeypatch.context() as clock:
        clock.setattr("django.utils.timezone.now", lambda: now)
        assert ada.post(f"/staff/{town.staff['Lena'][1]}/", {"leave": "1"}).status_code == 302
    assert hers.get("/in/").status_code == 404


def test_the_last_administrator_stays(town: Society) -> None:
    ada = town.staff["Ada"]
    assert (
        "last administrator"
        in signed_in.client(*ada).post(f"/staff/{ada[1]}/", {"leave": "1"}).content.decode()
    )


def test_a_fresh_start_ends_every_key_and_every_sign_in(town: Society, letters: Letters) -> None:
    key = Passkey()
    lena = by_mail(letters, "lena@example.org")
    make_passkey(lena, key)
    lena.get("/sign-in/as/")
    assert lena.get("/in/").status_code == 200
    with letters() as sent:
        answer = signed_in.client(*town.staff["Ada"]).post(f"/staff/{town.staff['Lena'][1]}/", {"fresh": "1"})
    assert answer.headers["Location"] == "/staff/?done=fresh"
    assert sent[0].to == ["lena@example.org"]
    assert lena.get("/in/").status_code == 200, "nothing ends before she uses it"

    again = signed_in.visitor()
    with letters() as told:
        assert again.post(link_in(sent[0])).headers["Location"] == "/sign-in/second/"
    assert "fresh start" in told[0].body
    assert lena.get("/in/").headers["Location"].startswith("/sign-in/")
    assert show_passkey(signed_in.visitor(), key).status_code == 400
    set_up_app(again)
    again.get("/sign-in/as/")
    assert again.get("/in/").status_code == 200
    assert queries.colleague(town.staff["Lena"][1]) in ("", "Lena")


def test_a_manager_sends_no_fresh_start_and_the_database_agrees(town: Society, letters: Letters) -> None:
    lena = town.staff["Lena"][1]
    answer = signed_in.client(*town.staff["Max"]).post(f"/staff/{lena}/", {"fresh": "1"})
    assert "Only an administrator" in answer.content.decode()
    row = (
        "INSERT INTO people_invitation (id, token_hash, email, name, role, organisation_id, author_id, renews_id,"
        " made_at, ends_at) VALUES (gen_random_uuid(), %s, %s, 'x', 'link_worker', %s, %s, %s, now(), now() + interval '1 day')"
    )  # fmt: skip
    house, other = town.houses["Hedgerow"], town.staff["Liam"][1]
    for who, email, renews in (("Max", "", lena), ("Ada", "", other), ("Ada", "ada@example.org", lena)):
        with (
            town.as_(who) as actor,
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(row, [uuid4().hex, email, house, actor.membership_id, renews])


def test_without_mail_nobody_is_invited_and_the_page_says_what_to_do(town: Society, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    answer = signed_in.client(*town.staff["Ada"]).post(
        "/staff/", {"name": "Nell", "email": "nell@example.org", "role": "coordinator"}
    )
    assert "stile people invite" in answer.content.decode()
    assert "send e-mail yet" in signed_in.visitor().get("/sign-in/").content.decode()


def test_an_invitation_to_a_known_address_adds_a_role_and_no_proof(town: Society, letters: Letters) -> None:
    """Lena, who has a second key, is invited by a charity: its invitation opens the charity's role only."""
    set_up_app(by_mail(letters, "lena@example.org"))
    sent = invite(town, letters, "Cleo", email="lena@example.org", name="Lena S")
    client = signed_in.visitor()
    assert client.post(link_in(sent[0]), follow=True).redirect_chain[-1][0] == "/in/"
    page = client.get("/sign-in/as/").content.decode()
    worker = re.search(r'value="([^"]+)"><span>Link worker', page)
    assert worker
    assert client.post("/sign-in/as/", {"as": worker[1]}).headers["Location"] == "/sign-in/second/"


def test_a_young_persons_invitation_never_opens_a_colleagues_account(town: Society, letters: Letters) -> None:
    """Its token passes through a worker's hands: it makes an account of its own and attaches to none."""
    with town.as_("Lena") as lena:
        token = staff.invite_young_person(
            by=lena, person_id=town.people["Ash"], name="Ash", at=timezone.now()
        )
    account, _ = staff.take_invitation(token=token, at=timezone.now())
    assert account not in {pair[0] for pair in town.staff.values()}


def test_nobody_acts_as_what_is_not_theirs(town: Society, letters: Letters) -> None:
    client = by_mail(letters, "dee@example.org")
    answer = client.post("/sign-in/as/", {"as": str(town.staff["Cleo"][1])})
    assert answer.status_code == 200
    crossed = signed_in.client(town.staff["Dee"][0], town.staff["Cleo"][1])
    assert crossed.get("/in/").status_code == 404
