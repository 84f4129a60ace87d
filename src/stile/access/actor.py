"""Who is acting, as what: told to the database for one transaction, and read back from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from psycopg.pq import TransactionStatus

from .policy.words import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody signed in as one thing. Made only by `acting`, from what the database says of them."""

    membership_id: UUID
    account_id: UUID
    role: Role
    organisation_id: UUID | None
    team_id: UUID | None
    on_duty: bool
    carer_id: UUID | None
    name: str


@contextmanager
def acting(account_id: UUID, membership_id: UUID) -> Iterator[Actor | None]:
    """Work as this account by this membership until the block or the transaction ends.

    Gives None, and reaches nothing, when the account is closed, the membership over, or not theirs.
    Raises RuntimeError outside a transaction: the settings must not outlive it on a pooled connection.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Acting as somebody lasts for one transaction, and there is none.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('app.account', true), ''), coalesce(current_setting('app.membership', true), '')"
        )
        before = cursor.fetchone()
        _set(str(account_id), str(membership_id))
        cursor.execute("SELECT w.*, m.name FROM wall_me() w JOIN people_membership m ON m.id = w.id")
        row = cursor.fetchone()
    if row is None:
        _set("", "")
        actor = None
    else:
        id_, account, role, organisation, team, on_duty, carer, name = row
        actor = Actor(id_, account, Role(role), organisation, team, on_duty, carer, name)
    try:
        yield actor
    finally:
        if can_go_on():
            _set(*before)


def can_go_on() -> bool:
    """Whether the transaction still takes statements. One that does not can only be rolled back, settings and all."""
    open_ = connection.connection
    return open_ is not None and open_.info.transaction_status is TransactionStatus.INTRANS


def _set(account: str, membership: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.account', %s, true), set_config('app.membership', %s, true)",
            [account, membership],
        )
