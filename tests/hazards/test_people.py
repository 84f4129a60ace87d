"""Hazard controls of people's records, each named for its hazard (docs/reference/hazards.md)."""

import re
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from stile.access import queries as reach
from stile.access.policy.slices import SLICES
from stile.kernel.answer import Answer
from stile.kernel.decision import Refused
from stile.people.actions import contact, family, hello, records, reviews, taking_part, yeses
from stile.people.queries import contact as ways
from stile.people.queries import slices
from stile.people.queries import yeses as queries
from stile.people.rules.contact import Kind, Whose
from stile.people.rules.participation import ParentOk
from stile.people.rules.sharing import How, Part, Reader
from tests import society
from tests.paths import ROOT
from tests.people import yeses_made as made

PEOPLE = ROOT / "src" / "stile" / "people"


@pytest.fixture
def town(db: None) -> society.Society:
    return society.build()


# ---------------------------------------------------------------- H02: a message where it must not go


def test_H02_nothing_is_sent_where_nobody_said_it_is_safe(town: society.Society) -> None:
    jo = town.people["Jo"]
    with town.as_("Lena") as lena:
        for kind in Kind:
            for whose in Whose:
                route = contact.add(
                    by=lena, person_id=jo, kind=kind, value="somewhere", whose=whose, at=town.now
                )
                assert ways.may_send(jo, route, town.now).code == "not ok"


