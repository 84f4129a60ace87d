"""The finder as a browser meets it: pages a second on two processes, beside the same page without search.

The peer is the finder's own template filled once and drawn every time, behind the same door and the
same middleware: what is left between the two is reading the wish, the match, and fetching the rows.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

import numpy as np

from stile.site.demo import columns as demo

from .home import home, serving, stile
from .load import Load, load
from .report import Line, say, warn_if_busy

SIZE = 20_000
ROUNDS, SECONDS = 2, 6.0
WORDS = (
    "drawing and animals, nervous in crowds",
    "football with my mates",
    "somewhere quiet to make music",
    "i like gaming but want to get out more",
    "swimming, free",
    "cooking on a tuesday evening",
    "art",
    "",
)


def run(sizes: Sequence[int] | None = None) -> list[Line]:
    warn_if_busy()
    lines: list[Line] = []
    for size in sizes or (SIZE,):
        lines += measure(size)
    return lines


def measure(size: int) -> list[Line]:
    with home() as environment:
        say(f"[bold]{size:,} activities[/bold]: filling a directory of the bench's own ...")
        stile(environment, "demo", "--scale", str(size))
        with serving(environment, "bench.pages_settings") as port:
            asked = queries(120)
            finder = [f"/find/?{query}" for query in asked]
            still = [f"/still/?{query}" for query in asked]
            say("  warming up: every page once for each process")
            for paths in (finder, still):
                load(port, paths, seconds=4.0)
            found = [
                (load(port, finder, seconds=SECONDS), load(port, still, seconds=SECONDS))
                for _ in range(ROUNDS)
            ]
    ours, peer = together([one for one, _ in found]), together([one for _, one in found])
    say(f"  pages of {ours.mean_bytes / 1000:.0f} kB; {len(ours.times)} and {len(peer.times)} were read")
    name = "same page without search"
    return [
        Line("finder pages", size, ours.a_second, peer.a_second, name, "pages/s"),
        Line("finder p50", size, ours.share(50) * 1e3, peer.share(50) * 1e3, name, "ms"),
        Line("finder p95", size, ours.share(95) * 1e3, peer.share(95) * 1e3, name, "ms"),
    ]


def together(loads: Sequence[Load]) -> Load:
    return Load(
        sum(one.seconds for one in loads),
        tuple(time for one in loads for time in one.times),
        sum(one.mean_bytes for one in loads) / len(loads),
    )


def queries(n: int) -> list[str]:
    """What people ask: mostly a place, an age, now and then a day or "free"."""
    rng = np.random.default_rng(7)
    spots = demo.spots()[: demo.TOWNS]
    weights = np.array([spot.weight for spot in spots])
    asked = []
    for at in range(n):
        said = {
            "q": WORDS[at % len(WORDS)],
            "near": spots[rng.choice(len(spots), p=weights / weights.sum())].name,
        }
        if rng.random() < 0.8:
            said["age"] = str(rng.integers(11, 25))
        if rng.random() < 0.4:
            said["day"] = str(rng.choice(["mon", "tue", "wed", "thu", "fri", "sat"]))
        if rng.random() < 0.3:
            said["free"] = "on"
        asked.append(urlencode(said))
    return asked
