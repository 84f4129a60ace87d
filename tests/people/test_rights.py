"""Seeing, correcting, restricting, erasing, complaining: the clock, two people, and what must stay hidden."""

import html
import json
import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.policy.tables import RULES
from stile.access.policy.words import Class, Role
from stile.kernel.decision import Refused
from stile.people.actions import glass
from stile.people.actions import records as record_actions
from stile.people.actions import rights as actions
from stile.people.models import Carer, CompetenceNote, ContactRoute, LawfulBasisEntry, Pack, RightsRequest
from stile.people.queries import records
from stile.people.queries import rights as queries
from stile.people.rules import pack, retention, rights
from stile.people.rules.rights import Asker, Kind, State
from tests import society
from tests.people import signed_in

CANARY = "Canary Mustermann"


@pytest.fixture
def town(town: society.Society, monkeypatch: pytest.MonkeyPatch) -> society.Society:
    monkeypatch.setattr("django.utils.timezone.now", lambda: town.now)
    return town


def client(town: society.Society, name: str) -> Any:
    return signed_in.client(*town.staff[name])


def asked(town: society.Society, kind: Kind, asker: Asker = Asker.YOUNG_PERSON, by: str = "Jo") -> UUID:
    with town.as_(by) as actor:
        return actions.ask(
            by=actor, person_id=town.people["Jo"], kind=kind, asker=asker, words="Please", at=town.now
        )


def held_on(town: society.Society, article: str) -> None:
    with town.as_("Lena") as lena:
        LawfulBasisEntry(
            person_id=town.people["Jo"], team_id=town.teams["East"], purpose="help", article_6=article,
            controller_id=town.houses["Hedgerow"], set_by=lena.membership_id, set_at=town.now,
        ).save(force_insert=True)  # fmt: skip


def _row(town: society.Society, request_id: UUID) -> RightsRequest:
    with town.as_("Max"):
        return RightsRequest.objects.get(id=request_id)


def filled(town: society.Society) -> None:
    """Some of everything about Jo, and a worry about them that nobody but the lead may hear of."""
    jo, east = town.people["Jo"], town.teams["East"]
    with town.as_("Lena") as lena:
        about = {"person_id": jo, "team_id": east}
        ContactRoute(**about, kind="text", value="07700 900123", whose="own", ok="yes").save(
            force_insert=True
        )
        Carer(
            **about, name=CANARY, relation="aunt", reach="07700 900999", responsible="yes", known_by="document",
            author_id=lena.membership_id, recorded_at=town.now,
        ).save(force_insert=True)  # fmt: skip
        CompetenceNote(
            **about, deciding="plan", decision="Trying climbing",
            in_own_words={"what": f"I told {CANARY.upper()} already"}, free_of_pressure="yes",
            conclusion="understands", reasons="Clear", review_on=date(2027, 1, 1), author_id=lena.membership_id,
            written_at=town.now,
        ).save(force_insert=True)  # fmt: skip
        access.tie(
            by=lena, kind="concern", person_id=jo, team_id=east, organisation_id=town.houses["Hedgerow"],
            role=Role.SAFEGUARDING_LEAD, why="worried", at=town.now,
        )  # fmt: skip
    client(town, "Sid").get(f"/people/{jo}/")


# ---------------------------------------------------------------- the rules


@pytest.mark.parametrize(
    ("received", "day"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)), (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2026, 3, 3), date(2026, 4, 3)), (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)  # fmt: skip
def test_one_month_is_the_same_day_or_the_last(received: date, day: date) -> None:
    assert rights.due(received) == day


def test_two_months_more_and_days_that_were_waited_are_added() -> None:
    assert rights.due(date(2026, 1, 31), extended=True) == date(2026, 4, 30)
    assert rights.due(date(2026, 3, 3), waited_days=10) == date(2026, 4, 13)


def test_a_complaint_is_acknowledged_in_two_working_days_and_thirty_by_law() -> None:
    friday = date(2026, 3, 6)
    assert rights.acknowledge_by(friday) == (date(2026, 3, 10), date(2026, 4, 5))