def test_H02_a_thousand_people_and_every_answer_somebody_might_have_given(town: society.Society) -> None:
    """Only a way they called safe, lately, is used; the switch for everything beats all of them."""
    answers = [Answer.YES, Answer.NO, Answer.UNKNOWN]
    jo, sent = town.people["Jo"], 0
    with town.as_("Lena") as lena:
        route = contact.add(
            by=lena, person_id=jo, kind=Kind.TEXT, value="07700", whose=Whose.OWN, at=town.now
        )
        for n in range(1000):
            ok, seen, message = answers[n % 3], answers[n // 3 % 3], answers[n // 9 % 3]
            days = n // 27 * 5
            contact.confirm(
                by=lena, route_id=route, ok=ok, seen_by_others=seen, leave_message=message,
                at=town.now - timedelta(days=days),
            )  # fmt: skip
            may = ways.may_send(jo, route, town.now)
            assert may.ok == (ok is Answer.YES and days <= 90)
            sent += may.ok
        assert 0 < sent < 1000
        contact.confirm(
            by=lena,
            route_id=route,
            ok=Answer.YES,
            seen_by_others=Answer.NO,
            leave_message=Answer.YES,
            at=town.now,
        )
        contact.stop_all(by=lena, person_id=jo, at=town.now)
        assert ways.may_send(jo, route, town.now).code == "stopped"


# ---------------------------------------------------------------- H13: sharing too much


@pytest.mark.parametrize("name", [one.name for one in SLICES])
def test_H13_no_slice_holds_what_nobody_outside_is_ever_told(name: str) -> None:
    never = re.compile(
        r"nhs|born|postcode|address|school|note|referr|reason|score|concern|code|team|contact|phone"
    )
    shown = {field.name for field in fields(slices.SHAPES[name])}
    assert not [field for field in shown if never.search(field)]


def test_H13_what_is_outside_the_slice_is_not_in_the_answer(town: society.Society) -> None:
    """Canaries in every field of the record; the charity's answer holds those of the approved lines alone."""
    jo = town.people["Jo"]
    made.accepted(town)
    with town.as_("Lena") as lena:
        hello.edit(
            by=lena, person_id=jo, at=town.now,
            lines={"interests": "CANARY-interests", "at_the_door": "CANARY-door", "access_needs": "CANARY-needs"},
        )  # fmt: skip
        hello.approve(by=lena, person_id=jo, lines=["at_the_door"], at=town.now)
        contact.add(by=lena, person_id=jo, kind=Kind.TEXT, value="CANARY-phone", whose=Whose.OWN, at=town.now)
        family.add(by=lena, person_id=jo, name="CANARY-carer", relation="CANARY-aunt", at=town.now)
    for reader, name, function in (
        ("Dee", "accepted", slices.accepted), ("Sol", "at_the_session", slices.at_the_session),
    ):  # fmt: skip
        with town.as_(reader) as actor:
            seen = repr(function(by=actor, person_id=jo, at=town.now))
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM slice_{name}(%s)", [jo])
                raw = repr(cursor.fetchall())
        for answer in (seen, raw):
            assert re.findall(r"CANARY-\w+", answer) == ["CANARY-door"], reader


def test_H13_every_yes_is_for_named_parts_and_one_reader(town: society.Society) -> None:
    with town.as_("Lena") as lena, pytest.raises(Refused):
        yeses.give(
            by=lena, person_id=town.people["Ash"], parts=list(Part), readers=list(Reader),
            organisation_id=town.houses["Climbers"], carer_id=uuid4(), why="all of it", how=How.SAID,
            language="en-gb", at=town.now,
        )  # fmt: skip


# ---------------------------------------------------------------- H15: a change of mind


@pytest.mark.parametrize("by", ["Lena", "Jo"])
def test_H15_a_charity_sees_nothing_from_the_moment_a_yes_is_taken_back(
    town: society.Society, by: str
) -> None:
    permission = made.accepted(town)
    jo = town.people["Jo"]
    with town.as_(by) as actor:
        yeses.withdraw(by=actor, permission_id=permission, how=How.TYPED, at=town.now)
    for reader, function in (
        ("Dee", slices.accepted),
        ("Dee", slices.offered),
        ("Sol", slices.at_the_session),
    ):
        with town.as_(reader) as actor:
            assert function(by=actor, person_id=jo, at=town.now) is None  # type: ignore[operator]
    with town.as_("Lena"):
        assert [tie.kind for tie in reach.ties(jo, town.now) if tie.organisation_id] == []
    with town.as_("Dee") as dee:
        [notice] = queries.notices(town.houses["Climbers"])
        assert (notice.shown_as, notice.what) == ("Jo", "Climbing on Tuesdays")
        assert notice.due_on == (town.now + timedelta(days=5)).date()
        yeses.confirm_stopped(by=dee, notice_id=notice.id, at=town.now)
        assert list(queries.notices(town.houses["Climbers"])) == []
    with town.as_("Lena"):
        [notice] = queries.notices_about(jo)
        assert notice.confirmed_by == town.staff["Dee"][1]
        assert notice.shown_as == ""
    for stranger in ("Per", "Flo", "Luke"):
        with town.as_(stranger):
            assert list(queries.notices(town.houses["Climbers"])) == []


def test_H15_a_queue_that_asks_before_sending_sends_nothing_after_a_change_of_mind(
    town: society.Society,
) -> None:
    """What waits is asked for again at the moment of sending: there is no copy of a yes to go stale."""
    permission = made.accepted(town)
    jo, climbers = town.people["Jo"], town.houses["Climbers"]
    with town.as_("Lena") as lena:
        route = contact.add(
            by=lena, person_id=jo, kind=Kind.TEXT, value="07700", whose=Whose.OWN, at=town.now
        )
        contact.confirm(
            by=lena,
            route_id=route,
            ok=Answer.YES,
            seen_by_others=Answer.NO,
            leave_message=Answer.NO,
            at=town.now,
        )
    queue = [("to the charity", n) for n in range(5)] + [("to Jo", n) for n in range(5)]

    def drain(at: datetime) -> list[str]:
        with town.as_("Lena"):
            return [
                to for to, _ in queue
                if (
                    queries.may_share(jo, Part.HELLO_PAGE, Reader.COORDINATOR, at, organisation_id=climbers)
                    if to == "to the charity"
                    else ways.may_send(jo, route, at)
                )
            ]  # fmt: skip

    assert len(drain(town.now)) == 10
    with town.as_("Jo") as me:
        yeses.withdraw(by=me, permission_id=permission, how=How.TYPED, at=town.now)
    assert drain(town.now) == ["to Jo"] * 5
    with town.as_("Jo") as me:
        yeses.withdraw_from_everything(by=me, person_id=jo, how=How.TYPED, at=town.now)
    assert drain(town.now) == []


def test_H15_stopping_everything_locks_the_record_and_leaves_it_to_be_answered_for(
    town: society.Society,
) -> None:
    made.accepted(town)
    jo = town.people["Jo"]
    with town.as_("Jo") as me:
        yeses.withdraw_from_everything(by=me, person_id=jo, how=How.TYPED, at=town.now)
    with town.as_("Lena"):
        assert ways.messages_off(jo)
        assert {tie.kind for tie in reach.ties(jo, town.now)} == {"linked", "own"}
        assert [one.stands for one in queries.shared(jo, town.now)] == [False]
        assert len(queries.notices_about(jo)) == 1


def test_H15_another_yes_to_the_same_charity_keeps_its_ties(town: society.Society) -> None:
    first = made.accepted(town)
    made.say_yes(town, "Jo", "Lena")
    with town.as_("Lena") as lena:
        yeses.withdraw(by=lena, permission_id=first, how=How.SAID, at=town.now)
    with town.as_("Dee") as dee:
        assert slices.accepted(by=dee, person_id=town.people["Jo"], at=town.now) is not None


def test_H15_nobody_takes_back_somebody_elses_yes(town: society.Society) -> None:
    permission = made.accepted(town)
    for stranger in ("Luke", "Lily", "Max", "Dee", "Flo"):
        with pytest.raises(Refused), town.as_(stranger) as actor:
            yeses.withdraw(by=actor, permission_id=permission, how=How.SAID, at=town.now)
    with town.as_("Dee") as dee:
        assert slices.accepted(by=dee, person_id=town.people["Jo"], at=town.now) is not None


# ---------------------------------------------------------------- H22: a birthday drops nobody


def _born(town: society.Society, name: str, born: date, taken_in: datetime) -> Any:
    with town.as_("Lena") as lena:
        return records.take_in(
            by=lena, team_id=town.teams["East"], name=name, born=born, age_band="16-17", at=taken_in
        )


def test_H22_half_a_year_before_18_and_25_and_on_each_birthday_somebody_is_asked_to_look(
    town: society.Society,
) -> None:
    """The clock runs daily for fifteen years; each turn is raised once, on its day, and changes nothing else."""
    born = date(2014, 1, 9)
    kim = _born(town, "Kim", born, datetime(2026, 1, 1, 12, tzinfo=town.now.tzinfo))
    expected = {
        "turning_13": date(2027, 1, 9), "turning_16": date(2030, 1, 9), "before_18": date(2031, 7, 9),
        "turning_18": date(2032, 1, 9), "before_25": date(2038, 7, 9), "turning_25": date(2039, 1, 9),
    }  # fmt: skip
    raised_on: dict[str, date] = {}
    for _, day in sorted(expected.items(), key=lambda one: one[1]):
        for on in (day - timedelta(days=1), day, day, day + timedelta(days=20)):
            reviews.raise_due(at=town.now, on=on)
            with town.as_("Lena"):
                for one in queries.reviews(kim):
                    raised_on.setdefault(one.kind, on)
    assert raised_on == expected
    with town.as_("Lena") as lena:
        found = [(one.kind, one.due_on) for one in queries.reviews(kim)]
        assert sorted(found) == sorted(expected.items())
        known = queries.known(kim, date(2032, 1, 9))
        assert known is not None
        assert known.ended_at is None
        assert [tie.kind for tie in reach.ties(kim, town.now)] == ["linked"]
        reviews.done(by=lena, review_id=queries.reviews(kim)[0].id, note="Talked it through", at=town.now)
        assert len(queries.reviews(kim)) == 5
    assert reviews.raise_due(at=town.now, on=date(2039, 1, 10)) == 0  # done is done


def test_H22_a_clock_that_stood_still_for_a_month_misses_nobody(town: society.Society) -> None:
    kim = _born(town, "Kim", date(2014, 2, 28), datetime(2026, 1, 1, 12, tzinfo=town.now.tzinfo))
    reviews.raise_due(at=town.now, on=date(2027, 3, 30))
    with town.as_("Lena"):
        assert [one.kind for one in queries.reviews(kim)] == ["turning_13"]


def test_H22_whoever_comes_at_17_and_nine_months_gets_the_plan_for_18_at_once(town: society.Society) -> None:
    kim = _born(town, "Kim", date(2009, 1, 9), datetime(2026, 10, 9, 12, tzinfo=town.now.tzinfo))
    reviews.raise_due(at=town.now, on=date(2026, 10, 10))
    with town.as_("Lena"):
        assert [one.kind for one in queries.reviews(kim)] == ["before_18"]


def test_H22_only_those_around_the_person_see_or_settle_the_review(town: society.Society) -> None:
    kim = _born(town, "Kim", date(2009, 1, 9), datetime(2026, 10, 9, 12, tzinfo=town.now.tzinfo))
    reviews.raise_due(at=town.now, on=date(2026, 10, 10))
    with town.as_("Lena"):
        [review] = queries.reviews(kim)
    for other in ("Lily", "Dee", "Flo", "Max"):
        with pytest.raises(Refused), town.as_(other) as actor:
            reviews.done(by=actor, review_id=review.id, note="seen", at=town.now)
    with town.as_("Lily"):
        assert list(queries.reviews(kim)) == []


# ---------------------------------------------------------------- H23: who may decide for somebody


@pytest.mark.parametrize("relation", ["mum", "dad", "guardian", "foster carer", "social worker"])
def test_H23_what_somebody_is_called_gives_them_no_say(town: society.Society, relation: str) -> None:
    jo = town.people["Jo"]
    with town.as_("Lena") as lena:
        carer = family.add(by=lena, person_id=jo, name="Alex", relation=relation, at=town.now)
        part, _ = taking_part.ask(
            by=lena,
            person_id=jo,
            activity_id=uuid4(),
            activity_name="Climbing",
            rule=ParentOk.UNDER_16,
            at=town.now,
        )
        with pytest.raises(Refused) as caught:
            taking_part.answer(
                by=lena, permission_id=part, says=Answer.YES, how=How.SIGNED, carer_id=carer, at=town.now
            )
        assert caught.value.decision.code == "unknown"


def test_H23_no_age_makes_a_decision_by_itself_under_16(town: society.Society) -> None:
    for who, worker, may in (
        ("Jo", "Lena", False),
        ("Wren", "Lily", False),
        ("Ash", "Lena", True),
        ("Kit", "Luke", True),
    ):
        if may:
            made.say_yes(town, who, worker)
        else:
            with pytest.raises(Refused) as caught:
                made.say_yes(town, who, worker)
            assert caught.value.decision.code == "note_first"


def test_H23_a_parent_sees_what_was_shared_with_them_and_hears_nothing_by_themselves(
    town: society.Society,
) -> None:
    """No code of ours takes a carer's number or address to send something to."""
    readers = [
        path.name
        for path in PEOPLE.rglob("*.py")
        if re.search(r"carer\.reach|Carer\.objects.*reach|row\.reach\b", path.read_text())
    ]
    assert readers == []


def test_H23_no_record_of_a_parent_is_reached_through_the_childs(
    town: society.Society, as_server: psycopg.Connection[Any]
) -> None:
    """The parent's side of the wall: no grant of theirs names family, contact or identity."""
    rows = as_server.execute("SELECT DISTINCT data FROM access_may WHERE role = 'parent'").fetchall()
    assert {row[0] for row in rows} == {"ties"}


def test_the_hazards_here_are_those_we_build() -> None:
    text = Path(__file__).read_text()
    assert set(re.findall(r"def test_(H\d\d)_", text)) == {"H02", "H13", "H15", "H22", "H23"}
