"""Taking in a large Open Referral feed: services a second, beside a bare COPY, and the memory it needs.

The feed is one JSON file of synthetic services as we write them ourselves. It is read, checked,
matched against what is there, placed, classified and stored; then read a second time, when nothing
has changed. The peer copies the very rows the import left into tables without keys, indexes or
triggers: nothing that stores them can be quicker. Memory is the import's own process at its largest,
for a fifth of the feed and for the whole of it.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from stile.interop.openreferral.writer import write_json
from stile.site.demo.synthetic import synthetic

from .home import home, stile
from .report import Line, say, warn_if_busy
from .world import NOW, SEED

SIZE = 250_000

# Runs the command and says on the last line of stderr how much memory its process came to (kB).
_COMMAND = (
    "import resource, sys\n"
    "from stile.site.cli.main import app\n"
    "try:\n"
    "    app()\n"
    "finally:\n"
    "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
)


def run(sizes: Sequence[int] | None = None) -> list[Line]:
    warn_if_busy()
    lines: list[Line] = []
    for size in sizes or (SIZE,):
        lines += measure(size)
    return lines


def measure(size: int) -> list[Line]:
    say(f"[bold]{size:,} services[/bold]")
    part = max(1_000, size // 5)
    with home() as environment:
        stile(environment, "find")  # makes the database, which is not what is measured
        _, small_mb = take_in(environment, feed(Path(environment["STILE_HOME"]), part), part)
    with home() as environment:
        stile(environment, "find")
        large = feed(Path(environment["STILE_HOME"]), size)
        first, large_mb = take_in(environment, large, size, "--name", "bench")
        again, _ = take_in(environment, large, 0, "--name", "bench")
        done = subprocess.run(
            [sys.executable, "-m", "bench.copying"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        bare = json.loads(done.stdout)
    copy = bare["services"] / bare["seconds"]
    say(f"  bare COPY of the {bare['rows']:,} rows it left: {bare['seconds']:.1f} s")
    return [
        Line("import", size, size / first, copy, "bare COPY", "services/s"),
        Line("import again, nothing new", size, size / again, copy, "bare COPY", "services/s"),
        Line("memory of the import", size, large_mb, small_mb, f"{part:,} services", "MB"),
    ]


def feed(folder: Path, size: int) -> Path:
    path = folder / f"feed-{size}.json"
    started = time.perf_counter()
    with path.open("w", encoding="utf-8") as file:
        write_json(synthetic(size, SEED, NOW.date()), file)
    say(f"  wrote {path.name}, {path.stat().st_size / 1e6:,.0f} MB, in {time.perf_counter() - started:.0f} s")
    return path


def take_in(environment: dict[str, str], path: Path, expected: int, *words: str) -> tuple[float, float]:
    """Seconds and megabytes of one import; RuntimeError when it did not take in what it was given."""
    command = [sys.executable, "-c", _COMMAND, "directory", "import", str(path), "--json", *words]
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    took = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"the import of {path.name} failed: {done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    if report["imported"] < expected or report["rejected"]:
        raise RuntimeError(f"the import of {path.name} said {done.stdout[-500:]}")
    megabytes = int(done.stderr.strip().rsplit("\n", 1)[-1]) / 1000
    say(f"  took in {report['read']:,} records of {path.name} in {took:.1f} s, {megabytes:.0f} MB")
    return took, megabytes
