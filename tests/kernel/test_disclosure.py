"""Small numbers are not told (H28)."""

from hypothesis import given
from hypothesis import strategies as st

from stile.kernel.disclosure import FLOOR, told, told_parts


def test_below_the_floor_nothing_is_told() -> None:
    assert [told(n) for n in (0, 1, 9)] == [None, None, None]
    assert [told(n) for n in (10, 12, 13, 17, 18, 100)] == [10, 10, 15, 15, 20, 100]


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 60), min_size=1, max_size=6))
def test_a_hidden_part_cannot_be_worked_out_from_the_total(parts: dict[str, int]) -> None:
    shown = told_parts(parts)
    hidden = [key for key, count in shown.items() if count is None]
    assert all(key in hidden for key, count in parts.items() if count < FLOOR)
    assert len(hidden) != 1 or len(parts) == 1
    for key, count in shown.items():
        assert count is None or (count % 5 == 0 and abs(count - parts[key]) <= 2)
