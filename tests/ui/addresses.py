"""The addresses the base pages name, so that the parts can be tested without the pages made of them."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


NAMES = ("help-now", "talk", "about-data", "privacy", "accessibility", "sign-in")
urlpatterns = [
    *(path(f"{name}/", nothing, name=name) for name in NAMES),
    path("design/", include("stile.ui.urls")),
]
