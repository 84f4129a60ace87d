"""The pages of the three yeses in a real Chromium: axe finds nothing, nothing sticks out, no script is needed."""

import os

import pytest
from django.urls import reverse

if os.environ.get("SKIP_BROWSER") == "1":
    pytest.skip("SKIP_BROWSER=1: the browser tests are left out", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from stile.kernel.answer import Answer
from stile.people.actions import contact, family, taking_part
from stile.people.rules.contact import Kind, Whose
from stile.people.rules.participation import ParentOk
from tests import society
from tests.people import signed_in
from tests.people import yeses_made as made

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("STILE_PICTURES")  # a folder: what the pages look like is kept there


@pytest.fixture
def lived_in(transactional_db: None, town: society.Society) -> dict[str, list[str]]:
    """A record with one of everything, and the pages each sees of it."""
    permission = made.accepted(town)
    jo = town.people["Jo"]
    with town.as_("Lena") as lena:
        route = contact.add(
            by=lena, person_id=jo, kind=Kind.TEXT, value="07700 900123", whose=Whose.SHARED, at=town.now,
            good_times="after school",
        )  # fmt: skip
        contact.confirm(
            by=lena,
            route_id=route,
            ok=Answer.YES,
            seen_by_others=Answer.YES,
            leave_message=Answer.NO,
            at=town.now,
        )
        mum = family.add(by=lena, person_id=jo, name="Meg", relation="mum", at=town.now)
        part, _ = taking_part.ask(
            by=lena,
            person_id=jo,
            activity_id=None,
            activity_name="Climbing",
            rule=ParentOk.UNDER_16,
            at=town.now,
        )
    made.introduced(town, "Ash", "Lena")
    house = f"?to=house:{town.houses['Climbers']}"

    def at(name: str, *more: object) -> str:
        return reverse(name, args=[jo, *more])

    return {
        "Lena": [
            at("person-yeses"), at("yes-ask"), at("yes-ask") + house, at("yes-withdraw", permission), at("note-add"),
            at("part-ask"), at("part-answer", part), at("stop-everything"), at("person-contact"),
            at("route-confirm", route), at("person-family"), at("carer-responsible", mum), at("person-hello"),
        ],
        "Jo": [reverse("my-yeses"), reverse("my-yes-back", args=[permission]), reverse("my-stop")],
        "Dee": [reverse("introduced")],
    }  # fmt: skip


@pytest.mark.parametrize(("phone", "scheme"), [(True, "dark"), (False, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, live_server: object, lived_in: dict[str, list[str]], town: society.Society, phone: bool,
    scheme: str,
) -> None:  # fmt: skip
    wrong = []
    for who, addresses in lived_in.items():
        context = signed_in.context(browser, live_server.url, *town.staff[who], phone=phone, scheme=scheme)  # type: ignore[attr-defined]
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        for n, address in enumerate(addresses):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 0:
                wrong.append(f"{address} sticks out by {wide}")
            result = Axe().run(page)
            if result.violations_count:
                wrong.append(f"{address}: {result.generate_report()}")
            if PICTURES:
                name = f"{who}-{n}-{'phone' if phone else 'desk'}-{scheme}.png"
                page.screenshot(path=f"{PICTURES}/{name}", full_page=True)
        context.close()
    assert wrong == []


def test_a_young_person_changes_their_mind_without_a_script(
    browser: Browser, live_server: object, lived_in: dict[str, list[str]], town: society.Society
) -> None:
    context = signed_in.context(browser, live_server.url, *town.staff["Jo"], phone=True, javascript=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(reverse("my-yeses"))
    page.get_by_role("link", name="Change my mind (Climbers)").click()
    page.get_by_role("button", name="Stop sharing").click()
    assert page.get_by_text("You share nothing with anyone.").is_visible()
    context.close()


def test_a_link_worker_asks_and_writes_down_without_a_script(
    browser: Browser, live_server: object, lived_in: dict[str, list[str]], town: society.Society
) -> None:
    context = signed_in.context(browser, live_server.url, *town.staff["Lena"], javascript=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(lived_in["Lena"][0])
    page.get_by_role("link", name="Ask about sharing").click()
    page.get_by_role("link", name="Painters").click()
    page.get_by_label("Your name and your hello page").check()
    page.get_by_label("What it is for").fill("Painting")
    page.get_by_label("They said it").check()
    page.get_by_label("The young person", exact=True).check()
    page.get_by_role("button", name="Yes", exact=True).click()
    assert page.get_by_role("rowheader", name="Painters").is_visible()
    page.get_by_role("link", name="They changed their mind Painters").click()
    page.get_by_role("button", name="Stop sharing now").click()
    assert page.get_by_text("Taken back on").first.is_visible()
    context.close()
