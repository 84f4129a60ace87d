"""Breaking the glass, and looking at it afterwards."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.gate import requires
from stile.access.policy.doors import Do
from stile.kernel.decision import Refused
from stile.kernel.said import day, day_and_clock

from ..actions import glass as actions
from ..forms import LookupForm, ReviewForm
from ..queries import records, trail
from ..rules.trail import sentence
from .records import say, uuid_of


@requires(Do.GLASS_BREAK)
def need(request: HttpRequest) -> HttpResponse:
    """Somebody stands before you whom you can't reach: two exact identifiers, and why."""
    actor = request.actor  # type: ignore[attr-defined]
    form = LookupForm(request.POST or None)
    teams: list[tuple[UUID, str]] = []
    nobody = False
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = actions.open_in_need(
                by=actor, name=said["name"], nhs_number="".join(said["nhs_number"].split()), born=said["born"],
                reason=said["reason"], at=timezone.now(),
                chosen=uuid_of(request.POST["chosen"]) if request.POST.get("chosen") else None,
            )  # fmt: skip
            if found.person_id:
                return redirect("person", found.person_id)
            teams, nobody = list(found.teams), not found.teams
        except Refused as refused:
            form.add_error("reason", _(refused.decision.words))
    status = 422 if request.method == "POST" and not teams else 200
    context = {"form": form, "teams": teams, "nobody": nobody}
    return render(request, "people/glass/need.html", context, status=status)


@requires(Do.GLASS_REVIEW)
def broken(request: HttpRequest) -> HttpResponse:
    """What waits for a review, and what had one."""
    waiting, seen = reach.broken(reviewed=False), reach.broken(reviewed=True, limit=30)
    called = records.names(
        one for row in (*waiting, *seen) for one in (row.author_id, row.reviewed_by) if one
    )
    mine = records.own_memberships(request.actor.account_id)  # type: ignore[attr-defined]

    def told(rows: object) -> list[tuple[object, str, str, str, bool]]:
        return [
            (
                one, called.get(one.author_id, ""), say(day_and_clock(timezone.localtime(one.broken_at))),
                say(day(one.review_due)), one.author_id in mine,
            )
            for one in rows  # type: ignore[attr-defined]
        ]  # fmt: skip

    return render(
        request, "people/glass/broken.html",
        {"waiting": told(waiting), "seen": told(seen), "done": request.GET.get("done") == "reviewed"},
    )  # fmt: skip


@requires(Do.GLASS_REVIEW)
def review(request: HttpRequest, glass: UUID) -> HttpResponse:
    """One look through broken glass: the reason, what was opened, and whether it is safe to show."""
    actor = request.actor  # type: ignore[attr-defined]
    found = reach.glass(glass)
    if found is None:
        raise Http404
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            access.review_glass(
                by=actor, glass_id=glass, words=form.cleaned_data["words"],
                show=form.cleaned_data["show"] == "yes", at=timezone.now(),
            )  # fmt: skip
            return redirect(f"{reverse('glass')}?done=reviewed")
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    looks = trail.trail(
        by=actor, at=timezone.now(), person_id=found.person_id, membership_id=found.author_id,
        since=found.broken_at, until=found.ends_at,
    )  # fmt: skip
    return render(
        request, "people/glass/review.html",
        {
            "glass": found, "form": form, "who": records.names([found.author_id]).get(found.author_id, ""),
            "when": say(day_and_clock(timezone.localtime(found.broken_at))), "due": say(day(found.review_due)),
            "looks": [say(sentence(one.look)) for one in looks.rows],
            "own": found.author_id in records.own_memberships(actor.account_id),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip
