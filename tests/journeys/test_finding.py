"""A young person finds something to do this week: experience.md journey (a), A1 to A7."""

import io
import re
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
    assert 3 <= cards.count() <= 8, "a list one can take in; the rest is folded below"
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
    page.locator("#list .act-name a").first.click()  # 3
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
    page.locator("#list .act-name a").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    address = page.url.rstrip("/")
    plain = page.request.get(f"{address}/card.txt").text()
    assert name in plain
    assert "after: http" in plain
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
    expect(page.locator("#near")).to_have_value("Altrinchm")
    expect(page.locator("#near-trouble")).to_contain_text("Altrinchm")
    page.locator("#near-trouble").get_by_role("link", name="Altrincham").first.click()
    expect(page.locator("#near")).to_have_value(re.compile("Altrincham"))
    assert "q=drawing" in page.url
    assert page.locator("#near-trouble").count() == 0
    assert page.locator("#list .act-card").count() > 0


def test_a_town_only_the_directory_knows_is_found(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/find/?q=drawing&near=dawdlebridge")
    assert page.locator("#near-trouble").count() == 0
    expect(page.locator("#list .act-card").first).to_contain_text("Dawdlebridge")


def test_filters_change_the_list_in_place_and_the_address_with_it(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=False)
    page.goto("/find/?near=M33")
    before = page.locator("#list .act-card").count()
    page.get_by_text("It must be").click()
    page.locator("#filters .chip", has_text="Free").first.click()
    page.wait_for_url("**free=1**")
    prices = page.locator("#list .act-when").all_inner_texts()
    assert before > 0
    assert prices
    assert all("Free" in price for price in prices)
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
    page.locator("#list .act-card").nth(1).locator(".star").click()
    page.goto("/kept/")
    expect(page.get_by_role("link", name=name)).to_be_visible()
    assert page.locator("[data-row]").count() == 2
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name=name)).to_be_visible()
    expect(page.locator("[data-row]").first).to_contain_text(re.compile(r"days, \d.* to \d"))
    expect(page.locator("[data-row]").first).to_contain_text("Dawdlebridge")
    expect(page.get_by_role("button", name="Let go").first).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Let go").first.click()
    page.get_by_role("button", name="Let go").click()
    expect(page.get_by_role("heading", name="Nothing kept yet")).to_be_visible()


@ways_in
def test_telling_us_something_is_wrong_asks_for_no_name(
    visitor: Callable[..., Page], phone: bool, javascript: bool, scheme: str
) -> None:
    page = visitor(phone=phone, javascript=javascript, scheme=scheme)
    page.goto("/find/?near=M33")
    page.locator("#list .act-name a").last.click()
    page.get_by_role("link", name="Wrong details?").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Choose the one that fits best.")
    page.get_by_text("The cost is wrong").click()
    page.get_by_label("Anything that helps us put it right?").fill("It is 3 pounds now")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Thank you.")
    page.get_by_role("link", name="Been? How was it?").click()
    page.get_by_role("button", name="Good").click()  # one tap, as the page says
    expect(page.locator("main")).to_contain_text("Thank you.")


def test_tell_them_im_coming_asks_two_things_and_keeps_what_was_typed(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/find/?q=drawing&near=M33")
    page.locator("#list .act-name a").first.click()
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
    page.keyboard.press("/")
    expect(page.get_by_label("In their words")).to_be_focused()
    page.keyboard.type("guinea pigs")
    page.keyboard.press("Tab")
    page.keyboard.type("M33")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=guinea**")
    expect(page.locator("#found table tbody tr").first).to_be_visible()
    assert "safeguarding checks" not in page.locator("#found table tbody").inner_text()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    second = page.locator("#found table tbody th a").nth(1)
    expect(second).to_be_focused()
    name = second.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_the_work_of_the_desk_fits_one_screen(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=False, javascript=True)
    page.goto("/desk/?q=drawing+and+animals,+nervous+in+crowds&near=M33")
    for part in ("#ask button", "#q", "#found table", ".desk-folds"):
        box = page.locator(part).first.bounding_box()
        assert box
        assert box["y"] >= 0, part
        if part != "#found table":
            assert box["y"] + box["height"] <= 800, part
    rows = page.locator("#found tbody tr").evaluate_all(
        "all => all.filter(r => r.getBoundingClientRect().bottom <= 800).length"
    )
    assert rows >= 4


def test_the_demo_says_so_on_every_page(visitor: Callable[..., Page]) -> None:
    page = visitor()
    for address in ("/", "/find/?near=M33", "/help-now/", "/desk/", "/nowhere/"):
        page.goto(address)
        expect(page.locator("body")).to_contain_text("Demo")


def test_surprise_me_is_a_varied_list_near_the_place(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/where/?tile=surprise")
    page.locator("#near").fill("Sale")
    page.get_by_role("button", name="Show me").click()
    lines = page.locator("#list .act-line").all_inner_texts()
    assert len({line.split(",")[0] for line in lines}) >= 5
    assert page.get_by_text("outside the usual").count() == 0, "nothing is usual where nothing was asked"


def test_one_outside_the_usual_says_so_on_its_card(visitor: Callable[..., Page]) -> None:
    for phone in (True, False):
        page = visitor(phone=phone)
        page.goto("/find/?q=drawing&near=M33")
        card = page.locator("#list .act-outside")
        assert card.count() == 1
        expect(card.get_by_text("And one outside the usual")).to_be_visible()


def test_a_device_is_never_asked_where_it_is(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.add_init_script(
        "window.asked = 0; for (const how of ['getCurrentPosition', 'watchPosition'])"
        " Geolocation.prototype[how] = () => { window.asked += 1; };"
    )
    ask(page, WISH, "")
    assert page.evaluate("window.asked") == 0


def test_the_map_says_what_the_list_says(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/find/?q=drawing&near=M33")
    page.get_by_text("Look at them on a map").click()
    pins = page.locator(".map-pin")
    shown = {int(n) for pin in pins.all() for n in _numbers(pin.get_attribute("aria-label") or "")}
    cards = page.locator("#found [id^=n] > .act-number").count()
    assert shown
    assert shown <= set(range(1, cards + 1))
    pins.first.focus()
    page.keyboard.press("Enter")
    target = page.locator(page.url[page.url.index("#") :])
    expect(target).to_be_in_viewport()


def _numbers(label: str) -> list[int]:
    found: list[int] = []
    for low, high in re.findall(r"(\d+)(?:–(\d+))?", label):
        found += range(int(low), int(high or low) + 1)
    return found
