"""Feeds that answer well, badly, late, twice, or not at all."""

import json
import time
from pathlib import Path

import httpx
import pytest

from stile.interop import web
from stile.interop.openreferral import api_reader
from stile.interop.openreferral.api_reader import Cursor
from stile.interop.source import Source
from stile.loop.directory.rules.records import Item, ServiceRecord, Unreadable, Warned
from tests.interop.openreferral.feed import Feed, page, pages, served, service


def quick(waits: list[float] | None = None) -> web.Visitor:
    """A visitor with the manners of the real one, who does not really wait."""
    return web.Visitor(
        delay=0.2,
        timeout=httpx.Timeout(0.4),
        sleep=(waits.append if waits is not None else lambda _: None),
    )


def read(feed: Feed, spool: Path | None = None, visitor: web.Visitor | None = None) -> list[Item]:
    return list(api_reader.read(Source.of(feed.url), spool=spool, visitor=visitor or quick()))


def keys(items: list[Item]) -> list[str]:
    return [one.key for one in items if isinstance(one, ServiceRecord)]


def warnings(items: list[Item]) -> str:
    return " | ".join(one.reason for one in items if isinstance(one, Warned))


def test_every_page_of_a_feed_is_read_politely() -> None:
    waits: list[float] = []
    with served(
        Feed(pages=pages(3), root={"version": "HSDS-UK-3.0", "profile": "x", "openapi_url": "y"})
    ) as feed:
        assert api_reader.recognises(Source.of(feed.url)) == api_reader.FORMAT
        feed.asked.clear()
        items = read(feed, visitor=quick(waits))
    assert keys(items) == ["1-0", "1-1", "2-0", "2-1", "3-0", "3-1"]
    assert warnings(items) == ""
    assert all("Stile" in headers["user-agent"] for _, headers in feed.asked)
    assert len(waits) >= 3
    assert all(0 < wait <= 0.2 for wait in waits)
    first = next(one for one in items if isinstance(one, ServiceRecord))
    assert first.where == f"{feed.url}services?page=1: $.contents[0]"


def test_the_list_itself_may_be_given_and_keeps_its_question() -> None:
    with served(Feed(pages=pages(2))) as feed:
        feed.url += "services?taxonomy_term_id=7"
        assert len(keys(read(feed))) == 4
    assert any("taxonomy_term_id=7" in path and "page=2" in path for path in feed.paths())


@pytest.mark.parametrize(
    ("served_pages", "found", "word"),
    [
        ([page(1, 9, ["a"]), page(2, 9, ["b"]), page(3, 9, [])], ["a", "b"], "is empty"),
        ([page(1, 3, ["a"]), page(2, 3, ["b"]), page(3, 3, ["b"])], ["a", "b"], "again"),
        ([page(1, 5, ["a"]), page(2, 5, ["b"])], ["a", "b"], "404"),
        ([page(1, 1, ["a"], last_page=False), page(2, 1, ["b"])], ["a", "b"], "went on"),
        ([page(1, 2, ["a"], last_page=True), page(2, 2, ["b"])], ["a", "b"], "went on"),
        ([page(1, 3, ["a", "b"]), page(2, 3, ["c"]), page(3, 3, ["b", "a"])], ["a", "b", "c"], "came before"),
        ([{**page(1, 1, ["a"]), "total_items": 50}], ["a"], "promises 50"),
        ([{"contents": [service("a")]}, {"contents": [service("b")]}, {"contents": []}], ["a", "b"], ""),
        ([{"contents": [service("a")]}, {"contents": [service("a")]}], ["a"], "again"),
        (
            [{"content": [service("a")], "totalPages": "2"}, {"content": [service("b")], "last": True}],
            ["a", "b"],
            "",
        ),
        ([[service("a"), service("b")]], ["a", "b"], ""),
        ([page(1, 0, [])], [], "no activities"),
    ],
)
def test_a_feed_that_is_wrong_about_its_pages_is_followed_safely(
    served_pages: list[object], found: list[str], word: str
) -> None:
    with served(Feed(pages=served_pages)) as feed:
        items = read(feed)
    assert keys(items) == found
    assert word in warnings(items)
    assert bool(warnings(items)) is bool(word)


def test_a_feed_that_lists_only_the_gist_is_asked_for_the_whole() -> None:
    gists = [
        {"id": k, "name": k, "status": "active", "last_modified": "2026-01-01T00:00:00Z"}
        for k in ("a", "b", "c")
    ]
    details = {
        k: {**service(k), "schedules": [{"id": k, "description": "Tuesdays 4-6pm"}]} for k in ("a", "b")
    }
    with served(
        Feed(pages=[{**page(1, 1, []), "contents": gists, "total_items": 3}], details=details)
    ) as feed:
        items = read(feed)
    found = [one for one in items if isinstance(one, ServiceRecord)]
    assert [(one.key, bool(one.times)) for one in found] == [("a", True), ("b", True), ("c", False)]
    assert "'c' could not be fetched whole" in warnings(items)


