"""`stile directory`: bring other people's directories in, write ours out, see what belongs together.

Taking in is whole or not at all: it can be stopped at any time and run again, and the same source
again changes nothing.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from stile.site.cli.ground import err, ground, out

if TYPE_CHECKING:
    from stile.interop.intake import Intake
    from stile.interop.lists.mapping import Mapping
    from stile.loop.directory.rules.report import Report

app = typer.Typer(help="The directory of activities.", no_args_is_help=True)
links_app = typer.Typer(
    help="Records of different sources that are shown as one.", invoke_without_command=True
)
app.add_typer(links_app, name="links")

BY = "operator"  # commands are run by whoever keeps the machine; the audit holds no names
SHOWN = 12  # rejected rows and warnings printed in full; --json has them all
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command("import")
def import_(
    source: Annotated[
        str,
        typer.Argument(
            help="A file, a folder, a zip, or the web address of a feed or file.", show_default=False
        ),
    ],
    as_json: AsJson = False,
    dry_run: Annotated[bool, typer.Option(help="Do everything but keep it: see what would happen.")] = False,
    mapping: Annotated[
        Path | None, typer.Option(help="A file that says what each column means.", show_default=False)
    ] = None,
    name: Annotated[
        str,
        typer.Option(
            help="What the source is called; the same name again is the same source.", show_default=False
        ),
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Take the guessed columns without asking.")
    ] = False,
    allow_shrink: Annotated[
        bool, typer.Option(help="Take it even if more than half of what it had is gone.")
    ] = False,
    licence: Annotated[
        str, typer.Option(help="The licence of the data, such as OGL-UK-3.0.", show_default=False)
    ] = "",
    credit: Annotated[
        str, typer.Option(help="What must be said when showing the data.", show_default=False)
    ] = "",
) -> None:
    """Take a directory in: Open Referral (feed, JSON, tables) or any list (CSV, Excel, JSON).

    Ends with 0 when the source was taken, with or without rejected rows; 2 when it could not be read or
    every row was rejected; 1 when the fault is ours.
    """
    with ground(quiet=True), _reading(source if as_json else ""):
        from stile.interop.intake import open_source, plain_name, slug_for, slug_of, spool_folder
        from stile.loop.directory import queries

        def saved(address: str) -> str | None:
            kept = queries.kept_source(slug=slug_of(name) if name else "", address=address)
            return kept.mapping if kept else None

        def taken_by(slug: str) -> str | None:
            kept = queries.kept_source(slug=slug)
            return kept.address if kept else None

        with open_source(source, mapping=mapping, saved=saved, spool=spool_folder()) as intake:
            known = queries.kept_source(address=intake.address) if not name else None
            slug = known.slug if known else slug_for(intake, name, taken_by)
            asked = intake.guessed and not (yes or as_json) and sys.stdin.isatty() and err.is_terminal
            chosen = _confirmed(intake) if asked else intake.mapping
            if intake.guessed and not asked and not as_json:
                _show_mapping(intake.format, chosen)
            about = {
                "name": name or (None if known or taken_by(slug) is not None else plain_name(intake)),
                "kind": intake.format,
                "address": intake.address,
                "mapping": {"yaml": chosen.as_yaml()} if chosen is not None else None,
                "licence": licence or None,
                "attribution": credit or None,
            }
            report = _take(intake, chosen, slug, about, dry_run=dry_run, allow_shrink=allow_shrink)
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2, default=str))  # noqa: T201
    else:
        _show(report)


@app.command()
def export(
    path: Annotated[
        Path, typer.Argument(help="The file to write; for tables a .zip or a folder.", show_default=False)
    ],
    format: Annotated[
        str, typer.Option("--format", help="hsds (JSON), oruk (JSON) or tabular (CSV with its datapackage).")
    ] = "",
    source: Annotated[
        str, typer.Option(help="Only this source, under its own ids; `stile directory sources` lists them.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Write the directory out as Open Referral. What came in comes out."""
    chosen = format or ("hsds" if path.suffix == ".json" else "tabular")
    if chosen not in ("hsds", "oruk", "tabular"):
        err.print(f"There is no format {chosen!r}: hsds, oruk or tabular.", markup=False)
        raise typer.Exit(2)
    with ground(quiet=True), _reading():
        from stile.interop.openreferral import writer
        from stile.loop.directory import queries
        from stile.loop.directory.rules.records import Unreadable

        if source and queries.kept_source(slug=source) is None:
            raise Unreadable(f"there is no source {source!r}; `stile directory sources` lists them")
        path.parent.mkdir(parents=True, exist_ok=True)
        records = queries.records(source or None)
        if chosen == "tabular":
            counts = writer.write_tables(records, path)
        else:
            draft = path.with_name(path.name + ".part")
            try:
                with draft.open("w", encoding="utf-8") as file:
                    version = "oruk-3.0" if chosen == "oruk" else "hsds-3.0"
                    counts = writer.write_json(records, file, version=version)
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
    if as_json:
        print(json.dumps({"path": str(path), "format": chosen, "records": counts}))  # noqa: T201
        return
    told = (
        ", ".join(f"{count:,} {kind}" for kind, count in counts.items()) or "nothing: the directory is empty"
    )
    out.print(f"Wrote {path}: {told}.", markup=False, highlight=False)


