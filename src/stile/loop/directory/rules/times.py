"""When an activity happens: its next start, and the parts of the week it touches.

A `TimeRecord` is a recurrence in the terms of RFC 5545 over local wall-clock times, so four o'clock
stays four o'clock when the clocks change. Only what is certain counts: a rule in prose, a fortnight
without a first date, or a day without an hour gives no start, and the caller must say "we don't know".
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from .records import TimeRecord
from .vocabulary import PARTS, PartOfDay, slot_bit

LONDON = ZoneInfo("Europe/London")
LOOK_AHEAD = timedelta(days=400)  # nothing is announced further ahead than a year and a term
MOST_RULES = 60  # of one activity; what comes after is kept in the record and not worked through

NOON, FIVE = time(12), time(17)
_CODES = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_FREQUENCIES: dict[str, Any] = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_DAY = timedelta(days=1)


def day_bit(on: int) -> int:
    """The bit of "this weekday, at an hour nobody has told us"; above the 21 slots. 0 is Monday."""
    return 1 << (21 + on)


def by_days(text: str) -> list[tuple[int, int]] | None:
    """ "TU,2FR" as [(1, 0), (4, 2)]: weekday and which of the month (0 each). None when unreadable."""
    days: list[tuple[int, int]] = []
    for part in text.upper().replace(";", ",").split(","):
        part = part.strip()
        if not part:
            continue
        code, number = part[-2:], part[:-2]
        if code not in _CODES:
            return None
        try:
            nth = int(number) if number else 0
        except ValueError:
            return None
        if not -5 <= nth <= 5:
            return None
        days.append((_CODES[code], nth))
    return days


def by_month_days(text: str) -> list[int] | None:
    """ "1,-1" as [1, -1]; None when unreadable."""
    try:
        days = [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        return None
    return days if all(1 <= abs(one) <= 31 for one in days) else None


def dates(record: TimeRecord, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both included, on which the record certainly happens."""
    start = record.dtstart
    low = max(filter(None, (first, start, record.valid_from)))
    high = min(filter(None, (last, record.until, record.valid_to)))
    if low > high:
        return
    freq = record.freq.upper()
    days, month_days = by_days(record.byday), by_month_days(record.bymonthday)
    if days is None or month_days is None or not 1 <= record.interval <= 1000:
        return
    if not freq:
        # A date and no rule is one happening; a weekday and no rule is somebody's prose.
        if start is not None and not days and not month_days and low <= start <= high:
            yield start
        return
    if (record.interval > 1 or record.count is not None) and start is None:
        return  # every other week from when? three times from when?
    if freq == "WEEKLY" and any(nth for _, nth in days):
        return  # "the second Tuesday, every week" is somebody's slip: we cannot tell which they meant
    if record.count is not None and days and month_days:
        return  # may never come true, and would be looked for until the year 9999
    if freq == "WEEKLY" and not month_days and record.count is None:
        yield from _weekly(record, [on for on, _ in days], low, high)
    elif freq in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        yield from _by_rule(record, freq, days, month_days, low, high)


def _weekly(record: TimeRecord, on: list[int], low: date, high: date) -> Iterator[date]:
    """Nine rules in ten are "every Tuesday": plain arithmetic, no recurrence engine."""
    start = record.dtstart
    if not on:
        if start is None:
            return
        on = [start.weekday()]
    wanted = frozenset(on)
    monday = start - timedelta(days=start.weekday()) if start else None
    at = low
    while at <= high:
        if monday is not None and record.interval > 1:
            week = (at - monday).days // 7
            if week % record.interval:
                at = monday + timedelta(weeks=week + record.interval - week % record.interval)
                continue
        if at.weekday() in wanted:
            yield at
        at += _DAY


def _by_rule(
    record: TimeRecord, freq: str, days: list[tuple[int, int]], month_days: list[int], low: date, high: date
) -> Iterator[date]:
    if freq in ("MONTHLY", "YEARLY") and record.dtstart is None and not (days or month_days):
        return  # once a month, on which day?
    if freq == "YEARLY" and record.dtstart is None:
        return
    start = record.dtstart or low
    if freq == "DAILY" and record.count is None:
        # Begin near the window: a daily rule of 1990 would be walked day by day otherwise.
        skipped = max(0, (low - start).days) // record.interval
        start += timedelta(days=skipped * record.interval)
    rule = rrule(
        _FREQUENCIES[freq],
        dtstart=datetime.combine(start, time()),
        interval=record.interval,
        count=record.count,
        byweekday=[weekday(on, nth if nth and freq in ("MONTHLY", "YEARLY") else None) for on, nth in days]
        or None,
        bymonthday=month_days or None,
        until=datetime.combine(high, time()) if record.count is None else None,
    )
    for at in rule:
        if at.date() > high:
            return
        if at.date() >= low:
            yield at.date()


