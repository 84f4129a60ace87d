"""One activity: what one is afraid to ask, and the few things a visitor may tell us about it."""

from smtplib import SMTPException
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from stile.access.gate import public
from stile.kernel.decision import Refused
from stile.kernel.said import Said

from . import actions, queries
from .forms import HowForm, TellForm, WrongForm
from .rules import activity as in_words
from .rules.page import ServicePage
from .rules.standing import Checks, Freshness
from .rules.vocabulary import KIND_BY_SLUG


def say(said: Said | None) -> str:
    return said.text(_, ngettext) if said else ""


@public("What one activity is like: open to anybody who might go.")
def activity(request: HttpRequest, uid: UUID) -> HttpResponse:
    page = _page(uid)
    said = in_words.activity(page, timezone.localtime())
    response = render(
        request,
        "directory/activity.html",
        {
            **_heading(page),
            "said": said,
            "next_start": say(said.next_start),
            "places": [
                {
                    "lines": place.lines,
                    "times": [say(one) for one in place.times],
                    "transport": place.transport,
                }
                for place in said.places
            ],
            "keep_when": "; ".join(say(one) for place in said.places[:1] for one in place.times),
            "keep_where": ", ".join(said.places[0].lines) if said.places else "",
            "costs": [say(one) for one in said.costs],
            "ages": say(said.ages),
            "parent_form": say(said.parent_form),
            "room": say(said.room),
            "told": [(say(question), answer) for question, answer in said.told],
            "comforts": [say(one) for one in said.comforts],
            "ask": [say(one) for one in said.ask],
            "checks_unknown": page.checks is Checks.UNKNOWN,
            "days": max(0, (timezone.localdate() - page.checked_on).days),
            "ageing": page.freshness is Freshness.AGEING or page.doubted,
            "can_calendar": any(place.starts_at for place in said.places),
            "can_tell": _can_tell(page),
            "alert": page.details.get("alert") or "",
            "how_to_join": page.details.get("application_process") or "",
            "thanks": request.GET.get("thanks", ""),
            "more_like_it": _more_like(page) if page.standing.code else "",
            "town": next((place.town for place in page.places if place.town), ""),
        },
        # A closed activity is told apart from a missing one, but it is not a page to land on.
        status=410 if page.standing.code else 200,
    )
    return response


@public("Anybody may say that a listing is wrong; no identity is asked or kept.")
def wrong(request: HttpRequest, uid: UUID) -> HttpResponse:
    page = _page(uid)
    form = WrongForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_wrong(
                uid, what=form.cleaned_data["what"], words=form.cleaned_data["words"], now=timezone.now()
            )
            return _thanks(page, "wrong")
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    return _ask(request, page, form, "directory/wrong.html")


@public("Anybody who went may say how it was, with one tap and no name; the card's code leads here.")
def how(request: HttpRequest, uid: UUID) -> HttpResponse:
    page = _page(uid)
    form = HowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.say_how_it_was(uid, face=form.cleaned_data["face"], now=timezone.now())
        return _thanks(page, "how")
    return _ask(request, page, form, "directory/how.html")


@public("One message to a group that somebody is coming; deleted after 30 days.")
def tell(request: HttpRequest, uid: UUID) -> HttpResponse:
    page = _page(uid)
    form = TellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _thanks(page, "told" if _told_them(page, form.cleaned_data) else "not-told")
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
    return _ask(request, page, form, "directory/tell.html")


def _can_tell(page: ServicePage) -> bool:
    """The demo shows the form too, and says at its end that nothing was sent."""
    return bool(page.email) and not page.standing.code and bool(settings.EMAIL_HOST or settings.DEMO)


def _told_them(page: ServicePage, said: dict[str, Any]) -> bool:
    """Keep the message and post it. Where no e-mail leaves this site nothing is kept, and the page says so."""
    if not (settings.EMAIL_HOST and _can_tell(page)):
        return False
    actions.tell_them(
        page.uid,
        name_to_use=said["name"],
        reply_to=said["reply"],
        first_time=said["first_time"],
        now=timezone.now(),
    )
    try:
        return bool(send_mail(*_hello(page.name, said), None, [page.email]))
    except (OSError, SMTPException):
        return False


def _hello(activity: str, said: dict[str, Any]) -> tuple[str, str]:
    """Subject and text, in the language of the page; in English too, as we don't know what the group reads."""
    subject = " ".join((_("Somebody is coming to %(activity)s") % {"activity": activity}).split())
    text = _hello_lines(activity, said)
    if get_language() == "cy":
        with override("en-gb"):
            text += "\n\n--\n\n" + _hello_lines(activity, said)
    return subject, text


def _hello_lines(activity: str, said: dict[str, Any]) -> str:
    lines = [
        _("%(name)s would like to come to %(activity)s.") % {"name": said["name"], "activity": activity},
        _("It is their first time. A quiet hello would help.") if said["first_time"] else "",
        _("To reply: %(reply)s") % {"reply": said["reply"]},
        _("Please delete this within 30 days; we do the same."),
    ]
    return "\n\n".join(filter(None, lines))


def _page(uid: UUID) -> ServicePage:
    page = queries.service_page(uid)
    if page is None:
        raise Http404
    return page


def _heading(page: ServicePage) -> dict[str, Any]:
    kind = KIND_BY_SLUG[page.kinds[0] if page.kinds and page.kinds[0] in KIND_BY_SLUG else "other"]
    return {
        "page": page,
        "kind": kind.slug,
        "kind_label": _(kind.name),
        "closed": _(page.standing.words) if page.standing.code else "",
        "activity_url": reverse("activity", args=[page.uid]),
    }


def _more_like(page: ServicePage) -> str:
    """Where to look instead of a closed activity: the same kind of thing, near where it was."""
    kind = next((slug for slug in page.kinds if slug in KIND_BY_SLUG), "")
    place = next((place.postcode.split()[0] for place in page.places if place.postcode), "") or next(
        (place.town for place in page.places if place.town), ""
    )
    return f"{reverse('find')}?{urlencode({k: v for k, v in (('kind', kind), ('near', place)) if v})}"


def _ask(request: HttpRequest, page: ServicePage, form: Any, template: str) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, template, {**_heading(page), "form": form}, status=status)


def _thanks(page: ServicePage, what: str) -> HttpResponse:
    """Back to the activity, by a redirect: going back or reloading sends nothing twice."""
    return HttpResponseRedirect(f"{reverse('activity', args=[page.uid])}?thanks={what}")
