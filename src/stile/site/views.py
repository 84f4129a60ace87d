"""Pages that belong to no area: help now, a person to talk to, about us, and what to say when lost."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from stile.access.gate import public
from stile.loop.directory.queries import sources
from stile.places.rules import ATTRIBUTIONS
from stile.site import help_now as help_now_content


@public("Help must be one tap away for anybody, always.")
def help_now(request: HttpRequest) -> HttpResponse:
    content = help_now_content.content()
    usual = "wales" if get_language() == "cy" else "england"
    codes = {nation.code: nation for nation in content.nations}
    chosen = codes.get(request.GET.get("nation", usual), codes[usual])
    return render(
        request,
        "site/help_now.html",
        {
            "nation": {
                "words": gettext(chosen.urgent_words),
                "urgent": chosen.urgent,
                "dial": chosen.dial,
            },
            "nations": [
                {"code": one.code, "name": gettext(one.name), "here": one is chosen}
                for one in content.nations
            ],
            "lines": [
                {"name": gettext(one.name), "how": gettext(one.how), "kind": one.kind, "dial": one.dial}
                for one in content.lines
            ],
        },
    )


@public("Says how to reach a person; asks nothing.")
def talk(request: HttpRequest) -> HttpResponse:
    return render(request, "site/talk.html", {"lines": help_now_content.content().lines})


@public("Where the directory and the maps come from, with the licences' own words.")
def about_data(request: HttpRequest) -> HttpResponse:
    return render(request, "site/about_data.html", {"attributions": ATTRIBUTIONS, "sources": sources()})


@public("What we keep about a visitor: nothing.")
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html")


@public("How these pages can be used, and what to do when they can't.")
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html")


# ---------------------------------------------------------------- when something is wrong


def _lost(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Error pages touch no database: it may be what is broken."""
    return render(request, template, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _lost(request, "ui/error_400.html", 400)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _lost(request, "ui/error_404.html", 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _lost(request, "ui/error_500.html", 500)
