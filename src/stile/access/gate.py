"""The door every view goes through: `@public("why")`, `@requires(Do.…)` or `@signing_in("why")`.

A view without one of them fails tests/architecture. The door also decides as which database role
the view works: looking without an account is done as `stile_public`, which holds no grant on
anything about a person but the right to leave a message; letting people in as `stile_signin`, which
knows accounts and no record; everything else as `stile_app` under the name of whoever is signed in.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from .actor import acting, can_go_on
from .policy.doors import DOORS, Do
from .policy.entry import strong_enough
from .sessions import LASTS_SHARED, MEMBERSHIP, SHARED, is_strong

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


def requires(do: Do) -> Callable[[View], View]:
    """Only those the door names (`policy/doors.py`) may open this; whoever else sees that nothing is there.

    The view gets `request.actor`. Somebody who is not signed in is asked to sign in first, which says
    nothing about the page: the question comes before anything is looked up.
    """

    def door(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            pass_ = signed_in(request)
            if pass_ is None:
                return _to("sign-in", request)
            with acting(pass_.account_id, pass_.membership_id) as actor:
                if actor is None or actor.role not in DOORS[do].roles:
                    raise Http404
                if not strong_enough(actor.role, is_strong(request.session)):
                    # What this role asks for was not shown: the sign-in pages ask for the rest.
                    return _to("sign-in-second", request)
                if request.session.get(SHARED):
                    # A quarter of an hour from the last touch, which is written down by saving the session.
                    request.session.modified = True
                    request.shared_until = timezone.now() + LASTS_SHARED  # type: ignore[attr-defined]
                request.actor = actor  # type: ignore[attr-defined]
                return view(request, *args, **kwargs)

        opened.gate = ("requires", do.value)  # type: ignore[attr-defined]
        return opened  # type: ignore[return-value]

    return door


def _to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return HttpResponseRedirect(reverse(name) + back)


def signing_in(why: str) -> Callable[[View], View]:
    """A page that lets people in. Works as `stile_signin`, which knows accounts and keys and nobody's record."""

    def door(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with working_as("stile_signin"):
                return view(request, *args, **kwargs)

        opened.gate = ("signing_in", why)  # type: ignore[attr-defined]
        return opened  # type: ignore[return-value]

    return door


@dataclass(frozen=True, slots=True)
class Pass:
    """What a session says: who, and as what. The database decides whether that is still so."""

    account_id: UUID
    membership_id: UUID


def signed_in(request: HttpRequest) -> Pass | None:
    """Who the request's session belongs to; None without one."""
    try:
        return Pass(UUID(request.session[SESSION_KEY]), UUID(request.session[MEMBERSHIP]))
    except (KeyError, ValueError, TypeError):
        return None


@contextmanager
def working_as(role: str) -> Iterator[None]:
    """Work as a database role that this connection's own role is a member of.

    The role is set for the transaction only, so that a pooled connection cannot carry it on; within
    one (tests, jobs) it is put back at the end. Raises RuntimeError outside a transaction.
    """
    if role not in ("stile_app", "stile_public", "stile_signin", "stile_job"):
        raise ValueError(f"{role} is not a role to work as")
    if not connection.in_atomic_block:
        raise RuntimeError("A database role is taken for one transaction, and there is none.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL ROLE {role}")
    try:
        yield
    finally:
        if can_go_on():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {before}")


class MigrationsAsOwner:
    """Tables are made by `stile_owner` and by nobody else."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
