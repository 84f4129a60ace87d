"""The one index of this process, kept up with the directory.

It is read without a lock: a new index takes the place of the old one in a single assignment. About
once a second the next search asks the directory for what changed since the last look. A few hundred
changes are taken in on the spot; an import of thousands is taken in by a thread of its own, while
searches go on with the index there is. What is shown never depends on this being quick, because every
row is read again from the directory before it is shown.
"""

import logging
import time
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from threading import Lock, Thread

from django.db import connection

from stile.loop.directory import queries as directory
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.times import LONDON

from .index.columns import Embed, no_meanings
from .index.search import Index
from .meaning import NoVectors, meaning
from .rules.asked import ask
from .rules.wish import Where, Wish

LOOK_EVERY = 1.0  # seconds
ON_THE_SPOT = 400  # changed rows a search may stop for

log = logging.getLogger(__name__)


class Current:
    """`index()` is all anybody needs; `clear()` is for tests and for a database that was swapped."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        self._index: Index | None = None
        self._mark = 0
        self._looked = 0.0
        self._behind: Thread | None = None

    def index(self) -> Index:
        """The index, loaded the first time and never more than about a second behind small changes."""
        if self._index is None:
            with self._lock:
                if self._index is None:
                    self._load()
        elif time.monotonic() - self._looked >= LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        assert self._index is not None
        return self._index

    def warm(self) -> None:
        """Load, and compile what is not on disk yet, before the first visitor has to wait for it."""
        self.index().search(ask(Wish(near=Where("", 54.0, -2.0, "town"), first=1), datetime.now(LONDON)))

    def refresh(self) -> Index:
        """Take in every change now, however many."""
        with self._lock:
            if self._index is None:
                self._load()
            else:
                self._take_in(directory.change_mark(), directory.listings(self._mark))
        assert self._index is not None
        return self._index

    def _load(self) -> None:
        mark = directory.change_mark()
        self._index = Index.of((one for one in directory.listings() if not one.withdrawn), embedder())
        self._mark, self._looked = mark, time.monotonic()

    def _look(self) -> None:
        self._looked = time.monotonic()
        if self._behind is not None and self._behind.is_alive():
            return
        mark = directory.change_mark()
        changes = directory.listings(self._mark)
        some = list(islice(changes, ON_THE_SPOT + 1))
        if len(some) <= ON_THE_SPOT:
            self._take_in(mark, some)
            return
        self._behind = Thread(target=self._catch_up, name="match index", daemon=True)
        self._behind.start()

    def _take_in(self, mark: int, changes: Iterable[Listing]) -> None:
        assert self._index is not None
        listings: list[Listing] = []
        services: set[int] = set()
        for one in changes:
            services.add(one.service)
            if not one.withdrawn:
                listings.append(one)
        if services:
            self._index = self._index.changed(listings, services)
        self._mark, self._looked = mark, time.monotonic()

    def _catch_up(self) -> None:
        try:
            self.refresh()
        except Exception:
            # The old index stands, and the next look tries again.
            log.exception("The match index could not be brought up to date.")
        finally:
            connection.close()


def embedder() -> Embed:
    """What turns texts into meanings; without the word vectors every text is without one."""
    try:
        return meaning().embed
    except NoVectors as missing:
        log.warning("Matching by the lexicon alone: %s", missing)
        return no_meanings


CURRENT = Current()
