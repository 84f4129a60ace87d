"""A small load generator: a few connections that each ask, wait for the answer, and ask again.

Loopback only and bounded: it stops after so many seconds whatever happens, and an answer that is not
200 ends it. It has no pool of threads and parses no pages, so that it takes little of the two cores
the server needs.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

ANSWER_WITHIN = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Load:
    seconds: float
    times: tuple[float, ...]  # seconds of each answer
    mean_bytes: float

    @property
    def a_second(self) -> float:
        return len(self.times) / self.seconds

    def share(self, percent: float) -> float:
        """The time within which that share of the answers came, in seconds."""
        ranked = sorted(self.times)
        return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]


def load(port: int, paths: Sequence[str], *, connections: int = 8, seconds: float = 8.0) -> Load:
    return asyncio.run(_load(port, paths, connections, seconds))


async def _load(port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    times: list[float] = []
    sizes: list[int] = []
    turn = count()
    until = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while time.perf_counter() < until:
                path = paths[next(turn) % len(paths)]
                started = time.perf_counter()
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                size, stays = await asyncio.wait_for(_answer(reader, path), ANSWER_WITHIN)
                times.append(time.perf_counter() - started)
                sizes.append(size)
                if not stays:
                    writer.close()
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
        finally:
            writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return Load(time.perf_counter() - started, tuple(times), sum(sizes) / max(1, len(sizes)))


async def _answer(reader: asyncio.StreamReader, path: str) -> tuple[int, bool]:
    """Reads one answer: its size, and whether the connection may be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    if " 200 " not in head[0] + " ":
        raise RuntimeError(f"{path} was answered with {head[0]}")
    said = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    stays = said.get("connection") != "close"
    if "content-length" in said:
        size = int(said["content-length"])
        await reader.readexactly(size)
        return size, stays
    size = 0
    while length := int(await reader.readline(), 16):
        await reader.readexactly(length + 2)
        size += length
    await reader.readline()
    return size, stays
