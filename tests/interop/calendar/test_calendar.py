"""What goes into somebody's calendar, read back by a library that did not make it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from stile.interop.calendar.mapping import calendar
from stile.loop.directory.rules.records import TimeRecord
from stile.loop.directory.rules.times import LONDON, dates

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def made(*times: TimeRecord, now: datetime = NOW) -> bytes | None:
    return calendar(
        uid="1234", name="Tynnu llun gyda Dot: ŵ ŷ", where="Mill St", about="x" * 200, url="http://x/a/",
        times=times, now=now,
    )  # fmt: skip


def starts(data: bytes, first: date, last: date) -> list[datetime]:
    found = recurring_ical_events.of(Calendar.from_ical(data)).between(first, last + timedelta(days=1))
    return sorted(event["DTSTART"].dt for event in found)


def test_four_o_clock_stays_four_o_clock_when_the_clocks_change() -> None:
    data = made(TimeRecord(freq="WEEKLY", byday="TU", opens_at=time(16), closes_at=time(18)))
    assert data is not None
    found = starts(data, date(2026, 3, 23), date(2026, 4, 1))
    assert [at.hour for at in found] == [16, 16]
    assert found[0].utcoffset() != found[1].utcoffset()


@pytest.mark.parametrize(
    "record",
    [
        TimeRecord(text="term time only, ask"),
        TimeRecord(freq="WEEKLY", byday="TU"),
        TimeRecord(freq="WEEKLY", interval=2, byday="TU", opens_at=time(16)),
        TimeRecord(freq="WEEKLY", byday="TU", opens_at=time(16), valid_to=date(2025, 1, 1)),
    ],
)
def test_nothing_uncertain_or_over_goes_into_a_calendar(record: TimeRecord) -> None:
    assert made(record) is None


def test_the_last_day_still_counts_and_a_night_ends_next_day() -> None:
    record = TimeRecord(
        freq="WEEKLY", byday="TU", opens_at=time(22), closes_at=time(1), valid_to=date(2026, 3, 17)
    )
    data = made(record)
    assert data is not None
    assert [at.date() for at in starts(data, date(2026, 3, 1), date(2026, 4, 30))] == [
        date(2026, 3, 3), date(2026, 3, 10), date(2026, 3, 17),
    ]  # fmt: skip
    event = Calendar.from_ical(data).walk("VEVENT")[0]
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=3)


def test_lines_are_folded_and_the_id_stays() -> None:
    record = TimeRecord(freq="WEEKLY", byday="TU", opens_at=time(16))
    first, later = made(record), made(record, now=NOW + timedelta(days=9))
    assert first is not None
    assert later is not None
    assert all(len(line) <= 75 for line in first.split(b"\r\n"))
    one, two = (Calendar.from_ical(data).walk("VEVENT")[0] for data in (first, later))
    assert one["UID"] == two["UID"]
    assert int(two["SEQUENCE"]) > int(one["SEQUENCE"])


rules = st.builds(
    TimeRecord,
    freq=st.sampled_from(["WEEKLY", "MONTHLY", "DAILY"]),
    interval=st.integers(1, 3),
    byday=st.sampled_from(["", "MO", "TU,TH", "SA,SU"]),
    dtstart=st.dates(date(2025, 1, 1), date(2026, 6, 1)),
    valid_to=st.none() | st.dates(date(2026, 3, 1), date(2027, 1, 1)),
    opens_at=st.just(time(17, 30)),
    closes_at=st.just(time(19)),
)


@given(rules)
def test_it_says_what_the_pages_say(record: TimeRecord) -> None:
    """The same days as the finder's own reading of the rule, worked out by somebody else's library."""
    first, last = date(2026, 3, 3), date(2026, 5, 3)
    ours = list(dates(record, first, last))
    data = made(record)
    theirs = [at.date() for at in starts(data, first, last)] if data else []
    assert theirs == ours
    assert all(
        at.astimezone(LONDON).time() == time(17, 30) for at in (starts(data, first, last) if data else [])
    )
