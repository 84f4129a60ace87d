"""Breaking the glass: two exact identifiers, a reason, an hour, to read; an alert, a review, the person told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.policy.words import Role
from stile.access.wall import LOOKUPS_AN_HOUR
from stile.kernel.decision import Refused
from stile.people.actions import glass, staff
from stile.people.actions import records as record_actions
from stile.people.models import ContactRoute, YoungPerson
from stile.people.queries import records
from tests import society
from tests.people import signed_in
from tests.people.conftest import Letters

WHY = "They stand at our door, upset"
NIA = {"name": "Nia", "born": "2010-02-02", "reason": WHY}


@pytest.fixture
def town(town: society.Society, monkeypatch: pytest.MonkeyPatch) -> society.Society:
    monkeypatch.setattr("django.utils.timezone.now", lambda: town.now)
    return town


def client(town: society.Society, name: str) -> Any:
    return signed_in.client(*town.staff[name])


def broken(town: society.Society, who: str = "Lena", person: str = "Nia") -> Any:
    """Somebody breaks the glass; their client."""
    with town.as_({"Nia": "Liam", "Jo": "Lena", "Ash": "Lena", "Wren": "Lily"}[person]):
        born = records.line(town.people[person]).born  # type: ignore[union-attr]
    page = client(town, who)
    answer = page.post("/people/need/", {"name": person, "born": str(born), "reason": WHY})
    assert answer.status_code == 302, answer.content.decode()
    return page


def test_two_exact_identifiers_and_a_reason_open_one_record(town: society.Society) -> None:
    page = broken(town)
    shown = page.get(f"/people/{town.people['Nia']}/").content.decode()
    assert "You opened this record in need, to read." in shown
    assert "60 minutes left" in shown
    assert "Put something right" not in shown
    assert page.get(f"/people/{town.people['Wren']}/").status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {**NIA, "name": "Ni"}, {**NIA, "name": "Nia%"}, {**NIA, "born": "2010-02-03"}, {**NIA, "reason": "need"},
        {**NIA, "name": "", "nhs_number": "9434765919"}, {"name": "Nia", "reason": WHY},
        {"born": "2010-02-02", "reason": WHY},
    ],
)  # fmt: skip
def test_anything_less_opens_nothing(town: society.Society, said: dict[str, str]) -> None:
    page = client(town, "Lena")
    assert page.post("/people/need/", said).status_code == 422
    assert page.get(f"/people/{town.people['Nia']}/").status_code == 404


@pytest.mark.parametrize("who", ["Dot", "Ada", "Dee", "Flo", "Plum", "Rae", "Jo", "Sol"])
def test_not_for_funder_planner_provider_admin_and_others(town: society.Society, who: str) -> None:
    assert client(town, who).post("/people/need/", NIA).status_code == 404
    with town.as_(who) as actor:
        assert reach.strangers(by=actor, name="Nia", born=_born(town), nhs_number="", at=town.now) == []


def _born(town: society.Society) -> Any:
    with town.as_("Liam"):
        return records.line(town.people["Nia"]).born  # type: ignore[union-attr]


def test_an_nhs_number_and_the_birth_date_will_do(town: society.Society) -> None:
    with town.as_("Liam") as liam:
        record_actions.change(
            by=liam, person_id=town.people["Nia"], values={"nhs_number": "9434765919"}, at=town.now
        )
    said = {"nhs_number": "943 476 5919", "born": "2/2/2010", "reason": WHY}
    assert client(town, "Sid").post("/people/need/", said).status_code == 302


def test_a_record_shut_to_somebody_stays_shut_to_them_in_need_too(town: society.Society) -> None:
    """Luke is a neighbour of Jo's."""
    answer = client(town, "Luke").post("/people/need/", {"name": "Jo", "born": "2012-05-01", "reason": WHY})
    assert answer.status_code == 422
    with town.as_("Luke") as luke:
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            access.break_glass(
                by=luke, person_id=town.people["Jo"], team_id=town.teams["East"],
                organisation_id=town.houses["Hedgerow"], reason=WHY, at=town.now,
            )  # fmt: skip
        assert records.line(town.people["Jo"]) is None


