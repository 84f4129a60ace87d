"""Behind the sign-in: a link worker, a manager, a data protection officer, a lead and a young person at work."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from stile.access import queries as reach
from stile.people.actions import glass, records, rights
from stile.people.models import Carer, ContactRoute, LawfulBasisEntry
from stile.people.rules.rights import Asker, Kind
from tests import society
from tests.people import signed_in

PICTURES = os.environ.get("STILE_PICTURES")  # a folder: what the pages look like is kept there
Pages = Callable[..., Page]


@pytest.fixture
def town(transactional_db: None) -> society.Society:
    """Somebody written down twice, a worry, some requests: one of everything that the pages show."""
    it = society.build()
    jo, east = it.people["Jo"], it.teams["East"]
    with it.as_("Lena") as lena:
        it.people["Joe"] = records.take_in(
            by=lena, team_id=east, name="Joe", born=date(2012, 5, 1), school="Hill High", at=it.now
        )
        about: dict[str, Any] = {"person_id": jo, "team_id": east}
        ContactRoute(**about, kind="text", value="07700 900123", whose="own", ok="yes").save(
            force_insert=True
        )
        Carer(
            **about, name="Meg Canary", relation="aunt", reach="07700 900999", responsible="yes", known_by="document",
            author_id=lena.membership_id, recorded_at=it.now,
        ).save(force_insert=True)  # fmt: skip
        LawfulBasisEntry(
            **about, purpose="help", article_6="6(1)(e)", controller_id=it.houses["Hedgerow"],
            set_by=lena.membership_id, set_at=it.now,
        ).save(force_insert=True)  # fmt: skip
    return it


@pytest.fixture
def pages(browser: Browser, live_server: Any, town: society.Society) -> Iterator[Pages]:
    """`pages("Lena", phone=True)`: a page as that member of the society. Errors and other origins fail the test."""
    contexts, wrong = [], []

    def opened(who: str, **how: Any) -> Page:
        context = signed_in.context(browser, live_server.url, *town.staff[who], **how)
        contexts.append(context)
        page: Page = context.new_page()
        page.on(
            "request", lambda r: None if r.url.startswith((live_server.url, "data:")) else wrong.append(r.url)
        )
        page.on(
            "console",
            lambda m: wrong.append(m.text) if m.type == "error" and not any(c in m.text for c in ("404", "422")) else None,
        )  # fmt: skip
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def test_a_link_worker_takes_somebody_in_with_the_keyboard_alone(pages: Pages) -> None:
    page = pages("Lena")
    page.goto("/people/")
    page.get_by_role("link", name="Take somebody in").first.press("Enter")
    page.get_by_label("The name they use").focus()
    page.keyboard.type("Robin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Robin")
    expect(page.locator("main")).to_contain_text("Birth date not known")
    expect(page.locator("main")).to_contain_text("Lena is their link worker since")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_worker_finds_one_person_twice_and_takes_the_link_back(pages: Pages, javascript: bool) -> None:
    page = pages("Lena", javascript=javascript)
    page.goto("/people/?q=Jo")
    page.get_by_role("link", name="Jo", exact=True).click()
    page.get_by_role("link", name="Lay them side by side").click()
    page.get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One person, or two?")
    page.get_by_role("button", name="One person: link them").click()
    expect(page.locator("main")).to_contain_text("These two are linked: one person.")
    page.get_by_role("button", name="Take that back").click()
    expect(page.locator("main")).to_contain_text("Both records are as they were.")


def test_a_manager_allocates_shuts_out_and_sets_duty_without_a_script(pages: Pages) -> None:
    page = pages("Max", javascript=False)
    page.goto("/people/")
    page.get_by_role("link", name="Kit").click()
    page.get_by_label("Give them a link worker").select_option(label="Lena")
    page.get_by_role("button", name="Allocate").click()
    expect(page.locator("main")).to_contain_text("Lena is their link worker since")
    page.get_by_text("Shut this record to a colleague").click()
    page.get_by_label("Shut it to").select_option(label="Luke (Link worker)")
    page.get_by_label("Why").select_option(label="A neighbour, or somebody they know")
    page.get_by_role("button", name="Shut it").click()
    expect(page.locator("main")).to_contain_text("This record is shut to Luke since")
    other = pages("Luke")
    other.goto("/people/")
    expect(other.get_by_role("heading", name="Nobody here yet")).to_be_visible()
    page.get_by_role("link", name="On duty").click()
    page.get_by_role("button", name="Put on duty Luke").click()
    expect(page.get_by_role("button", name="Take off duty Luke")).to_be_visible()


def test_somebody_in_need_is_reached_for_an_hour_and_the_lead_looks_at_it(pages: Pages) -> None:
    page = pages("Lily", phone=True, javascript=False)
    page.goto("/people/")
    page.get_by_role("link", name="Somebody I can’t find here").click()
    page.get_by_label("The name they use").fill("Jo")
    page.get_by_label("Birth date").fill("2012-05-01")
    page.get_by_label("Why do you need this record now?").fill("They came to our door, upset")
    page.get_by_role("button", name="Open the record for one hour").click()
    expect(page.locator("main")).to_contain_text("You opened this record in need, to read.")
    expect(page.locator("main")).to_contain_text("minutes left")
    assert page.get_by_role("link", name="Put something right").count() == 0
    lead = pages("Sid")
    lead.goto("/in/")
    lead.get_by_role("link", name="Opened in need", exact=True).click()
    lead.get_by_role("rowheader").get_by_role("link").click()
    expect(lead.locator("blockquote")).to_have_text("They came to our door, upset")
    lead.get_by_label("What did you find?").fill("It was needed")
    lead.get_by_text("Yes, they see it").click()
    lead.get_by_role("button", name="Note it").click()
    expect(lead.locator("main")).to_contain_text("None. Nothing is waiting.")
    jo = pages("Jo", phone=True)
    jo.goto("/my/looks/")
    expect(jo.locator("main")).to_contain_text("Lily (Link worker) opened your record in need, for one hour.")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_young_person_gets_all_that_is_held_and_two_people_looked_first(
    pages: Pages, javascript: bool
) -> None:
    jo = pages("Jo", phone=True, javascript=javascript)
    jo.goto("/in/")
    jo.get_by_role("link", name="My data", exact=True).click()  # 1
    jo.get_by_role("link", name="Give me everything, notes too").click()  # 2
    jo.get_by_role("button", name="Send").click()
    expect(jo.locator("main")).to_contain_text("We answer by")
    dot = pages("Dot", javascript=javascript)
    dot.goto("/rights/")
    dot.get_by_role("link", name="See what is held").click()
    dot.get_by_role("link", name="Prepare it: look at each line").click()
    dot.get_by_label("Names and words to take out everywhere, one a line").fill("Meg Canary")
    dot.get_by_role("button", name="Ready for the second pair of eyes").click()
    expect(dot.locator("main")).to_contain_text("Somebody else has to look at it before it goes out.")
    max_ = pages("Max", javascript=javascript)
    max_.goto("/rights/")
    max_.get_by_role("link", name="See what is held").click()
    max_.get_by_role("link", name="Read it as it would go out").click()
    expect(max_.locator("main")).not_to_contain_text("Canary")
    expect(max_.locator("main")).not_to_contain_text("900999")
    max_.get_by_role("button", name="Release it").click()
    jo.goto("/my/data/")
    jo.get_by_role("link", name="All that we hold: read it").click()
    expect(jo.locator("main")).to_contain_text("07700 900123")
    with jo.expect_download() as download:
        jo.get_by_role("link", name="For a computer (JSON)").click()
    assert '"Birth date": "2012-05-01"' in download.value.path().read_text()


def test_deleting_takes_two_and_says_what_stays(pages: Pages) -> None:
    jo = pages("Jo", phone=True)
    jo.goto("/my/data/ask/?kind=erase")
    expect(jo.get_by_label("Delete what you hold")).to_be_checked()
    expect(jo.locator("main")).to_contain_text("Mostly until your 25th birthday.")
    jo.get_by_role("button", name="Send").click()
    dot = pages("Dot")
    dot.goto("/rights/")
    dot.get_by_role("link", name="Delete").click()
    dot.get_by_role("button", name="I agree; somebody else looks too").click()
    expect(dot.get_by_role("button", name="I agree too: delete what may go")).to_have_count(0)
    max_ = pages("Max")
    max_.goto("/rights/")
    max_.get_by_role("link", name="Delete").click()
    max_.get_by_label("What we write to them").fill("We deleted what we may")
    max_.get_by_role("button", name="I agree too: delete what may go").click()
    expect(max_.locator("main")).to_contain_text("What was to go is gone.")
    assert jo.goto("/my/data/").status == 404  # type: ignore[union-attr]


@pytest.fixture
def addresses(town: society.Society) -> dict[str, list[str]]:
    """Every page of this part, with something on it, for each who sees it."""
    jo, joe = town.people["Jo"], town.people["Joe"]
    with town.as_("Lily") as lily:
        glass.open_in_need(
            by=lily,
            name="Jo",
            nhs_number="",
            born=date(2012, 5, 1),
            reason="They came to us, upset",
            at=town.now,
        )
    with town.as_("Jo") as young:
        see = rights.ask(
            by=young, person_id=jo, kind=Kind.SEE, asker=Asker.YOUNG_PERSON, words="All of it", at=town.now
        )
        erase = rights.ask(
            by=young, person_id=jo, kind=Kind.ERASE, asker=Asker.YOUNG_PERSON, words="", at=town.now
        )
    with town.as_("Lena") as lena:
        parent = rights.ask(
            by=lena, person_id=jo, kind=Kind.SEE, asker=Asker.PARENT, words="All", at=town.now
        )
        complaint = rights.ask(
            by=lena, person_id=jo, kind=Kind.COMPLAIN, asker=Asker.YOUNG_PERSON, words="Late", at=town.now
        )
    with town.as_("Dot") as dot:
        rights.prepare_pack(by=dot, request_id=see, held={}, words="", at=town.now)
    with town.as_("Max") as max_:
        rights.release_pack(by=max_, request_id=see, decision="Here is all of it", at=town.now)
    with town.as_("Sid"):
        (broken,) = reach.broken(reviewed=False)
    person = f"/people/{jo}/"
    return {
        "Lena": ["/people/", "/people/?q=zzz", "/people/add/", person, f"{person}change/", f"{person}ask/",
                 "/people/alike/", f"/people/alike/{jo}/{joe}/", "/people/need/"],
        "Max": [person, "/people/duty/", "/rights/", "/trail/", f"/rights/{complaint}/"],
        "Lily": [person],
        "Dot": ["/rights/", "/rights/?which=answered", f"/rights/{parent}/", f"/rights/{parent}/prepare/",
                f"/rights/{erase}/", f"/rights/{see}/pack/", "/glass/"],
        "Sid": ["/people/", "/glass/", f"/glass/{broken.id}/", "/trail/?code=ZZZ"],
        "Jo": ["/my/data/", "/my/data/ask/?kind=erase", "/my/data/all/", "/my/looks/"],
    }  # fmt: skip


@pytest.mark.parametrize(("phone", "scheme"), [(True, "dark"), (False, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    pages: Pages, addresses: dict[str, list[str]], phone: bool, scheme: str
) -> None:
    wrong = []
    for who, many in addresses.items():
        page = pages(who, phone=phone, scheme=scheme)
        for n, address in enumerate(many):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, (who, address)
            for folded in page.locator("details").all():
                folded.evaluate("one => { one.open = true; }")
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 0:
                wrong.append(f"{address} sticks out by {wide} px")
            if page.locator("main a[href], main button").count() == 0:
                wrong.append(f"{address} is a dead end")
            if page.locator("h1").count() != 1:
                wrong.append(f"{address} has {page.locator('h1').count()} first headings")
            wrong += [
                f"{who} {address}: {one['id']}: {'; '.join(' '.join(node['target']) for node in one['nodes'][:3])}"
                for one in Axe().run(page).response["violations"]
            ]
            if PICTURES:
                name = f"{who}-{n}-{'phone' if phone else 'desk'}-{scheme}.png"
                page.screenshot(path=f"{PICTURES}/{name}", full_page=True)
    assert wrong == []
