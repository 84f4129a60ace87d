"""Who works where, as what."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ..models import Invitation, Membership, Organisation, Team
from ..rules.tokens import hashed


def colleague(membership_id: UUID) -> str:
    """The name others see of somebody who works here; empty when there is no such membership."""
    return Membership.objects.filter(id=membership_id).values_list("name", flat=True).first() or ""


def house_name(organisation_id: UUID) -> str:
    return Organisation.objects.filter(id=organisation_id).values_list("name", flat=True).first() or ""


def memberships(account_id: UUID, at: datetime) -> Sequence[Membership]:
    """As what an account may act now. For the sign-in pages: works as stile_signin."""
    live = Membership.objects.filter(account_id=account_id, since__lte=at).select_related("organisation")
    return list(live.filter(Q(until=None) | Q(until__gt=at)).order_by("since", "id"))


def staff(organisation_id: UUID, at: datetime) -> Sequence[Membership]:
    """Everybody who works in an organisation now."""
    live = Membership.objects.filter(organisation_id=organisation_id, since__lte=at).select_related("team")
    return list(live.filter(Q(until=None) | Q(until__gt=at)).order_by("role", "name", "id"))


def teams(organisation_id: UUID) -> Sequence[Team]:
    return list(Team.objects.filter(organisation_id=organisation_id).order_by("name", "id"))


def invitation(token: str, at: datetime) -> Invitation | None:
    """An invitation that may still be taken. For the sign-in pages."""
    waiting = Invitation.objects.filter(token_hash=hashed(token), taken_at=None, withdrawn_at=None)
    return waiting.filter(ends_at__gt=at).select_related("organisation").first()
