"""The wish as the row of numbers that the compiled passes read, and the one table that goes with it."""

from functools import lru_cache

import numpy as np

from stile.kernel.answer import Answer
from stile.loop.directory.rules.standing import GREYED_AFTER, HIDDEN_AFTER
from stile.loop.directory.rules.vocabulary import FACT_BIT, KIND_BIT
from stile.loop.match.rules.asked import Asked
from stile.loop.match.rules.fit import AGE_ALONE_FROM, form_needed, speaks
from stile.loop.match.rules.sieve import Bit

from .columns import FORMS, NOT_SAID, PRICE_NOT_SAID, Array, Languages, day_number

(
    Q_PLACED,
    Q_LAT,
    Q_LON,
    Q_REACH,
    Q_RING,
    Q_ONLINE,
    Q_AGE,  # NOT_SAID: no age was named
    Q_CHILD,  # too young for "up to 25" to say anything
    Q_SLOTS,
    Q_DAYS,
    Q_NEEDS,
    Q_AVOID,
    Q_HARDER,
    Q_GENTLER,
    Q_EASIER,
    Q_BUDGET,  # PRICE_NOT_SAID: no limit
    Q_FORM,  # bit n: parents' form n is needed
    Q_FORM_UNKNOWN,
    Q_INTRODUCING,
    Q_NAMED,
    Q_HINTED,
    Q_CHOSEN,
    Q_WANTED,
    Q_REFUSED,
    Q_UNNAMED,
    Q_WELSH,
    Q_TODAY,
    Q_STALE_BEFORE,
    Q_LATE_BEFORE,
    Q_MEANT,
    Q_WEEK,  # seven masks from here on
) = range(31)
Q_MEANING = Q_WEEK + 7  # four words from here on
Q_LENGTH = Q_MEANING + 4

ANY_LANGUAGE = np.zeros(0, dtype="i4")
_OTHER = KIND_BIT["other"]


def question(asked: Asked) -> Array:
    """The wish, (Q_LENGTH,) of whole numbers."""
    meaning = np.frombuffer(asked.meaning, dtype="i8").tolist() if asked.meaning else (0, 0, 0, 0)
    needed, unknown = _forms(asked.age) if asked.no_parent_form else (0, 0)
    values = (
        asked.lat is not None,
        asked.lat or 0,
        asked.lon,
        asked.reach_m,
        asked.ring_m,
        asked.online_is_fine,
        NOT_SAID if asked.age is None else asked.age,
        asked.age is not None and asked.age < AGE_ALONE_FROM,
        asked.slots,
        _days(asked.slots),
        _facts(asked.needs),
        _facts(asked.avoid),
        _facts(asked.harder),
        _facts(asked.gentler),
        _facts(asked.easier),
        PRICE_NOT_SAID if asked.budget_pence is None else asked.budget_pence,
        needed,
        unknown,
        asked.introducing,
        _kinds(asked.named),
        _kinds(asked.hinted),
        _kinds(asked.chosen),
        _kinds(asked.wanted),
        _kinds(asked.refused),
        _OTHER,
        FACT_BIT["in_welsh"] if asked.language == "cy" else 0,
        day_number(asked.today),
        day_number(asked.today - HIDDEN_AFTER),
        day_number(asked.today - GREYED_AFTER),
        any(asked.meaning),
        *asked.week,
        *meaning,
    )
    return np.array(values, dtype=np.int64)


def languages_spoken(asked: Asked, languages: Languages) -> Array:
    """The sieves that each set of languages fails, by its number; empty when any language will do."""
    if not asked.language:
        return ANY_LANGUAGE
    bits = {Answer.NO: 1 << Bit.LANGUAGE, Answer.UNKNOWN: 1 << Bit.LANGUAGE_UNKNOWN, Answer.YES: 0}
    answers = (speaks(tuple(one), Answer.UNKNOWN, asked.language) for one in languages.sets)
    return np.array([bits[answer] for answer in answers], dtype="i4")


@lru_cache(maxsize=256)
def _forms(age: int | None) -> tuple[int, int]:
    answers = [form_needed(rule, age) for rule in FORMS]
    return (
        sum(1 << n for n, answer in enumerate(answers) if answer is Answer.YES),
        sum(1 << n for n, answer in enumerate(answers) if answer is Answer.UNKNOWN),
    )


@lru_cache(maxsize=1024)
def _days(slots: int) -> int:
    """rules/fit.py `_days_asked`."""
    return sum(1 << (21 + on) for on in range(7) if slots >> (on * 3) & 0b111) if slots else 0


def _facts(slugs: frozenset[str]) -> int:
    return sum(map(FACT_BIT.__getitem__, slugs)) if slugs else 0


def _kinds(slugs: frozenset[str]) -> int:
    return sum(map(KIND_BIT.__getitem__, slugs)) if slugs else 0
