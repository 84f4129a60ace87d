"""Where sign-ins are kept: a row a device, found by the hash of a key that only the device holds.

Django's session interface over `access_session`. The database shows a row only to a transaction that
names its hash (policy/tables.py), so that no query, however wrong, can list other people's sessions.
A session lasts 20 hours, or 15 minutes from the last touch on a shared device.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import connection, transaction
from django.utils import timezone

LASTS = timedelta(hours=20)
LASTS_SHARED = timedelta(minutes=15)
MEMBERSHIP = "membership"  # as what they act; set last, once everything that role asks for is proved
PROVED = (
    "proved"  # how they have shown who they are: mail, passkey, totp, recovery, elsewhere(-strong), made-up
)
ARRIVED = "arrived"  # when, in seconds: somebody half-way in has a quarter of an hour to come in
SHARED = "shared"  # they said that others use this device
DEVICE = "device"  # what it looks like, in its owner's list
HOUSE = "house"  # an organisation's own provider opens that organisation's roles only
HALF_WAY_LASTS = timedelta(minutes=15)


class SessionStore(SessionBase):
    def load(self) -> dict[str, Any]:
        if not self.session_key:
            return {}
        with _knowing(self.session_key) as (cursor, key_hash):
            cursor.execute(
                "SELECT data FROM access_session WHERE key_hash = %s AND ends_at > now()", [key_hash]
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    def exists(self, session_key: str) -> bool:
        with _knowing(session_key) as (cursor, key_hash):
            cursor.execute("SELECT 1 FROM access_session WHERE key_hash = %s", [key_hash])
            return cursor.fetchone() is not None

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        now = timezone.now()
        ends = now + (LASTS_SHARED if data.get(SHARED) else LASTS)
        values = [
            self.encode(data),
            data.get(SESSION_KEY),
            data.get(MEMBERSHIP),
            now,
            ends,
            bool(data.get(SHARED)),
            str(data.get(DEVICE, ""))[:80],
        ]
        with _knowing(self.session_key) as (cursor, key_hash):
            if must_create:
                cursor.execute(
                    "INSERT INTO access_session (data, account_id, membership_id, seen_at, ends_at, shared_device,"
                    " device, started_at, key_hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    [*values, now, key_hash],
                )
                if not cursor.rowcount:
                    raise CreateError
            else:
                cursor.execute(
                    "UPDATE access_session SET data = %s, account_id = %s, membership_id = %s, seen_at = %s,"
                    " ends_at = least(CASE WHEN %s THEN %s ELSE ends_at END, started_at + %s),"
                    " shared_device = %s, device = %s WHERE key_hash = %s",
                    [*values[:4], values[5], ends, LASTS, *values[5:], key_hash],
                )
                if not cursor.rowcount:
                    raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        if (key := session_key or self.session_key) is None:
            return
        with _knowing(key) as (cursor, key_hash):
            cursor.execute("DELETE FROM access_session WHERE key_hash = %s", [key_hash])

    @classmethod
    def clear_expired(cls) -> None:
        """Done by the clock as `stile_job` (people/jobs.py); nothing here reaches other sessions."""


def arrive(session: SessionBase, account_id: UUID, how: str, at: datetime) -> None:
    """Somebody has shown, in one way, whose account this is. The key changes; nothing is open yet.

    A second way on top of a first adds up; another account's proofs are never carried over.
    """
    before = session.get(PROVED, []) if session.get(SESSION_KEY) == str(account_id) else []
    if not before:
        for key in (MEMBERSHIP, HOUSE):
            session.pop(key, None)
    session[SESSION_KEY] = str(account_id)
    session[PROVED] = sorted({*before, how})
    session[ARRIVED] = at.timestamp()
    session.cycle_key()


def settle(session: SessionBase, membership_id: UUID) -> None:
    """They act as this from now on. Whoever calls has seen that it is theirs and that enough is proved."""
    session[MEMBERSHIP] = str(membership_id)
    session.cycle_key()


def is_strong(session: SessionBase) -> bool:
    """Whether two things were proved: a passkey (the device, and its holder to the device), or two steps."""
    proved = set(session.get(PROVED, []))
    second = proved & {"totp", "recovery"} and proved & {"mail", "elsewhere"}
    # Somebody made up has nothing to prove: `people.actions.made_up` says who that is.
    return bool(proved & {"passkey", "elsewhere-strong", "made-up"} or second)


def half_way(session: SessionBase, at: datetime) -> UUID | None:
    """Whose account it is, for somebody on the way in or already in; None when they took too long."""
    try:
        account_id = UUID(session[SESSION_KEY])
    except (KeyError, ValueError, TypeError):
        return None
    if (
        MEMBERSHIP not in session
        and at.timestamp() - session.get(ARRIVED, 0) > HALF_WAY_LASTS.total_seconds()
    ):
        return None
    return account_id


@dataclass(frozen=True, slots=True)
class Device:
    """One sign-in in its owner's list. `id` opens nothing: it is the hash of a key that only the device holds."""

    id: str
    name: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    shared: bool
    here: bool


def devices(session: SessionBase) -> list[Device]:
    """Where the account that is acting (`access.actor.acting`) is signed in, the latest first."""
    mine = _hash(session.session_key or "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key_hash, device, started_at, seen_at, ends_at, shared_device FROM access_session"
            " WHERE account_id = nullif(current_setting('app.account', true), '')::uuid"
            " AND membership_id IS NOT NULL AND ends_at > now() ORDER BY seen_at DESC"
        )
        return [
            Device(id_, name, started, seen, ends, shared, id_ == mine)
            for id_, name, started, seen, ends, shared in cursor.fetchall()
        ]


def end(device_id: str) -> bool:
    """End one of the sign-ins of the account that is acting; False where it is not theirs, or is none."""
    if not device_id.isalnum():  # as it comes from an address
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM access_session WHERE key_hash = %s"
            " AND account_id = nullif(current_setting('app.account', true), '')::uuid",
            [device_id],
        )
        return cursor.rowcount == 1


def end_all(account_id: UUID) -> None:
    """End every sign-in of an account. For the sign-in pages, inside their transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.account', true), '')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('app.account', %s, true)", [str(account_id)])
        cursor.execute("DELETE FROM access_session WHERE account_id = %s", [account_id])
        cursor.execute("SELECT set_config('app.account', %s, true)", [before])


def _hash(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


@contextmanager
def _knowing(session_key: str) -> Iterator[tuple[Any, str]]:
    """A cursor whose transaction has named this session's hash."""
    key_hash = _hash(session_key)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.session', %s, true)", [key_hash])
        yield cursor, key_hash
