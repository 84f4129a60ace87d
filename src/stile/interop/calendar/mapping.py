"""An activity's times as an iCalendar file (RFC 5545), pure.

Times are London wall-clock times with their zone, so four o'clock stays four o'clock when the clocks
change. A rule in prose gives no event: nothing goes into a calendar that is not certain. The event's
id stays the same for as long as the rule does, and its number goes up with each change, so that a
calendar that has it already changes it instead of adding another.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vRecur

from stile.loop.directory.rules.records import TimeRecord
from stile.loop.directory.rules.times import LONDON, by_days, by_month_days, dates

USUAL_LENGTH = timedelta(hours=1)  # where nobody says when it ends
LOOK_AHEAD = timedelta(days=400)


def calendar(
    *, uid: str, name: str, where: str, about: str, url: str, times: Iterable[TimeRecord], now: datetime,
    cancelled: bool = False,
) -> bytes | None:  # fmt: skip
    """The file; None when no time is certain. `uid` is the activity's, `now` aware."""
    made = Calendar()
    made.add("prodid", "-//Stile//Things to do//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    began: list[date] = []
    for record in times:
        event = _event(record, now, began)
        if event is None:
            continue
        event.add("uid", f"{record.key or _mark(record)}.{uid}@stile")
        event.add("dtstamp", now)
        event.add("sequence", int(now.timestamp()) // 60)  # minutes: each download is the newest word
        event.add("summary", name)
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        if where:
            event.add("location", where)
        if about:
            event.add("description", about)
        if url:
            event.add("url", url)
        made.add_component(event)
    if not began:
        return None
    first = min(began)
    made.add_missing_timezones(first_date=first.replace(month=1, day=1), last_date=first + 10 * LOOK_AHEAD)
    return bytes(made.to_ical())


def _event(record: TimeRecord, now: datetime, began: list[date]) -> Event | None:
    first = next(
        dates(record, now.astimezone(LONDON).date(), now.astimezone(LONDON).date() + LOOK_AHEAD), None
    )
    if first is None or record.opens_at is None:
        return None
    event = Event()
    # DTSTART is the first happening itself (RFC 5545 counts it even where the rule does not). A rule
    # that counts, every other week or six times, counts from the first there ever was.
    start_day = first
    if record.dtstart is not None and (record.interval > 1 or record.count is not None):
        start_day = next(dates(record, record.dtstart, first), first)
    start = datetime.combine(start_day, record.opens_at, LONDON)
    began.append(start_day)
    event.add("dtstart", start)
    event.add("dtend", _end(record, start))
    if record.freq:
        event.add("rrule", _rule(record))
    return event


def _end(record: TimeRecord, start: datetime) -> datetime:
    if record.closes_at is None:
        return start + USUAL_LENGTH
    end = datetime.combine(start.date(), record.closes_at, LONDON)
    return end if end > start else end + timedelta(days=1)  # past midnight


def _rule(record: TimeRecord) -> vRecur:
    rule: dict[str, object] = {"freq": record.freq.upper()}
    if record.interval > 1:
        rule["interval"] = record.interval
    if by_days(record.byday):
        rule["byday"] = [
            day.strip().upper() for day in record.byday.replace(";", ",").split(",") if day.strip()
        ]
    if month_days := by_month_days(record.bymonthday):
        rule["bymonthday"] = month_days
    if record.count is not None:
        rule["count"] = record.count
    elif until := _last(record):
        # UNTIL is in UTC when the start has a zone; the end of the last day, so that day still counts.
        rule["until"] = datetime.combine(until, datetime.max.time().replace(microsecond=0), LONDON)
    return vRecur(rule)


def _last(record: TimeRecord) -> date | None:
    return min((day for day in (record.until, record.valid_to) if day is not None), default=None)


def _mark(record: TimeRecord) -> str:
    return f"{record.freq}-{record.byday}-{record.bymonthday}-{record.opens_at}".lower().replace(":", "")