def test_a_server_that_is_unwell_is_given_time() -> None:
    waits: list[float] = []
    answers = {"/services": [(503, {}, b""), (429, {"Retry-After": "7"}, b""), (500, {}, b"")]}
    with served(Feed(pages=pages(1), answers=answers)) as feed:
        feed.url += "services"
        items = list(api_reader.read(Source.of(feed.url), visitor=quick(waits)))
    assert keys(items) == ["1-0", "1-1"]


def test_waiting_follows_the_server_then_doubles() -> None:
    waits: list[float] = []
    answers = {"/x": [(429, {"Retry-After": "7"}, b""), (500, {}, b""), (502, {}, b"")]}
    with served(Feed(pages=pages(1), answers=answers)) as feed:
        visitor = quick(waits)
        visitor.delay = 0
        assert visitor.get(f"{feed.url}x").status == 200
    assert waits == [7.0, 2.0, 4.0]


def test_a_server_that_asks_for_an_hour_is_left_for_another_day() -> None:
    with served(Feed(answers={"/": [(503, {"Retry-After": "3600"}, b"")] * 9})) as feed:
        with pytest.raises(Unreadable, match="3600 seconds"):
            quick().get(feed.url)
        assert len(feed.asked) == 1


def test_a_feed_that_hangs_is_given_up_with_a_clear_error() -> None:
    started = time.monotonic()
    with served(Feed(pages=pages(2), hangs_on="page=2")) as feed, pytest.raises(Unreadable, match="in time"):
        read(feed)
    assert time.monotonic() - started < 30


def test_a_feed_that_dies_half_way_goes_on_from_there(tmp_path: Path) -> None:
    with served(Feed(pages=pages(5), cut_on="page=4")) as feed:
        with pytest.raises(Unreadable, match="3 pages are kept"):
            read(feed, tmp_path)
        feed.cut_on = ""
        feed.asked.clear()
        items = read(feed, tmp_path)
    assert len(keys(items)) == 10
    asked = [path.rsplit("page=", 1)[1] for path in feed.paths() if "page=" in path and "per_page" in path]
    assert asked == ["4", "5"]


def test_a_feed_asked_again_sends_only_what_changed(tmp_path: Path) -> None:
    with served(Feed(pages=pages(3), etags=True)) as feed:
        read(feed, tmp_path)
        feed.pages[1]["contents"].append(service("new"))
        feed.pages = [{**one, "total_items": 7} for one in feed.pages]
        feed.asked.clear()
        items = read(feed, tmp_path)
        feed.pages[0] = page(1, 1, ["only"])
        shrunk = read(feed, tmp_path)
    assert "new" in keys(items)
    assert len(keys(items)) == 7
    assert all("if-none-match" in headers for path, headers in feed.asked if "per_page" in path)
    assert keys(shrunk) == ["only"]
    assert [one.name for one in sorted(tmp_path.glob("page-*"))] == ["page-000001.json"]


def test_a_cursor_is_plain_json(tmp_path: Path) -> None:
    with served(Feed(pages=pages(2))) as feed:
        cursor = api_reader.fetch(feed.url, tmp_path, visitor=quick())
    assert Cursor.of(cursor.as_json()) == cursor
    assert json.loads((tmp_path / "cursor.json").read_text())["complete"] is True


def test_a_spoilt_cursor_only_means_starting_again(tmp_path: Path) -> None:
    (tmp_path / "cursor.json").write_text('{"pages": 7}')
    with served(Feed(pages=pages(2))) as feed:
        assert len(keys(read(feed, tmp_path))) == 4


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ((401, {}, b""), "asks for a key"),
        ((403, {}, b""), "asks for a key"),
        ((410, {}, b""), "410"),
        ((200, {}, b"<html>Sign in</html>"), "not with Open Referral"),
        ((200, {}, b'{"contents": [{"id": '), "not with Open Referral"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "only http and https"),
        ((302, {"Location": "/services"}, b""), "without end"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(
    answer: tuple[int, dict[str, str], bytes], word: str
) -> None:
    with served(Feed(answers={"/services": [answer] * 40})) as feed:
        feed.url += "services"
        assert api_reader.recognises(Source.of(feed.url)) is None
        with pytest.raises(Unreadable, match=word):
            read(feed)


def test_a_page_that_is_no_page_is_refused() -> None:
    broken = [(200, {}, b"<html>Busy</html>"), (200, {}, b'{"contents": [{"id": ')]
    for answer in broken:
        second = Feed(pages=pages(2), answers={"/services?per_page=100&page=2": [answer]})
        with served(second) as feed, pytest.raises(Unreadable, match=r"not JSON|ends in the middle"):
            read(feed)


def test_a_feed_with_no_one_there_is_refused() -> None:
    with served(Feed()) as feed:
        pass
    with pytest.raises(Unreadable, match="connection failed"):
        read(feed)


def test_a_page_without_end_is_refused() -> None:
    with served(Feed(pages=[page(1, 1, ["a" * 5000])])) as feed, pytest.raises(Unreadable, match="more than"):
        quick().get(feed.url + "services", limit=1000)


def test_retry_after_may_be_a_date() -> None:
    assert web.retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now=1445412420.0) == 60.0
    assert web.retry_after("soon") is None
