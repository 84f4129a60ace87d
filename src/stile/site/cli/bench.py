"""`stile bench`: measure, with the peers beside it. The benches themselves stand in the source, in bench/."""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import stile
from stile.site.cli.ground import fail, out

PARTS = ("match", "pages", "imports", "access")


def bench(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(PARTS)}; all of them without it.")] = "",
    size: Annotated[
        list[int] | None, typer.Option(help="How many activities, instead of the usual sizes.", min=1000)
    ] = None,
) -> None:
    """Measure Stile beside its peers; prints a table and writes bench/results/NAME.json."""
    name = "imports" if name == "import" else name
    if name and name not in PARTS:
        fail(f"There is no bench called “{name}”. There are {', '.join(PARTS)}.", 2)
    root = Path(stile.__path__[0]).parents[1]
    if not (root / "bench" / "match.py").is_file():
        fail("The benches are part of Stile's source and not of an installed Stile: run this in a clone.", 2)
    sys.path.insert(0, str(root))
    for part in [name] if name else PARTS:
        module: Any = importlib.import_module(f"bench.{part}")
        report: Any = importlib.import_module("bench.report")
        lines = module.run(size) if size else module.run()
        out.print(f"Written to {report.publish(part, lines)}")
