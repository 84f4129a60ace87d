"""A charity's side: who might come, who is expected, and whom to forget. Only what a slice holds."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stile.access.gate import requires
from stile.access.policy.doors import Do
from stile.access.policy.words import Role
from stile.kernel.decision import Refused

from ..actions import introducing, yeses
from ..queries import introduced as queries
from ..rules.introducing import IN_WORDS, NotThisTime
from . import in_words


@requires(Do.INTRODUCED)
def introduced(request: HttpRequest) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    home = queries.home(by=actor, at=timezone.now())
    return render(
        request, "people/yeses/introduced.html",
        {
            "offers": [(one, in_words.lines(one.lines)) for one in home.offers],
            "expected": [(one, in_words.lines(one.lines)) for one in home.expected],
            "notices": [(one, in_words.on(one.due_on)) for one in home.notices],
            "reasons": [(one.value, _(words)) for one, words in IN_WORDS.items()],
            "answers": actor.role is Role.COORDINATOR,
        },
    )  # fmt: skip


@requires(Do.INTRODUCED)
@require_POST
def introduced_answer(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    try:
        if "yes" in request.POST:
            introducing.accept(by=actor, person_id=person_id, at=timezone.now())
        else:
            why = NotThisTime(request.POST.get("why", ""))
            introducing.decline(by=actor, person_id=person_id, why=why, at=timezone.now())
    except (Refused, ValueError) as wrong:
        raise Http404 from wrong
    return redirect("introduced")


@requires(Do.INTRODUCED)
@require_POST
def introduced_stopped(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    try:
        yeses.confirm_stopped(by=request.actor, notice_id=notice_id, at=timezone.now())  # type: ignore[attr-defined]
    except Refused as refused:
        raise Http404 from refused
    return redirect("introduced")
