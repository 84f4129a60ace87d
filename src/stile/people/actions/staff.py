"""Organisations, teams, invitations, leavers: how somebody comes to work here, and goes.

An invitation is taken by whoever holds its token, so a colleague's token goes to their mailbox and is shown
to nobody who works here: else whoever invites could come in as whom they invite, with all that person's roles.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from stile.access import actions as access
from stile.access import queries as reach
from stile.access import sessions
from stile.access.actor import Actor
from stile.access.entry import devices, factors
from stile.access.gate import working_as
from stile.access.policy.words import BY_ADMIN, Data, Role, Verb
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Account, Invitation, Membership, Organisation, Team
from ..queries import staff as queries
from ..rules.tokens import hashed
from . import mail, proofs

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
    if role in BY_ADMIN and by.role is not Role.ADMIN:
        raise Refused(no("role", N_("Only an administrator invites somebody to be that.")))
    if (
        by.role is not Role.ADMIN
        and role is Role.LINK_WORKER
        and team_id not in reach.teams(Data.IDENTITY, Verb.ADD)
    ):
        raise Refused(no("team", N_("Choose a team that is yours.")))
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
    email: str, at: datetime, renews_id: UUID | None = None,
) -> str:  # fmt: skip
    token = secrets.token_urlsafe(24)
    Invitation(
        token_hash=hashed(token), name=name, role=role.value, organisation_id=organisation_id, team_id=team_id,
        email=email.lower(), author_id=author_id, made_at=at, ends_at=at + INVITATION_LASTS, renews_id=renews_id,
    ).save(force_insert=True)  # fmt: skip
    return token


def send_invitation(
    *, by: Actor, role: Role, team_id: UUID | None, name: str, email: str, link_to: str, at: datetime
) -> None:
    """Invite a colleague by mail. `link_to`: where the link goes, with "TOKEN" where the token stands."""
    _must_have_mail()
    token = invite(by=by, role=role, team_id=team_id, name=name, email=email, at=at)
    _mail_invitation(by, email.lower(), link_to.replace("TOKEN", token))


def resend(*, by: Actor, invitation_id: UUID, link_to: str, at: datetime) -> None:
    """A new link in place of one that waits or ran out; the old one stops working."""
    _must_have_mail()
    old = queries.waiting(by.organisation_id, invitation_id)
    if old is None:
        raise Refused(no("invitation", N_("There is no such invitation any more.")))
    withdraw(by=by, invitation_id=invitation_id, at=at)
    if old.renews_id:
        fresh_start(by=by, membership_id=old.renews_id, link_to=link_to, at=at)
    else:
        send_invitation(
            by=by, role=Role(old.role), team_id=old.team_id, name=old.name, email=old.email, link_to=link_to, at=at
        )  # fmt: skip


def withdraw(*, by: Actor, invitation_id: UUID, at: datetime) -> None:
    """Take an invitation back before it is used."""
    if Invitation.objects.filter(id=invitation_id, taken_at=None, withdrawn_at=None).update(withdrawn_at=at):
        audit.deed(by=by, verb="withdrew", what=f"invitation:{invitation_id}", at=at)


def fresh_start(*, by: Actor, membership_id: UUID, link_to: str, at: datetime) -> None:
    """A colleague lost their keys: a link to their own mailbox, whose use ends passkeys, codes and sign-ins.

    Two must agree: an administrator sends it, and only the colleague's mailbox shows it.
    """
    if by.role is not Role.ADMIN:
        raise Refused(no("role", N_("Only an administrator sends somebody a fresh start.")))
    _must_have_mail()
    member = queries.member(by.organisation_id, membership_id, at)
    if member is None:
        raise Refused(no("member", N_("They do not work here.")))
    with working_as("stile_signin"):
        to = mail.safe_address(member.account_id)
    if not to:
        raise Refused(
            no("address", N_("Their account has no e-mail address. See them out and invite them anew."))
        )
    token = _invite(
        author_id=by.membership_id, role=Role(member.role), organisation_id=member.organisation_id,
        team_id=member.team_id, name=member.name, email="", at=at, renews_id=membership_id,
    )  # fmt: skip
    audit.deed(by=by, verb="sent fresh start", what=f"membership:{membership_id}", at=at)
    mail.send_soon(
        to=to,
        subject=_("A fresh start for your account"),
        lines=[
            _("%(name)s sends you a way back in: %(link)s") % {"name": by.name, "link": link_to.replace("TOKEN", token)},
            _("When you use it, passkeys and codes from before stop working, and you set up new ones."),
            _("If you did not ask for this, do nothing, and tell your manager."),
        ],
    )  # fmt: skip


def _mail_invitation(by: Actor, email: str, link: str) -> None:
    house = queries.house_name(by.organisation_id) if by.organisation_id else ""
    mail.send_soon(
        to=email,
        subject=_("%(name)s invites you") % {"name": by.name},
        lines=[
            _("%(name)s invites you to work with %(house)s on Stile.") % {"name": by.name, "house": house},
            _("Come in: %(link)s") % {"link": link},
            _("The link works once, for seven days. If you expected nothing like this, do nothing."),
        ],
    )


def _must_have_mail() -> None:
    if not mail.works():
        raise Refused(
            no(
                "mail",
                N_(
                    "This site cannot send e-mail yet. Whoever runs it can make the link: stile people invite."
                ),
            )
        )


# ---------------------------------------------------------------- for the operator's keyboard


def invite_by_operator(
    *, organisation_id: UUID, role: Role, team_id: UUID | None, name: str, email: str, at: datetime
) -> str:
    """The token of an invitation made at the keyboard of whoever runs the site: works as stile_job."""
    with transaction.atomic(), working_as("stile_job"):
        token = _invite(
            author_id=None, role=role, organisation_id=organisation_id, team_id=team_id, name=name, email=email, at=at
        )  # fmt: skip
        audit.record(by="operator", verb="invited", what=f"organisation:{organisation_id}", at=at)
    return token


def fresh_start_by_operator(*, email: str, at: datetime) -> str | None:
    """For the last administrator who lost every key: the token; None where nobody has the address."""
    with transaction.atomic(), working_as("stile_job"):
        member = queries.first_role_of(email.lower(), at)
        if member is None:
            return None
        token = _invite(
            author_id=None, role=Role(member.role), organisation_id=member.organisation_id, team_id=member.team_id,
            name=member.name, email="", at=at, renews_id=member.id,
        )  # fmt: skip
        audit.record(by="operator", verb="sent fresh start", what=f"membership:{member.id}", at=at)
    return token


# ---------------------------------------------------------------- taking one


def take_invitation(*, token: str, at: datetime, account_id: UUID | None = None) -> tuple[UUID, UUID]:
    """Somebody comes in by an invitation: their account and their membership.

    For the sign-in pages (works as stile_signin). `account_id`: an account that another provider vouches
    for; else the account of the invitation's e-mail address, made if need be. Raises Refused.
    """
    with transaction.atomic(), working_as("stile_signin"):
        waiting = queries.invitation(token, at)
        if waiting is None or not _take(waiting, at):
            raise Refused(
                no("invitation", N_("This invitation has been used or is over. Ask for another one."))
            )
        if waiting.renews_id:
            return _begin_again(waiting.renews_id, at)
        account = _account(waiting, account_id)
        since = _begun(at)
        membership = Membership(
            account_id=account.id, name=waiting.name, role=waiting.role, organisation_id=waiting.organisation_id,
            team_id=waiting.team_id, carer_id=waiting.carer_id, since=since,
        )  # fmt: skip
        membership.save(force_insert=True)
        if waiting.person_id:
            access.own(membership_id=membership.id, person_id=waiting.person_id, at=since)
        audit.record(by=f"account:{account.id}", verb="came in", what=f"membership:{membership.id}", at=at)
    return account.id, membership.id


def _take(waiting: Invitation, at: datetime) -> bool:
    """Whether it was ours to take: of two at the same moment, one."""
    return bool(Invitation.objects.filter(id=waiting.id, taken_at=None).update(taken_at=at))


def _begun(at: datetime) -> datetime:
    """Not later than the database's own clock, by which the wall decides: they are in from the next page on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT least(%s::timestamptz, now())", [at])
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def _begin_again(membership_id: UUID, at: datetime) -> tuple[UUID, UUID]:
    """Every key from before ends, here and now; the account and its roles stay."""
    member = Membership.objects.get(id=membership_id)
    factors.remove_all(member.account_id)
    devices.forget_all(member.account_id)
    sessions.end_all(member.account_id)
    audit.record(by=f"account:{member.account_id}", verb="began again", what=f"membership:{member.id}", at=at)
    proofs.tell(member.account_id, "fresh start")
    return member.account_id, member.id


