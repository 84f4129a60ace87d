"""One cell of somebody's table, read as what it means. Nothing here guesses: unsure gives None.

Every cell is text by the time it comes here, also from workbooks and JSON, so that what was written
can be kept word for word. A cell that begins with = + - or @ is text like any other: no formula is
ever worked out.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from stile.interop.markup import has_markup, plain_text
from stile.kernel.answer import Answer

UNKNOWN_WORDS = frozenset(
    ["na", "n/a", "n.a.", "n.a", "n\\a", "-", "--", "---", "–", "—", ".", "?", "??", "none", "null", "nil", "nan", "#n/a", "#na", "#ref!", "#value!", "unknown", "unk", "tbc", "tba", "tbd", "undefined", "(blank)", "blank", "(none)"]
) | {
    "not known", "not applicable", "not available", "not stated", "not specified", "not recorded",
    "not relevant", "not provided", "no data", "no information", "to be confirmed", "to be advised",
    "see above", "as above", "don't know", "do not know", "ddim yn hysbys", "ddim ar gael", "anhysbys", "dim",
}  # fmt: skip

_YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "t",
        "1",
        "1.0",
        "yep",
        "✓",
        "✔",
        "☑",
        "✅",
        "ie",
        "oes",
        "ydy",
        "ydyn",
        "ydi",
        "available",
        "provided",
    ]
)
_NO = frozenset(["no", "n", "false", "f", "0", "0.0", "✗", "✘", "☒", "❌", "nac", "nage"]) | {
    "not available", "nac oes", "nac ydy", "nac ydyn", "none available", "unavailable", "not provided",
}  # fmt: skip

POSTCODE = re.compile(
    r"\b(GIR ?0AA|(?:[A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRVWXY]?) ?[0-9][ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
PHONE = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[\s().\-–/]*\d){6,14}(?![\w])(?:\s*(?:ext?\.?|x)\s*\d{1,6})?", re.IGNORECASE)  # fmt: skip
WEBSITE = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:org|com|net|info|uk|wales|cymru|scot|london|eu|gov|edu|io|co)\b(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\ufeff\ufffe\uffff]"
)
_LOOK = 2000  # characters of a cell searched for an address, number or link: patterns that look back are slow
_LONE = re.compile(r"[\ud800-\udfff]")
_EXCEL_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)


def tidy(text: str) -> str:
    """The same words without what cannot be seen: control marks, odd spaces, edges. Never raises."""
    if text.isascii() and text.isprintable():
        text = text.strip()
    else:
        text = _LONE.sub("\ufffd", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
        text = unicodedata.normalize("NFC", text.replace("\xa0", " ").replace("\u202f", " ")).strip()
    # How a workbook is told that 0161 is not a number.
    wrapped = _EXCEL_TEXT.match(text) if text.startswith('="') else None
    return wrapped[1].replace('""', '"').strip() if wrapped else text


def is_unknown(text: str) -> bool:
    """Whether a cell says nothing: empty, or one of the many ways of writing "we do not know"."""
    return not text or text.casefold() in UNKNOWN_WORDS


def plain(text: str) -> str:
    """Text without markup, also where the markup had been escaped once more."""
    if not has_markup(text):
        return text
    once = plain_text(text)
    return tidy(plain_text(once) if has_markup(once) else once)


def yes_no(text: str) -> Answer | None:
    """YES, NO, UNKNOWN where the cell says nothing, or None where it says something else."""
    word = text.strip().rstrip(".").casefold()
    if word in _YES:
        return Answer.YES
    if word in _NO:
        return Answer.NO
    return Answer.UNKNOWN if is_unknown(word) else None


def whole(text: str) -> int | None:
    """A whole number of zero or more: "12", "12.0", "1,200"."""
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.0+)?", text.strip())
    return int(match[1].replace(",", "")) if match else None


def number(text: str) -> float | None:
    """A number with a decimal point or a decimal comma; None for anything else."""
    text = text.strip().replace("\u2212", "-").removesuffix("°")
    match = re.fullmatch(r"[+-]?\d{1,12}(?:[.,]\d{1,18})?(?:[eE]-?\d{1,2})?", text)
    return float(text.replace(",", ".")) if match else None


def age(text: str) -> int | None:
    """Years, from "11", "11.0", "11 years", "11 yrs", "aged 11"."""
    match = re.fullmatch(
        r"(?:aged?\s+)?(\d{1,3})(?:\.0+)?\s*(?:years?(?:\s+old)?|yrs?|y/?o|oed)?\.?", text.strip().casefold()
    )
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Money:
    pence: int  # hundredths of the currency
    currency: str  # "" where none was named


_SIGNS = {"£": "GBP", "gbp": "GBP", "€": "EUR", "eur": "EUR", "$": "USD", "usd": "USD", "": ""}
_MONEY = re.compile(
    r"(?P<sign>[£€$]|gbp|eur|usd)?\s*(?P<amount>\d{1,6}(?:[.,]\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{2})?)"
    r"\s*(?P<after>p|pence|£|€|gbp|eur|pounds?)?"
    r"(?:\s*(?:per|a|an|each|/|p/|y|yr)\s*(?:person|child|young person|session|class|week|visit|time|lesson|day|half day|month|term|year|hour|pw|ps|one)?)?"
)
_FREE = re.compile(
    r"(?:(?:it'?s |always |completely |totally |all )?free(?: of charge| entry| to attend| to all| to join| for all)?"
    r"|no (?:charge|cost|fees?)|none\.|am ddim|yn rhad ac am ddim|rhad ac am ddim|nil cost)[.!]?"
)


def money(text: str) -> Money | None:
    """One certain price. "Free" is 0; "from £3", "£3-£5" and "£3 members, £5 others" are not certain."""
    word = re.sub(r"\s+", " ", text.strip().casefold())
    if _FREE.fullmatch(word):
        return Money(0, "")
    match = _MONEY.fullmatch(word)
    if match is None:
        return None
    amount, after = match["amount"], match["after"] or ""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{2})?", amount):
        amount = amount.replace(",", "")
    value = float(amount.replace(",", "."))
    if after in ("p", "pence"):
        return Money(round(value), "GBP")
    sign = match["sign"] or ("GBP" if after.startswith("pound") else after)
    return Money(round(value * 100), _SIGNS.get(sign, sign.upper()))


_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.]\d{2})?(?:\.\d+)?\s*(am|pm|a\.m\.?|p\.m\.?|noon|midnight|yb|yp)?"
)


def clock(text: str) -> time | None:
    """A time of day: "9:30", "09:30:00", "9am", "5.30 pm", "12noon", "noon"; None if unsure ("9")."""
    word = text.strip().casefold()
    if word in ("noon", "midday", "12 noon", "canol dydd", "hanner dydd"):
        return time(12)
    match = _CLOCK.fullmatch(word)
    if match is None or not (match[2] or match[3]):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    half = (match[3] or "").replace(".", "")
    if half in ("am", "pm", "yb", "yp"):  # yb, yp: y bore, y prynhawn
        if not 1 <= hour <= 12:
            return time(hour, minute) if half in ("pm", "yp") and 12 < hour < 24 and minute < 60 else None
        hour = hour % 12 + (12 if half in ("pm", "yp") else 0)
    elif half in ("noon", "midnight"):
        if hour != 12 or minute:
            return None
        hour = 12 if half == "noon" else 0
    if hour == 24 and minute == 0:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def hours(opens: str, closes: str) -> tuple[time | None, time | None] | None:
    """When a session begins and ends, or None where one of them is no time or could be either half of the day.

    "4:30" to "6:00" may be the afternoon or the night before; "16:30", "04:30", "4:30pm" and "9:00" to
    "17:00" can each only be one.
    """
    begin, end = clock(opens) if opens else None, clock(closes) if closes else None
    if (opens and begin is None) or (closes and end is None):
        return None
    late = any(at is not None and at.hour > 12 for at in (begin, end))
    morning = begin is not None and begin.hour in (8, 9) and end is not None and end.hour in (11, 12)
    for text, at in ((opens, begin), (closes, end)):
        told = (
            re.search(r"[^\d:.\s]", text) is not None or text.lstrip().startswith("0") or text.count(":") > 1
        )
        if at is not None and 1 <= at.hour <= 9 and not (told or late or morning):
            return None
    return begin, end


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CY_DAYS = ("llun", "mawrth", "mercher", "iau", "gwener", "sadwrn", "sul")
_DAY_WORDS: dict[str, int] = {
    **{word: n for n, day in enumerate(_DAYS) for word in (day, day + "s", day[:3], day[:2])},
    **{word: n for n, day in enumerate(_CY_DAYS) for word in (day, "dydd " + day, "nos " + day)},
    "tues": 1, "weds": 2, "thur": 3, "thurs": 3, "wednes": 2,
}  # fmt: skip
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SPANS = {"weekdays": range(5), "weekends": (5, 6), "weekend": (5, 6), "daily": range(7), "every day": range(7),
          "everyday": range(7), "7 days": range(7), "mon-fri": range(5), "bob dydd": range(7)}  # fmt: skip


def weekdays(text: str) -> tuple[int, ...]:
    """The days a cell names and nothing but days: "Mon, Wed", "Tuesday - Friday", "daily"; else ()."""
    if len(text) > 200:
        return ()
    word = re.sub(r"\s+", " ", text.strip().casefold().rstrip(".")).removeprefix("every ").removeprefix("on ")
    if word in _SPANS:
        return tuple(_SPANS[word])
    found: list[int] = []
    for part in re.split(r"\s*(?:[,;/&+|]|\band\b|\ba\b|\n)\s*", word):
        if not part:
            continue
        ends = [_DAY_WORDS.get(end.strip(". ")) for end in re.split(r"\s*(?:[-–—]|\bto\b|\bi\b)\s*", part)]
        if len(ends) == 1 and ends[0] is not None:
            found.append(ends[0])
        elif len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            span = (ends[1] - ends[0]) % 7
            found.extend((ends[0] + n) % 7 for n in range(span + 1))
        elif part in _SPANS:
            found.extend(_SPANS[part])
        else:
            return ()
    return tuple(dict.fromkeys(found))


_MONTHS = {
    m: n
    for n, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\S.*)?")
_SLASH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?")
_WORDY = (
    re.compile(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)? ?-?([a-z]{3,9})\.?,? ?-?(\d{4}|\d{2})"),
    re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"),
)


def day(text: str, month_first: bool | None = None) -> date | None:
    """A date. 03/04/2025 is only read where `month_first` says which way round the list writes it."""
    word = re.sub(r"\s+", " ", text.strip().casefold())
    if match := _ISO.fullmatch(word):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASH.fullmatch(word):
        a, b, year = int(match[1]), int(match[2]), _year(match[3])
        if a > 12 or (a == b and a <= 12):
            return _date(year, b, a)
        if b > 12:
            return _date(year, a, b)
        if month_first is None:
            return None
        return _date(year, a, b) if month_first else _date(year, b, a)
    if match := _WORDY[0].fullmatch(word):
        return _date(_year(match[3]), _MONTHS.get(match[2][:3], 0), int(match[1]))
    if match := _WORDY[1].fullmatch(word):
        return _date(int(match[3]), _MONTHS.get(match[1][:3], 0), int(match[2]))
    return None


def month_first(texts: "list[str]") -> bool | None:
    """Which way round a column writes its dates, where one of them can only be one way; else None."""
    for text in texts:
        if match := _SLASH.fullmatch(text.strip()):
            if int(match[1]) > 12 >= int(match[2]):
                return False
            if int(match[2]) > 12 >= int(match[1]):
                return True
    return None


def _year(text: str) -> int:
    year = int(text)
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _date(year: int, month: int, day_: int) -> date | None:
    try:
        return date(year, month, day_)
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """A point in time where the cell gives one in ISO 8601; a bare date is not one."""
    word = text.strip().replace("Z", "+00:00")
    if len(word) < 16:
        return None
    try:
        return datetime.fromisoformat(word)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def postcode(text: str) -> str | None:
    """A whole UK postcode as it is written ("m314fa" gives "M31 4FA"); None where it is not one."""
    word = re.sub(r"[\s\-]+", "", text).upper()
    if len(word) < 5 or len(word) > 7:
        return None
    spaced = f"{word[:-3]} {word[-3:]}"
    if POSTCODE.fullmatch(spaced):
        return spaced
    return None


def website(text: str) -> str | None:
    """The first web address in the cell, with a scheme; None where there is none."""
    match = WEBSITE.search(text[:_LOOK])
    if match is None:
        return None
    found = match[0].rstrip(".,;)'")
    return found if found.lower().startswith(("http://", "https://")) else "https://" + found


def phone(text: str) -> str | None:
    """The first phone number of the cell, as it is written, its lost leading zero put back."""
    match = PHONE.search(text[:_LOOK])
    if match is None:
        return None
    found = match[0].strip()
    if re.fullmatch(r"[12378]\d{9}", found):  # a workbook took 0161 912 2122 for a number
        return "0" + found
    return found


def email(text: str) -> str | None:
    match = EMAIL.search(text[:_LOOK]) if "@" in text else None
    return match[0].rstrip(".") if match else None


def pieces(text: str) -> list[str]:
    """A list in one cell: split at ; | and line ends, else at commas outside brackets."""
    inner = text.strip()
    if inner.startswith("[") and inner.endswith("]"):
        inner = inner[1:-1].replace('"', "")
    cut = re.split(r"[;|\n•]", inner)
    if len([part for part in cut if part.strip()]) == 1:
        cut = re.split(r",(?![^()]*\))", inner) if len(inner) <= _LOOK else inner.split(",")
    return list(dict.fromkeys(part.strip(" .'") for part in cut if part.strip(" .'")))
