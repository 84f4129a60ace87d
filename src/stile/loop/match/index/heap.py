"""The best so far, one for each service; and how our numeric code is compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core import types
from numba.extending import intrinsic

from .columns import Array

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compiled once and kept on disk; kept in memory only where the disk may not be written to."""
    njit: Any = numba.njit
    try:
        return cast(F, njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function))
    except RuntimeError:
        return cast(F, njit(nogil=True, fastmath=False, error_model="numpy")(function))


def _bit_count(_context: Any, _x: Any) -> Any:
    """The processor's own count of set bits in a 64-bit word."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.int64), emit


bit_count: Any = intrinsic(_bit_count)


@compiled
def swap(heap: Array, at: int, to: int) -> None:
    for part in range(4):
        heap[part, at], heap[part, to] = heap[part, to], heap[part, at]


@compiled
def sift(heap: Array, at: int, size: int) -> None:
    """Restore the heap below `at`: the least key stands first."""
    while True:
        least, left = at, 2 * at + 1
        if left < size and heap[0, left] < heap[0, least]:
            least = left
        if left + 1 < size and heap[0, left + 1] < heap[0, least]:
            least = left + 1
        if least == at:
            return
        swap(heap, at, least)
        at = least


@compiled
def offer(heap: Array, size: int, most: int, key: int, service: int, kinds: int, extra: int) -> int:
    """Keep the `most` greatest keys, one for each service; returns the new size."""
    if size == most and key <= heap[0, 0]:
        return size
    there = 0
    for other in range(size):  # without a way out, so that four are compared at once
        there |= heap[1, other] == service
    if there:
        at = 0
        while heap[1, at] != service:
            at += 1
        if key > heap[0, at]:
            heap[0, at], heap[2, at], heap[3, at] = key, kinds, extra
            sift(heap, at, size)
        return size
    at = 0 if size == most else size
    heap[0, at], heap[1, at], heap[2, at], heap[3, at] = key, service, kinds, extra
    if size == most:
        sift(heap, 0, size)
        return size
    while at > 0:
        up = (at - 1) // 2
        if heap[0, up] <= heap[0, at]:
            break
        swap(heap, at, up)
        at = up
    return size + 1
