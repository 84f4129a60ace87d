"""One-time codes and links: eight digits to type, or a long address to open; fifteen minutes, five mistakes.

A row is made whether or not anybody has the address, and the same queries run either way, so that
neither words nor time tell. A code is only good in the browser that asked for it (its id stands in that
browser's session), so that somebody else's wrong guesses use up their own code. Works as stile_signin.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from ..models import Code
from ..policy.entry import CODE_LASTS, CODE_TRIES
from .sealing import keyed, keyed_any


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes into the mail, and the id that stays in the asking browser's session."""

    id: UUID
    code: str
    link: str


@dataclass(frozen=True, slots=True)
class Proved:
    account_id: UUID
    address: str  # set where it was the address that was to be proved


def make(*, account_id: UUID | None, address: str = "", at: datetime) -> Sent:
    code, link = f"{secrets.randbelow(10**8):08d}", secrets.token_urlsafe(24)
    row = Code(
        account_id=account_id, address=address, code_hash=keyed(code, "code"), link_hash=keyed(link, "link"),
        made_at=at, ends_at=at + CODE_LASTS,
    )  # fmt: skip
    row.save(force_insert=True)
    return Sent(row.id, code, link)


def typed(code_id: UUID, code: str, at: datetime) -> Proved | None:
    """Take a code that was typed; None when it is wrong, used, over, or tried too often."""
    digits = "".join(filter(str.isdigit, code))
    live = Code.objects.filter(id=code_id, used_at=None, ends_at__gt=at, tries__lt=CODE_TRIES)
    # Counted first, in one statement: two guesses at the same moment are two tries.
    if not live.update(tries=F("tries") + 1):
        return None
    return _use(Code.objects.filter(id=code_id, used_at=None, code_hash__in=keyed_any(digits, "code")), at)


def opened(link: str, at: datetime) -> Proved | None:
    """Take a link that was opened and confirmed."""
    found = Code.objects.filter(link_hash__in=keyed_any(link, "link"), used_at=None, ends_at__gt=at)
    return _use(found, at)


def waiting(link: str, at: datetime) -> bool:
    """Whether a link could still be used; looking uses nothing up (mail scanners open links)."""
    return Code.objects.filter(link_hash__in=keyed_any(link, "link"), used_at=None, ends_at__gt=at).exists()


def _use(found: QuerySet[Code], at: datetime) -> Proved | None:
    row = found.select_for_update().first()
    if row is None or row.account_id is None:
        return None
    Code.objects.filter(id=row.id).update(used_at=at)
    return Proved(row.account_id, row.address)
