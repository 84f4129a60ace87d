"""The way in: an e-mail address, a code, as what; an invitation; the way out."""

import secrets
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stile.access import sessions
from stile.access.entry import openid
from stile.access.gate import requires, signing_in
from stile.access.policy.doors import Do
from stile.access.policy.entry import KNOWN_FOR, strong_enough
from stile.access.policy.words import Role
from stile.kernel.decision import Refused

from ..actions import made_up, mail, proofs
from ..actions import signin as actions
from ..actions import staff as staff_actions
from ..forms_signin import CodeForm, EmailForm
from ..queries import staff as queries
from ..rules import ways
from ..rules.said import ROLE_NAMES

ASKED, NEXT, WANTED = "asked", "next", "wanted"


@signing_in("Somebody who was invited signs in; it says nothing about who was.")
def sign_in(request: HttpRequest) -> HttpResponse:
    _keep_next(request)
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[sessions.SHARED] = form.cleaned_data["shared"]
        try:
            code = actions.ask(
                email=form.cleaned_data["email"], place=place(request), device=_device(request),
                link_to=request.build_absolute_uri(reverse("sign-in-link", args=["TOKEN"])), at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, _(refused.decision.words))
        else:
            if code is not None:
                request.session[ASKED] = str(code)
            return redirect("sign-in-code")
    return render(
        request,
        "people/signin/email.html",
        {
            "form": form,
            "mail_works": mail.works(),
            "providers": openid.providers().values(),
            "made_up": [
                {
                    "id": one.id,
                    "name": one.name,
                    "role": role_name(one.role),
                    "house": one.organisation.name if one.organisation else "",
                }
                for one in made_up.everybody(timezone.now())
            ],
        },
    )


@signing_in("Types the code that was sent.")
def code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account_id = actions.show_code(
                code_id=UUID(request.session.get(ASKED, str(UUID(int=0)))), code=form.cleaned_data["code"],
                place=place(request), at=timezone.now(),
            )  # fmt: skip
            return arrived(request, account_id, "mail")
        except Refused as refused:
            form.add_error("code", _(refused.decision.words))
    return render(request, "people/signin/code.html", {"form": form})


@signing_in("Opens the link that was sent: a button first, since mail programs open links by themselves.")
def link(request: HttpRequest, token: str) -> HttpResponse:
    wrong = ""
    if request.method == "POST":
        try:
            account_id = actions.show_link(link=token, place=place(request), at=timezone.now())
            return arrived(request, account_id, "mail")
        except Refused as refused:
            wrong = _(refused.decision.words)
    return render(request, "people/signin/link.html", {"wrong": wrong})


