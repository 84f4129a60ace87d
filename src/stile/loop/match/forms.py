"""What somebody may ask of the finder. Nothing is required, and nothing asked is about who they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stile.kernel.words import N_
from stile.loop.directory.rules.vocabulary import FACTS, KINDS, PARTS, TILE_NAMES, Tile

from .rules.wish import TRAVEL_NAMES, Travel, Where, Wish

# The chips of A3, in the order people ask for them; staff see every fact there is.
USUAL_NEEDS = (
    "step_free", "quiet", "small_group", "bring_friend", "someone_meets_you", "no_sign_up", "girls_only",
    "lgbtq_welcome", "bsl", "near_bus", "in_welsh", "sensory_friendly",
)  # fmt: skip
WHEN = (
    ("", N_("Any time")),
    ("today", N_("Today")),
    ("week", N_("This week")),
    ("weekend", N_("This weekend")),
)
DAYS = (
    ("mon", N_("Monday")),
    ("tue", N_("Tuesday")),
    ("wed", N_("Wednesday")),
    ("thu", N_("Thursday")),
    ("fri", N_("Friday")),
    ("sat", N_("Saturday")),
    ("sun", N_("Sunday")),
)
PART_NAMES = (("morning", N_("Morning")), ("afternoon", N_("Afternoon")), ("evening", N_("Evening")))
LANGUAGES = (("", N_("Any language")), ("cy", N_("In Welsh")))


def translated(choices: Iterable[tuple[str, str]]) -> Callable[[], list[tuple[str, Any]]]:
    """Choices in the language of the page. As a function, because Django copies a list anew for each form."""
    offered: list[tuple[str, Any]] = [(value, _(words)) for value, words in choices]
    return lambda: offered


def out_of_range(words: Any) -> dict[str, Any]:
    """One message for a number that is not one, too small or too large: what to write instead."""
    codes = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
    return dict.fromkeys(codes, words)


NOT_OFFERED = {code: _("That is not one of the choices.") for code in ("invalid_choice", "invalid_list")}


class FindForm(forms.Form):
    """Read from the address, so that a search can be kept, shared and gone back to."""

    q = forms.CharField(
        label=_("What do you feel like?"), max_length=500, required=False,
        error_messages={"max_length": _("That’s a lot to read. Try it in a sentence or two.")},
    )  # fmt: skip
    near = forms.CharField(
        label=_("Where?"), max_length=60, required=False,
        error_messages={"max_length": _("A town, or the first half of a postcode, is enough.")},
    )  # fmt: skip
    online = forms.BooleanField(label=_("Online is fine too"), required=False)
    travel = forms.ChoiceField(
        label=_("How would you get there?"), required=False, widget=forms.RadioSelect,
        choices=translated(TRAVEL_NAMES.items()),
    )  # fmt: skip
    km = forms.FloatField(
        label=_("How far, in kilometres?"), min_value=0.2, max_value=200, required=False,
        error_messages=out_of_range(_("A number from 0.2 to 200, please.")),
    )  # fmt: skip
    when = forms.ChoiceField(
        label=_("When?"), required=False, widget=forms.RadioSelect, choices=translated(WHEN)
    )
    day = forms.MultipleChoiceField(
        label=_("Which days?"), required=False, widget=forms.CheckboxSelectMultiple, choices=translated(DAYS)
    )
    part = forms.MultipleChoiceField(
        label=_("Which part of the day?"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=translated(PART_NAMES),
    )  # fmt: skip
    age = forms.IntegerField(
        label=_("Your age"), min_value=5, max_value=99, required=False,
        error_messages=out_of_range(_("A whole number from 5 to 99, please.")),
    )  # fmt: skip
    free = forms.BooleanField(label=_("Free only"), required=False)
    budget = forms.DecimalField(
        label=_("The most you can pay, in pounds"), min_value=0, max_value=500, decimal_places=2, required=False,
        error_messages=out_of_range(_("An amount from 0 to 500, please, like 2.50.")),
    )  # fmt: skip
    no_form = forms.BooleanField(label=_("No form for a parent to sign"), required=False)
    someone = forms.BooleanField(label=_("I’d like someone to go with"), required=False)
    lang = forms.ChoiceField(
        label=_("Language"), required=False, widget=forms.RadioSelect, choices=translated(LANGUAGES)
    )
    need = forms.MultipleChoiceField(
        label=_("I need it to be"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=translated((fact.slug, fact.need) for fact in FACTS if not fact.avoid),
    )  # fmt: skip
    avoid = forms.MultipleChoiceField(
        label=_("I want to stay away from"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=translated((fact.slug, fact.need) for fact in FACTS if fact.avoid),
    )  # fmt: skip
    tile = forms.ChoiceField(
        label=_("Kinds of activity"), required=False, choices=translated(TILE_NAMES.items())
    )
    kind = forms.MultipleChoiceField(
        label=_("Kinds of activity"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=translated((kind.slug, kind.name) for kind in KINDS),
    )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """What could be read; a part that could not is left out and shown with its error."""
        self.is_valid()
        return dict(self.cleaned_data)


for _field in FindForm.base_fields.values():
    if isinstance(_field, forms.ChoiceField):
        _field.error_messages.update(NOT_OFFERED)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that suit, first to last."""

    first: date | None = None
    last: date | None = None


def span_of(when: str, today: date) -> Span:
    if when == "today":
        return Span(today, today)
    if when == "week":
        return Span(today, today + timedelta(days=6))
    if when == "weekend":
        saturday = today + timedelta(days=(5 - today.weekday()) % 7)
        return Span(
            today if today.weekday() == 6 else saturday,
            today if today.weekday() == 6 else saturday + timedelta(days=1),
        )
    return Span()


def wish_of(kept: Mapping[str, Any], near: Where | None, today: date, *, introducing: bool = False) -> Wish:
    """The wish a form holds. A tile stands for all its kinds; "surprise me" for none in particular."""
    kinds = set(kept.get("kind") or ())
    tile = kept.get("tile") or ""
    if tile and tile != Tile.SURPRISE:
        kinds |= {kind.slug for kind in KINDS if kind.tile == tile}
    span = span_of(kept.get("when") or "", today)
    budget = kept.get("budget")
    pence = 0 if kept.get("free") else int(budget * 100) if budget is not None else None
    return Wish(
        words=(kept.get("q") or "").strip(),
        near=near,
        online=bool(kept.get("online")),
        travel=Travel(kept.get("travel") or Travel.BUS),
        km=kept.get("km"),
        age=kept.get("age"),
        days=frozenset(
            index for index, (value, _words) in enumerate(DAYS) if value in (kept.get("day") or ())
        ),
        parts=frozenset(part for part in PARTS if part in (kept.get("part") or ())),
        on_or_after=span.first,
        on_or_before=span.last,
        kinds=frozenset(kinds),
        needs=frozenset(kept.get("need") or ()),
        avoid=frozenset(kept.get("avoid") or ()),
        budget_pence=pence,
        no_parent_form=bool(kept.get("no_form")),
        language=kept.get("lang") or "",
        with_someone=bool(kept.get("someone")),
        introducing=introducing,
    )
