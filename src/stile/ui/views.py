"""The component gallery: the one page where the whole design language can be seen at once."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from stile.ui.forms import GalleryForm
from stile.ui.sprites import drawings

COLOURS = (
    "paper", "card", "sunk", "ink", "soft", "line", "edge", "hedge", "deep", "on-hedge", "leaf", "marigold",
    "petal", "heather", "heath", "coral", "blush", "sky", "bank", "on-bank",
)  # fmt: skip
TILES = (
    ("tile-make", _("Make")), ("tile-move", _("Move")), ("tile-outdoors", _("Outdoors")),
    ("tile-stage", _("Music & stage")), ("tile-people", _("Meet people")), ("tile-help", _("Help out")),
    ("tile-calm", _("Somewhere calm")), ("tile-surprise", _("Surprise me")),
)  # fmt: skip
FULL_CARD = {
    "id": "gallery-1", "name": _("Sketch and natter"), "url": "#card", "kind": "drawing",
    "kind_label": _("Drawing and painting"), "place": _("Millside Library"),
    "distance": _("12 minutes by bike"),
    "next_start": _("Tuesday 3 March at 4pm"), "price": _("Free"), "ages": _("Aged 11 to 16"),
    "places_left": _("3 places"),
    "reasons": [_("Because you said drawing"), _("Small group, quiet room"), _("Step-free, by a bus stop")],
    "unknown": [_("We don’t know if you can bring a friend")],
    "badges": [(_("No sign-up"), "leaf"), (_("No parent form"), "joy"), (_("Someone meets you"), "people")],
    "checked": _("Last checked 3 days ago"),
}  # fmt: skip
PLAIN_CARD = {
    "id": "gallery-2", "name": _("A club with a very long name that has to wrap on a small phone"),
    "url": "#card", "kind": "not-drawn-yet", "kind_label": _("Something else"),
    "unknown": [_("We don’t know when it starts")],
    "checked": _("Last checked 71 days ago"),
}  # fmt: skip


def context() -> dict[str, Any]:
    """Everything the gallery shows; sample words only."""
    empty: dict[str, Any] = {}
    return {
        "colours": COLOURS,
        "tiles": TILES,
        "cards": [FULL_CARD, PLAIN_CARD],
        "form": GalleryForm(auto_id="ok-%s"),
        "wrong": GalleryForm(
            data=empty | {"town": "Sale", "needs": ["quiet"], "first": "on"}, auto_id="wrong-%s"
        ),
        "emblems": list(drawings("emblems").values()),
        "icons": [name.removeprefix("icon-") for name in drawings("icons")],
        "scenes": [*drawings("tiles").values(), *drawings("scenes").values()],
        "chip_choices": [("free", _("Free")), ("quiet", _("Quiet")), ("friend", _("Bring a friend"))],
        "when_choices": [("today", _("Today")), ("week", _("This week")), ("weekend", _("Weekend"))],
        "page": Paginator(range(50), 10).page(2),
        "walk_names": [_("What you like"), _("Where and when"), _("Look it over")],
        "fact_rows": [
            (_("Who meets you"), _("Dee, at the door")),
            (_("Noise"), _("Quiet")),
            (_("Last bus home"), None),
        ],
        "columns": [_("Activity"), _("Day"), (_("Places"), "num")],
        "rows": [(_("Sketch and natter"), _("Tuesday"), 3), (_("Bouldering"), _("Friday"), 12)] * 6,
        "demo": True,
        "other_language_url": "#cy",
        "other_language_name": "Cymraeg",
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, light beside dark."""
    return render(request, "ui/gallery.html", context())


# The gate's own decorator sets a database role; this page reads nothing, and `ui` stands beside `access`.
gallery.gate = ("public", "Shows the parts pages are made of; reads no data.")  # type: ignore[attr-defined]
