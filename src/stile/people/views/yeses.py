"""The three yeses on a person's page: each asked and written down by itself, taken back in two clicks."""

from datetime import datetime, time
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

from ..actions import reviews, taking_part
from ..actions import yeses as actions
from ..forms_yeses import AnswerForm, NoteForm, ShareForm, TakingPartForm
from ..queries import family
from ..queries import yeses as queries
from ..queries import yeses_page as pages
from ..rules import basis, sharing, withdrawal
from ..rules.competence import PROMPTS, Concludes, Deciding, Note, Who, review_day
from ..rules.nations import TO_CONFIRM
from ..rules.participation import ParentOk
from ..rules.sharing import READS_FOR, How, Part, Reader
from ..rules.turning import ASK
from . import in_words


@requires(Do.PERSON_OPEN)
def person_yeses(request: HttpRequest, person_id: UUID, wrong: str = "") -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    page = pages.page(by=actor, person_id=person_id, at=timezone.now())
    if page is None:
        raise Http404
    return render(
        request,
        "people/yeses/person.html",
        {
            **in_words.heading(page.person, "yeses"), "page": page, "wrong": wrong,
            "shared": [in_words.shared(one) for one in page.shared],
            "sees": [in_words.sees(one) for one in page.sees],
            "parts": [in_words.part(one) for one in page.taking_part],
            "grounds": [in_words.ground(one) for one in page.grounds],
            "purposes": [(one.value, _(in_words.PURPOSES[one])) for one in basis.Purpose],
            "notes": [in_words.note(one) for one in page.notes],
            "reviews": [(one, _(ASK[one.kind])) for one in page.reviews],
            "decides": _(in_words.WHO[page.who_decides]), "needs_note": page.who_decides is Who.NOTE_FIRST,
            "rule_why": _(page.age_rule.why),
            "to_confirm": "" if page.age_rule.sourced else _(TO_CONFIRM),
            "my_house": actor.organisation_id,
        },
        status=422 if wrong else 200,
    )  # fmt: skip


# ---------------------------------------------------------------- (i) sharing


