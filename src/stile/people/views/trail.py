"""Who looked: for the young person, and for those who answer for the team."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from stile.access.gate import requires
from stile.access.policy.doors import Do

from ..forms import TrailForm
from ..queries import records
from ..queries import trail as queries
from ..rules.trail import deed, sentence, when
from .records import say, uuid_of


@requires(Do.MY_DATA)
def my_looks(request: HttpRequest) -> HttpResponse:
    """The young person's own page: who looked at their record."""
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    mine = records.own(by=actor)
    if mine is None:
        raise Http404
    found = queries.about_me(by=actor, person_id=mine.id, at=now, before=_number(request, "before"))
    rows = [say(sentence(one.look, to_themself=True)) for one in found.rows]
    return render(request, "people/rights/looks.html", {"rows": rows, "before": found.before})


@requires(Do.TRAIL_READ)
def trail(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    colleagues = [(str(one.id), one.name) for one in records.colleagues(actor, timezone.now())]
    form = TrailForm(request.GET or None, colleagues=colleagues)
    said: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    person_id = queries.person_by_code(said["code"]) if said.get("code") else None
    unknown = bool(said.get("code")) and person_id is None
    found = queries.trail(
        by=actor, at=timezone.now(), person_id=uuid_of(None) if unknown else person_id,
        membership_id=uuid_of(said["who"]) if said.get("who") else None, since=_start(said.get("since")),
        until=_start(said.get("until"), 1), before=_number(request, "before"),
    )  # fmt: skip
    rows = [(say(when(one.look.at)), say(deed(one.look)), one) for one in found.rows]
    query = request.GET.copy()
    if found.before:
        query["before"] = str(found.before)
    return render(
        request, "people/rights/trail.html",
        {"rows": rows, "form": form, "more": f"?{query.urlencode()}" if found.before else "", "unknown": unknown},
    )  # fmt: skip


def _start(day: Any, plus: int = 0) -> datetime | None:
    """The first moment of a day here, or of the day after it."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=plus), time())) if day else None


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
