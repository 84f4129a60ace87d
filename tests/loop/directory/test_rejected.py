"""What was rejected has not gone: what an earlier reading brought of it stays, and nobody guesses."""

from datetime import timedelta

import pytest

from stile.loop.directory import actions
from stile.loop.directory.models import ImportRun, Organisation, Service
from stile.loop.directory.rules.records import Folded, Rejected

from .making import NOW, organisation, service, take

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return sorted(Service.objects.filter(withdrawn_at=None).values_list("name", flat=True))


def test_a_row_the_reader_rejects_leaves_the_earlier_copy_in_place() -> None:
    take(service("a"), service("b"), service("c"))
    report = take(service("a"), Rejected("row 2", "not a time of day", key="b"))
    assert names() == ["Club a", "Club b"]  # c has gone; b is only broken
    assert report.withdrawn == 1
    assert [name for name, _ in report.rejected] == ["row 2"]


def test_what_a_rejected_row_is_called_counts_for_its_own_kind_only() -> None:
    take(service("a"), service("b"), organisation("b"))
    take(service("a"), Rejected("row 2", "has no name", key="b", kind="organisation"))
    assert names() == ["Club a"]
    assert Organisation.objects.get(key="b").withdrawn_at is None


def test_where_no_id_can_be_read_nothing_is_withdrawn_and_that_is_said() -> None:
    take(service("a"), service("b"), service("c"))
    report = take(service("a"), service("b"), Rejected("row 3", "is not valid JSON", lost=True))
    assert names() == ["Club a", "Club b", "Club c"]
    assert report.withdrawn == 0
    ((where, why),) = report.warnings
    assert where == "town"
    assert "1 services it had were not met, and 1 rejected records are so broken" in why
    assert take(service("a"), service("b")).withdrawn == 1  # the next whole reading settles it


def test_an_id_made_out_of_what_is_broken_counts_if_it_is_one_we_know() -> None:
    take(service("a"), service("b"), service("c"))
    take(service("a"), Rejected("row 2", "is not valid JSON", key="b", lost=True))
    assert names() == ["Club a", "Club b"]
    take(service("a"), Rejected("row 2", "is not valid JSON", key="another", lost=True))
    assert names() == ["Club a", "Club b"]


def test_a_record_that_its_owner_turns_down_goes() -> None:
    take(service("a"), service("b"))
    assert take(service("a"), Rejected("row 2", "marked as not visible in the list")).withdrawn == 1
    assert names() == ["Club a"]


def test_thousands_of_rejected_rows_are_kept_apart_from_what_has_gone() -> None:
    take(*(service(str(n)) for n in range(5)))
    bad = [Rejected(f"row {n}", "broken", key=str(n)) for n in range(1, 4500)]
    assert take(service("0"), *bad).withdrawn == 0
    assert len(names()) == 5


def test_a_key_that_no_database_can_hold_does_no_harm() -> None:
    take(service("a"))
    take(
        service("a"),
        Rejected("row 2", "broken", key="b\x00\ud800"),
        Rejected("row 3", "broken", key="k" * 900),
    )
    assert names() == ["Club a"]


def test_a_source_of_which_every_row_is_rejected_was_not_taken() -> None:
    take(service("a"), service("b"))
    before = ImportRun.objects.count()
    with pytest.raises(actions.NothingTaken, match="not one of its 2 records") as caught:
        take(
            Rejected("row 1", "no name", key="a"),
            Rejected("row 2", "no name", key="b"),
            Folded("row 3", "row 1"),
        )
    assert [where for where, _ in caught.value.report.rejected] == ["row 1", "row 2"]
    assert names() == ["Club a", "Club b"]
    assert ImportRun.objects.count() == before


def test_a_list_whose_owner_hid_all_of_it_is_emptied_if_that_is_meant() -> None:
    take(service("a"))
    later = {"now": NOW + timedelta(days=1), "allow_shrink": True}
    assert take(Rejected("row 1", "marked as not visible in the list"), **later).withdrawn == 1
