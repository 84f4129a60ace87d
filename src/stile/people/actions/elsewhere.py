"""Coming in by another provider's word. It never makes an account: an invitation does, or one is there.

An identity is tied to an account once: by an invitation taken with it, or by an e-mail address that the
organisation's own provider vouches for, of somebody who works in that organisation. Works as stile_signin.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stile.access.entry import identities
from stile.access.entry.openid import Provider, Said
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Account
from ..queries import staff as queries
from . import proofs, staff

UNKNOWN = no(
    "unknown",
    N_("That worked there, but nobody here has invited you yet. Ask for an invitation and open its link."),
)


@dataclass(frozen=True, slots=True)
class Came:
    account_id: UUID
    how: str
    house: UUID | None


def come(*, provider: Provider, said: Said, invitation: str, at: datetime) -> Came:
    """The account of whoever the provider vouches for. Raises Refused, with the same words for every stranger."""
    how = "elsewhere-strong" if said.strong else "elsewhere"
    account_id = identities.account(said.issuer, said.subject)
    if invitation:
        account_id = _invited(provider, invitation, account_id, at)
    elif account_id is None and provider.links_by_email:
        account_id = _by_address(provider, said.email, at)
    if account_id is None or not Account.objects.filter(id=account_id, is_active=True).exists():
        raise Refused(UNKNOWN)
    if identities.link(account_id, said.issuer, said.subject, at):
        audit.record(by=f"account:{account_id}", verb="linked elsewhere", what=f"account:{account_id}", at=at)
        proofs.tell(account_id, "linked elsewhere")
    return Came(account_id, how, provider.organisation)


def _invited(provider: Provider, token: str, account_id: UUID | None, at: datetime) -> UUID:
    """The account an invitation leads to; whoever has keys there already shows one before adding another."""
    waiting = queries.invitation(token, at)
    if waiting is None or waiting.organisation_id is None or waiting.renews_id:
        raise Refused(UNKNOWN)
    if provider.organisation not in (None, waiting.organisation_id):
        raise Refused(UNKNOWN)
    there = (
        Account.objects.filter(email=waiting.email).first() if account_id is None and waiting.email else None
    )
    if there and (proofs.having(there.id) or identities.has(there.id)):
        raise Refused(
            no("known", N_("You have an account here already. Open the link again and come in without this."))
        )
    return staff.take_invitation(token=token, at=at, account_id=account_id)[0]


def _by_address(provider: Provider, email: str, at: datetime) -> UUID | None:
    account = Account.objects.filter(email=email).first() if email else None
    if account is None:
        return None
    works_there = {one.organisation_id for one in queries.memberships(account.id, at)}
    return account.id if provider.organisation in works_there else None
