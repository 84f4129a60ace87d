"""The site's addresses, and `/still/`: the finder's own page, filled once, drawn every time."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from stile.access.gate import public
from stile.loop.match import views
from stile.site import urls as site

found: dict[str, dict[str, Any]] = {}


@public("For the bench: the finder's template without its search.")
def still(request: HttpRequest) -> HttpResponse:
    key = request.META["QUERY_STRING"]
    if key not in found:
        found[key] = views._found(request, introducing=False)
    return render(request, "match/find.html", found[key])


urlpatterns = [path("still/", still), *site.urlpatterns]
handler400, handler403, handler404, handler500 = (
    site.handler400,
    site.handler403,
    site.handler404,
    site.handler500,
)
