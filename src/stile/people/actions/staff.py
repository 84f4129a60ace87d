"""Organisations, teams, invitations, leavers: how somebody comes to work here, and goes."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.gate import working_as
from stile.access.policy.words import Role
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Account, Invitation, Membership, Organisation, Team
from ..queries import staff as queries
from ..rules.tokens import hashed

INVITATION_LASTS = timedelta(days=7)


def found(*, name: str, kind: str, admin_name: str, admin_email: str, at: datetime) -> tuple[UUID, str]:
    """An organisation begins: its id, and the token of the invitation for whoever will run it here.

    For the operator's keyboard: works as stile_job, since nobody is signed in yet.
    """
    with transaction.atomic(), working_as("stile_job"):
        house = Organisation(name=name, kind=kind)
        house.save(force_insert=True)
        token = _invite(
            author_id=None, role=Role.ADMIN, organisation_id=house.id, team_id=None, name=admin_name,
            email=admin_email, at=at,
        )  # fmt: skip
        audit.record(by="operator", verb="founded", what=f"organisation:{house.id}", at=at)
    return house.id, token


def add_team(*, by: Actor, name: str, nation: str, areas: list[str], at: datetime) -> UUID:
    team = Team(organisation_id=by.organisation_id, name=name, nation=nation, areas=areas)
    team.save(force_insert=True)
    audit.deed(by=by, verb="added", what=f"team:{team.id}", at=at)
    return team.id


def invite(*, by: Actor, role: Role, team_id: UUID | None, name: str, email: str, at: datetime) -> str:
    """Invite a colleague into the actor's own organisation; the token to send them. Kept only as its hash."""
    if role in (Role.YOUNG_PERSON, Role.PARENT):
        raise Refused(no("role", N_("Colleagues are invited here; young people from their own record.")))
    if role in (Role.ADMIN, Role.DPO) and by.role is not Role.ADMIN:
        raise Refused(
            no("role", N_("Only an administrator invites an administrator or a data protection officer."))
        )
    token = _invite(
        author_id=by.membership_id, role=role, organisation_id=by.organisation_id, team_id=team_id, name=name,
        email=email, at=at,
    )  # fmt: skip
    audit.deed(by=by, verb="invited", what=f"role:{role.value}", at=at)
    return token


def invite_young_person(*, by: Actor, person_id: UUID, name: str, at: datetime) -> str:
    """An account of their own, if they would like one; the token to hand to them."""
    token = secrets.token_urlsafe(24)
    Invitation(
        token_hash=hashed(token), name=name, role=Role.YOUNG_PERSON.value, person_id=person_id,
        author_id=by.membership_id, made_at=at, ends_at=at + INVITATION_LASTS,
    ).save(force_insert=True)  # fmt: skip
    return token


def _invite(
    *, author_id: UUID | None, role: Role, organisation_id: UUID | None, team_id: UUID | None, name: str,
    email: str, at: datetime,
) -> str:  # fmt: skip
    token = secrets.token_urlsafe(24)
    Invitation(
        token_hash=hashed(token), name=name, role=role.value, organisation_id=organisation_id, team_id=team_id,
        email=email.lower(), author_id=author_id, made_at=at, ends_at=at + INVITATION_LASTS,
    ).save(force_insert=True)  # fmt: skip
    return token


def take_invitation(*, token: str, at: datetime, account_id: UUID | None = None) -> tuple[UUID, UUID]:
    """Somebody comes in by an invitation: their account and their membership.

    For the sign-in pages (works as stile_signin). `account_id`: an account that is signed in already, and
    takes on one more role; else the account of the invitation's e-mail address, made if need be.
    """
    with transaction.atomic(), working_as("stile_signin"):
        waiting = queries.invitation(token, at)
        if waiting is None:
            raise Refused(
                no("invitation", N_("This invitation has been used or is over. Ask for another one."))
            )
        Invitation.objects.filter(id=waiting.id).update(taken_at=at)
        account = _account(waiting.email, account_id)
        membership = Membership(
            account_id=account.id, name=waiting.name, role=waiting.role, organisation_id=waiting.organisation_id,
            team_id=waiting.team_id, carer_id=waiting.carer_id, since=at,
        )  # fmt: skip
        membership.save(force_insert=True)
        if waiting.person_id:
            access.own(membership_id=membership.id, person_id=waiting.person_id, at=at)
        audit.record(by=f"account:{account.id}", verb="came in", what=f"membership:{membership.id}", at=at)
    return account.id, membership.id


def _account(email: str, account_id: UUID | None) -> Account:
    found = Account.objects.filter(id=account_id).first() if account_id else None
    if found is None and email:
        found = Account.objects.filter(email=email).first()
    if found is None:
        found = Account(email=email or None)
        found.set_unusable_password()
        found.save(force_insert=True)
    return found


def leave(*, by: Actor, membership_id: UUID, at: datetime) -> None:
    """Somebody goes. Refused while anybody is still allocated to them (H22): hand those over first."""
    if reach.holds(membership_id):
        raise Refused(no("open cases", N_("They still have young people with them. Hand those over first.")))
    changed = Membership.objects.filter(id=membership_id, organisation_id=by.organisation_id).update(until=at)
    if changed:
        audit.deed(by=by, verb="saw out", what=f"membership:{membership_id}", at=at)
