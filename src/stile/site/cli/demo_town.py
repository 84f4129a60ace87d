"""Filling the directory with the made-up town and plainly synthetic activities across the country."""

from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from stile.loop.directory import actions, queries
from stile.site.cli.ground import err, out
from stile.site.demo import society, synthetic, town

TOWN, ACROSS = "demo-town", "demo-across-the-uk"
SEED = 11  # always the same country, so that what was seen once can be seen again


def is_demo() -> bool:
    """Whether any activity in the directory is of the demo."""
    return any(source.slug in (TOWN, ACROSS) for source in queries.sources())


def fill_if_empty(scale: int = 3000) -> bool:
    """Fill an empty directory; says whether what is in it now is the demo."""
    if not queries.sources():
        fill(scale)
    return is_demo()


def fill(scale: int, *, again: bool = False) -> None:
    """Take in the demo; the same one again changes nothing, so a broken-off run is simply rerun."""
    if queries.sources() and not is_demo() and not again:
        err.print(
            "There are real activities in this directory, and the demo would stand among them. "
            "If you mean it: stile demo --again"
        )
        return
    today = timezone.localdate()
    _take_in(TOWN, town.records(today), None, name=town.name(), attribution=town.about())
    if young := society.fill(timezone.now()):
        out.print(f"{town.name()}: the people who work there, and {young} made-up young people")
    if scale:
        _take_in(
            ACROSS, synthetic.synthetic(scale, SEED, today), scale,
            name="Examples across the UK", attribution="Synthetic: none of these exist.",
        )  # fmt: skip


def _take_in(slug: str, records: object, total: int | None, *, name: str, attribution: str) -> None:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(name, total=total)
        report = actions.take_in(
            records,  # type: ignore[arg-type]
            source=slug,
            by="demo",
            now=timezone.now(),
            on_progress=lambda stage, n: progress.update(task, description=f"{name}: {stage}", completed=n),
            allow_shrink=True,
            about={"name": name, "kind": "demo", "attribution": attribution},
        )
    out.print(f"{name}: {report.read:,} read, {report.imported:,} new, {report.unchanged:,} unchanged")
