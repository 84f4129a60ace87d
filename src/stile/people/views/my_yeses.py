"""A young person's own page of what they said yes to, what each reader sees, and changing their mind."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stile.access.gate import requires
from stile.access.policy.doors import Do
from stile.kernel.decision import Refused

from ..actions import contact, hello, taking_part
from ..actions import yeses as actions
from ..queries import yeses as queries
from ..queries import yeses_page as pages
from ..rules.sharing import How
from . import in_words
from .person_ways import approving


@requires(Do.MY_YESES)
def my_yeses(request: HttpRequest) -> HttpResponse:
    page = _page(request)
    return render(
        request, "people/yeses/mine.html",
        {
            "shared": [in_words.shared(one) for one in page.shared if one.stands],
            "over": [in_words.shared(one) for one in page.shared if not one.stands],
            "sees": [in_words.sees(one) for one in page.sees],
            "parts": [in_words.part(one) for one in page.taking_part],
            "hello_lines": approving(page.hello), "off": page.person.messages_off_at is not None,
            "stopped": page.person.ended_at is not None,
        },
    )  # fmt: skip


@requires(Do.MY_YESES)
def my_yes_back(request: HttpRequest, permission_id: UUID) -> HttpResponse:
    """Change my mind: what will happen, and one button. Keeping it is as easy."""
    one = next((one for one in _page(request).shared if one.id == permission_id and one.stands), None)
    if one is None:
        raise Http404
    if request.method == "POST":
        return _did(
            lambda actor: actions.withdraw(by=actor, permission_id=one.id, how=How.TYPED, at=timezone.now()),
            request,
        )
    return render(request, "people/yeses/mine_back.html", {"one": in_words.shared(one)})


@requires(Do.MY_YESES)
def my_part_back(request: HttpRequest, part_id: UUID) -> HttpResponse:
    row = queries.one_taking_part(part_id)
    if row is None or row.withdrawn_at is not None:
        raise Http404
    if request.method == "POST":
        return _did(
            lambda actor: taking_part.pause(by=actor, permission_id=row.id, at=timezone.now()), request
        )
    return render(request, "people/yeses/mine_part_back.html", {"row": row})


@requires(Do.MY_YESES)
@require_POST
def my_hello(request: HttpRequest) -> HttpResponse:
    """Which lines of my hello page others may see."""
    lines, mine = request.POST.getlist("lines"), _mine()
    return _did(
        lambda actor: hello.approve(by=actor, person_id=mine, lines=lines, at=timezone.now()), request
    )


@requires(Do.MY_YESES)
@require_POST
def my_quiet(request: HttpRequest) -> HttpResponse:
    mine = _mine()
    return _did(lambda actor: contact.stop_all(by=actor, person_id=mine, at=timezone.now()), request)


@requires(Do.MY_YESES)
def my_stop(request: HttpRequest) -> HttpResponse:
    """Stop everything: said plainly first, then one button."""
    mine = _mine()
    if request.method == "POST":
        return _did(
            lambda actor: actions.withdraw_from_everything(by=actor, person_id=mine, how=How.TYPED, at=timezone.now()),
            request,
        )  # fmt: skip
    return render(request, "people/yeses/mine_stop.html")


def _mine() -> UUID:
    mine = queries.own_person()
    if mine is None:
        raise Http404
    return mine


def _page(request: HttpRequest) -> pages.Page:
    found = pages.page(by=request.actor, person_id=_mine(), at=timezone.now())  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _did(do: Any, request: HttpRequest) -> HttpResponse:
    try:
        do(request.actor)  # type: ignore[attr-defined]
    except Refused as refused:
        raise Http404(_(refused.decision.words)) from refused
    return redirect("my-yeses")
