"""Ages and times said in prose, read only where they can mean one thing.

Directories say "for 11 to 16s, Tuesdays 4-6pm" in any field they like. A wrong bound hides an
activity from somebody it is for, and a wrong time sends somebody to a locked door; an unread one
only leaves the words standing. So both readers prefer to say nothing: a text counts when every part
of it is understood, and one doubtful word ("term time", "phone first") turns the whole into words.
"""

import re
from collections.abc import Iterable
from datetime import time
from typing import NamedTuple

from .records import TimeRecord

OLDEST = 120  # years; a larger number is not an age


class AgeBounds(NamedTuple):
    """Years, both inclusive; None where the text sets no bound on that side."""

    least: int | None
    most: int | None


NO_BOUNDS = AgeBounds(None, None)

_DASH = r"\s*(?:-|–|—|‑|to|and|until|till|/)\s*"
_N = r"(\d{1,3})"
_YEARS = r"(?:\s*-?\s*(?:years?|yrs?|yr)\.?(?:[\s-]*(?:of age|olds?))?'?s?|\s*oed|\s*y/?o)"
_OLD = r"(?:\s*-?\s*(?:years?|yrs?|yr)\.?[\s-]*(?:of age|olds?)'?s?|\s*oed\b|\s*y/?o\b|['’]?s\b)"
_AGED = (
    r"(?:age[ds]?|age range|age group|between(?: the ages of)?|oed(?:ran)?)\s*:?\s*"
    r"(?:of\s+|from\s+|between\s+)?"
)
_PLUS = r"(?:\s*\+|\s*plus\b|\s*(?:and|or|&)\s*(?:over|above|older|up|upwards?)\b|\s*upwards?\b)"
_OLDER = r"(?:over|above|from|minimum(?: age)?(?: of| is)?:?|min\.?(?: age)?:?|at least|dros)"
_YOUNGER = r"(?:up to|maximum(?: age)?(?: of| is)?:?|max\.?(?: age)?:?|hyd at)(?: and including)?"
_UNDER = r"(?:under|below|dan)"

# In running text an age must be named as one; standing alone, as in a column of ages, it need not.
# "For over 20 years" and "a 2 year course" are not ages, so there "years" wants its "old".
_NAMED = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (
            rf"\b(?:school|academic|curriculum) (?:years?|yrs?)(?: groups?)? {_N}(?:{_DASH}(?:year )?{_N})?\b"
            rf"|\b(?:years|yrs|year groups?) {_N}{_DASH}(?:year )?{_N}\b"
            rf"|\b(?:pupils|students|children|girls|boys|those|anyone) in (?:year|yr) {_N}\b",
            "school",
        ),
        (rf"\b(?:{_AGED}{_N}(?:{_YEARS})?{_DASH}{_N}\b|{_N}(?:{_YEARS})?{_DASH}{_N}{_OLD})", "range"),
        (rf"\b{_N}{_DASH}{_N}\s*(?:years|yrs)\b", "range of people"),
        (rf"\b(?:{_AGED}{_N}(?:{_YEARS})?{_PLUS}|{_N}{_YEARS}{_PLUS})", "least"),
        (rf"\b{_YOUNGER}[\s-]*(?:the )?(?:ages? (?:of )?{_N}\b|{_N}(?!s\b){_OLD})", "most"),
        (rf"\b(?:{_AGED})?{_OLDER}[\s-]*(?:the )?(?:ages? (?:of )?{_N}\b|{_N}{_OLD})", "least"),
        (rf"\b{_AGED}{_UNDER} {_N}\b|\b{_UNDER}[\s-]*(?:the )?(?:ages? (?:of )?{_N}\b|{_N}{_OLD})", "under"),
    )
)
_PEOPLE = re.compile(r"child|young|teen|boys|girls|pupil|student|youth|kids|juniors|toddler|bobl ifanc|plant")
_NEXT = re.compile(rf"\s*(?:,|and|&|or)\s*{_N}\s*[-–]\s*{_N}\b")
_BEFORE = re.compile(rf"\b{_N}\s*[-–]\s*{_N}\s*(?:,|and|&|or)\s*$")

