"""Every line of the matrix, also for kinds of data that no table holds yet: tried on a table made for the try."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from stile.access import rls
from stile.access.policy.matrix import MATRIX
from stile.access.policy.words import Class, Data, Held, Rule, Verb
from stile.site import database
from tests import conftest
from tests.access import reading
from tests.access.crowd import Crowd, team_of
from tests.access.reading import Facts, Whose
from tests.access.test_matrix import everybody, in_the_name_of, keys_of, let_in, tried

pytestmark = pytest.mark.xdist_group("crowd")

KINDS = [data for data in Data if any(line.data is data for line in MATRIX)]


@pytest.fixture(scope="module", params=KINDS)
def table(request: Any, crowd: Crowd) -> Iterator[tuple[Data, str, list[dict[str, Any]]]]:
    """A table of one kind, walled in as any other, with rows of everybody by several authors and houses."""
    data, name = request.param, f"try_{request.param.value}"
    held = Held(data, author="author_id", house="organisation_id")
    rows = [
        {"id": str(uuid4()), "person_id": person, "team_id": team_of(crowd, whom), "author_id": crowd.staff[author][1],
         "organisation_id": crowd.houses[house], "words": "x"}
        for whom, person in crowd.people.items()
        for author in ("Lena", "Max", "Sid", "Dee") for house in ("Hedgerow", "Meadow", "Climbers")
    ]  # fmt: skip
    with database.connect_as_installer(conftest.TEST_DATABASE) as owner:
        owner.execute("SET ROLE stile_owner")
        owner.execute(
            f"CREATE TABLE {name} (id uuid, person_id uuid, team_id uuid, author_id uuid, organisation_id uuid, words text)"
        )
        try:
            rls._wall_in(owner.cursor(), Rule(name, Class.PERSONAL, (), (), "To try a kind.", held=held))
            for row in rows:
                places = ", ".join(["%s"] * len(row))
                crowd.server.execute(
                    f"INSERT INTO {name} ({', '.join(row)}) VALUES ({places})", list(row.values())
                )
            yield data, name, rows
        finally:
            owner.execute(f"DROP TABLE {name}")


def test_every_verb_of_every_kind_reaches_what_the_matrix_says(
    crowd: Crowd, known: Facts, table: tuple[Data, str, list[dict[str, Any]]]
) -> None:
    data, name, rows = table
    reached = 0
    for called, account, membership in everybody(crowd):
        who = reading.me(known, account, membership)

        def may(row: dict[str, Any], *verbs: Verb, who: reading.Me | None = who) -> bool:
            here = Whose(row["person_id"], row["team_id"], row["author_id"], row["organisation_id"])
            return all(reading.reaches(known, who, data, verb, here) for verb in verbs)

        with in_the_name_of(account, membership) as cursor:
            for verb, words in (
                (Verb.READ, f"SELECT id::text FROM {name}"),
                (Verb.CHANGE, f"UPDATE {name} SET words = 'y' RETURNING id::text"),
                (Verb.REMOVE, f"DELETE FROM {name} RETURNING id::text"),
            ):
                expected = {row["id"] for row in rows if may(row, verb, Verb.READ)}
                assert (tried(cursor, keys_of(name, words)) or set()) == expected, f"{called}: {verb} {data}"
                reached += len(expected)
            expected_in = [may(row, Verb.ADD) for row in rows]
            assert let_in(cursor, name, rows) == expected_in, f"{called}: adds {data}"
    assert reached, "somebody reaches something of each kind"
