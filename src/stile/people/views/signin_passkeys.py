"""Passkeys: what the browser is asked (JSON), and what it answers. These need a script; all else does not."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stile.access import sessions
from stile.access.entry import passkeys
from stile.access.gate import signing_in
from stile.kernel.decision import Refused

from ..actions import proofs
from .signin import arrived, device_name, origin, place, visit
from .signin_second import proved

ASKED = "passkey"


@signing_in("Asks the browser for any passkey of this site; names nobody's.")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    options, request.session[ASKED] = passkeys.ask(origin(request))
    return JsonResponse(options)


@signing_in("Takes a passkey's answer.")
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    said = _said(request)
    try:
        account_id = proofs.show_passkey(
            origin=origin(request), place=place(request), state=request.session.pop(ASKED, {}),
            answer=said.get("passkey", {}), at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        return _wrong(refused)
    if "shared" in said:
        request.session[sessions.SHARED] = bool(said["shared"])
    return _to(arrived(request, account_id, "passkey"))


@signing_in("Asks the browser to make a passkey for somebody on the way in, or in.")
@require_POST
def ask_new(request: HttpRequest) -> HttpResponse:
    who = visit(request)
    if who is None:
        return _late()
    try:
        options, request.session[ASKED] = proofs.ask_new_passkey(who)
    except Refused as refused:
        return _wrong(refused)
    return JsonResponse(options)


@signing_in("Keeps the passkey that was made.")
@require_POST
def answer_new(request: HttpRequest) -> HttpResponse:
    who = visit(request)
    if who is None:
        return _late()
    try:
        proofs.add_passkey(
            who, name=device_name(request), state=request.session.pop(ASKED, {}),
            answer=_said(request).get("passkey", {}), at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        return _wrong(refused)
    return _to(proved(request, who.account_id, "passkey"))


def _said(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _to(response: HttpResponse) -> HttpResponse:
    return JsonResponse({"to": response.headers["Location"]})


def _wrong(refused: Refused) -> HttpResponse:
    return JsonResponse({"words": _(refused.decision.words)}, status=400)


def _late() -> HttpResponse:
    return JsonResponse({"words": _("That took too long. Begin again.")}, status=400)