_FILL = (
    r"(?:for |suitable for |open to )?(?:all )?"
    r"(?:young people|children|teenagers|teens|youth|boys|girls|people)? ?(?:who are )?\(?\s*"
)
_END = r"\s*\)?\s*(?:only)?\.?"
_BARE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"{_FILL}(?:{_AGED})?{body}(?:{_YEARS}|['’]?s)?{_END}"), kind)
    for body, kind in (
        (rf"{_N}(?:{_YEARS})?{_DASH}{_N}", "range"),
        (rf"{_N}(?:{_YEARS})?{_PLUS}", "least"),
        (rf"{_OLDER}[\s-]*(?:age )?{_N}", "least"),
        (rf"{_UNDER}[\s-]*(?:age )?{_N}", "under"),
        (rf"{_YOUNGER}[\s-]*(?:age )?{_N}", "most"),
        (rf"(?:school )?(?:years?|yrs?)(?: groups?)? {_N}(?:{_DASH}(?:years? )?{_N})?", "school"),
    )
)

# What says something about an age without saying who may come.
_ASIDE = re.compile(
    r"accompan|parent|guardian|(?<!young )carers?\b|consent|permission|supervis|adults? must|unless|except"
    r"|free (?:for|to|if|entry|admission)|£|discount|concession|half.?price|cheaper|cost|price|reduced"
    r"|not |n't|\bno (?:under|over|one|child)|\d\s*months?\b|experience|since|established|\bago\b"
    r"|\b(?:last|past|next) |\bwait|project|funding|course of"
)


def age_bounds(text: str) -> AgeBounds:
    """The ages a text lets in, or `NO_BOUNDS` where it does not say so beyond doubt.

    "under 18s" gives (None, 17), "over 55s" and "16+" give a least age, "Years 7-11" the ages of
    those school years in England and Wales (a child turns N+5 during Year N).
    """
    said = re.sub(r"\s+", " ", text.lower()).strip()
    if not said or len(said) > 20_000 or not any(c.isdigit() for c in said):
        return NO_BOUNDS
    for pattern, kind in _BARE:
        if found := pattern.fullmatch(said):
            return _bounds(kind, [int(n) for n in found.groups() if n]) or NO_BOUNDS
    return _together(_mentions(said))


def _mentions(said: str) -> list[AgeBounds | None]:
    """Each age named in running text; None for one that is an aside or makes no sense."""
    found: list[AgeBounds | None] = []
    for sentence in re.split(r"(?<=[a-z)\d])[.;!?](?=\s|$)", said):
        taken: list[tuple[int, int]] = []
        aside = _ASIDE.search(sentence) is not None
        for pattern, kind in _NAMED:
            if kind == "range of people" and not _PEOPLE.search(sentence):
                continue
            for match in pattern.finditer(sentence):
                start, end = match.span()
                if any(start < other_end and other_start < end for other_start, other_end in taken):
                    continue
                numbers = [[int(n) for n in match.groups() if n]]
                if kind in ("range", "range of people"):  # "5-11 and 12-16 year olds" names both
                    while following := _NEXT.match(sentence, end):
                        numbers.append([int(n) for n in following.groups()])
                        end = following.end()
                    while preceding := _BEFORE.search(sentence[:start]):
                        numbers.append([int(n) for n in preceding.groups()])
                        start = preceding.start()
                taken.append((start, end))
                found += [None if aside else _bounds(kind.split()[0], one) for one in numbers]
    return found


