"""Open Referral from an API: every page is put on disk first, then read like a file.

So a feed that dies half way leaves nothing half read, and asking again fetches only the pages that
are missing; a feed asked again later sends only the pages that changed, if it can tell. Feeds that
are wrong about their own pages are followed as far as they bring something new, and it is said.
"""

import contextlib
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from stile.interop import web
from stile.interop.source import Source
from stile.loop.directory.rules.records import Item, Unreadable, Warned

from .json_reader import looks_like, read_text
from .json_reader import read as read_json
from .stream import Broken, Text, value

FORMAT = "Open Referral API"
_PAGED = re.compile(rb'"contents?"\s*:\s*\[')
MAX_PAGES = 20_000
PER_PAGE = 100
_NESTED = frozenset(
    {"service_at_locations", "schedules", "contacts", "phones", "languages", "cost_options", "attributes"}
    | {"service_areas", "funding", "eligibilitys", "regular_schedules", "service_taxonomys"}
)


@dataclass(slots=True)
class Page:
    """One page as it lies in the spool."""

    number: int
    file: str
    etag: str = ""
    modified: str = ""
    ids: str = ""  # digest of the ids on it, to see a page come twice
    items: int = 0
    details: str = ""  # the file with the full activities, where the page has only their gist
    fresh: bool = False  # fetched, or found unchanged, since this reading began


@dataclass(slots=True)
class Cursor:
    """How far the reading of a feed has come. Kept as JSON beside the pages, and given back to go on."""

    asked: str  # the address as it was given
    url: str = ""  # the list of services behind it
    pages: dict[int, Page] = field(default_factory=dict)
    per_page: int = PER_PAGE
    complete: bool = False
    total_items: int | None = None
    warned: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> "Cursor":
        said = json.loads(text)
        pages = {int(number): Page(**page) for number, page in said.pop("pages").items()}
        return cls(**{**said, "pages": pages, "warned": [(where, why) for where, why in said["warned"]]})


def recognises(source: Source) -> str | None:
    """FORMAT if the address is a feed's, its list of services or a file of Open Referral JSON."""
    if source.url is None:
        return None
    for url in dict.fromkeys((source.url, _services(source.url))):
        try:
            start = web.beginning(url, 65_536)
        except Unreadable:
            continue
        if _says_what_it_is(start) or looks_like(start, source.name):
            return FORMAT
    return None


def _says_what_it_is(start: bytes) -> bool:
    """The answer at the root of an API: its version and where its description lies."""
    try:
        said = json.loads(start)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and "version" in said and bool({"openapi_url", "profile"} & said.keys())


def read(
    source: Source,
    *,
    mapping: Mapping[str, Any] | None = None,
    on_progress: Callable[[int], None] | None = None,
    spool: Path | None = None,
    visitor: web.Visitor | None = None,
) -> Iterator[Item]:
    """Everything the feed holds. `spool` is a folder kept for this feed between readings, or None."""
    if source.url is None:
        raise Unreadable(f"{source.name}: this is no address on the web.")
    start = _start(source.url)
    with contextlib.ExitStack() as stack:
        if looks_like(start, source.name) and not _PAGED.search(start):  # a file, however large
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            yield from read_json(source.fetched(folder), on_progress=on_progress)
            return
        folder = spool or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cursor = fetch(source.url, folder, visitor=visitor, on_progress=on_progress)
        shown = web.shown(cursor.url)
        for where, why in cursor.warned:
            yield Warned(where, why)
        if not sum(page.items for page in cursor.pages.values()):
            yield Warned(shown, "the feed answers, but holds no activities")
        for _, page in sorted(cursor.pages.items()):
            if page.items:
                prefix = f"{shown}?page={page.number}: "
                with (folder / (page.details or page.file)).open("rb") as file:
                    yield from read_text(Text(file, f"{shown}?page={page.number}"), prefix)


def _start(url: str) -> bytes:
    try:
        return web.beginning(url, 65_536)
    except Unreadable:
        return b""  # the list below it may answer all the same


