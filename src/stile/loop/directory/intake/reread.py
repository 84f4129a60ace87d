"""Reading services' own words once more, after Stile has learned to read them better.

An import leaves alone what says what it said last time; so does what an earlier lexicon read in it.
Here nothing of the source is asked for again: the records are made anew from what is held.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.db import connection

from stile.loop.directory.rules import entry as entries
from stile.loop.directory.rules.records import ServiceRecord

from .readback import records
from .words import read_words

SLICE = 2000
_COLUMNS = "kinds_read, facts_read, language_codes, price_pence"  # in the order of `read_words`


def read_again(source_id: int, slug: str, on_progress: Callable[[int], None]) -> tuple[int, int]:
    """(services read, services that now say something else) of one source; within a transaction."""
    services = (one for one in records(slug) if isinstance(one, ServiceRecord))
    read = changed = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.said")
        cursor.execute(
            f"CREATE TEMP TABLE said ON COMMIT DROP AS SELECT key, {_COLUMNS} FROM directory_service LIMIT 0"
        )
        while some := list(islice(services, SLICE)):
            cursor.execute("TRUNCATE said")
            with cursor.copy(f"COPY said (key, {_COLUMNS}) FROM STDIN") as copy:
                for row in _said(some):
                    copy.write_row(row)
            cursor.execute(
                f"UPDATE directory_service d SET ({_COLUMNS}) = (s.{_COLUMNS.replace(', ', ', s.')}) FROM said s"
                f" WHERE d.source_id = %s AND d.key = s.key AND (d.{_COLUMNS.replace(', ', ', d.')})"
                f" IS DISTINCT FROM (s.{_COLUMNS.replace(', ', ', s.')})",
                [source_id],
            )
            changed += cursor.rowcount
            read += len(some)
            on_progress(read)
    return read, changed


def _said(services: list[ServiceRecord]) -> Iterator[tuple[Any, ...]]:
    for one in services:
        made = entries.service_entry(one)
        yield one.key, *read_words(dict(zip(entries.SERVICE, made.row, strict=True)), made)
