"""Letting the first people in, from the keyboard of whoever runs the site; everybody else is invited by them."""

from typing import Annotated

import typer
from rich.table import Table

from stile.site.cli.ground import fail, ground, out

app = typer.Typer(
    no_args_is_help=True, help="Who works here: begin an organisation, invite, give a fresh start."
)

Address = Annotated[
    str, typer.Option(envvar="STILE_ADDRESS", help="Where people reach this site; links begin with it.")
]
HERE = "http://127.0.0.1:8000"


@app.command()
def found(
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    admin: Annotated[str, typer.Option(help="The name of whoever will run it here.")],
    email: Annotated[str, typer.Option(help="Their e-mail address.")],
    kind: Annotated[
        str, typer.Option(help="charity, practice, school, local_authority, funder or lead_host.")
    ] = "charity",
    address: Address = HERE,
) -> None:
    """Begin an organisation, and print the link its first administrator comes in by."""
    from stile.people.rules.words import OrganisationKind

    if kind not in list(OrganisationKind):
        fail(f"{kind} is not a kind of organisation: {', '.join(OrganisationKind)}.", 2)
    with ground(quiet=True):
        from django.utils import timezone

        from stile.people.actions import staff
        from stile.people.queries import staff as queries

        with _looking():
            there = queries.house(name)
        if there is not None:
            fail(f"There is a {name} already. To let somebody in there: stile people invite", 1)
        _, token = staff.found(name=name, kind=kind, admin_name=admin, admin_email=email, at=timezone.now())
    _say(address, token, f"{admin} comes in as administrator of {name}")


@app.command()
def invite(
    organisation: Annotated[str, typer.Argument(help="Its whole name, or its id.")],
    role: Annotated[
        str, typer.Argument(help="link_worker, manager, safeguarding_lead, coordinator, admin, ...")
    ],
    name: Annotated[str, typer.Argument(help="The name colleagues see.")],
    email: Annotated[str, typer.Argument(help="The address they will sign in with.")],
    team: Annotated[str, typer.Option(help="A team's name; without it, the whole organisation.")] = "",
    address: Address = HERE,
) -> None:
    """Invite somebody, and print the link: for a site without e-mail, and for whoever is locked out of inviting."""
    from stile.access.policy.words import Role

    if role not in list(Role) or role in (Role.YOUNG_PERSON, Role.PARENT):
        fail(
            f"{role} is not what a colleague can be: {', '.join(r for r in Role if r not in ('young_person', 'parent'))}.",
            2,
        )
    with ground(quiet=True):
        from django.utils import timezone

        from stile.people.actions import staff
        from stile.people.queries import staff as queries

        with _looking():
            house = queries.house(organisation)
            if house is None:
                fail(f"There is no organisation called {organisation}. See: stile people list", 1)
                return
            there = queries.team(house.id, team) if team else None
        if team and there is None:
            fail(f"{house.name} has no team called {team}.", 1)
        token = staff.invite_by_operator(
            organisation_id=house.id, role=Role(role), team_id=there.id if there else None, name=name, email=email,
            at=timezone.now(),
        )  # fmt: skip
    _say(address, token, f"{name} comes in as {role} of {house.name}")


@app.command("fresh-start")
def fresh_start(
    email: Annotated[str, typer.Argument(help="The address they sign in with.")], address: Address = HERE
) -> None:
    """A way back in for somebody who lost every key, when no administrator is left to send one.

    Be sure who asks: whoever opens the link is that person here.
    """
    with ground(quiet=True):
        from django.utils import timezone

        from stile.people.actions import staff

        token = staff.fresh_start_by_operator(email=email, at=timezone.now())
    if token is None:
        fail("Nobody who works here signs in with that address.", 1)
        return
    _say(address, token, "Their passkeys, codes and sign-ins end when they open it")


@app.command("list")
def list_() -> None:
    """Organisations, and how many work in each. No names of people."""
    with ground(quiet=True):
        from stile.people.queries import staff as queries

        with _looking():
            rows = queries.houses()
    table = Table("Organisation", "Kind", "Work there", "Id")
    for house, n in rows:
        table.add_row(house.name, house.kind, str(n), str(house.id))
    out.print(table if rows else "No organisation yet. Begin one: stile people found")


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
) -> None:
    """Let go of what was kept long enough: records past their time, sign-ins, drafts, messages that ran out.

    `stile run` does this once a day; elsewhere call it from a timer.
    """
    with ground(quiet=True):
        from stile.loop.directory import jobs as directory
        from stile.people import jobs

        report = jobs.retain(dry=dry_run)
        if not dry_run:
            report.counts["directory_hello"] = directory.forget_old()
    table = Table("What", "Would go" if dry_run else "Gone")
    table.add_row("people’s whole records", str(report.people - len(report.failed)))
    for name, n in sorted(report.counts.items()):
        table.add_row(name, str(n))
    out.print(table)
    for one in report.failed:
        out.print(f"Not let go: {one}", markup=False)
    if report.failed:
        raise typer.Exit(1)


def _looking():  # type: ignore[no-untyped-def]
    """Reading at the keyboard: as stile_job, for one transaction."""
    from contextlib import contextmanager

    from django.db import transaction

    from stile.access.gate import working_as

    @contextmanager
    def block():  # type: ignore[no-untyped-def]
        with transaction.atomic(), working_as("stile_job"):
            yield

    return block()


def _say(address: str, token: str, words: str) -> None:
    out.print(f"{words}. The link works once, for seven days; give it to nobody else:")
    out.print(f"{address.rstrip('/')}/come-in/{token}/", soft_wrap=True, markup=False, highlight=False)
