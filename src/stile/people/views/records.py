"""The people somebody looks after: list, one record, taking in, changing, allocating, shutting out."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from stile.access.gate import requires
from stile.access.policy.doors import DOORS, Do
from stile.access.policy.words import Role
from stile.kernel.decision import Refused
from stile.kernel.said import Said, day_and_clock
from stile.kernel.words import N_

from ..actions import records as actions
from ..forms import PersonForm, ShutForm, TakeInForm
from ..queries import duplicates
from ..queries import records as queries
from ..rules.said import ROLE_NAMES
from ..rules.ties import SHUT_WHY, sentence

DONE = {
    "added": N_("They are written down."),
    "changed": N_("The record is put right."),
    "same": N_("Nothing was different, so nothing was changed."),
    "allocated": N_("They have a link worker now."),
    "ended": N_("That has ended."),
    "shut": N_("The record is shut to them from now on, however they sign in."),
    "held": N_("The record is set aside: kept, and not used."),
    "back": N_("The record is in use again."),
    "asked": N_("It is written down, and with whoever answers it."),
    "duty": N_("Done."),
}


def say(said: Said | None) -> str:
    return said.text(_, ngettext) if said else ""


def done(request: HttpRequest) -> str:
    """What the page before has just done, in words; nothing for a word that is not ours."""
    words = DONE.get(request.GET.get("done", ""))
    return _(words) if words else ""


@requires(Do.PEOPLE_LIST)
def people(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    tabs = _tabs(actor)
    which = request.GET.get("which", "")
    which = which if which in dict(tabs) else tabs[0][0]
    words = request.GET.get("q", "")[:60]
    listed = queries.listing(by=actor, which=which, words=words, at=timezone.now())
    return render(
        request,
        "people/records/list.html",
        {
            "rows": [(line, listed.workers.get(line.id, [])) for line in listed.lines],
            "more": listed.more, "most": queries.MOST, "tabs": tabs, "which": which, "q": words,
            "may_add": actor.role in DOORS[Do.PERSON_ADD].roles, "said": done(request),
            "lead": actor.role is Role.SAFEGUARDING_LEAD,
        },
    )  # fmt: skip


def _tabs(actor: Any) -> list[tuple[str, str]]:
    if actor.role is Role.LINK_WORKER:
        mine = [("mine", _("Mine"))]
        return [*mine, ("team", _("My team, while I am on duty"))] if actor.on_duty else mine
    if actor.role is Role.MANAGER:
        return [("team", _("The team"))]
    return [("team", _("Those a worry or a need opened to me"))]


@requires(Do.PERSON_OPEN)
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    return page(request, person)


def page(request: HttpRequest, person_id: UUID, *, wrong: str = "", shut_form: Any = None) -> HttpResponse:
    """One record's page; with `wrong` after something that could not be done."""
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    found = queries.opened(by=actor, person_id=person_id, at=now)
    if found is None:
        raise Http404
    who = found.person
    manages = actor.role is Role.MANAGER and found.may_change
    return render(
        request,
        "people/records/person.html",
        {
            "who": who, "found": found, "said": done(request), "wrong": wrong, "facts": _facts(who),
            "ties": [(one, say(sentence(one.bond))) for one in found.ties],
            "shut": [(one, say(sentence(one.bond)), _(SHUT_WHY.get(one.why, one.why))) for one in found.shut],
            "glass": say(day_and_clock(timezone.localtime(found.glass_until))) if found.glass_until else "",
            "minutes": _minutes(found.glass_until, now),
            "alike": duplicates.how_many(who.id) if found.may_change else 0,
            "may_change": found.may_change and actor.role in DOORS[Do.PERSON_CHANGE].roles,
            "may_ask": found.may_change and actor.role in DOORS[Do.RIGHTS_ASK].roles,
            "manages": manages,
            "workers": queries.workers_for(who.team_id, now) if manages else [],
            "shut_form": shut_form or (_shut_form(who.team_id, actor) if found.may_shut else None),
            "may_trail": actor.role in DOORS[Do.TRAIL_READ].roles,
        },
        status=422 if wrong or (shut_form and shut_form.errors) else 200,
    )  # fmt: skip


def _minutes(until: Any, now: Any) -> int:
    return max(1, round((until - now).total_seconds() / 60)) if until else 0


def _facts(who: Any) -> list[tuple[str, Any]]:
    rows = [
        (_("Pronouns"), who.pronouns),
        (_("Part of town"), who.district),
        (_("School or college"), who.school),
        (_("NHS number"), who.nhs_number),
        (_("Language"), {"en-gb": "English", "cy": "Cymraeg"}.get(who.language, who.language)),
    ]
    return [(name, value or None) for name, value in rows]


