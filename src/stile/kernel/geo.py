"""Where things are: distances, boxes to search in, and the two national grids.

Positions are WGS84 degrees (latitude, longitude); lengths are kilometres unless a name says metres.
The grids are the two in which the Office for National Statistics publishes postcodes: the National
Grid of Great Britain (EPSG:27700) and the Irish Grid used in Northern Ireland (EPSG:29902). They are
turned to WGS84 by one seven-parameter datum shift each, which is right to about 5 metres: ample for
"how far is it", never for surveying.

Sources: Ordnance Survey, "A guide to coordinate systems in Great Britain" (ellipsoids, projection
constants, Helmert parameters); Ordnance Survey Ireland and Land & Property Services, "Making maps
compatible with GPS" (the Irish parameters); L. Krueger 1912 (series of the transverse Mercator).
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

EARTH_KM = 6371.0088  # mean radius of the WGS84 ellipsoid (IUGG)

Floats = npt.NDArray[np.float64]


class Box(NamedTuple):
    """A rectangle of degrees: everything in the circle is in the box, not the other way round."""

    south: float
    west: float
    north: float
    east: float


def km_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in km (haversine on a sphere: within 0.5 % of the ellipsoid)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_dphi = (phi2 - phi1) / 2
    half_dlam = math.radians(lon2 - lon1) / 2
    h = math.sin(half_dphi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_dlam) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def km_to_many(lat: float, lon: float, lats: npt.ArrayLike, lons: npt.ArrayLike) -> Floats:
    """Distance in km from one point to each of n points; shapes (n,) and (n,) give (n,)."""
    phi = math.radians(lat)
    phis = np.radians(np.asarray(lats, dtype=np.float64))
    half_dlam = np.radians(np.asarray(lons, dtype=np.float64) - lon) / 2
    h = np.sin((phis - phi) / 2) ** 2 + math.cos(phi) * np.cos(phis) * np.sin(half_dlam) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, h))), dtype=np.float64)


def box_around(lat: float, lon: float, km: float) -> Box:
    """The smallest box of degrees that holds the circle of radius `km`; ValueError if km < 0."""
    if km < 0:
        raise ValueError("a radius cannot be negative")
    angle = km / EARTH_KM
    dlat = math.degrees(angle)
    south, north = lat - dlat, lat + dlat
    if south <= -90 or north >= 90:  # a pole is inside: every longitude is
        return Box(max(south, -90.0), -180.0, min(north, 90.0), 180.0)
    # The circle is widest north (or south) of its centre, hence the arcsine and not d / cos(lat).
    dlon = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(lat)))))
    return Box(south, lon - dlon, north, lon + dlon)


@dataclass(frozen=True, slots=True)
class Grid:
    """A national grid: ellipsoid, transverse Mercator and the shift of its datum to WGS84.

    Metres for axes, false origin and translation; degrees for the true origin; seconds of arc for the
    rotation (position-vector sense); parts per million for the scale of the shift.
    """

    axis_major: float
    axis_minor: float
    scale: float
    lat0: float
    lon0: float
    east0: float
    north0: float
    move: tuple[float, float, float]
    turn: tuple[float, float, float]
    stretch_ppm: float


BRITISH_GRID = Grid(
    axis_major=6377563.396,  # Airy 1830
    axis_minor=6356256.909,
    scale=0.9996012717,
    lat0=49.0,
    lon0=-2.0,
    east0=400_000.0,
    north0=-100_000.0,
    move=(446.448, -125.157, 542.060),
    turn=(0.1502, 0.2470, 0.8421),
    stretch_ppm=-20.4894,
)
IRISH_GRID = Grid(
    axis_major=6377340.189,  # Airy modified
    axis_minor=6356034.447,
    scale=1.000035,
    lat0=53.5,
    lon0=-8.0,
    east0=200_000.0,
    north0=250_000.0,
    move=(482.530, -130.596, 564.557),
    turn=(-1.042, -0.214, -0.631),
    stretch_ppm=8.150,
)

_WGS84_MAJOR, _WGS84_MINOR = 6378137.0, 6356752.314245


def grid_to_wgs84(grid: Grid, east: npt.ArrayLike, north: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Metres on a grid, shapes (n,) and (n,), to degrees (lat, lon) of shape (n,). NaN stays NaN."""
    lat, lon = _unproject(grid, np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64))
    x, y, z = _to_cartesian(grid.axis_major, grid.axis_minor, lat, lon)
    (mx, my, mz), (tx, ty, tz) = grid.move, (math.radians(s / 3600) for s in grid.turn)
    k = 1 + grid.stretch_ppm * 1e-6
    lat, lon = _from_cartesian(
        _WGS84_MAJOR,
        _WGS84_MINOR,
        mx + k * (x - tz * y + ty * z),
        my + k * (tz * x + y - tx * z),
        mz + k * (-ty * x + tx * y + z),
    )
    return np.degrees(lat), np.degrees(lon)