@app.command()
def sources(as_json: AsJson = False) -> None:
    """List where the directory comes from."""
    with ground(quiet=True):
        from stile.loop.directory import queries

        found = queries.sources()
    if as_json:
        print(json.dumps([one._asdict() for one in found], default=str, ensure_ascii=False))  # noqa: T201
        return
    table = Table()
    for heading in ("source", "name", "kind", "shown", "last read", "address"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "source")
    for one in found:
        read = one.read_at.strftime("%d %b %Y %H:%M") if one.read_at else "never"
        table.add_row(one.slug, one.name, one.kind, f"{one.services:,}", read, one.address)
    out.print(table if found else "Nothing has been taken in yet: `stile directory import SOURCE`.")


@app.command()
def confirm(
    source: Annotated[str, typer.Argument(help="The source whose listings are right today.")],
) -> None:
    """Say that those who keep a source have just checked all of it: its listings are fresh again."""
    with ground(quiet=True), _reading():
        from django.utils import timezone

        from stile.loop.directory import actions, queries
        from stile.loop.directory.rules.records import Unreadable

        if queries.kept_source(slug=source) is None:
            raise Unreadable(f"there is no source {source!r}; `stile directory sources` lists them")
        count = actions.confirm_source(source, by=BY, now=timezone.now())
    out.print(f"{count:,} listings of {source} count as checked today.")


@app.command()
def reread(
    source: Annotated[str, typer.Argument(help="Only this source; all of them without it.")] = "",
) -> None:
    """Read kinds, facts, languages and prices in what is held once more, after Stile has learned new words."""
    with ground(quiet=True), _reading():
        from django.utils import timezone

        from stile.loop.directory import actions, queries
        from stile.loop.directory.rules.records import Unreadable

        slugs = [one.slug for one in queries.sources() if source in ("", one.slug)]
        if source and not slugs:
            raise Unreadable(f"there is no source {source!r}; `stile directory sources` lists them")
        for slug in slugs:
            with _spinner() as progress:
                task = progress.add_task(f"reading {slug} again")

                def say(read: int, slug: str = slug, task: TaskID = task) -> None:
                    progress.update(task, description=f"reading {slug} again: {read:,} services")

                read, changed = actions.read_again(slug, by=BY, now=timezone.now(), on_progress=say)
            out.print(f"{slug}: {read:,} services read again, {changed:,} now say something else.")


