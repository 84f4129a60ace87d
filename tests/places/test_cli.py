"""`stile places`: plain words, exit codes others can script against, JSON."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stile.places.models import Postcode
from stile.site.cli import places
from tests.places import files

pytestmark = pytest.mark.django_db
runner = CliRunner()


@pytest.fixture(autouse=True)
def _on_the_test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database is up already; the command's own ground would take another."""

    @contextmanager
    def ground(*, quiet: bool = False) -> Iterator[None]:
        yield

    monkeypatch.setattr(places, "ground", ground)


def test_a_directory_is_loaded_and_found(tmp_path: Path) -> None:
    path = str(files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv"))
    first = runner.invoke(places.app, ["import-onspd", path])
    assert first.exit_code == 0
    assert "Loaded 6 rows" in first.stdout
    assert "1 rows, as each has no position" in first.stdout
    again = runner.invoke(places.app, ["import-onspd", path])
    assert again.exit_code == 0
    assert "nothing changed" in again.stdout
    found = json.loads(runner.invoke(places.app, ["lookup", "M33 7XX", "--json"]).stdout)
    assert (found["precision"], found["lsoa"], found["retired"]) == ("postcode", "E01006001", "no")


def test_a_bad_file_ends_with_two_and_says_where(tmp_path: Path) -> None:
    path = files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", [files.postcode("M33 7XX", lat="north")])
    result = runner.invoke(places.app, ["import-onspd", str(path)])
    assert result.exit_code == 2
    words = " ".join(result.stderr.split())
    assert "row 2, column \"lat\": 'north' is not a number" in words
    assert "Nothing was changed" in words
    assert not Postcode.objects.exists()


def test_stopping_with_the_keyboard_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(rows: object) -> Iterator[object]:
        raise KeyboardInterrupt
        yield

    from stile.places.layouts import onspd

    monkeypatch.setattr(onspd, "_rows", lambda files, reading: interrupted(files))
    path = files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv")
    result = runner.invoke(places.app, ["import-onspd", str(path)])
    assert result.exit_code == 130
    assert "run it again" in result.stderr
    assert not Postcode.objects.exists()


def test_figures_areas_and_population(tmp_path: Path) -> None:
    imd = files.table(tmp_path / "File_7.csv", files.FILE_7_HEADER, files.FILE_7_ROWS)
    book = files.ons_workbook(tmp_path / "sape.xlsx")
    lads = files.table(tmp_path / "lads.csv", ["LAD25CD", "LAD25NM"], [["E08000009", "Trafford"]])
    mine = files.table(
        tmp_path / "mine.csv",
        ["area_code", "area_type", "indicator", "period", "value"],
        [["E08000009", "lad", "made-up", "2024", "3"]],
    )
    for command, path, slot in (
        ("import-imd", imd, "imd:2025"),
        ("import-population", book, "population:lsoa21:mid-2024"),
        ("import-areas", lads, "areas:lad25"),
        ("import-indicators", mine, "indicators:mine"),
    ):
        result = runner.invoke(places.app, [command, str(path), "--json"])
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["slot"] == slot


def test_looking_up_says_how_sure_it_is() -> None:
    result = runner.invoke(places.app, ["lookup", "Sale", "--packaged"])
    assert result.exit_code == 0
    assert "the middle of the town" in result.stdout
    assert "nine times in ten" in result.stdout


def test_what_is_not_found_is_said_with_suggestions() -> None:
    result = runner.invoke(places.app, ["lookup", "Mancester"])
    assert result.exit_code == 1
    assert "Manchester" in result.stderr
    as_json = runner.invoke(places.app, ["lookup", "Newport", "--json"])
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["reason"] == "several"
