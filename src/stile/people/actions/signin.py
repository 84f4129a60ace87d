"""Coming in: asking for a code, showing it, choosing as what. All of it works as stile_signin.

The answer to somebody who asks is the same whether or not an address has an account, in words, in what
the database is asked, and in time: the mail goes after the page.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from stile.access.entry import codes, devices, throttle
from stile.access.policy.entry import strong_enough
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Account, Membership
from ..queries import staff as queries
from . import mail

WAIT = no("wait", N_("That was a lot of tries. Wait a quarter of an hour, then try again."))
WRONG = no("code", N_("That code is not right, or it is over. Check it, or ask for another."))


def ask(*, email: str, place: str, device: str, link_to: str, at: datetime) -> UUID | None:
    """Send a code and a link to an address, if it has an account. The id of the code to be typed.

    `place`: where from (an address on the network); `device`: the key this browser keeps, or "";
    `link_to`: where links go, with "TOKEN" where the token stands. None: slowed, nothing was made, and a code
    that was sent before still works. Raises Refused when the place itself knocks too often.
    """
    email = email.strip().lower()
    if throttle.too_many("ask-place", place, at=at):
        raise Refused(WAIT)
    account = Account.objects.filter(email=email, is_active=True).first()
    to = mail.safe_address(account.id if account else uuid4())
    known = devices.is_known(account.id if account else uuid4(), device, at)
    slowed = throttle.too_many("ask-here", email, device if known else place, at=at)
    # What others do elsewhere in somebody's name does not reach a browser they came in by before.
    flooded = throttle.too_many("ask-anywhere", email if not known else f"{email}|{device}", at=at)
    if slowed or flooded:
        return None
    sent = codes.make(account_id=account.id if account and to else None, at=at)
    if to:
        _mail_code(to, sent, link_to)
    return sent.id


def _mail_code(to: str, sent: codes.Sent, link_to: str) -> None:
    mail.send_soon(
        to=to,
        subject=_("Your code to sign in"),
        lines=[
            _("Your code: %(code)s") % {"code": f"{sent.code[:4]} {sent.code[4:]}"},
            _("Or open this link: %(link)s") % {"link": link_to.replace("TOKEN", sent.link)},
            _("It works for 15 minutes, once. If you did not ask for it, do nothing: nobody can come in without it."),
        ],
    )  # fmt: skip


def show_code(*, code_id: UUID, code: str, place: str, at: datetime) -> UUID:
    """The account whose code was typed. Raises Refused."""
    if throttle.too_many("open-place", place, at=at):
        raise Refused(WAIT)
    proved = codes.typed(code_id, code, at)
    if proved is None:
        raise Refused(WRONG)
    return _still_open(proved.account_id)


def show_link(*, link: str, place: str, at: datetime) -> UUID:
    """The account whose link was opened. Raises Refused."""
    if throttle.too_many("open-place", place, at=at):
        raise Refused(WAIT)
    proved = codes.opened(link, at)
    if proved is None:
        raise Refused(no("link", N_("This link was used, or it is over. Ask for another.")))
    return _still_open(proved.account_id)


def _still_open(account_id: UUID) -> UUID:
    if not Account.objects.filter(id=account_id, is_active=True).exists():
        raise Refused(WRONG)
    return account_id


def roles(*, account_id: UUID, house: UUID | None, at: datetime) -> list[Membership]:
    """As what they may come in; by an organisation's own provider, only as what they are there."""
    found = queries.memberships(account_id, at)
    return [one for one in found if house is None or one.organisation_id == house]


def come_in(*, account_id: UUID, membership_id: UUID, strong: bool, house: UUID | None, at: datetime) -> None:
    """They act as this from now on. Raises Refused where it is not theirs, or more must be shown first."""
    mine = {one.id: one for one in roles(account_id=account_id, house=house, at=at)}
    if membership_id not in mine:
        raise Refused(no("role", N_("Choose one of these.")))
    if not strong_enough(Role(mine[membership_id].role), strong):
        raise Refused(no("second", N_("This role asks for a second step.")))
    audit.record(by=f"account:{account_id}", verb="signed in", what=f"membership:{membership_id}", at=at)


def remember(*, account_id: UUID, device: str, at: datetime) -> None:
    """This browser is one of theirs: tries elsewhere won't slow it."""
    devices.remember(account_id, device, at)


def go(*, account_id: UUID, at: datetime) -> None:
    audit.record(by=f"account:{account_id}", verb="signed out", what=f"account:{account_id}", at=at)
