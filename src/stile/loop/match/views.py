"""The finder: looking for something to do without an account, and the same engine for a worker's desk."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
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
from stile.loop.directory.rules.concepts import reading
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, TILE_NAMES, Tile
from stile.places.queries import towns_around
from stile.places.rules import NotFound

from . import actions, queries
from .forms import USUAL_NEEDS, FindForm, wish_of
from .rules.cards import Card, card
from .rules.map import draw
from .rules.reasons import SOUNDS_LIKE
from .rules.wish import Relax, Shortlist, Suggestion, Where

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
    page = _found(request, introducing="seen" not in request.GET or request.GET["seen"] == "1", brief=True)
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


def _found(request: HttpRequest, *, introducing: bool, brief: bool = False) -> dict[str, Any]:
    form = FindForm(request.GET)
    asked = form.kept()
    now = timezone.localtime()
    place, trouble, suggestions = _place(asked.get("near") or "")
    wish = wish_of(asked, place, now.date(), introducing=introducing)
    shortlist = queries.shortlist(wish, now)
    cards, ask_first = _cards(shortlist, now.date(), place, brief)
    usual = bool(wish.words or wish.kinds)  # "outside the usual" says nothing where nothing was asked for
    fits = [one for one in cards if not (one.outside and usual)]
    if not fits and usual:
        actions.note_unmet(wish, shortlist, at=now)
    heard = reading.read(wish.words) if wish.words else reading.Reading()
    spots = [(one.lat, one.lon) if one.lat is not None and one.lon is not None else None for one in cards]
    shown = [
        _shown(one) | {"number": number, "outside": one.outside and usual}
        for number, one in enumerate(cards, 1)
    ]
    relax = [one for one in shortlist.relax if one.change]  # the page itself leads to a person
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
        "only_outside": bool(cards) and not fits,
        "not_heard": "" if understood(heard, shortlist) else wish.words,
        "troubles": [(form[name].label, words) for name, errors in form.errors.items() for words in errors],
        "ask_first": [_shown(one) for one in ask_first],
        "left_out": [(_(reason), n) for reason, n in shortlist.left_out.items() if n],
        "relax": [_way_on(request, one) for one in relax],
        "ways_on": _ways_on(request, asked, {one.code for one in relax}),
        "heard": [(theirs, say(ours)) for theirs, ours in shortlist.heard],
        "urgent": heard.urgent,
        "map": draw(spots, place, towns),
        "chips": [
            (slug, _(FACT_BY_SLUG[slug].need), slug in (asked.get("need") or ())) for slug in USUAL_NEEDS
        ],
        "tile_name": _(TILE_NAMES[Tile(asked["tile"])]) if asked.get("tile") else "",
        "ticked": _ticked(asked),
        "narrowed": sum(bool(asked.get(name)) for name in NARROWING),
        "searched": bool(request.GET),
        "introducing": introducing,
    }


def understood(heard: reading.Reading, shortlist: Shortlist) -> bool:
    """Whether the words changed anything: something in them was heard, or came close to an activity's own."""
    return heard != reading.Reading(language=heard.language) or any(
        reason.words == SOUNDS_LIKE for one in shortlist.suggestions for reason in one.reasons
    )


def _place(near: str) -> tuple[Where | None, str, tuple[str, ...]]:
    """The place typed; or what could not be found, with the nearest names that can."""
    if not near.strip():
        return None, "", ()
    found = queries.place_named(near)
    return (None, near, found.suggestions) if isinstance(found, NotFound) else (found, "", ())


def _ticked(asked: Mapping[str, Any]) -> list[str]:
    """What it must be, in the words of the chips, for the line they are folded behind."""
    words = [_("Free")] * bool(asked.get("free")) + [_("no parent form")] * bool(asked.get("no_form"))
    return words + [_(FACT_BY_SLUG[slug].need) for slug in asked.get("need") or ()]


def _cards(
    shortlist: Shortlist, today: date, near: Where | None, brief: bool
) -> tuple[list[Card], list[Card]]:
    listings = shortlist.listings

    def made(ones: Iterable[Suggestion]) -> list[Card]:
        return [card(one, listings[one.row], today, near, brief=brief) for one in ones]

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
        "times": "; ".join(say(words) for words in one.times),
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


def _ways_on(
    request: HttpRequest, asked: Mapping[str, Any], offered: Collection[str]
) -> list[dict[str, str]]:
    """Where to go when nothing fits at all; a list is never a dead end (experience.md A3).

    `offered` are the codes of the ways the match itself has found: none is offered twice.
    """
    km = min(200, round((asked.get("km") or 10) * 2))
    ways: list[tuple[str, bool, str, dict[str, object]]] = [
        (
            "another_day",
            any(asked.get(name) for name in ("day", "when", "part")),
            _("Look at any day"),
            {"day": None, "when": None, "part": None},
        ),
        ("further", bool(asked.get("near")), _("Look further away"), {"km": km}),
        ("anywhere", bool(asked.get("near")), _("Look anywhere"), {"near": None, "km": None}),
        ("online", not asked.get("online"), _("Look online too"), {"online": True}),
    ]
    found = [
        {"words": words, "url": _changed(request, change)}
        for code, helps, words, change in ways
        if helps and code not in offered
    ]
    return [*found, {"words": _("Start again with something else"), "url": reverse("home")}]
