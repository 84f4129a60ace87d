"""The pages of the three yeses, as a link worker, a young person and a charity use them."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from stile.kernel.answer import Answer
from stile.people.actions import contact, family, taking_part
from stile.people.queries import contact as ways
from stile.people.queries import slices
from stile.people.queries import yeses as queries
from stile.people.rules.contact import Kind, Whose
from stile.people.rules.participation import ParentOk
from stile.people.rules.responsibility import KnownBy, Responsible
from tests import society
from tests.people import signed_in
from tests.people import yeses_made as made

NOTE = {
    "deciding": "sharing", "decision": "Telling Climbers", "own_what": "climbing", "own_who": "Dee", "own_else": "drums",
    "own_wrong": "nothing much", "free_of_pressure": "yes", "telling_a_parent": "", "conclusion": "understands",
    "reasons": "Gave examples.",
}  # fmt: skip


def as_(town: society.Society, who: str) -> Client:
    return signed_in.client(*town.staff[who])


def at(name: str, *parts: Any) -> str:
    return reverse(name, args=parts)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_note_then_a_yes_then_an_offer_through_the_pages(
    transactional_db: None, town: society.Society
) -> None:
    jo, climbers = town.people["Jo"], town.houses["Climbers"]
    lena = as_(town, "Lena")
    page = text(lena.get(at("person-yeses", jo)))
    assert "Talk it through first" in page
    assert "Nothing is shared with anybody." in page
    ask = f"{at('yes-ask', jo)}?to=house:{climbers}"
    assert "May we tell Climbers these things about you?" in text(lena.get(ask))
    yes = {"parts": ["hello_page"], "why": "Climbing", "how": "said", "given_by": "young_person"}
    early = lena.post(ask, yes)
    assert early.status_code == 422
    assert "Talk it through first" in text(early)
    assert lena.post(at("note-add", jo), NOTE).status_code == 302
    assert lena.post(ask, yes).status_code == 302
    assert lena.post(at("person-hello", jo), {"write": "1", "interests": "Ropes", "at_the_door": "Wait outside", "access_needs": ""}).status_code == 302  # fmt: skip
    assert lena.post(at("hello-approve", jo), {"lines": ["interests"]}).status_code == 302
    assert (
        lena.post(at("introduce", jo), {"organisation": str(climbers), "activity": "Climbing"}).status_code
        == 302
    )
    page = text(lena.get(at("person-yeses", jo)))
    assert "What Climbers sees now That somebody would like to come. No name." in page
    assert "Ropes" in page
    assert "Wait outside" not in page
    dee = as_(town, "Dee")
    seen = text(dee.get(at("introduced")))
    assert "13 to 15" in seen
    assert "Ropes" in seen
    assert "Wait outside" not in seen
    assert "Jo" not in seen
    assert dee.post(at("introduced-answer", jo), {"yes": "1"}).status_code == 302
    assert "Jo" in text(dee.get(at("introduced")))
    assert "Jo" in text(as_(town, "Sol").get(at("introduced")))


def test_two_clicks_and_the_charity_is_asked_to_forget(town: society.Society) -> None:
    permission = made.accepted(town)
    jo = town.people["Jo"]
    lena, dee = as_(town, "Lena"), as_(town, "Dee")
    first = lena.get(at("person-yeses", jo)).content.decode()
    link = at("yes-withdraw", jo, permission)
    assert f'href="{link}"' in first  # click one
    assert "within five days" in text(lena.get(link))
    assert lena.post(link).status_code == 302  # click two
    assert lena.get(link).status_code == 404
    seen = text(dee.get(at("introduced")))
    assert "Please stop and delete Jo , Climbing on Tuesdays" in seen
    assert "Expected Nobody just now." in seen
    with town.as_("Dee"):
        [notice] = queries.notices(town.houses["Climbers"])
    assert dee.post(at("introduced-stopped", notice.id)).status_code == 302
    assert "Jo" not in text(dee.get(at("introduced")))
    assert "they stopped and deleted" in text(lena.get(at("person-yeses", jo)))


def test_my_yeses_and_changing_my_mind(town: society.Society) -> None:
    permission = made.accepted(town)
    jo = as_(town, "Jo")
    page = text(jo.get(at("my-yeses")))
    assert "Your name and your hello page" in page
    assert "What Climbers sees now" in page
    assert "A quiet corner" in page
    assert jo.post(at("my-hello"), {"lines": ["interests"]}).status_code == 302
    assert "A quiet corner" not in text(as_(town, "Dee").get(at("introduced")))
    assert "They won’t see it any more" in text(jo.get(at("my-yes-back", permission)))
    assert jo.post(at("my-yes-back", permission)).status_code == 302
    assert "You share nothing with anyone." in text(jo.get(at("my-yeses")))
    assert jo.post(at("my-yes-back", permission)).status_code == 404
    with town.as_("Dee") as dee:
        assert slices.accepted(by=dee, person_id=town.people["Jo"], at=town.now) is None


def test_a_young_person_stops_messages_one_activity_and_everything(town: society.Society) -> None:
    made.accepted(town)
    who = town.people["Jo"]
    with town.as_("Lena") as lena:
        part, _ = taking_part.ask(
            by=lena, person_id=who, activity_id=None, activity_name="Drums", rule=ParentOk.NEVER, at=town.now
        )
        taking_part.answer(
            by=lena, permission_id=part, says=Answer.YES, how=queries.sharing.How.SAID, at=town.now
        )
    jo = as_(town, "Jo")
    assert "Take a break from Drums?" in text(jo.get(at("my-part-back", part)))
    assert jo.post(at("my-part-back", part)).status_code == 302
    assert jo.post(at("my-quiet")).status_code == 302
    with town.as_("Lena"):
        assert ways.messages_off(who)
        assert taking_part.may_start(part).code == "paused"
        assert [one.stands for one in queries.shared(who, town.now)] == [True]
    assert jo.get(at("my-stop")).status_code == 200
    assert jo.post(at("my-stop")).status_code == 302
    assert "Everything has stopped." in text(jo.get(at("my-yeses")))


def test_ways_to_reach_somebody_are_asked_about_and_turned_off(town: society.Society) -> None:
    jo = town.people["Jo"]
    lena = as_(town, "Lena")
    where = at("person-contact", jo)
    assert lena.post(where, {"kind": "text", "value": "", "whose": "own"}).status_code == 422
    added = lena.post(where, {"kind": "text", "value": "07700 900123", "whose": "shared"})
    assert "Nobody has told us that this way is safe" in text(lena.get(where))
    answers = {"ok": "yes", "seen_by_others": "unknown", "leave_message": "no"}
    lena.post(added["Location"], answers)
    assert "This is not their own. Ask who else reads it first." in text(lena.get(where))
    lena.post(added["Location"], answers | {"seen_by_others": "yes"})
    assert "First name, place and time only" in text(lena.get(where))
    assert lena.post(at("person-quiet", jo)).status_code == 302
    assert "Nothing is sent to them, by any way." in text(lena.get(where))
    assert lena.post(at("person-quiet", jo), {"on": "1"}).status_code == 302
    assert "Nobody has told us that this way is safe" in text(lena.get(where))
    assert lena.post(added["Location"], {"off": "1"}).status_code == 302
    assert lena.get(added["Location"]).status_code == 404


def test_a_parent_signs_once_it_is_known_that_they_may(town: society.Society) -> None:
    jo = town.people["Jo"]
    lena = as_(town, "Lena")
    added = lena.post(at("person-family", jo), {"name": "Meg", "relation": "mum", "reach": ""})
    asked = lena.post(
        at("part-ask", jo), {"activity_name": "Climbing", "rule": "under_16", "first_time": "yes"}
    )
    with town.as_("Lena"):
        [mum] = family.queries.carers(jo)
    says = {"says": "yes", "how": "signed", "carer": str(mum.id)}
    refused = lena.post(asked["Location"], says)
    assert refused.status_code == 422
    assert "We do not know whether they have parental responsibility." in text(refused)
    assert lena.post(added["Location"], {"responsible": "yes"}).status_code == 422
    assert lena.post(added["Location"], {"responsible": "yes", "known_by": "document"}).status_code == 302
    assert lena.post(asked["Location"], says).status_code == 302
    assert "They can go." in text(lena.get(at("person-yeses", jo)))
    assert lena.post(asked["Location"], {"pause": "1"}).status_code == 302
    assert "This activity is paused" in text(lena.get(at("person-yeses", jo)))
    assert lena.post(added["Location"], {"end": "1"}).status_code == 302
    assert lena.get(added["Location"]).status_code == 404


def test_a_ground_a_no_a_review_and_the_end(town: society.Society) -> None:
    jo = town.people["Jo"]
    lena = as_(town, "Lena")
    assert lena.post(at("ground-add", jo), {"purpose": "care"}).status_code == 302
    assert "6(1)(e), 9(2)(h)" in text(lena.get(at("person-yeses", jo)))
    assert lena.post(at("ground-add", jo), {"purpose": "marketing"}).status_code == 404
    assert lena.post(at("yes-said-no", jo)).status_code == 302
    lena.post(at("note-add", jo), NOTE)
    with town.as_("Lena"):
        [review] = queries.reviews(jo)
    assert lena.post(at("review-done", jo, review.id), {"note": " "}).status_code == 422
    assert lena.post(at("review-done", jo, review.id), {"note": "Still so."}).status_code == 302
    assert "All help, all sharing and all messages stop today." in text(lena.get(at("stop-everything", jo)))
    assert lena.post(at("stop-everything", jo)).status_code == 302
    with town.as_("Lena"):
        assert ways.messages_off(jo)


TABS = ("person-yeses", "person-contact", "person-family", "person-hello")
WRITES = ("yes-ask", "note-add", "part-ask", "stop-everything")


@pytest.mark.parametrize("name", TABS + WRITES)
def test_a_strangers_page_is_a_missing_page(town: society.Society, name: str) -> None:
    made.accepted(town)
    jo = town.people["Jo"]
    missing = as_(town, "Lily").get(at(name, uuid4())).content
    for who in ("Luke", "Lily", "Liam", "Sid", "Dot", "Ada", "Rae", "Plum", "Dee", "Sol", "Flo", "Jo"):
        answer = as_(town, who).get(at(name, jo))
        assert answer.status_code == 404, who
    assert as_(town, "Lily").get(at(name, jo)).content.replace(str(jo).encode(), b"") == re.sub(
        rb"[0-9a-f]{8}-[0-9a-f-]{27}", b"", missing
    )


def test_cover_reads_and_does_not_write(town: society.Society) -> None:
    """A manager sees the tabs without a button to press, and may only make it quiet."""
    made.accepted(town)
    jo = town.people["Jo"]
    max_ = as_(town, "Max")
    for name in TABS:
        assert max_.get(at(name, jo)).status_code == 200
    assert "They changed their mind" not in text(max_.get(at("person-yeses", jo)))
    for name in WRITES:
        assert max_.get(at(name, jo)).status_code == 404
    assert max_.post(at("person-quiet", jo)).status_code == 302


def test_every_look_is_written_down(town: society.Society, as_server: Any) -> None:
    made.accepted(town)
    jo = town.people["Jo"]
    for name in TABS:
        as_(town, "Lena").get(at(name, jo))
    as_(town, "Dee").get(at("introduced"))
    rows = as_server.execute(
        "SELECT role, verb, count(*) FROM audit_event WHERE person_id = %s AND verb IN ('read', 'saw slice')"
        " GROUP BY 1, 2 ORDER BY 1", [jo],
    ).fetchall()  # fmt: skip
    assert rows == [("coordinator", "saw slice", 1), ("link_worker", "read", 4)]


def test_no_page_of_a_young_person_says_the_trades_words(town: society.Society) -> None:
    permission = made.accepted(town)
    with town.as_("Lena") as lena:
        contact.add(
            by=lena, person_id=town.people["Jo"], kind=Kind.TEXT, value="07700", whose=Whose.OWN, at=town.now
        )
        carer = family.add(by=lena, person_id=town.people["Jo"], name="Meg", relation="mum", at=town.now)
        family.say_responsible(
            by=lena, carer_id=carer, responsible=Responsible.YES, known_by=KnownBy.TOLD, at=town.now
        )
    jo = as_(town, "Jo")
    for address in (at("my-yeses"), at("my-yes-back", permission), at("my-stop")):
        page = text(jo.get(address)).lower()
        for word in ("referral", "intervention", "service user", "prescri", "consent", "competen"):
            assert word not in page, (address, word)
