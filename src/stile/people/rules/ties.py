"""Who is around a young person, as plain sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from stile.kernel.said import Said, day, say
from stile.kernel.words import N_

_SENTENCES: Mapping[str, tuple[str, str]] = {
    # kind: (to staff, to the young person)
    "linked": (
        N_("%(who)s is their link worker since %(day)s."),
        N_("%(who)s is your link worker since %(day)s."),
    ),
    "own": (
        N_("They have a sign-in of their own since %(day)s."),
        N_("You have your own sign-in since %(day)s."),
    ),
    "concern": (
        N_("%(who)s looks at a worry about them since %(day)s."),
        N_("%(who)s looks at a worry about you since %(day)s."),
    ),
    "request": (
        N_("%(who)s answers what they asked for since %(day)s."),
        N_("%(who)s answers what you asked for since %(day)s."),
    ),
    "sample": (
        N_("%(who)s may read some notes, to help their link worker, since %(day)s."),
        N_("%(who)s may read some notes, to help your link worker, since %(day)s."),
    ),
    "glass": (
        N_("%(who)s opened this record in need, for one hour, on %(day)s."),
        N_("%(who)s opened your record in need, for one hour, on %(day)s."),
    ),
    "offered": (
        N_("%(who)s knows that somebody would like to come, since %(day)s: no name."),
        N_("%(who)s knows that somebody would like to come, since %(day)s: not your name."),
    ),
    "accepted": (
        N_("%(who)s sees the hello page they said yes to, since %(day)s."),
        N_("%(who)s sees the hello page you said yes to, since %(day)s."),
    ),
    "carer": (
        N_("%(who)s, a parent or carer, sees what they chose to share, since %(day)s."),
        N_("%(who)s, a parent or carer, sees what you chose to share, since %(day)s."),
    ),
    "shut": (
        N_("This record is shut to %(who)s since %(day)s."),
        N_("This record is shut to %(who)s since %(day)s."),
    ),
}

SHUT_WHY: Mapping[str, str] = {
    "family": N_("Family or a close friend"),
    "neighbour": N_("A neighbour, or somebody they know"),
    "allegation": N_("Something was said about them"),
    "asked": N_("The young person asked for it"),
}


@dataclass(frozen=True, slots=True)
class Bond:
    """One tie as it is shown: `who` a name of a colleague, an organisation or a role."""

    kind: str
    who: Said
    since: datetime  # local time


def sentence(bond: Bond, *, to_themself: bool = False) -> Said:
    """ "Sam is their link worker since Tuesday 3 March." KeyError for a kind nobody wrote words for."""
    return say(_SENTENCES[bond.kind][to_themself], who=bond.who, day=day(bond.since.date()))


KINDS = frozenset(_SENTENCES)
