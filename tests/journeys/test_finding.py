"""A young person finds something to do this week: experience.md journey (a), A1 to A7."""

import io
from collections.abc import Callable

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from pypdf import PdfReader

WISH = "drawing, animals, nervous in crowds"
ways_in = pytest.mark.parametrize(
    ("phone", "javascript", "scheme"),
    [(True, True, "light"), (True, False, "dark"), (False, True, "dark"), (False, False, "light")],
    ids=["phone", "phone-dark-no-script", "desk-dark", "desk-no-script"],
)


def ask(page: Page, words: str, near: str) -> None:
    page.goto("/")
    page.get_by_label("Say it in your own words").fill(words)
    page.get_by_label("Near").fill(near)
    page.get_by_role("button", name="Show me").click()


@ways_in
def test_own_words_become_a_short_explained_list(
    visitor: Callable[..., Page], phone: bool, javascript: bool, scheme: str
) -> None:
    page = visitor(phone=phone, javascript=javascript, scheme=scheme)
    ask(page, WISH, "M33 7")
    cards = page.locator("#list > .act-card")
    assert 3 <= cards.count() <= 20
    first = cards.first
    expect(first.locator(".reasons")).to_contain_text("because you said")
    assert (
        "drawing" in page.locator(".reasons").all_inner_texts()[0].lower()
        or "animals" in page.locator(".reasons").all_inner_texts()[0].lower()
    )
    first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="The things people wonder about")).to_be_visible()


@ways_in
def test_browse_to_card_takes_four_taps_and_no_required_field(
    visitor: Callable[..., Page], phone: bool, javascript: bool, scheme: str
) -> None:
    page = visitor(phone=phone, javascript=javascript, scheme=scheme)
    page.goto("/")
    page.get_by_role("link", name="Make", exact=False).first.click()  # 1
    assert page.locator("[required]").count() == 0
    page.get_by_role("button", name="Show me").click()  # 2
    page.locator("#list .act-card a").first.click()  # 3
    with page.expect_download() as download:
        page.get_by_role("link", name="A card to print").click()  # 4
    reader = PdfReader(download.value.path())
    assert len(reader.pages) == 1
    width, height = (float(side) / 72 * 25.4 for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (105, 148)
    text = reader.pages[0].extract_text().lower()
    for word in ("mental", "referral", "anxi", "therapy"):
        assert word not in text
    assert "999" in text


def test_the_card_comes_in_every_form_and_says_the_same(visitor: Callable[..., Page]) -> None:
    page = visitor()
    ask(page, WISH, "M33 7")
    page.locator("#list .act-card a").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    address = page.url.rstrip("/")
    plain = page.request.get(f"{address}/card.txt").text()
    assert name in plain
    png = page.request.get(f"{address}/card.png").body()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")) == (1080, 1920)
    pdf = PdfReader(io.BytesIO(page.request.get(f"{address}/card.pdf").body()))
    assert name.split()[0] in pdf.pages[0].extract_text()
    calendar = page.request.get(f"{address}/calendar.ics")
    if calendar.status == 200:
        events = Calendar.from_ical(calendar.body()).walk("VEVENT")
        assert str(events[0]["SUMMARY"]) == name


def test_nothing_found_always_leads_on(visitor: Callable[..., Page]) -> None:
    page = visitor()
    for query in (
        "q=zzzz&near=Lerwick&km=0.3&age=11&day=mon&part=morning&free=1&need=bsl&need=changing_place&lang=cy",
        "near=nowhere-at-all",
        "kind=fishing&near=Sale&km=0.2&when=today",
        "age=99&need=step_free&need=hearing_loop&avoid=heights&near=Penzance",
    ):
        page.goto(f"/find/?{query}")
        ways = page.locator("#found a[href], .ways a[href]")
        assert ways.count() >= 1, query
        expect(page.locator("#found").get_by_role("link", name="Talk to a person").first).to_be_visible()


def test_a_town_that_is_not_there_keeps_what_was_typed_and_says_what_to_try(
    visitor: Callable[..., Page],
) -> None:
    page = visitor()
    page.goto("/find/?q=drawing&near=Altrinchm")
    expect(page.get_by_label("Near")).to_have_value("Altrinchm")
    expect(page.locator("#near-trouble")).to_contain_text("Altrincham")


def test_filters_change_the_list_in_place_and_the_address_with_it(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=False)
    page.goto("/find/?near=M33")
    before = page.locator("#list .act-card").count()
    page.locator(".chip", has_text="Free").first.click()
    page.wait_for_url("**free=1**")
    expect(page.locator("#found")).to_be_visible()
    assert before > 0
    page.reload()
    expect(page.locator("input[name=free]")).to_be_checked()


def test_what_is_kept_stays_on_the_device(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/find/?q=drawing&near=M33")
    card = page.locator("#list .act-card").first
    name = card.locator(".act-name").inner_text()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    card.locator(".star").click()
    assert sent == []
    page.goto("/kept/")
    expect(page.get_by_role("link", name=name)).to_be_visible()
    page.get_by_role("button", name="Let go").click()
    expect(page.get_by_role("heading", name="Nothing kept yet")).to_be_visible()


@ways_in
def test_telling_us_something_is_wrong_asks_for_no_name(
    visitor: Callable[..., Page], phone: bool, javascript: bool, scheme: str
) -> None:
    page = visitor(phone=phone, javascript=javascript, scheme=scheme)
    page.goto("/find/?near=M33")
    page.locator("#list .act-card a").last.click()
    page.get_by_role("link", name="Wrong details?").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Choose the one that fits best.")
    page.get_by_text("The cost is wrong").click()
    page.get_by_label("Anything that helps us put it right?").fill("It is 3 pounds now")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Thank you.")
    page.get_by_role("link", name="Been? How was it?").click()
    page.get_by_text("Good", exact=True).click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Thank you.")


def test_tell_them_im_coming_asks_two_things_and_keeps_what_was_typed(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/find/?q=drawing&near=M33")
    page.locator("#list .act-card a").first.click()
    page.get_by_role("link", name="Tell them I’m coming").click()
    page.get_by_label("A name to use").fill("Jo")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("How can they reply to you?")
    expect(page.get_by_label("A name to use")).to_have_value("Jo")
    assert sorted(
        field.get_attribute("name") or "" for field in page.locator("form[method=post] [name]").all()
    ) == ["first_time", "name", "reply"]
    page.get_by_label("One way to reply to you").fill("jo@example.org")
    page.get_by_role("button", name="Send").click()
    # The demo sends no e-mail, and says so instead of pretending.
    expect(page.locator("main")).to_contain_text("We couldn’t send it from here.")


def test_a_worker_searches_with_the_keyboard_alone(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=False, javascript=True)
    page.goto("/desk/")
    page.get_by_label("In their words").focus()
    page.keyboard.type("guinea pigs")
    page.keyboard.press("Tab")
    page.keyboard.type("M33")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=guinea**")
    expect(page.locator("#found table tbody tr").first).to_be_visible()
    assert "safeguarding checks" not in page.locator("#found table tbody").inner_text()


def test_the_demo_says_so_on_every_page(visitor: Callable[..., Page]) -> None:
    page = visitor()
    for address in ("/", "/find/?near=M33", "/help-now/", "/desk/", "/nowhere/"):
        page.goto(address)
        expect(page.locator("body")).to_contain_text("Demo")