@signing_in("Chooses as what they act, out of what they are here.")
def choose(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    account_id = sessions.half_way(request.session, now)
    if account_id is None:
        return redirect("sign-in")
    found = actions.roles(account_id=account_id, house=house(request), at=now)
    wanted = request.session.get(WANTED, "") if sessions.is_strong(request.session) else ""
    if len(found) == 1:
        wanted = str(found[0].id)
    if request.method == "POST" or wanted:
        chosen = request.POST.get("as", "") if request.method == "POST" else wanted
        for one in found:
            if str(one.id) == chosen:
                return settle(request, account_id, one.id, Role(one.role))
    rows = [
        {
            "id": one.id,
            "role": role_name(one.role),
            "where": one.organisation.name if one.organisation else "",
        }
        for one in found
    ]
    return render(request, "people/signin/choose.html", {"rows": rows})


@signing_in("Takes an invitation: the only way in for somebody who has no account yet.")
def come_in(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    waiting = queries.invitation(token, now)
    if waiting is None:
        return render(request, "people/signin/invitation_over.html", status=410)
    if request.method == "POST":
        request.session[sessions.SHARED] = "shared" in request.POST
        try:
            account_id, membership_id = staff_actions.take_invitation(token=token, at=now)
        except Refused:
            return render(request, "people/signin/invitation_over.html", status=410)
        sessions.arrive(request.session, account_id, "mail", now)
        return settle(request, account_id, membership_id, Role(waiting.role))
    return render(
        request,
        "people/signin/invitation.html",
        {
            "waiting": waiting,
            "role": role_name(waiting.role),
            "own": waiting.role == Role.YOUNG_PERSON,
            "token": token,
            "providers": openid.providers().values() if waiting.organisation_id else (),
        },
    )


@signing_in("Leaves, from wherever they are on the way in.")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    account_id = sessions.half_way(request.session, timezone.now())
    if account_id is not None:
        actions.go(account_id=account_id, at=timezone.now())
    request.session.flush()
    return redirect("signed-out")


@signing_in("Says that they are out.")
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "people/signin/out.html")


@requires(Do.ENTER)
def inside(request: HttpRequest) -> HttpResponse:
    """Where one arrives, until the day's work has a page of its own."""
    actor = request.actor  # type: ignore[attr-defined]
    where = queries.house_name(actor.organisation_id) if actor.organisation_id else ""
    open_to = [(reverse(one.page), _(one.words), _(one.about)) for one in ways.of(actor.role)]
    if len(actions.roles(account_id=actor.account_id, house=house(request), at=timezone.now())) > 1:
        open_to.append(
            (reverse("sign-in-as"), _("Act as something else"), _("You have more than one role here."))
        )
    return render(
        request,
        "people/signin/inside.html",
        {
            "role": role_name(actor.role),
            "where": where,
            "ways": open_to,
            "young": actor.role is Role.YOUNG_PERSON,
        },
    )


# ---------------------------------------------------------------- shared by the sign-in pages


def arrived(request: HttpRequest, account_id: UUID, how: str) -> HttpResponse:
    """They have shown, in one way, who they are: on to what they come in as."""
    request.session[sessions.DEVICE] = device_name(request)
    sessions.arrive(request.session, account_id, how, timezone.now())
    request.session.pop(ASKED, None)
    return redirect("sign-in-as")


def settle(request: HttpRequest, account_id: UUID, membership_id: UUID, role: Role) -> HttpResponse:
    """Come in as this, or to the second step that this role asks for."""
    strong = sessions.is_strong(request.session)
    if not strong_enough(role, strong):
        request.session[WANTED] = str(membership_id)
        return redirect("sign-in-second")
    now = timezone.now()
    actions.come_in(
        account_id=account_id, membership_id=membership_id, strong=strong, house=house(request), at=now
    )
    request.session.pop(WANTED, None)
    onward = request.session.pop(NEXT, "") or reverse("inside")
    sessions.settle(request.session, membership_id)
    response = redirect(onward)
    if not request.session.get(sessions.SHARED):
        device = _device(request) or secrets.token_urlsafe(24)
        actions.remember(account_id=account_id, device=device, at=now)
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME, device, max_age=KNOWN_FOR, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def role_name(role: str) -> str:
    return _(ROLE_NAMES[Role(role)])


def visit(request: HttpRequest) -> proofs.Visit | None:
    """Whoever is on the way in, or in; None when nobody is, or they took too long."""
    account_id = sessions.half_way(request.session, timezone.now())
    if account_id is None:
        return None
    strong, bound = sessions.is_strong(request.session), sessions.HOUSE in request.session
    return proofs.Visit(account_id, strong, origin(request), bound)


def origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def house(request: HttpRequest) -> UUID | None:
    return UUID(request.session[sessions.HOUSE]) if sessions.HOUSE in request.session else None


def place(request: HttpRequest) -> str:
    """Where a request comes from: the address our own proxy saw, where there is one (STILE_PROXIES)."""
    if settings.PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.PROXIES and hops[-settings.PROXIES].strip():
            return str(hops[-settings.PROXIES].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def device_name(request: HttpRequest) -> str:
    """What a browser calls itself, in three words: enough for its owner to know it by."""
    said = request.headers.get("User-Agent", "")
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    browser = next((name for mark, name in _BROWSERS if mark in said), "")
    return " · ".join(filter(None, (browser, system)))


_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def _device(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")[:64]


def _keep_next(request: HttpRequest) -> None:
    """Where they were going, if it is a page of ours."""
    wanted = request.GET.get("next", "")
    # From the root of this site: anything else a redirect would take for the name of a view.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        request.session[NEXT] = wanted[:500]
