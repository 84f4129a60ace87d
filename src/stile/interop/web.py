"""Reading other people's servers politely and safely.

Politely: we say who we are, wait between requests, honour Retry-After, back off when a server is
unwell and ask again only for what changed. Safely: http and https only, few redirects, never from
https down to http nor from the open web into a private network, every wait bounded, every body
counted while it arrives. A name is looked up once for each request and what was looked at is what is
spoken to, so that a name cannot be one server while it is judged and another while it is read; where
machines keep what is theirs (link-local, a cloud's own pages about itself) nobody is sent, whoever asks.
"""

import email.utils
import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from stile.loop.directory.rules.records import Unreadable

USER_AGENT = "Stile (open-source social prescribing for young people; reads Open Referral feeds)"
MAX_REDIRECTS = 5
MAX_TRIES = 5  # of one request, the first included
MAX_WAIT = 60.0  # seconds we are willing to be told to wait; longer means come back another day
MAX_SECONDS = 120.0  # for one answer to arrive whole: a server that drips is given up
MAX_BODY = 64 * 1024**2  # bytes of one page of an API
TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
# Pages a cloud keeps for its own machines, keys among them, besides the link-local ones: Alibaba, AWS over IPv6.
_METADATA = frozenset({ipaddress.ip_address("100.100.100.200"), ipaddress.ip_address("fd00:ec2::254")})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Answered:
    """What a server said: status 200 with a body, or 304 without one, or an error status."""

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str]  # names in lower case


@dataclass(slots=True)
class Visitor:
    """One well-mannered reader of one server. Times in seconds; `sleep` and `now` for tests."""

    delay: float = 0.2  # between two requests
    timeout: httpx.Timeout = field(default_factory=lambda: TIMEOUT)
    tries: int = MAX_TRIES
    max_wait: float = MAX_WAIT
    max_seconds: float = MAX_SECONDS
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    _last: float | None = None

    def get(self, url: str, headers: Mapping[str, str] | None = None, limit: int = MAX_BODY) -> Answered:
        """GET `url`. Answers below 500 come back as they are; raises Unreadable when none comes."""
        answer: Answered | None = None
        problem = "no answer"
        for attempt in range(self.tries):
            if attempt:
                self.sleep(self._pause(answer, attempt))
            self._wait_turn()
            try:
                answer = self._once(url, headers or {}, limit)
            except httpx.TimeoutException:
                answer, problem = None, "the server did not answer in time"
                continue
            except httpx.HTTPError as error:
                answer, problem = None, f"the connection failed ({type(error).__name__})"
                continue
            if answer.status not in _RETRIED:
                return answer
            problem = f"the server answered {answer.status}"
        raise Unreadable(f"{shown(url)}: {problem}; tried {self.tries} times and gave up.")

    def save(self, url: str, target: Path, limit: int) -> None:
        """Download into `target`, which appears only when whole. Raises Unreadable."""
        part = target.with_name(target.name + ".part")
        problem = "no answer"
        for attempt in range(self.tries):
            if attempt:
                self.sleep(self._pause(None, attempt))
            self._wait_turn()
            try:
                with part.open("wb") as file:
                    answer = self._once(url, {}, limit, write=file.write, max_seconds=3600.0)
            except httpx.HTTPError as error:
                problem = f"the connection failed ({type(error).__name__})"
                continue
            if answer.status == 200:
                part.replace(target)
                return
            problem = f"the server answered {answer.status}"
            if answer.status not in _RETRIED:
                break
        part.unlink(missing_ok=True)
        raise Unreadable(f"{shown(url)}: {problem}.")

    def _wait_turn(self) -> None:
        if self._last is not None:
            rest = self.delay - (self.now() - self._last)
            if rest > 0:
                self.sleep(rest)
        self._last = self.now()

    def _pause(self, answer: Answered | None, attempt: int) -> float:
        """Seconds before trying again: what the server asks for, else twice as long each time."""
        asked = retry_after(answer.headers.get("retry-after", "")) if answer else None
        if asked is not None:
            if asked > self.max_wait:
                raise Unreadable(
                    f"{shown(answer.url)}: the server asks us to come back in {asked:.0f} seconds."  # type: ignore[union-attr]
                )
            return asked
        return min(self.max_wait, float(2**attempt) / 2)

    def _once(
        self,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        write: Callable[[bytes], object] | None = None,
        max_seconds: float | None = None,
        enough: int | None = None,
    ) -> Answered:
        started = self.now()
        kept = bytearray()
        there = addresses(url)
        # What somebody typed may lie in their own network; what a server sends us to may not.
        at_home = _private(there)
        with httpx.Client(timeout=self.timeout, follow_redirects=False, trust_env=False) as client:
            for _ in range(MAX_REDIRECTS + 1):
                sent = {"User-Agent": USER_AGENT, "Accept": "application/json, */*;q=0.5", **headers}
                with _asked(client, url, there, sent) as response:
                    if response.is_redirect:
                        url = _next_hop(url, response.headers["location"])
                        there = addresses(url)
                        if _private(there) and not at_home:
                            raise Unreadable(
                                f"{shown(url)}: we are sent here, into a private network; not followed."
                            )
                        continue
                    size = 0
                    for chunk in response.iter_bytes(65_536):
                        size += len(chunk)
                        if size > limit:
                            raise Unreadable(f"{shown(url)}: sends more than {limit:,} bytes at once.")
                        if self.now() - started > (max_seconds or self.max_seconds):
                            raise httpx.ReadTimeout("the answer drips")
                        if write is None:
                            kept += chunk
                        elif response.status_code == 200:
                            write(chunk)
                        if enough is not None and size >= enough:
                            break
                    lower = {name.lower(): value for name, value in response.headers.items()}
                    return Answered(url, response.status_code, bytes(kept), lower)
        raise Unreadable(f"{shown(url)}: sends us from address to address without end.")