def test_one_in_reach_is_simply_opened(town: society.Society) -> None:
    answer = client(town, "Lena").post("/people/need/", {"name": "Jo", "born": "2012-05-01", "reason": WHY})
    assert answer["Location"] == f"/people/{town.people['Jo']}/"
    with town.as_("Sid"):
        assert list(reach.broken(reviewed=False)) == []


def test_H01_two_with_the_same_name_and_day_are_told_apart_by_their_teams(town: society.Society) -> None:
    with town.as_("Lily") as lily:
        other = record_actions.take_in(
            by=lily, team_id=town.teams["West"], name="Nia", born=_born(town), at=town.now
        )
    page = client(town, "Lena")
    several = page.post("/people/need/", NIA).content.decode()
    assert "More than one person has these details" in several
    assert "With North" in several
    assert "With West" in several
    assert page.get(f"/people/{other}/").status_code == 404
    assert page.post("/people/need/", {**NIA, "chosen": str(other)}).status_code == 302
    assert page.get(f"/people/{other}/").status_code == 200
    assert page.get(f"/people/{town.people['Nia']}/").status_code == 404


def test_the_database_lets_them_read_and_nothing_else(town: society.Society) -> None:
    broken(town)
    nia = town.people["Nia"]
    with town.as_("Lena") as lena:
        assert YoungPerson.objects.filter(id=nia).count() == 1
        assert YoungPerson.objects.filter(id=nia).update(name="X") == 0
        with pytest.raises(Refused):
            record_actions.change(by=lena, person_id=nia, values={"name": "X"}, at=town.now)
        route = ContactRoute(person_id=nia, team_id=town.teams["North"], kind="text", value="1", whose="own")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            route.save(force_insert=True)


def test_after_an_hour_it_is_shut(town: society.Society, monkeypatch: pytest.MonkeyPatch) -> None:
    town.now -= timedelta(minutes=59)
    with town.as_("Lena") as lena:
        access.break_glass(
            by=lena, person_id=town.people["Nia"], team_id=town.teams["North"],
            organisation_id=town.houses["Meadow"], reason=WHY, at=town.now,
        )  # fmt: skip
        assert records.line(town.people["Nia"]) is not None
        access.break_glass(
            by=lena, person_id=town.people["Wren"], team_id=town.teams["West"],
            organisation_id=town.houses["Hedgerow"], reason=WHY, at=town.now - timedelta(minutes=2),
        )  # fmt: skip
        assert records.line(town.people["Wren"]) is None


def test_nobody_lends_it_to_a_colleague_or_makes_it_last(town: society.Society) -> None:
    with town.as_("Lena") as lena:
        for membership, ends in (
            (town.staff["Luke"][1], town.now + timedelta(minutes=60)),
            (lena.membership_id, town.now + timedelta(minutes=61)),
            (lena.membership_id, None),
        ):
            with (
                pytest.raises(DatabaseError, match=r"row-level security|access_glass_lasts"),
                transaction.atomic(),
            ):
                access.tie(
                    by=lena, kind="glass", person_id=town.people["Nia"], team_id=town.teams["North"],
                    membership_id=membership, ends=ends, why="glass", at=town.now,
                )  # fmt: skip


def test_searching_is_written_down_without_what_was_searched_and_runs_dry(town: society.Society) -> None:
    with town.as_("Lena") as lena:
        for _ in range(LOOKUPS_AN_HOUR):
            assert reach.strangers(by=lena, name="Nobody", born=_born(town), nhs_number="", at=town.now) == []
        assert reach.strangers(by=lena, name="Nia", born=_born(town), nhs_number="", at=town.now) == []
    with town.as_("Dot"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(detail::text) FROM audit_event WHERE verb = 'looked for somebody'"
        )
        assert cursor.fetchone() == (LOOKUPS_AN_HOUR + 1, "{}")


def test_without_writing_it_down_the_database_finds_nobody(town: society.Society) -> None:
    with town.as_("Lena"), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall_lookup('Nia', '2010-02-02', '')")
        assert cursor.fetchall() == []