def _account(waiting: Invitation, account_id: UUID | None) -> Account:
    """A young person's is always its own: their token was in a worker's hands, and proves no mailbox."""
    own = waiting.role in (Role.YOUNG_PERSON, Role.PARENT)
    found = Account.objects.filter(id=account_id).first() if account_id and not own else None
    if found is None and waiting.email and not own:
        found = Account.objects.filter(email=waiting.email).first()
    if found is None:
        found = Account(email=(waiting.email or None) if not own else None)
        found.set_unusable_password()
        found.save(force_insert=True)
    if not found.is_active:
        raise Refused(no("closed", N_("This account was closed. Ask whoever runs this site.")))
    return found


def leave(*, by: Actor, membership_id: UUID, at: datetime) -> None:
    """Somebody goes, at once. Refused while anybody is still allocated to them (H22): hand those over first."""
    member = queries.member(by.organisation_id, membership_id, at)
    if member is None:
        raise Refused(no("member", N_("They do not work here.")))
    if member.role in BY_ADMIN and by.role is not Role.ADMIN:
        raise Refused(no("role", N_("Only an administrator sees out somebody who is that.")))
    if member.role == Role.ADMIN and not queries.other_admins(member, at):
        raise Refused(no("last", N_("They are the last administrator here. Invite another one first.")))
    if reach.holds(membership_id):
        raise Refused(no("open cases", N_("They still have young people with them. Hand those over first.")))
    if Membership.objects.filter(id=membership_id, organisation_id=by.organisation_id).update(until=at):
        audit.deed(by=by, verb="saw out", what=f"membership:{membership_id}", at=at)
