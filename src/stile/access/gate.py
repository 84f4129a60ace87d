"""The door every view goes through: `@public("why")` or (with people, later) `@requires(...)`.

A view without one of them fails tests/architecture. The door also decides as which database role
the view works: looking without an account is done as `stile_public`, which holds no grant on
anything about a person but the right to leave a message.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from django.db import connection
from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])


def public(why: str) -> Callable[[View], View]:
    """Anybody may open this page; `why` is printed in the generated list of pages.

    Runs the view as `stile_public`. Django's ATOMIC_REQUESTS has opened the transaction by then.
    """

    def door(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with working_as("stile_public"):
                return view(request, *args, **kwargs)

        opened.gate = ("public", why)  # type: ignore[attr-defined]
        return opened  # type: ignore[return-value]

    return door


@contextmanager
def working_as(role: str) -> Iterator[None]:
    """Work as a database role that this connection's own role is a member of.

    The role is set for the transaction only, so that a pooled connection cannot carry it on; within
    one (tests, jobs) it is put back at the end. Raises RuntimeError outside a transaction.
    """
    if role not in ("stile_app", "stile_public"):
        raise ValueError(f"{role} is not a role to work as")
    if not connection.in_atomic_block:
        raise RuntimeError("A database role is taken for one transaction, and there is none.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL ROLE {role}")
    yield
    # After an exception the transaction is rolled back and the role with it: nothing to put back.
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {before}")


class MigrationsAsOwner:
    """Tables are made by `stile_owner` and by nobody else."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
