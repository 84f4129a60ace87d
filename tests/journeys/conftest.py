"""The whole thing as a visitor meets it: `stile run --demo` in a home of its own, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
SKIP = os.environ.get("SKIP_BROWSER") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if SKIP:
                item.add_marker(pytest.mark.skip(reason="SKIP_BROWSER=1 leaves the browser tests out"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Running:
    """A demo town that runs: its address, the environment its commands need, and what it printed."""

    address: str
    environment: dict[str, str]
    log: Path


@pytest.fixture(scope="session")
def site(running: Running) -> str:
    """The address of a running demo town."""
    return running.address


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        environment = {**os.environ, "STILE_HOME": f"{folder}/home", "STILE_PORT": str(port)}
        environment.pop("DATABASE_URL", None)
        log = Path(folder) / "log"
        with log.open("w") as out:
            server = subprocess.Popen(
                [sys.executable, "-m", "stile", "run", "--demo"], env=environment, stdout=out, stderr=out
            )
        try:
            _wait_for(f"http://127.0.0.1:{port}/help-now/", server, log)
            yield Running(f"http://127.0.0.1:{port}", environment, log)
        finally:
            server.terminate()
            server.wait(timeout=60)
            said = log.read_text()
        assert "Traceback" not in said, said[-4000:]
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(f"`stile run --demo` ended early:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"`stile run --demo` did not answer in time:\n{log.read_text()[-4000:]}")


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page as a visitor would: `visitor(width=..., javascript=..., scheme=...)`.

    Whatever the page asks of another origin, and any error in its console, fails the test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(*, phone: bool = True, javascript: bool = True, scheme: str = "light", **more: object) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            base_url=site,
            **more,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith((site, "data:")) else wrong.append(r.url))
        page.on(
            "console",
            lambda m: (
                wrong.append(m.text)
                if m.type == "error" and "404" not in m.text and "410" not in m.text and "422" not in m.text
                else None
            ),
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    yield opened
    for context in contexts:
        cookies = context.cookies()
        context.close()
        assert cookies == [], "looking around needs no cookie"
    assert wrong == []
