"""A town with people and activities in it, and somebody signed in as each of them."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.test import Client

from tests import society, world
from tests.people import signed_in

SignIn = Callable[[str], Client]


def _signing_in(town: society.Society) -> SignIn:
    def made(name: str) -> Client:
        client = signed_in.client(*town.staff[name]) if name else signed_in.visitor()
        client.raise_request_exception = False  # an error is answered with our page, as in service
        return client

    return made


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody looking, with an empty directory: enough where the answer does not hang on what is in it."""
    client = signed_in.visitor()
    client.raise_request_exception = False
    return client


@pytest.fixture
def town(db: None) -> society.Society:
    """The society and the directory in one transaction, gone at the end."""
    world.build()
    return society.build()


@pytest.fixture
def sign_in(town: society.Society) -> SignIn:
    """A client as one of them, strongly proved; "" is nobody. Posts as from our own pages."""
    return _signing_in(town)


@pytest.fixture
def kept_town(transactional_db: None) -> society.Society:
    """The same, really committed, so that another connection can look at the tables."""
    world.build()
    return society.build()


@pytest.fixture
def kept_sign_in(kept_town: society.Society) -> SignIn:
    return _signing_in(kept_town)


@pytest.fixture
def tables(as_server: psycopg.Connection[Any]) -> Callable[[], dict[str, tuple[int, str]]]:
    """What is in every table, as seen by nobody's eyes but the server's own: rows, and a digest of them."""

    def now() -> dict[str, tuple[int, str]]:
        names = as_server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = {}
        for (name,) in names:
            row = as_server.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{name}\" t"
            ).fetchone()
            assert row is not None
            found[name] = (row[0], row[1])
        return found

    return now