def _bounds(kind: str, numbers: list[int]) -> AgeBounds | None:
    first, last = numbers[0], numbers[-1]
    if not all(0 <= n <= OLDEST for n in numbers):
        return None
    if kind == "school":
        return AgeBounds(first + 4, last + 5) if 1 <= first <= last <= 13 else None
    if kind == "range":
        return AgeBounds(first, last) if len(numbers) == 2 and first <= last else None
    if kind == "least":
        return AgeBounds(first, None)
    if kind == "most":
        return AgeBounds(None, last) if last else None
    return AgeBounds(None, last - 1) if last > 1 else None


def _together(found: list[AgeBounds | None]) -> AgeBounds:
    """One mention, or ranges that touch ("8-11s and 12-16s"). Anything else is not certain."""
    distinct = list(dict.fromkeys(found))
    known = [one for one in distinct if one is not None]
    if len(known) != len(distinct) or not known:
        return NO_BOUNDS
    if len(known) == 1:
        return known[0]
    spans = sorted((one.least, one.most) for one in known if one.least is not None and one.most is not None)
    if len(spans) != len(known):
        return NO_BOUNDS
    low, high = spans[0]
    for least, most in spans[1:]:
        if least > high + 1:
            return NO_BOUNDS
        high = max(high, most)
    return AgeBounds(low, high)


# --- times ---------------------------------------------------------------------------------------

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_WORDS = {
    **dict.fromkeys(("mon", "monday", "mondays", "mons", "llun", "lun"), 0),
    **dict.fromkeys(("tue", "tues", "tuesday", "tuesdays", "mawrth", "fawrth"), 1),
    **dict.fromkeys(("wed", "weds", "wednesday", "wednesdays", "mercher", "fercher"), 2),
    **dict.fromkeys(("thu", "thur", "thurs", "thursday", "thursdays", "iau"), 3),
    **dict.fromkeys(("fri", "fris", "friday", "fridays", "gwener", "wener"), 4),
    **dict.fromkeys(("sat", "sats", "saturday", "saturdays", "sadwrn"), 5),
    **dict.fromkeys(("sun", "suns", "sunday", "sundays", "sul"), 6),
}
_DAY_SETS = {
    **dict.fromkeys(("weekday", "weekdays"), (0, 1, 2, 3, 4)),
    **dict.fromkeys(("weekend", "weekends"), (5, 6)),
    **dict.fromkeys(("daily", "everyday"), (0, 1, 2, 3, 4, 5, 6)),
}
_TO = ("to", "until", "till")
_NTH = {
    **dict.fromkeys(("1st", "first"), 1),
    **dict.fromkeys(("2nd", "second"), 2),
    **dict.fromkeys(("3rd", "third"), 3),
    **dict.fromkeys(("4th", "fourth"), 4),
    "last": -1,
}
_NEUTRAL = frozenset(
    re.findall(
        r"\w+",
        "open opening opens times time hours hour every each on at from between the we meet meets is are run"
        " runs weekly session sessions takes take place held club group drop in during dydd nos bob",
    )
)
_TOKEN = re.compile(
    r"(?P<time>(?:\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\b\.?|noon\b|midday\b)|\d{1,2}[:.]\d{2}|noon\b|midday\b))"
    r"|(?P<nth>\d(?:st|nd|rd|th)\b)"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<dash>[-–—‑])"
    r"|(?P<comma>[,&/+])"
    r"|(?P<other>[^\s:.()\"'’_])"
)
_HOLIDAYS = re.compile(
    r"[\s,(]*\b(?:except|excluding|excl\.?|not(?: open)?|closed)\s+(?:on\s+|for\s+)?"
    r"(?:bank|public)\s+holidays?\)?"
)


class _Clock(NamedTuple):
    hour: int
    minute: int
    half: str  # "am", "pm", "24" where the clock is certain, "" where it is not


