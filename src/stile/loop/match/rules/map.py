"""The map beside the list, worked out here and drawn as SVG by a template: no tiles, no other origin.

A flat projection about the middle is off by less than 0.3 % at the 60 km across that a finder shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from .wish import Where

KM_PER_DEGREE = 111.195
WIDTH, HEIGHT = 360, 300  # of the drawing, in its own units
MARGIN = 34  # so that a pin at the edge is whole
MOST_NAMES = 6
RING_STEPS = (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)
TIP, LINE, LETTER = 8.0, 14.0, 7.2  # of a pin: its point, a line of numbers, one sign of them
NARROWEST = 28.0  # a pin is something to tap
LINE_SIGNS = 16  # numbers past this go on a second line


@dataclass(frozen=True, slots=True)
class Pin:
    """A flag that stands with its point at (x, y) and holds the numbers of the list."""

    x: float
    y: float
    numbers: tuple[int, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The numbers, runs of them shortened, in as many lines as they need."""
        runs: list[list[int]] = []
        for number in sorted(self.numbers):
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        parts = [
            f"{run[0]}–{run[-1]}" if len(run) > 2 else str(n)
            for run in runs
            for n in (run[:1] if len(run) > 2 else run)
        ]
        lines = [parts[0]]
        for part in parts[1:]:
            if len(lines[-1]) + len(part) + 2 > LINE_SIGNS:
                lines.append(part)
            else:
                lines[-1] += f", {part}"
        return tuple(lines)

    @property
    def placed(self) -> tuple[tuple[float, str], ...]:
        """(height above the point, words) of each line."""
        last = len(self.lines) - 1
        return tuple((-(TIP + 8 + LINE * (last - at)), words) for at, words in enumerate(self.lines))

    @property
    def width(self) -> float:
        return max(NARROWEST, max(map(len, self.lines)) * LETTER + 12)

    @property
    def height(self) -> float:
        return TIP + LINE * len(self.lines) + 8

    @property
    def outline(self) -> str:
        """The flag as an SVG path about its point."""
        half, tall, soft = self.width / 2, self.height - TIP, 9.0
        return (
            f"M0 0L-6-{TIP:g}H{-half + soft:g}a{soft:g} {soft:g} 0 0 1-{soft:g}-{soft:g}V{-self.height + soft:g}"
            f"a{soft:g} {soft:g} 0 0 1 {soft:g}-{soft:g}H{half - soft:g}a{soft:g} {soft:g} 0 0 1 {soft:g} {soft:g}"
            f"v{tall - 2 * soft:g}a{soft:g} {soft:g} 0 0 1-{soft:g} {soft:g}H6Z"
        )

    def over(self, other: "Pin") -> bool:
        """Whether the two flags cover one another."""
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2 - 2
            and self.y - self.height < other.y
            and other.y - other.height < self.y
        )


@dataclass(frozen=True, slots=True)
class Ring:
    radius: float
    km: str
    x: float  # of its words
    y: float


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


Box = tuple[float, float, float, float]  # west, north, east, south


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
    lat0, lon0 = _middle(fixed)
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
    taken: list[Box] = [
        (pin.x - pin.width / 2, pin.y - pin.height, pin.x + pin.width / 2, pin.y) for pin in pins
    ]
    if here:
        taken.append((here[0] - 8, here[1] - 8, here[0] + 8, here[1] + 8))
    rings = _rings(scale, reach, here, taken) if here else ()
    own = [(near.label, here[0], here[1] + 20)] if near and here else []
    return Map(
        width=WIDTH,
        height=HEIGHT,
        pins=pins,
        here=here,
        sure=round(near.sure_km * scale, 1) if near else 0.0,
        rings=rings,
        names=_names([*own, *((name, *at(lat, lon)) for name, lat, lon in towns)], taken),
    )


def _middle(fixed: Sequence[tuple[float, float]]) -> tuple[float, float]:
    lats, lons = [lat for lat, _ in fixed], [lon for _, lon in fixed]
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2


def _rings(scale: float, reach: float, here: tuple[float, float], taken: list[Box]) -> tuple[Ring, ...]:
    """The two roundest distances that fit, the larger first so that the smaller is drawn on top.

    The words of each stand on it where nothing else does: below, above, to either side; else nowhere.
    """
    fitting = [step for step in RING_STEPS if step <= reach * 1.05]
    rings = []
    for step in fitting[-1:-4:-2] or [RING_STEPS[0]]:
        radius, words = round(step * scale, 1), f"{step:g}"
        half = (len(words) + 3) * 3.4
        for dx, dy in ((0, 1), (0, -1), (-1, 0), (1, 0)):
            x, y = here[0] + dx * radius, here[1] + dy * radius + 4
            if _free(box := (x - half, y - 12, x + half, y + 4), taken):
                taken.append(box)
                rings.append(Ring(radius, words, x, y))
                break
        else:
            rings.append(Ring(radius, "", 0.0, 0.0))
    return tuple(rings)


def _free(box: Box, taken: Sequence[Box]) -> bool:
    west, north, east, south = box
    if west < 2 or north < 2 or east > WIDTH - 2 or south > HEIGHT - 2:
        return False
    return not any(west < e and w < east and north < s and n < south for w, n, e, s in taken)


def _pins(points: Sequence[tuple[int, float, float]]) -> tuple[Pin, ...]:
    """Pins that would cover one another become one pin with several numbers."""
    made: list[Pin] = []
    for number, x, y in points:
        pin = Pin(x, y, (number,))
        while under := next((one for one in made if one.over(pin)), None):
            made.remove(under)
            pin = Pin(under.x, under.y, (*under.numbers, *pin.numbers))
        made.append(pin)
    return tuple(_inside(pin) for pin in sorted(made, key=lambda pin: (pin.y, pin.x)))


def _inside(pin: Pin) -> Pin:
    """A wide flag near the edge moves in, so that its numbers are all on the map."""
    half = pin.width / 2 + 2
    return Pin(
        round(min(max(pin.x, half), WIDTH - half), 1), round(max(pin.y, pin.height + 2), 1), pin.numbers
    )


def _names(towns: Sequence[tuple[str, float, float]], taken: list[Box]) -> tuple[Name, ...]:
    """Names that have room, the first ones first; a letter is at most about 7.6 units wide."""
    names: list[Name] = []
    for words, x, y in towns:
        half = len(words) * 3.8 + 2
        box = (x - half, y - 12, x + half, y + 5)
        if len(names) < MOST_NAMES and _free(box, taken):
            taken.append(box)
            names.append(Name(x, y, words))
    return tuple(names)
