"""Kept as long as the rules say, and no longer: by the clock, counted first, never somebody else's."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from stile.access.gate import working_as
from stile.people import jobs
from stile.people.actions import retention
from stile.people.models import ContactRoute, YoungPerson
from stile.people.queries import records
from stile.people.rules import retention as rules
from tests import society


@pytest.mark.parametrize(
    ("born", "ended", "until"),
    [
        (date(2010, 5, 1), date(2026, 4, 30), date(2035, 5, 1)),  # 15
        (date(2010, 5, 1), date(2027, 5, 1), date(2036, 5, 1)),  # 17 on that very day
        (date(2010, 5, 1), date(2028, 4, 30), date(2036, 5, 1)),  # the last day of 17
        (date(2010, 5, 1), date(2028, 5, 1), date(2036, 5, 1)),  # 18: eight years
        (date(2008, 2, 29), date(2024, 1, 1), date(2033, 3, 1)),  # a birthday that the year has not
    ],
)
def test_to_the_25th_birthday_the_26th_or_eight_years(born: date, ended: date, until: date) -> None:
    assert rules.keep_until(born=born, band="", band_on=ended, ended=ended).day == until


def test_of_a_band_the_youngest_is_counted_so_that_nothing_goes_early() -> None:
    on = date(2026, 1, 1)
    until = rules.keep_until(born=None, band="13-15", band_on=on, ended=on)
    assert until.day == date(2038, 1, 1), "somebody of 13 that day is 25 then"
    assert rules.keep_until(born=None, band="", band_on=on, ended=on).day == date(2051, 1, 1)


def test_what_goes_now_and_what_stays_are_everything_between_them() -> None:
    for duty in (True, False):
        now, stays = rules.plan(duty=duty)
        assert {*now, *stays} == set(rules.KEEP)
        assert not set(now) & set(stays)
    assert rules.plan(duty=False)[1] == ()
    assert [one.table for one in rules.KEEP if len(one.why) < 15] == []


def ended(town: society.Society, name: str, on: date) -> None:
    with town.as_("Lena"):
        at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        assert YoungPerson.objects.filter(id=town.people[name]).update(ended_at=at)


LATER = datetime(2040, 1, 2, tzinfo=UTC)


@pytest.fixture
def over(transactional_db: None) -> society.Society:
    """Jo, born in 2012, ended at 13: kept to May 2037. Ash, born in 2009, goes on."""
    town = society.build()
    with town.as_("Lena"):
        for name in ("Jo", "Ash"):
            ContactRoute(
                person_id=town.people[name],
                team_id=town.teams["East"],
                kind="text",
                value="07700 900123",
                whose="own",
            ).save(force_insert=True)
    ended(town, "Jo", date(2026, 1, 1))
    return town


def test_a_dry_run_counts_and_keeps(over: society.Society) -> None:
    report = retention.run(at=LATER, dry=True)
    assert report.people == 1
    with over.as_("Lena"):
        assert {line.name for line in records.people()} == {"Jo", "Ash"}


def test_what_was_kept_long_enough_goes_and_nothing_else(
    over: society.Society, as_server: psycopg.Connection[Any]
) -> None:
    assert retention.run(at=datetime(2037, 4, 30, tzinfo=UTC)).people == 0
    report = retention.run(at=LATER)
    assert (report.people, report.failed) == (1, [])
    for keep in rules.KEEP:
        (n,) = as_server.execute(
            f'SELECT count(*) FROM "{keep.table}" WHERE "{keep.column}" = %s', [over.people["Jo"]]
        ).fetchone() or (None,)
        assert n == 0, keep.table
    assert as_server.execute("SELECT count(*) FROM people_youngperson").fetchone() == (4,)
    assert as_server.execute("SELECT count(*) FROM people_contactroute").fetchone() == (1,)
    account = as_server.execute(
        "SELECT is_active, email FROM people_account WHERE id = %s", [over.staff["Jo"][0]]
    ).fetchone()
    assert account == (False, None)
    told = as_server.execute(
        "SELECT by, detail->>'whole' FROM audit_event WHERE verb = 'erased' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert told == ("system", "true")


def test_one_record_in_the_way_does_not_keep_the_others(
    over: society.Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(over, "Ash", date(2026, 1, 1))
    whole = retention.carry_out

    def stuck(**how: Any) -> dict[str, int]:
        if how["person_id"] == over.people["Jo"]:
            raise RuntimeError("in the way")
        return whole(**how)

    monkeypatch.setattr(retention, "carry_out", stuck)
    report = retention.run(at=LATER)
    assert report.people == 2
    assert report.failed == [f"{over.people['Jo']}: RuntimeError"], "the id and the trouble, no values"
    with over.as_("Lena"):
        assert {line.name for line in records.people()} == {"Jo"}


def test_ways_in_that_ran_out_go(over: society.Society) -> None:
    before = retention.run(at=over.now, dry=True).counts["people_invitation"]
    assert before == 0, "an invitation of today stays"
    assert retention.run(at=over.now + timedelta(days=60), dry=True).counts["people_invitation"] > 0


def test_the_job_finds_the_clock_by_itself(over: society.Society) -> None:
    assert jobs.retain(dry=True).people == 0
    assert jobs.retain().failed == []


def test_the_job_reads_no_contact_of_anybody_who_stays(over: society.Society) -> None:
    with transaction.atomic(), working_as("stile_job"):
        assert ContactRoute.objects.count() == 0
