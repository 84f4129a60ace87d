"""What a bench prints and keeps: a table, and bench/results/NAME.json for other programs."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
console = Console()
if not console.is_terminal:
    console.width = 110


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison; all its figures come from one run. `ratio` is peer / ours."""

    work: str
    size: int
    ours: float
    peer: float
    peer_name: str
    unit: str
    limit: float | None = None  # what physics allows, in the same unit, where we know it

    def told(self) -> dict[str, object]:
        return asdict(self) | {"ratio": self.peer / self.ours if self.ours else None}


def say(words: str) -> None:
    console.print(words, highlight=False)


def warn_if_busy() -> None:
    """Timings on a busy machine say more about the machine."""
    busy = os.getloadavg()[0]
    if busy > 0.5 * (os.cpu_count() or 1):
        say(f"[yellow]Other work is running (load {busy:.1f}): these figures will be too high.[/yellow]")


def publish(name: str, lines: list[Line]) -> Path:
    table = Table(title=f"bench {name}", title_justify="left")
    for heading in ("work", "size", "ours", "peer", "", "peer / ours", "limit"):
        left = heading in ("work", "")
        table.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for line in lines:
        ratio = line.peer / line.ours if line.ours else 0.0
        table.add_row(
            line.work,
            f"{line.size:,}",
            f"{_short(line.ours)} {line.unit}",
            f"{_short(line.peer)} {line.unit}",
            line.peer_name,
            f"{ratio:,.1f}" if ratio >= 1 else f"{ratio:.3f}",
            "" if line.limit is None else f"{_short(line.limit)} {line.unit}",
        )
    console.print(table)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps([line.told() for line in lines], indent=1) + "\n", "utf-8")
    return path


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
