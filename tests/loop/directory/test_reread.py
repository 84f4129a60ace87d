"""What Stile reads in a service's words can be read again when it has learned new words."""

from dataclasses import replace
from typing import Any

import pytest

from stile.loop.directory import actions, queries
from stile.loop.directory.intake import reread
from stile.loop.directory.models import Service
from stile.loop.directory.rules.records import CostRecord

from .making import NOW, organisation, place, service, take

pytestmark = pytest.mark.django_db
ART = service("art", name="Open Easels", description="Come and paint. It is step free.", at=place())
FOOTBALL = service(
    "ball", name="Football on Friday", organisation=organisation(), costs=(CostRecord(amount_pence=200),)
)


def read_again(slug: str = "town") -> tuple[int, int]:
    return actions.read_again(slug, by="test", now=NOW, on_progress=lambda read: None)


def told() -> dict[str, tuple[Any, ...]]:
    rows = Service.objects.values_list("key", "kinds_read", "facts_read", "language_codes", "price_pence")
    return {key: tuple(row) for key, *row in rows}


def versions() -> list[Any]:
    return queries.rows_of("SELECT id, ctid::text || xmin::text FROM directory_service ORDER BY id")


def test_what_reads_as_before_is_not_touched() -> None:
    take(ART, FOOTBALL)
    said, before = told(), versions()
    assert read_again() == (2, 0)
    assert (told(), versions()) == (said, before)


def test_what_an_older_lexicon_missed_is_read_now() -> None:
    take(ART, FOOTBALL)
    take(ART, source="other")
    said = told()
    Service.objects.filter(source__slug="town").update(
        kinds_read=["other"], facts_read="{}", language_codes=["cy"], price_pence=None
    )
    assert read_again() == (2, 2)
    assert told() == said
    assert read_again("other") == (1, 0)


def test_what_the_source_says_itself_is_not_read_over(monkeypatch: pytest.MonkeyPatch) -> None:
    take(replace(ART, kinds=("gaming",)))
    monkeypatch.setattr(reread, "SLICE", 1)
    assert read_again() == (1, 0)
    assert Service.objects.get().kinds_read == []
