"""When a row says it happens. What is not certain stays words, and says so."""

import re
from datetime import date

from stile.loop.directory.rules.prose import times_in
from stile.loop.directory.rules.records import TimeRecord

from . import values
from .cells import Cells

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHUT = frozenset(["closed", "shut", "none", "no", "-", "ar", "gau"]) | {"not open", "ar gau"}
_WEEKLY = frozenset(["weekly", "every week", "each week", "once a week", "wythnosol", "bob wythnos", "w"])


def times_of(cells: Cells) -> tuple[TimeRecord, ...]:
    first, last = day_of(cells, "valid_from"), day_of(cells, "valid_to")
    times = (*_by_columns(cells, first, last), *_by_day(cells))
    if prose := cells.plain("times"):
        if not times and (days := cells.plain("weekday")) and not cells.text("opens_at"):
            together = times_in(f"{days} {prose}")
            return together if _certain(together) else (TimeRecord(text=f"{days} {prose}"),)
        times += times_in(prose)
    return times


def day_of(cells: Cells, name: str) -> date | None:
    text = cells.text(name)
    if not text:
        return None
    found = values.day(text, cells.plan.mapping.month_first)
    if found is None:
        cells.warn(f"{text[:40]!r} is no date we can be sure of ({name}); kept as it is written")
    return found


def _certain(times: tuple[TimeRecord, ...]) -> bool:
    return all(one.freq for one in times)


def _by_columns(cells: Cells, first: date | None, last: date | None) -> tuple[TimeRecord, ...]:
    days, opens, closes = cells.plain("weekday"), cells.text("opens_at"), cells.text("closes_at")
    if not (days or opens or closes):
        return ()
    if days and not opens and not closes and cells.text("times"):
        return ()  # day and hours stand in two columns of prose: read together
    often = cells.plain("frequency")
    said = " ".join(
        part for part in (often, days, "–".join(part for part in (opens, closes) if part)) if part
    )
    read = values.hours(opens, closes)
    begin, end = read or (None, None)
    if read is None:
        cells.warn(f"{opens[:20]!r} to {closes[:20]!r} is not certain as times of day; kept as words")
    weekdays = values.weekdays(days)
    on = values.day(days, cells.plan.mapping.month_first) if days and not weekdays else None
    if days and not weekdays and on is None:
        cells.warn(f"{days[:40]!r} is no day of the week; kept as words")
    if on is not None and read is not None:
        return (TimeRecord(dtstart=on, opens_at=begin, closes_at=end, text=said),)
    if weekdays and read is not None and (not often or often.casefold() in _WEEKLY):
        byday = ",".join(values.BYDAY[n] for n in sorted(weekdays))
        return (TimeRecord(freq="WEEKLY", byday=byday, opens_at=begin, closes_at=end, valid_from=first, valid_to=last, text=said),)  # fmt: skip
    if first is not None and first == last and read is not None and not days:
        return (TimeRecord(dtstart=first, opens_at=begin, closes_at=end, text=f"{first.isoformat()} {said}"),)
    return (TimeRecord(text=said, valid_from=first, valid_to=last),)


def _by_day(cells: Cells) -> tuple[TimeRecord, ...]:
    """A column for each day of the week: "9am-5pm" under "Monday", "closed" under "Sunday"."""
    found: list[TimeRecord] = []
    for day in _DAYS:
        text = cells.plain(f"hours_{day[:3].lower()}")
        if not text or text.casefold() in _SHUT:
            continue
        if values.yes_no(text) is not None:
            if text.casefold() in ("yes", "y", "true", "1", "ie"):
                found.append(TimeRecord(freq="WEEKLY", byday=day[:2].upper(), text=day))
            continue
        for piece in text.replace(" and ", ";").replace(",", ";").split(";"):
            ends = re.split(r"\s*(?:[-–—]|\bto\b|\bi\b)\s*", piece.strip())
            span = values.hours(ends[0], ends[1]) if len(ends) == 2 else None
            if span is not None:
                found.append(TimeRecord(freq="WEEKLY", byday=day[:2].upper(), opens_at=span[0], closes_at=span[1], text=f"{day} {piece.strip()}"))  # fmt: skip
            else:
                found.extend(times_in(f"{day} {piece.strip()}"))
    return tuple(found)
