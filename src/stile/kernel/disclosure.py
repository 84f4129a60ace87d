"""Small numbers can name people. What may be told of a count, on one screen.

Every figure about young people leaves through here. A count below the floor is not told; what is told
is rounded to fives, so that two reports of nearly the same thing do not give away the difference; and
where one part of a told total is hidden, a second is hidden with it, or subtraction would bring it back.

Sources: experience.md section 3 (floor of 10 for anything about young people's mental health; rounding
to 5 as in NHS Digital's disclosure control for Hospital Episode Statistics); hazard H28.
"""

from collections.abc import Mapping
from typing import TypeVar

FLOOR = 10
STEP = 5

Key = TypeVar("Key")


def told(count: int) -> int | None:
    """A count as it may be told: None below the floor, else rounded to the nearest five (halves up)."""
    if count < FLOOR:
        return None
    return (2 * count + STEP) // (2 * STEP) * STEP


def told_parts(parts: Mapping[Key, int]) -> dict[Key, int | None]:
    """The parts of a total that is told beside them.

    When exactly one part is hidden, the smallest of the others is hidden as well: the total less the
    rest would be the hidden one. A part of 0 says that there was nobody, and counts as hidden too.
    """
    shown = {key: told(count) for key, count in parts.items()}
    hidden = [key for key, count in shown.items() if count is None]
    if len(hidden) == 1 and len(shown) > 1:
        shown[min((key for key in shown if key not in hidden), key=lambda key: parts[key])] = None
    return shown
