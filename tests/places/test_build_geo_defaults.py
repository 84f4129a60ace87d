"""The tool that builds the packaged tables: its reading of what was typed, and its arithmetic."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from stile.places import gazetteer, packaged
from tests.paths import ROOT


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_geo_defaults", ROOT / "tools/build_geo_defaults.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_ranges_other_areas_and_sectors(tool: ModuleType) -> None:
    assert list(tool.codes_of("M", "1-3 5A WN7 20.6 EC1-2")) == [
        "M1", "M2", "M3", "M5A", "WN7", "M20 6", "EC1", "EC2",
    ]  # fmt: skip


def test_towns_as_typed(tool: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "towns.txt"
    path.write_text("# a note\nCF\nCardiff / Caerdydd @ 10 = 3 10-11\n+Roath = 24 # part of it\n")
    cardiff, roath = tool.read_towns(path)
    assert (cardiff.name, cardiff.also, cardiff.post_town) == ("Cardiff", ("Caerdydd",), True)
    assert (cardiff.codes, cardiff.centre) == (("CF3", "CF10", "CF11"), ("CF10",))
    assert (roath.name, roath.post_town, roath.codes) == ("Roath", False, ("CF24",))


def test_a_slip_in_the_list_is_named_by_its_line(tool: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "towns.txt"
    path.write_text("CF\nCardiff 3 10-11\n")
    with pytest.raises(ValueError, match="line 2"):
        list(tool.read_towns(path))


def test_the_middle_of_a_town_is_where_it_is_densest(tool: ModuleType) -> None:
    """A dense town of 400 postcodes and 600 more strewn over a county: the median would miss it."""
    rng = np.random.default_rng(7)
    town = rng.normal((53.0, -2.0), (0.004, 0.006), (400, 2))
    county = rng.uniform((52.7, -2.1), (53.1, -1.2), (600, 2))
    both = np.vstack([town, county])
    points = tool.Points(both[:, 0], both[:, 1], np.full(1000, "E06000001"))
    centre = tool.busiest(points)
    assert centre == pytest.approx((53.0, -2.0), abs=0.004)
    settled = tool.built_up(points, centre)
    assert 380 < len(settled) < 440
    assert float(tool.measured(settled, centre)["r90_km"]) < 1.5
    assert tool.measured(points, centre)["share"] == "1.00"


def test_a_name_for_scattered_farms_keeps_its_whole_district(tool: ModuleType) -> None:
    rng = np.random.default_rng(8)
    farms = rng.uniform((57.0, -5.0), (57.5, -4.0), (300, 2))
    points = tool.Points(farms[:, 0], farms[:, 1], np.full(300, "S12000017"))
    assert len(tool.built_up(points, tool.busiest(points))) == 300


def test_what_is_packaged_was_built_from_the_package_that_is_installed() -> None:
    assert gazetteer.origin()["version"] == packaged.package_version()
    assert gazetteer.origin()["vintage"] == packaged.VINTAGE


def test_every_town_typed_is_in_the_built_table(tool: ModuleType) -> None:
    typed = list(tool.read_towns(ROOT / "tools/geo/towns.txt"))
    assert sorted(t.name for t in typed) == sorted(t.name for t in gazetteer.towns())
    with_a_post_town = {code for town in typed if town.post_town for code in town.codes}
    in_use = {code for code, spot in gazetteer.outcodes().items() if spot.addresses >= 300}
    # Large outcodes without a post town: codes withdrawn in renumberings, whose letters say enough.
    assert len(in_use - with_a_post_town) < 0.05 * len(in_use), sorted(in_use - with_a_post_town)
