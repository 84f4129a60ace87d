"""Who works here: inviting, handing a fresh start, seeing out. For administrators and managers."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stile.access.gate import requires
from stile.access.policy.doors import Do
from stile.access.policy.words import BY_ADMIN, Role
from stile.kernel.decision import Refused
from stile.kernel.words import N_

from ..actions import staff as actions
from ..forms_signin import InviteForm
from ..queries import staff as queries
from .signin import role_name

DONE = {
    "invited": N_("The invitation is on its way to their mailbox."),
    "resent": N_("A new link is on its way. The old one no longer works."),
    "withdrawn": N_("The invitation is taken back."),
    "out": N_("They no longer work here. Nothing opens for them from now on."),
    "fresh": N_("A fresh start is on its way to their mailbox."),
}
COLLEAGUES = [role for role in Role if role not in (Role.YOUNG_PERSON, Role.PARENT)]


@requires(Do.STAFF_KEEP)
def staff(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.send_invitation(
                by=actor, role=Role(said["role"]), team_id=UUID(said["team"]) if said["team"] else None,
                name=said["name"], email=said["email"], link_to=_link(request), at=timezone.now(),
            )  # fmt: skip
            return _done("invited")
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    return _page(request, form)


@requires(Do.STAFF_KEEP)
@require_POST
def invitation(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """One that waits: sent anew, or taken back."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        if "resend" in request.POST:
            actions.resend(by=actor, invitation_id=invitation, link_to=_link(request), at=timezone.now())
            return _done("resent")
        actions.withdraw(by=actor, invitation_id=invitation, at=timezone.now())
        return _done("withdrawn")
    except Refused as refused:
        return _page(request, _form(request, asked=False), _(refused.decision.words))


@requires(Do.STAFF_KEEP)
def colleague(request: HttpRequest, membership: UUID) -> HttpResponse:
    """One colleague: seeing them out, or handing them a fresh start; each says first what it does."""
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    member = queries.member(actor.organisation_id, membership, now)
    if member is None:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            if "fresh" in request.POST:
                actions.fresh_start(by=actor, membership_id=membership, link_to=_link(request), at=now)
                return _done("fresh")
            actions.leave(by=actor, membership_id=membership, at=now)
            return _done("out")
        except Refused as refused:
            wrong = _(refused.decision.words)
    return render(
        request,
        "people/staff/colleague.html",
        {
            "member": member,
            "role": role_name(member.role),
            "wrong": wrong,
            "may_renew": actor.role is Role.ADMIN,
        },
        status=422 if wrong else 200,
    )


def _page(request: HttpRequest, form: InviteForm, wrong: str = "") -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    said = DONE.get(request.GET.get("done", ""))
    return render(
        request,
        "people/staff/staff.html",
        {
            "form": form, "said": _(said) if said else "", "wrong": wrong,
            "house": queries.house_name(actor.organisation_id),
            "rows": [(one, role_name(one.role)) for one in queries.staff(actor.organisation_id, now)],
            "waiting": [(one, role_name(one.role), one.ends_at <= now) for one in queries.invitations(actor.organisation_id)],
        },
        status=422 if wrong else 200,
    )  # fmt: skip


def _form(request: HttpRequest, *, asked: bool = True) -> InviteForm:
    actor = request.actor  # type: ignore[attr-defined]
    roles = [role for role in COLLEAGUES if actor.role is Role.ADMIN or role not in BY_ADMIN]
    return InviteForm(
        (request.POST or None) if asked else None,
        roles=[(role.value, role_name(role)) for role in roles],
        teams=[(str(one.id), one.name) for one in queries.teams(actor.organisation_id)],
    )


def _link(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("come-in", args=["TOKEN"]))


def _done(what: str) -> HttpResponse:
    return redirect(f"{reverse('staff')}?done={what}")
