"""An activity's card: A6 to print, a picture for a phone, plain words."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from stile.access.gate import public
from stile.kernel.said import Said
from stile.kernel.words import N_
from stile.loop.directory.queries import service_page
from stile.loop.directory.rules.activity import activity
from stile.loop.directory.rules.page import ServicePage
from stile.ui.sprites import emblem_svg

from . import mapping

HELP = (
    "999", "111", N_("Text SHOUT to 85258"), "Childline 0800 1111", N_("Samaritans 116 123"),
)  # fmt: skip


@public("A card of one open activity; holds nothing about who asks.")
def download(request: HttpRequest, uid: UUID, form: str) -> HttpResponse:
    page = service_page(uid)
    if page is None:
        raise Http404
    words = _words(page, request.build_absolute_uri(reverse("how", args=[page.uid])))
    makers = {
        "pdf": (mapping.pdf, "application/pdf"),
        "png": (mapping.picture, "image/png"),
        "txt": (lambda card: mapping.plain(card).encode(), "text/plain; charset=utf-8"),
    }
    if form not in makers:
        raise Http404
    make, kind = makers[form]
    response = HttpResponse(make(words), content_type=kind)
    # A neutral name: it may lie in a shared folder of downloads.
    response["Content-Disposition"] = f'{"inline" if form == "txt" else "attachment"}; filename="card.{form}"'
    return response


def _say(said: Said | None) -> str:
    return said.text(gettext, ngettext) if said else ""


def _words(page: ServicePage, url: str) -> mapping.Words:
    said = activity(page, timezone.localtime())
    place = next((one for one in said.places if one.starts_at), said.places[0] if said.places else None)
    times = "; ".join(_say(one) for one in place.times) if place else ""
    rows = [
        (gettext("Every time"), times if said.next_start else ""),
        (gettext("Who meets you"), page.welcome.who_meets_you),
        (gettext("What to bring"), page.welcome.what_to_bring),
        (gettext("Cost"), "; ".join(_say(one) for one in said.costs)),
        (gettext("Bus home"), page.welcome.bus_home or (place.transport if place else "")),
        (gettext("Phone"), page.phone),
    ]
    return mapping.Words(
        language="cy" if get_language() == "cy" else "en",
        title=page.name,
        when_label=gettext("Next time") if said.next_start else gettext("When"),
        when=_say(said.next_start) or times or gettext("Ask them for the day and time"),
        place_label=gettext("Where"),
        place=place.lines if place and place.lines else (gettext("Ask them where"),),
        rows=tuple((label, mapping.shortened(text)) for label, text in rows if text),
        cannot=gettext("Can’t make it? That’s fine. Come another time."),
        help_title=gettext("Need help now?"),
        help=tuple(gettext(line) for line in HELP),
        scan=gettext("How was it? Scan this after."),
        after=gettext("How was it? Tell us after"),
        url=url,
        emblem=emblem_svg(page.kinds[0] if page.kinds else "other"),
        demo=gettext("Demo: a made-up town. Nobody here is real.") if settings.DEMO else "",
    )
