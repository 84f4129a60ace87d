"""Trying the demo as one of its made-up people."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from stile.access import sessions
from stile.access.gate import signing_in
from stile.access.policy.words import Role
from stile.kernel.decision import Refused

from ..actions import made_up
from .signin import settle


@signing_in("Comes in as a made-up person of the demo; there is nobody behind this door anywhere else.")
@require_POST
def try_as(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    try:
        one = made_up.be(UUID(request.POST.get("as", "")), at=now)
    except (Refused, ValueError):
        raise Http404 from None
    sessions.arrive(request.session, one.account_id, "made-up", now)
    return settle(request, one.account_id, one.id, Role(one.role))
