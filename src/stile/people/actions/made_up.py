"""The demo's people, whom anybody at the demo may be: a door that only made-up people stand behind.

Two things must both be so: the site says on every page that it is a demo, and the database says that the account
is made up. Only filling the demo makes such accounts, as stile_job; no page can, and no setting. Their addresses
end in `.example`, a name that no mail reaches and that nobody real can have (RFC 2606).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Account, Membership

RESERVED = ".example"


def everybody(at: datetime) -> Sequence[Membership]:
    """The made-up people of a demo, by where they work; nobody anywhere else. Works as stile_signin."""
    if not settings.DEMO:
        return []
    live = Membership.objects.filter(since__lte=at, account__is_active=True).filter(
        Q(until=None) | Q(until__gt=at)
    )
    made_up = live.filter(account__made_up=True).select_related("organisation", "team")
    return list(made_up.order_by("-organisation__kind", "organisation__name", "role", "name", "id"))


def be(membership_id: UUID, *, at: datetime) -> Membership:
    """One of them, to come in as. Raises Refused for anybody else."""
    found = next((one for one in everybody(at) if one.id == membership_id), None)
    if found is None:
        raise Refused(no("made up", N_("Only the made-up people of a demo can be tried like this.")))
    audit.record(by="demo", verb="tried", what=f"membership:{found.id}", at=at)
    return found


def mark(account_id: UUID, address: str) -> None:
    """Make an account one of the demo's, with an address nobody proves as a real one would be. As stile_job."""
    if not address.endswith(RESERVED):
        raise Refused(no("made up", N_("Only the made-up people of a demo can be tried like this.")))
    Account.objects.filter(id=account_id).update(email=address, made_up=True)
