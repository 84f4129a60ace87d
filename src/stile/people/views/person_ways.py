"""How to reach somebody, who cares for them, and their hello page: tabs of a person's page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stile.access.gate import requires
from stile.access.policy.doors import Do
from stile.kernel.answer import Answer
from stile.kernel.decision import Refused

from ..actions import contact, family, hello, introducing
from ..forms_yeses import LINES, CarerForm, ConfirmForm, HelloForm, IntroduceForm, ResponsibleForm, RouteForm
from ..queries import family as carers
from ..queries import yeses as queries
from ..queries import yeses_page as pages
from ..rules.contact import Kind, Whose
from ..rules.responsibility import KnownBy, Responsible, may_answer
from ..rules.sharing import Part, Reader
from . import in_words

# ---------------------------------------------------------------- ways to reach them


@requires(Do.PERSON_OPEN)
def person_contact(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = pages.ways(by=actor, person_id=person_id, at=timezone.now())
    if found is None:
        raise Http404
    person, ways = found
    form = RouteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            route = contact.add(
                by=actor, person_id=person.id, kind=Kind(said["kind"]), value=said["value"], whose=Whose(said["whose"]),
                good_times=said["good_times"], sender_name=said["sender_name"], at=timezone.now(),
            )  # fmt: skip
            return redirect("route-confirm", person_id=person.id, route_id=route)
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    return render(
        request, "people/yeses/contact.html",
        {
            **in_words.heading(person, "contact"), "form": form, "off": person.messages_off_at is not None,
            "ways": [
                {"way": way, "kind": _(in_words.KINDS[way.route.kind]), "whose": _(in_words.WHOSE[way.route.whose]),
                 "state": _("May be used") if way.may else _(way.may.words),
                 "since": in_words.on(way.route.confirmed_at) if way.route.confirmed_at else ""}
                for way in ways
            ],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@requires(Do.PERSON_CHANGE)
def route_confirm(request: HttpRequest, person_id: UUID, route_id: UUID) -> HttpResponse:
    """What they say of this way today. Asked again at each contact."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = pages.ways(by=actor, person_id=person_id, at=timezone.now())
    way = next((one for one in found[1] if one.id == route_id), None) if found else None
    if found is None or way is None:
        raise Http404
    form = ConfirmForm(request.POST or None)
    try:
        if "off" in request.POST:
            contact.turn_off(by=actor, route_id=way.id, at=timezone.now())
            return redirect("person-contact", person_id=person_id)
        if request.method == "POST" and form.is_valid():
            said = {name: Answer(value) for name, value in form.cleaned_data.items()}
            contact.confirm(
                by=actor, route_id=way.id, ok=said["ok"], seen_by_others=said["seen_by_others"],
                leave_message=said["leave_message"], at=timezone.now(),
            )  # fmt: skip
            return redirect("person-contact", person_id=person_id)
    except Refused as refused:
        raise Http404 from refused
    context = {
        **in_words.heading(found[0], "contact"), "form": form, "way": way, "kind": _(in_words.KINDS[way.route.kind]),
        "whose": _(in_words.WHOSE[way.route.whose]),
    }  # fmt: skip
    return render(request, "people/yeses/route.html", context, status=422 if form.errors else 200)


