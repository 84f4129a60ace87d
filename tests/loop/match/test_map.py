"""The drawn map: every number of the list stands on it once, nothing lies on anything, all of it is inside."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from stile.loop.match.rules.map import HEIGHT, WIDTH, Pin, draw
from stile.loop.match.rules.wish import Where

SALE = Where("Sale", 53.42, -2.32, "town", 1.5)
spots = st.lists(
    st.none()
    | st.tuples(
        st.floats(53.2, 53.6, allow_nan=False).map(lambda x: round(x, 4)),
        st.floats(-2.7, -2.0, allow_nan=False).map(lambda x: round(x, 4)),
    ),
    max_size=20,
)
TOWNS = [("Manchester", 53.48, -2.24), ("Salford", 53.49, -2.27), ("Altrincham", 53.39, -2.35)]


@given(spots, st.sampled_from([None, SALE]))
def test_every_number_stands_on_the_map_once(
    found: list[tuple[float, float] | None], near: Where | None
) -> None:
    drawn = draw(found, near, TOWNS)
    placed = {number for number, spot in enumerate(found, 1) if spot}
    if drawn is None:
        assert not placed
        return
    numbers = [number for pin in drawn.pins for number in pin.numbers]
    assert sorted(numbers) == sorted(placed)
    for pin in drawn.pins:
        assert pin.x - pin.width / 2 >= 0
        assert pin.x + pin.width / 2 <= WIDTH
        assert pin.y - pin.height >= 0
        assert pin.y <= HEIGHT


@given(spots)
def test_names_lie_on_no_flag_and_on_no_other_name(found: list[tuple[float, float] | None]) -> None:
    drawn = draw(found, SALE, TOWNS)
    if drawn is None:
        return
    boxes = [(n.x - len(n.words) * 3.8, n.y - 12, n.x + len(n.words) * 3.8, n.y + 5) for n in drawn.names]
    flags = [(p.x - p.width / 2, p.y - p.height, p.x + p.width / 2, p.y) for p in drawn.pins]
    for a, b in [*combinations(boxes, 2), *((box, flag) for box in boxes for flag in flags)]:
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_numbers_beside_one_another_are_written_short() -> None:
    assert Pin(0, 0, (1, 2, 3, 5, 8, 9)).lines == ("1–3, 5, 8, 9",)
    assert Pin(0, 0, (12,)).lines == ("12",)
    assert len(Pin(0, 0, tuple(range(1, 16, 2))).lines) == 2
    assert Pin(0, 0, (1, 2, 3, 5)).width > Pin(0, 0, (1,)).width


def test_what_stands_nowhere_draws_nothing() -> None:
    assert draw([], SALE) is None
    assert draw([None, None], SALE) is None