def times_in(text: str) -> tuple[TimeRecord, ...]:
    """The rules a text states; each keeps its words in `text`.

    What is not certain comes back as one record with words only: no day, an hour that could be
    morning or evening, every other week without a start, or any word that is not understood.
    """
    kept = text.strip()
    if not kept:
        return ()
    pieces = [
        piece.strip() for piece in re.split(r"[;\n|•]|\.(?=\s+[A-Z]|\s*$)", kept[:4_000]) if piece.strip()
    ]
    read = [_piece(piece) for piece in pieces]
    if len(kept) > 4_000 or not pieces or any(one is None for one in read):
        return (TimeRecord(text=kept),)
    return tuple(record for one in read if one for record in one) or (TimeRecord(text=kept),)


def _piece(piece: str) -> list[TimeRecord] | None:
    said = _HOLIDAYS.sub("", piece.lower())
    said = re.sub(
        r"\bevery day(?: of the week)?\b|\b(?:7|seven) days(?: a week| per week)?\b", " daily ", said
    )
    said = re.sub(
        r"\b(?:of|in) (?:(?:the|each|every) )?month\b|\b(?:each|every) month\b|\bmonthly\b", " month ", said
    )
    if not said.strip():
        return []
    units = _units(said)
    if units is None:
        return None
    monthly = "month" in units
    rules = _pairs([unit for unit in units if unit != "month"])
    if rules is None:
        return None
    made: list[TimeRecord] = []
    for days, opens, closes in rules:
        if any(nth for nth, _ in days) != monthly or (monthly and not all(nth for nth, _ in days)):
            return None
        made.append(
            TimeRecord(
                freq="MONTHLY" if monthly else "WEEKLY",
                byday=",".join(f"{nth or ''}{DAYS[day]}" for nth, day in days),
                opens_at=opens,
                closes_at=closes,
                text=piece,
            )
        )
    return made


_Days = tuple[tuple[int, int], ...]  # (which of the month, or 0 for each week; weekday)
_Span = tuple[time, time | None]


def _units(said: str) -> list["_Days | _Span | str"] | None:
    """Days, spans of time and "month" in the order they stand; None if any word is not understood."""
    tokens = [(m.lastgroup or "", m.group()) for m in _TOKEN.finditer(said)]
    units: list[_Days | _Span | str] = []
    at = 0
    while at < len(tokens):
        kind, word = tokens[at]
        if kind in ("time", "number"):
            span, at = _span(tokens, at)
            if span is None:
                return None
            units.append(span)
        elif kind == "nth" or word in _NTH or word in _DAY_WORDS or word in _DAY_SETS:
            days, at = _days(tokens, at)
            if days is None:
                return None
            units.append(days)
        elif word == "month":
            units.append("month")
            at += 1
        elif kind in ("comma", "dash") or word in _NEUTRAL or word == "and":
            at += 1
        else:
            return None
    return units


def _days(tokens: list[tuple[str, str]], at: int) -> tuple[_Days | None, int]:
    """A list of days such as "Mon-Wed, Fri" or "1st and 3rd Tuesday"."""
    found: list[tuple[int, int]] = []
    nths: list[int] = []
    pending: list[int] = []
    while at < len(tokens):
        kind, word = tokens[at]
        if word in _NTH:
            pending.append(_NTH[word])
        elif word in _DAY_WORDS:
            day = _DAY_WORDS[word]
            if pending:
                nths = pending
                pending = []
            elif found and (tokens[at - 1][0] == "dash" or tokens[at - 1][1] in _TO):
                if nths:
                    return None, at
                start = found[-1][1]
                found += [(0, (start + n) % 7) for n in range(1, (day - start) % 7 or 7)]
            elif nths and tokens[at - 1][1] not in ("and", ",", "&", "/"):
                return None, at
            found += [(nth, day) for nth in (nths or [0])]
        elif word in _DAY_SETS:
            found += [(0, day) for day in _DAY_SETS[word]]
        elif kind not in ("comma", "dash") and word != "and" and word not in _TO:
            break
        elif at + 1 >= len(tokens) or not _is_day(tokens[at + 1][1]):
            break  # the dash or comma belongs to a time
        at += 1
    if pending or not found:
        return None, at
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one[1], one[0]))), at