def test_every_open_state_can_be_left_and_closed_ones_not() -> None:
    for state, moves in rights.MOVES.items():
        assert bool(moves) == (state not in (State.ANSWERED, State.REFUSED))
        assert state not in moves
    reached, waiting = {State.RECEIVED}, [State.RECEIVED]
    while waiting:
        for there in rights.MOVES[waiting.pop()] - reached:
            reached.add(there)
            waiting.append(there)
    assert reached == set(State)


def parent(**more: Any) -> rights.ParentAsks:
    known = {
        "child_is_16": False, "understands": False, "their_yes": "unknown", "responsible": "yes",
        "known_by": "document", "interests_why": "They need it for school",
    }  # fmt: skip
    return rights.ParentAsks(**{**known, **more})


@pytest.mark.parametrize(
    ("asks", "code"),
    [
        (parent(), "ok"),
        (parent(understands=True), "ask the child"),
        (parent(understands=True, their_yes="yes"), "ok"),
        (parent(understands=True, their_yes="no"), "child said no"),
        (parent(child_is_16=True, understands=None), "ask the child"),
        (parent(child_is_16=None, understands=None), "competence"),
        (parent(responsible="unknown"), "responsibility"),
        (parent(responsible="disputed"), "responsibility"),
        (parent(known_by=""), "responsibility"),
        (parent(interests_why="because"), "interests"),
        (parent(their_yes="no"), "child said no"),
    ],
)
def test_a_parent_is_answered_only_where_the_child_says_so_or_cannot_yet(
    asks: rights.ParentAsks, code: str
) -> None:
    assert rights.may_parent(asks).code == code


# ---------------------------------------------------------------- every personal table has a place


def test_every_personal_table_has_a_place_in_the_pack_or_says_why_not() -> None:
    personal = {rule.table for rule in RULES if rule.kind is Class.PERSONAL}
    placed = {place.table for place in pack.PLACES}
    assert placed | set(pack.NO_PLACE) == personal
    assert placed & set(pack.NO_PLACE) == set()
    assert [table for table, why in pack.NO_PLACE.items() if len(why) < 15] == []


@pytest.mark.django_db
def test_every_column_is_given_or_says_why_not() -> None:
    with connection.cursor() as cursor:
        for place in pack.PLACES:
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [place.table],
            )
            columns = {row[0] for row in cursor.fetchall()}
            assert set(place.given) | set(place.left) == columns, place.table
            assert set(place.given) & set(place.left) == set(), place.table
            assert place.third_party <= set(place.given), place.table


@pytest.mark.django_db
def test_every_table_that_names_a_person_is_let_go_with_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'person_id'"
        )
        named = {row[0] for row in cursor.fetchall()}
    # The audit outlives everything, with ids alone; invitations and sign-ins go with the account.
    assert named - {"audit_event", "people_invitation"} | {"people_youngperson"} == {
        k.table for k in retention.KEEP
    }


# ---------------------------------------------------------------- seeing


def test_the_way_to_ones_data_is_one_click_from_any_page_and_says_what_is_held(town: society.Society) -> None:
    filled(town)
    jo = client(town, "Jo")
    assert 'href="/my/data/"' in jo.get("/in/").content.decode()
    shown = jo.get("/my/data/").content.decode()
    for words in ("Jo", "Tuesday 1 May 2012", "07700 900123", CANARY, "Lena is your link worker since"):
        assert words in shown
    for way in ("/my/data/ask/?kind=see", "?kind=erase", "?kind=complain", "/my/looks/"):
        assert way in shown


def prepared(town: society.Society, **form: str) -> UUID:
    filled(town)
    request = asked(town, Kind.SEE)
    answer = client(town, "Dot").post(f"/rights/{request}/prepare/", form)
    assert answer.status_code == 302, answer.content.decode()
    return request


def test_H11_two_people_look_before_it_goes_out(town: society.Society) -> None:
    request = prepared(town)
    release = {"do": "release", "decision": "Here is what we hold"}
    jo = client(town, "Jo")
    assert jo.get("/my/data/all/").status_code == 404
    alone = client(town, "Dot").post(f"/rights/{request}/", release)
    assert alone.status_code == 422
    assert "Somebody else has to look at it" in alone.content.decode()
    with town.as_("Jo"):
        assert Pack.objects.count() == 0, "the database gives it to nobody before it is released"
    assert client(town, "Max").post(f"/rights/{request}/", release).status_code == 302
    assert "Trying climbing" in jo.get("/my/data/all/").content.decode()


