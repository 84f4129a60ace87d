"""Where sign-ins are kept: a row a device, found by the hash of a key that only the device holds.

Django's session interface over `access_session`. The database shows a row only to a transaction that
names its hash (policy/tables.py), so that no query, however wrong, can list other people's sessions.
A session lasts 20 hours, or 15 minutes from the last touch on a shared device.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import connection, transaction
from django.utils import timezone

LASTS = timedelta(hours=20)
LASTS_SHARED = timedelta(minutes=15)
MEMBERSHIP = "membership"
SHARED = "shared"


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
        ]
        with _knowing(self.session_key) as (cursor, key_hash):
            if must_create:
                cursor.execute(
                    "INSERT INTO access_session (data, account_id, membership_id, seen_at, ends_at, shared_device,"
                    " started_at, key_hash, device) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '')"
                    " ON CONFLICT DO NOTHING",
                    [*values, now, key_hash],
                )
                if not cursor.rowcount:
                    raise CreateError
            else:
                cursor.execute(
                    "UPDATE access_session SET data = %s, account_id = %s, membership_id = %s, seen_at = %s,"
                    " ends_at = CASE WHEN %s THEN %s ELSE least(ends_at, %s) END, shared_device = %s"
                    " WHERE key_hash = %s",
                    [*values[:4], values[5], ends, ends, values[5], key_hash],
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


@contextmanager
def _knowing(session_key: str) -> Iterator[tuple[Any, str]]:
    """A cursor whose transaction has named this session's hash."""
    key_hash = hashlib.sha256(session_key.encode()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.session', %s, true)", [key_hash])
        yield cursor, key_hash
