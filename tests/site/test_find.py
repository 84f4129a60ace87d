"""`stile find`: one contract for scripts, warm words for people, help where something is not understood."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from stile.loop.directory.rules.records import TimeRecord
from stile.loop.match.current import CURRENT
from stile.site.cli import find
from stile.site.cli.main import app
from tests.loop.directory.making import organisation, place, service, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_tests_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(find, "ground", lambda quiet: nullcontext())
    monkeypatch.setenv("COLUMNS", "200")
    CURRENT.clear()
    yield
    CURRENT.clear()


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["find", *words])


def take_drawing() -> None:
    today = timezone.localdate()
    take(
        service(
            "art",
            at=place(),
            organisation=organisation(),
            kinds=("drawing",),
            description="Drawing for young people.",
            min_age=11,
            max_age=18,
            confirmed_on=today,
            times=(TimeRecord(freq="WEEKLY", byday="TU", text="Tuesdays"),),
        ),
        now=timezone.now(),
    )


def test_the_json_contract() -> None:
    take_drawing()
    done = run("I like to draw", "--near", "M33 7", "--age", "15", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert set(found) >= {"wish", "suggestions", "left_out", "relax"}
    (one,) = found["suggestions"]
    assert set(one) >= {
        "service_id", "name", "kind", "distance_km", "next_start", "places", "reasons", "unknown", "score",
    }  # fmt: skip
    assert one["kind"] == "drawing"
    assert one["reasons"][0] == "because you said draw"
    assert isinstance(one["distance_km"], float)
    assert one["next_start"] is None
    assert isinstance(one["score"], int)
    assert all(isinstance(words, str) for words in (*one["reasons"], *one["unknown"], *found["relax"]))
    assert found["wish"]["near"]["label"]
    assert "lat" not in found["wish"]["near"]


def test_for_people() -> None:
    take_drawing()
    done = run("I like to draw", "--near", "Sale", "--day", "tue")
    assert done.exit_code == 0
    assert "1 thing you could go to near Sale" in done.stdout
    assert "because you said draw" in done.stdout


def test_nothing_found_leads_on() -> None:
    done = run("horses", "--near", "M33 7")
    assert done.exit_code == 0
    assert "Nothing fits" in done.stdout
    assert "talk to a person" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--near", "M33 7ZZZ9"], "postcode"),
        (["--day", "fooday"], "is not a day"),
        (["--need", "step-fre"], "Did you mean step-free"),
        (["--kind", "drawin"], "Did you mean drawing"),
        (["--avoid", "crowd"], "Did you mean crowds"),
        (["--age", "400"], "--age"),
    ],
)
def test_what_is_not_understood_is_said(words: list[str], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.output


def test_days_as_people_write_them() -> None:
    assert find.weekdays(["tue,Thursday", "weekend"]) == {1, 3, 5, 6}
    assert find.known(["Step_Free,quiet"], ["step_free", "quiet"], "need") == {"step_free", "quiet"}
