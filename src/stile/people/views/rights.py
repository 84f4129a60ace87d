"""A young person's own data and what they may ask for; the list of those who answer (journey j)."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stile.access.gate import requires
from stile.access.policy.doors import Do
from stile.kernel.decision import Refused
from stile.kernel.said import day
from stile.kernel.words import N_

from ..actions import rights as actions
from ..forms import AskForm, AskForThemForm
from ..queries import records
from ..queries import rights as queries
from ..rules import pack, retention, rights
from ..rules.rights import Asker, Kind, State
from ..rules.ties import sentence
from .records import say, uuid_of

DONE = {
    "asked": N_("We have it. Somebody reads it soon."),
    "held": N_("Done. We keep it, and don’t use it until we have answered."),
    "saved": N_("Saved."),
    "prepared": N_("It is ready. Somebody else looks at it before it goes out."),
    "released": N_("It is with them now."),
    "answered": N_("Answered."),
    "erased": N_("What was to go is gone."),
}


# ---------------------------------------------------------------- the young person's own pages


@requires(Do.MY_DATA)
def my_data(request: HttpRequest) -> HttpResponse:
    """What is held about them that they may see at once, and the way to the rest."""
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    mine = records.own(by=actor)
    if mine is None:
        raise Http404
    records.person(by=actor, person_id=mine.id, at=now)
    released = queries.my_pack(mine.id)
    ties = dict.fromkeys(say(sentence(one.bond, to_themself=True)) for one in records.ties(mine.id, now))
    return render(
        request,
        "people/rights/my_data.html",
        {
            "sections": shown(pack.given(queries.sections(mine.id, everything=False), frozenset(), ())),
            "ties": list(ties), "said": _said(request), "released": released,
            "requests": [_for_them(one, now.date()) for one in queries.mine(mine.id)],
            "set_aside": mine.restricted_at,
        },
    )  # fmt: skip


@requires(Do.MY_DATA)
def my_ask(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    mine = records.own(by=actor)
    if mine is None:
        raise Http404
    form = AskForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.ask(
                by=actor, person_id=mine.id, kind=Kind(said["kind"]), asker=Asker.YOUNG_PERSON, words=said["words"],
                at=timezone.now(),
            )  # fmt: skip
            return redirect(
                f"{reverse('my-data')}?done={'held' if said['kind'] == Kind.RESTRICT else 'asked'}"
            )
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    context = {"form": form, **_erasing(queries.grounds(mine.id), queries.until(mine))}
    return render(request, "people/rights/my_ask.html", context, status=422 if form.errors else 200)


@requires(Do.MY_DATA)
def my_pack(request: HttpRequest) -> HttpResponse:
    """Everything, as it was released to them: to read, or for a program."""
    actor = request.actor  # type: ignore[attr-defined]
    mine = records.own(by=actor)
    found = queries.my_pack(mine.id) if mine else None
    if mine is None or found is None:
        raise Http404
    queries.took(by=actor, found=found, at=timezone.now())
    if request.GET.get("form") == "json":
        answer = JsonResponse(queries.as_json(found), json_dumps_params={"indent": 2, "ensure_ascii": False})
        answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer
    context = {
        "sections": shown(found.content),
        "released": timezone.localtime(found.released_at),
        "mine": True,
    }
    return render(request, "people/rights/pack.html", context)


def shown(content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A pack's sections with names in the reader's language and days in words; values as they were written."""
    return [
        {
            "heading": _(one["heading"]),
            "rows": [[(_(name), _in_words(value)) for name, value in row] for row in one["rows"]],
            "lines": [_line(row) for row in one["rows"]] if _told(one) else [],
        }
        for one in content
    ]


def _told(one: dict[str, Any]) -> bool:
    return any(place.told and place.table == one["table"] for place in pack.PLACES)


def _line(row: list[list[str]]) -> str:
    """A sentence, and until when where that is known."""
    (_name, words), *more = row
    return " ".join([words, *(f"{_(name)}: {_in_words(value)}." for name, value in more)])


_A_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?")


def _in_words(value: str) -> str:
    """ "2012-05-01" as "Tuesday 1 May 2012"; anything else as it is."""
    found = _A_DAY.fullmatch(value)
    if found is None:
        return value
    on = date.fromisoformat(found[1])
    return f"{say(day(on))} {on.year}" + (f", {found[2]}" if found[2] else "")


def _for_them(one: Any, today: Any) -> dict[str, Any]:
    over = State(one.state) not in rights.OPEN
    return {
        "what": _(rights.KIND_NAMES[Kind(one.kind)]),
        "asked": say(day(timezone.localtime(one.received_at).date())),
        "state": _(rights.STATE_NAMES[State(one.state)]),
        "by": "" if over else say(day(one.due_on)),
        "answer": one.decision if over else "",
        "longer": one.extended_why,
        "waiting_for": one.waiting_for,
        "parent": one.asker == Asker.PARENT,
    }