def fetch(
    url: str,
    folder: Path,
    *,
    visitor: web.Visitor | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Cursor:
    """Bring the spool in `folder` up to date with the feed. Raises Unreadable when the feed gives up.

    What was fetched until then stays, with the cursor, so that the next call goes on from there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    visitor = visitor or web.Visitor()
    cursor = _load(folder, url)
    if cursor.complete:
        cursor.complete, cursor.warned = False, []
        for page in cursor.pages.values():
            page.fresh = False
    if not cursor.url:
        cursor.url = _find_list(url, visitor)
    try:
        _Reading(cursor, folder, visitor, on_progress).pages()
    except Unreadable as error:
        _save(folder, cursor)
        kept = sum(page.fresh for page in cursor.pages.values())
        if kept:
            raise Unreadable(f"{error} {kept} pages are kept; the next try goes on from there.") from error
        raise
    cursor.complete = True
    _save(folder, cursor)
    return cursor


def _load(folder: Path, url: str) -> Cursor:
    try:
        cursor = Cursor.of((folder / "cursor.json").read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Cursor(url)
    return cursor if cursor.asked == url else Cursor(url)


def _save(folder: Path, cursor: Cursor) -> None:
    _write(folder / "cursor.json", cursor.as_json().encode())


def _services(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    return url if path.endswith("/services") else urlunsplit(parts._replace(path=f"{path}/services"))


def _find_list(url: str, visitor: web.Visitor) -> str:
    """The address of the list of services: the one given, or /services below it."""
    answer = visitor.get(url)
    if answer.status == 200 and looks_like(answer.body, url):
        return url
    listed = _services(url)
    if listed != url and (answer.status in (200, 404, 405) or answer.status >= 500):
        return listed
    _refuse(answer)
    raise Unreadable(f"{web.shown(url)}: answers, but not with Open Referral.")


def _refuse(answer: web.Answered) -> None:
    if answer.status in (401, 403):
        raise Unreadable(f"{web.shown(answer.url)}: asks for a key ({answer.status}); open feeds need none.")
    if answer.status >= 400:
        raise Unreadable(f"{web.shown(answer.url)}: the server answered {answer.status}.")


class _Reading:
    """One reading of a feed, page by page."""

    def __init__(
        self, cursor: Cursor, folder: Path, visitor: web.Visitor, on_progress: Callable[[int], None] | None
    ) -> None:
        self.cursor, self.folder, self.visitor, self.on_progress = cursor, folder, visitor, on_progress
        self.seen: dict[str, int] = {}
        self.ids: set[bytes] = set()

    def pages(self) -> None:
        number = 1
        while number <= MAX_PAGES:
            around = self._page(number)
            if around is None or not self._goes_on(number, around):
                break
            number += 1
        else:
            self._warn(number, f"has more than {MAX_PAGES:,} pages; stopped there")
        for beyond in [one for one in self.cursor.pages if one > number or not self.cursor.pages[one].fresh]:
            page = self.cursor.pages.pop(beyond)
            for name in (page.file, page.details):
                if name:
                    (self.folder / name).unlink(missing_ok=True)
        found = sum(page.items for page in self.cursor.pages.values())
        if self.cursor.total_items is not None and self.cursor.total_items != found:
            self._warn(0, f"promises {self.cursor.total_items:,} activities and brought {found:,}")

    def _page(self, number: int) -> dict[str, Any] | None:
        """What stands around the list on a page, with the list as "contents"; None behind the end."""
        known = self.cursor.pages.get(number)
        if known is not None and known.fresh:
            return self._noted(number, known)
        asked: dict[str, str] = {}
        if known is not None and (self.folder / known.file).exists():
            if known.etag:
                asked["If-None-Match"] = known.etag
            if known.modified:
                asked["If-Modified-Since"] = known.modified
        answer = self.visitor.get(self._address(number), asked)
        if number == 1 and answer.status in (400, 404, 413, 422) and self.cursor.per_page:
            self.cursor.per_page = 0  # some feeds refuse to be told how much to send
            answer = self.visitor.get(self._address(number), asked)
        if answer.status == 304 and known is not None:
            known.fresh = True
        elif number > 1 and answer.status in (404, 416, 400):
            self._warn(number, f"is promised, but the server answers {answer.status}; stopped there")
            return None
        else:
            _refuse(answer)
            known = self._keep(number, answer)
        if self.on_progress is not None:
            self.on_progress(len(answer.body))
        around = self._noted(number, known)
        if around is not None:
            _save(self.folder, self.cursor)
        return around

    def _address(self, number: int) -> str:
        parts = urlsplit(self.cursor.url)
        query = [
            (name, said) for name, said in parse_qsl(parts.query, keep_blank_values=True) if name != "page"
        ]
        if self.cursor.per_page and not any(name == "per_page" for name, _ in query):
            query.append(("per_page", str(self.cursor.per_page)))
        return urlunsplit(parts._replace(query=urlencode([*query, ("page", str(number))])))

    def _keep(self, number: int, answer: web.Answered) -> Page:
        page = Page(
            number,
            f"page-{number:06d}.json",
            etag=answer.headers.get("etag", ""),
            modified=answer.headers.get("last-modified", ""),
            fresh=True,
        )
        before = self.cursor.pages.get(number)
        _write(self.folder / page.file, answer.body)
        around = _around(answer.body, f"{web.shown(self.cursor.url)}?page={number}")
        listed = around["contents"]
        page.items = len(listed)
        page.ids = hashlib.sha256(json.dumps([_id(one) for one in listed]).encode()).hexdigest()
        if around["paged"] and _is_gist(listed):  # a plain file has nobody to ask for the details
            page.details = self._details(number, listed, before)
        self.cursor.pages[number] = page
        return page

    def _details(self, number: int, listed: list[Any], before: Page | None) -> str:
        """Fetch each activity of the page whole; those unchanged since the last reading are kept."""
        name = f"details-{number:06d}.json"
        old = {}
        if before is not None and before.details and (self.folder / before.details).exists():
            for line in (self.folder / before.details).read_bytes().splitlines():
                one = json.loads(line)
                old[str(one.get("id"))] = one
        base = urlsplit(self.cursor.url)
        lines = []
        for gist in listed:
            key = _id(gist)
            kept = old.get(key)
            changed = gist.get("last_modified") if isinstance(gist, dict) else None
            if kept is not None and changed and kept.get("last_modified") == changed:
                lines.append(json.dumps(kept))
                continue
            address = urlunsplit(
                base._replace(path=f"{base.path.rstrip('/')}/{quote(key, safe='')}", query="")
            )
            answer = self.visitor.get(address) if key else None
            whole = value(Text(_bytes(answer.body), address)) if answer and answer.status == 200 else None
            if isinstance(whole, dict) and _id(whole) == key:
                lines.append(json.dumps(whole))
                continue
            self._warn(number, f"activity {key[:60]!r} could not be fetched whole; its gist is kept")
            lines.append(json.dumps(gist))
        _write(self.folder / name, "\n".join(lines).encode())
        return name

    def _noted(self, number: int, page: Page) -> dict[str, Any] | None:
        """Stop at a page that brings nothing new."""
        around = _around((self.folder / page.file).read_bytes(), page.file)
        if number == 1:
            self.cursor.total_items = around["total_items"]
        if page.ids in self.seen and page.items:
            self._warn(number, f"is page {self.seen[page.ids]} again; stopped there")
            page.fresh = False
            return None
        fresh = {
            hashlib.sha1(_id(one).encode(), usedforsecurity=False).digest() for one in around["contents"]
        }
        if page.items and not fresh - self.ids:
            self._warn(number, "holds only activities that came before; stopped there")
            page.fresh = False
            return None
        self.seen[page.ids] = number
        self.ids |= fresh
        return around

    def _goes_on(self, number: int, around: dict[str, Any]) -> bool:
        pages, last = around["total_pages"], around["last_page"]
        if not around["paged"]:
            return False
        if not around["contents"]:
            if pages is not None and number < pages:
                self._warn(number, f"is empty, though {pages:,} pages are promised; stopped there")
            return False
        if pages is not None and number < pages:
            if last is True:
                self._warn(number, f"calls itself the last, though {pages:,} pages are promised; went on")
            return True
        if pages is not None and last is False:
            if number == pages:
                self._warn(number, "should be the last, but says more follow; went on")
            return True
        return pages is None and last is not True

    def _warn(self, number: int, why: str) -> None:
        where = web.shown(self.cursor.url)
        said = (f"{where}?page={number}" if number else where, why)
        if said not in self.cursor.warned:
            self.cursor.warned.append(said)


def _write(target: Path, body: bytes) -> None:
    part = target.with_name(target.name + ".part")
    part.write_bytes(body)
    part.replace(target)


def _bytes(body: bytes) -> Any:
    return io.BytesIO(body)


def _id(one: Any) -> str:
    return str(one.get("id", "")) if isinstance(one, dict) else ""


def _is_gist(listed: list[Any]) -> bool:
    """Whether a list has only the names of its activities and not what belongs to them."""
    found = [one for one in listed if isinstance(one, dict)]
    if not found or any("location" in one or "location_type" in one for one in found):
        return False
    return not any(_NESTED & one.keys() for one in found)


def _around(body: bytes, name: str) -> dict[str, Any]:
    """The envelope of a page, whatever its version calls things."""
    text = Text(_bytes(body), name)
    if text.peek() not in ("{", "["):
        raise Unreadable(f"{name}: the server sends something that is not JSON.")
    found = value(text)
    if isinstance(found, Broken):
        raise Unreadable(f"{name}: what the server sends {found.reason}.")
    if isinstance(found, list):
        return {
            "contents": found,
            "total_pages": None,
            "total_items": None,
            "last_page": None,
            "paged": False,
        }
    listed = next((found[one] for one in ("contents", "content") if isinstance(found.get(one), list)), None)
    return {
        "contents": listed if listed is not None else [found],
        "total_pages": _count(found, "total_pages", "totalPages"),
        "total_items": _count(found, "total_items", "totalElements"),
        "last_page": next(
            (found[one] for one in ("last_page", "last") if isinstance(found.get(one), bool)), None
        ),
        "paged": listed is not None,
    }


def _count(found: dict[str, Any], *names: str) -> int | None:
    for name in names:
        said = found.get(name)
        if isinstance(said, str) and re.fullmatch(r"\d{1,9}", said):
            return int(said)
        if isinstance(said, int) and not isinstance(said, bool) and 0 <= said < 10**9:
            return said
    return None