@links_app.callback()
def links(
    context: typer.Context,
    undone: Annotated[bool, typer.Option(help="Those that were taken back too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the pairs judged to be the same, with the evidence. `links undo NUMBER` takes one back."""
    if context.invoked_subcommand:
        return
    with ground(quiet=True):
        from stile.loop.directory import queries

        found = queries.links(undone)
    if as_json:
        print(json.dumps([one._asdict() for one in found], default=str, ensure_ascii=False))  # noqa: T201
        return
    for one in found:
        why = "; ".join(words for _, words in one.evidence)
        taken_back = " (undone)" if one.undone_at else ""
        line = f"{one.id}  {one.one} ({one.one_source}) = {one.other} ({one.other_source}){taken_back}: {why}"
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    if not found:
        out.print("No two records are judged the same.")


@links_app.command()
def undo(
    number: Annotated[int, typer.Argument(help="The link's number, from `stile directory links`.")],
) -> None:
    """Show two records apart again, for good: they will not be joined another time."""
    with ground(quiet=True):
        from django.utils import timezone

        from stile.kernel.decision import Refused
        from stile.loop.directory import actions

        try:
            actions.undo_link(number, by=BY, now=timezone.now())
        except Refused as refused:
            err.print(str(refused))
            raise typer.Exit(2) from None
    out.print(f"Link {number} is undone: both are shown, and they will not be joined again.")


# ---------------------------------------------------------------- how


@contextmanager
def _reading(report_of: str = "") -> Iterator[None]:
    """Trouble in words, and with exit code 2; with `report_of` a script gets a report that says so too."""
    from stile.loop.directory.actions import NothingTaken
    from stile.loop.directory.rules.records import Unreadable
    from stile.loop.directory.rules.report import Report

    try:
        yield
    except Unreadable as trouble:
        told = trouble.report if isinstance(trouble, NothingTaken) else None
        if told is not None and not report_of:
            _show(told)
        err.print(str(trouble), markup=False, highlight=False)
        err.print("Nothing was changed.")
        if report_of:
            nothing = told.as_json() if told is not None else Report(source=report_of).as_json()
            print(json.dumps({**nothing, "error": str(trouble)}, ensure_ascii=False, default=str))  # noqa: T201
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        err.print("Stopped. The directory is as it was; run it again when you like.")
        raise typer.Exit(130) from None


def _spinner() -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    )


def _take(
    intake: "Intake",
    mapping: "Mapping | None",
    slug: str,
    about: dict[str, Any],
    *,
    dry_run: bool,
    allow_shrink: bool,
) -> "Report":
    from django.utils import timezone

    from stile.loop.directory import actions

    with _spinner() as progress:
        task = progress.add_task(f"reading {intake.name}")

        def say(stage: str, records: int) -> None:
            progress.update(task, description=f"{stage} {intake.name}: {records:,} records")

        return actions.take_in(
            intake.items(mapping),
            source=slug,
            by=BY,
            now=timezone.now(),
            dry_run=dry_run,
            on_progress=say,
            allow_shrink=allow_shrink,
            about=about,
            mapping=mapping.as_json() if mapping is not None else None,
        )


def _confirmed(intake: "Intake") -> "Mapping | None":
    """The mapping as the person at the terminal leaves it."""
    from stile.interop.lists.mapping import Mapping
    from stile.loop.directory.rules.records import Unreadable

    mapping = intake.mapping
    while mapping is not None:
        _show_mapping(intake.format, mapping)
        answer = typer.prompt("Is that right? (y)es, (e)dit, (n)o", default="y", err=True).strip().lower()[:1]
        if answer == "y":
            return mapping
        if answer != "e":
            raise Unreadable("not taken in, as you said")
        edited = click.edit(mapping.as_yaml(), extension=".yaml")
        if edited is not None:
            try:
                mapping = Mapping.from_yaml(edited)
            except Unreadable as trouble:
                err.print(str(trouble), markup=False)
    return None


def _show_mapping(format: str, mapping: "Mapping | None") -> None:
    if mapping is None:
        return
    for one in mapping.tables:
        table = Table("column", "is", "how sure", "why", title=f"{one.table}: {format}, read as {one.role}")
        for column in one.columns:
            means = column.field or "kept, not used"
            if column.status == "uncertain":
                means = f"[yellow]not used{f', perhaps {column.field}' if column.field else ''}[/yellow]"
            table.add_row(column.heading, means, f"{column.sure:.0%}", column.why)
        err.print(table)
    for note in mapping.notes:
        err.print(f"note: {note}", markup=False)


def _show(report: "Report") -> None:
    table = Table(title=f"{report.source}{' (dry run: nothing was kept)' if report.dry_run else ''}")
    for heading in ("read", "imported", "merged", "unchanged", "rejected"):
        table.add_column(heading, justify="right")
    counts = (report.read, report.imported, report.merged, report.unchanged, len(report.rejected))
    table.add_row(*(f"{count:,}" for count in counts))
    out.print(table)
    more = {
        "of the imported were known and changed": report.updated,
        "of the merged are shown under another source's record": report.linked,
        "are gone from the source and withdrawn": report.withdrawn,
        "came back": report.restored,
    }
    for words, count in more.items():
        if count:
            out.print(f"  {count:,} {words}")
    for title, found in (("rejected", report.rejected), ("warning", report.warnings)):
        for where, reason in found[:SHOWN]:
            out.print(f"  {title}: {where}: {reason}", markup=False, highlight=False, soft_wrap=True)
        if len(found) > SHOWN:
            out.print(
                f"  and {len(found) - SHOWN + (report.more_warnings if title == 'warning' else 0):,} more: --json"
            )
