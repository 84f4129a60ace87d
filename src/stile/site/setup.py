"""Bringing a database up to date: roles, migrations as the owner, grants as the policy says."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from stile.access import rls
from stile.site import database


def bring_up_to_date(say: Callable[[str], None] = lambda words: None) -> None:
    """Safe to run at every start, and by two processes at once: the second waits and finds it done."""
    owner = connections["owner"]
    database.prepare(owner.settings_dict["NAME"])
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7083545)")
    try:
        executor = MigrationExecutor(owner)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            say(f"Preparing the database ({len(pending)} steps) ...")
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        if pending or any(rls.drift(owner)):
            rls.apply(owner)
    finally:
        with owner.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(7083545)")
        owner.close()
