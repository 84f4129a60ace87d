"""Sessions: bound to a role, twenty hours or fifteen minutes, listed and ended by their owner."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from stile.access import sessions
from stile.access.gate import working_as
from tests.people import signed_in
from tests.people.conftest import Letters
from tests.people.test_signin import code_in
from tests.society import Society


def row(client: Any) -> dict[str, Any]:
    key_hash = sessions._hash(client.cookies["stile"].value)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.session', %s, true)", [key_hash])
        cursor.execute("SELECT * FROM access_session WHERE key_hash = %s", [key_hash])
        found = cursor.fetchone()
        return dict(zip([one.name for one in cursor.description], found, strict=True))


def age(client: Any, by: timedelta) -> None:
    """As if the session were that much older."""
    key_hash = sessions._hash(client.cookies["stile"].value)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.session', %s, true)", [key_hash])
        cursor.execute(
            "UPDATE access_session SET started_at = started_at - %s, seen_at = seen_at - %s, ends_at = ends_at - %s",
            [by, by, by],
        )


def come_in(letters: Letters, *, shared: bool, email: str = "dee@example.org") -> Any:
    client = signed_in.visitor()
    with letters() as sent:
        client.post("/sign-in/", {"email": email, **({"shared": "on"} if shared else {})})
    client.post("/sign-in/code/", {"code": code_in(sent[0])})
    client.get("/sign-in/as/")
    assert client.get("/in/").status_code == 200
    return client


def test_a_session_ends_after_twenty_hours_however_busy(town: Society, letters: Letters) -> None:
    client = come_in(letters, shared=False)
    age(client, timedelta(hours=19, minutes=50))
    assert client.get("/in/").status_code == 200
    client.get("/sign-in/?next=/in/")  # writes to the session
    age(client, timedelta(minutes=11))
    assert client.get("/in/").status_code == 302


def test_on_a_shared_device_it_ends_fifteen_minutes_after_the_last_page(
    town: Society, letters: Letters
) -> None:
    client = come_in(letters, shared=True)
    assert "You are signed out at" in client.get("/in/").content.decode()
    for _ in range(3):
        age(client, timedelta(minutes=14))
        assert client.get("/in/").status_code == 200, "each page begins the time anew"
    age(client, timedelta(minutes=15, seconds=1))
    assert client.get("/in/").status_code == 302


def test_staying_begins_the_time_anew_and_never_past_twenty_hours(town: Society, letters: Letters) -> None:
    client = come_in(letters, shared=True)
    age(client, timedelta(minutes=14))
    assert client.post("/in/stay/", headers={"X-Requested-With": "stile"}).status_code == 204
    age(client, timedelta(minutes=14))
    assert client.post("/in/stay/").headers["Location"] == "/in/"
    kept = row(client)
    assert kept["ends_at"] <= kept["started_at"] + sessions.LASTS
    age(client, timedelta(hours=20) - (timezone.now() - row(client)["started_at"]) - timedelta(minutes=5))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_session SET ends_at = now() + interval '5 minutes' WHERE key_hash = %s",
            [kept["key_hash"]],
        )
    client.post("/in/stay/")
    assert row(client)["ends_at"] <= row(client)["started_at"] + sessions.LASTS


def test_on_a_shared_device_nothing_is_remembered(town: Society, letters: Letters) -> None:
    assert "stile-device" not in come_in(letters, shared=True).cookies
    assert "stile-device" in come_in(letters, shared=False).cookies


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(town: Society, letters: Letters) -> None:
    client = come_in(letters, shared=False)
    for name in ("stile", "stile-device"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_what_is_stored_opens_nothing(town: Society, letters: Letters) -> None:
    client = come_in(letters, shared=False)
    kept = row(client)
    assert client.cookies["stile"].value not in str(kept)
    client.cookies["stile"] = kept["key_hash"]
    assert client.get("/in/").status_code == 302


def test_one_sees_and_ends_ones_own_sign_ins_and_nobody_elses(town: Society, letters: Letters) -> None:
    here, there, other = (come_in(letters, shared=False) for _ in range(2)), None, None
    here, there = list(here)
    other = signed_in.client(*town.staff["Per"])
    page = here.get("/in/ways/").content.decode()
    ends = re.findall(r'action="(/in/ways/device/[^"]+/end/)"', page)
    assert len(ends) == 1
    theirs = row(other)["key_hash"]
    here.post(f"/in/ways/device/{theirs}/end/")
    assert other.get("/in/").status_code == 200
    here.post(ends[0])
    assert there.get("/in/").status_code == 302
    assert here.get("/in/").status_code == 200


def test_everywhere_else_at_once(town: Society, letters: Letters) -> None:
    here, there, third = (come_in(letters, shared=False) for _ in range(3))
    here.post("/in/ways/devices/end/")
    assert [one.get("/in/").status_code for one in (here, there, third)] == [200, 302, 302]


def test_a_session_acts_as_one_thing(town: Society, letters: Letters) -> None:
    """Whoever changes over gets another key; the old key is gone."""
    client = signed_in.client(*town.staff["Dee"])
    before = client.cookies["stile"].value
    client.get("/sign-in/as/")
    assert client.cookies["stile"].value != before
    client.cookies["stile"] = before
    assert client.get("/in/").status_code == 302


def test_no_page_lists_sessions_of_others_by_any_query(town: Society) -> None:
    for name in ("Dee", "Per", "Lena"):
        signed_in.client(*town.staff[name])
    with town.as_("Dee"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.session', '', true)")
        cursor.execute("SELECT DISTINCT account_id FROM access_session")
        assert cursor.fetchall() == [(town.staff["Dee"][0],)]
    with working_as("stile_signin"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_session")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("address", ["/in/stay/", "/in/ways/devices/end/", "/sign-out/"])
def test_what_changes_something_is_not_done_by_a_link(town: Society, address: str) -> None:
    client = signed_in.client(*town.staff["Dee"])
    assert client.get(address).status_code == 405
    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/in/").status_code == 200
