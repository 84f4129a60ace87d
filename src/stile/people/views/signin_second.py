"""The second step: showing it, setting it up, and codes to keep for the day it is lost."""

from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from stile.access import sessions
from stile.access.entry import sealing, totp
from stile.access.gate import signing_in
from stile.kernel.decision import Refused

from ..actions import proofs
from ..forms_signin import CodeForm
from .signin import WANTED, arrived, visit

SECRET = "authenticator"  # noqa: S105 - where in the session it waits, sealed, until its first code is typed


@signing_in("Shows the second thing that their role asks for, or sets one up.")
def second(request: HttpRequest) -> HttpResponse:
    who = visit(request)
    if who is None:
        return redirect("sign-in")
    if sessions.MEMBERSHIP in request.session:
        request.session[WANTED] = request.session[sessions.MEMBERSHIP]
    having = proofs.having(who.account_id)
    if who.strong:
        return redirect("sign-in-as")
    if not having & {"totp", "passkey"}:
        return render(request, "people/signin/second_none.html", {"bound": who.house})
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            how = proofs.show_second(who, code=form.cleaned_data["code"], at=timezone.now())
            return arrived(request, who.account_id, how)
        except Refused as refused:
            form.add_error("code", _(refused.decision.words))
    return render(request, "people/signin/second.html", {"form": form, "having": having})


@signing_in("Sets up an authenticator app.")
def authenticator(request: HttpRequest) -> HttpResponse:
    who = visit(request)
    if who is None:
        return redirect("sign-in")
    if not proofs.may_change(who):
        return redirect("sign-in-second")
    secret = sealing.unseal(request.session.get(SECRET, "")) or totp.fresh_secret()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            proofs.add_authenticator(who, secret=secret, code=form.cleaned_data["code"], at=timezone.now())
            request.session.pop(SECRET, None)
            return proved(request, who.account_id, "totp")
        except Refused as refused:
            form.add_error("code", _(refused.decision.words))
    request.session[SECRET] = sealing.seal(secret)
    return render(
        request,
        "people/signin/authenticator.html",
        {"form": form, "secret": _in_fours(secret), "qr": _drawn(proofs.authenticator_address(who, secret))},
    )


@signing_in("Makes recovery codes and shows them this once.")
def recovery(request: HttpRequest) -> HttpResponse:
    who = visit(request)
    if who is None:
        return redirect("sign-in")
    if not who.strong or who.house:
        return redirect("sign-in-second")
    codes: list[str] = []
    if request.method == "POST":
        codes = proofs.new_recovery_codes(who, at=timezone.now())
    return render(
        request,
        "people/signin/recovery.html",
        {"codes": codes, "first": "recovery" not in proofs.having(who.account_id), "inside": sessions.MEMBERSHIP in request.session},
    )  # fmt: skip


def proved(request: HttpRequest, account_id: UUID, how: str) -> HttpResponse:
    """Something was set up just now, which also shows it: on to recovery codes, if there are none."""
    response = arrived(request, account_id, how)
    return response if "recovery" in proofs.having(account_id) else redirect("sign-in-recovery")


def _in_fours(secret: str) -> str:
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _drawn(address: str) -> str:
    """The QR code as SVG in the page: dark on light in either scheme, as cameras want it."""
    code = segno.make(address, error="m")
    drawn = code.svg_inline(scale=4, border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - segno's own drawing: numbers and our two colours
