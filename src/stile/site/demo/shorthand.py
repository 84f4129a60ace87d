"""The short ways of writing times, prices, ages and checks in the demo town's files.

Each reader takes one scalar of a file and gives the neutral record; a ValueError says what was
written and what would have been understood.
"""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import AssuranceRecord, CostRecord, TimeRecord
from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG

DAYS = {"Mon": "MO", "Tue": "TU", "Wed": "WE", "Thu": "TH", "Fri": "FR", "Sat": "SA", "Sun": "SU"}
_FULL = dict(
    zip(
        DAYS,
        ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
        strict=True,
    )
)
_NTH = {"1st": "1", "2nd": "2", "3rd": "3", "4th": "4", "last": "-1"}
_TIME = re.compile(
    r"(?:(?P<nth>1st|2nd|3rd|4th|last) |every (?P<weeks>[2-9]) weeks )?"
    r"(?P<days>[A-Z][a-z]{2}(?:,[A-Z][a-z]{2})*) (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)"
    r"(?: x(?P<count>\d+))?(?: from \+(?P<start>\d+))?"
)
_ANCHOR = date(2025, 1, 6)  # a Monday: which fortnight a fortnightly group meets does not hang on today
CHECKS = ("safeguarding_policy", "named_lead", "staff_checks", "insurance", "risk_assessment")


def read_time(written: str, today: date, key: str) -> TimeRecord:
    """`[2nd | last | every 2 weeks] Tue,Thu 17:30-19:00 [x6] [from +20] | prose`, or `| prose` alone.

    `x6` is a course of six, `from +20` its first day: the first such weekday 20 days on or later.
    """
    rule, _, prose = (part.strip() for part in written.partition("|"))
    if not rule:
        return TimeRecord(key=key, text=prose)
    found = _TIME.fullmatch(rule)
    if not found or any(day not in DAYS for day in found["days"].split(",")):
        raise ValueError(f"cannot read the time {written!r}: write e.g. 'Tue 17:30-19:00'")
    days = found["days"].split(",")
    opens, closes = time.fromisoformat(found["opens"]), time.fromisoformat(found["closes"])
    if closes <= opens:
        raise ValueError(f"the time {written!r} ends before it begins")
    start = None
    if found["start"]:
        start = _first(days, today + timedelta(days=int(found["start"])))
    elif found["weeks"]:
        start = _first(days, _ANCHOR)
    return TimeRecord(
        key=key,
        freq="MONTHLY" if found["nth"] else "WEEKLY",
        interval=int(found["weeks"] or 1),
        byday=",".join(_NTH.get(found["nth"] or "", "") + DAYS[day] for day in days),
        dtstart=start,
        count=int(found["count"]) if found["count"] else None,
        opens_at=opens,
        closes_at=closes,
        text=prose or f"{_listed([_FULL[day] for day in days])} {_clock(opens)} to {_clock(closes)}",
    )


def _first(days: list[str], from_day: date) -> date:
    wanted = {list(DAYS).index(day) for day in days}
    return next(day for n in range(7) if (day := from_day + timedelta(days=n)).weekday() in wanted)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _clock(at: time) -> str:
    hour, half = (at.hour - 1) % 12 + 1, "am" if at.hour < 12 else "pm"
    return f"{hour}.{at.minute:02}{half}" if at.minute else f"{hour}{half}"


def read_cost(written: str, key: str) -> CostRecord:
    """`free`, `£2.50` or `50p`, then `| each time` and `| what that includes`."""
    amount, option, text = ([part.strip() for part in written.split("|")] + ["", ""])[:3]
    if amount == "free":
        # "free | pencils are there": after nothing there is no way of paying, only what it includes
        return CostRecord(key=key, option="free", amount_pence=0, currency="GBP", text=text or option)
    if found := re.fullmatch(r"£(\d+)(?:\.(\d\d))?", amount):
        pence = int(found[1]) * 100 + int(found[2] or 0)
    elif found := re.fullmatch(r"(\d+)p", amount):
        pence = int(found[1])
    else:
        raise ValueError(f"cannot read the price {written!r}: write 'free', '£2.50' or '50p'")
    return CostRecord(key=key, option=option, amount_pence=pence, currency="GBP", text=text)


def read_ages(written: str) -> tuple[int | None, int | None]:
    """`11-16` or `11+`; years, both inclusive."""
    found = re.fullmatch(r"(\d\d)(?:-(\d\d)|\+)", written)
    if not found or (found[2] and int(found[2]) < int(found[1])):
        raise ValueError(f"cannot read the ages {written!r}: write '11-16' or '11+'")
    return int(found[1]), int(found[2]) if found[2] else None


def read_facts(written: Mapping[str, list[str]]) -> dict[str, Answer]:
    """`{so: [quiet], not_so: [loud]}`: what is in neither list is unknown and stays out."""
    if odd := set(written) - {"so", "not_so"}:
        raise ValueError(f"facts are written under 'so' and 'not_so', not {sorted(odd)}")
    facts: dict[str, Answer] = {}
    for words, answer in (("so", Answer.YES), ("not_so", Answer.NO)):
        for slug in written.get(words, []):
            if slug not in FACT_BY_SLUG:
                raise ValueError(f"there is no fact {slug!r}")
            if slug in facts:
                raise ValueError(f"the fact {slug!r} is said twice")
            facts[slug] = answer
    return facts


def read_checks(written: Mapping[str, Any] | str, today: date) -> tuple[AssuranceRecord, ...]:
    """`never`, or `{seen: 90, review: 275, without: [staff_checks], suspended: true}` in days.

    `seen` counts back from today and `review` forward, so a negative `review` is overdue.
    """
    if written == "never":
        return ()
    if isinstance(written, str) or set(written) - {"seen", "review", "without", "suspended"}:
        raise ValueError(f"cannot read the checks {written!r}")
    kinds = [kind for kind in CHECKS if kind not in written.get("without", ())]
    return tuple(
        AssuranceRecord(
            kind=kind,
            seen_on=today - timedelta(days=written["seen"]),
            seen_by="Marian, Dawdlebridge Town Hall",
            review_due=today + timedelta(days=written["review"]),
            suspended=bool(written.get("suspended")) and kind == "staff_checks",
        )
        for kind in kinds
    )
