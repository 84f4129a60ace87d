"""What every command stands on: a running, up-to-date database and plain words when something is wrong."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import typer
from rich.console import Console

out = Console()
err = Console(stderr=True)


@contextmanager
def ground(*, quiet: bool = False) -> Iterator[None]:
    """Django set up on a running, migrated database, for as long as the block lasts.

    Trouble that a person can mend ends the command with exit code 1 and says how.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stile.site.settings")
    from stile.site import database

    try:
        with database.running():
            import django

            django.setup()
            from stile.site.setup import bring_up_to_date

            if not database.uses_embedded():
                database.wait_until_reachable()
            bring_up_to_date((lambda words: None) if quiet else err.print)
            yield
            from django.db import connections

            connections.close_all()
    except database.DatabaseTrouble as trouble:
        err.print(f"[bold]{trouble}[/bold]")
        raise typer.Exit(1) from None
    except psycopg.OperationalError as trouble:
        err.print(f"[bold]The database does not answer:[/bold] {str(trouble).strip()}")
        err.print("`stile doctor` looks for the cause.")
        raise typer.Exit(1) from None


def fail(words: str, code: int = 1) -> None:
    """Say what is wrong and what to do, and end."""
    err.print(words)
    sys.exit(code)
