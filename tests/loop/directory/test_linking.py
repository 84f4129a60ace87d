"""The same activity from two sources is shown once, says why, and can be taken apart again."""

from dataclasses import replace
from datetime import date

import pytest

from stile.kernel.decision import Refused
from stile.loop.directory import actions, queries
from stile.loop.directory.models import Link, Organisation, Service
from stile.loop.directory.rules.records import AssuranceRecord, ServiceRecord
from stile.loop.directory.rules.standing import REQUIRED_CHECKS, Checks

from .making import NOW, organisation, place, service, take

pytestmark = pytest.mark.django_db

CHARITY = (("GB-CHC", "1234567"),)


def chess(key: str = "chess", **how: object) -> ServiceRecord:
    said = {"name": "Sale Chess Club", "phone": "0161 900 0000", "at": place(f"{key}-hall")} | how
    return service(key, **said)  # type: ignore[arg-type]


def shown() -> list[str]:
    return sorted(Service.objects.get(id=one.service).source.slug for one in queries.listings())


def test_the_same_activity_from_a_second_source_is_merged_and_both_are_kept() -> None:
    take(chess(), source="council")
    report = take(chess("77", name="The Chess Club, Sale", phone="+44 161 900 0000"), source="charity")
    assert (report.merged, report.linked, report.imported) == (1, 1, 0)
    assert len(list(queries.listings())) == 1
    assert Service.objects.count() == 2
    (link,) = queries.links()
    assert (link.one, link.one_source, link.other_source) == ("Sale Chess Club", "council", "charity")
    assert {kind for kind, _ in link.evidence} == {"name", "place", "phone"}


def test_the_record_with_the_fresher_word_is_shown_and_its_page_answers_to_both_ids() -> None:
    take(chess(confirmed_on=date(2026, 11, 1)), source="council")
    take(chess("77", confirmed_on=date(2026, 10, 1)), source="charity")
    assert shown() == ["council"]
    charity = Service.objects.get(source__slug="charity")
    actions.confirm(charity.uid, by="worker", now=NOW)
    assert shown() == ["charity"]
    council = Service.objects.get(source__slug="council")
    for uid in (charity.uid, council.uid):
        page = queries.service_page(uid)
        assert page is not None
        assert page.uid == str(charity.uid)
        assert [credit.name for credit in page.credits] == ["charity", "council"]


def test_when_the_shown_one_is_withdrawn_the_other_takes_its_place() -> None:
    take(chess(confirmed_on=date(2026, 11, 1)), service("x"), source="council")
    take(chess("77", confirmed_on=date(2026, 10, 1)), source="charity")
    take(service("x"), source="council")
    assert shown() == ["charity", "council"]
    assert {one.name for one in queries.listings()} == {"Club x", "Sale Chess Club"}
    take(chess(confirmed_on=date(2026, 11, 1)), service("x"), source="council")
    assert shown() == ["council", "council"]


def test_a_link_taken_back_stays_taken_back() -> None:
    take(chess(), source="council")
    take(chess("77"), source="charity")
    (link,) = queries.links()
    actions.undo_link(link.id, by="worker", now=NOW)
    assert len(list(queries.listings())) == 2
    assert queries.links() == []
    assert len(queries.links(undone=True)) == 1
    report = take(chess("77", description="Now with biscuits"), source="charity")
    assert (report.linked, report.imported) == (0, 1)
    assert len(list(queries.listings())) == 2
    with pytest.raises(Refused):
        actions.undo_link(link.id, by="worker", now=NOW)
    with pytest.raises(Refused):
        actions.undo_link(10**9, by="worker", now=NOW)


def test_a_link_that_new_words_no_longer_bear_out_is_undone_and_may_come_back() -> None:
    take(chess(), source="council")
    take(chess("77"), source="charity")
    take(chess("77", name="Karate for grown-ups", phone=""), source="charity")
    assert len(list(queries.listings())) == 2
    report = take(chess("77"), source="charity")
    assert len(list(queries.listings())) == 1
    assert report.adds_up()
    assert Link.objects.count() == 1


def test_two_sessions_of_one_source_are_never_folded_into_one() -> None:
    take(chess("tuesday"), chess("thursday", at=place("tuesday-hall")), source="council")
    report = take(chess("77"), source="charity")
    assert report.linked == 1
    assert len(list(queries.listings())) == 2


