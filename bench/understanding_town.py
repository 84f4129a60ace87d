"""The labelled wishes held against a whole town: from somebody's words to the list they are shown.

The town is the demo's, as it is written by hand, on one fixed day, asked from its middle. A service is
*right* for a wish when it is of a kind labelled right and nothing else labelled in the wish (age, days,
price, needs ...) is known to rule it out, by the same plain rules as the match (`rules/fit.py`).
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np

from .understanding import LANGUAGES, SPLITS, Wish, between, recall_and_mrr, table, wishes

if TYPE_CHECKING:
    from stile.loop.match.rules import wish as asked

DAY = (2026, 11, 23, 12)  # a Monday at noon; the town's dates are all relative to its day
EARLY = 3  # cards: what one sees without much scrolling on a phone


@dataclass(frozen=True)
class Answer:
    """One wish: the right services by public id, the services shown, in order, and those under "ask first"."""

    wish: Wish
    right: frozenset[str]
    shown: tuple[str, ...]
    ask_first: tuple[str, ...]


@contextmanager
def on_the_day() -> Iterator[datetime]:
    """Whoever asks Django for the time is told the fixed one."""
    from stile.loop.directory.rules.times import LONDON

    now = datetime(*DAY, tzinfo=LONDON)
    with mock.patch("django.utils.timezone.now", return_value=now):
        yield now


def fill(now: datetime) -> None:
    """Take the town into an empty directory."""
    from stile.loop.directory import actions
    from stile.loop.match.current import CURRENT
    from stile.site.demo import town

    actions.take_in(town.records(now.date()), source="town", by="bench", now=now)
    CURRENT.clear()


def answers(some: Sequence[Wish], now: datetime) -> list[Answer]:
    """Every wish that names a kind, asked of the directory as it is."""
    from stile.loop.directory.queries import listings
    from stile.loop.match.queries import shortlist
    from stile.loop.match.rules.asked import ask
    from stile.loop.match.rules.fit import fit
    from stile.loop.match.rules.sieve import HARD_MASK
    from stile.loop.match.rules.wish import Wish as Asked

    there, middle = list(listings()), _middle()
    found = []
    for wish in some:
        if wish.right:
            exact = ask(_as_labelled(wish, middle), now)
            right = {one.uid for one in there if not fit(one, exact).mask & HARD_MASK}
            told = shortlist(Asked(words=wish.text, near=middle), now)
            shown, asked_first = (
                tuple(one.service_id for one in some) for some in (told.suggestions, told.ask_first)
            )
            found.append(Answer(wish, frozenset(right), shown, asked_first))
    return found


def _middle() -> "asked.Where":
    from stile.loop.match.rules.wish import Where
    from stile.site.demo import town

    district = town.districts()[0]
    return Where(district.name, district.lat, district.lon, "outcode", 1.0)


def _as_labelled(wish: Wish, near: "asked.Where") -> "asked.Wish":
    """What somebody who filled in the form without a word of their own would have ticked."""
    from stile.loop.directory.rules.vocabulary import PartOfDay
    from stile.loop.match.rules.wish import Wish as Asked

    return Asked(
        near=near,
        kinds=wish.right,
        needs=wish.needs,
        avoid=wish.avoid,
        budget_pence=0 if wish.free else None,
        days=wish.days,
        parts=frozenset(PartOfDay(part) for part in wish.parts),
        age=wish.age,
        online=wish.online,
    )


# ---- the figures

BEGIN, END = "<!-- figures of the town -->", "<!-- end of the town's figures -->"


@dataclass(frozen=True)
class EndToEnd:
    """Of the wishes of one half and language: how many there are, and how those with a right service fared."""

    wishes: int
    with_some: int  # wishes the town has a right service for; the rest of the figures is of these
    recall: float
    mrr: float
    early: float  # share with a right one among the first three
    listed: float  # ... anywhere in the list
    or_asked: float  # ... in the list or under "ask these first"


def end_to_end(answers: Sequence[Answer], split: str, lang: str) -> EndToEnd:
    every = [one for one in answers if (one.wish.split, one.wish.lang) == (split, lang)]
    some = [one for one in every if one.right]
    pairs = [recall_and_mrr(one.shown, one.right) for one in some]
    recall, mrr = np.mean(pairs, axis=0)
    early, listed, asked = (
        sum(not one.right.isdisjoint(seen) for one, seen in zip(some, shown, strict=True)) / len(some)
        for shown in (
            [one.shown[:EARLY] for one in some],
            [one.shown for one in some],
            [one.shown + one.ask_first for one in some],
        )
    )
    return EndToEnd(len(every), len(some), float(recall), float(mrr), early, listed, asked)


def figures(answers: Sequence[Answer]) -> str:
    rows = []
    for lang, language in LANGUAGES.items():
        for split in SPLITS:
            told = end_to_end(answers, split, lang)
            shown = (told.recall, told.mrr, told.early, told.listed, told.or_asked)
            counts = (str(told.wishes), str(told.wishes - told.with_some))
            rows.append([language, split, *counts, *(f"{value:.3f}" for value in shown)])
    heads = ("wishes", "nothing to find", "recall@5", "MRR", "in first 3", "in the list", "or ask first")
    return table(["", "", *heads], rows)


def with_figures(page: str, answers: Sequence[Answer]) -> str:
    """The page with the town's figures computed afresh."""
    return between(page, BEGIN, END, figures(answers))


def measured(page: str) -> str:
    """The page with the town's figures, measured over a directory made for it."""
    with directory_of_its_own(), on_the_day() as now:
        fill(now)
        return with_figures(page, answers(wishes(), now))


@contextmanager
def directory_of_its_own() -> Iterator[None]:
    """A database in a folder that is gone afterwards; Django is set up on it."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stile-bench-"))
        os.chmod(folder, 0o755)  # the embedded server runs as another user when we are root
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"STILE_HOME": folder, "DJANGO_SETTINGS_MODULE": "stile.site.settings"}
        import django

        django.setup()
        from stile.site import database
        from stile.site.setup import bring_up_to_date

        stack.enter_context(database.running())
        bring_up_to_date()
        from django.db import connections

        stack.callback(connections.close_all)
        yield
