"""What somebody may not see and what is not there answer alike: status, headers and every word of the body."""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from tests.access import reading
from tests.access.crowd import Crowd
from tests.access.reading import SHARED, Facts
from tests.fuzz.fuzzing import STANDS_IN, Fuzz, Request, listening, taken_back, text_of
from tests.security.addresses import GAP

pytestmark = pytest.mark.xdist_group("fuzz")

AS = [
    "",
    "Lena",
    "Luke",
    "Lola",
    "Gus",
    "Max",
    "Sid",
    "Dot",
    "Ada",
    "Dee",
    "Sol",
    "Jo",
    "Jo's mother",
    "Flo",
    "Gone",
]
UUID_GAP = re.compile(r"<uuid:(\w+)>")
EMPTY = {"people/<uuid:person>/alike/"}  # a list with nobody in it, for both


def hidden(crowd: Crowd, known: Facts, name: str, table: str) -> Iterator[str]:
    """Rows that are there and that they may not see, in no part."""
    account, membership = crowd.staff.get(name, (None, None))
    who = reading.me(known, account, membership)
    for row in known.rows[table]:
        person = row.get("person_id", row["id"])
        if reading.may_read(known, table, who, row, account):
            continue
        if any(
            reading.shared(known, one, who, person)
            for one in SHARED
            if isinstance(person, UUID) and table == "people_youngperson"
        ):
            continue
        yield str(row["id"])


def alike(text: str, *ids: str) -> str:
    for one in ids:
        text = text.replace(one, "ID")
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", text)


@pytest.mark.parametrize("name", AS)
def test_denied_and_missing_answer_alike(crowd: Crowd, known: Facts, name: str) -> None:
    fuzz = Fuzz(crowd, known, 1)
    with listening(fuzz):
        assert compared(fuzz, name) > 30


def compared(fuzz: Fuzz, name: str) -> int:
    """How many pairs of answers were alike; the first that was not ends the test."""
    client, tried, crowd, known = fuzz.clients[name], 0, fuzz.crowd, fuzz.known
    for route in fuzz.routes:
        gaps = UUID_GAP.findall(route)
        tables = {STANDS_IN[gap] for gap in gaps if gap in STANDS_IN}
        if not tables or "uid" in gaps:
            continue
        for there in sorted(one for table in tables for one in [*hidden(crowd, known, name, table)][:1]):
            missing = str(uuid4())
            for method in ("GET", "POST"):
                answers = []
                for one in (there, missing):
                    path = "/" + GAP.sub(lambda gap, one=one: one if gap[1] == "uuid" else "x", route)
                    response, text = taken_back(
                        client, Request(name, method, path, {"words": "a b c"} if method == "POST" else {})
                    )
                    headers = {key: alike(value, one) for key, value in response.headers.items()}
                    answers.append((response.status_code, headers, alike(text, one)))
                assert answers[0] == answers[1], f"{name or 'nobody'} {method} {route}"
                assert answers[0][0] in (302, 404, 405) or route in EMPTY, (
                    f"{name or 'nobody'} {method} {route}"
                )
                tried += 1
    return tried


def test_the_text_that_is_compared_is_the_pages(crowd: Crowd, known: Facts) -> None:
    response = Fuzz(crowd, known, 1).clients["Lena"].get(f"/people/{crowd.people['Jo']}/")
    assert response.status_code == 200
    assert len(text_of(response)) > 1000