def test_the_alert_says_who_and_when_and_nothing_of_whom(town: society.Society, letters: Letters) -> None:
    with letters() as sent:
        broken(town, who="Liam", person="Wren")
    assert {to for letter in sent for to in letter.to} == {"sid@example.org", "dot@example.org"}
    for letter in sent:
        whole = letter.subject + letter.body
        assert "Liam (Link worker) opened a record in need" in whole
        for canary in ("Wren", "2011", "upset", str(town.people["Wren"]), "West"):
            assert canary not in whole


def test_somebody_else_reviews_it_in_two_working_days(town: society.Society) -> None:
    broken(town, who="Liam", person="Wren")
    page = client(town, "Sid")
    with town.as_("Sid"):
        (one,) = reach.broken(reviewed=False)
    assert str(one.id) in page.get("/glass/").content.decode()
    shown = page.get(f"/glass/{one.id}/").content.decode()
    assert WHY in shown
    assert page.post(f"/glass/{one.id}/", {"words": "", "show": "yes"}).status_code == 422
    assert page.post(f"/glass/{one.id}/", {"words": "It was needed", "show": "yes"}).status_code == 302
    again = page.post(f"/glass/{one.id}/", {"words": "Twice", "show": "no"})
    assert again.status_code == 422
    assert (one.review_due - one.broken_at.date()).days >= 2
    assert one.review_due.weekday() < 5


def test_nobody_reviews_their_own_whatever_they_sign_in_as(town: society.Society) -> None:
    broken(town, who="Sid", person="Wren")
    with town.as_("Ada") as ada:
        token = staff.invite(
            by=ada, role=Role.DPO, team_id=None, name="Sid too", email="sid@example.org", at=town.now
        )
    both = staff.take_invitation(token=token, at=town.now, account_id=town.staff["Sid"][0])
    with town.as_("Dot"):
        (one,) = reach.broken(reviewed=False)
    for who in (town.staff["Sid"], both):
        answer = signed_in.client(*who).post(f"/glass/{one.id}/", {"words": "Fine by me", "show": "yes"})
        assert answer.status_code == 422
        assert "This was you. Somebody else looks at it." in answer.content.decode()
    with town.as_("Dot"):
        assert len(reach.broken(reviewed=False)) == 1


def test_another_organisations_lead_does_not_see_it(town: society.Society) -> None:
    broken(town)  # Nia is Meadow's; Lena, Sid and Dot are Hedgerow's
    for who in ("Sid", "Dot"):
        with town.as_(who):
            assert list(reach.broken(reviewed=False)) == []


def test_the_young_person_sees_it_unless_the_reviewer_finds_that_unsafe(town: society.Society) -> None:
    broken(town, who="Liam", person="Jo").get(f"/people/{town.people['Jo']}/")
    jo = client(town, "Jo")
    shown = jo.get("/my/looks/").content.decode()
    assert "Liam (Link worker) opened your record in need, for one hour." in shown
    assert "Liam (Link worker) opened your record." in shown
    assert WHY not in shown
    with town.as_("Sid"):
        (one,) = reach.broken(reviewed=False)
    client(town, "Sid").post(f"/glass/{one.id}/", {"words": "Their uncle works there", "show": "no"})
    assert "Liam" not in jo.get("/my/looks/").content.decode()
    assert "Liam (Link worker) broke the glass" in client(town, "Max").get("/trail/").content.decode()
    with town.as_("Jo"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event WHERE membership_id = %s", [town.staff["Liam"][1]])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM access_glass")
        assert cursor.fetchone() == (0,)


def test_opening_in_need_alone_changes_nothing_when_it_fails(
    town: society.Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_tie(**_: object) -> None:
        raise RuntimeError("no tie today")

    monkeypatch.setattr(access, "tie", broken_tie)
    with pytest.raises(RuntimeError), transaction.atomic(), town.as_("Lena") as lena:
        glass.open_in_need(by=lena, name="Nia", nhs_number="", born=_born(town), reason=WHY, at=town.now)
    with town.as_("Lena"):
        assert list(reach.broken(reviewed=False)) == []
