"""The best so far, one for each service."""

from .columns import Array
from .compiling import compiled


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