def test_three_sources_make_one_group() -> None:
    for source in ("council", "charity", "library"):
        take(chess(source), source=source)
    assert len(list(queries.listings())) == 1
    (primary,) = Service.objects.filter(same_as=None)
    assert Service.objects.filter(same_as=primary).count() == 2


def test_everything_at_a_community_centre_is_not_one_thing() -> None:
    hall = place("hall")
    take(*(service(str(n), name=name, at=hall, phone="0161 900 0000") for n, name in enumerate(
        ["Chess", "Karate", "Stay and Play 1", "Under 9s football", "Mondays"])), source="council")  # fmt: skip
    report = take(*(service(str(n), name=name, at=hall, phone="0161 900 0000") for n, name in enumerate(
        ["Draughts", "Judo", "Stay and Play 2", "Under 11s football", "Fridays"])), source="charity")  # fmt: skip
    assert report.linked == 0


def test_a_place_with_very_many_services_is_compared_by_the_whole_name() -> None:
    hall = place("hall")
    take(
        *(service(f"c{n}", name=f"Activity {n}", at=hall) for n in range(80)),
        chess("c", at=hall),
        source="council",
    )
    report = take(*(service(f"h{n}", name=f"Activity {n}", at=hall) for n in range(80)), source="charity")
    assert report.linked == 80
    assert len(list(queries.listings())) == 81


def test_organisations_are_linked_by_their_register_number() -> None:
    take(organisation("a", name="Dab Hands CIO", identifiers=CHARITY), source="council")
    report = take(
        organisation("b", name="Dab Hands (Sale)", identifiers=(("charity", "01234567"),)), source="charity"
    )
    assert (report.merged, report.imported) == (1, 0)
    assert Organisation.objects.get(key="b").same_as == Organisation.objects.get(key="a")


def test_H09_a_suspension_told_of_one_record_holds_for_every_record_of_the_same() -> None:
    take(chess(organisation=organisation("a", identifiers=CHARITY)), source="council")
    take(service("y", organisation=organisation("b", identifiers=CHARITY)), source="charity")
    assert {one.checks for one in queries.listings()} == {Checks.UNKNOWN}
    of_charity = Organisation.objects.get(key="b").uid
    mark = queries.change_mark()
    actions.suspend(by="lead", now=NOW, organisation_uid=of_charity)
    assert {one.checks for one in queries.listings()} == {Checks.SUSPENDED}
    assert {one.checks for one in queries.listings(mark)} == {Checks.SUSPENDED}
    assert len(list(queries.listings(mark))) == 2
    page = queries.service_page(Service.objects.get(key="chess").uid)
    assert page is not None
    assert (page.checks, page.standing.code) == (Checks.SUSPENDED, "checks")
    actions.lift_suspension(by="lead", now=NOW, organisation_uid=of_charity)
    assert {one.checks for one in queries.listings()} == {Checks.UNKNOWN}
    with pytest.raises(Refused):
        actions.lift_suspension(by="lead", now=NOW, organisation_uid=of_charity)


def test_H09_checks_are_current_overdue_or_missing_as_their_dates_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = [AssuranceRecord(kind, review_due=date(2026, 12, 1)) for kind in REQUIRED_CHECKS]
    take(chess(assurances=tuple(seen)))
    uid = Service.objects.get().uid
    today = {"now": date(2026, 11, 22)}
    monkeypatch.setattr(queries.timezone, "localdate", lambda *_: today["now"])
    assert [(one.checks, one.checks_until) for one in queries.listings()] == [
        (Checks.CURRENT, date(2026, 12, 1))
    ]
    today["now"] = date(2026, 12, 2)
    assert [one.checks for one in queries.listings()] == [Checks.OVERDUE]
    page = queries.service_page(uid)
    assert page is not None
    assert page.standing.code == "checks"
    for check in seen:
        actions.add_assurance(
            replace(check, review_due=date(2027, 12, 1)), by="lead", now=NOW, service_uid=uid
        )
    assert [one.checks for one in queries.listings()] == [Checks.CURRENT]
    # The source's own list changes; what our people saw stays.
    take(chess(assurances=(), description="New words"))
    assert [one.checks for one in queries.listings()] == [Checks.CURRENT]
    today["now"] = date(2026, 11, 22)
    take(service("z", assurances=tuple(seen[:1])), source="other")
    assert {one.name: one.checks for one in queries.listings()}["Club z"] is Checks.MISSING
