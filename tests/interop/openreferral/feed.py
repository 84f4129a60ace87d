"""A feed on this machine that can be made to behave in every way real ones do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Feed:
    """`pages` as they are served; `answers` are taken first, one for each request to a path."""

    pages: list[Any] = field(default_factory=list)
    answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    etags: bool = False
    root: Any = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    hang: threading.Event = field(default_factory=threading.Event)
    hangs_on: str = ""
    cut_on: str = ""
    url: str = ""

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        for start, waiting in self.answers.items():
            if path.startswith(start) and waiting:
                return waiting.pop(0)
        parts = urlsplit(path)
        if parts.path == "/":
            return _json(self.root) if self.root is not None else (404, {}, b"")
        if parts.path.startswith("/services/"):
            key = parts.path.rsplit("/", 1)[-1]
            return _json(self.details[key]) if key in self.details else (404, {}, b"")
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        if not 1 <= number <= len(self.pages):
            return 404, {}, b"{}"
        status, sent, body = _json(self.pages[number - 1])
        if self.etags:
            tag = f'"{hash(body)}"'
            if headers.get("if-none-match") == tag:
                return 304, {"ETag": tag}, b""
            sent["ETag"] = tag
        return status, sent, body


def _json(value: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


def service(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "name": f"Club {key}", "status": "active", "schedules": [], **more}


def page(number: int, total: int, keys: list[str], **more: Any) -> dict[str, Any]:
    return {
        "total_items": total * len(keys),
        "total_pages": total,
        "page_number": number,
        "size": len(keys),
        "first_page": number == 1,
        "last_page": number == total,
        "empty": not keys,
        "contents": [service(key) for key in keys],
        **more,
    }


def pages(total: int, size: int = 2) -> list[dict[str, Any]]:
    return [page(n, total, [f"{n}-{k}" for k in range(size)]) for n in range(1, total + 1)]


@contextmanager
def served(feed: Feed) -> Iterator[Feed]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            feed.asked.append((self.path, headers))
            if feed.hangs_on and feed.hangs_on in self.path:
                feed.hang.wait(10)
                return
            status, sent, body = feed.answer(self.path, headers)
            self.send_response(status)
            for name, value in sent.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if feed.cut_on and feed.cut_on in self.path:
                body = body[: len(body) // 2]
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    feed.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield feed
    finally:
        feed.hang.set()
        server.shutdown()
        server.server_close()
        thread.join()
