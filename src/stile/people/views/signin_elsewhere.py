"""Signing in by another provider: off to it, and back."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stile.access import sessions
from stile.access.entry import openid
from stile.access.gate import signing_in
from stile.kernel.decision import Refused

from ..actions import elsewhere
from .signin import arrived

_log = logging.getLogger(__name__)
ASKED = "elsewhere"


@signing_in("Sends the browser to another provider, to sign in there.")
def go(request: HttpRequest, slug: str) -> HttpResponse:
    provider = openid.providers().get(slug)
    if provider is None:
        raise Http404
    try:
        begun = openid.begin(provider, _back(request, slug))
    except openid.Trouble as trouble:
        return _trouble(request, provider, trouble)
    request.session[ASKED] = {**begun.state, "invitation": request.GET.get("invitation", "")[:100]}
    return HttpResponseRedirect(begun.address)


@signing_in("Takes another provider's word for who came.")
def back(request: HttpRequest, slug: str) -> HttpResponse:
    provider = openid.providers().get(slug)
    if provider is None:
        raise Http404
    kept = request.session.pop(ASKED, {})
    now = timezone.now()
    try:
        said = openid.finish(provider, kept, request.GET.dict(), _back(request, slug))
        came = elsewhere.come(provider=provider, said=said, invitation=kept.get("invitation", ""), at=now)
    except openid.Trouble as trouble:
        return _trouble(request, provider, trouble)
    except Refused as refused:
        return _page(request, provider, _(refused.decision.words), 403)
    response = arrived(request, came.account_id, came.how)
    if came.house:
        request.session[sessions.HOUSE] = str(came.house)
    return response


def _back(request: HttpRequest, slug: str) -> str:
    return request.build_absolute_uri(reverse("sign-in-back", args=[slug]))


def _trouble(request: HttpRequest, provider: openid.Provider, trouble: openid.Trouble) -> HttpResponse:
    _log.warning("openid %s: %s", provider.slug, trouble)
    return _page(
        request, provider, _("That did not work. Nothing was changed; try again, or use another way in."), 502
    )


def _page(request: HttpRequest, provider: openid.Provider, words: str, status: int) -> HttpResponse:
    return render(
        request, "people/signin/elsewhere.html", {"name": provider.name, "words": words}, status=status
    )