def checked(url: str) -> str:
    """The address if it is one we may read, without a fragment. Raises Unreadable."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise Unreadable(f"{url}: this is not an address ({error}).") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise Unreadable(f"{shown(url)}: only http and https addresses can be read.")
    if not host:
        raise Unreadable(f"{url}: this address names no server.")
    if parts.username or parts.password:
        raise Unreadable(f"{shown(url)}: leave the user name and password out of the address.")
    return urlunsplit(parts._replace(fragment=""))


def shown(url: str) -> str:
    """The address as it may appear in a message: no password, no query (keys travel there)."""
    try:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return "this address"


def retry_after(value: str, now: float | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; None if neither."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return max(0.0, when.timestamp() - (time.time() if now is None else now))


def beginning(url: str, size: int) -> bytes:
    """The first bytes of what an address answers. Raises Unreadable unless it answers 200."""
    visitor = Visitor(tries=1)
    try:
        answer = visitor._once(checked(url), {}, limit=size + 65_536, enough=size)
    except httpx.HTTPError as error:
        raise Unreadable(f"{shown(url)}: could not be reached ({type(error).__name__}).") from error
    if answer.status != 200:
        raise Unreadable(f"{shown(url)}: the server answered {answer.status}.")
    return answer.body[:size]


def download(url: str, target: Path, limit: int) -> None:
    Visitor().save(checked(url), target, limit)


def addresses(url: str) -> tuple[Address, ...]:
    """Where the host of an address is, looked up now. Raises Unreadable where one of them is never read.

    Raises httpx.ConnectError when the name has no address, as a connection to it would.
    """
    try:
        host = httpx.URL(url).raw_host.decode("ascii")
    except httpx.InvalidURL as error:
        raise Unreadable(f"{shown(url)}: this is not an address ({error}).") from error
    try:
        found = {
            _plain(str(info[4][0])): None for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        }
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"no address for this name ({error})") from error
    if any(_never(one) for one in found):
        raise Unreadable(f"{shown(url)}: no directory is published at such an address; not read.")
    return tuple(found)


def _plain(text: str) -> Address:
    """Without a zone; an IPv4 address dressed as IPv6 is the IPv4 address."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        # mapped (::ffff:…), 6to4 (2002:…), NAT64 (64:ff9b::…): all of them lead to the IPv4 address inside
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return inside or address
    return address


def _never(address: Address) -> bool:
    return (
        address.is_link_local or address.is_multicast or address.is_unspecified
        or (address.is_reserved and not address.is_loopback) or address in _METADATA
    )  # fmt: skip


def _private(there: tuple[Address, ...]) -> bool:
    """Whether any of them is inside a private network or this machine."""
    return any(not one.is_global for one in there)


@contextmanager
def _asked(
    client: httpx.Client, url: str, there: tuple[Address, ...], headers: Mapping[str, str]
) -> Iterator[httpx.Response]:
    """GET `url` from the first of these addresses that answers: no second look-up, the certificate the name's."""
    name = httpx.URL(url)
    sent = {**headers, "Host": name.netloc.decode("ascii")}
    for last, address in zip(range(len(there) - 1, -1, -1), there, strict=True):
        request = client.build_request(
            "GET", name.copy_with(host=str(address)), headers=sent,
            extensions={"sni_hostname": name.raw_host.decode("ascii")},
        )  # fmt: skip
        try:
            response = client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if not last:
                raise
            continue
        try:
            yield response
        finally:
            response.close()
        return


def _next_hop(url: str, location: str) -> str:
    target = checked(urljoin(url, location))
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
        raise Unreadable(f"{shown(url)}: sends us on to an address without encryption; not followed.")
    return target