def _erasing(grounds: frozenset[str], until: retention.Until | None) -> dict[str, Any]:
    """What goes now and what stays, until when and why, as lines: one for each thing, never twice."""
    duty = retention.bound_by_duty(grounds) or not grounds
    now, stays = retention.plan(duty=duty)
    kept: dict[str, str] = {_(one.name): _(one.why) for one in stays}
    return {
        "goes": list(dict.fromkeys(_(one.name) for one in now)),
        "stays": list(kept.items()),
        "until": _until(until) if duty else "",
        "anonymous": _(retention.ANONYMOUS),
        "to_keep_safe": _(retention.TO_KEEP_SAFE),
        "backups": retention.BACKUPS_DAYS,
    }


def _until(until: retention.Until | None) -> str:
    if until is None:
        return _("Mostly until your 25th birthday. It counts from the day our help ends.")
    return f"{say(day(until.day))} {until.day.year}: {say(until.why)}"


# ---------------------------------------------------------------- writing it down for them


@requires(Do.RIGHTS_ASK)
def ask_for(request: HttpRequest, person: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = records.opened(by=actor, person_id=person, at=timezone.now())
    if found is None or not found.may_change:
        raise Http404
    form = AskForThemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.ask(
                by=actor, person_id=person, kind=Kind(said["kind"]), asker=Asker(said["asker"]), words=said["words"],
                at=timezone.now(),
            )  # fmt: skip
            return redirect(f"{reverse('person', args=[person])}?done=asked")
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    status = 422 if form.errors else 200
    return render(request, "people/rights/ask_for.html", {"form": form, "who": found.person}, status=status)


# ---------------------------------------------------------------- those who answer


@requires(Do.RIGHTS_ANSWER)
def requests(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    answered = request.GET.get("which") == "answered"
    rows = [
        (
            one, _(rights.KIND_NAMES[Kind(one.request.kind)]), _(rights.ASKER_NAMES[Asker(one.request.asker)]),
            _(rights.STATE_NAMES[State(one.request.state)]), say(one.left),
        )
        for one in queries.inbox(by=actor, at=timezone.now(), answered=answered)
    ]  # fmt: skip
    context = {"rows": rows, "answered": answered, "said": _said(request)}
    return render(request, "people/rights/inbox.html", context)


@requires(Do.RIGHTS_ANSWER)
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: its clock, what is still to do, and the answer."""
    wrong = ""
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("do", ""))
        if deed is None or queries.request(request_id) is None:
            raise Http404
        word, act = deed
        try:
            act(request, request_id)
        except Refused as refused:
            wrong = _(refused.decision.words)
        else:
            # A record that went is gone with its request: back to the list.
            if queries.request(request_id) is None:
                return redirect(f"{reverse('rights')}?done={word}")
            return HttpResponseRedirect(f"{reverse('rights-request', args=[request_id])}?done={word}")
    return _page(request, request_id, wrong)


def _page(request: HttpRequest, request_id: UUID, wrong: str = "") -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.detail(by=actor, request_id=request_id, at=timezone.now())
    if found is None:
        raise Http404
    one = found.request
    kind = Kind(one.kind)
    target, law = found.acknowledge or (None, None)
    return render(
        request,
        "people/rights/request.html",
        {
            "found": found, "one": one, "kind": _(rights.KIND_NAMES[kind]), "wrong": wrong, "said": _said(request),
            "asker": _(rights.ASKER_NAMES[Asker(one.asker)]), "state": _(rights.STATE_NAMES[State(one.state)]),
            "left": say(found.left), "received": say(day(timezone.localtime(one.received_at).date())),
            "open": State(one.state) in rights.OPEN, "waiting": one.state == State.WAITING,
            "target": say(day(target)) if target else "", "law": say(day(law)) if law else "",
            "checks": [(k, _(v)) for k, v in rights.CHECKS.items()],
            "checked": _(rights.CHECKS.get(one.identity_checked, "")) if one.identity_checked else "",
            "parent_asks": one.asker == Asker.PARENT,
            "parent_words": "" if found.parent else _(found.parent.words),
            "is_see": kind is Kind.SEE, "is_erase": kind is Kind.ERASE, "prepared": one.state == State.PREPARED,
            "second_words": "" if found.second else _(found.second.words),
            "first": found.reviewers.get(one.first_reviewer_id, ""),
            "second": found.reviewers.get(one.second_reviewer_id, ""),
            **_erasing(found.grounds, found.until), "grounds": sorted(found.grounds),
        },
        status=422 if wrong else 200,
    )  # fmt: skip


@requires(Do.RIGHTS_ANSWER)
def prepare(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The first pair of eyes: every line that would be given, each of which may be held back with a why."""
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    found = queries.detail(by=actor, request_id=request_id, at=now)
    if found is None or found.person is None or found.request.kind != Kind.SEE:
        raise Http404
    sections = queries.sections(found.request.person_id)
    keys = {line.key: one.table for one in sections if not one.told for row in one.rows for line in row}
    wrong = ""
    if request.method == "POST":
        # Only what is held back is sent: a long record has more lines than a form may have fields.
        held = {
            key: request.POST.get(f"why:{keys[key]}", "") or "third_party"
            for key in request.POST.getlist("hold")
            if key in keys
        }
        try:
            actions.prepare_pack(
                by=actor, request_id=request_id, held=held, words=request.POST.get("words", "")[:4000], at=now
            )
            return HttpResponseRedirect(f"{reverse('rights-pack', args=[request_id])}?done=prepared")
        except Refused as refused:
            wrong = _(refused.decision.words)
    return render(
        request,
        "people/rights/prepare.html",
        {
            "found": found, "wrong": wrong, "sections": _choices(sections, found.choices),
            "reasons": [(k, _(v)) for k, v in rights.HELD_BACK.items()],
            "words": found.choices[actions.WORDS].words if actions.WORDS in found.choices else "",
        },
        status=422 if wrong else 200,
    )  # fmt: skip


def _choices(sections: list[pack.Section], chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """Each line with whether it is held back; before anybody chose, others' lines are."""

    def held(line: pack.Line) -> bool:
        return bool(chosen[line.key].why) if line.key in chosen else line.third_party and not chosen

    def why(one: pack.Section) -> str:
        reasons = [chosen[line.key].why for row in one.rows for line in row if line.key in chosen]
        return next(filter(None, reasons), "third_party")

    return [
        {
            "heading": _(one.heading), "table": one.table, "why": why(one),
            "rows": [] if one.told else [
                [(line.key, _(line.name), line.value, held(line)) for line in row] for row in one.rows
            ],
            "lines": [" ".join(line.value for line in row) for row in one.rows] if one.told else [],
        }
        for one in sections
        if one.rows
    ]  # fmt: skip


@requires(Do.RIGHTS_ANSWER)
def pack_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The pack as it would go out, or went: for the second pair of eyes, and to print."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.detail(by=actor, request_id=request_id, at=timezone.now())
    if found is None or found.pack is None:
        raise Http404
    return render(
        request,
        "people/rights/pack.html",
        {
            "sections": shown(found.pack.content), "one": found.request, "said": _said(request), "mine": False,
            "released": timezone.localtime(found.pack.released_at) if found.pack.released_at else None,
            "second_words": "" if found.second else _(found.second.words),
            "held": sum(1 for one in found.choices.values() if one.why and one.line != actions.WORDS),
        },
    )  # fmt: skip


def _by(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _post(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")[:4000]


_Deed = Callable[[HttpRequest, UUID], None]
_DEEDS: dict[str, tuple[str, _Deed]] = {
    "acknowledge": ("saved", lambda r, id_: actions.acknowledge(by=_by(r), request_id=id_, at=timezone.now())),
    "check": (
        "saved",
        lambda r, id_: actions.check_identity(by=_by(r), request_id=id_, how=_post(r, "how"), at=timezone.now()),
    ),
    "wait": (
        "saved", lambda r, id_: actions.wait(by=_by(r), request_id=id_, what=_post(r, "what"), at=timezone.now())
    ),
    "go_on": ("saved", lambda r, id_: actions.go_on(by=_by(r), request_id=id_, at=timezone.now())),
    "extend": (
        "saved", lambda r, id_: actions.extend(by=_by(r), request_id=id_, why=_post(r, "why"), at=timezone.now())
    ),
    "parent": (
        "saved",
        lambda r, id_: actions.note_parent(
            by=_by(r), request_id=id_, carer_id=uuid_of(_post(r, "carer")) if _post(r, "carer") else None,
            their_yes=_post(r, "their_yes"), interests_why=_post(r, "interests_why"), at=timezone.now(),
        ),
    ),
    "release": (
        "released",
        lambda r, id_: actions.release_pack(
            by=_by(r), request_id=id_, decision=_post(r, "decision"), at=timezone.now()
        ),
    ),
    "agree": ("prepared", lambda r, id_: actions.agree_to_erase(by=_by(r), request_id=id_, at=timezone.now())),
    "erase": (
        "erased",
        lambda r, id_: actions.erase(by=_by(r), request_id=id_, decision=_post(r, "decision"), at=timezone.now()),
    ),
    "answer": (
        "answered",
        lambda r, id_: actions.answer(
            by=_by(r), request_id=id_, decision=_post(r, "decision"), refused=False, at=timezone.now()
        ),
    ),
    "refuse": (
        "answered",
        lambda r, id_: actions.answer(
            by=_by(r), request_id=id_, decision=_post(r, "decision"), refused=True, at=timezone.now()
        ),
    ),
}  # fmt: skip


def _said(request: HttpRequest) -> str:
    words = DONE.get(request.GET.get("done", ""))
    return _(words) if words else ""
