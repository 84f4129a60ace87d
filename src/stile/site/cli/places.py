"""`stile places`: look a place up, and load the official files that say more about places.

Every load is whole or not at all: it can be stopped at any time and run again, and the same file again
changes nothing.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from stile.places.actions.loading import Loaded
from stile.places.layouts.opening import BadFile
from stile.places.packaged import DirectoryMissing
from stile.places.rules import PRECISION_WORDS, NotFound
from stile.site.cli.ground import err, ground, out

app = typer.Typer(help="Postcodes, areas and figures about them.", no_args_is_help=True)

BY = "operator"  # commands are run by whoever keeps the machine; the audit holds no names
FileOrFolder = Annotated[Path, typer.Argument(help="A file, a zip or a folder.", show_default=False)]
OneFile = Annotated[Path, typer.Argument(help="The file, or a zip that holds it.", show_default=False)]
Vintage = Annotated[
    str, typer.Option(help="What the data are of, such as 2025-11, where the file does not say.")
]
Kind = Annotated[
    str, typer.Option(help="What the areas are, such as lad or lsoa21, where the file does not say.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command()
def lookup(
    text: Annotated[
        str, typer.Argument(help="A postcode, the first part of one, a town or a council's area.")
    ],
    packaged: Annotated[bool, typer.Option(help="Use the packaged data only, not the database.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say where something is, how sure that is, and where the answer is from."""
    if packaged:
        from stile.places.gazetteer import locate

        answer = locate(text)
    else:
        with ground(quiet=True):
            from stile.places.queries import locate as locate_in_database

            answer = locate_in_database(text)
    if as_json:
        out.print_json(json.dumps(asdict(answer)))
        raise typer.Exit(int(isinstance(answer, NotFound)))
    if isinstance(answer, NotFound):
        err.print(answer.words)
        for suggestion in answer.suggestions:
            err.print(f"  {suggestion}", markup=False)
        raise typer.Exit(1)
    table = Table(show_header=False, box=None)
    council = f"{answer.authority_name or 'not known'} {answer.authority_code or ''}"
    rows = {
        "place": answer.label + (" (letters and digits put right)" if answer.repaired else ""),
        "found by": PRECISION_WORDS[answer.precision],
        "position": f"{answer.lat:.5f}, {answer.lon:.5f}",
        "within": f"{answer.radius_km:g} km, nine times in ten",
        "council": council + (f", {answer.authority_share:.0%} of it" if answer.authority_share < 1 else ""),
        "country": answer.country or "not known",
        "small area": " ".join(filter(None, (answer.lsoa, answer.msoa, answer.icb))) or "not known",
        "withdrawn": answer.retired.value,
        "source": f"{answer.source}, {answer.vintage}",
    }
    for name, value in rows.items():
        table.add_row(f"[dim]{name}[/dim]", value)
    out.print(table)


@app.command()
def load(
    instead: Annotated[bool, typer.Option(help="Replace a fuller directory that is loaded.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put the packaged postcode directory into the database. Nothing needs it; it saves a little memory."""
    with _loading("the packaged postcode directory", as_json) as tell:
        from stile.places.actions import postcodes

        tell(lambda step: postcodes.load_packaged(by=BY, at=_now(), instead=instead, progress=step))


@app.command("import-onspd")
def import_onspd(path: FileOrFolder, vintage: Vintage = "", as_json: AsJson = False) -> None:
    """Load the ONS Postcode Directory (or the NSPL): the zip as downloaded, its folder, or the CSV."""
    with _loading(path.name, as_json) as tell:
        from stile.places.actions import postcodes

        tell(lambda step: postcodes.import_onspd(by=BY, at=_now(), path=path, vintage=vintage, progress=step))


@app.command("import-areas")
def import_areas(
    path: OneFile,
    code_field: Annotated[str, typer.Option(help="Field with the codes, such as LAD25CD.")] = "",
    name_field: Annotated[str, typer.Option(help="Field with the names, such as LAD25NM.")] = "",
    parent_field: Annotated[
        str, typer.Option(help="Read the file as a look-up: only which area lies in which of this field.")
    ] = "",
    kind: Kind = "",
    vintage: Vintage = "",
    as_json: AsJson = False,
) -> None:
    """Load areas with codes and names, with their shapes if the file is GeoJSON."""
    with _loading(path.name, as_json) as tell:
        from stile.places.actions import areas

        tell(
            lambda step: areas.import_areas(
                by=BY, at=_now(), path=path, code_field=code_field, name_field=name_field,
                parent_field=parent_field, kind=kind, vintage=vintage, progress=step,
            )
        )  # fmt: skip


@app.command("import-imd")
def import_imd(path: OneFile, as_json: AsJson = False) -> None:
    """Load the English Indices of Deprivation, 2019 or 2025 ("File 7", all ranks, scores and deciles)."""
    with _loading(path.name, as_json) as tell:
        from stile.places.actions import figures

        tell(lambda step: figures.import_imd(by=BY, at=_now(), path=path, progress=step))


@app.command("import-population")
def import_population(
    path: OneFile,
    year: Annotated[
        int | None, typer.Option(help="Which sheet of a workbook; the latest by default.")
    ] = None,
    kind: Kind = "",
    vintage: Vintage = "",
    as_json: AsJson = False,
) -> None:
    """Load population by single year of age (ONS workbook or CSV); young people are 11 to 25."""
    with _loading(path.name, as_json) as tell:
        from stile.places.actions import figures

        tell(
            lambda step: figures.import_population(
                by=BY, at=_now(), path=path, vintage=vintage, kind=kind, year=year, progress=step
            )
        )


@app.command("import-indicators")
def import_indicators(path: OneFile, vintage: Vintage = "", as_json: AsJson = False) -> None:
    """Load any figures about areas: area_code,area_type,indicator,period,value[,lower,upper]."""
    with _loading(path.name, as_json) as tell:
        from stile.places.actions import figures

        tell(
            lambda step: figures.import_indicators(
                by=BY, at=_now(), path=path, vintage=vintage, progress=step
            )
        )


def _now() -> datetime:
    from django.utils import timezone

    now: datetime = timezone.now()
    return now


Work = Callable[[Callable[[int], None]], Loaded]


@contextmanager
def _loading(what: str, as_json: bool) -> Iterator[Callable[[Work], None]]:
    """Ground, progress, and plain words for what can go wrong. Exit 2: the file; 130: stopped."""

    def tell(work: Work) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=err, transient=True) as progress:
            task = progress.add_task(f"Reading {what} ...", total=None)
            done = work(lambda rows: progress.update(task, description=f"Reading {what}: {rows:,} rows"))
        _say(done, what, as_json)

    try:
        with ground(quiet=as_json):
            yield tell
    except (BadFile, DirectoryMissing) as trouble:
        err.print(f"{trouble}", markup=False, highlight=False)
        err.print("Nothing was changed.")
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        err.print("Stopped. Nothing was changed; run it again when you like.")
        raise typer.Exit(130) from None


def _say(done: Loaded, what: str, as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps(asdict(done)))
        return
    if done.unchanged:
        out.print(f"{what} is loaded already ({done.rows:,} rows, {done.vintage}): nothing changed.")
        return
    out.print(f"Loaded {done.rows:,} rows as [bold]{done.slot}[/bold], {done.vintage}.")
    for why, count in done.left_out.items():
        out.print(f"  left out: {count:,} rows, as each {why}")
