"""From what was read in somebody's words to what the match holds activities against.

The form goes before the words: what was ticked is never undone by what was typed. What was named for
sure can leave an activity out; what is only hinted at can only raise one. And where a mistake could
hurt (access, allergy, eating, water), unknown is treated as strictly as if it had been ticked.
"""

from dataclasses import replace
from datetime import date, timedelta

from stile.kernel.said import Said, say
from stile.kernel.words import N_
from stile.loop.directory.rules.concepts.reading import Reading
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, KIND_BY_SLUG

from .asked import Heard
from .wish import Travel, Wish

# Without these it does not work at all, so an unknown is asked first (H10); other facts heard in
# somebody's words, such as "quiet", make it easier, and hardly any directory records them yet.
CANNOT_DO_WITHOUT = frozenset(
    {"step_free", "accessible_toilet", "changing_place", "hearing_loop", "bsl", "girls_only"}
)
# Uncomfortable rather than unsafe: left out where known to be so, shown with the question where unknown.
UNCOMFORTABLE = frozenset({"crowds", "loud", "competition", "mixed_ages", "contact"})

_SPANS: dict[str, tuple[int, int]] = {"today": (0, 0), "tomorrow": (1, 1), "this_week": (0, 6)}


def heard_from(reading: Reading, meaning: bytes = b"") -> Heard:
    """The words' part of the question. `meaning` is the vector of the whole text, if there is one."""
    needs: dict[str, str] = {}
    easier: dict[str, str] = {}
    for one in reading.needs:
        (needs if one.sure and one.slug in CANNOT_DO_WITHOUT else easier)[one.slug] = one.word
    avoid: dict[str, str] = {}
    harder: dict[str, str] = {}
    gentler: dict[str, str] = {}
    for one in reading.avoid:
        into = gentler if not one.sure else harder if one.slug in UNCOMFORTABLE else avoid
        into[one.slug] = one.word
    return Heard(
        kinds={one.slug: one.word for one in reading.kinds if one.sure},
        hints={one.slug: one.word for one in reading.kinds if not one.sure},
        refused={one.slug: one.word for one in reading.not_kinds},
        needs=needs,
        avoid=avoid,
        easier=easier,
        harder=harder,
        gentler=gentler,
        meaning=meaning,
        pairs=tuple(_pairs(reading)),
    )


def _pairs(reading: Reading) -> list[tuple[str, Said]]:
    pairs = [(one.word, say(KIND_BY_SLUG[one.slug].name)) for one in reading.kinds if one.sure]
    pairs += [
        (one.word, say(N_("not %(thing)s"), thing=say(KIND_BY_SLUG[one.slug].name)))
        for one in reading.not_kinds
    ]
    pairs += [(one.word, say(FACT_BY_SLUG[one.slug].need)) for one in reading.needs if one.sure]
    pairs += [
        (one.word, say(N_("without %(thing)s"), thing=say(FACT_BY_SLUG[one.slug].need)))
        for one in reading.avoid
        if one.sure
    ]
    if reading.budget_word:
        pairs.append((reading.budget_word, say(N_("what you can spend"))))
    return pairs


def filled_in(wish: Wish, reading: Reading, today: date) -> Wish:
    """The wish with what the words say where the form said nothing."""
    changes: dict[str, object] = {}
    if wish.budget_pence is None and reading.budget_pence is not None:
        changes["budget_pence"] = reading.budget_pence
    if not wish.days and not wish.parts and wish.on_or_after is None and wish.on_or_before is None:
        first, last = days_meant(reading.when, today)
        changes |= {"days": reading.days, "parts": reading.parts, "on_or_after": first, "on_or_before": last}
    if wish.age is None and reading.age is not None:
        changes["age"] = reading.age
    if wish.travel is Travel.BUS and reading.travel:
        changes["travel"] = Travel(reading.travel)
    changes["online"] = wish.online or reading.online
    changes["with_someone"] = wish.with_someone or reading.with_someone
    changes["no_parent_form"] = wish.no_parent_form or reading.no_parent_form
    return replace(wish, **changes)  # type: ignore[arg-type]


def days_meant(when: str, today: date) -> tuple[date | None, date | None]:
    """The first and last day of "today", "tomorrow", "this_week", "this_weekend", "next_week"."""
    if when in _SPANS:
        first, last = _SPANS[when]
        return today + timedelta(days=first), today + timedelta(days=last)
    monday = today - timedelta(days=today.weekday())
    if when == "this_weekend":
        return max(today, monday + timedelta(days=5)), monday + timedelta(days=6)
    if when == "next_week":
        return monday + timedelta(days=7), monday + timedelta(days=13)
    return None, None
