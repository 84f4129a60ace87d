"""What a search brings back before anything is chosen from it."""

from dataclasses import dataclass, field

MOST_FITS, MOST_ASK_FIRST, MOST_OUTSIDE = 120, 24, 12


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows from the best down, one for each service (its best), as parallel lists of whole numbers."""

    rows: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)  # vocabulary.KIND_BIT masks
    close: list[int] = field(default_factory=list)  # closeness.py
    metres: list[int] = field(default_factory=list)  # -1: no way to go, or no place was named

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Found:
    """`left_out` counts the rows nearby by the first sieve that stops them; `alone` counts those that one
    sieve alone stops, which is what letting go of it would bring. Where too little was near, rows a bit
    too far or online only are in both, if one sieve alone stops them. Codes are sieve codes."""

    fits: Ranked
    ask_first: Ranked  # stopped only by what is unknown
    outside: Ranked  # fits but for the kind: the one outside the usual comes from here
    left_out: dict[str, int]
    alone: dict[str, int]
    wide: bool  # too little was near, so we looked further
