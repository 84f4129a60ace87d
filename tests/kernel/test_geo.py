"""Distances, boxes and grids, against positions published elsewhere."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.kernel.geo import (
    BRITISH_GRID,
    IRISH_GRID,
    Grid,
    box_around,
    grid_to_wgs84,
    km_between,
    km_to_many,
    wgs84_to_grid,
)

latitudes = st.floats(49, 61)
longitudes = st.floats(-9, 2)

# Ordnance Survey's test points of its exact transformation (OSTN15): Scilly, St Kilda, Out Skerries.
OSTN15 = [
    (91492.146, 11318.804, 49.92226393730, -6.29977752014),
    (9587.906, 899448.996, 57.81351838410, -8.57854456076),
    (421300.525, 1072147.239, 59.53470794490, -1.62516966058),
]
# Positions that the ONS Postcode Directory itself gives for postcodes on the grid references it gives.
ONSPD = [
    (529090, 179645, 51.501009, -0.141588),  # SW1A 1AA
    (379988, 395476, 53.455654, -2.302836),  # M32 0JG
    (435958, 568671, 55.011303, -1.439269),  # NE30 1DP
]
# The same datum shift worked out by PROJ 9 (EPSG:29902 to EPSG:4326): Antrim, Tyrone, Belfast.
PROJ_IRISH = [
    (305562.191591, 401541.241550, 54.8505018, -6.3572774),
    (333800.0, 374100.0, 54.5974196, -5.9305324),
]


@pytest.mark.parametrize(("east", "north", "lat", "lon"), OSTN15)
def test_great_britain_agrees_with_the_exact_transformation_to_ten_metres(
    east: float, north: float, lat: float, lon: float
) -> None:
    got_lat, got_lon = grid_to_wgs84(BRITISH_GRID, [east], [north])
    assert km_between(lat, lon, float(got_lat[0]), float(got_lon[0])) < 0.010


@pytest.mark.parametrize(("east", "north", "lat", "lon"), ONSPD)
def test_postcodes_lie_where_the_ons_puts_them(east: float, north: float, lat: float, lon: float) -> None:
    got_lat, got_lon = grid_to_wgs84(BRITISH_GRID, [east], [north])
    assert km_between(lat, lon, float(got_lat[0]), float(got_lon[0])) < 0.005


@pytest.mark.parametrize(("east", "north", "lat", "lon"), PROJ_IRISH)
def test_northern_ireland_is_on_its_own_grid(east: float, north: float, lat: float, lon: float) -> None:
    got_lat, got_lon = grid_to_wgs84(IRISH_GRID, [east], [north])
    assert km_between(lat, lon, float(got_lat[0]), float(got_lon[0])) < 0.001
    # Read on the British grid the same numbers would lie in another country.
    wrong_lat, wrong_lon = grid_to_wgs84(BRITISH_GRID, [east], [north])
    assert km_between(lat, lon, float(wrong_lat[0]), float(wrong_lon[0])) > 100


@pytest.mark.parametrize("grid", [BRITISH_GRID, IRISH_GRID])
@given(lat=latitudes, lon=longitudes)
def test_there_and_back_again_is_the_same_place(grid: Grid, lat: float, lon: float) -> None:
    back_lat, back_lon = grid_to_wgs84(grid, *wgs84_to_grid(grid, [lat], [lon]))
    assert km_between(lat, lon, float(back_lat[0]), float(back_lon[0])) < 0.00005


@given(east=st.floats(1e5, 6e5), north=st.floats(1e4, 1.2e6), step=st.floats(100, 50_000))
def test_further_north_on_the_grid_is_further_north_and_about_as_far(
    east: float, north: float, step: float
) -> None:
    lat, lon = grid_to_wgs84(BRITISH_GRID, [east, east], [north, north + step])
    assert lat[1] > lat[0]
    away = km_between(float(lat[0]), float(lon[0]), float(lat[1]), float(lon[1]))
    assert away == pytest.approx(step / 1000, rel=0.01)


def test_a_missing_grid_reference_stays_missing() -> None:
    lat, lon = grid_to_wgs84(BRITISH_GRID, [math.nan, 529090], [math.nan, 179645])
    assert np.isnan(lat[0])
    assert np.isnan(lon[0])
    assert lat[1] == pytest.approx(51.501, abs=0.001)


def test_known_distances() -> None:
    assert km_between(53.4808, -2.2426, 51.5074, -0.1278) == pytest.approx(262, abs=1)  # Manchester-London
    assert km_between(54.5973, -5.9301, 51.4816, -3.1791) == pytest.approx(393, abs=3)  # Belfast-Cardiff
    assert km_between(50.0, 0.0, 50.0, 0.0) == 0


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_the_same_both_ways_and_in_bulk(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    there = km_between(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(km_between(lat2, lon2, lat1, lon1), abs=1e-9)
    assert km_to_many(lat1, lon1, [lat2], [lon2])[0] == pytest.approx(there, abs=1e-9)


@given(latitudes, longitudes, st.floats(0.01, 200), st.floats(0, 360), st.floats(0, 1))
def test_everything_in_the_circle_is_in_the_box(
    lat: float, lon: float, km: float, bearing: float, part: float
) -> None:
    box = box_around(lat, lon, km)
    angle, turn = km * part / 6371.0088, math.radians(bearing)
    phi = math.radians(lat)
    lat2 = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(turn))
    lon2 = math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(lat2)
    )
    assert box.south - 1e-9 <= math.degrees(lat2) <= box.north + 1e-9
    assert box.west - 1e-9 <= lon + math.degrees(lon2) <= box.east + 1e-9


def test_a_box_is_no_larger_than_it_must_be() -> None:
    box = box_around(53.4, -2.3, 10)
    assert km_between(53.4, -2.3, box.north, -2.3) == pytest.approx(10, abs=0.001)
    assert km_between(53.4, -2.3, 53.4, box.east) == pytest.approx(10, abs=0.01)


def test_a_box_round_a_pole_holds_every_longitude() -> None:
    assert box_around(89.9, 0, 100)[1::2] == (-180, 180)


def test_a_negative_radius_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        box_around(53, -2, -1)
