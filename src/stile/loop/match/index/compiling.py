"""How our numeric code is compiled, and when what was compiled is thrown away."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])
MADE_FROM = (Path(__file__).parent, Path(__file__).parents[1] / "rules")


def stamp_of(*folders: Path) -> str:
    """A fingerprint of every module in these folders."""
    found = sha256()
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


STAMP = stamp_of(*MADE_FROM)


def compiled(function: F) -> F:
    """Compiled once and kept on disk; kept in memory only where the disk may not be written to.

    One function is made of many modules (the calls are folded in, and the points of the score with them),
    but numba looks at the function's own file alone to see whether what it kept is still good. A rule that
    changes must change the match, so what is kept here goes by the fingerprint of all of them.
    """
    njit: Any = numba.njit
    try:
        made = njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function)
        made._cache._cache_file._source_stamp = STAMP
    except RuntimeError:
        made = njit(nogil=True, fastmath=False, error_model="numpy")(function)
    return cast(F, made)


def _bit_count(_context: Any, _x: Any) -> Any:
    """The processor's own count of set bits in a 64-bit word."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.int64), emit


bit_count: Any = intrinsic(_bit_count)
