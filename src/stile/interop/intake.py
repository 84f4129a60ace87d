"""Which reader a source wants, and everything the directory needs to take it in.

Formats do not know each other; this is the one place that asks them in turn, the surest first. A
web address that is no feed is downloaded and then looked at as a file.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stile.loop.directory.rules.records import Item, Unreadable

from .lists import mapping as lists_mapping
from .lists import reader as lists
from .openreferral import api_reader, json_reader, tabular_reader
from .source import Source

Progress = Callable[[int], None]
_FEEDS = (tabular_reader, json_reader)  # formats that say what each field is; a list has to be asked


@dataclass(frozen=True, slots=True)
class Intake:
    """A source that can be read. `mapping` is set where columns had to be guessed or were given."""

    address: str  # how the source is known again: the full path or the web address
    name: str
    format: str
    mapping: lists_mapping.Mapping | None
    guessed: bool  # nobody has confirmed the mapping yet
    read: Callable[[lists_mapping.Mapping | None, Progress | None], Iterator[Item]]

    def items(
        self, mapping: lists_mapping.Mapping | None = None, on_progress: Progress | None = None
    ) -> Iterator[Item]:
        """The records. `mapping` in place of the one here, where a person has changed it."""
        return self.read(mapping or self.mapping, on_progress)


@contextmanager
def open_source(
    address: str,
    *,
    mapping: Path | None = None,
    saved: Callable[[str], str | None] = lambda address: None,
    spool: Path | None = None,
) -> Iterator[Intake]:
    """Find out what `address` (file, folder, zip or web address) is, and open it.

    `mapping`: a file that says what the columns mean. `saved` gives the mapping (as YAML) confirmed for
    an address earlier. `spool`: a folder where feeds keep what they have fetched, to go on from there.
    Raises Unreadable when it is none of the formats we read, or cannot be read at all.
    """
    source = Source.of(address)
    known_as = source.url or str(source.path.resolve() if source.path else address)
    given = lists_mapping.Mapping.load(mapping) if mapping is not None else None
    if given is None and source.url is not None and (named := api_reader.recognises(source)):
        folder = spool / hashlib.sha256(known_as.encode()).hexdigest()[:16] if spool else None

        def read_feed(_: Any, on_progress: Progress | None) -> Iterator[Item]:
            return api_reader.read(source, on_progress=on_progress, spool=folder)

        yield Intake(known_as, source.name, named, None, False, read_feed)
        return
    with tempfile.TemporaryDirectory() as downloads:
        local = source.fetched(Path(downloads))
        if given is None:
            for reader in _FEEDS:
                if named := reader.recognises(local):
                    yield Intake(
                        known_as, source.name, named, None, False, _without_mapping(reader.read, local)
                    )
                    return
        if not (named := lists.recognises(local)):
            raise Unreadable(
                f"{source.name}: this is neither Open Referral (JSON, tables or a feed) nor a list"
                " (CSV, Excel or JSON) that we can read."
            )
        kept = None if given else saved(known_as)
        chosen = given or (
            lists_mapping.Mapping.from_yaml(kept, "the saved mapping") if kept else lists.propose(local)
        )

        def read_list(now: lists_mapping.Mapping | None, on_progress: Progress | None) -> Iterator[Item]:
            return lists.read(local, mapping=now, on_progress=on_progress)

        yield Intake(known_as, source.name, named, chosen, not (given or kept), read_list)


def _without_mapping(
    read: Callable[..., Iterator[Item]], source: Source
) -> Callable[[Any, Progress | None], Iterator[Item]]:
    return lambda _, on_progress: read(source, on_progress=on_progress)


def spool_folder() -> Path:
    """Where feeds keep their pages between readings: the user's cache, since they can be fetched again."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "stile" / "feeds"


def slug_of(name: str) -> str:
    """A short name for a source: "Leisure services.csv" gives "leisure-services"."""
    bare = re.sub(r"\.(csv|tsv|txt|xlsx|xls|ods|json|ndjson|geojson|zip|gz)$", "", name.strip().lower())
    bare = re.sub(r"\.(csv|json|tsv|txt)$", "", bare)  # "list.csv.gz"
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60] or "source"


def slug_for(intake: Intake, name: str, taken_by: Callable[[str], str | None]) -> str:
    """The slug an address is kept under. `taken_by` gives the address that has a slug already, if any.

    Two files called services.csv are two sources; a name given by hand means that source, wherever
    its file lies this month.
    """
    slug = slug_of(name or intake.name)
    if name or taken_by(slug) in (None, "", intake.address):
        return slug
    mark = hashlib.sha256(intake.address.encode()).hexdigest()[:6]
    return f"{slug}-{mark}"


def plain_name(intake: Intake) -> str:
    """What to call a source nobody has named: its host, or its file."""
    host = urlsplit(intake.address).hostname if "://" in intake.address else None
    return host or intake.name
