"""Every page one can come to: axe finds nothing, no dead end, no other origin, a light first view."""

import re
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SEEDS = [
    "/",
    "/find/?q=drawing&near=M33",
    "/desk/?q=music&near=M33",
    "/where/?tile=make",
    "/help-now/",
    "/nowhere/",
]
MOST_PAGES = 60
HEAVIEST = 150_000  # bytes of a first view, everything it loads, as sent


def one_of_a_kind(address: str) -> str:
    """Activities and searches are alike: one of each is enough."""
    path = urlsplit(address).path
    path = re.sub(r"/go/[0-9a-f-]{36}/", "/go/*/", path)
    query = sorted({pair.split("=")[0] for pair in urlsplit(address).query.split("&") if pair})
    return path + ("?" + "&".join(query) if path.endswith("help-now/") else "")


def crawl(page: Page, site: str) -> list[str]:
    """Addresses of every kind of page, found by following links from the front door."""
    seen: dict[str, str] = {}
    waiting = deque(SEEDS)
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft()
        kind = one_of_a_kind(address)
        if kind in seen or re.search(r"\.(pdf|png|txt|ics)$", urlsplit(address).path):
            continue
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in (200, 410) or address == "/nowhere/", f"{address}: {answer.status}"
        seen[kind] = address
        for link in page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
            whole = urljoin(page.url, link)
            if whole.startswith(site) and "#" not in link:
                waiting.append(whole[len(site) :])
    return list(seen.values())


@pytest.fixture(scope="module")
def every_page(browser: object, site: str) -> list[str]:
    context = browser.new_context(base_url=site)  # type: ignore[attr-defined]
    try:
        found = crawl(context.new_page(), site)
    finally:
        context.close()
    assert len(found) >= 20
    return found


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    visitor: Callable[..., Page], every_page: list[str], phone: bool, scheme: str
) -> None:
    page = visitor(phone=phone, scheme=scheme)
    found: list[str] = []
    for address in every_page:
        page.goto(address)
        for one in Axe().run(page).response["violations"]:
            where = "; ".join(" ".join(node["target"]) for node in one["nodes"][:3])
            found.append(f"{address}: {one['id']}: {where}")
    assert found == []


def test_no_page_is_a_dead_end(visitor: Callable[..., Page], every_page: list[str]) -> None:
    page = visitor(javascript=False)
    for address in every_page:
        page.goto(address)
        onward = page.locator("main a[href]:visible, main button:visible").count()
        assert onward >= 1, address
        assert page.locator('.help-strip a[href$="/help-now/"]').count() == 1, address


def test_nothing_is_lost_at_320_px_or_four_times_the_size(
    visitor: Callable[..., Page], every_page: list[str]
) -> None:
    page = visitor()
    page.set_viewport_size({"width": 320, "height": 640})
    wide = []
    for address in every_page:
        page.goto(address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide.append(f"{address}: {over} px")
    assert wide == []


def test_a_first_view_is_light(visitor: Callable[..., Page], every_page: list[str], site: str) -> None:
    heavy = []
    for address in every_page:
        page = visitor()  # a context of its own: nothing is in the cache
        sizes: list[int] = []
        page.on("response", lambda answer, sizes=sizes: sizes.append(len(answer.body())))
        page.goto(address, wait_until="networkidle")
        if sum(sizes) > HEAVIEST:
            heavy.append(f"{address}: {sum(sizes):,} bytes")
        page.context.close()
    assert heavy == []


def test_headings_go_down_by_one_and_titles_say_nothing(
    visitor: Callable[..., Page], every_page: list[str]
) -> None:
    page = visitor()
    wrong = []
    for address in every_page:
        page.goto(address)
        levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => Number(h.tagName[1]))")
        if levels.count(1) != 1 or any(b - a > 1 for a, b in pairwise(levels)):
            wrong.append(f"{address}: {levels}")
        if re.search(r"mental|nhs|therap|refer", page.title(), re.I):
            wrong.append(f"{address}: {page.title()}")
    assert wrong == []
