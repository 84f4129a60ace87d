"""Rows laid out by place, so that a search reads only what lies within reach.

Rows with a trustworthy place are sorted into bands of a kilometre, from south to north, and within each
band from west to east; `starts` says where every tenth of a degree of a band begins, and a search halves
its way on from there. So what is read is hardly more than what lies in the circle, and neighbours in
memory are neighbours on the ground, which the processor's guesses thrive on. All other rows (online, of unknown or very vague
place, or outside the islands) stand at the end in a block that every search reads; the online-only
ones come first in it, since most searches can pass them over.
"""

from dataclasses import dataclass

import numpy as np

from .columns import BLUR, DELIVERY_AT, NOWHERE, Apart, Array, Columns, apart

SOUTH, WEST, NORTH, EAST = 49_000_000, -9_000_000, 61_500_000, 2_500_000  # millionths of a degree
BAND, STEP = 10_000, 100_000  # of latitude and of longitude: 1.1 by 6.6 km in mid-Britain
BANDS, STEPS = -(-(NORTH - SOUTH) // BAND), -(-(EAST - WEST) // STEP)
NONE_GONE = np.zeros(0, dtype=np.bool_)
VAGUE_M = 6_000  # a position further off than this would widen everybody's search: read it always

ONLINE_FROM = 2  # DELIVERIES[2:] can be joined from anywhere
ONLINE_ONLY = 3
IN_CELLS, ONLINE, MIXED = range(3)  # the parts of a grid, and what sort of rows there may be


@dataclass(frozen=True, slots=True)
class Laid:
    """Columns in grid order: rows [0, online) in cells, [online, loose) online only, [loose, n) the rest."""

    columns: Apart
    gone: Array  # b1 (n,) rows that have been altered since and stand elsewhere; empty while there are none
    starts: Array  # i4 (BANDS * STEPS + 1,)
    online: int
    loose: int
    blur: int  # metres: the vaguest position among the rows in cells

    @property
    def nbytes(self) -> int:
        return self.columns.nbytes + int(self.gone.nbytes + self.starts.nbytes)

    def __len__(self) -> int:
        return len(self.columns.meaning)


def cell_of(columns: Columns) -> Array:
    """The cell of each row; past the last cell for rows that belong in the block always read."""
    rows = columns.rows
    delivery = rows["flags"] >> DELIVERY_AT & 3
    lat, lon = rows["lat"], rows["lon"]
    cell = (lat - SOUTH) // BAND * STEPS + (lon - WEST) // STEP
    loose = (
        (lat == NOWHERE)
        | (delivery >= ONLINE_FROM)
        | (rows["blur"] > VAGUE_M)
        | ~((lat >= SOUTH) & (lat < NORTH) & (lon >= WEST) & (lon < EAST))
    )
    cell = np.where(loose, BANDS * STEPS + 1, cell)
    return np.where(delivery == ONLINE_ONLY, BANDS * STEPS, cell).astype("i4")


def lay(columns: Columns) -> Laid:
    cell = cell_of(columns)
    order = np.lexsort((columns.rows["lon"], cell))
    cell = cell[order]
    starts = np.searchsorted(cell, np.arange(BANDS * STEPS + 2)).astype("i4")
    online, loose = int(starts[BANDS * STEPS]), int(starts[BANDS * STEPS + 1])
    laid = apart(columns, order)
    blur = int(laid.shorts[BLUR, :online].max(initial=0))
    return Laid(laid, NONE_GONE, starts[:-1].copy(), online, loose, blur)
