"""Two records that may be one person, side by side (H01, H18)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stile.access.gate import requires
from stile.access.policy.doors import Do
from stile.kernel.decision import Refused
from stile.kernel.words import N_

from ..actions import duplicates as actions
from ..queries import duplicates as queries
from ..rules.duplicates import Mark

MARKS = {
    Mark.NAME: N_("name"),
    Mark.BORN: N_("birth date"),
    Mark.NHS: N_("NHS number"),
    Mark.CONTACT: N_("a way to reach them"),
    Mark.SCHOOL: N_("school"),
    Mark.DISTRICT: N_("part of town"),
}
DONE = {
    "linked": N_("The two records are linked. Nothing in either was changed; you can take it back."),
    "apart": N_("Noted: two people. You can take it back."),
    "undone": N_("Taken back. Both records are as they were."),
}


def marks(some: Any) -> str:
    return ", ".join(_(MARKS[Mark(one)]) for one in some)


@requires(Do.PERSON_ADD)
def pairs(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.pairs(by=actor, at=timezone.now())
    rows = [(one, marks(one.evidence.agree), marks(one.evidence.differ)) for one in found]
    return render(request, "people/records/pairs.html", {"rows": rows})


@requires(Do.PERSON_ADD)
def pairs_of(request: HttpRequest, person: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.pairs(by=actor, at=timezone.now(), about=person)
    rows = [(one, marks(one.evidence.agree), marks(one.evidence.differ)) for one in found]
    return render(request, "people/records/pairs.html", {"rows": rows, "about": person})


@requires(Do.PERSON_ADD)
def side_by_side(request: HttpRequest, one: UUID, other: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    wrong = ""
    if request.method == "POST":
        try:
            if "undo" in request.POST:
                actions.take_back(by=actor, one=one, other=other, at=now)
                word = "undone"
            else:
                same = "same" in request.POST
                actions.decide(by=actor, one=one, other=other, same=same, at=now)
                word = "linked" if same else "apart"
            return redirect(f"{reverse('side-by-side', args=[one, other])}?done={word}")
        except Refused as refused:
            if refused.decision.code == "reach":
                raise Http404 from None
            wrong = _(refused.decision.words)
    found = queries.side_by_side(by=actor, one=one, other=other, at=now)
    if found is None:
        raise Http404
    said = DONE.get(request.GET.get("done", ""))
    return render(
        request,
        "people/records/side_by_side.html",
        {
            "found": found, "agree": marks(found.evidence.agree), "differ": marks(found.evidence.differ),
            "rows": _rows(found), "said": _(said) if said else "", "wrong": wrong,
        },
        status=422 if wrong else 200,
    )  # fmt: skip


def _rows(found: queries.SideBySide) -> list[tuple[str, Any, Any, str]]:
    left, right = found.left, found.right
    agree, differ = set(found.evidence.agree), set(found.evidence.differ)

    def verdict(mark: Mark) -> str:
        return _("agrees") if mark in agree else _("differs") if mark in differ else _("can’t tell")

    return [
        (_("Name"), left.person.name, right.person.name, verdict(Mark.NAME)),
        (_("Birth date"), left.person.born, right.person.born, verdict(Mark.BORN)),
        (_("NHS number"), left.person.nhs_number, right.person.nhs_number, verdict(Mark.NHS)),
        (_("Ways to reach them"), ", ".join(left.contacts), ", ".join(right.contacts), verdict(Mark.CONTACT)),
        (_("School or college"), left.person.school, right.person.school, verdict(Mark.SCHOOL)),
        (_("Part of town"), left.person.district, right.person.district, verdict(Mark.DISTRICT)),
        (_("Code"), left.person.code, right.person.code, ""),
        (_("Link worker"), ", ".join(left.workers), ", ".join(right.workers), ""),
        (_("Written down"), left.person.taken_in_at, right.person.taken_in_at, ""),
    ]
