"""Who works where, as what."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

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


def waiting(organisation_id: UUID | None, invitation_id: UUID) -> Invitation | None:
    """One invitation of an organisation's that was neither used nor taken back."""
    rows = Invitation.objects.filter(organisation_id=organisation_id, taken_at=None, withdrawn_at=None)
    return rows.filter(id=invitation_id).first()


def invitations(organisation_id: UUID) -> Sequence[Invitation]:
    """Those that wait, or ran out unused, the latest first."""
    rows = Invitation.objects.filter(organisation_id=organisation_id, taken_at=None, withdrawn_at=None)
    return list(rows.select_related("team").order_by("-made_at", "id")[:100])


def member(organisation_id: UUID | None, membership_id: UUID, at: datetime) -> Membership | None:
    """Somebody who works in that organisation now."""
    rows = Membership.objects.filter(id=membership_id, organisation_id=organisation_id, since__lte=at)
    return rows.filter(Q(until=None) | Q(until__gt=at)).first()


def other_admins(member: Membership, at: datetime) -> bool:
    rows = Membership.objects.filter(organisation_id=member.organisation_id, role="admin").exclude(
        id=member.id
    )
    return rows.filter(Q(until=None) | Q(until__gt=at)).exists()


def first_role_of(email: str, at: datetime) -> Membership | None:
    """Any role of the account with this address. For the operator: works as stile_job."""
    rows = Membership.objects.filter(account__email=email, organisation__isnull=False)
    return rows.filter(Q(until=None) | Q(until__gt=at)).order_by("since", "id").first()


def houses() -> Sequence[tuple[Organisation, int]]:
    """Every organisation, and how many work there. For the operator: works as stile_job."""
    live = Count("membership", filter=Q(membership__until=None))
    return [(one, one.n) for one in Organisation.objects.annotate(n=live).order_by("name", "id")]


def house(said: str) -> Organisation | None:
    """An organisation by its id or its whole name. For the operator: works as stile_job."""
    try:
        return Organisation.objects.filter(id=UUID(said)).first()
    except ValueError:
        return Organisation.objects.filter(name__iexact=said).first()


def team(organisation_id: UUID, said: str) -> Team | None:
    return Team.objects.filter(organisation_id=organisation_id, name__iexact=said).first()
