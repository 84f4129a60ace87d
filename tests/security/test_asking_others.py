"""Reading an address that somebody gave us must not become asking our own network for them (SSRF)."""

import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from stile.interop import web
from stile.interop.source import Source
from stile.loop.directory.rules.records import Unreadable
from tests.interop.openreferral.feed import Feed, served

PUBLIC = "93.184.216.34"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names stand for: one list of addresses after another, the last one for good."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def looked_up(host: Any, port: Any, *more: Any, **kinds: Any) -> Any:
        text = host.decode() if isinstance(host, bytes) else str(host)
        if text not in known:
            return real(host, port, *more, **kinds)
        now = known[text].pop(0) if len(known[text]) > 1 else known[text][0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port or 0))
            for one in now.split()
        ]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return known


@pytest.fixture
def spoken_to(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where connections went; none is made."""
    went: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> None:
        went.append(address)
        raise ConnectionRefusedError("not in a test")

    monkeypatch.setattr(socket, "create_connection", connect)
    return went


def visitor(**more: Any) -> web.Visitor:
    return web.Visitor(delay=0, tries=1, sleep=lambda _: None, timeout=httpx.Timeout(2), **more)


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",  # the pages a cloud keeps about a machine, its keys among them
        "[fe80::1]",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "0.0.0.0",
        "[::]",
        "224.0.0.1",
        "240.0.0.1",
        "2852039166",  # 169.254.169.254 as one number
        "0xA9FEA9FE",
        "0251.0376.0251.0376",
        "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]",
        "[2002:a9fe:a9fe::]",
        "[64:ff9b::a9fe:a9fe]",
    ],
)
def test_what_machines_keep_for_themselves_is_never_read(host: str, spoken_to: list[tuple[str, int]]) -> None:
    with pytest.raises((Unreadable, httpx.ConnectError)):
        web.beginning(f"http://{host}/latest/meta-data/", 100)
    assert spoken_to == []


def test_a_name_for_such_an_address_is_as_bad(
    names: dict[str, list[str]], spoken_to: list[tuple[str, int]]
) -> None:
    names["directory.example"] = [f"{PUBLIC} 169.254.169.254"]
    with pytest.raises(Unreadable, match="not read"):
        web.beginning("https://directory.example/services", 100)
    assert spoken_to == []


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.0.0.8", "192.168.1.1", "172.16.3.4", "100.64.0.1", "::1", "fd12::9"]
)
def test_the_open_web_sends_nobody_into_a_private_network(
    inside: str, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of a public name answers with a redirect to a name that stands for an inner address."""
    real = socket.create_connection
    with served(Feed()) as feed:
        port = int(feed.url.rsplit(":", 1)[1].strip("/"))
        feed.answers["/services"] = [(302, {"Location": f"http://inner.example:{port}/secret"}, b"")]
        names["directory.example"], names["inner.example"] = [PUBLIC], [inside]
        # The public address is this feed: all that is pretended is where it lies.
        monkeypatch.setattr(
            socket, "create_connection",
            lambda to, *a, **k: real(("127.0.0.1", to[1]) if to[0] == PUBLIC else to, *a, **k),
        )  # fmt: skip
        with pytest.raises(Unreadable, match="private network"):
            visitor().get(f"http://directory.example:{port}/services")
        assert feed.paths() == ["/services"]


def test_a_name_is_looked_up_once_and_cannot_turn_round(
    names: dict[str, list[str]], spoken_to: list[tuple[str, int]]
) -> None:
    """DNS rebinding: public while it is judged, this machine a moment later."""
    names["turncoat.example"] = [PUBLIC, "127.0.0.1"]
    with pytest.raises(Unreadable, match="connection failed"):
        visitor().get("http://turncoat.example:8000/")
    assert spoken_to == [(PUBLIC, 8000)]


def test_every_request_of_one_reading_is_judged_anew(names: dict[str, list[str]]) -> None:
    with served(Feed(pages=[{"contents": []}])) as feed:
        port = int(feed.url.rsplit(":", 1)[1].strip("/"))
        names["turncoat.example"] = ["127.0.0.1", "169.254.169.254"]
        reader = visitor()
        assert reader.get(f"http://turncoat.example:{port}/services").status == 200
        with pytest.raises(Unreadable, match="not read"):
            reader.get(f"http://turncoat.example:{port}/services")
        assert [headers["host"] for _, headers in feed.asked] == [f"turncoat.example:{port}"]


def test_the_next_address_is_tried_when_the_first_is_silent(names: dict[str, list[str]]) -> None:
    with served(Feed(pages=[{"contents": []}])) as feed:
        port = int(feed.url.rsplit(":", 1)[1].strip("/"))
        names["two.example"] = ["::1 127.0.0.1"]
        assert visitor().get(f"http://two.example:{port}/services").status == 200


def test_the_certificate_must_be_the_names_and_not_the_addresses(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def send(self: httpx.Client, request: httpx.Request, **_: Any) -> httpx.Response:
        asked.update(
            host=request.url.host, name=request.extensions["sni_hostname"], said=request.headers["host"]
        )
        return httpx.Response(200, content=b"{}", request=request)

    monkeypatch.setattr(httpx.Client, "send", send)
    names["directory.example"] = [PUBLIC]
    assert visitor().get("https://directory.example/services").body == b"{}"
    assert asked == {"host": PUBLIC, "name": "directory.example", "said": "directory.example"}


@pytest.mark.parametrize(
    "onward", ["file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1:70/", "http://u:p@127.0.0.1/"]
)
def test_a_redirect_leads_to_http_and_https_only(onward: str) -> None:
    with served(Feed(answers={"/services": [(302, {"Location": onward}, b"")]})) as feed:
        with pytest.raises(Unreadable):
            visitor().get(f"{feed.url}services")
        assert len(feed.asked) == 1


def test_nobody_is_sent_from_encrypted_to_open() -> None:
    with pytest.raises(Unreadable, match="without encryption"):
        web._next_hop("https://example.org/services", "http://example.org/")


def test_a_chain_of_redirects_ends() -> None:
    with served(Feed()) as feed:
        feed.answers["/services"] = [(302, {"Location": "/services"}, b"")] * 50
        with pytest.raises(Unreadable, match="without end"):
            visitor().get(f"{feed.url}services")
        assert len(feed.asked) == web.MAX_REDIRECTS + 1


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Feed(pages=[{"contents": []}])) as feed:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1/")
        assert visitor().get(f"{feed.url}services").status == 200


@pytest.mark.parametrize(
    "address",
    ["http://[::1", "http://exa mple.org/", "http://a\x00b.example/", "http://" + "a" * 300 + ".example/"],
)
def test_an_address_that_is_none_is_refused_in_words(address: str) -> None:
    with pytest.raises(Unreadable):
        web.beginning(Source.of(address).url or "", 10)


def test_no_page_takes_an_address_to_read() -> None:
    """Addresses are typed at the operator's keyboard only: no view leads to the reader of the web."""
    from tests.architecture.test_doors import views

    loaded: list[Callable[..., Any]] = [view for _, view in views()]
    modules = {view.__module__ for view in loaded}
    assert modules
    assert not {name for name in modules if name.startswith(("stile.interop.web", "stile.interop.intake"))}
    import sys

    for name in modules:
        assert not {"web", "intake", "httpx", "open_source"} & set(vars(sys.modules[name])), name
