"""Hazard controls of the pages themselves, each named for its hazard (docs/reference/hazards.md)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from stile.site import help_now
from tests.architecture.test_doors import views

# Of the wording and numbers as they stand. Change it only with a clinician's signature (H31).
LOCKED = "dfcd0ad5de3e723a"
PAGES = ["/", "/help-now/", "/talk/", "/privacy/", "/accessibility/", "/about-the-data/", "/find/", "/kept/"]


def test_H21_numbers_are_checked_monthly_and_somebody_is_told_when_they_are_not() -> None:
    content = help_now.content()
    assert not content.overdue(content.checked_on + timedelta(days=35))
    assert content.overdue(content.checked_on + timedelta(days=36))
    assert content.owner


def test_H21_every_nation_has_its_own_number_in_a_form_that_can_be_dialled() -> None:
    content = help_now.content()
    assert [nation.code for nation in content.nations] == ["england", "wales", "scotland", "northern-ireland"]
    for nation in content.nations:
        assert re.fullmatch(r"111|0800\d{6,7}|08088088000", nation.dial), nation
    for line in content.lines:
        assert re.fullmatch(r"\d{5,11}", line.dial), line


@pytest.mark.django_db
@pytest.mark.parametrize("nation", ["england", "wales", "scotland", "northern-ireland", "atlantis"])
def test_H21_the_page_shows_the_number_of_the_nation_asked_for(client: Client, nation: str) -> None:
    page = client.get("/help-now/", {"nation": nation}).content.decode()
    wanted = "0808 808 8000" if nation == "northern-ireland" else "111"
    assert f"Call {wanted}" in page
    assert "tel:999" in page


@pytest.mark.django_db
def test_H31_not_able_to_keep_safe_stands_under_999_and_never_under_the_slower_line(client: Client) -> None:
    page = client.get("/help-now/").content.decode()
    emergency, urgent = page.index("care-emergency"), page.index("care-urgent")
    safe = page.index("able to keep yourself safe")
    assert emergency < safe < urgent


def test_H31_the_wording_is_locked() -> None:
    """Whoever changes the words or numbers meets this line, and the clinician who signs them."""
    assert help_now.checksum() == LOCKED


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_H27_nothing_is_left_for_the_next_person_at_a_shared_device(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.cookies.output() == ""
    for form in re.findall(r"<form[^>]*>", response.content.decode()):
        assert 'autocomplete="off"' in form, form


def test_H29_nobody_can_reach_a_young_person_through_us() -> None:
    """No chat, no profile, no page that lists young people to one another: by absence."""
    addresses = " ".join(address for address, _ in views())
    names = " ".join(str(name) for name in get_resolver().reverse_dict)
    words = set(re.findall(r"[a-z]+", (addresses + names).lower()))
    for word in ("chat", "profile", "friend", "inbox", "message", "member"):
        assert {word, f"{word}s"} & words == set()
