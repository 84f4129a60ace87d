"""A sentence that has not been put into anybody's language yet.

Rules decide what is said; the page, the command or the export decides in which language. So a rule
hands over the English pattern (which is also the key of the message catalogue) beside its parameters,
and whoever shows it passes the translator. A parameter may itself be a `Said`, or a word marked with
`N_` and wrapped in `word()`, and is then translated too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .words import N_

Gettext = Callable[[str], str]
Ngettext = Callable[[str, str, int], str]

WEEKDAY_NAMES: tuple[str, ...] = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
MONTH_NAMES: tuple[str, ...] = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def _same(text: str) -> str:
    return text


def _english(one: str, many: str, n: int) -> str:
    return one if n == 1 else many


def Nn_(one: str, many: str) -> tuple[str, str]:
    """Mark a pair of singular and plural for the message catalogue."""
    return one, many


@dataclass(frozen=True, slots=True)
class Said:
    """`words` with %(name)s places for `params`; `many` and `n` where the words count something."""

    words: str
    params: Mapping[str, Any] = field(default_factory=dict)
    many: str = ""
    n: int = 0

    def text(self, translate: Gettext = _same, count: Ngettext = _english) -> str:
        """The sentence in the language of `translate` and `count`; plain English without them."""
        pattern = count(self.words, self.many, self.n) if self.many else translate(self.words)
        if not self.params:
            return pattern
        shown = {
            name: value.text(translate, count) if isinstance(value, Said) else value
            for name, value in self.params.items()
        }
        return pattern % shown

    def __str__(self) -> str:
        return self.text()


def say(words: str, **params: Any) -> Said:
    return Said(words, params)


def say_many(pair: tuple[str, str], n: int, **params: Any) -> Said:
    """A sentence about `n` things; `n` is a parameter of the words as well."""
    return Said(pair[0], {"n": n, **params}, pair[1], n)


def listed(parts: list[Said], last: str = N_("%(most)s and %(last)s")) -> Said:
    """ "a", "a and b", "a, b and c"; ValueError on nothing."""
    if not parts:
        raise ValueError("nothing to list")
    if len(parts) == 1:
        return parts[0]
    most = parts[0]
    for part in parts[1:-1]:
        most = say(N_("%(most)s, %(next)s"), most=most, next=part)
    return say(last, most=most, last=parts[-1])


def clock(moment: datetime) -> Said:
    """ "4pm", "4:30pm", "noon" never: twelve is "12pm" on posters, and posters are what people know."""
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    words = N_("%(hour)spm") if moment.hour >= 12 else N_("%(hour)sam")
    return say(words, hour=f"{hour}{minutes}")


def day(on: date) -> Said:
    """ "Tuesday 3 March"."""
    return say(
        N_("%(weekday)s %(day)s %(month)s"),
        weekday=say(WEEKDAY_NAMES[on.weekday()]),
        day=on.day,
        month=say(MONTH_NAMES[on.month - 1]),
    )


def day_and_clock(moment: datetime) -> Said:
    """ "Tuesday 3 March at 4pm" (experience.md, rule 19)."""
    return say(N_("%(day)s at %(clock)s"), day=day(moment.date()), clock=clock(moment))