def wgs84_to_grid(grid: Grid, lat: npt.ArrayLike, lon: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Degrees to metres (east, north) on a grid: the inverse of `grid_to_wgs84`, to a centimetre."""
    x, y, z = _to_cartesian(
        _WGS84_MAJOR,
        _WGS84_MINOR,
        np.radians(np.asarray(lat, dtype=np.float64)),
        np.radians(np.asarray(lon, dtype=np.float64)),
    )
    (mx, my, mz), (tx, ty, tz) = grid.move, (math.radians(s / 3600) for s in grid.turn)
    k = 1 + grid.stretch_ppm * 1e-6
    # The true inverse of the 3x3 matrix, not the small-angle one with its signs turned: with Ireland's
    # rotations the latter would not round-trip to a centimetre.
    matrix = k * np.array([[1, -tz, ty], [tz, 1, -tx], [-ty, tx, 1]])
    xyz = np.linalg.solve(matrix, np.stack([np.ravel(x - mx), np.ravel(y - my), np.ravel(z - mz)]))
    shape = np.shape(x)
    lat_rad, lon_rad = _from_cartesian(
        grid.axis_major, grid.axis_minor, xyz[0].reshape(shape), xyz[1].reshape(shape), xyz[2].reshape(shape)
    )
    return _project(grid, lat_rad, lon_rad)


def _to_cartesian(a: float, b: float, lat: Floats, lon: Floats) -> tuple[Floats, Floats, Floats]:
    e2 = 1 - (b / a) ** 2
    nu = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return nu * np.cos(lat) * np.cos(lon), nu * np.cos(lat) * np.sin(lon), nu * (1 - e2) * np.sin(lat)


def _from_cartesian(a: float, b: float, x: Floats, y: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Radians from geocentric metres; Bowring's closed form is exact to micrometres near the ground."""
    e2, f2 = 1 - (b / a) ** 2, (a / b) ** 2 - 1
    p = np.hypot(x, y)
    theta = np.arctan2(z * a, p * b)
    lat = np.arctan2(z + f2 * b * np.sin(theta) ** 3, p - e2 * a * np.cos(theta) ** 3)
    return lat, np.arctan2(y, x)


def _series(grid: Grid) -> tuple[float, float, float]:
    """Third flattening n, first eccentricity e, rectifying radius A (metres)."""
    a, b = grid.axis_major, grid.axis_minor
    n = (a - b) / (a + b)
    return n, math.sqrt(1 - (b / a) ** 2), a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)


def _alphas(n: float) -> tuple[float, float, float]:
    return n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240


def _betas(n: float) -> tuple[float, float, float]:
    return n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, n**2 / 48 + n**3 / 15, 17 * n**3 / 480


def _conformal_xi(grid: Grid, lat: Floats) -> Floats:
    """Rectified northing angle on the central meridian at latitude `lat` (radians)."""
    n, e, _ = _series(grid)
    chi = np.arctan(np.sinh(np.arctanh(np.sin(lat)) - e * np.arctanh(e * np.sin(lat))))
    xi = chi + sum(c * np.sin(2 * j * chi) for j, c in enumerate(_alphas(n), 1))
    return np.asarray(xi, dtype=np.float64)


def _project(grid: Grid, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    n, e, radius = _series(grid)
    lam = lon - math.radians(grid.lon0)
    t = np.sinh(np.arctanh(np.sin(lat)) - e * np.arctanh(e * np.sin(lat)))
    xi0 = np.arctan2(t, np.cos(lam))
    eta0 = np.arcsinh(np.sin(lam) / np.hypot(t, np.cos(lam)))
    xi, eta = xi0.copy(), eta0.copy()
    for j, c in enumerate(_alphas(n), 1):
        xi += c * np.sin(2 * j * xi0) * np.cosh(2 * j * eta0)
        eta += c * np.cos(2 * j * xi0) * np.sinh(2 * j * eta0)
    start = _conformal_xi(grid, np.asarray(math.radians(grid.lat0)))
    return grid.east0 + grid.scale * radius * eta, grid.north0 + grid.scale * radius * (xi - start)


def _unproject(grid: Grid, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    n, _, radius = _series(grid)
    start = _conformal_xi(grid, np.asarray(math.radians(grid.lat0)))
    xi0 = (north - grid.north0) / (grid.scale * radius) + start
    eta0 = (east - grid.east0) / (grid.scale * radius)
    xi, eta = xi0.copy(), eta0.copy()
    for j, c in enumerate(_betas(n), 1):
        xi -= c * np.sin(2 * j * xi0) * np.cosh(2 * j * eta0)
        eta -= c * np.cos(2 * j * xi0) * np.sinh(2 * j * eta0)
    chi = np.arcsin(np.sin(xi) / np.cosh(eta))
    deltas = (2 * n - 2 * n**2 / 3 - 2 * n**3, 7 * n**2 / 3 - 8 * n**3 / 5, 56 * n**3 / 15)
    lat = chi + sum(c * np.sin(2 * j * chi) for j, c in enumerate(deltas, 1))
    return lat, np.arctan2(np.sinh(eta), np.cos(xi)) + math.radians(grid.lon0)
