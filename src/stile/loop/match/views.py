"""The finder: looking for something to do without an account, and the same engine for a worker's desk."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stile.access.gate import public
from stile.kernel.said import Said
from stile.loop.directory.queries import listings_by_row
from stile.loop.directory.rules.concepts import reading
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, TILE_NAMES, Tile
from stile.places.queries import towns_around
from stile.places.rules import NotFound

from . import actions, queries
from .forms import USUAL_NEEDS, FindForm, wish_of
from .rules.cards import Card, card
from .rules.map import draw
from .rules.wish import Relax, Shortlist, Where

AT_ONCE = 8  # cards before "more": what one can take in on a phone
# What is behind "days, distance, age and more".
NARROWING = ("when", "day", "part", "travel", "km", "age", "budget", "someone", "online", "lang", "avoid")
TILES = [(tile.value, TILE_NAMES[tile]) for tile in Tile]


def say(said: Said | None) -> str:
    """A sentence in the language of the page."""
    return said.text(_, ngettext) if said else ""


@public("Looking needs no account and no data: the front door.")
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request, "match/home.html", {"tiles": [(slug, _(name), f"tile-{slug}") for slug, name in TILES]}
    )


@public("Asks where and when, both optional, before the list.")
def where(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET)
    kept = form.kept()
    tile = kept.get("tile") or ""
    return render(
        request,
        "match/where.html",
        {
            "form": form,
            "tile": tile,
            "tile_name": _(TILE_NAMES[Tile(tile)]) if tile else "",
            "tile_scene": f"tile-{tile}",
        },
    )


@public("The list of activities; nothing about who looks is kept.")
def find(request: HttpRequest) -> HttpResponse:
    page = _found(request, introducing=False)
    template = "match/found.html" if request.htmx else "match/find.html"  # type: ignore[attr-defined]
    response = render(request, template, page)
    response["Vary"] = "HX-Request"
    return response


@public("The same search with every filter at hand, for somebody helping another person look.")
def desk(request: HttpRequest) -> HttpResponse:
    page = _found(request, introducing="seen" not in request.GET or request.GET["seen"] == "1")
    page |= {
        "rows": page["cards"] + page["more_cards"],
        "days": [
            (value, WEEKDAYS_ABBR[at], words)
            for at, (value, words) in enumerate(page["form"].fields["day"].choices)
        ],
        "out": sum(n for _reason, n in page["left_out"]),
    }
    template = "match/desk_rows.html" if request.htmx else "match/desk.html"  # type: ignore[attr-defined]
    response = render(request, template, page)
    response["Vary"] = "HX-Request"
    return response


@public("The list on the reader's own device; the server sees none of it.")
def kept(request: HttpRequest) -> HttpResponse:
    return render(request, "match/kept.html")


# ---------------------------------------------------------------- from the address to the page


def _found(request: HttpRequest, *, introducing: bool) -> dict[str, Any]:
    form = FindForm(request.GET)
    asked = form.kept()
    now = timezone.localtime()
    place, trouble, suggestions = _place(asked.get("near") or "")
    wish = wish_of(asked, place, now.date(), introducing=introducing)
    shortlist = queries.shortlist(wish, now)
    cards, ask_first = _cards(shortlist, now.date(), place)
    if not cards and (wish.words or wish.kinds):
        actions.note_unmet(wish, shortlist, at=now)
    spots = [(one.lat, one.lon) if one.lat is not None and one.lon is not None else None for one in cards]
    usual = bool(wish.words or wish.kinds)  # "outside the usual" says nothing where nothing was asked for
    shown = [
        _shown(one) | {"number": number, "outside": one.outside and usual}
        for number, one in enumerate(cards, 1)
    ]
    towns = towns_around(place.lat, place.lon, 60) if place else ()
    return {
        "form": form,
        "asked": asked,
        "place": place,
        "place_trouble": trouble
        and {
            "typed": trouble,
            "ways": [(one, _changed(request, {"near": one})) for one in suggestions],
        },
        "cards": shown[:AT_ONCE],
        "more_cards": shown[AT_ONCE:],
        "found": len(shown),
        "ask_first": [_shown(one) for one in ask_first],
        "left_out": [(_(reason), n) for reason, n in shortlist.left_out.items() if n],
        "relax": [_way_on(request, one) for one in shortlist.relax],
        "ways_on": _ways_on(request, asked),
        "heard": [(theirs, say(ours)) for theirs, ours in shortlist.heard],
        "urgent": bool(wish.words) and reading.read(wish.words).urgent,
        "map": draw(spots, place, towns),
        "chips": [
            (slug, _(FACT_BY_SLUG[slug].need), slug in (asked.get("need") or ())) for slug in USUAL_NEEDS
        ],
        "tile_name": _(TILE_NAMES[Tile(asked["tile"])]) if asked.get("tile") else "",
        "ticked": sum(map(bool, (asked.get("free"), asked.get("no_form")))) + len(asked.get("need") or ()),
        "narrowed": sum(bool(asked.get(name)) for name in NARROWING),
        "searched": bool(request.GET),
        "introducing": introducing,
    }


def _place(near: str) -> tuple[Where | None, str, tuple[str, ...]]:
    """The place typed; or what could not be found, with the nearest names that can."""
    if not near.strip():
        return None, "", ()
    found = queries.place_named(near)
    return (None, near, found.suggestions) if isinstance(found, NotFound) else (found, "", ())


def _cards(shortlist: Shortlist, today: Any, near: Where | None) -> tuple[list[Card], list[Card]]:
    rows = [one.row for one in (*shortlist.suggestions, *shortlist.ask_first)]
    listings = {listing.row: listing for listing in listings_by_row(rows)}

    def made(ones: Any) -> list[Card]:
        return [card(one, listings[one.row], today, near) for one in ones if one.row in listings]

    return made(shortlist.suggestions), made(shortlist.ask_first)


def _shown(one: Card) -> dict[str, Any]:
    """A card in the language of the page, as `{% activity_card %}` takes it."""
    return {
        "id": one.id,
        "name": one.name,
        "url": reverse("activity", args=[one.id]),
        "kind": one.kind,
        "kind_label": say(one.kind_label),
        "place": one.place,
        "distance": say(one.distance),
        "next_start": say(one.next_start),
        "places_left": say(one.places_left),
        "price": say(one.price),
        "ages": say(one.ages),
        "badges": [(say(words), tone) for words, tone in one.badges],
        "reasons": [say(words) for words in one.reasons],
        "unknown": [say(words) for words in one.unknown],
        "checked": say(one.checked),
        "organisation": one.organisation,
        "outside": one.outside,
    }


# How a change to the wish is written in the address: what each field of it is asked by.
_ASKED_BY: dict[str, tuple[str, ...]] = {
    "days": ("day",),
    "parts": ("part",),
    "on_or_after": ("when",),
    "on_or_before": ("when",),
    "budget_pence": ("free", "budget"),
    "no_parent_form": ("no_form",),
    "language": ("lang",),
    "kinds": ("kind", "tile"),
    "near": ("near", "km"),
}


def _way_on(request: HttpRequest, relax: Relax) -> dict[str, Any]:
    change: dict[str, object] = {}
    for field, value in relax.change.items():
        names = _ASKED_BY.get(field, (field,))
        change.update(dict.fromkeys(names, value if names == (field,) else None))
    return {"words": say(relax.words), "more": relax.more, "url": _changed(request, change)}


def _changed(request: HttpRequest, change: Mapping[str, object]) -> str:
    """The same search with some of its answers changed; None takes one away."""
    query = request.GET.copy()
    for name, value in change.items():
        if value is None or value == "" or value is False:
            query.pop(name, None)
        elif isinstance(value, list | tuple | set | frozenset):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = "1" if value is True else str(value)
    return f"{request.path}?{query.urlencode()}"


def _ways_on(request: HttpRequest, asked: Mapping[str, Any]) -> list[dict[str, str]]:
    """Where to go when nothing fits at all; a list is never a dead end (experience.md A3)."""
    ways = []
    if asked.get("day") or asked.get("when") or asked.get("part"):
        ways.append(
            {
                "words": _("Look at any day"),
                "url": _changed(request, {"day": None, "when": None, "part": None}),
            }
        )
    if asked.get("near"):
        further = {"km": min(200, round((asked.get("km") or 10) * 2))}
        ways.append({"words": _("Look further away"), "url": _changed(request, further)})
        ways.append({"words": _("Look anywhere"), "url": _changed(request, {"near": None, "km": None})})
    if not asked.get("online"):
        ways.append({"words": _("Look online too"), "url": _changed(request, {"online": True})})
    ways.append({"words": _("Start again with something else"), "url": reverse("home")})
    return ways
