"""Somebody signed in, for tests: a Django client, or a browser, as one member of a society.

client = signed_in.client(*town.staff["Lena"])
context = signed_in.context(browser, live_server.url, *town.staff["Lena"], phone=True)
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone

from stile.access import sessions


def session_key(account_id: UUID, membership_id: UUID, *, proved: tuple[str, ...] = ("mail", "totp")) -> str:
    """A session as the sign-in pages make it; `proved` as weak or strong as the test wants it."""
    session = sessions.SessionStore()
    for how in proved:
        sessions.arrive(session, account_id, how, timezone.now())
    sessions.settle(session, membership_id)
    session.save()
    assert session.session_key is not None
    return session.session_key


def client(account_id: UUID, membership_id: UUID, *, proved: tuple[str, ...] = ("mail", "totp")) -> Client:
    """A client that posts as our own pages do."""
    made = visitor()
    made.cookies[settings.SESSION_COOKIE_NAME] = session_key(account_id, membership_id, proved=proved)
    return made


def visitor() -> Client:
    """Nobody yet, posting as from our own pages."""
    return Client(headers={"Sec-Fetch-Site": "same-origin"})


def context(
    browser: Any, address: str, account_id: UUID, membership_id: UUID, *, phone: bool = False,
    scheme: str = "light", javascript: bool = True,
) -> Any:  # fmt: skip
    """A Playwright context on `address` (a live server's) that carries the session's cookie."""
    made = browser.new_context(
        viewport={"width": 360, "height": 740} if phone else {"width": 1280, "height": 800},
        color_scheme=scheme, java_script_enabled=javascript, base_url=address,
    )  # fmt: skip
    made.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME, "url": address, "httpOnly": True, "sameSite": "Lax",
                "value": session_key(account_id, membership_id),
            }
        ]
    )  # fmt: skip
    return made
