"""Records as the pages show them: the list, one record, taking in, changing, allocating, shutting out."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from stile.kernel.decision import Refused
from stile.people.actions import records as actions
from stile.people.queries import records
from tests import society
from tests.people import signed_in


@pytest.fixture
def town(town: society.Society, monkeypatch: pytest.MonkeyPatch) -> society.Society:
    """The clock stands still, as the database's does within one test's transaction."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: town.now)
    return town


def client(town: society.Society, name: str) -> Any:
    return signed_in.client(*town.staff[name])


def names(page: str) -> set[str]:
    return set(re.findall(r'href="/people/[0-9a-f-]{36}/">([^<]+)</a>', page))


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("Lena", {"Jo", "Ash"}),
        ("Max", {"Jo", "Ash", "Kit"}),
        ("Mary", {"Jo", "Ash", "Kit", "Wren"}),
        ("Sid", set()),
    ],
)
def test_the_list_shows_the_people_in_reach(town: society.Society, who: str, sees: set[str]) -> None:
    assert names(client(town, who).get("/people/").content.decode()) == sees


@pytest.mark.parametrize("who", ["Jo", "Dot", "Ada", "Dee", "Flo", "Rae", "Plum", "Sol"])
def test_others_are_told_that_there_is_no_such_page(town: society.Society, who: str) -> None:
    assert client(town, who).get("/people/").status_code == 404
    assert client(town, who).get(f"/people/{town.people['Ash']}/").status_code == 404


def test_on_duty_a_worker_sees_the_team_and_off_duty_their_own(town: society.Society) -> None:
    manager, worker = client(town, "Max"), client(town, "Lena")
    assert "which=team" not in worker.get("/people/").content.decode()
    manager.post("/people/duty/", {"worker": town.staff["Lena"][1], "on": "1"})
    assert names(worker.get("/people/?which=team").content.decode()) == {"Jo", "Ash", "Kit"}
    assert names(worker.get("/people/?which=mine").content.decode()) == {"Jo", "Ash"}
    manager.post("/people/duty/", {"worker": town.staff["Lena"][1], "off": "1"})
    assert names(worker.get("/people/?which=team").content.decode()) == {"Jo", "Ash"}


def test_a_manager_of_one_team_puts_nobody_of_another_on_duty(town: society.Society) -> None:
    answer = client(town, "Max").post("/people/duty/", {"worker": town.staff["Lily"][1], "on": "1"})
    assert answer.status_code == 422
    assert "Choose somebody who works for this team." in answer.content.decode()


def test_search_is_by_the_beginning_of_a_name_or_by_code(town: society.Society) -> None:
    with town.as_("Max"):
        code = next(line.code for line in records.people() if line.name == "Kit")
    page = client(town, "Max")
    assert names(page.get("/people/", {"q": "a"}).content.decode()) == {"Ash"}
    assert names(page.get("/people/", {"q": code.lower()}).content.decode()) == {"Kit"}
    nothing = page.get("/people/", {"q": "Wren"}).content.decode()
    assert names(nothing) == set()
    assert "See all" in nothing


def test_H01_every_page_of_a_record_says_name_birth_date_and_code(town: society.Society) -> None:
    with town.as_("Lena"):
        code = next(line.code for line in records.people() if line.name == "Jo")
    for path in ("", "change/", "ask/"):
        page = client(town, "Lena").get(f"/people/{town.people['Jo']}/{path}").content.decode()
        assert "Jo" in page
        assert "Born 1 May 2012" in page
        assert code in page


def test_ties_are_plain_sentences(town: society.Society) -> None:
    page = client(town, "Max").get(f"/people/{town.people['Jo']}/").content.decode()
    assert re.search(r"Lena is their link worker since \w+day \d+ \w+\.", page)
    assert re.search(r"This record is shut to Luke since", page)
    assert "A neighbour, or somebody they know" in page


