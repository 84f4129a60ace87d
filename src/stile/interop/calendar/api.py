"""An activity as a calendar file."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from stile.access.gate import public
from stile.loop.directory.queries import service_page

from .mapping import calendar


@public("A calendar file of one open activity; holds nothing about who asks.")
def download(request: HttpRequest, uid: UUID) -> HttpResponse:
    page = service_page(uid)
    if page is None:
        raise Http404
    place = page.places[0] if page.places else None
    where = (
        ", ".join(part for part in (place.name, place.address, place.town, place.postcode) if part)
        if place
        else ""
    )
    data = calendar(
        uid=page.uid,
        name=page.name,
        where=where,
        about=page.welcome.who_meets_you,
        url=request.build_absolute_uri(reverse("activity", args=[page.uid])),
        times=place.times if place else (),
        now=timezone.now(),
        cancelled=bool(page.standing.code),
    )
    if data is None:
        raise Http404  # no certain time: the page offers no calendar, so nobody is led here
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="activity.ics"'
    return response
