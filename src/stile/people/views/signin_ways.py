"""My ways in: keys, recovery codes, the address codes go to, and where I am signed in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stile.access import sessions
from stile.access.gate import requires
from stile.access.policy.doors import Do
from stile.access.policy.entry import STRONG
from stile.access.policy.words import Role
from stile.kernel.decision import Refused

from ..actions import own_address
from ..forms_signin import AddressForm, CodeForm
from .signin import place, role_name, visit

CODE = "address-code"


@requires(Do.ENTER)
def ways_in(request: HttpRequest, wrong: str = "") -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    keys = own_address.keys(account_id=actor.account_id)
    return render(
        request,
        "people/signin/ways_in.html",
        {
            "keys": keys, "devices": sessions.devices(request.session), "role": role_name(actor.role),
            "wrong": wrong, "young": actor.role is Role.YOUNG_PERSON, "needs_key": actor.role in STRONG,
        },
        status=422 if wrong else 200,
    )  # fmt: skip


@requires(Do.ENTER)
@require_POST
def remove(request: HttpRequest, factor: UUID) -> HttpResponse:
    """A key goes: only by whoever has shown one."""
    who = visit(request)
    if who is None:
        return redirect("sign-in")
    try:
        own_address.remove_key(who, factor_id=factor, at=timezone.now())
    except Refused as refused:
        return ways_in(request, _(refused.decision.words))
    return redirect("ways-in")


@requires(Do.ENTER)
@require_POST
def end(request: HttpRequest, device: str) -> HttpResponse:
    """Sign out somewhere else; here, it is the same as signing out."""
    sessions.end(device)
    return redirect("ways-in")


@requires(Do.ENTER)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    for one in sessions.devices(request.session):
        if not one.here:
            sessions.end(one.id)
    return redirect("ways-in")


@requires(Do.ENTER)
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Still here: on a shared device, another quarter of an hour. The gate has noted the touch."""
    if request.headers.get("X-Requested-With") == "stile":
        return HttpResponse(status=204)
    return redirect(reverse("inside"))


@requires(Do.ENTER)
def address(request: HttpRequest) -> HttpResponse:
    """Where codes go: the address is proved by a code before it counts."""
    actor = request.actor  # type: ignore[attr-defined]
    who = visit(request)
    form = AddressForm(request.POST or None, young=actor.role is Role.YOUNG_PERSON)
    if who and request.method == "POST" and form.is_valid():
        try:
            sent = own_address.prove(
                by=actor, visit=who, address=form.cleaned_data["email"],
                place=place(request), at=timezone.now(),
            )  # fmt: skip
            request.session[CODE] = str(sent)
            return redirect("own-address-code")
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    return render(request, "people/signin/address.html", {"form": form})


@requires(Do.ENTER)
def address_code(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            own_address.proved(
                by=actor, code_id=UUID(request.session.get(CODE, str(UUID(int=0)))), code=form.cleaned_data["code"],
                at=timezone.now(),
            )  # fmt: skip
            request.session.pop(CODE, None)
            return redirect("ways-in")
        except Refused as refused:
            form.add_error("code", _(refused.decision.words))
    return render(request, "people/signin/address_code.html", {"form": form})
