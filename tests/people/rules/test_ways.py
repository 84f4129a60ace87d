"""Whoever is inside has somewhere to go, and is offered no door that is shut to them."""

import pytest
from django.urls import reverse

from stile.access.policy.doors import DOORS
from stile.access.policy.words import Role
from stile.people.rules import ways


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_way_on_and_only_open_ones(role: Role) -> None:
    found = ways.of(role)
    assert found
    assert [one.page for one in found if role not in DOORS[one.do].roles] == []


def test_every_way_leads_to_a_page() -> None:
    assert all(reverse(one.page) for one in ways.WAYS)
