"""The demo's people can be tried; nobody else ever, and nowhere else."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stile.site.demo import society
from tests import society as real


@pytest.fixture
def made(db: None) -> None:
    society.fill(timezone.now())


def _choices(client: Client) -> str:
    return client.get(reverse("sign-in")).content.decode()


def test_where_it_is_no_demo_nobody_is_offered_and_nobody_comes_in(made: None, client: Client) -> None:
    from stile.access.gate import working_as
    from stile.people.models import Membership

    with working_as("stile_job"):
        sam = Membership.objects.get(name="Sam Harrow")
    assert "Sam Harrow" not in _choices(client)
    said = client.post(reverse("sign-in-try"), {"as": sam.id}, headers={"sec-fetch-site": "same-origin"})
    assert said.status_code == 404
    assert client.get(reverse("people")).status_code == 302


def test_in_a_demo_one_comes_in_as_somebody_made_up(made: None, client: Client, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    page = _choices(client)
    assert "Sam Harrow" in page
    assert "Jo" in page
    at = page.index("Sam Harrow")
    sam = page[:at].rsplit('value="', 1)[1].split('"')[0]
    said = client.post(reverse("sign-in-try"), {"as": sam}, headers={"sec-fetch-site": "same-origin"})
    assert said.status_code == 302
    assert "Amara" in client.get(reverse("people")).content.decode()


def test_not_even_in_a_demo_does_one_come_in_as_anybody_else(
    db: None, client: Client, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    town = real.build()  # their addresses end in .org
    for _, membership in town.staff.values():
        said = client.post(
            reverse("sign-in-try"), {"as": membership}, headers={"sec-fetch-site": "same-origin"}
        )
        assert said.status_code == 404
    assert "Lena" not in _choices(client)
