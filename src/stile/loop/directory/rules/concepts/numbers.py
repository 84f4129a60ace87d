"""The few numbers a wish may hold: an age, the most one can pay, "after 5". Only where they are certain."""

from stile.loop.directory.rules.vocabulary import PartOfDay

_AGE_BEFORE = frozenset(("im", "am", "aged", "age", "at", "only", "just", "turned", "dwi", "dw"))
_AGE_AFTER = frozenset(("year", "years", "yr", "yrs", "yo", "y", "oed", "blwydd", "mlwydd"))
# "im 15 minutes away", "im 5 foot 3", "15 to 18": not an age, or not one
_OTHER_UNITS = frozenset(
    (
        *(
            "minute",
            "minutes",
            "min",
            "mins",
            "mile",
            "miles",
            "km",
            "foot",
            "ft",
            "feet",
            "stone",
            "st",
            "kg",
        ),
        *(
            "week",
            "weeks",
            "month",
            "months",
            "day",
            "days",
            "hour",
            "hours",
            "hr",
            "hrs",
            "am",
            "pm",
            "oclock",
        ),
        *(
            "pound",
            "pounds",
            "quid",
            "p",
            "percent",
            "to",
            "or",
            "people",
            "friends",
            "mates",
            "munud",
            "milltir",
        ),
    )
)
_YOUNGEST, _OLDEST = 8, 30
_WORDS_OF_MONEY = {"fiver": 500, "tenner": 1000}
_LIMITS = frozenset(
    ("under", "max", "maximum", "than", "only", "up", "below", "most", "got", "have", "to", "a", "about")
)


def age_said(words: list[str]) -> int | None:
    """The age somebody gives as their own, in years; None when there is none, or more than one."""
    ages = set()
    for at, word in enumerate(words):
        glued = word.rstrip("yo")
        if word.isdigit() or (glued.isdigit() and word.endswith("yo")):
            years = int(glued) if len(glued) <= 3 else 0
            if not _YOUNGEST <= years <= _OLDEST:
                continue
            before = words[at - 1] if at else ""
            after = words[at + 1] if at + 1 < len(words) else ""
            if after in _OTHER_UNITS:
                continue
            named = word.endswith("yo") or after in _AGE_AFTER
            if named or before in _AGE_BEFORE:
                ages.add(years)
    return ages.pop() if len(ages) == 1 else None


def budget_said(words: list[str]) -> tuple[int, int, int] | None:
    """(pence, first word, word after the last) of "under £5", "max a tenner", "3 quid"; None when unsaid."""
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in _WORDS_OF_MONEY:
            return _WORDS_OF_MONEY[word], at, at + 1
        if word.startswith("£") and word[1:].isdigit() and len(word) <= 4:
            return int(word[1:]) * 100, at, at + 1
        if word.isdigit() and len(word) <= 3 and after in ("quid", "pounds", "pound", "punt"):
            return int(word) * 100, at, at + 2
        if word.isdigit() and len(word) <= 2 and after == "p" and before in _LIMITS:
            return int(word), at, at + 2
    return None


def after_hour(words: list[str]) -> set[PartOfDay]:
    """ "after 5", "from 6pm", "past 7"; the afternoon ends at five (vocabulary.PartOfDay)."""
    for at in range(1, len(words)):
        before, word = words[at - 1], words[at]
        if before not in ("after", "from", "past") or not word[:1].isdigit():
            continue
        said = word.split(":")[0].removesuffix("pm")
        pm = word.endswith("pm") or (at + 1 < len(words) and words[at + 1] == "pm")
        hour = int(said) if said.isdigit() and len(said) <= 2 else 0
        hour -= 12 if hour > 12 else 0
        if not 1 <= hour <= 9 or (before == "from" and not pm):
            continue
        return {PartOfDay.EVENING} if hour >= 5 else {PartOfDay.AFTERNOON, PartOfDay.EVENING}
    return set()
