"""Coming in as a worker meets it: an operator's link, a passkey, a colleague invited, a code by mail, and out.

The demo prints its mail on the operator's console, which is where the codes are read here.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from stile.access.entry import totp

from .conftest import DESK, PHONE, Running


@pytest.fixture
def address(running: Running) -> str:
    """By name: passkeys are bound to a name, never to a number."""
    return running.address.replace("127.0.0.1", "localhost")


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a browser of somebody who works here; anything asked of another origin fails the test."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def opened(*, phone: bool = False, scheme: str = "light", javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESK, color_scheme=scheme, base_url=address, java_script_enabled=javascript,
            reduced_motion="reduce",
        )  # type: ignore[arg-type]  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith((address, "data:")) else wrong.append(r.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def stile(running: Running, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "stile", *words], env=running.environment, capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def link_of(said: str) -> str:
    found = re.search(r"http://\S+?(/come-in/\S+/)", said)
    assert found, said
    return found[1]


def printed(running: Running, pattern: str, after: int) -> str:
    """What the console says next, past `after` characters."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if found := re.search(pattern, running.log.read_text()[after:]):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"the console never said {pattern}")


def passkeys(page: Page) -> None:
    """A device with a finger to recognise."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )  # fmt: skip


def look(page: Page) -> None:
    """axe finds nothing, nothing sticks out, one main heading."""
    result = Axe().run(page)
    found = [f"{one['id']}: {[n['target'] for n in one['nodes']]}" for one in result.response["violations"]]
    assert found == [], f"{page.url}: {found}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"{page.url} is {wide} px too wide"
    assert page.locator("h1").count() == 1


def everyway(page: Page) -> None:
    """On a phone and a desk, by day and by night."""
    for size in (PHONE, DESK):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            look(page)


@pytest.fixture(scope="module")
def invited(running: Running) -> str:
    return link_of(
        stile(running, "people", "found", "Mill Street Youth", "--admin", "Robin Hale", "--email", "robin@example.org", "--kind", "lead_host")
    )  # fmt: skip


def test_an_operators_link_a_passkey_a_colleague_and_back_again(
    desk: Callable[..., Page], running: Running, invited: str
) -> None:
    page = desk()
    passkeys(page)
    page.goto(invited)
    everyway(page)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", name="First, a second key")).to_be_visible()
    everyway(page)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Codes for the day")).to_be_visible()
    everyway(page)
    page.get_by_role("button", name="Show me my codes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    everyway(page)
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_role("heading", name="Hello Robin Hale")).to_be_visible()
    everyway(page)

    page.get_by_role("link", name="Who works here").click()
    everyway(page)
    so_far = len(running.log.read_text())
    page.get_by_label("Name", exact=True).fill("Sunny Rao")
    page.get_by_label("Their e-mail address").fill("sunny@example.org")
    page.get_by_label("As", exact=True).select_option("coordinator")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("on its way to their mailbox")).to_be_visible()
    everyway(page)
    link = printed(running, r"Come in: http://\S+?(/come-in/\S+/)", so_far)

    phone = desk(phone=True, javascript=False)
    phone.goto(link)
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_role("heading", name="Hello Sunny Rao")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Sunny Rao").click()
    everyway(page)
    page.get_by_role("button", name="Sunny Rao no longer works here").click()
    expect(page.get_by_text("They no longer work here")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).not_to_contain_text("Sunny")

    page.get_by_role("link", name="My ways in").click()
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()
    everyway(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    everyway(page)
    page.get_by_role("link", name="Sign in again").click()
    everyway(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Hello Robin Hale")).to_be_visible()


def test_without_script_a_code_by_mail_and_an_app(
    desk: Callable[..., Page], running: Running, invited: str
) -> None:
    """A link worker on a device without JavaScript, shared with others."""
    link = link_of(
        stile(running, "people", "invite", "Mill Street Youth", "link_worker", "Kim Lowe", "kim@example.org")
    )
    page = desk(phone=True, javascript=False)
    page.goto(link)
    page.get_by_label("Other people use this device").check()
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("link", name="Set up an app").click()
    look_without_script(page)
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.get_by_label("The code").fill("12")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_label("The code").fill(code_of(secret, -1))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("Shared device.")).to_be_visible()
    page.get_by_role("button", name="I’m still here").click()
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.goto("/sign-in/")
    so_far = len(running.log.read_text())
    page.get_by_label("Your e-mail address").fill("kim@example.org")
    page.get_by_role("button", name="Send me a code").click()
    code = printed(running, r"Your code: (\d{4} \d{4})", so_far)
    page.get_by_label("The code").fill(code)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_label("The code").fill(code_of(secret))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Hello Kim Lowe")).to_be_visible()


def look_without_script(page: Page) -> None:
    page.locator("svg.qr").wait_for()  # the page may still be on its way


def code_of(secret: str, steps: int = 0) -> str:
    return totp._totp(secret).generate(int(time.time()) + steps * totp.STEP).decode()


def test_every_page_on_the_way_in_in_both_sizes_and_lights(
    desk: Callable[..., Page], running: Running
) -> None:
    page = desk()
    page.goto("/sign-in/")
    everyway(page)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("alert")).to_contain_text("Write your e-mail address")
    everyway(page)
    page.get_by_label("Your e-mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Send me a code").click()
    everyway(page)
    page.get_by_label("The code").fill("1234 5678")
    page.get_by_role("button", name="Go on").click()
    everyway(page)
    for there in ("/come-in/gone/", "/sign-in/link/gone/", "/signed-out/"):
        page.goto(there)
        everyway(page)


def test_a_passkey_that_is_not_known_says_so_on_the_page(desk: Callable[..., Page]) -> None:
    page = desk()
    page.goto("/sign-in/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("status").filter(has_text="use a code")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_focused()


def test_a_shared_device_says_when_two_minutes_are_left(
    desk: Callable[..., Page], running: Running, invited: str
) -> None:
    link = link_of(
        stile(running, "people", "invite", "Mill Street Youth", "coordinator", "Ola", "ola@example.org")
    )
    page = desk()
    page.clock.install()
    page.goto(link)
    page.get_by_label("Other people use this device").check()
    page.get_by_role("button", name="Come in").click()
    everyway(page)
    page.clock.fast_forward("13:01")
    expect(page.get_by_text("Two minutes left")).to_be_visible()
    page.get_by_role("button", name="I’m still here").click()
    expect(page.get_by_text("You have 15 more minutes.")).to_be_visible()
    page.clock.fast_forward("15:01")
    expect(page.get_by_text("You are signed out now.")).to_be_visible()
