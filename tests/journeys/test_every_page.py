"""Every page one can come to: axe finds nothing, no dead end, no other origin, a light first view.

The site is walked once, by its own links, and everything one visit can tell is noted on the way.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import DESK, PHONE

SEEDS = [
    "/",
    "/find/?q=drawing&near=M33",
    "/find/?q=zzzz&near=Altrinchm",
    "/desk/?q=music&near=M33",
    "/where/?tile=make",
    "/help-now/",
    "/nowhere/",
]
MOST_PAGES = 60
HEAVIEST = 150_000  # bytes of a first view, everything it loads, as sent
GALLERY = "/design/"  # looked at in tests/ui


@dataclass(frozen=True)
class Seen:
    address: str
    wide: int  # pixels that stick out at 320 px
    levels: list[int]  # of its headings
    title: str
    onward: int  # ways on in its main part
    help_links: int
    weight: int  # bytes, packed as they were sent


LOOK = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  levels: [...document.querySelectorAll("h1, h2, h3, h4")].filter(h => h.offsetParent).map(h => Number(h.tagName[1])),
  title: document.title,
  onward: [...document.querySelectorAll("main a[href], main button")].filter(a => a.offsetParent).length,
  help_links: document.querySelectorAll('.help-strip a[href$="/help-now/"]').length,
  weight: performance.getEntries().reduce((sum, one) => sum + (one.encodedBodySize || 0), 0),
})"""


def one_of_a_kind(address: str) -> str:
    """Activities and searches are alike: one of each is enough, and one search with nothing found."""
    parts = urlsplit(address)
    path = re.sub(r"/go/[0-9a-f-]{36}/", "/go/*/", parts.path)
    if "zzzz" in parts.query:
        return path + "?nothing"
    query = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    return path + ("?" + "&".join(query) if path.endswith("help-now/") else "")


def crawl(page: Page, site: str) -> dict[str, Seen]:
    """Every kind of page, found by following links from the front door."""
    seen: dict[str, Seen] = {}
    waiting = deque(SEEDS)
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft()
        kind = one_of_a_kind(address)
        if kind in seen or re.search(r"\.(pdf|png|txt|ics)$", urlsplit(address).path):
            continue
        answer = page.goto(address, wait_until="load")
        assert answer is not None
        expected = (404,) if address.endswith("/nowhere/") else (200, 410)
        assert answer.status in expected, f"{address}: {answer.status}"
        seen[kind] = Seen(address=address, **page.evaluate(LOOK))
        for link in page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
            whole = urljoin(page.url, link)
            if whole.startswith(site) and "#" not in link:
                waiting.append(whole[len(site) :])
    return seen


@pytest.fixture(scope="module")
def every_page(browser: Browser, site: str) -> dict[str, Seen]:
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 640})
    elsewhere: list[str] = []
    try:
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith((site, "data:")) else elsewhere.append(r.url))
        found = crawl(page, site)
        assert context.cookies() == []
    finally:
        context.close()
    assert elsewhere == []
    assert {"/", "/find/", "/find/?nothing", "/go/*/", "/go/*/wrong/", "/desk/", "/cy/", "/cy/go/*/"} <= set(
        found
    )
    return found


def test_axe_finds_nothing_on_any_page_of_any_size_or_colour(
    visitor: Callable[..., Page], every_page: dict[str, Seen]
) -> None:
    """English on phone and desk, by day and after dusk; Welsh, which is the same pages, on a phone by day."""
    page = visitor(reduced_motion="reduce")  # no colour half way to another
    found: list[str] = []
    for kind, seen in every_page.items():
        if kind.endswith(GALLERY) or ("help-now/?" in kind and kind.startswith("/cy/")):
            continue
        page.goto(seen.address)
        for opened in page.locator("#found details").all():
            opened.evaluate("one => { one.open = true; }")
        ways = [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
        for size, scheme in ways[:1] if kind.startswith("/cy/") else ways:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for one in Axe().run(page).response["violations"]:
                where = "; ".join(" ".join(node["target"]) for node in one["nodes"][:3])
                found.append(f"{seen.address} {size['width']} {scheme}: {one['id']}: {where}")
    assert found == []


def test_no_page_is_a_dead_end(every_page: dict[str, Seen]) -> None:
    assert [one.address for one in every_page.values() if one.onward < 1] == []


def test_help_is_in_the_same_place_on_every_page(every_page: dict[str, Seen]) -> None:
    assert [one.address for one in every_page.values() if one.help_links != 1] == []


def test_nothing_sticks_out_at_320_px_or_four_times_the_size(every_page: dict[str, Seen]) -> None:
    assert [f"{one.address}: {one.wide} px" for one in every_page.values() if one.wide > 0] == []


def test_a_first_view_is_light(every_page: dict[str, Seen]) -> None:
    heavy = [f"{one.address}: {one.weight:,} bytes" for one in every_page.values() if one.weight > HEAVIEST]
    assert heavy == []
    assert all(one.weight > 10_000 for one in every_page.values()), "weighed nothing"


def test_headings_go_down_by_one_and_titles_say_nothing(every_page: dict[str, Seen]) -> None:
    wrong = []
    for one in every_page.values():
        if one.levels.count(1) != 1 or any(b - a > 1 for a, b in pairwise(one.levels)):
            wrong.append(f"{one.address}: {one.levels}")
        if re.search(r"mental|nhs|therap|refer", one.title, re.I):
            wrong.append(f"{one.address}: {one.title}")
    assert wrong == []
