"""Passkeys, authenticators, recovery codes: setting up, showing, taking away. Works as stile_signin.

Whoever has one of these already must show it before adding or removing any: a mailbox that somebody
else reads must not be enough. Each change is written down and said by mail to the account's own address.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from stile.access.entry import factors, throttle, totp
from stile.access.policy.entry import STRONG
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Account
from ..queries import staff as queries
from . import mail
from .signin import WAIT, WRONG


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody on the way in, or in: whose account, how well they have shown it, and from what address."""

    account_id: UUID
    strong: bool
    origin: str = ""
    house: bool = False  # by an organisation's own provider, which may not make keys that open other houses


def having(account_id: UUID) -> set[str]:
    """The kinds of proof an account can show."""
    kinds = {one.kind for one in factors.of(account_id)}
    return kinds | ({"recovery"} if factors.recovery_left(account_id) else set())


def may_change(visit: Visit) -> bool:
    return not visit.house and (visit.strong or not factors.of(visit.account_id))


def authenticator_address(visit: Visit, secret: str) -> str:
    """For the QR code: which account this is, in the app's list."""
    return totp.address(secret, _address(visit.account_id) or "account")


def add_authenticator(visit: Visit, *, secret: str, code: str, at: datetime) -> None:
    """Raises Refused when the first code is not right."""
    _must_be_allowed(visit)
    if throttle.too_many("second", str(visit.account_id), at=at):
        raise Refused(WAIT)
    if not factors.add_totp(visit.account_id, secret, code, at):
        raise Refused(no("code", N_("That code is not right. Type the one the app shows now.")))
    _tell(visit.account_id, "added authenticator", at)


def ask_new_passkey(visit: Visit) -> tuple[dict[str, Any], dict[str, Any]]:
    _must_be_allowed(visit)
    return factors.ask_new_passkey(
        visit.origin, visit.account_id, _address(visit.account_id) or _("My account")
    )


def add_passkey(
    visit: Visit, *, name: str, state: dict[str, Any], answer: dict[str, Any], at: datetime
) -> None:
    _must_be_allowed(visit)
    if not factors.add_passkey(visit.origin, visit.account_id, name, state, answer, at):
        raise Refused(no("passkey", N_("That did not work. Try again.")))
    _tell(visit.account_id, "added passkey", at)


def show_second(visit: Visit, *, code: str, at: datetime) -> str:
    """An authenticator's code or a recovery code was typed: which one it was. Raises Refused."""
    if throttle.too_many("second", str(visit.account_id), at=at):
        raise Refused(WAIT)
    if factors.check_totp(visit.account_id, code, at):
        return "totp"
    if factors.use_recovery(visit.account_id, code, at):
        _tell(visit.account_id, "used recovery code", at)
        return "recovery"
    raise Refused(WRONG)


def show_passkey(
    *, origin: str, place: str, state: dict[str, Any], answer: dict[str, Any], at: datetime
) -> UUID:
    """Whose passkey answered. Raises Refused."""
    if throttle.too_many("open-place", place, at=at):
        raise Refused(WAIT)
    account_id = factors.check_passkey(origin, state, answer, at)
    if account_id is None or not Account.objects.filter(id=account_id, is_active=True).exists():
        raise Refused(no("passkey", N_("That passkey is not one we know here.")))
    return account_id


def new_recovery_codes(visit: Visit, *, at: datetime) -> list[str]:
    """Ten codes to write down, shown this once."""
    if not visit.strong or visit.house:
        raise Refused(no("second", N_("Show your second step first.")))
    codes = factors.make_recovery(visit.account_id, at)
    _tell(visit.account_id, "made recovery codes", at)
    return codes


def remove(visit: Visit, *, factor_id: UUID, at: datetime) -> None:
    """Take a passkey or authenticator away. Refused for the last one where a role needs it."""
    _must_be_allowed(visit)
    found = factors.of(visit.account_id)
    roles = {one.role for one in queries.memberships(visit.account_id, at)}
    if len(found) == 1 and roles & {role.value for role in STRONG}:
        raise Refused(no("last", N_("Your role needs one of these. Add another before you remove this one.")))
    kind = factors.remove(visit.account_id, factor_id)
    if kind:
        _tell(visit.account_id, "removed passkey" if kind == "passkey" else "removed authenticator", at)


def _must_be_allowed(visit: Visit) -> None:
    if not may_change(visit):
        raise Refused(no("second", N_("Show your second step first.")))


TOLD = {
    "added authenticator": N_("An authenticator app was added to your account."),
    "added passkey": N_("A passkey was added to your account."),
    "used recovery code": N_("One of your recovery codes was used to sign in."),
    "made recovery codes": N_("New recovery codes were made for your account. Older ones no longer work."),
    "removed passkey": N_("A passkey was removed from your account."),
    "removed authenticator": N_("The authenticator app was removed from your account."),
    "linked elsewhere": N_("Your account can now also be opened by another sign-in service."),
    "fresh start": N_("Your account was given a fresh start. Passkeys and codes from before no longer work."),
}


def _tell(account_id: UUID, verb: str, at: datetime) -> None:
    audit.record(by=f"account:{account_id}", verb=verb, what=f"account:{account_id}", at=at)
    tell(account_id, verb)


def tell(account_id: UUID, verb: str) -> None:
    """Say by mail that the ways into an account changed; nothing where there is no address."""
    if to := mail.safe_address(account_id):
        mail.send_soon(
            to=to,
            subject=_("Your account"),
            lines=[_(TOLD[verb]), _("If that was not you, tell whoever invited you, today.")],
        )


def _address(account_id: UUID) -> str:
    return Account.objects.filter(id=account_id).values_list("email", flat=True).first() or ""