@requires(Do.YESES_ASK)
def yes_ask(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """First whom, then line by line what: the exact words are on the page, and No is as easy as Yes."""
    person = _person(person_id)
    readers = pages.readers(person.id)
    to = request.GET.get("to", "")
    chosen = _reader(readers, to)
    if chosen is None:
        return render(
            request, "people/yeses/ask_whom.html", {**in_words.heading(person, "yeses"), "readers": readers}
        )
    name, who, house_id, carer_id = chosen
    actor = request.actor  # type: ignore[attr-defined]
    parents = [(str(one.id), one.name) for one in family.carers(person.id)]
    form = ShareForm(
        request.POST or None, parts=sharing.parts_for(who), parents=parents,
        leads=[(str(id_), lead) for id_, lead in pages.leads(actor.organisation_id)],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.give(
                by=actor, person_id=person.id, parts=[Part(one) for one in said["parts"]], readers=who,
                organisation_id=house_id, carer_id=carer_id, why=said["why"], how=How(said["how"]),
                language=request.LANGUAGE_CODE, given_by=Who(said["given_by"]),  # type: ignore[attr-defined]
                parent_id=_id(said["parent"]), lead_id=_id(said["lead"]), doubted=said["doubted"],
                parent_safe=Answer.YES if said["parent_safe"] else Answer.UNKNOWN, ends=_ends(said["until"]),
                at=timezone.now(),
            )  # fmt: skip
            return redirect("person-yeses", person_id=person.id)
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    wording = sharing.WORDINGS[sharing.CURRENT]
    words = {
        "ask": _(wording.ask) % {"reader": name},
        "no_harm": _(wording.no_harm),
        "version": wording.version,
    }
    return render(
        request, "people/yeses/ask.html",
        {
            **in_words.heading(person, "yeses"), "form": form, "reader": name, "words": words, "to": to,
            "hello": _hello_preview(person.id) if house_id and Reader.COORDINATOR in who else (),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@requires(Do.YESES_ASK)
@require_POST
def yes_said_no(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """No is an answer: it is written down that it was asked, and nothing is shared."""
    try:
        actions.said_no(by=request.actor, person_id=person_id, at=timezone.now())  # type: ignore[attr-defined]
    except Refused as refused:
        raise Http404 from refused
    return redirect("person-yeses", person_id=person_id)


@requires(Do.YESES_ASK)
def yes_withdraw(request: HttpRequest, person_id: UUID, permission_id: UUID) -> HttpResponse:
    """Two clicks: this page says what will happen, its button does it."""
    person = _person(person_id)
    one = next((one for one in queries.shared(person.id, timezone.now()) if one.id == permission_id), None)
    if one is None or one.withdrawn_at is not None:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            actions.withdraw(by=request.actor, permission_id=one.id, how=How.SAID, at=timezone.now())  # type: ignore[attr-defined]
            return redirect("person-yeses", person_id=person.id)
        except Refused as refused:
            wrong = _(refused.decision.words)
    row = withdrawal.row(withdrawal.Withdraws.SHARING)
    return render(
        request, "people/yeses/withdraw.html",
        {
            **in_words.heading(person, "yeses"), "one": in_words.shared(one), "wrong": wrong,
            "happens": [_(row.stops), _(row.kept), _(row.told)],
        },
        status=422 if wrong else 200,
    )  # fmt: skip


# ---------------------------------------------------------------- who decides


@requires(Do.YESES_ASK)
def note_add(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = _person(person_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, on = form.cleaned_data, timezone.localdate()
        note = Note(
            Deciding(said["deciding"]), Concludes(said["conclusion"]), on, review_day(on),
            Answer(said["free_of_pressure"]), {key: said[f"own_{key}"] for key in PROMPTS}, said["reasons"],
        )  # fmt: skip
        try:
            actions.write_note(
                by=request.actor, person_id=person.id, note=note, decision=said["decision"],  # type: ignore[attr-defined]
                telling_a_parent=said["telling_a_parent"], at=timezone.now(),
            )  # fmt: skip
            return redirect("person-yeses", person_id=person.id)
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    context = {**in_words.heading(person, "yeses"), "form": form, "on": review_day(timezone.localdate())}
    return render(request, "people/yeses/note.html", context, status=422 if form.errors else 200)


@requires(Do.YESES_ASK)
@require_POST
def review_done(request: HttpRequest, person_id: UUID, review_id: UUID) -> HttpResponse:
    try:
        reviews.done(
            by=request.actor, review_id=review_id, note=request.POST.get("note", "")[:300], at=timezone.now()  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        return person_yeses(request, person_id, _(refused.decision.words))
    return redirect("person-yeses", person_id=person_id)


# ---------------------------------------------------------------- (ii) data law, (iii) taking part


@requires(Do.YESES_ASK)
@require_POST
def ground_add(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        actions.set_basis(
            by=actor, person_id=person_id, purpose=basis.Purpose(request.POST.get("purpose", "")),
            controller_id=actor.organisation_id, at=timezone.now(),
        )  # fmt: skip
    except ValueError as wrong:
        raise Http404 from wrong
    except Refused as refused:
        return person_yeses(request, person_id, _(refused.decision.words))
    return redirect("person-yeses", person_id=person_id)


@requires(Do.YESES_ASK)
def part_ask(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = _person(person_id)
    form = TakingPartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            part, _needed = taking_part.ask(
                by=request.actor, person_id=person.id, activity_id=None, activity_name=said["activity_name"],  # type: ignore[attr-defined]
                rule=ParentOk(said["rule"]), first_time=Answer(said["first_time"]), at=timezone.now(),
            )  # fmt: skip
            return redirect("part-answer", person_id=person.id, part_id=part)
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    context = {**in_words.heading(person, "yeses"), "form": form}
    return render(request, "people/yeses/part_ask.html", context, status=422 if form.errors else 200)


@requires(Do.YESES_ASK)
def part_answer(request: HttpRequest, person_id: UUID, part_id: UUID) -> HttpResponse:
    """The answer of whoever must say yes; or, of a yes, that it is taken back."""
    person = _person(person_id)
    row = queries.one_taking_part(part_id)
    if row is None or row.person_id != person.id:
        raise Http404
    actor: Any = request.actor  # type: ignore[attr-defined]
    carers = [(str(one.id), one.name) for one in family.carers(person.id)]
    pausing = request.method == "POST" and "pause" in request.POST
    form = AnswerForm(
        request.POST if request.method == "POST" and not pausing else None,
        carers=carers,
    )
    wrong = ""
    try:
        if pausing:
            taking_part.pause(by=actor, permission_id=row.id, at=timezone.now())
            return redirect("person-yeses", person_id=person.id)
        if form.is_bound and form.is_valid():
            said = form.cleaned_data
            taking_part.answer(
                by=actor, permission_id=row.id, says=Answer(said["says"]), how=How(said["how"]),
                carer_id=_id(said["carer"]), emergency_name=said["emergency_name"],
                emergency_phone=said["emergency_phone"], medical_need=said["medical_need"], at=timezone.now(),
            )  # fmt: skip
            return redirect("person-yeses", person_id=person.id)
    except Refused as refused:
        wrong = _(refused.decision.words)
    context = {
        **in_words.heading(person, "yeses"), "form": form, "row": row, "needed": _(in_words.FROM[row.needed_from]),
        "unknown": row.needed_from == "unknown", "wrong": wrong,
    }  # fmt: skip
    status = 422 if wrong or form.errors else 200
    return render(request, "people/yeses/part_answer.html", context, status=status)


# ---------------------------------------------------------------- everything stops


@requires(Do.YESES_ASK)
def stop_everything(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = _person(person_id)
    if request.method == "POST":
        try:
            actions.withdraw_from_everything(
                by=request.actor, person_id=person.id, how=How.SAID, at=timezone.now()  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            return person_yeses(request, person_id, _(refused.decision.words))
        return redirect("person-yeses", person_id=person.id)
    row = withdrawal.row(withdrawal.Withdraws.SERVICE)
    context = {**in_words.heading(person, "yeses"), "happens": [_(row.stops), _(row.kept), _(row.told)]}
    return render(request, "people/yeses/stop.html", context)


# ---------------------------------------------------------------- pieces


def _person(person_id: UUID) -> queries.Known:
    person = queries.known(person_id, timezone.localdate())
    if person is None:
        raise Http404
    return person


def _reader(
    readers: pages.Readers, to: str
) -> tuple[str, tuple[Reader, ...], UUID | None, UUID | None] | None:
    """Whom `to` names: "house:<id>" or "carer:<id>" of those that were offered; None for anything else."""
    for id_, name, kind in readers.houses:
        if to == f"house:{id_}":
            return name, READS_FOR[kind], id_, None
    for id_, name in readers.carers:
        if to == f"carer:{id_}":
            return name, (Reader.PARENT,), None, id_
    return None


def _hello_preview(person_id: UUID) -> list[tuple[str, Any]]:
    return in_words.lines(pages.preview_lines("accepted", person_id))


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def _ends(until: Any) -> datetime | None:
    """The end of that day, where we are."""
    if until is None:
        return None
    return timezone.make_aware(datetime.combine(until, time(23, 59)))
