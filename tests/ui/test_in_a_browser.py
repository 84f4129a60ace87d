"""The gallery in a real Chromium: axe, narrow screens, the keyboard, and a device that refuses to store.

The pages are handed to the browser without a server, under the site's own Content Security Policy.
"""

import mimetypes
import os
from functools import cache

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory

from stile.site.middleware import CONTENT_SECURITY_POLICY
from stile.ui.views import gallery

if os.environ.get("SKIP_BROWSER") == "1":
    pytest.skip("SKIP_BROWSER=1: the browser tests are left out", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
SITE = "http://stile.test"
LIST = """{% extends "ui/base.html" %}{% load ui %}{% block nav %}{% shortlist_link "/list/" %}{% endblock %}
{% block main %}<h1>x</h1>{% star "a" "First" "/go/a/" %}{% star "b" "Second" "/go/b/" %}{% quick_exit %}
<p data-if-list="none">Empty</p><ul data-list><template><li><a href="#"></a><button type="button" data-unstar>Off
</button></li></template></ul><button type="button" data-clear data-if-list="some" hidden>Clear</button>
<form action="/sent/"><textarea name="t" data-keep="t" aria-label="t"></textarea><button>Send</button></form>
{% endblock %}"""
SWAP = """{% extends "ui/base.html" %}{% load ui %}{% block main %}<h1>x</h1><div id="a">
<label><input type="checkbox" name="n" value="2" hx-get="/piece/" hx-target="#a">two</label></div>
<button hx-get="/news/" hx-target="#a">News</button>{% endblock %}{% block scripts %}{% htmx %}{% endblock %}"""


@pytest.fixture
def chromium(browser: Browser) -> Browser:
    return browser


@cache
def the_gallery() -> str:
    """Drawn once: it is the same for every test."""
    return gallery(RequestFactory().get("/design/")).content.decode()


def opened(chromium: Browser, path: str, width: int = 1280, **how: object) -> tuple[Page, list[str]]:
    """A page of ours, and a list that fills with whatever the browser complains of or asks elsewhere for."""
    pages = {
        "/design/": the_gallery,
        "/try/": lambda: engines["django"].from_string(LIST).render({}),
        "/swap/": lambda: engines["django"].from_string(SWAP).render({}),
        "/piece/": lambda: '<label><input type="checkbox" name="n" value="2">two, again</label>',
        "/news/": lambda: '<div role="status" tabindex="-1" data-focus id="news">New</div>',
        "/sent/": lambda: engines["django"].from_string(LIST).render({}),
    }
    complaints: list[str] = []

    def answer(route: Route) -> None:
        where = route.request.url.removeprefix(SITE).split("?")[0].split("#")[0]
        if where in pages:
            headers = {"content-security-policy": CONTENT_SECURITY_POLICY}
            route.fulfill(body=pages[where](), content_type="text/html; charset=utf-8", headers=headers)
        elif where.startswith(settings.STATIC_URL) and (
            file := finders.find(where[len(settings.STATIC_URL) :])
        ):
            route.fulfill(path=str(file), content_type=mimetypes.guess_type(str(file))[0] or "text/plain")
        else:
            complaints.append(f"asked for {route.request.url}")
            route.fulfill(body="<title>elsewhere</title>", content_type="text/html")

    for old in chromium.contexts:  # the test before is over, and an idle page still costs time
        old.close()
    page = chromium.new_context(viewport={"width": width, "height": 800}, **how).new_page()  # type: ignore[arg-type]
    page.route("**/*", answer)
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(SITE + path)
    return page, complaints


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing(chromium: Browser, width: int, scheme: str) -> None:
    page, complaints = opened(chromium, "/design/", width, color_scheme=scheme, bypass_csp=True)
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert complaints == []


def test_the_policy_refuses_nothing_of_ours(chromium: Browser) -> None:
    _, complaints = opened(chromium, "/design/")
    assert complaints == []


@pytest.mark.parametrize(("width", "script"), [(320, True), (320, False), (768, True), (1280, True)])
def test_nothing_sticks_out(chromium: Browser, width: int, script: bool) -> None:
    page, _ = opened(chromium, "/design/", width, java_script_enabled=script)
    inside = page.locator("body").bounding_box()
    assert inside
    assert inside["width"] <= width
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_can_be_pressed_is_large_enough(chromium: Browser) -> None:
    page, _ = opened(chromium, "/design/", 360)
    small = page.evaluate(
        """[...document.querySelectorAll(`a.btn, button, .chip, .nav a, .tongue, .help-strip a, summary, .ways a,
           select, input:not([type=checkbox],[type=radio])`)].filter(e => e.offsetParent)
           .map(e => [e.className || e.tagName, Math.round(e.getBoundingClientRect().height)])
           .filter(([_, height]) => height < 44)"""
    )
    assert small == []


def test_focus_can_be_seen_and_is_not_covered(chromium: Browser) -> None:
    page, _ = opened(chromium, "/design/", 360)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _step in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """(() => { const e = document.activeElement, box = e.getBoundingClientRect();
              const styled = [e, e.closest('.chip') || e].some(x => getComputedStyle(x).outlineStyle !== 'none')
                || getComputedStyle(e, '::after').outlineStyle !== 'none';
              const x = box.left + Math.min(box.width / 2, 20), y = box.top + Math.min(box.height / 2, 20);
              const top = document.elementFromPoint(x, y);
              return styled && (!top || e.contains(top) || top.contains(e) || !!top.closest('label')); })()"""
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


def test_a_list_kept_on_the_device(chromium: Browser) -> None:
    page, complaints = opened(chromium, "/try/")
    page.get_by_role("button", name="Keep First").click()
    page.get_by_role("button", name="Keep Second").click()
    assert page.locator("[data-count]").inner_text() == "2"
    page.reload()
    assert page.locator("[data-count]").inner_text() == "2"
    assert page.locator("[data-list] a").all_inner_texts() == ["First", "Second"]
    assert page.locator("[data-list] a").first.get_attribute("href") == "/go/a/"
    page.get_by_role("button", name="Off First").click()
    assert page.evaluate("document.activeElement.dataset.unstar") == "b"
    page.get_by_role("button", name="Clear").click()
    assert page.get_by_text("Empty").is_visible()
    assert page.locator("[data-count]").is_hidden()
    assert page.evaluate("localStorage.length") == 0
    assert complaints == []


def test_a_list_where_storage_is_refused(chromium: Browser) -> None:
    page, complaints = opened(chromium, "/try/")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page.reload()
    page.get_by_role("button", name="Keep First").click()
    assert page.locator("[data-count]").inner_text() == "1"
    page.get_by_role("button", name="Kept First").click()
    assert page.locator("[data-count]").is_hidden()
    assert complaints == []


@pytest.mark.parametrize("kept", ["{", "null", "7", '[null, {"id": 3}, {"nothing": 1}]', '{"id": "a"}'])
def test_a_list_somebody_damaged(chromium: Browser, kept: str) -> None:
    page, complaints = opened(chromium, "/try/")
    page.evaluate("kept => localStorage.setItem('stile.list', kept)", kept)
    page.reload()
    assert page.get_by_text("Empty").is_visible()
    page.get_by_role("button", name="Keep First").click()
    assert page.locator("[data-count]").inner_text() == "1"
    assert complaints == []


def test_a_kept_address_cannot_lead_elsewhere(chromium: Browser) -> None:
    page, _ = opened(chromium, "/try/")
    for bad in ("javascript:alert(1)", "//evil.example/", "https://evil.example/"):
        page.evaluate("url => stile.list.put([{id: 'x', name: '<img src=x>', url}])", bad)
        assert page.locator("[data-list] a").get_attribute("href") == "#"
        assert page.locator("[data-list] a").inner_text() == "<img src=x>"


def test_the_keyboard_keeps_its_place_when_a_piece_is_swapped(chromium: Browser) -> None:
    page, complaints = opened(chromium, "/swap/")
    page.get_by_label("two").check()
    page.get_by_text("two, again").wait_for()
    page.locator("input[name=n]:focus").wait_for()
    page.get_by_role("button", name="News").click()
    page.locator("#news:focus").wait_for()
    assert complaints == []


def test_a_draft_is_kept_for_this_visit_until_it_is_sent(chromium: Browser) -> None:
    page, _ = opened(chromium, "/try/")
    page.locator("textarea").fill("half a thought")
    page.reload()
    assert page.locator("textarea").input_value() == "half a thought"
    page.get_by_role("button", name="Send").click()
    page.goto(SITE + "/try/")
    assert page.locator("textarea").input_value() == ""
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_shift_three_times_leaves_and_leaves_no_way_back(chromium: Browser) -> None:
    page, _ = opened(chromium, "/sent/")
    page.goto(SITE + "/try/")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/**")
    page.go_back()
    assert page.url == SITE + "/sent/"


def test_capital_letters_do_not_leave(chromium: Browser) -> None:
    page, _ = opened(chromium, "/try/")
    page.locator("textarea").focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    assert page.url == SITE + "/try/"


def test_without_a_script_leaving_is_a_link_and_stars_are_gone(chromium: Browser) -> None:
    page, _ = opened(chromium, "/try/", java_script_enabled=False)
    assert page.locator("[data-star]").first.is_hidden()
    page.get_by_role("link", name="Leave this page").click()
    assert page.url.startswith("https://www.bbc.co.uk/")
