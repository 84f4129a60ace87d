"""The `stile` command: each group lives in a module of its own beside this one."""

import typer

from stile.site.cli import bench, directory, find, people, places, run

app = typer.Typer(
    help="Social prescribing for young people: find, refer, go, see what helps.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold what somebody typed
    rich_markup_mode="rich",
)
app.command("run")(run.run)
app.command("find")(find.find)
app.command("bench")(bench.bench)
app.add_typer(directory.app, name="directory")
app.add_typer(places.app, name="places")
app.add_typer(people.app, name="people")
app.command("doctor")(run.doctor)
app.command("demo")(run.demo)
app.command("manage", hidden=True, context_settings={"ignore_unknown_options": True})(run.manage)
