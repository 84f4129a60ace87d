"""The map beside the list, worked out here and drawn as SVG by a template: no tiles, no other origin.

A flat projection about the middle is off by less than 0.3 % at the 60 km across that a finder shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from .wish import Where

KM_PER_DEGREE = 111.195
WIDTH, HEIGHT = 360, 300  # of the drawing, in its own units
MARGIN = 26  # so that a pin at the edge is whole
MOST_NAMES = 7
RING_STEPS = (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Pin:
    x: float
    y: float
    numbers: tuple[int, ...]  # the places in the list that stand here

    @property
    def label(self) -> str:
        return ", ".join(map(str, self.numbers))


@dataclass(frozen=True, slots=True)
class Ring:
    radius: float
    km: str


@dataclass(frozen=True, slots=True)
class Name:
    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Map:
    width: int
    height: int
    pins: tuple[Pin, ...]
    here: tuple[float, float] | None
    sure: float  # radius of "you are somewhere here"; 0 when a full postcode was given
    rings: tuple[Ring, ...]
    names: tuple[Name, ...]


def draw(
    spots: Sequence[tuple[float, float] | None],
    near: Where | None,
    towns: Iterable[tuple[str, float, float]] = (),
) -> Map | None:
    """The map of a list; `spots` are (lat, lon) in the list's order, None where unknown or online.

    `towns` are (name, lat, lon), most important first; those that would lie on another are left out.
    Returns None when nothing has a position.
    """
    points = [(number, spot) for number, spot in enumerate(spots, 1) if spot is not None]
    if not points:
        return None
    fixed = [spot for _, spot in points] + ([(near.lat, near.lon)] if near else [])
    lat0, lon0 = _middle(fixed, near)
    east = KM_PER_DEGREE * cos(radians(lat0))
    reach = max(
        0.4,
        max(abs((lon - lon0) * east) / (WIDTH / 2 - MARGIN) * (HEIGHT / 2 - MARGIN) for _, lon in fixed),
        max(abs((lat - lat0) * KM_PER_DEGREE) for lat, _ in fixed),
    )
    scale = (HEIGHT / 2 - MARGIN) / reach  # drawing units a kilometre

    def at(lat: float, lon: float) -> tuple[float, float]:
        return (
            round(WIDTH / 2 + (lon - lon0) * east * scale, 1),
            round(HEIGHT / 2 - (lat - lat0) * KM_PER_DEGREE * scale, 1),
        )

    pins = _pins([(number, *at(*spot)) for number, spot in points])
    here = at(near.lat, near.lon) if near else None
    return Map(
        width=WIDTH,
        height=HEIGHT,
        pins=pins,
        here=here,
        sure=round(near.sure_km * scale, 1) if near else 0.0,
        rings=_rings(scale, reach) if near else (),
        names=_names([(name, *at(lat, lon)) for name, lat, lon in towns], pins, here),
    )


def _middle(fixed: Sequence[tuple[float, float]], near: Where | None) -> tuple[float, float]:
    if near:
        return near.lat, near.lon
    lats, lons = [lat for lat, _ in fixed], [lon for _, lon in fixed]
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2


def _rings(scale: float, reach: float) -> tuple[Ring, ...]:
    """The two roundest distances that fit, the larger first so that the smaller is drawn on top."""
    fitting = [step for step in RING_STEPS if step <= reach * 1.05]
    chosen = fitting[-1:-4:-2] or [RING_STEPS[0]]
    return tuple(Ring(round(step * scale, 1), f"{step:g}") for step in chosen)


def _pins(points: Sequence[tuple[int, float, float]]) -> tuple[Pin, ...]:
    """Pins closer together than one can tap become one pin with several numbers."""
    made: list[tuple[float, float, list[int]]] = []
    for number, x, y in points:
        for px, py, numbers in made:
            if abs(px - x) < 14 and abs(py - y) < 14:
                numbers.append(number)
                break
        else:
            made.append((x, y, [number]))
    return tuple(Pin(x, y, tuple(numbers)) for x, y, numbers in made)


def _names(
    towns: Sequence[tuple[str, float, float]], pins: Sequence[Pin], here: tuple[float, float] | None
) -> tuple[Name, ...]:
    """Names that have room; a letter is about 7 units wide and a line 13 high."""
    taken: list[tuple[float, float, float]] = [(pin.x, pin.y - 10, 14.0) for pin in pins]
    if here:
        taken.append((*here, 40.0))
    names: list[Name] = []
    for words, x, y in towns:
        half = len(words) * 3.6
        if not (half + 4 < x < WIDTH - half - 4 and 16 < y < HEIGHT - 8) or len(names) >= MOST_NAMES:
            continue
        if any(abs(x - tx) < half + wide and abs(y - ty) < 15 for tx, ty, wide in taken):
            continue
        taken.append((x, y, half))
        names.append(Name(x, y, words))
    return tuple(names)
