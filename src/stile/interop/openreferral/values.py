"""Single values: how Open Referral writes dates, times, money and numbers, and how we read them.

Each reader takes any JSON value and raises `Odd`, in words for the report, when it is not what it
should be. Each writer gives what the schema wants.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from stile.interop.markup import as_markup, plain_text

from .shapes import number


class Odd(ValueError):
    """A value that is not what its property promises."""


def text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Odd(f"expected words, found {_kind(value)}")


def prose(value: Any) -> str:
    return plain_text(text(value))


def prose_out(value: str) -> str:
    return as_markup(value)


def same(value: Any) -> Any:
    return value


def link(value: Any) -> str:
    """An address on the web. Anything that a browser would run instead of visit is refused."""
    said = text(value).strip()
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", said)
    # "example.org:8080" is a host and its port; "javascript:1" is no host.
    host = scheme and "." in scheme[1] and re.match(r"[^/]*:\d", said)
    if scheme and scheme[1].lower() not in ("http", "https") and not host:
        raise Odd(f"not a web address: {said[:80]!r}")
    return said


def whole(value: Any) -> int:
    """A whole number, also when written as text or with a fraction of nought."""
    given = number(value)
    if given is None:
        raise Odd(f"expected a number, found {_kind(value)}")
    if given != int(given) or abs(given) > 10**9:
        raise Odd(f"expected a whole number, found {given}")
    return int(given)


def age(value: Any) -> int:
    years = number(value)
    if years is None:
        raise Odd(f"expected an age in years, found {_kind(value)}")
    if not 0 <= years <= 150:
        raise Odd(f"{years} is not an age")
    return int(years)


def latitude(value: Any) -> float:
    return _degrees(value, 90)


def longitude(value: Any) -> float:
    return _degrees(value, 180)


def _degrees(value: Any, most: int) -> float:
    given = number(value)
    if given is None:
        raise Odd(f"expected degrees, found {_kind(value)}")
    if abs(given) > most:
        raise Odd(f"{given} is out of range (at most {most} degrees); kept without a position")
    return float(given)


def day(value: Any) -> date:
    """A date, alone or at the head of a date and time."""
    said = text(value).strip()
    found = re.match(r"(\d{4})-?(\d{2})-?(\d{2})(?=$|[T ])", said)
    if not found:
        raise Odd(f"expected a date such as 2026-03-01, found {said[:40]!r}")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Odd(f"{said[:40]!r} is not a day of the calendar") from error


def day_out(value: date) -> str:
    return value.isoformat()


def moment(value: Any) -> datetime:
    """A moment with its offset; without one it is taken as UTC."""
    said = text(value).strip()
    try:
        read = datetime.fromisoformat(said)
    except ValueError as error:
        raise Odd(f"expected a date and time, found {said[:40]!r}") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def moment_out(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    precise = "milliseconds" if aware.microsecond and not aware.microsecond % 1000 else "auto"
    written = aware.isoformat(timespec=precise)
    return re.sub(r"\+00:00$", "Z", written)


def clock(value: Any) -> time:
    """A wall-clock time: "18:00", "18:00:00", "6pm"; an offset behind it is left to the details."""
    said = text(value).strip().lower()
    found = re.fullmatch(
        r"(\d{1,2})(?::(\d{2}))?(?::(\d{2})(\.\d{1,6})?\d*)?\s*([ap])?\.?(?:m\.?)?(?:z|[+-]\d{2}:?\d{2})?",
        said,
    )
    if not found or (found[2] is None and found[5] is None):
        raise Odd(f"expected a time such as 18:00, found {said[:40]!r}")
    hour = int(found[1])
    if found[5]:
        if not 1 <= hour <= 12:
            raise Odd(f"{said[:40]!r} is not a time of day")
        hour = hour % 12 + (12 if found[5] == "p" else 0)
    try:
        micro = round(float(found[4]) * 1_000_000) if found[4] else 0
        return time(hour, int(found[2] or 0), int(found[3] or 0), micro)
    except ValueError as error:
        raise Odd(f"{said[:40]!r} is not a time of day") from error


def clock_out(value: time) -> str:
    return value.isoformat()


def pence(value: Any) -> int:
    """An amount in hundredths of its currency."""
    given = number(value.replace("£", "") if isinstance(value, str) else value)
    if given is None:
        raise Odd(f"expected an amount, found {_kind(value)}")
    if not 0 <= given <= 10**7:
        raise Odd(f"{given} is not a price")
    return round(given * 100)


def pence_out(value: int) -> int | float:
    return value // 100 if value % 100 == 0 else value / 100


_STATUS = {
    "active": "active open live published current yes true available",
    "inactive": "inactive closed draft hidden unpublished no false unavailable",
    "defunct": "defunct ended ceased deleted archived",
}
_STATUSES = {word: status for status, words in _STATUS.items() for word in words.split()}


def status(value: Any) -> str:
    said = text(value).strip().lower()
    if said in ("temporarily closed", "temporarily_closed", "suspended", "paused", "on hold"):
        return "temporarily closed"
    if said in _STATUSES:
        return _STATUSES[said]
    raise Odd(f"status {said[:40]!r} is not one we know; the activity is kept, not shown")


def place_kind(value: Any) -> str:
    said = text(value).strip().lower()
    if said in ("physical", "postal", "virtual"):
        return said
    raise Odd(f"location type {said[:40]!r} is not physical, postal or virtual")


def freq(value: Any) -> str:
    said = text(value).strip().upper()
    if said in ("WEEKLY", "MONTHLY", "DAILY"):
        return said
    raise Odd(f"frequency {said[:40]!r} is not WEEKLY, MONTHLY or DAILY")


_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def byday(value: Any) -> str:
    """Days as RFC 5545 writes them ("TU,TH", "2TU"), also given as a list or as names of days."""
    given = value if isinstance(value, list) else re.split(r"[,;\s]+", text(value).strip())
    days = []
    for one in given:
        found = re.fullmatch(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)[A-Z]*", text(one).strip().upper())
        if not found:
            raise Odd(f"days {str(value)[:40]!r} are not written as MO,TU,...")
        days.append(f"{(found[1] or '').lstrip('+')}{found[2]}")
    return ",".join(days)


def words_with_commas(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(text(one) for one in value)
    return text(value)


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case dict():
            return "an object"
        case list():
            return "a list"
        case None:
            return "nothing"
        case str():
            return repr(value[:40])
    return str(value)[:40]