def starts(times: Iterable[TimeRecord], after: datetime, before: datetime) -> list[datetime]:
    """Certain starts from `after` to `before` (aware, both included), in order, in London's time."""
    low, high = after.astimezone(LONDON), before.astimezone(LONDON)
    found: set[datetime] = set()
    for record in list(times)[:MOST_RULES]:
        if record.opens_at is None:
            continue
        for on in dates(record, low.date(), high.date()):
            at = datetime.combine(on, record.opens_at.replace(tzinfo=None), tzinfo=LONDON)
            if after <= at <= before:
                found.add(at)
    return sorted(found)


def next_start(
    times: Iterable[TimeRecord],
    after: datetime,
    before: datetime | None = None,
    days: Collection[int] = (),
) -> datetime | None:
    """The first certain start at or after `after`, and not after `before`; None when there is none.

    With `days` (0 is Monday) only starts on those weekdays count.
    """
    low = after.astimezone(LONDON)
    high = min(filter(None, (before, after + LOOK_AHEAD))).astimezone(LONDON)
    best: datetime | None = None
    for record in list(times)[:MOST_RULES]:
        if record.opens_at is None:
            continue
        clock = record.opens_at.replace(tzinfo=None)
        for on in dates(record, low.date(), best.date() if best else high.date()):
            if days and on.weekday() not in days:
                continue
            at = datetime.combine(on, clock, tzinfo=LONDON)
            if at < after:
                continue
            if at <= high and (best is None or at < best):
                best = at
            break
    return best


def has_certain_start(times: Iterable[TimeRecord]) -> bool:
    """Whether any record says when in a way `starts` can work out, past or future."""
    return any(
        record.opens_at is not None
        and next(dates(record, record.dtstart or date(2000, 1, 1), date(2100, 1, 1)), None) is not None
        for record in list(times)[:MOST_RULES]
    )


def is_over(times: Iterable[TimeRecord], today: date) -> bool:
    """True when there are times, every one of them certain, and the last of them has passed."""
    records = list(times)[:MOST_RULES]
    if not records:
        return False
    horizon = date(2100, 1, 1)
    for record in records:
        began = record.dtstart or record.valid_from or date(2000, 1, 1)
        if next(dates(record, began, horizon), None) is None or (record.text and not record.freq):
            return False  # prose, or a rule we cannot read: it may well go on
        if next(dates(record, today, horizon), None) is not None:
            return False
    return True


def slots_of(times: Iterable[TimeRecord], today: date | None = None) -> int:
    """The slots of the week the times touch (`vocabulary.slot_bit`, `day_bit`); 0 when none is certain.

    With `today`, records that have ended are passed over. A rule by the day of the month has no
    weekday, and so no slot.
    """
    slots = 0
    for record in list(times)[:MOST_RULES]:
        if today is not None and any(
            end is not None and end < today for end in (record.until, record.valid_to)
        ):
            continue
        for on in _weekdays(record):
            slots |= _parts(on, record.opens_at, record.closes_at)
    return slots


def _weekdays(record: TimeRecord) -> set[int]:
    freq = record.freq.upper()
    days, month_days = by_days(record.byday), by_month_days(record.bymonthday)
    if days is None or month_days is None or record.interval < 1:
        return set()
    on = {one for one, _ in days}
    if freq == "WEEKLY":
        if any(nth for _, nth in days):
            return set()
        return on or ({record.dtstart.weekday()} if record.dtstart else set())
    if freq == "MONTHLY":
        return on if not month_days else set()
    if freq == "DAILY":
        return on or (set(range(7)) if record.interval == 1 else set())
    if not freq and record.dtstart and not days and not month_days:
        return {record.dtstart.weekday()}
    return set()


def _parts(on: int, opens: time | None, closes: time | None) -> int:
    """The parts of one day a session touches; all of "which part" is unknown without a first hour."""
    if opens is None:
        return day_bit(on)
    opens = opens.replace(tzinfo=None)
    ends = closes.replace(tzinfo=None) if closes else opens
    if ends < opens:
        ends = time(23, 59)  # past midnight: the evening is enough
    bits = 0
    for part, begins, until in zip(PARTS, (time(0), NOON, FIVE), (NOON, FIVE, None), strict=True):
        ends_after = ends > begins or opens >= begins
        if (until is None or opens < until) and ends_after:
            bits |= slot_bit(on, part)
    return bits


def weekdays_of(slots: int) -> list[int]:
    """The weekdays a slots mask touches, hour known or not; 0 is Monday."""
    return [on for on in range(7) if slots & (0b111 << (on * 3) | day_bit(on))]


def slots_for(days: Iterable[int], parts: Iterable[PartOfDay]) -> int:
    """The mask of what suits: every named part of every named day; nothing named names them all.

    The `day_bit`s are part of it only when no part was named: "Tuesday" is content with a Tuesday
    whose hour nobody knows, "Tuesday evening" is not.
    """
    on_days, in_parts = list(days), list(parts)
    if not on_days and not in_parts:
        return 0
    mask = 0
    for on in on_days or range(7):
        for part in in_parts or PARTS:
            mask |= slot_bit(on, part)
        if not in_parts:
            mask |= day_bit(on)
    return mask
