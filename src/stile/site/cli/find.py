"""`stile find`: the match on the command line, for people at a desk and for scripts.

Exit codes: 0 the search was done, whatever it found; 2 something in the question is not understood
(said in words, with the nearest spellings); 1 a fault of ours, or the database does not answer.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NoReturn
from uuid import UUID

import typer
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from stile.kernel.said import day_and_clock
from stile.loop.directory.rules.times import LONDON
from stile.loop.directory.rules.vocabulary import (
    FACTS,
    KIND_BY_SLUG,
    KINDS,
    WEEKDAYS,
    PartOfDay,
    Tile,
)
from stile.loop.match.rules.hearing import days_meant
from stile.loop.match.rules.wish import Shortlist, Suggestion, Travel, Where, Wish
from stile.site.cli.ground import err, ground, out


class When(StrEnum):
    TODAY = "today"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this-week"
    THIS_WEEKEND = "this-weekend"
    NEXT_WEEK = "next-week"


Words = Annotated[str, typer.Argument(help="What they would like, in their own words.")]
Many = list[str]


def find(
    words: Words = "",
    near: Annotated[str, typer.Option(help="Postcode, the first part of one, or a town.")] = "",
    online: Annotated[bool, typer.Option("--online", help="Online is fine too.")] = False,
    travel: Annotated[Travel, typer.Option(help="How they would get there.")] = Travel.BUS,
    km: Annotated[float | None, typer.Option(help="The furthest they would go.", min=0.1, max=500)] = None,
    age: Annotated[int | None, typer.Option(help="In years.", min=0, max=120)] = None,
    day: Annotated[Many | None, typer.Option(help="mon .. sun, weekday or weekend; again for more.")] = None,
    part: Annotated[list[PartOfDay] | None, typer.Option(help="Part of the day; again for more.")] = None,
    when: Annotated[When | None, typer.Option(help="Days from now on.")] = None,
    kind: Annotated[Many | None, typer.Option(help="A kind of activity, such as drawing.")] = None,
    tile: Annotated[Tile | None, typer.Option(help="All kinds behind a door of the home page.")] = None,
    need: Annotated[Many | None, typer.Option(help="Must be so: step-free, quiet, bring-friend ...")] = None,
    avoid: Annotated[Many | None, typer.Option(help="Must not be so: crowds, heights, loud ...")] = None,
    free: Annotated[bool, typer.Option("--free", help="Free only.")] = False,
    budget: Annotated[float | None, typer.Option(help="The most they can pay, in pounds.", min=0)] = None,
    no_form: Annotated[bool, typer.Option("--no-form", help="No form for a parent to sign.")] = False,
    language: Annotated[str, typer.Option(help="Offered in this language (cy, pl, ...).")] = "",
    with_someone: Annotated[bool, typer.Option("--with-someone", help="Someone to go with.")] = False,
    introducing: Annotated[
        bool,
        typer.Option("--introducing", help="For somebody else: safeguarding checks must have been seen."),
    ] = False,
    first: Annotated[int, typer.Option(help="How many at most.", min=1, max=100)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for other programs.")] = False,
) -> None:
    """Find activities for a wish: stile find "drawing and animals" --near "M33 7" --age 15 --day tue --free"""
    now = datetime.now(LONDON)
    after, before = days_meant(when.value.replace("-", "_"), now.date()) if when else (None, None)
    wish = Wish(
        words=words,
        near=place(near),
        online=online,
        travel=travel,
        km=km,
        age=age,
        days=weekdays(day or ()),
        parts=frozenset(part or ()),
        on_or_after=after,
        on_or_before=before,
        kinds=known(kind or (), [one.slug for one in KINDS], "kind of activity") | behind(tile),
        needs=known(need or (), [fact.slug for fact in FACTS if not fact.avoid], "need"),
        avoid=known(avoid or (), [fact.slug for fact in FACTS], "thing to avoid"),
        budget_pence=0 if free else None if budget is None else round(budget * 100),
        no_parent_form=no_form,
        language=language,
        with_someone=with_someone,
        introducing=introducing,
        first=first,
    )
    with ground(quiet=as_json):
        from stile.loop.match.queries import shortlist

        found = shortlist(wish, now)
    if as_json:
        typer.echo(json.dumps(document(found), ensure_ascii=False, indent=2))
    else:
        out.print(page(found))


# ---------------------------------------------------------------- from the command line to the wish


def _not_understood(words: str) -> NoReturn:
    err.print(words)
    raise typer.Exit(2)


def place(near: str) -> Where | None:
    if not near.strip():
        return None
    from stile.loop.match.queries import place_named
    from stile.places.rules import NotFound

    found = place_named(near)
    if isinstance(found, NotFound):
        meant = f" Did you mean {_or(found.suggestions)}?" if found.suggestions else ""
        _not_understood(f"{found.words}{meant}")
    return found


def weekdays(said: Iterable[str]) -> frozenset[int]:
    """ "tue", "Tuesday", "tue,thu", "weekend" as weekdays; 0 is Monday."""
    days: set[int] = set()
    for word in (word.strip().lower() for text in said for word in text.split(",")):
        if word in ("weekend", "weekends"):
            days |= {5, 6}
        elif word in ("weekday", "weekdays"):
            days |= {0, 1, 2, 3, 4}
        elif word[:3] in WEEKDAYS and len(word) >= 3:
            days.add(WEEKDAYS.index(word[:3]))
        elif word:
            _not_understood(f"“{word}” is not a day. Days are {_or(WEEKDAYS)}, weekday or weekend.")
    return frozenset(days)


def known(said: Iterable[str], slugs: Sequence[str], what: str) -> frozenset[str]:
    """Slugs as typed, with hyphens or underscores; ends the command with the nearest ones otherwise."""
    from rapidfuzz.process import extract

    plain = {slug.replace("_", "-"): slug for slug in slugs}
    found = set()
    for word in (word.strip().lower().replace("_", "-") for text in said for word in text.split(",")):
        if word in plain:
            found.add(plain[word])
        elif word:
            nearest = [name for name, _, _ in extract(word, list(plain), limit=3, score_cutoff=60)]
            meant = _or(nearest) if nearest else f"one of {', '.join(plain)}"
            _not_understood(f"“{word}” is not a {what} we know. Did you mean {meant}?")
    return frozenset(found)


def behind(tile: Tile | None) -> frozenset[str]:
    if tile is None or tile is Tile.SURPRISE:
        return frozenset()
    return frozenset(kind.slug for kind in KINDS if kind.tile is tile)


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


# ---------------------------------------------------------------- JSON (issue 2, section 7)


def document(found: Shortlist) -> dict[str, Any]:
    return {
        "wish": {one.name: _plain(getattr(found.wish, one.name)) for one in fields(Wish)},
        "suggestions": [_suggestion(one) for one in found.suggestions],
        "ask_first": [_suggestion(one) for one in found.ask_first],
        "left_out": dict(found.left_out),
        "relax": [str(one.words) for one in found.relax],
        "heard": [{"said": said, "taken_for": str(meant)} for said, meant in found.heard],
    }


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "service_id": one.service_id,
        "name": one.name,
        "organisation": one.organisation,
        "kind": one.kind,
        "distance_km": one.distance_km,
        "minutes": one.minutes,
        "next_start": one.next_start.isoformat() if one.next_start else None,
        "places": one.places,
        "reasons": [str(said) for said in one.reasons],
        "unknown": [str(said) for said in one.unknown],
        "score": one.score,
        "outside": one.outside,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, Where):
        return {"label": value.label, "precision": str(value.precision), "sure_km": value.sure_km}
    if isinstance(value, date | UUID):
        return str(value)
    return str(value) if isinstance(value, StrEnum) else value


# ---------------------------------------------------------------- for people


def page(found: Shortlist) -> Group:
    parts: list[Any] = [Text(_headline(found), style="bold green"), Text()]
    if found.heard:
        heard = "; ".join(f"“{said}”: {str(meant).lower()}" for said, meant in found.heard)
        parts += [Text(f"What we heard: {heard}", style="dim"), Text()]
    for number, one in enumerate(found.suggestions, 1):
        parts.append(_entry(f"{number:>2}", one))
    if found.ask_first:
        parts += [Text("These may fit too. Ask first:", style="bold"), Text()]
        parts += [_entry(" ?", one) for one in found.ask_first]
    if found.relax:
        parts.append(Text("To find more:", style="bold"))
        parts += [Text(f"  {one.words}") for one in found.relax]
        parts.append(Text())
    if found.left_out:
        left = ", ".join(f"{count:,} {reason}" for reason, count in found.left_out.items())
        parts.append(Text(f"Not shown: {left}.", style="dim"))
    return Group(*parts)


def _headline(found: Shortlist) -> str:
    many = len(found.suggestions)
    where = f" near {found.wish.near.label}" if found.wish.near else ""
    if not many:
        return f"Nothing fits{where} just now. Here is how to go on."
    return f"{many} {'thing' if many == 1 else 'things'} you could go to{where}"


def _entry(number: str, one: Suggestion) -> Padding:
    head = Text.assemble((f"{number}  ", "dim"), (one.name, "bold"))
    if one.outside:
        head.append("  something different", style="yellow")
    facts = [str(KIND_BY_SLUG[one.kind].name), one.organisation]
    if one.distance_km is not None:
        facts.append(f"{one.distance_km:.1f} km")
    if one.next_start is not None:
        facts.append(str(day_and_clock(one.next_start)))
    lines = [head, Text("    " + " · ".join(fact for fact in facts if fact), style="dim")]
    lines += [Text(f"    {said}") for said in one.reasons]
    lines += [Text(f"    {said}", style="italic") for said in one.unknown]
    return Padding(Group(*lines), (0, 0, 1, 0))
