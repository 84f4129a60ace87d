"""When things happen: certain starts only, in wall-clock time, the same as an independent calendar says."""

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from stile.loop.directory.rules.records import TimeRecord
from stile.loop.directory.rules.times import (
    LONDON,
    day_bit,
    has_certain_start,
    is_over,
    next_start,
    slots_for,
    slots_of,
    starts,
    weekdays_of,
)
from stile.loop.directory.rules.vocabulary import PartOfDay, slot_bit

FOUR = time(16)
MORNING, AFTERNOON, EVENING = PartOfDay


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type]


def weekly(byday: str = "TU", **more: object) -> TimeRecord:
    return TimeRecord(**{"freq": "WEEKLY", "byday": byday, "opens_at": FOUR, **more})  # type: ignore[arg-type]


def test_every_tuesday_at_four() -> None:
    assert next_start([weekly()], london(2026, 3, 2, 9)) == london(2026, 3, 3, 16)
    assert next_start([weekly()], london(2026, 3, 3, 16)) == london(2026, 3, 3, 16)
    assert next_start([weekly()], london(2026, 3, 3, 16, 1)) == london(2026, 3, 10, 16)


def test_four_oclock_stays_four_oclock_when_the_clocks_change() -> None:
    found = starts([weekly("SU")], london(2026, 3, 22), london(2026, 4, 6))
    assert [at.strftime("%d %H:%M %z") for at in found] == [
        "22 16:00 +0000",
        "29 16:00 +0100",
        "05 16:00 +0100",
    ]
    assert next_start([weekly("SU")], datetime(2026, 3, 29, 15, tzinfo=UTC)) == london(2026, 3, 29, 16)
    assert next_start([weekly("SU")], datetime(2026, 3, 29, 15, 1, tzinfo=UTC)) == london(2026, 4, 5, 16)


def test_second_tuesday_of_the_month() -> None:
    rule = weekly("2TU", freq="MONTHLY")
    assert next_start([rule], london(2026, 3, 3)) == london(2026, 3, 10, 16)
    assert next_start([rule], london(2026, 3, 11)) == london(2026, 4, 14, 16)


def test_terms_end() -> None:
    rule = weekly(valid_from=date(2026, 1, 6), valid_to=date(2026, 3, 10))
    assert next_start([rule], london(2025, 12, 1)) == london(2026, 1, 6, 16)
    assert next_start([rule], london(2026, 3, 11)) is None
    assert is_over([rule], date(2026, 3, 11))
    assert not is_over([rule], date(2026, 3, 10))
    assert not is_over([rule, TimeRecord(text="and by arrangement")], date(2026, 3, 11))
    assert not is_over([], date(2026, 3, 11))


def test_three_times_only() -> None:
    rule = weekly(dtstart=date(2026, 3, 3), count=3)
    assert starts([rule], london(2026, 1, 1), london(2026, 12, 31)) == [
        london(2026, 3, day, 16) for day in (3, 10, 17)
    ]
    assert is_over([rule], date(2026, 3, 18))


@pytest.mark.parametrize(
    "rule",
    [
        TimeRecord(text="Tuesdays after school"),
        weekly(interval=2),  # every other Tuesday, from when?
        weekly(count=6),
        weekly("2TU"),  # the second Tuesday, every week
        weekly("XX"),
        weekly(""),
        weekly(interval=0),
        TimeRecord(freq="MONTHLY", opens_at=FOUR),
        TimeRecord(freq="SOMETIMES", byday="TU", opens_at=FOUR),
        TimeRecord(
            freq="MONTHLY", byday="5MO", bymonthday="1", count=2, dtstart=date(2026, 1, 1), opens_at=FOUR
        ),
        TimeRecord(byday="TU", opens_at=FOUR),
    ],
)
def test_what_is_not_certain_has_no_start(rule: TimeRecord) -> None:
    assert next_start([rule], london(2026, 3, 2)) is None
    assert not has_certain_start([rule])
    assert not is_over([rule], date(2026, 3, 2))


def test_a_day_without_an_hour_has_a_day_but_no_start() -> None:
    rule = weekly(opens_at=None)
    assert next_start([rule], london(2026, 3, 2)) is None
    assert slots_of([rule]) == day_bit(1)
    assert weekdays_of(slots_of([rule])) == [1]


