"""Official files into the database: whole or not at all, the same again changes nothing."""

import os
import re
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from stile.access.gate import working_as
from stile.kernel.answer import Answer
from stile.places import packaged, queries
from stile.places.actions import areas, figures, postcodes
from stile.places.actions.loading import Loaded
from stile.places.layouts.opening import BadFile
from stile.places.models import Area, AreaLink, AreaStat, GeoRelease, Postcode
from stile.places.rules import Place, Precision
from tests.paths import ROOT, shared
from tests.places import files

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)
TABLES = (GeoRelease, Postcode, Area, AreaLink, AreaStat)

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv")


def onspd(path: Path) -> Loaded:
    return postcodes.import_onspd(by="operator", at=NOW, path=path)


def everything() -> dict[str, list[object]]:
    """All rows of all tables of places, for comparing before and after."""
    return {t.__name__: list(t.objects.order_by("pk").values_list()) for t in TABLES}


def found(text: str) -> Place:
    place = queries.locate(text)
    assert isinstance(place, Place), place
    return place


def test_a_loaded_directory_answers_first_and_knows_more(directory: Path) -> None:
    assert found("M33 7XX").lsoa is None
    done = onspd(directory)
    assert (done.rows, done.vintage, done.unchanged) == (6, "2025-11", False)
    assert done.left_out == {"has no position": 1}
    place = found("m337xx")
    assert (place.lsoa, place.msoa, place.icb) == ("E01006001", "E02001261", "E54000057")
    assert (place.label, place.precision, place.authority_name) == ("M33 7XX", Precision.POSTCODE, "Trafford")
    assert (place.source, place.vintage, place.country) == (directory.name, "2025-11", "England")
    assert place.retired is Answer.NO
    assert found("M33 2AA").retired is Answer.YES


def test_one_s_own_directory_places_northern_ireland_s_full_postcodes(directory: Path) -> None:
    assert found("BT1 5GS").precision is Precision.OUTCODE
    onspd(directory)
    place = found("BT1 5GS")
    assert (place.precision, place.country, place.authority_name) == (
        Precision.POSTCODE, "Northern Ireland", "Belfast",
    )  # fmt: skip
    assert place.icb is None


def test_a_position_that_is_only_the_sector_s_is_not_sold_as_the_postcode_s(directory: Path) -> None:
    onspd(directory)
    place = found("M34 9ZZ")
    assert place.precision is Precision.SECTOR
    assert place.radius_km > 0.1


def test_the_same_file_again_changes_nothing(directory: Path) -> None:
    onspd(directory)
    before = everything()
    again = onspd(directory)
    assert again.unchanged
    assert again.rows == 6
    assert everything() == before


def test_a_later_edition_takes_the_place_of_the_one_before(directory: Path, tmp_path: Path) -> None:
    onspd(directory)
    later = files.onspd(tmp_path / "ONSPD_FEB_2026_UK.csv", [files.postcode("M33 7XX", lsoa21cd="E01006009")])
    assert onspd(later).vintage == "2026-02"
    assert list(Postcode.objects.values_list("pc", "lsoa21")) == [("M337XX", "E01006009")]
    assert list(GeoRelease.objects.order_by("id").values_list("vintage", "current")) == [
        ("2025-11", False),
        ("2026-02", True),
    ]
    assert [r.vintage for r in queries.releases()] == ["2026-02"]


def test_how_areas_nest_is_worked_out_from_live_postcodes(directory: Path) -> None:
    onspd(directory)
    assert queries.parents("E01006001", "lsoa21-lad") == {"E08000009": 1.0}
    assert queries.parents("E01006001", "lsoa11-lsoa21") == {"E01006001": 2 / 3, "E01006002": 1 / 3}
    assert queries.parents("N20000001", "lsoa21-icb") == {}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([files.postcode("M33 7XX"), files.postcode("M33 7XY", lat="x")], r"row 3, column \"lat\""),
        ([files.postcode("M33 7XX"), files.postcode("M33 7XX")], r"twice.*M337XX"),
        ([], "nothing that could be taken"),
    ],
)
def test_a_bad_file_leaves_the_tables_as_they_were(
    directory: Path, tmp_path: Path, rows: list[dict[str, str]], why: str
) -> None:
    onspd(directory)
    before = everything()
    with pytest.raises(BadFile, match=why):
        onspd(files.onspd(tmp_path / "ONSPD_FEB_2026_UK.csv", rows))
    assert everything() == before
    assert found("M33 7XX").lsoa == "E01006001"


