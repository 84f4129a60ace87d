"""Giving and taking back each of the three yeses, through the actions and past the wall."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection

from stile.access import queries as reach
from stile.access.policy.slices import SLICES
from stile.kernel.answer import Answer
from stile.kernel.decision import Refused
from stile.people.actions import family, hello, introducing, records, taking_part, yeses
from stile.people.queries import slices
from stile.people.queries import yeses as queries
from stile.people.queries import yeses_page as pages
from stile.people.rules.basis import Purpose
from stile.people.rules.competence import Concludes, Deciding, Who
from stile.people.rules.introducing import NotThisTime
from stile.people.rules.participation import From, ParentOk
from stile.people.rules.responsibility import KnownBy, Responsible
from stile.people.rules.sharing import How, Part, Reader
from tests import society
from tests.people import yeses_made as made


@pytest.fixture
def town(db: None) -> society.Society:
    return society.build()


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        do()
    assert caught.value.decision.words
    return caught.value.decision.code


# ---------------------------------------------------------------- slices are what they say


@pytest.mark.parametrize("one", SLICES, ids=lambda one: one.name)
def test_a_slice_has_the_same_fields_in_policy_program_and_database(one: object, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM slice_{one.name}(%s)", [uuid4()])  # type: ignore[attr-defined]
        columns = [column.name for column in cursor.description]
    shape = slices.SHAPES[one.name]  # type: ignore[attr-defined]
    assert columns == list(one.fields) == [field.name for field in fields(shape)]  # type: ignore[attr-defined]


def test_every_slice_has_a_shape() -> None:
    assert {one.name for one in SLICES} == set(slices.SHAPES)


def test_a_funder_sees_totals_only() -> None:
    assert slices.funder_view({"under 16": 41, "16 or more": 3}) == slices.FunderView(
        45, {"under 16": None, "16 or more": None}
    )
    assert slices.funder_view({"under 16": 2}).total is None


# ---------------------------------------------------------------- (i) sharing


def test_a_charity_sees_more_with_each_step_and_nothing_before_the_first(town: society.Society) -> None:
    jo = town.people["Jo"]

    def dee() -> tuple[object, object]:
        with town.as_("Dee") as actor:
            return (
                slices.offered(by=actor, person_id=jo, at=town.now),
                slices.accepted(by=actor, person_id=jo, at=town.now),
            )

    assert dee() == (None, None)
    made.introduced(town)
    first, second = dee()
    assert first == slices.Offered("13-15", "", "Climbing, guinea pigs", "Likes to be met outside")
    assert second is None
    with town.as_("Dee") as actor:
        introducing.accept(by=actor, person_id=jo, at=town.now)
    first, second = dee()
    assert first is None
    assert second == slices.Accepted(
        "Jo", "", 14, "13-15", "Climbing, guinea pigs", "Likes to be met outside", "A quiet corner"
    )
    with town.as_("Sol") as leader:
        at_the_door = slices.at_the_session(by=leader, person_id=jo, at=town.now)
    assert at_the_door == slices.AtTheSession("Jo", "Likes to be met outside", "A quiet corner")
    with town.as_("Per") as painter:
        assert slices.accepted(by=painter, person_id=jo, at=town.now) is None


def test_what_a_worker_is_shown_is_what_the_reader_sees(town: society.Society) -> None:
    made.accepted(town)
    jo = town.people["Jo"]
    with town.as_("Dee") as dee:
        seen = slices.accepted(by=dee, person_id=jo, at=town.now)
    for who in ("Lena", "Jo"):
        with town.as_(who):
            assert slices.preview("accepted", jo) == seen
    for stranger in ("Lily", "Dee", "Flo"):
        with town.as_(stranger):
            assert slices.preview("accepted", jo) is None


def test_a_yes_needs_a_note_under_16_and_none_at_17(town: society.Society) -> None:
    assert refused(lambda: made.say_yes(town, "Jo", "Lena")) == "note_first"
    made.understood(town, "Jo", "Lena", Deciding.PLAN)  # another decision
    assert refused(lambda: made.say_yes(town, "Jo", "Lena")) == "note_first"
    note = made.understood(town, "Jo", "Lena")
    permission = made.say_yes(town, "Jo", "Lena")
    with town.as_("Lena"):
        row = queries.permission(permission)
        assert row is not None
        assert row.competence_note_id == note
        assert row.wording == "sharing-1:en-gb"
        assert row.witness_id == town.staff["Lena"][1]
        assert row.ends == town.now + timedelta(days=365)
    made.say_yes(town, "Ash", "Lena")


def test_where_they_do_not_understand_yet_a_parent_or_the_lead_says_yes(town: society.Society) -> None:
    jo = town.people["Jo"]
    made.understood(town, "Jo", "Lena", concludes=Concludes.NOT_YET)

    def give(**more: object) -> object:
        with town.as_("Lena") as lena:
            return yeses.give(
                by=lena, person_id=jo, parts=[Part.HELLO_PAGE], readers=[Reader.COORDINATOR],
                organisation_id=town.houses["Climbers"], why="x", how=How.SIGNED, language="cy", at=town.now,
                **more,  # type: ignore[arg-type]
            )  # fmt: skip

    with town.as_("Lena") as lena:
        mum = family.add(by=lena, person_id=jo, name="Meg", relation="mum", at=town.now)
    assert refused(give) == "lead"
    parent = {"given_by": Who.PARENT, "parent_id": mum, "parent_safe": Answer.YES}
    assert refused(lambda: give(**parent)) == "unknown"  # being called mum is not enough
    with town.as_("Lena") as lena:
        family.say_responsible(
            by=lena, carer_id=mum, responsible=Responsible.YES, known_by=KnownBy.DOCUMENT, at=town.now
        )
    give(**parent)
    assert refused(lambda: give(**{**parent, "parent_safe": Answer.UNKNOWN})) == "lead"
    assert refused(lambda: give(given_by=Who.LEAD)) == "lead"
    assert refused(lambda: give(given_by=Who.LEAD, lead_id=town.staff["Luke"][1])) == "lead"
    give(given_by=Who.LEAD, lead_id=town.staff["Sid"][1])


def test_nobody_writes_down_a_yes_for_somebody_elses_young_person(town: society.Society) -> None:
    made.understood(town, "Jo", "Lena")
    for stranger in ("Luke", "Lily", "Max", "Dee", "Flo", "Jo"):
        assert refused(lambda who=stranger: made.say_yes(town, "Jo", who)) == "person"


def test_parts_go_only_to_those_they_are_for(town: society.Society) -> None:
    made.understood(town, "Jo", "Lena")
    assert refused(lambda: made.say_yes(town, "Jo", "Lena", parts=[Part.PLAN])) == "reader"
    assert refused(lambda: made.say_yes(town, "Jo", "Lena", parts=[])) == "empty"
    assert refused(lambda: made.say_yes(town, "Jo", "Lena", ends=town.now)) == "ends"


def test_a_yes_runs_out_by_itself(town: society.Society) -> None:
    made.understood(town, "Jo", "Lena")
    made.say_yes(town, "Jo", "Lena", ends=town.now + timedelta(days=1))
    with town.as_("Lena"):

        def may(days: float) -> bool:
            return queries.may_share(
                town.people["Jo"], Part.HELLO_PAGE, Reader.COORDINATOR, town.now + timedelta(days=days),
                organisation_id=town.houses["Climbers"],
            ).ok  # fmt: skip

        assert (may(0), may(0.9), may(1)) == (True, True, False)
        assert [one.kind for one in queries.reviews(town.people["Jo"])] == ["sharing", "competence"]


def test_a_record_that_is_set_aside_is_kept_and_shown_to_nobody_outside(town: society.Society) -> None:
    made.accepted(town)
    jo = town.people["Jo"]

    def dee_sees() -> bool:
        with town.as_("Dee") as dee:
            return slices.accepted(by=dee, person_id=jo, at=town.now) is not None

    for aside in (True, False):
        with town.as_("Max") as manager:
            records.set_aside(by=manager, person_id=jo, aside=aside, at=town.now)
        assert dee_sees() is not aside
        with town.as_("Lena"):
            assert (slices.preview("accepted", jo) is None) == aside
            [sees] = pages.sees_now(jo, queries.shared(jo, town.now), town.now)
            assert sees.step == ("" if aside else "accepted")
        if aside:
            assert refused(lambda: made.say_yes(town, "Jo", "Lena")) == "set aside"


# ---------------------------------------------------------------- the charity's side


def test_an_offer_needs_the_yes_and_an_approved_hello_page(town: society.Society) -> None:
    jo, climbers = town.people["Jo"], town.houses["Climbers"]

    def introduce() -> object:
        with town.as_("Lena") as lena:
            return introducing.introduce(
                by=lena, person_id=jo, organisation_id=climbers, activity="x", at=town.now
            )

    assert refused(introduce) == "hello"
    made.hello_page(town, "Jo", "Lena", approved=[])
    assert refused(introduce) == "hello"
    made.hello_page(town, "Jo", "Lena", approved=["interests"])
    assert refused(introduce) == "no yes"
    made.understood(town, "Jo", "Lena")
    made.say_yes(town, "Jo", "Lena")
    assert introduce() == introduce()  # asked twice is one offer


def test_not_this_time_ends_the_offer(town: society.Society) -> None:
    made.introduced(town)
    jo = town.people["Jo"]
    with town.as_("Dee") as dee:
        introducing.decline(by=dee, person_id=jo, why=NotThisTime.FULL, at=town.now)
    with town.as_("Dee") as dee:
        assert slices.offered(by=dee, person_id=jo, at=town.now) is None
        assert refused(lambda: introducing.accept(by=dee, person_id=jo, at=town.now)) == "offer"


def test_another_charity_or_a_leader_accepts_nothing(town: society.Society) -> None:
    made.introduced(town)
    for other in ("Per", "Sol", "Flo", "Luke"):
        with town.as_(other) as actor:
            assert (
                refused(lambda a=actor: introducing.accept(by=a, person_id=town.people["Jo"], at=town.now))
                == "offer"
            )


def test_access_goes_on_for_30_days_after_the_last_session_and_ends_at_once_when_unsafe(
    town: society.Society,
) -> None:
    made.accepted(town)
    jo, climbers = town.people["Jo"], town.houses["Climbers"]
    with town.as_("Lena") as lena:
        assert introducing.end(
            by=lena, person_id=jo, organisation_id=climbers, last_session=town.now - timedelta(days=29), at=town.now
        ) == 2  # fmt: skip
        assert {tie.ends for tie in reach.ties(jo, town.now) if tie.kind == "accepted"} == {
            town.now + timedelta(days=1)
        }
    with town.as_("Dee") as dee:
        assert slices.accepted(by=dee, person_id=jo, at=town.now) is not None
    with town.as_("Lena") as lena:
        assert introducing.end(by=lena, person_id=jo, organisation_id=climbers, unsafe=True, at=town.now) == 2
    with town.as_("Dee") as dee:
        assert slices.accepted(by=dee, person_id=jo, at=town.now) is None


# ---------------------------------------------------------------- (ii) data law, (iii) taking part


def test_a_ground_is_the_controllers_own_and_the_later_one_counts(town: society.Society) -> None:
    jo, hedgerow = town.people["Jo"], town.houses["Hedgerow"]
    with town.as_("Lena") as lena:
        yeses.set_basis(by=lena, person_id=jo, purpose=Purpose.CARE, controller_id=hedgerow, at=town.now)
        yeses.set_basis(by=lena, person_id=jo, purpose=Purpose.CARE, controller_id=hedgerow, at=town.now)
        assert [(one.purpose, one.article_6) for one in queries.grounds(jo)] == [("care", "6(1)(e)")]
        for other in ("Climbers", "Fund"):
            assert refused(
                lambda o=other: yeses.set_basis(
                    by=lena, person_id=jo, purpose=Purpose.CARE, controller_id=town.houses[o], at=town.now
                )
            ) == "controller"  # fmt: skip


def test_a_no_to_sharing_leaves_the_ground_and_the_activity_alone(town: society.Society) -> None:
    """The three never lean on one another."""
    permission = made.accepted(town)
    jo = town.people["Jo"]
    with town.as_("Lena") as lena:
        yeses.set_basis(
            by=lena, person_id=jo, purpose=Purpose.CARE, controller_id=town.houses["Hedgerow"], at=town.now
        )
        part, _ = taking_part.ask(
            by=lena,
            person_id=jo,
            activity_id=uuid4(),
            activity_name="Climbing",
            rule=ParentOk.NEVER,
            at=town.now,
        )
        taking_part.answer(by=lena, permission_id=part, says=Answer.YES, how=How.SAID, at=town.now)
        yeses.withdraw(by=lena, permission_id=permission, how=How.SAID, at=town.now)
    with town.as_("Lena"):
        assert len(queries.grounds(jo)) == 1
        assert taking_part.may_start(part).ok


@pytest.mark.parametrize(
    ("who", "rule", "needed"),
    [
        ("Jo", ParentOk.UNDER_16, From.PARENT), ("Ash", ParentOk.UNDER_16, From.YOUNG_PERSON),
        ("Ash", ParentOk.UNDER_18, From.PARENT), ("Jo", ParentOk.NEVER, From.YOUNG_PERSON),
        ("Jo", ParentOk.UNKNOWN, From.UNKNOWN),
    ],
)  # fmt: skip
def test_whose_yes_an_activity_needs(town: society.Society, who: str, rule: ParentOk, needed: From) -> None:
    with town.as_("Lena") as lena:
        part, found = taking_part.ask(
            by=lena,
            person_id=town.people[who],
            activity_id=uuid4(),
            activity_name="Climbing",
            rule=rule,
            at=town.now,
        )
        assert found.of is needed
        assert not taking_part.may_start(part).ok

        def say() -> None:
            taking_part.answer(by=lena, permission_id=part, says=Answer.YES, how=How.SAID, at=town.now)

        if needed is From.YOUNG_PERSON:
            say()
            assert taking_part.may_start(part).ok
        else:
            assert refused(say) == ("nobody" if needed is From.PARENT else "unknown")
            assert not taking_part.may_start(part).ok


def test_a_parent_who_takes_it_back_pauses_that_activity_and_nothing_else(town: society.Society) -> None:
    made.accepted(town)
    jo = town.people["Jo"]
    with town.as_("Lena") as lena:
        dad = family.add(by=lena, person_id=jo, name="Dan", relation="dad", at=town.now)
        family.say_responsible(
            by=lena, carer_id=dad, responsible=Responsible.YES, known_by=KnownBy.TOLD, at=town.now
        )
        parts = [
            taking_part.ask(
                by=lena,
                person_id=jo,
                activity_id=uuid4(),
                activity_name=name,
                rule=ParentOk.UNDER_16,
                at=town.now,
            )[0]
            for name in ("Climbing", "Drums")
        ]
        for part in parts:
            taking_part.answer(
                by=lena, permission_id=part, says=Answer.YES, how=How.SIGNED, carer_id=dad, at=town.now
            )
        assert [taking_part.may_start(part).code for part in parts] == ["ok", "ok"]
        taking_part.pause(by=lena, permission_id=parts[0], at=town.now)
        assert [taking_part.may_start(part).code for part in parts] == ["paused", "ok"]
    with town.as_("Dee") as dee:
        assert slices.accepted(by=dee, person_id=jo, at=town.now) is not None
    with town.as_("Lena") as lena:  # responsibility came into doubt: the signature no longer carries
        family.say_responsible(
            by=lena,
            carer_id=dad,
            responsible=Responsible.DISPUTED,
            known_by=KnownBy.SOCIAL_WORKER,
            at=town.now,
        )
        assert taking_part.may_start(parts[1]).code == "signature"


def test_a_young_person_takes_back_what_is_theirs_and_gives_no_parents_yes(town: society.Society) -> None:
    jo = town.people["Jo"]
    with town.as_("Lena") as lena:
        part, _ = taking_part.ask(
            by=lena,
            person_id=jo,
            activity_id=uuid4(),
            activity_name="Climbing",
            rule=ParentOk.UNDER_16,
            at=town.now,
        )
        dad = family.add(by=lena, person_id=jo, name="Dan", relation="dad", at=town.now)
        family.say_responsible(
            by=lena, carer_id=dad, responsible=Responsible.YES, known_by=KnownBy.TOLD, at=town.now
        )
    with town.as_("Jo") as me:
        assert refused(
            lambda: taking_part.answer(
                by=me, permission_id=part, says=Answer.YES, how=How.TYPED, carer_id=dad, at=town.now
            )
        ) == "signature"  # fmt: skip
        taking_part.pause(by=me, permission_id=part, at=town.now)
    # Nor past the program: the database refuses it too.
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        town.as_("Jo"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE people_participationpermission SET answer = 'yes', withdrawn_at = NULL WHERE id = %s",
            [part],
        )


# ---------------------------------------------------------------- the hello page


def test_only_approved_lines_are_seen_and_a_changed_line_is_approved_again(town: society.Society) -> None:
    made.accepted(town)
    jo = town.people["Jo"]

    def dee_reads() -> tuple[str, str, str]:
        with town.as_("Dee") as dee:
            seen = slices.accepted(by=dee, person_id=jo, at=town.now)
        assert seen is not None
        return seen.interests, seen.at_the_door, seen.access_needs

    with town.as_("Jo") as me:
        hello.approve(by=me, person_id=jo, lines=["interests", "access_needs"], at=town.now)
    assert dee_reads() == ("Climbing, guinea pigs", "", "A quiet corner")
    with town.as_("Lena") as lena:
        hello.edit(
            by=lena, person_id=jo, lines={"interests": "Drums", "access_needs": "A quiet corner"}, at=town.now
        )
    assert dee_reads() == ("", "", "A quiet corner")
    with town.as_("Jo") as me:
        hello.approve(by=me, person_id=jo, lines=[], at=town.now)
    assert dee_reads() == ("", "", "")


def test_the_hello_page_has_three_lines_and_no_more(town: society.Society) -> None:
    with town.as_("Lena") as lena:
        for lines in ({"diagnosis": "x"}, {"interests": "x" * 301}):
            assert (
                refused(
                    lambda it=lines: hello.edit(by=lena, person_id=town.people["Jo"], lines=it, at=town.now)
                )
                == "lines"
            )
    for stranger in ("Luke", "Dee"):
        with town.as_(stranger) as actor:
            assert (
                refused(lambda a=actor: hello.edit(by=a, person_id=town.people["Jo"], lines={}, at=town.now))
                == "person"
            )
