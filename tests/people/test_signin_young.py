"""A young person's own account: optional, handed over by their worker, and mailed only where they said it is safe."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from stile.access.entry import tidying
from stile.access.gate import working_as
from stile.kernel.answer import Answer
from stile.people.actions import contact, staff
from stile.people.models import ContactRoute, Invitation
from tests.people import signed_in
from tests.people.conftest import Letters
from tests.people.passkey import Passkey
from tests.people.test_signin import code_in, link_in
from tests.people.test_signin_second import by_mail, make_passkey, set_up_app, show_passkey
from tests.society import Society

OWN = "ash@example.net"


@pytest.fixture
def ash(town: Society) -> Client:
    """Ash, who took the invitation that Lena handed over, on a device of their own."""
    with town.as_("Lena") as lena:
        token = staff.invite_young_person(
            by=lena, person_id=town.people["Ash"], name="Ash", at=timezone.now()
        )
    client = signed_in.visitor()
    page = client.get(f"/come-in/{token}/").content.decode()
    assert "You don’t have to have one" in page
    assert "Hedgerow" not in page
    assert "Hello Ash" in client.post(f"/come-in/{token}/", follow=True).content.decode()
    return client


def gives_address(client: Client, letters: Letters, address: str = OWN) -> Any:
    with letters() as sent:
        client.post("/in/ways/address/", {"email": address, "only_me": "on"})
    return client.post("/in/ways/address/code/", {"code": code_in(sent[0])})


def test_they_need_no_second_step_and_keep_no_staff(town: Society, ash: Client) -> None:
    assert ash.get("/staff/").status_code == 404
    assert ash.get("/in/ways/").status_code == 200


def test_a_passkey_brings_them_back(town: Society, ash: Client) -> None:
    key = Passkey()
    assert make_passkey(ash, key).status_code == 200
    again = signed_in.visitor()
    show_passkey(again, key)
    assert "Hello Ash" in again.get("/sign-in/as/", follow=True).content.decode()


def test_an_address_they_proved_and_called_their_own_brings_them_back(
    town: Society, ash: Client, letters: Letters
) -> None:
    assert gives_address(ash, letters).headers["Location"] == "/in/ways/"
    assert "Hello Ash" in by_mail(letters, OWN).get("/sign-in/as/", follow=True).content.decode()
    with town.as_("Lena"):
        route = ContactRoute.objects.get(person_id=town.people["Ash"], kind="email")
        assert (route.ok, route.whose, route.seen_by_others) == ("yes", "own", "no")


def test_an_address_that_others_read_is_not_taken(town: Society, ash: Client, letters: Letters) -> None:
    with letters() as sent:
        answer = ash.post("/in/ways/address/", {"email": OWN})
    assert "yours alone" in answer.content.decode()
    assert sent == []


def test_an_address_is_nobodys_until_its_code_is_typed(town: Society, ash: Client, letters: Letters) -> None:
    with letters():
        ash.post("/in/ways/address/", {"email": OWN, "only_me": "on"})
    assert "not right" in ash.post("/in/ways/address/code/", {"code": "00000000"}).content.decode()
    with letters() as sent:
        signed_in.visitor().post("/sign-in/", {"email": OWN})
    assert sent == []


@pytest.mark.parametrize("turned", ["off", "no longer safe", "all stopped"])
def test_H02_no_code_goes_where_they_said_it_is_not_safe_any_more(
    town: Society, ash: Client, letters: Letters, turned: str
) -> None:
    gives_address(ash, letters)
    with town.as_("Lena") as lena:
        route = ContactRoute.objects.get(person_id=town.people["Ash"], kind="email").id
        if turned == "off":
            contact.turn_off(by=lena, route_id=route, at=timezone.now())
        elif turned == "all stopped":
            contact.stop_all(by=lena, person_id=town.people["Ash"], at=timezone.now())
        else:
            contact.confirm(
                by=lena, route_id=route, ok=Answer.NO, seen_by_others=Answer.YES, leave_message=Answer.NO, at=timezone.now()
            )  # fmt: skip
    with letters() as sent:
        answer = signed_in.visitor().post("/sign-in/", {"email": OWN}, follow=True)
    assert sent == []
    assert "on its way" in answer.content.decode(), "and whoever asks is told what everybody is told"


def test_what_is_mailed_says_nothing_of_why(town: Society, ash: Client, letters: Letters) -> None:
    gives_address(ash, letters)
    with letters() as sent:
        signed_in.visitor().post("/sign-in/", {"email": OWN})
    said = (sent[0].subject + sent[0].body).lower()
    for word in ("ash", "lena", "hedgerow", "link worker", "referr", "support", "health"):
        assert word not in said


def test_another_accounts_address_cannot_be_taken(town: Society, ash: Client, letters: Letters) -> None:
    answer = gives_address(ash, letters, "dee@example.org")
    assert "Another account uses this address" in answer.content.decode()


def test_changing_an_address_tells_the_one_before(town: Society, letters: Letters) -> None:
    client = signed_in.client(*town.staff["Dee"])
    with letters() as sent:
        client.post("/in/ways/address/", {"email": "dee.new@example.org"})
    with letters() as told:
        client.post("/in/ways/address/code/", {"code": code_in(sent[0])})
    assert told[0].to == ["dee@example.org"]
    assert "another address" in told[0].body


# ---------------------------------------------------------------- keys of one's own


def test_the_last_key_of_whoever_opens_records_stays(town: Society, letters: Letters) -> None:
    client = by_mail(letters, "lena@example.org")
    set_up_app(client)
    client.get("/sign-in/as/")
    page = client.get("/in/ways/").content.decode()
    remove = page.split('action="/in/ways/key/')[1].split('"')[0]
    assert "Add another before" in client.post(f"/in/ways/key/{remove}").content.decode()
    make_passkey(client, Passkey())
    with letters() as told:
        assert client.post(f"/in/ways/key/{remove}").status_code == 302
    assert "authenticator app was removed" in told[0].body


def test_nobody_removes_a_colleagues_key(town: Society, letters: Letters) -> None:
    hers = by_mail(letters, "lena@example.org")
    set_up_app(hers)
    hers.get("/sign-in/as/")
    key = hers.get("/in/ways/").content.decode().split('action="/in/ways/key/')[1].split('"')[0]
    his = by_mail(letters, "max@example.org")
    set_up_app(his)
    make_passkey(his, Passkey())
    his.get("/sign-in/as/")
    his.post(f"/in/ways/key/{key}")
    assert f"/in/ways/key/{key}" in hers.get("/in/ways/").content.decode()


# ---------------------------------------------------------------- the operator's keyboard, and the clock


def test_the_operator_lets_the_first_and_the_last_administrator_in(town: Society, letters: Letters) -> None:
    assert staff.fresh_start_by_operator(email="nobody@example.org", at=timezone.now()) is None
    set_up_app(by_mail(letters, "ada@example.org"))
    token = staff.fresh_start_by_operator(email="Ada@example.org", at=timezone.now())
    client = signed_in.visitor()
    assert client.post(f"/come-in/{token}/").headers["Location"] == "/sign-in/second/"
    assert "First, a second key" in client.get("/sign-in/second/").content.decode()


def test_what_has_run_out_goes_and_nothing_else(town: Society, letters: Letters) -> None:
    client = by_mail(letters, "dee@example.org")
    client.get("/sign-in/as/")
    assert tidying.forget_old() == 0
    with working_as("stile_signin"), connection.cursor() as cursor:
        cursor.execute("UPDATE access_code SET ends_at = now() - interval '1 minute'")
        codes = cursor.rowcount
        cursor.execute("UPDATE access_knowndevice SET known_until = now() - interval '1 minute'")
        codes += cursor.rowcount
    assert codes >= 2
    assert tidying.forget_old() == codes
    assert client.get("/in/").status_code == 200


def test_an_invitation_is_kept_as_its_hash(town: Society, letters: Letters) -> None:
    with letters() as sent:
        signed_in.client(*town.staff["Ada"]).post(
            "/staff/", {"name": "Nell", "email": "nell@example.org", "role": "coordinator"}
        )
    token = link_in(sent[0]).split("/")[2]
    with town.as_("Ada"):
        made = Invitation.objects.order_by("-made_at").first()
        assert made is not None
        assert token not in str(vars(made))
        assert made.ends_at - made.made_at == timedelta(days=7)