def test_a_worker_does_not_see_whom_a_record_is_shut_to(town: society.Society) -> None:
    page = client(town, "Lena").get(f"/people/{town.people['Jo']}/").content.decode()
    assert "Luke" not in page
    with town.as_("Lena"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_tie WHERE kind = 'shut'")
        assert cursor.fetchone() == (0,)


def test_taking_somebody_in_asks_for_a_name_and_allocates_them(town: society.Society) -> None:
    page = client(town, "Luke")
    team = str(town.teams["East"])
    empty = page.post("/people/add/", {"team": team, "language": "cy"})
    assert empty.status_code == 422
    assert "What would they like to be called?" in empty.content.decode()
    made = page.post("/people/add/", {"team": team, "name": "Robin", "language": "cy"})
    assert made.status_code == 302
    assert names(page.get("/people/").content.decode()) == {"Kit", "Robin"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("nhs_number", "943 476 5910", "not an NHS number"),
        ("district", "M33 7AB", "first half"),
        ("born", "2090-01-01", "Check the year"),
        ("born", "yesterday", "Write the day like"),
        ("team", "86fecf21-441b-49e1-8ecf-8a2f716dc32d", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    town: society.Society, field: str, value: str, words: str
) -> None:
    said = {"team": str(town.teams["East"]), "name": "Robin", "language": "en-gb", field: value}
    answer = client(town, "Luke").post("/people/add/", said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="Robin"' in answer.content.decode()


def test_a_change_names_its_fields_and_never_their_values(town: society.Society) -> None:
    address = f"/people/{town.people['Jo']}/change/"
    said = {
        "name": "Josie Canary",
        "born": "2012-05-01",
        "age_band": "13-15",
        "language": "en-gb",
        "school": "Hill",
    }
    assert client(town, "Lena").post(address, said).status_code == 302
    with town.as_("Max"), connection.cursor() as cursor:
        cursor.execute("SELECT detail::text FROM audit_event WHERE verb = 'changed'")
        assert cursor.fetchall() == [('{"fields": ["name", "school"]}',)]
    same = client(town, "Lena").post(address, said)
    assert "done=same" in same["Location"]


def test_only_the_agreed_fields_can_be_changed(town: society.Society) -> None:
    said = {
        "name": "Jo", "born": "2012-05-01", "age_band": "13-15", "language": "en-gb",
        "code": "AAA-AAA", "team_id": str(town.teams["West"]), "same_as": str(town.people["Ash"]),
    }  # fmt: skip
    with town.as_("Lena"):
        before = records.line(town.people["Jo"])
    client(town, "Lena").post(f"/people/{town.people['Jo']}/change/", said)
    with town.as_("Lena") as lena:
        found = records.opened(by=lena, person_id=town.people["Jo"], at=town.now)
        assert found is not None
        assert (found.person.code, found.person.team_id, found.person.same_as) == (
            before and before.code, town.teams["East"], None,
        )  # fmt: skip


def test_a_manager_allocates_and_ends_it(town: society.Society) -> None:
    page = client(town, "Max")
    ash = town.people["Ash"]
    page.post(f"/people/{ash}/allocate/", {"worker": town.staff["Luke"][1]})
    assert names(client(town, "Luke").get("/people/").content.decode()) == {"Kit", "Ash"}
    with town.as_("Max"):
        tie = next(one for one in records.ties(ash, town.now) if one.membership_id == town.staff["Luke"][1])
    assert page.post(f"/people/{ash}/allocate/{tie.id}/end/").status_code == 302
    assert names(client(town, "Luke").get("/people/").content.decode()) == {"Kit"}
    again = page.post(f"/people/{ash}/allocate/{tie.id}/end/")
    assert again.status_code == 422
    assert "That has ended already." in again.content.decode()


def test_nobody_is_allocated_to_another_teams_worker_or_to_a_manager(town: society.Society) -> None:
    for who in ("Lily", "Liam", "Mary"):
        answer = client(town, "Max").post(
            f"/people/{town.people['Ash']}/allocate/", {"worker": town.staff[who][1]}
        )
        assert answer.status_code == 422, who


def test_a_worker_allocates_nobody(town: society.Society) -> None:
    answer = client(town, "Lena").post(
        f"/people/{town.people['Ash']}/allocate/", {"worker": town.staff["Luke"][1]}
    )
    assert answer.status_code == 404


def test_a_record_shut_to_somebody_is_missing_for_them_even_on_duty(town: society.Society) -> None:
    manager, luke = client(town, "Max"), client(town, "Luke")
    kit = f"/people/{town.people['Kit']}/"
    assert luke.get(kit).status_code == 200
    manager.post(f"{kit}shut/", {"colleague": town.staff["Luke"][1], "why": "allegation"})
    manager.post("/people/duty/", {"worker": town.staff["Luke"][1], "on": "1"})
    assert luke.get(kit).status_code == 404
    assert names(luke.get("/people/?which=team").content.decode()) == {"Ash"}
    with town.as_("Max"):
        tie = next(one for one in records.ties(town.people["Kit"], town.now) if one.kind == "shut")
    manager.post(f"{kit}shut/{tie.id}/end/")
    assert luke.get(kit).status_code == 200


def test_nobody_shuts_a_record_to_themself_or_to_a_stranger(town: society.Society) -> None:
    for who in ("Max", "Liam"):
        answer = client(town, "Max").post(
            f"/people/{town.people['Ash']}/shut/", {"colleague": town.staff[who][1], "why": "family"}
        )
        assert answer.status_code == 422, who
    with town.as_("Max") as max_, pytest.raises(Refused):
        actions.shut(
            by=max_, person_id=town.people["Wren"], team_id=town.teams["West"],
            membership_id=town.staff["Lily"][1], why="family", at=town.now,
        )  # fmt: skip


def test_a_record_set_aside_is_kept_and_not_changed(town: society.Society) -> None:
    page = client(town, "Lena")
    jo = f"/people/{town.people['Jo']}/"
    page.post(f"{jo}hold/", {"aside": "1"})
    assert "Set aside since" in page.get(jo).content.decode()
    said = {"name": "Other", "age_band": "13-15", "language": "en-gb"}
    answer = page.post(f"{jo}change/", said)
    assert answer.status_code == 422
    assert "kept, and not used" in answer.content.decode()
    page.post(f"{jo}hold/", {"back": "1"})
    assert page.post(f"{jo}change/", said).status_code == 302


@pytest.mark.parametrize("path", ["", "change/", "hold/", "allocate/", "shut/", "alike/", "ask/"])
@pytest.mark.parametrize("who", ["Lena", "Max", "Sid"])
def test_out_of_reach_is_the_same_as_missing(town: society.Society, who: str, path: str) -> None:
    page = client(town, who)
    for send in (page.get, page.post):
        real = send(f"/people/{town.people['Nia']}/{path}")
        none = send(f"/people/{UUID(int=7)}/{path}")
        assert real.status_code == none.status_code
        assert real.status_code in (404, 405) or path == "alike/"
        if real.status_code == 200:
            assert "Nia" not in real.content.decode()


def test_lists_are_one_event_with_ids_and_no_names(town: society.Society) -> None:
    client(town, "Max").get("/people/?q=J")
    with town.as_("Dot"), connection.cursor() as cursor:
        cursor.execute("SELECT what, detail::text FROM audit_event WHERE verb = 'listed'")
        assert cursor.fetchall() == [("people", f'{{"people": ["{town.people["Jo"]}"]}}')]


def test_a_look_that_cannot_be_written_down_does_not_happen(
    town: society.Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise DatabaseError("the audit is full")

    monkeypatch.setattr("stile.audit.actions.deed", broken)
    with pytest.raises(DatabaseError), transaction.atomic(), town.as_("Lena") as lena:
        records.opened(by=lena, person_id=town.people["Jo"], at=town.now)