def test_H11_the_database_refuses_a_pack_that_one_person_released_alone(town: society.Society) -> None:
    request = prepared(town)
    with (
        town.as_("Dot") as dot,
        pytest.raises(DatabaseError, match="people_pack_two_people"),
        transaction.atomic(),
    ):
        Pack.objects.filter(request_id=request).update(released_by=dot.membership_id, released_at=town.now)


def test_H11_nothing_in_the_pack_tells_of_a_worry(town: society.Society) -> None:
    request = prepared(town)
    client(town, "Max").post(f"/rights/{request}/", {"do": "release", "decision": "Here it is now"})
    with town.as_("Sid") as sid, connection.cursor() as cursor:
        assert records.line(town.people["Jo"]) is not None, "there is a worry, and the lead reads the record"
        cursor.execute(
            "SELECT count(*) FROM audit_event WHERE role = %s AND person_id IS NOT NULL", [sid.role]
        )
        assert cursor.fetchone()[0] > 0
    jo = client(town, "Jo")
    for address in ("/my/data/all/", "/my/data/all/?form=json", "/my/data/", "/my/looks/"):
        shown = jo.get(address).content.decode().lower()
        for word in ("concern", "safeguarding", "sid", "a worry"):
            assert not re.search(rf"\b{word}\b", shown), (address, word)
    with town.as_("Jo"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_tie WHERE kind IN ('concern', 'shut')")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM audit_event WHERE verb LIKE '%concern%' OR role = 'safeguarding_lead'"
        )
        assert cursor.fetchone() == (0,)


