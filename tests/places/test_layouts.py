"""Reading the official layouts, and saying what is wrong with a file that is not one."""

import json
import zipfile
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.places.layouts import areas, imd, indicators, onspd, population
from stile.places.layouts.opening import BadFile, csv_table, fingerprint, members
from tests.paths import shared
from tests.places import files


def read_all(path: Path, vintage: str = "") -> list[onspd.PostcodeRow]:
    return list(onspd.read(path, vintage)[0].rows)


# ---------------------------------------------------------------- the directory of postcodes


@pytest.mark.parametrize("before", [False, True])
def test_both_headers_give_the_same_postcodes(tmp_path: Path, before: bool) -> None:
    rows = read_all(files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", before=before))
    assert [row[0] for row in rows] == ["M337XX", "M337XY", "M337XZ", "M332AA", "BT15GS", "M349ZZ"]
    first = dict(zip(onspd.POSTCODE_COLUMNS, rows[0], strict=True))
    assert first == {
        "pc": "M337XX", "lat": 53.4246, "lon": -2.322, "grade": 1, "retired": False,
        "country": "E92000001", "region": "E12000002", "lad": "E08000009", "ward": "E05000836",
        "lsoa21": "E01006001", "lsoa11": "E01006001", "msoa21": "E02001261", "icb": "E54000057",
        "sicbl": "E38000187", "ruc21": "UN1",
    }  # fmt: skip
    assert rows[3][4] is True  # withdrawn
    assert (rows[4][6], rows[4][12]) == ("", "")  # N99999999 means none


def test_the_oldest_codes_without_a_digit_are_postcodes_too(tmp_path: Path) -> None:
    rows = [files.postcode("NPT 0AD", doterm="198406"), files.postcode("GIR 0AA")]
    assert [row[0] for row in read_all(files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", rows))] == [
        "NPT0AD",
        "GIR0AA",
    ]


def test_the_header_of_the_year_after_next_is_read_too(tmp_path: Path) -> None:
    path = files.onspd(tmp_path / "ONSPD_FEB_2027_UK.csv")
    path.write_text(path.read_text().replace("25cd", "27cd").replace("icb23cd", "icb26cd"))
    reading, _ = onspd.read(path)
    assert reading.vintage == "2027-02"
    assert next(reading.rows)[7] == "E08000009"


def test_rows_without_a_position_are_left_out_and_counted(tmp_path: Path) -> None:
    reading, _ = onspd.read(files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv"))
    assert len(list(reading.rows)) == 6
    assert reading.left_out == {"has no position": 1}


def test_a_zip_a_folder_and_many_files_are_all_taken(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    whole = files.onspd(tmp_path / "one" / "ONSPD_NOV_2025_UK.csv")
    archive = files.zipped(tmp_path / "ONSPD_NOV_2025.zip", whole)
    assert read_all(archive) == read_all(whole) == read_all(tmp_path / "one")
    parts = [
        files.onspd(tmp_path / "NSPL_NOV_2025_UK_M.csv", [files.postcode("M33 7XX")]),
        files.onspd(tmp_path / "NSPL_NOV_2025_UK_BT.csv", [files.postcode("BT1 5GS", "54.59", "-5.93")]),
    ]
    split = files.zipped(tmp_path / "NSPL_NOV_2025.zip", *parts, inside="Data/multi_csv")
    assert [row[0] for row in read_all(split)] == ["BT15GS", "M337XX"]


@pytest.mark.parametrize(
    ("name", "vintage"),
    [("ONSPD_NOV_2025_UK.csv", "2025-11"), ("NSPL_2021_FEB_2026.csv", "2026-02"),
     ("ONSPD_May_2024_UK.csv", "2024-05"), ("postcodes.csv", ""), ("ONSPD AUG 2023.zip", "2023-08")],
)  # fmt: skip
def test_the_edition_is_in_the_name(name: str, vintage: str) -> None:
    assert onspd.vintage_of([name]) == vintage


def test_without_an_edition_it_is_asked_for(tmp_path: Path) -> None:
    path = files.onspd(tmp_path / "postcodes.csv")
    with pytest.raises(BadFile, match="--vintage"):
        onspd.read(path)
    assert onspd.read(path, "2025-11")[0].vintage == "2025-11"


@pytest.mark.parametrize(
    ("change", "row", "column", "why"),
    [
        ({"pcds": "NOT A CODE"}, 3, "pcds", "not a postcode"),
        ({"lat": "north"}, 3, "lat", "not a number"),
        ({"lat": "12.5"}, 3, "lat", "latitude"),
        ({"long": "44"}, 3, "long", "not between"),
        ({"lat": "nan"}, 3, "lat", "not between"),
        ({"lad25cd": "Trafford Council"}, 3, "lad25cd", "not an area code"),
        ({"lad25cd": "E080000099"}, 3, "lad25cd", "not an area code"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(
    tmp_path: Path, change: dict[str, str], row: int, column: str, why: str
) -> None:
    rows = [files.postcode("M33 7XX"), files.postcode("M33 7XY") | change]
    path = files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", rows)
    with pytest.raises(BadFile, match=why) as caught:
        read_all(path)
    assert (caught.value.file, caught.value.row, caught.value.column) == (path.name, row, column)
    assert f'row {row}, column "{column}"' in str(caught.value)


def test_a_file_of_something_else_is_refused_before_anything_happens(tmp_path: Path) -> None:
    path = files.table(tmp_path / "ONSPD_NOV_2025_UK.csv", ["name", "cost"], [["Chess", "2"]])
    with pytest.raises(BadFile, match=r"no column with postcodes.*name, cost"):
        onspd.read(path)


# ---------------------------------------------------------------- opening


def test_broken_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "ragged.csv").write_bytes(b"a,b\n1,2\n\n3\n")
    (tmp_path / "latin.csv").write_bytes("a,b\n1,2\n3,\u00e9\n".encode("latin-1"))
    (tmp_path / "quote.csv").write_bytes(b'a,b\n1,"2" x\n')
    for name, why in {
        "empty.csv": "is empty", "ragged.csv": "row 4: has 1 values", "latin.csv": "UTF-8",
        "quote.csv": "row 2: is not proper CSV",
    }.items():  # fmt: skip
        with pytest.raises(BadFile, match=why):
            list(csv_table(members(tmp_path / name, [r"\.csv$"])[0]).rows)
    with pytest.raises(BadFile, match="no such file"):
        members(tmp_path / "absent.csv", [r"\.csv$"])
    with pytest.raises(BadFile, match="holds no file"):
        members(files.zipped(tmp_path / "other.zip"), [r"\.csv$"])


def test_a_field_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "huge.csv").write_text('a,b\n1,"' + "x" * 400_000 + '"\n')
    with pytest.raises(BadFile, match="row 2"):
        list(csv_table(members(tmp_path / "huge.csv", [r"\.csv$"])[0]).rows)


def test_a_zip_cut_short_is_refused(tmp_path: Path) -> None:
    rows = [files.postcode(f"M33 {n % 10}{a}{b}") for n, (a, b) in enumerate(
        (a, b) for a in "ABDEFGHJLN" for b in "ABDEFGHJLNPQRSTUWXYZ")]  # fmt: skip
    path = files.zipped(
        tmp_path / "ONSPD_NOV_2025.zip", files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", rows)
    )
    whole = bytearray(path.read_bytes())
    start = whole.find(b"ONSPD_NOV_2025_UK.csv") + 400
    whole[start : start + 40] = bytes(40)  # as a download that lost a block
    path.write_bytes(whole)
    with pytest.raises(BadFile):
        read_all(path)


def test_a_zip_that_would_fill_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = files.zipped(tmp_path / "bomb.zip", files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv"))
    huge = zipfile.ZipInfo("ONSPD_NOV_2025_UK.csv")
    huge.file_size = 40 << 30
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda self: [huge])
    with pytest.raises(BadFile, match="40 GB"):
        onspd.read(path)


def test_the_same_contents_have_the_same_fingerprint_in_a_zip(tmp_path: Path) -> None:
    plain = files.onspd(tmp_path / "ONSPD_NOV_2025_UK.csv")
    archive = files.zipped(tmp_path / "a.zip", plain)
    assert fingerprint(members(plain, [])) == fingerprint(members(archive, [r"\.csv$"]))


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(data)
    with suppress(BadFile):
        for row in csv_table(members(path, [r"\.csv$"])[0]).rows:
            assert row.number > 1


# ---------------------------------------------------------------- deprivation


def test_the_official_file_of_2025_and_2019(tmp_path: Path) -> None:
    path = files.table(tmp_path / "File_7.csv", files.FILE_7_HEADER, files.FILE_7_ROWS)
    reading, _ = imd.read(path)
    rows = list(reading.rows)
    assert (reading.slot, reading.vintage) == ("imd:2025", "2025")
    assert {row.indicator for row in rows} == {
        "imd_score", "imd_rank", "imd_decile", "income_score", "income_rank", "income_decile",
        "children_score", "children_rank", "idaci_score", "idaci_rank",
    }  # fmt: skip
    rank = next(row for row in rows if row.indicator == "imd_rank")
    assert (rank.area, rank.kind, rank.period, rank.value) == ("E01006001", "lsoa21", "2025", 20114)
    before = [name.replace("(2021)", "(2011)") for name in files.FILE_7_HEADER]
    reading, _ = imd.read(files.table(tmp_path / "File_7_2019.csv", before, files.FILE_7_ROWS))
    assert (reading.slot, next(reading.rows).kind) == ("imd:2019", "lsoa11")


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [(5, "0", "not between"), (6, "11", "not between"), (5, "12.5", "whole number"), (4, "", "not a number"),
     (0, "", "no area code")],
)  # fmt: skip
def test_a_wrong_figure_is_named(tmp_path: Path, column: int, value: str, why: str) -> None:
    rows = [list(row) for row in files.FILE_7_ROWS]
    rows[1][column] = value
    path = files.table(tmp_path / "File_7.csv", files.FILE_7_HEADER, rows)
    with pytest.raises(BadFile, match=why) as caught:
        list(imd.read(path)[0].rows)
    assert caught.value.row == 3
    assert caught.value.column == files.FILE_7_HEADER[column]


def test_real_indices_of_england() -> None:
    """The first 4,000 areas of each: reading all 33,755 proves no more and takes ten seconds."""
    reading, _ = imd.read(shared("data/geo/humaniverse-IMD/imd2025_england_lsoa21.csv"))
    rows = list(islice(reading.rows, 4_000 * 24))
    deciles = [row for row in rows if row.indicator == "imd_decile"]
    assert len(deciles) == 4_000
    assert {row.value for row in deciles} == set(range(1, 11))
    assert len({row.indicator for row in rows}) == 24
    parts, _ = imd.read(shared("data/geo/humaniverse-IMD/imd2025_england_lsoa21_subdomains.csv"))
    assert parts.slot == "imd-parts:2025"
    assert sum(row.indicator == "children_rank" for row in islice(parts.rows, 4_000 * 18)) == 4_000


def test_other_figures_are_not_taken_for_the_indices(tmp_path: Path) -> None:
    path = files.table(tmp_path / "x.csv", ["lsoa21_code", "crime_rate"], [["E01006001", "3"]])
    with pytest.raises(BadFile, match="score, rank or decile"):
        imd.read(path)


# ---------------------------------------------------------------- population


def by_indicator(path: Path, **options: object) -> dict[tuple[str, str], float]:
    reading, _ = population.read(path, **options)  # type: ignore[arg-type]
    return {(row.area, row.indicator): row.value for row in reading.rows}


def test_the_ons_workbook_by_sex_and_single_year(tmp_path: Path) -> None:
    path = files.ons_workbook(tmp_path / "sapelsoasyoa20222024.xlsx")
    reading, _ = population.read(path)
    assert (reading.slot, reading.vintage) == ("population:lsoa21:mid-2024", "mid-2024")
    got = by_indicator(path)
    # Two people (one woman, one man) of each age count 2 for the first area in mid-2024, 15 ages 11 to 25.
    assert got["E01006001", "population_11_25"] == 15 * 2 * 2
    assert got["E01006001", "population_total"] == 91 * 2 * 2
    assert got["E01006002", "population_16_17"] == 2 * 3 * 2
    assert by_indicator(path, year=2023)["E01006001", "population_11_25"] == 15 * 2
    with pytest.raises(BadFile, match="no sheet for 2019"):
        population.read(path, year=2019)


def test_a_workbook_without_such_sheets_says_which_it_has(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Trips"
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(BadFile, match="Trips"):
        population.read(tmp_path / "other.xlsx")
    (tmp_path / "no.xlsx").write_bytes(b"PK nothing")
    with pytest.raises(BadFile, match="cannot be opened"):
        population.read(tmp_path / "no.xlsx")


def test_a_council_s_open_data_counts_persons_once() -> None:
    path = shared("data/geo/trafford-open-data/mid-year_2024_population_estimates_lsoa.csv")
    reading, _ = population.read(path)
    rows = list(reading.rows)
    assert reading.slot == "population:lsoa21:mid-2024"
    assert len({row.area for row in rows}) == 139
    total = sum(row.value for row in rows if row.indicator == "population_total")
    young = sum(row.value for row in rows if row.indicator == "population_11_25")
    assert 225_000 < total < 250_000  # Trafford has about 240,000 people
    assert 0.14 < young / total < 0.22


def test_bands_instead_of_single_years() -> None:
    path = shared("data/geo/humaniverse-demographr/population20_lsoa11_young.csv")
    with pytest.raises(BadFile, match="--vintage"):
        population.read(path)
    got = by_indicator(path, vintage="mid-2020")
    assert got["E01011949", "population_11_25"] == 383
    assert got["E01011949", "population_total"] == 1944
    lads, _ = population.read(
        shared("data/geo/humaniverse-demographr/population20_ltla21_young.csv"), vintage="mid-2020"
    )
    assert lads.slot == "population:lad:mid-2020"


def test_a_plain_csv_by_age(tmp_path: Path) -> None:
    header = ["area_code", "year", *map(str, range(90)), "90+"]
    path = files.table(tmp_path / "p.csv", header, [["E01006001", "2024", *[1] * 91]])
    assert by_indicator(path, kind="lsoa21")["E01006001", "population_11_25"] == 15
    with pytest.raises(BadFile, match="--kind"):
        population.read(path)
    short = files.table(tmp_path / "q.csv", header[:20], [["E01006001", "2024", *[1] * 18]])
    with pytest.raises(BadFile, match="single year of age"):
        population.read(short, kind="lsoa21")
    bad = files.table(tmp_path / "r.csv", header, [["E01006001", "2024", *[1] * 90, "many"]])
    with pytest.raises(BadFile, match=r"row 2.*90\+"):
        list(population.read(bad, kind="lsoa21")[0].rows)


# ---------------------------------------------------------------- areas


def square(code: str, name: str, west: float = -2.3, south: float = 53.4) -> dict[str, object]:
    ring = [
        [west, south],
        [west + 0.02, south],
        [west + 0.02, south + 0.01],
        [west, south + 0.01],
        [west, south],
    ]
    return {
        "type": "Feature", "properties": {"LAD25CD": code, "LAD25NM": name},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }  # fmt: skip


def geojson(path: Path, *features: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_geojson_fields_are_found_and_middles_worked_out(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "lad.geojson", square("E08000009", "Trafford"), square("E08000003", "Manchester", -2.2)
    )
    reading, _, kind = areas.read(path)
    first, second = reading.rows
    assert (kind, reading.slot, reading.vintage) == ("lad25", "areas:lad25", "2025")
    assert (first.code, first.name) == ("E08000009", "Trafford")
    assert (first.lat, first.lon) == (pytest.approx(53.405), pytest.approx(-2.29))
    assert json.loads(second.geometry or "")["type"] == "MultiPolygon"


def test_a_file_with_several_codes_asks_which(tmp_path: Path) -> None:
    path = files.table(
        tmp_path / "lookup.csv",
        ["lsoa21_code", "lsoa21_name", "icb24_code", "icb24_name"],
        [["E01006001", "Trafford 001A", "E54000057", "Greater Manchester"]],
    )
    with pytest.raises(BadFile, match=r"--code-field.*lsoa21_code, icb24_code"):
        areas.read(path)
    reading, _, kind = areas.read(path, code_field="LSOA21_CODE", parent_field="icb24_code")
    row = next(reading.rows)
    assert (kind, row.code, row.name, row.parent) == ("lsoa21", "E01006001", "Trafford 001A", "E54000057")
    with pytest.raises(BadFile, match="no field 'ward'"):
        areas.read(path, code_field="ward")


def test_faulty_shapes_are_named(tmp_path: Path) -> None:
    for feature, why in (
        (square("", "Nowhere"), "not an area code"),
        (square("E08000009", ""), "no name"),
        (square("E08000009", "In metres", 379000, 395000), "degrees"),
        (square("E08000009", "Trafford") | {"geometry": {"type": "Polygon", "coordinates": []}}, "geometry"),
        ({"type": "Feature", "properties": None}, "properties"),
    ):
        path = geojson(tmp_path / "bad.geojson", square("E08000003", "Manchester"), feature)
        with pytest.raises(BadFile, match=why) as caught:
            list(areas.read(path)[0].rows)
        assert caught.value.row == 2
    (tmp_path / "cut.geojson").write_text(path.read_text()[:-90])
    with pytest.raises(BadFile):
        list(areas.read(tmp_path / "cut.geojson")[0].rows)


def test_real_boundaries_have_their_middles_inside_the_country() -> None:
    reading, _, kind = areas.read(shared("data/geo/humaniverse-geographr/boundaries_ltla24.geojson"))
    rows = list(reading.rows)
    assert (kind, len(rows)) == ("ltla24", 361)
    for row in rows:
        assert row.lat is not None
        assert row.lon is not None
        assert 49 < row.lat < 61
        assert -9 < row.lon < 2


# ---------------------------------------------------------------- any indicator


def test_plain_figures(tmp_path: Path) -> None:
    path = files.table(
        tmp_path / "wellbeing.csv",
        ["area_code", "area_type", "indicator", "period", "value", "lower", "upper"],
        [["E08000009", "LAD", "made-up score", "2024", "7.5", "7.1", "7.9"],
         ["E08000003", "LAD", "made-up score", "2024", "NA", "", ""]],
    )  # fmt: skip
    reading, _ = indicators.read(path)
    (row,) = reading.rows
    assert (row.kind, row.value, row.low, row.high) == ("lad", 7.5, 7.1, 7.9)
    assert reading.left_out == {"has no value": 1}
    assert reading.slot == "indicators:wellbeing"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["E08000009", "lad", "x", "2024", "7", "8", "9"], "interval"),
        (["", "lad", "x", "2024", "7", "", ""], "area_code"),
        (["E08000009", "lad", "", "2024", "7", "", ""], "indicator"),
        (["E08000009", "local authority district", "x", "2024", "7", "", ""], "longer than 20"),
        (["E08000009", "lad", "x", "2024", "seven", "", ""], "not a number"),
        (["E08000009", "lad", "x", "2024", "inf", "", ""], "not between"),
    ],
)
def test_faulty_figures_are_named(tmp_path: Path, row: list[str], why: str) -> None:
    header = ["area_code", "area_type", "indicator", "period", "value", "lower", "upper"]
    path = files.table(tmp_path / "x.csv", header, [row])
    with pytest.raises(BadFile, match=why) as caught:
        list(indicators.read(path)[0].rows)
    assert caught.value.row == 2
