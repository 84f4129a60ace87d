"""How many rows each sieve stops, from a block's masks."""

from typing import Any

import numpy as np

from stile.loop.match.rules.sieve import Bit

from .columns import Array
from .compiling import compiled
from .sieves import QUIET

FIRST, ALONE, BEYOND = range(3)
SIEVE_COUNT = len(Bit)
i4: Any = np.int32


@compiled
def tally(mask: Array, counts: Array) -> None:
    """Add to counts (3, sieves) the rows that each sieve is the first to stop, and those it alone stops.

    A pass for each sieve that was met: eight rows at a time, which one pass that looks up the place to count
    at could not do. What is quiet counts `BEYOND` only.
    """
    met = _met(mask)
    for at in range(SIEVE_COUNT):
        bit = i4(1 << at)
        if met & bit:
            first = alone = i4(0)
            and_before = i4(bit - 1 | bit | QUIET)
            for j in range(mask.size):
                first = i4(first + (i4(mask[j] & and_before) == bit))
                alone = i4(alone + (mask[j] == bit))
            counts[FIRST, at] += first
            counts[ALONE, at] += alone
    if met & QUIET:
        tally_alone(mask, QUIET, counts[BEYOND])


@compiled
def tally_alone(mask: Array, quiet: int, count: Array) -> None:
    """Count only what one sieve alone stops, of what is quiet (QUIET) or of what is not (0)."""
    met = _met(mask)
    for at in range(SIEVE_COUNT):
        bit = i4(1 << at)
        if met & bit:
            alone = i4(0)
            just = i4(bit | quiet)
            for j in range(mask.size):
                alone = i4(alone + (mask[j] == just))
            count[at] += alone


@compiled
def _met(mask: Array) -> Any:
    """The sieves that stop any of the rows."""
    met = i4(0)
    for j in range(mask.size):
        met |= mask[j]
    return met
