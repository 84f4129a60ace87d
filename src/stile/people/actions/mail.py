"""Mail of the sign-in pages: sent after the page is answered, so that time does not tell who has an account.

A deployment sets STILE_SMTP_HOST. The demo prints mail on the operator's console always, and any other site
without it sends none and says so: the operator makes a link (`stile people found`, `stile people invite`).
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction

_log = logging.getLogger(__name__)
_sender = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sign-in-mail")
_on_the_way: set["Future[None]"] = set()
_AT_ONCE = 1000  # letters that may wait; past it they are dropped, and asked for again


def works() -> bool:
    """Whether a code would reach anybody: by mail, or, of made-up people, the terminal the demo runs in."""
    return settings.DEMO or not _is_dummy()


def _is_dummy() -> bool:
    return settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def safe_address(account_id: UUID) -> str:
    """Where an account may be written to: to a young person only by a way they said is safe (H02)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email FROM people_account WHERE id = %s AND is_active AND wall_mail_is_safe(id, email)",
            [account_id],
        )
        row = cursor.fetchone()
    return row[0] or "" if row else ""


def send_soon(*, to: str, subject: str, lines: Sequence[str]) -> None:
    """Once the transaction is kept, in a thread of its own. Neither words nor address are ever logged."""
    letter = EmailMessage(subject, "\n\n".join(lines) + "\n", settings.DEFAULT_FROM_EMAIL, [to])
    transaction.on_commit(lambda: _hand_over(letter))


def _hand_over(letter: EmailMessage) -> None:
    if len(_on_the_way) >= _AT_ONCE:
        _log.warning("sign-in mail dropped: too many are waiting")
        return
    going = _sender.submit(_send, letter)
    _on_the_way.add(going)
    going.add_done_callback(_on_the_way.discard)


def _send(letter: EmailMessage) -> None:
    try:
        # A demo's made-up people write to nobody real, whatever mail this machine could send.
        if settings.DEMO:
            letter.connection = get_connection("django.core.mail.backends.console.EmailBackend")
        letter.send()
    except Exception as trouble:
        _log.warning("sign-in mail not sent: %s", type(trouble).__name__)


def all_sent() -> None:
    """Wait until nothing is on its way: for tests, and before a program ends."""
    for going in tuple(_on_the_way):
        going.result(timeout=30)
