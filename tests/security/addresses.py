"""Every address of the site, with something real, something strange or somebody else's in its gaps."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from tests import society, world
from tests.architecture.test_doors import views

GAP = re.compile(r"<(?:(\w+):)?(\w+)>")
# What the clock and the counters of looking may change on a GET, and why.
COUNTED = {
    "audit_event": "who opened a record is written down with the opening",
    "access_session": "when a session was last seen; where somebody was going before they signed in",
    "access_knowndevice": "the last step of coming in follows by itself where there is one role to choose",
    "match_unmetwant": "a count of what was looked for and not found, with nobody in it",
    "django_migrations": "not ours",
}


def routes() -> Iterator[tuple[str, Any]]:
    """Each address once, in English: `go/<uuid:uid>/`."""
    for route, view in views():
        yield re.sub(r"[\^$]", "", route), view


def filled(route: str, known: Mapping[str, str], other: str = "") -> str:
    """An address with its gaps filled: by name where we know what belongs there, else by kind."""

    def fill(gap: re.Match[str]) -> str:
        kind, name = gap[1] or "str", gap[2]
        if other:
            return other
        if name in known:
            return known[name]
        return {"uuid": str(uuid4()), "int": "1"}.get(kind, "pdf" if name == "form" else "x" * 24)

    return "/" + GAP.sub(fill, route)


def known_in(town: society.Society) -> dict[str, str]:
    """What stands for what: an activity, and Jo and what is Jo's."""
    jo = str(town.people["Jo"])
    return {"uid": str(activity()), "person": jo, "person_id": jo, "form": "txt"}


NAME = "Sketch and Stay"


def activity() -> UUID:
    """One that takes a message: it has an e-mail address."""
    return world.uid_of(NAME)
