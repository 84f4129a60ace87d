"""Tests run on the embedded database, in a database of their own, signed in as the app's role."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stile.site.settings")
os.environ["STILE_SECRET_KEY"] = "only for tests"
# Playwright keeps an event loop in the tests' thread; nothing of Django's is called from within it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from stile.site import database

settings.register_profile("stile", deadline=None)  # what is timed is timed in bench/, never here
settings.load_profile("stile")

TEST_DATABASE = f"stile_test_{os.getpid()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one kind share what is dear to set up: one process runs all that use the demo site."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("demo-site"))
        elif item.path.name == "test_in_a_browser.py":
            item.add_marker(pytest.mark.xdist_group("gallery"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Replaces pytest-django's: the name is set in `django_db_setup`."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    from django.db import connections

    from stile.site.setup import bring_up_to_date

    with database.running(), django_db_blocker.unblock():  # type: ignore[attr-defined]
        _drop_left_behind()
        for alias in ("default", "owner"):
            connections[alias].settings_dict["NAME"] = TEST_DATABASE
        bring_up_to_date()
        yield
        connections.close_all()
        with database.connect_as_installer("postgres") as server:
            server.execute(f'DROP DATABASE IF EXISTS "{TEST_DATABASE}" WITH (FORCE)')


def _drop_left_behind() -> None:
    """Databases of test runs that were killed."""
    with database.connect_as_installer("postgres") as server:
        for (name,) in server.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^stile_test_[0-9]+$'"
        ).fetchall():
            try:
                os.kill(int(name.rsplit("_", 1)[1]), 0)
            except ProcessLookupError:
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            except PermissionError:
                pass


@pytest.fixture
def as_owner(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the tables' owner, for what only the owner could try."""
    with database.connect_as_installer(TEST_DATABASE) as owner:
        owner.execute("SET ROLE stile_owner")
        yield owner


@pytest.fixture
def as_server(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection that no row-level security holds back, to see what is really there."""
    with database.connect_as_installer(TEST_DATABASE) as server:
        yield server


@pytest.fixture(autouse=True, scope="session")
def _truncate_as_owner() -> Iterator[None]:
    """Tests with real commits clean up as the owner: the app's role may not empty tables.

    For the whole session: a patch of one test would be undone before that test is cleaned up after.
    """
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: _empty_tables())
        yield


def _empty_tables() -> None:
    from django.db import connections

    connections["default"].close()
    with database.connect_as_installer(TEST_DATABASE) as server:
        tables = server.execute(
            "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename NOT IN ('django_migrations', 'audit_event', 'access_may')"
        ).fetchone()
        if tables and tables[0]:
            server.execute(f"TRUNCATE {tables[0]} RESTART IDENTITY CASCADE")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for every browser test of this process."""
    from playwright.sync_api import sync_playwright
    from tools.browser import installed

    path = installed()
    if path is None:
        pytest.fail("no Chromium: run `python tools/browser.py`, or set SKIP_BROWSER=1")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
                  "--disable-component-update", "--disable-sync", "--disable-quic"],
        )  # fmt: skip
        yield chromium
        chromium.close()