def _is_day(word: str) -> bool:
    return word in _DAY_WORDS or word in _NTH or word in _DAY_SETS


def _span(tokens: list[tuple[str, str]], at: int) -> tuple[_Span | None, int]:
    """ "4-6pm", "9:30am to 12 noon" or a lone "7pm"; None where the half of the day is not certain."""
    first = _clock(tokens[at][1])
    joined = at + 2 < len(tokens) and (tokens[at + 1][0] == "dash" or tokens[at + 1][1] in (*_TO, "and"))
    if first is None:
        return None, at
    if not joined or tokens[at + 2][0] not in ("time", "number"):
        alone = _certain(first)
        return ((alone, None) if alone else None), at + 1
    second = _clock(tokens[at + 2][1])
    if second is None:
        return None, at
    return _between(first, second), at + 3


def _clock(word: str) -> _Clock | None:
    bare = word.replace(" ", "")
    if bare in ("noon", "midday", "12noon", "12midday"):
        return _Clock(12, 0, "24")
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?:([ap])\.?m\.?)?", bare)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    half = f"{found[3]}m" if found[3] else ""
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return None
    if not half and (hour > 12 or (found[1].startswith("0") and found[2])):
        half = "24"
    return _Clock(hour, minute, half)


def _certain(clock: _Clock) -> time | None:
    if clock.half == "24":
        return time(clock.hour, clock.minute)
    if clock.half == "am":
        return time(clock.hour % 12, clock.minute)
    if clock.half == "pm":
        return time(clock.hour % 12 + 12, clock.minute)
    return None


def _between(first: _Clock, second: _Clock) -> _Span | None:
    """Start and end on one day. "4-6pm" shares its "pm"; "10-4pm" can only begin in the morning."""
    ends = _certain(second)
    starts = _certain(first)
    if first.half == "24" and ends is None and second.hour > first.hour:
        ends = time(second.hour, second.minute)  # "09:30-12:00": one clock for both
    if starts is None and second.half == "24" and 6 <= first.hour <= 12 < second.hour:
        starts = time(first.hour, first.minute)  # "10:00-16:00"
    if ends is None:
        return None
    if starts is None:
        if second.half == "24" and second.hour != 12:
            return None
        same = time(first.hour % 12 + (12 if ends.hour >= 12 else 0), first.minute)
        earlier = time(first.hour % 12, first.minute)
        starts = same if same < ends else earlier
    return (starts, ends) if starts < ends else None


def _pairs(units: Iterable["_Days | _Span | str"]) -> list[tuple[_Days, time | None, time | None]] | None:
    """Days with their spans: "Mon 4-5pm, Tue 6-7pm", "4-5pm Mondays", "Mon 10-11am and 2-3pm"."""
    kinds: list[tuple[bool, _Days | _Span]] = [
        (isinstance(unit[0], tuple), unit) for unit in units if not isinstance(unit, str)
    ]
    if not kinds or not any(is_day for is_day, _ in kinds):
        return None
    made: list[tuple[_Days, time | None, time | None]] = []
    if not kinds[0][0]:  # time first: strictly one time, one list of days, and so on
        if len(kinds) % 2 or any(is_day != bool(n % 2) for n, (is_day, _) in enumerate(kinds)):
            return None
        for n in range(0, len(kinds), 2):
            opens, closes = kinds[n][1]
            made.append((kinds[n + 1][1], opens, closes))  # type: ignore[arg-type]
        return made
    days: _Days | None = None
    used = True
    for is_day, unit in kinds:
        if is_day:
            if not used:
                return None  # two lists of days with no time between them
            days, used = unit, False  # type: ignore[assignment]
        else:
            opens, closes = unit
            made.append((days, opens, closes))  # type: ignore[arg-type]
            used = True
    if not used:
        if made:
            return None
        made.append((days, None, None))  # type: ignore[arg-type]
    return made
