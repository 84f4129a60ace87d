"""How close in meaning two texts are, as a whole number from 0 to 24 points.

A meaning is 256 sign bits of a word vector (32 bytes; `match/meaning.py` makes them): texts about the
same thing agree in more bits than the 128 that chance gives. Agreement ranks, it is not confidence
(parts.md C): it breaks ties under what was said in so many words, and is never shown as a number.
"""

MEANING_BYTES = 32
BY_CHANCE = 128 + 8  # one standard deviation above what two unrelated texts agree in
MOST = 24
CLOSE = 10  # enough to show an activity whose kind nobody has named: cosine of about 0.3


def agreement(ours: bytes, theirs: bytes) -> int:
    """Bits in which two meanings agree, 0 to 256; 0 when either is missing. ValueError on odd lengths."""
    if not any(ours) or not any(theirs):
        return 0
    if len(ours) != MEANING_BYTES or len(theirs) != MEANING_BYTES:
        raise ValueError("a meaning is 32 bytes")
    return 256 - (int.from_bytes(ours) ^ int.from_bytes(theirs)).bit_count()


def points_of(agreeing: int) -> int:
    """Two bits above chance are a point, up to 24."""
    return min(MOST, max(0, agreeing - BY_CHANCE) // 2)


def closeness(ours: bytes, theirs: bytes) -> int:
    return points_of(agreement(ours, theirs))