@requires(Do.PERSON_CHANGE)
@require_POST
def quiet(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The switch for everything: off at once, on again with every way to be asked anew."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    try:
        if "on" in request.POST:
            contact.start_again(by=actor, person_id=person_id, at=timezone.now())
        else:
            contact.stop_all(by=actor, person_id=person_id, at=timezone.now())
    except Refused as refused:
        raise Http404 from refused
    return redirect("person-contact", person_id=person_id)


# ---------------------------------------------------------------- carers


@requires(Do.PERSON_OPEN)
def person_family(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = pages.carers(by=actor, person_id=person_id, at=timezone.now())
    if found is None:
        raise Http404
    person, rows = found
    form = CarerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            carer = family.add(
                by=actor, person_id=person.id, name=said["name"], relation=said["relation"], reach_by=said["reach"],
                at=timezone.now(),
            )  # fmt: skip
            return redirect("carer-responsible", person_id=person.id, carer_id=carer)
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    listed = []
    for row in rows:
        may = may_answer(carers.as_known(row))
        listed.append({
            "row": row, "known": _(in_words.KNOWN_BY[row.known_by]) if row.known_by else "", "is": _(in_words.RESPONSIBLE[row.responsible]),
            "may": _("May say yes where somebody with parental responsibility has to.") if may else _(may.words),
        })  # fmt: skip
    context = {**in_words.heading(person, "family"), "form": form, "carers": listed}
    return render(request, "people/yeses/family.html", context, status=422 if form.errors else 200)


@requires(Do.YESES_ASK)
def carer_responsible(request: HttpRequest, person_id: UUID, carer_id: UUID) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    person, row = queries.known(person_id, timezone.localdate()), carers.carer(carer_id)
    if person is None or row is None or row.person_id != person.id or row.ended_at is not None:
        raise Http404
    form = ResponsibleForm(
        request.POST if request.method == "POST" and "end" not in request.POST else None,
        initial={"responsible": row.responsible, "known_by": row.known_by},
    )
    if "end" in request.POST:
        family.end(by=actor, carer_id=row.id, at=timezone.now())
        return redirect("person-family", person_id=person.id)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            family.say_responsible(
                by=actor, carer_id=row.id, responsible=Responsible(said["responsible"]),
                known_by=KnownBy(said["known_by"]) if said["known_by"] else None, at=timezone.now(),
            )  # fmt: skip
            return redirect("person-family", person_id=person.id)
        except Refused as refused:
            form.add_error("known_by", _(refused.decision.words))
    context = {**in_words.heading(person, "family"), "form": form, "row": row}
    return render(request, "people/yeses/carer.html", context, status=422 if form.errors else 200)


# ---------------------------------------------------------------- the hello page


@requires(Do.PERSON_OPEN)
def person_hello(request: HttpRequest, person_id: UUID, wrong: str = "") -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = pages.hello(by=actor, person_id=person_id, at=timezone.now())
    if found is None:
        raise Http404
    person, page, sees = found
    form = HelloForm(
        request.POST if "write" in request.POST else None,
        initial={name: getattr(page, name) for name in LINES} if page else {},
    )
    if form.is_bound and form.is_valid():
        try:
            hello.edit(by=actor, person_id=person.id, lines=form.cleaned_data, at=timezone.now())
            return redirect("person-hello", person_id=person.id)
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    said_yes = [
        (str(one.organisation_id), one.reader)
        for one in queries.shared(person.id, timezone.now())
        if one.stands
        and one.organisation_id
        and Part.HELLO_PAGE in one.parts
        and Reader.COORDINATOR in one.readers
    ]
    return render(
        request, "people/yeses/hello.html",
        {
            **in_words.heading(person, "hello"), "form": form, "wrong": wrong, "hello_lines": approving(page),
            "sees": [in_words.sees(one) for one in sees], "introduce": IntroduceForm(houses=list(dict(said_yes).items())),
            "can_introduce": bool(said_yes and page and page.approved),
        },
        status=422 if wrong or form.errors else 200,
    )  # fmt: skip


@requires(Do.PERSON_CHANGE)
@require_POST
def hello_approve(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """They were read the lines one by one, and said yes to these."""
    try:
        hello.approve(
            by=request.actor, person_id=person_id, lines=request.POST.getlist("lines"), at=timezone.now()  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        return person_hello(request, person_id, _(refused.decision.words))
    return redirect("person-hello", person_id=person_id)


@requires(Do.YESES_ASK)
@require_POST
def introduce(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    try:
        introducing.introduce(
            by=actor, person_id=person_id, organisation_id=UUID(request.POST.get("organisation", "")),
            activity=request.POST.get("activity", "").strip()[:200], at=timezone.now(),
        )  # fmt: skip
    except ValueError as wrong:
        raise Http404 from wrong
    except Refused as refused:
        return person_hello(request, person_id, _(refused.decision.words))
    return redirect("person-hello", person_id=person_id)


def approving(page: Any) -> list[tuple[str, Any, str, bool]]:
    """The lines that say something: name, label, text, whether it is approved."""
    if page is None:
        return []
    return [
        (name, label, getattr(page, name), name in page.approved) for name, label in LINES.items() if getattr(page, name)
    ]  # fmt: skip