def test_every_load_is_in_the_audit_with_counts_and_no_more(
    as_server: psycopg.Connection[Any], directory: Path
) -> None:
    onspd(directory)
    last = as_server.execute("SELECT by, verb, detail FROM audit_event ORDER BY id DESC LIMIT 1").fetchone()
    assert last is not None
    by, verb, detail = last
    assert (by, verb) == ("operator", "places.load")
    assert detail["rows"] == 6


def test_the_public_may_look_up_places_and_change_none(directory: Path) -> None:
    from django.db import ProgrammingError

    onspd(directory)
    with working_as("stile_public"):
        assert found("M33 7XX").lsoa == "E01006001"
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        working_as("stile_public"),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM places_postcode")
    assert Postcode.objects.count() == 6


def test_one_look_up_is_one_query_and_a_town_none(directory: Path, django_assert_num_queries: object) -> None:
    onspd(directory)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found("M33 7XX")
    with django_assert_num_queries(0):  # type: ignore[operator]
        found("Sale")
        found("M33")


# ---------------------------------------------------------------- the packaged directory


@pytest.fixture
def two_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package held the letters F and Z only: the whole would take half a minute."""
    monkeypatch.setattr(packaged, "letters", lambda: ("F", "Z"))


def test_the_packaged_directory_can_be_loaded(two_letters: None) -> None:
    done = postcodes.load_packaged(by="operator", at=NOW)
    assert done.rows == Postcode.objects.count() == sum(len(packaged.letter(x).keys) for x in "FZ")
    assert postcodes.load_packaged(by="operator", at=NOW).unchanged
    place = found("ZE1 0AA")
    assert (place.precision, place.authority_name, place.country) == (
        Precision.POSTCODE, "Shetland Islands", "Scotland",
    )  # fmt: skip
    assert place.retired is Answer.UNKNOWN
    from stile.places.gazetteer import locate

    without = locate("ZE1 0AA")
    assert isinstance(without, Place)
    assert (place.lat, place.lon) == (
        pytest.approx(without.lat, abs=1e-6),
        pytest.approx(without.lon, abs=1e-6),
    )


def test_it_does_not_push_out_a_fuller_one(directory: Path, two_letters: None) -> None:
    onspd(directory)
    with pytest.raises(BadFile, match=r"2025-11.*--instead"):
        postcodes.load_packaged(by="operator", at=NOW)
    assert Postcode.objects.count() == 6
    postcodes.load_packaged(by="operator", at=NOW, instead=True)
    assert Postcode.objects.count() > 6


# ---------------------------------------------------------------- areas and figures


def test_areas_with_shapes_and_what_lies_in_what(tmp_path: Path) -> None:
    path = shared("data/geo/humaniverse-geographr/boundaries_ltla24.geojson")
    done = areas.import_areas(by="operator", at=NOW, path=path)
    assert (done.slot, done.rows) == ("areas:ltla24", 361)
    trafford = Area.objects.get(code="E08000009")
    assert trafford.name == "Trafford"
    assert trafford.geometry["type"] == "MultiPolygon"
    assert areas.import_areas(by="operator", at=NOW, path=path).unchanged
    lookup = shared("data/geo/humaniverse-geographr/lookup_lsoa21_icb24.csv")
    done = areas.import_areas(
        by="operator", at=NOW, path=lookup, code_field="lsoa21_code", parent_field="icb24_code"
    )
    assert (done.slot, done.rows) == ("links:lsoa21-icb24", 33_755)
    assert queries.parents("E01012392", "lsoa21-icb24") == {"E54000008": 1.0}
    # The same file for another thing it holds: the boards' own names, each on many rows.
    done = areas.import_areas(by="operator", at=NOW, path=lookup, code_field="icb24_code")
    assert (done.slot, done.rows) == ("areas:icb24", 42)
    assert queries.area_name("E54000008") == "NHS Cheshire and Merseyside Integrated Care Board"


def test_an_area_with_two_names_is_refused(tmp_path: Path) -> None:
    rows = [["E08000009", "Trafford"], ["E08000009", "Trafford"], ["E08000009", "Stockport"]]
    path = files.table(tmp_path / "lad.csv", ["LAD25CD", "LAD25NM"], rows)
    with pytest.raises(BadFile, match="both 'Trafford' and 'Stockport'"):
        areas.import_areas(by="operator", at=NOW, path=path)
    assert not Area.objects.exists()


def test_a_name_no_database_can_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lad.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null,'
        ' "properties": {"LAD25CD": "E08000009", "LAD25NM": "Traf\\u0000ford"}}]}'
    )
    with pytest.raises(BadFile, match="cannot be kept"):
        areas.import_areas(by="operator", at=NOW, path=path)
    assert not Area.objects.exists()
    assert not GeoRelease.objects.exists()


def test_deprivation_is_kept_with_its_vintage(tmp_path: Path) -> None:
    path = files.table(tmp_path / "File_7.csv", files.FILE_7_HEADER, files.FILE_7_ROWS)
    done = figures.import_imd(by="operator", at=NOW, path=path)
    assert (done.slot, done.rows) == ("imd:2025", 20)
    figure = queries.figures("imd_decile", ["E01006001", "E01006002", "E01006003"])
    assert {area: f.value for area, f in figure.items()} == {"E01006001": 6, "E01006002": 1}
    assert (figure["E01006001"].period, figure["E01006001"].source) == ("2025", "File_7.csv")
    assert figures.import_imd(by="operator", at=NOW, path=path).unchanged


def test_population_and_other_figures_side_by_side(tmp_path: Path) -> None:
    book = files.ons_workbook(tmp_path / "sapelsoasyoa20222024.xlsx")
    figures.import_population(by="operator", at=NOW, path=book)
    figures.import_population(by="operator", at=NOW, path=book, year=2023)
    young = queries.figures("population_11_25", ["E01006001"])
    assert (young["E01006001"].value, young["E01006001"].period) == (60, "mid-2024")
    before = queries.figures("population_11_25", ["E01006001"], period="mid-2023")
    assert before["E01006001"].value == 30
    header = ["area_code", "area_type", "indicator", "period", "value"]
    mine = files.table(tmp_path / "mine.csv", header, [["E01006001", "lsoa21", "made-up", "2024", "3"]])
    assert figures.import_indicators(by="operator", at=NOW, path=mine).rows == 1


def test_a_figure_that_another_file_gave_is_not_given_twice(tmp_path: Path) -> None:
    header = ["area_code", "area_type", "indicator", "period", "value"]
    row = ["E01006001", "lsoa21", "made-up", "2024", "3"]
    one, other = (files.table(tmp_path / f"{name}.csv", header, [row]) for name in ("one", "other"))
    figures.import_indicators(by="operator", at=NOW, path=one)
    before = everything()
    with pytest.raises(BadFile, match="there already"):
        figures.import_indicators(by="operator", at=NOW, path=other)
    assert everything() == before


# ---------------------------------------------------------------- stopped half way


@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_killed_leaves_the_tables_as_they_were_and_can_be_run_again(
    directory: Path, tmp_path: Path
) -> None:
    """A real process, killed without warning between two rows of the copy."""
    onspd(directory)
    before = everything()
    rows = [
        files.postcode(f"M33 {d}{a}{b}") for d in "0123456789" for a in "ABDEFGHJLN" for b in "ABDEFGHJLN"
    ]
    later = files.onspd(tmp_path / "ONSPD_FEB_2026_UK.csv", rows)
    program = textwrap.dedent(
        """
        import os, sys
        from datetime import UTC, datetime
        from pathlib import Path
        import django
        django.setup()
        from django.db import connections
        connections["default"].settings_dict["NAME"] = sys.argv[2]
        from stile.places.actions import loading, postcodes
        loading._EVERY = 500
        def stop(rows):
            print("copied", rows, flush=True)
            sys.stdin.read()
        postcodes.import_onspd(by="operator", at=datetime.now(UTC), path=Path(sys.argv[1]), progress=stop)
        """
    )
    name = connection.settings_dict["NAME"]
    with subprocess.Popen(
        [sys.executable, "-c", program, str(later), name],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "stile.site.settings"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert re.fullmatch(r"copied 500\n", process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
    assert everything() == before
    assert onspd(later).rows == 1000
