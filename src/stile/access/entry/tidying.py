"""What has run out is removed, once a day: sessions, codes, tries, browsers, drafts. Works as stile_job."""

from uuid import UUID

from django.db import connection, transaction

from ..gate import working_as

# The database shows this role only the rows of each that are over (policy/tables.py).
_TABLES = ("access_session", "access_code", "access_try", "access_knowndevice", "access_saved")


def forget_old() -> int:
    """How many rows went."""
    gone = 0
    with transaction.atomic(), working_as("stile_job"), connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table}")
            gone += cursor.rowcount
    return gone


def counts() -> dict[str, int]:
    """How many rows of each have run out and would go."""
    found = {}
    with transaction.atomic(), working_as("stile_job"), connection.cursor() as cursor:
        for table in _TABLES:
            # Sessions and the like that are not over are not there for this role.
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def close_account(account_id: UUID) -> None:
    """Keys, other providers' names and known browsers of an account that is closed. As stile_signin."""
    with transaction.atomic(), working_as("stile_signin"), connection.cursor() as cursor:
        for table in ("access_factor", "access_identity", "access_knowndevice"):
            cursor.execute(f"DELETE FROM {table} WHERE account_id = %s", [account_id])
