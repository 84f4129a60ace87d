"""One's own keys and the address one's codes go to, for somebody signed in.

The tables of keys belong to the sign-in pages' role, so this works as stile_signin for as long as it takes.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stile.access.actor import Actor
from stile.access.entry import codes, factors, throttle
from stile.access.gate import working_as
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.kernel.answer import Answer
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Account, ContactRoute
from ..queries import records
from ..rules.contact import Kind, Whose
from . import contact, mail, proofs
from .signin import WAIT, WRONG


@dataclass(frozen=True, slots=True)
class Keys:
    proofs: list[factors.Proof]
    recovery_left: int
    address: str


def keys(*, account_id: UUID) -> Keys:
    with transaction.atomic(), working_as("stile_signin"):
        address = Account.objects.filter(id=account_id).values_list("email", flat=True).first() or ""
        return Keys(factors.of(account_id), factors.recovery_left(account_id), address)


def remove_key(visit: proofs.Visit, *, factor_id: UUID, at: datetime) -> None:
    with transaction.atomic(), working_as("stile_signin"):
        proofs.remove(visit, factor_id=factor_id, at=at)


def prove(*, by: Actor, visit: proofs.Visit, address: str, place: str, at: datetime) -> UUID:
    """Send a code to an address that somebody says is theirs; the id of the code. Raises Refused."""
    address = address.strip().lower()
    if not mail.works():
        raise Refused(no("mail", N_("This site cannot send e-mail yet.")))
    with transaction.atomic(), working_as("stile_signin"):
        allowed = proofs.may_change(visit)
        slowed = throttle.too_many("ask-here", address, place, at=at)
        slowed = throttle.too_many("ask-anywhere", address, at=at) or slowed
        sent = codes.make(account_id=by.account_id, address=address, at=at)
    # Refused out here: what was counted stays counted.
    if not allowed:
        raise Refused(no("second", N_("Show your second step first.")))
    if slowed:
        raise Refused(WAIT)
    mail.send_soon(
        to=address,
        subject=_("Your code"),
        lines=[
            _("Your code: %(code)s") % {"code": f"{sent.code[:4]} {sent.code[4:]}"},
            _("It works for 15 minutes, once. If you did not ask for it, do nothing."),
        ],
    )  # fmt: skip
    return sent.id


def proved(*, by: Actor, code_id: UUID, code: str, at: datetime) -> None:
    """The address counts from now on. A young person's own is also a way they said is safe. Raises Refused."""
    with transaction.atomic(), working_as("stile_signin"):
        shown = codes.typed(code_id, code, at)
    if shown is None or shown.account_id != by.account_id or not shown.address:
        raise Refused(WRONG)  # out here: the try stays counted
    with transaction.atomic(), working_as("stile_signin"):
        if Account.objects.filter(email=shown.address).exclude(id=by.account_id).exists():
            raise Refused(no("address", N_("Another account uses this address. Use a different one.")))
        before = mail.safe_address(by.account_id)
        Account.objects.filter(id=by.account_id).update(email=shown.address)
        audit.record(
            by=f"account:{by.account_id}", verb="changed address", what=f"account:{by.account_id}", at=at
        )
    if by.role is Role.YOUNG_PERSON:
        _is_safe(by, shown.address, at)
    if before and before != shown.address:
        mail.send_soon(
            to=before,
            subject=_("Your account"),
            lines=[
                _("Codes for your account now go to another address."),
                _("If that was not you, tell whoever invited you, today."),
            ],
        )


def _is_safe(by: Actor, address: str, at: datetime) -> None:
    """They typed it themselves and said that only they read it: the same as telling a worker."""
    for person in records.people():
        known = ContactRoute.objects.filter(
            person_id=person.id, kind=Kind.EMAIL.value, value__iexact=address, off_at=None
        )
        found = known.values_list("id", flat=True).first()
        route = found or contact.add(
            by=by, person_id=person.id, kind=Kind.EMAIL, value=address, whose=Whose.OWN, at=at
        )
        contact.confirm(
            by=by, route_id=route, ok=Answer.YES, seen_by_others=Answer.NO, leave_message=Answer.YES, at=at
        )