@requires(Do.PERSON_ADD)
def add(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    teams = [(str(id_), name) for id_, name in queries.teams_of(actor)]
    form = TakeInForm(request.POST or None, teams=teams)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            made = actions.take_in(by=actor, team_id=UUID(said.pop("team")), at=timezone.now(), **said)
            return redirect(f"{reverse('person', args=[made])}?done=added")
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    return _form(request, form, None)


@requires(Do.PERSON_CHANGE)
def change(request: HttpRequest, person: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    found = queries.opened(by=actor, person_id=person, at=now)
    if found is None or not found.may_change:
        raise Http404
    values = {name: getattr(found.person, name) for name in actions.CHANGEABLE}
    form = PersonForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change(by=actor, person_id=person, values=form.cleaned_data, at=now)
            return _back(person, "changed" if changed else "same")
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    return _form(request, form, found.person)


def _form(request: HttpRequest, form: Any, who: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "people/records/form.html", {"form": form, "who": who}, status=status)


@requires(Do.PERSON_CHANGE)
@require_POST
def hold(request: HttpRequest, person: UUID) -> HttpResponse:
    """Set aside, or put back in use."""
    aside = "back" not in request.POST
    return _deed(
        request, person, "held" if aside else "back",
        lambda by, at: actions.set_aside(by=by, person_id=person, aside=aside, at=at),
    )  # fmt: skip


@requires(Do.PERSON_ALLOCATE)
@require_POST
def allocate(request: HttpRequest, person: UUID) -> HttpResponse:
    worker = uuid_of(request.POST.get("worker"))
    return _deed(
        request, person, "allocated",
        lambda by, at: actions.allocate(by=by, person_id=person, membership_id=worker, at=at),
    )  # fmt: skip


@requires(Do.PERSON_ALLOCATE)
@require_POST
def take_off(request: HttpRequest, person: UUID, tie: UUID) -> HttpResponse:
    return _deed(
        request, person, "ended",
        lambda by, at: actions.end_tie(by=by, person_id=person, tie_id=tie, kinds=("linked",), at=at),
    )  # fmt: skip


@requires(Do.PERSON_SHUT)
@require_POST
def shut(request: HttpRequest, person: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.line(person)
    team = queries.team_id_of(person)
    if found is None or team is None:
        raise Http404
    form = _shut_form(team, actor, request.POST)
    if not form.is_valid():
        return page(request, person, shut_form=form)
    said = form.cleaned_data
    return _deed(
        request, person, "shut",
        lambda by, at: actions.shut(
            by=by, person_id=person, team_id=team, membership_id=UUID(said["colleague"]), why=said["why"], at=at
        ),
    )  # fmt: skip


@requires(Do.PERSON_SHUT)
@require_POST
def open_again(request: HttpRequest, person: UUID, tie: UUID) -> HttpResponse:
    return _deed(
        request, person, "ended",
        lambda by, at: actions.end_tie(by=by, person_id=person, tie_id=tie, kinds=("shut",), at=at),
    )  # fmt: skip


@requires(Do.PERSON_ALLOCATE)
def duty(request: HttpRequest) -> HttpResponse:
    """Who is on duty: only then does a link worker reach the whole team's people."""
    actor = request.actor  # type: ignore[attr-defined]
    wrong = ""
    if request.method == "POST":
        try:
            actions.put_on_duty(
                by=actor, membership_id=uuid_of(request.POST.get("worker")), on="on" in request.POST,
                at=timezone.now(),
            )  # fmt: skip
            return redirect(f"{reverse('duty')}?done=duty")
        except Refused as refused:
            wrong = _(refused.decision.words)
    rows = queries.on_duty(actor, timezone.now())
    context = {"rows": rows, "said": done(request), "wrong": wrong}
    return render(request, "people/records/duty.html", context, status=422 if wrong else 200)


def _shut_form(team_id: UUID, actor: Any, data: Any = None) -> ShutForm:
    around = queries.colleagues_around(team_id, timezone.now())
    rows = [(str(one.id), f"{one.name} ({_(ROLE_NAMES[Role(one.role)])})") for one in around]
    return ShutForm(data, colleagues=[row for row in rows if row[0] != str(actor.membership_id)])


def _deed(request: HttpRequest, person_id: UUID, word: str, deed: Any) -> HttpResponse:
    """Do it and go back to the record; what is refused is said there. Out of reach is missing."""
    if queries.line(person_id) is None:
        raise Http404
    try:
        deed(request.actor, timezone.now())  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.decision.code == "reach":
            raise Http404 from None
        return page(request, person_id, wrong=_(refused.decision.words))
    return _back(person_id, word)


def _back(person_id: UUID, word: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('person', args=[person_id])}?done={word}")


def uuid_of(text: str | None) -> UUID:
    """A UUID somebody sent; one that nothing has where it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)