def test_H11_others_are_held_back_and_blacked_out(town: society.Society) -> None:
    filled(town)
    request = asked(town, Kind.SEE)
    dot = client(town, "Dot")
    form = dot.get(f"/rights/{request}/prepare/").content.decode()
    (reach,) = re.findall(r'value="(people_carer:[0-9a-f-]+:reach)" checked', form)
    assert form.count(" checked") == 1, "another's phone is held back unless somebody says otherwise"
    dot.post(f"/rights/{request}/prepare/", {"hold": [reach, "people_youngperson:made:up"], "words": CANARY})
    client(town, "Max").post(f"/rights/{request}/", {"do": "release", "decision": "Here it is now"})
    shown = client(town, "Jo").get("/my/data/all/").content.decode()
    whole = json.dumps(client(town, "Jo").get("/my/data/all/?form=json").json())
    for text in (shown, whole):
        assert CANARY.lower() not in text.lower()
        assert "900999" not in text
    assert "I told […] already" in shown
    with town.as_("Jo"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_packchoice")
        assert cursor.fetchone() == (0,), "what was held back, and why, would tell it after all"


def test_the_pack_for_a_program_says_what_the_page_says(town: society.Society) -> None:
    request = prepared(town)
    client(town, "Max").post(f"/rights/{request}/", {"do": "release", "decision": "Here it is now"})
    jo = client(town, "Jo")
    whole = jo.get("/my/data/all/?form=json")
    assert whole["Content-Disposition"].startswith("attachment")
    page = jo.get("/my/data/all/").content.decode()
    values = [value for one in whole.json()["sections"] for row in one["rows"] for value in row.values()]
    assert len(values) > 20
    dates = re.compile(r"\d{4}-\d\d-\d\d.*")
    assert [value for value in values if html.escape(value) not in page and not dates.fullmatch(value)] == []
    assert "Tuesday 1 May 2012" in page


def test_a_pack_once_given_is_not_prepared_again(town: society.Society) -> None:
    request = prepared(town)
    client(town, "Max").post(f"/rights/{request}/", {"do": "release", "decision": "Here it is now"})
    assert client(town, "Max").post(f"/rights/{request}/prepare/", {"words": "Jo"}).status_code == 422
    assert client(town, "Dot").get(f"/rights/{request}/prepare/").status_code == 404, "their reach has ended"


def test_an_answer_that_is_refused_leaves_the_pack_where_it_was(town: society.Society) -> None:
    request = prepared(town)
    answer = client(town, "Max").post(f"/rights/{request}/", {"do": "release", "decision": "Ok"})
    assert answer.status_code == 422
    with town.as_("Max"):
        assert Pack.objects.get().released_at is None


def test_H11_a_look_that_is_unsafe_to_show_is_in_no_list_and_no_pack(town: society.Society) -> None:
    with town.as_("Liam") as liam:
        glass.open_in_need(
            by=liam, name="Jo", nhs_number="", born=date(2012, 5, 1), reason="They came to us", at=town.now
        )
    request = asked(town, Kind.SEE)
    assert "Liam" in client(town, "Jo").get("/my/data/").content.decode()
    with town.as_("Dot") as dot:
        (one,) = reach.broken(reviewed=False)
        access.review_glass(by=dot, glass_id=one.id, words="An uncle", show=False, at=town.now)
    client(town, "Dot").post(f"/rights/{request}/prepare/", {})
    client(town, "Max").post(f"/rights/{request}/", {"do": "release", "decision": "Here it is now"})
    for address in ("/my/data/", "/my/looks/", "/my/data/all/"):
        shown = client(town, "Jo").get(address).content.decode()
        for word in ("Liam", "in need", "why your record was opened"):
            assert word not in shown, (address, word)
    with town.as_("Jo"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_tie WHERE kind = 'glass'")
        assert cursor.fetchone() == (0,)


def test_a_long_record_is_prepared_like_a_short_one(town: society.Society) -> None:
    """More lines than a form may have fields."""
    with town.as_("Lena") as lena:
        for n in range(60):
            Carer(
                person_id=town.people["Jo"], team_id=town.teams["East"], name=f"Carer {n}", relation="aunt",
                author_id=lena.membership_id, recorded_at=town.now,
            ).save(force_insert=True)  # fmt: skip
    prepared(town)


# ---------------------------------------------------------------- who answers, and who does not


def test_the_data_officer_reaches_the_record_for_the_request_and_no_longer(town: society.Society) -> None:
    jo = town.people["Jo"]
    dot = client(town, "Dot")
    assert dot.get(f"/people/{jo}/").status_code == 404
    request = asked(town, Kind.CORRECT)
    assert dot.get(f"/people/{jo}/").status_code == 200
    assert "Put something right" in dot.get("/rights/").content.decode()
    dot.post(f"/people/{jo}/change/", {"name": "Josie", "age_band": "13-15", "language": "en-gb"})
    assert (
        dot.post(f"/rights/{request}/", {"do": "answer", "decision": "Your name is right now"}).status_code
        == 302
    )
    assert dot.get(f"/people/{jo}/").status_code == 404
    listed = dot.get("/rights/?which=answered").content.decode()
    assert "shut again" in listed
    assert "Josie" not in listed
    assert "Your name is right now" in client(town, "Jo").get("/my/data/").content.decode()


def test_another_organisations_data_officer_hears_nothing(town: society.Society) -> None:
    asked(town, Kind.SEE)
    with town.as_("Mona") as mona:
        from stile.people.actions import staff

        token = staff.invite(
            by=mona, role=Role.DPO, team_id=None, name="Dan", email="dan@example.org", at=town.now
        )
    town.staff["Dan"] = staff.take_invitation(token=token, at=town.now)
    with town.as_("Dan") as dan:
        assert queries.inbox(by=dan, at=town.now) == []


def test_a_worker_writes_it_down_and_does_not_read_complaints(town: society.Society) -> None:
    lena = client(town, "Lena")
    said = {"kind": "complain", "asker": "young_person", "words": f"{CANARY} is never there"}
    assert lena.post(f"/people/{town.people['Jo']}/ask/", said).status_code == 302
    with town.as_("Lena"):
        assert RightsRequest.objects.count() == 0
    with town.as_("Max"):
        assert RightsRequest.objects.get().words == said["words"]
    for who in ("Lena", "Luke", "Sid", "Jo"):
        assert client(town, who).get("/rights/").status_code == 404


def test_nothing_is_answered_before_it_is_known_to_be_them(town: society.Society) -> None:
    request = asked(town, Kind.SEE, by="Lena")
    dot = client(town, "Dot")
    answer = dot.post(f"/rights/{request}/prepare/", {})
    assert answer.status_code == 422
    assert "First make sure that it is them." in answer.content.decode()
    dot.post(f"/rights/{request}/", {"do": "check", "how": "safe_channel"})
    assert dot.post(f"/rights/{request}/prepare/", {}).status_code == 302


def test_a_parent_gets_nothing_until_the_child_was_heard(town: society.Society) -> None:
    filled(town)
    request = asked(town, Kind.SEE, Asker.PARENT, by="Lena")
    dot = client(town, "Dot")
    dot.post(f"/rights/{request}/", {"do": "check", "how": "authority"})
    refused = dot.post(f"/rights/{request}/prepare/", {})
    assert refused.status_code == 422
    assert "First talk it over with the young person" in refused.content.decode()
    with town.as_("Lena") as lena:
        CompetenceNote(
            person_id=town.people["Jo"], team_id=town.teams["East"], deciding="data_rights", decision="Who may have a copy",
            in_own_words={"who": "My aunt would read it"}, free_of_pressure="yes", conclusion="understands", reasons="Clear",
            review_on=date(2027, 1, 1), author_id=lena.membership_id, written_at=town.now,
        ).save(force_insert=True)  # fmt: skip
    assert "Ask them, by a way that is safe" in dot.post(f"/rights/{request}/prepare/", {}).content.decode()
    dot.post(f"/rights/{request}/", {"do": "parent", "their_yes": "no"})
    assert (
        "said no. Nothing goes to the parent" in dot.post(f"/rights/{request}/prepare/", {}).content.decode()
    )
    dot.post(f"/rights/{request}/", {"do": "parent", "their_yes": "yes"})
    assert dot.post(f"/rights/{request}/prepare/", {}).status_code == 302


# ---------------------------------------------------------------- the clock


def test_the_clock_stands_still_while_we_wait(town: society.Society) -> None:
    request = asked(town, Kind.CORRECT)
    dot, start = client(town, "Dot"), town.now
    before = _row(town, request).due_on
    assert dot.post(f"/rights/{request}/", {"do": "wait", "what": ""}).status_code == 422
    dot.post(f"/rights/{request}/", {"do": "wait", "what": "Which name is wrong?"})
    assert "The clock stands still until they answer." in dot.get(f"/rights/{request}/").content.decode()
    assert "We asked you: Which name is wrong?" in client(town, "Jo").get("/my/data/").content.decode()
    assert dot.post(f"/rights/{request}/", {"do": "answer", "decision": "It is done now"}).status_code == 422
    with town.as_("Dot") as actor:
        actions.go_on(by=actor, request_id=request, at=start + timedelta(days=10))
    assert _row(town, request).due_on == before + timedelta(days=10)


def test_more_time_is_taken_once_with_a_reason_within_the_month(town: society.Society) -> None:
    request = asked(town, Kind.CORRECT)
    with town.as_("Dot") as dot:
        with pytest.raises(Refused):
            actions.extend(by=dot, request_id=request, why="busy", at=town.now)
        with pytest.raises(Refused):
            actions.extend(
                by=dot, request_id=request, why="We are very busy", at=town.now + timedelta(days=40)
            )
        actions.extend(by=dot, request_id=request, why="Many records to read", at=town.now)
        assert _row(town, request).due_on == rights.months_after(town.now.date(), 3)
        with pytest.raises(Refused):
            actions.extend(by=dot, request_id=request, why="Even more to read", at=town.now)


def test_a_complaint_says_by_when_to_acknowledge_it(town: society.Society) -> None:
    request = asked(town, Kind.COMPLAIN)
    dot = client(town, "Dot")
    assert "Acknowledge by" in dot.get(f"/rights/{request}/").content.decode()
    dot.post(f"/rights/{request}/", {"do": "acknowledge"})
    assert "Acknowledged." in dot.get(f"/rights/{request}/").content.decode()
    assert _row(town, request).acknowledged_at == town.now


def test_no_is_said_in_words_and_once(town: society.Society) -> None:
    request = asked(town, Kind.ERASE)
    dot = client(town, "Dot")
    assert dot.post(f"/rights/{request}/", {"do": "refuse", "decision": "No."}).status_code == 422
    words = "We must keep it; you can tell the ICO"
    assert dot.post(f"/rights/{request}/", {"do": "refuse", "decision": words}).status_code == 302
    assert words in client(town, "Jo").get("/my/data/").content.decode()
    assert dot.post(f"/rights/{request}/", {"do": "refuse", "decision": words}).status_code == 422


# ---------------------------------------------------------------- restricting, erasing


def test_stop_using_it_holds_at_once(town: society.Society) -> None:
    client(town, "Jo").post("/my/data/ask/", {"kind": "restrict"})
    with town.as_("Lena") as lena, pytest.raises(Refused, match="set aside"):
        record_actions.change(by=lena, person_id=town.people["Jo"], values={"name": "X"}, at=town.now)


def agreed(town: society.Society, article: str) -> UUID:
    filled(town)
    held_on(town, article)
    request = asked(town, Kind.ERASE)
    assert client(town, "Dot").post(f"/rights/{request}/", {"do": "agree"}).status_code == 302
    return request


ERASE = {"do": "erase", "decision": "We deleted what we may"}


def test_before_they_ask_they_are_told_what_goes_what_stays_and_why(town: society.Society) -> None:
    held_on(town, "6(1)(e)")
    shown = client(town, "Jo").get("/my/data/ask/?kind=erase").content.decode()
    for words in ("How to reach you", "25th birthday", "within 35 days", "Who could open your record"):
        assert words in shown


def test_one_alone_deletes_nothing(town: society.Society) -> None:
    request = agreed(town, "6(1)(e)")
    assert client(town, "Dot").post(f"/rights/{request}/", ERASE).status_code == 422
    with town.as_("Lena"):
        assert ContactRoute.objects.count() == 1


def test_without_a_known_ground_nothing_is_agreed(town: society.Society) -> None:
    request = asked(town, Kind.ERASE)
    answer = client(town, "Dot").post(f"/rights/{request}/", {"do": "agree"})
    assert answer.status_code == 422
    assert "legal ground" in answer.content.decode()


def test_what_a_duty_keeps_stays_and_the_rest_goes(town: society.Society) -> None:
    request = agreed(town, "6(1)(e)")
    assert client(town, "Max").post(f"/rights/{request}/", ERASE).status_code == 302
    with town.as_("Max"), connection.cursor() as cursor:
        counts = {}
        for table in ("people_contactroute", "people_carer", "people_competencenote", "people_youngperson"):
            column = "id" if table == "people_youngperson" else "person_id"
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [town.people["Jo"]])
            counts[table] = cursor.fetchone()[0]
    assert counts == {
        "people_contactroute": 0, "people_carer": 0, "people_competencenote": 1, "people_youngperson": 1,
    }  # fmt: skip
    assert client(town, "Lena").get(f"/people/{town.people['Jo']}/").status_code == 404, "every tie has ended"
    assert client(town, "Jo").get("/my/data/").status_code == 404, "their sign-in too"


def test_without_a_duty_all_of_it_goes_and_only_theirs(town: society.Society) -> None:
    with town.as_("Max"):
        others = {line.name for line in records.people()} - {"Jo"}
    request = agreed(town, "6(1)(f)")
    answer = client(town, "Max").post(f"/rights/{request}/", ERASE)
    assert answer["Location"] == "/rights/?done=erased"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with town.as_("Max"), connection.cursor() as cursor:
        assert {line.name for line in records.people()} == others
        for keep in retention.KEEP:
            cursor.execute(
                f'SELECT count(*) FROM "{keep.table}" WHERE "{keep.column}" = %s', [town.people["Jo"]]
            )
            assert cursor.fetchone() == (0,), keep.table
        cursor.execute("SELECT count(*) FROM audit_event WHERE person_id = %s", [town.people["Jo"]])
        assert cursor.fetchone()[0] > 0, "that there was one, and who looked, without a name"
        cursor.execute("SELECT string_agg(detail::text, '') FROM audit_event")
        assert "Jo" not in cursor.fetchone()[0]


def test_the_database_deletes_nobody_whose_erasure_nobody_agreed(town: society.Society) -> None:
    from stile.access.gate import working_as

    filled(town)
    with working_as("stile_job"), connection.cursor() as cursor:
        for keep in retention.KEEP:
            cursor.execute(f'DELETE FROM "{keep.table}"')
            assert cursor.rowcount == 0, keep.table
    with town.as_("Dot"), connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("DELETE FROM people_contactroute")


def test_dates_in_a_pack_are_dates_anywhere() -> None:
    assert pack.written(datetime(2026, 3, 3, 16, 5)) == "2026-03-03 16:05"
    assert pack.blacked("Ann and ANNA and Joann", ["Ann", "Anna", ""]) == "[…] and […] and Jo[…]"
