"""What the finder's pages say about what was asked: in few words, nothing twice, nothing left unsaid."""

import html
import re
from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import TimeRecord
from stile.loop.match.current import CURRENT
from tests.loop.directory.making import organisation, place, service, take

pytestmark = pytest.mark.django_db(transaction=True)

FRIDAYS = TimeRecord(freq="WEEKLY", byday="FR", opens_at=time(16), closes_at=time(18))
NEAR = {"near": "M33 7ZF"}


@pytest.fixture(autouse=True)
def _fresh_index() -> Iterator[None]:
    CURRENT.clear()
    yield
    CURRENT.clear()


def group(key: str, *kinds: str, **said: Any) -> None:
    take(
        service(
            key,
            **{
                "at": place(f"p-{key}"),
                "name": f"Group {key}",
                "description": "For young people.",
                "kinds": kinds,
                "min_age": 11,
                "max_age": 18,
                "times": (FRIDAYS,),
                "confirmed_on": timezone.localdate(),
                "organisation": organisation(),
            }
            | said,
        ),
        source=key,
        now=timezone.now(),
    )


def text(client: Client, address: str, **asked: Any) -> str:
    page = html.unescape(client.get(address, asked).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index('id="found"') :]))


def test_how_far_is_said_on_the_card_and_why_it_is_rough_once_above(client: Client) -> None:
    group("a", "drawing")
    group("b", "drawing")
    said = text(client, "/find/", q="drawing", near="M33")
    assert said.count("km") >= 2
    assert said.count("as a whole, so distances are rough") == 1
    assert "as we only know" not in said


def test_nobody_is_told_that_a_thing_outside_the_usual_is_what_they_asked_for(client: Client) -> None:
    group("a", "theatre")
    said = text(client, "/find/", kind="horses", **NEAR)
    assert "Nothing fits all of that yet. This comes close:" in said
    assert "you could go to" not in said
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, times FROM match_unmetwant")
        assert cursor.fetchall() == [("horses", 1)], "planners hear that there are no horses"


def test_words_that_mean_nothing_to_us_are_owned_up_to(client: Client) -> None:
    group("a", "drawing")
    assert "We don’t know what “zzzz” means yet" in text(client, "/find/", q="zzzz", **NEAR)
    assert "We don’t know what" not in text(client, "/find/", q="drawing", **NEAR)
    assert "We don’t know what" not in text(client, "/find/", **NEAR)


def test_with_no_place_it_says_where_the_list_is_from(client: Client) -> None:
    group("a", "drawing")
    assert "from all over" in text(client, "/find/", q="drawing")
    assert "from all over" not in text(client, "/find/", q="drawing", **NEAR)


@pytest.mark.parametrize("address", ["/find/", "/desk/"])
@pytest.mark.parametrize(
    ("asked", "english"),
    [
        ({"age": "500"}, "A whole number from 5 to 99, please."),
        ({"age": "many"}, "A whole number from 5 to 99, please."),
        ({"km": "0.01"}, "A number from 0.2 to 200, please."),
        ({"budget": "1.234"}, "An amount from 0 to 500, please, like 2.50."),
        ({"day": "noday"}, "That is not one of the choices."),
    ],
)
def test_what_we_could_not_use_is_said_in_our_own_words_and_in_welsh(
    client: Client, address: str, asked: dict[str, str], english: str
) -> None:
    said = text(client, address, **asked)
    assert "We looked without this:" in said
    assert english in said
    welsh = text(client, f"/cy{address}", **asked)
    assert "Edrychon ni heb hyn:" in welsh
    assert english not in welsh


def test_no_way_on_is_offered_twice_and_each_leads_to_another_page(client: Client) -> None:
    page = client.get("/find/", {"kind": "fishing", "km": "0.2", "day": "mon", **NEAR}).content.decode()
    ways = re.findall(r'<li><a href="([^"]+)"><span>', html.unescape(page[page.index('class="ways"') :]))
    assert len(ways) == len(set(ways))
    assert "/talk/" in ways
    assert not [way for way in ways if "kind=fishing" in way and "km=0.2" in way and "day=mon" in way
                and "near=M33" in way and "online" not in way]  # fmt: skip


def test_the_desk_says_the_same_in_fewer_words(client: Client) -> None:
    group("a", "drawing", facts={"small_group": Answer.YES})
    said = text(client, "/desk/", q="drawing, nervous in crowds", seen="0", near="M33")
    assert "you said drawing" in said
    assert "because you said" not in said
    assert "small group (nervous)" in said
    assert re.search(r"Not known: [^?]*crowds", said)
    assert "safeguarding checks" in said


def test_a_star_knows_when_and_where_so_that_a_printed_list_does(client: Client) -> None:
    group("a", "drawing")
    page = client.get("/find/", {"q": "drawing", **NEAR}).content.decode()
    assert 'data-when="Fridays, 4pm to 6pm"' in page
    assert 'data-town="Sale"' in page
    (address,) = set(re.findall(r'href="(/go/[^"]+/)"', page))
    there = client.get(address).content.decode()
    assert 'data-when="Fridays, 4pm to 6pm"' in there
    assert re.search(r'data-address="[^"]*M33 7ZF', there)