def test_slots_are_the_parts_a_session_touches() -> None:
    def parts(opens: time, closes: time | None) -> int:
        return slots_of([weekly(opens_at=opens, closes_at=closes)])

    def tuesday(*of_day: PartOfDay) -> int:
        return sum(slot_bit(1, part) for part in of_day)

    assert parts(time(10), time(11, 30)) == tuesday(MORNING)
    assert parts(time(10), None) == tuesday(MORNING)
    assert parts(time(11), time(13)) == tuesday(MORNING, AFTERNOON)
    assert parts(time(9), time(12)) == tuesday(MORNING)
    assert parts(time(12), time(17)) == tuesday(AFTERNOON)
    assert parts(time(16), time(18)) == tuesday(AFTERNOON, EVENING)
    assert parts(time(17), time(19)) == tuesday(EVENING)
    assert parts(time(22), time(1)) == tuesday(EVENING)
    assert parts(time(9), time(21)) == tuesday(MORNING, AFTERNOON, EVENING)
    assert parts(time(0), None) == tuesday(MORNING)


def test_slots_leave_out_what_has_ended_and_what_has_no_weekday() -> None:
    ended = weekly("MO", valid_to=date(2026, 1, 1))
    assert slots_of([ended, weekly("TU")], date(2026, 3, 1)) == slot_bit(1, AFTERNOON)
    assert slots_of([TimeRecord(freq="MONTHLY", bymonthday="1", opens_at=FOUR)]) == 0
    assert slots_of([TimeRecord(freq="DAILY", opens_at=FOUR)]) == sum(
        slot_bit(on, AFTERNOON) for on in range(7)
    )
    assert slots_of([TimeRecord(dtstart=date(2026, 3, 3), opens_at=FOUR)]) == slot_bit(1, AFTERNOON)


def test_what_suits() -> None:
    assert slots_for([], []) == 0
    assert slots_for([1], [EVENING]) == slot_bit(1, EVENING)
    assert slots_for([1], []) & day_bit(1)
    assert not slots_for([], [EVENING]) & day_bit(1)


days_of_week = st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=3)
of_month = st.tuples(
    st.sampled_from(["1", "2", "3", "4", "5", "-1"]), st.sampled_from(["MO", "TU", "SU"])
).map("".join)
start_days = st.dates(date(2024, 1, 1), date(2026, 6, 1))


@st.composite
def rules(draw: st.DrawFn) -> TimeRecord:
    """Rules with a first day that the rule itself names, as RFC 5545 asks of a calendar event."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]))
    start = draw(start_days)
    byday = bymonthday = ""
    if freq == "WEEKLY":
        names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        byday = ",".join(sorted(draw(days_of_week) | {names[start.weekday()]}))
    elif freq == "MONTHLY":
        if draw(st.booleans()):
            bymonthday = str(start.day)
        else:
            nth = (start.day - 1) // 7 + 1
            byday = f"{nth}{['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][start.weekday()]}"
    ending = draw(st.sampled_from(["none", "count", "until"]))
    return TimeRecord(
        freq=freq,
        interval=draw(st.integers(1, 4)),
        byday=byday,
        bymonthday=bymonthday,
        dtstart=start,
        count=draw(st.integers(1, 40)) if ending == "count" else None,
        until=start + timedelta(days=draw(st.integers(0, 800))) if ending == "until" else None,
        opens_at=draw(st.sampled_from([time(9), time(16, 30), time(19)])),
    )


@settings(deadline=None, max_examples=150)
@given(rules(), st.dates(date(2024, 1, 1), date(2027, 1, 1)))
def test_starts_are_those_of_an_independent_calendar(rule: TimeRecord, low: date) -> None:
    assert rule.dtstart is not None
    assert rule.opens_at is not None
    event = icalendar.Event()
    event.add("uid", "1")
    event.add("dtstart", datetime.combine(rule.dtstart, rule.opens_at, tzinfo=LONDON))
    event.add("duration", timedelta(minutes=1))
    recurrence: dict[str, object] = {"freq": rule.freq, "interval": rule.interval}
    if rule.byday:
        recurrence["byday"] = rule.byday.split(",")
    if rule.bymonthday:
        recurrence["bymonthday"] = int(rule.bymonthday)
    if rule.count:
        recurrence["count"] = rule.count
    if rule.until:
        recurrence["until"] = datetime.combine(rule.until, time(23, 59), tzinfo=LONDON).astimezone(UTC)
    event.add("rrule", recurrence)
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    begin = datetime.combine(low, time(), tzinfo=LONDON)
    end = begin + timedelta(days=90)
    independent = sorted(one["DTSTART"].dt for one in recurring_ical_events.of(calendar).between(begin, end))
    ours = [at for at in starts([rule], begin, end) if at < end]
    assert [at.timestamp() for at in ours] == [at.timestamp() for at in independent]
    assert next_start([rule], begin, end) == (ours[0] if ours else None)
