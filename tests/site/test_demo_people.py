"""The demo's people: made up beyond doubt, made through actions, made once."""

import re

import pytest
from django.db import transaction
from django.utils import timezone

from stile.access.actor import acting
from stile.people.queries import records
from stile.site.demo import society


@pytest.fixture
def made(db: None) -> None:
    assert society.fill(timezone.now()) == 9


def _say() -> str:
    from importlib.resources import files

    return files("stile.site.demo").joinpath("people.yaml").read_text("utf-8")


def test_no_mail_and_no_call_can_reach_a_real_person() -> None:
    addresses = re.findall(r"[\w.]+@[\w.]+", _say())
    assert len(addresses) > 10
    assert [one for one in addresses if not one.endswith(".example")] == []
    numbers = re.findall(r"\b0[\d ]{9,}", _say())
    # Ofcom keeps 07700 900000 to 900999 for drama.
    assert numbers
    assert [one for one in numbers if not one.startswith("07700 900")] == []


def test_the_second_time_nobody_is_made_again(made: None) -> None:
    assert society.fill(timezone.now()) == 0


def test_a_worker_of_the_demo_sees_their_people(made: None) -> None:
    from stile.access.gate import working_as
    from stile.people.models import Membership

    with transaction.atomic():
        with working_as("stile_job"):
            nkechi = Membership.objects.get(name="Nkechi Bloom")
        with acting(nkechi.account_id, nkechi.id):
            assert {line.name for line in records.people()} == {"Zofia", "Kai", "Noor"}
