"""(i) Confidentiality: may this be shared with whom, until when. No row is no; an hour late is no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from stile.kernel.decision import YES, Decision, no
from stile.kernel.words import N_

MOST = timedelta(days=365)
SOON = timedelta(days=14)  # ask again that long before it runs out


class Part(StrEnum):
    """What may be shared. Each is asked by itself; there is no "everything"."""

    HELLO_PAGE = "hello_page"
    CONTACT = "contact"
    PLAN = "plan"
    PROGRESS_WORD = "progress_word"
    OUTCOMES = "outcomes"
    ATTENDANCE = "attendance"
    EMERGENCY = "emergency"


class Reader(StrEnum):
    """Roles one can share with: those that see nothing of their own right."""

    COORDINATOR = "coordinator"
    SESSION_LEADER = "session_leader"
    REFERRER = "referrer"
    PARENT = "parent"


_GROUP = frozenset({Reader.COORDINATOR, Reader.SESSION_LEADER})

# Whom each part may go to at all, whatever anybody ticks: a school never reads a hello page, and only a
# parent or whoever introduced them gets a word on how it goes (H13).
READERS: Mapping[Part, frozenset[Reader]] = {
    Part.HELLO_PAGE: _GROUP,
    Part.CONTACT: frozenset({Reader.COORDINATOR}),
    Part.PLAN: frozenset({Reader.PARENT}),
    Part.PROGRESS_WORD: frozenset({Reader.PARENT, Reader.REFERRER}),
    Part.OUTCOMES: frozenset({Reader.SESSION_LEADER, Reader.PARENT}),
    Part.ATTENDANCE: frozenset({Reader.PARENT}),
    Part.EMERGENCY: _GROUP,
}

# Who reads for an organisation of each kind; one that is not here reads nothing about anybody.
READS_FOR: Mapping[str, tuple[Reader, ...]] = {
    "charity": (Reader.COORDINATOR, Reader.SESSION_LEADER),
    "practice": (Reader.REFERRER,),
    "school": (Reader.REFERRER,),
    "local_authority": (Reader.REFERRER,),
}

# What each part is called when it is asked for, line by line.
IN_WORDS: Mapping[Part, str] = {
    Part.HELLO_PAGE: N_("Your name and your hello page"),
    Part.CONTACT: N_("How to reach you"),
    Part.PLAN: N_("Your plan"),
    Part.PROGRESS_WORD: N_("A word on how it’s going"),
    Part.OUTCOMES: N_("Your answers to how you’re doing"),
    Part.ATTENDANCE: N_("When you went"),
    Part.EMERGENCY: N_("Whom to ring if something happens"),
}


class How(StrEnum):
    SAID = "said"
    TYPED = "typed"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words somebody was shown when they said yes. Changed words are a new version; the old ones stay."""

    version: str
    ask: str
    no_harm: str


WORDINGS: Mapping[str, Wording] = {
    "sharing-1": Wording(
        "sharing-1",
        N_("May we tell %(reader)s these things about you?"),
        N_(
            "If you say no, we can still help you. You can change your mind at any time. "
            "Then they won’t see it any more."
        ),
    )
}
CURRENT = "sharing-1"
LANGUAGES = ("en-gb", "cy")


def wording_mark(language: str, version: str = CURRENT) -> str:
    """ "sharing-1:cy": what is kept beside a yes. ValueError for words nobody wrote."""
    if version not in WORDINGS or language not in LANGUAGES:
        raise ValueError(f"no wording {version} in {language}")
    return f"{version}:{language}"


def parts_for(readers: Iterable[Reader]) -> tuple[Part, ...]:
    """The parts that may be asked about for these readers at all."""
    return tuple(part for part in Part if READERS[part] & set(readers))


@dataclass(frozen=True, slots=True)
class Yes:
    """A yes to sharing, as the database holds it."""

    parts: frozenset[Part]
    readers: frozenset[Reader]
    organisation_id: UUID | None
    carer_id: UUID | None
    starts: datetime
    ends: datetime
    withdrawn_at: datetime | None = None


def may_ask(parts: Iterable[Part], readers: Iterable[Reader]) -> Decision:
    """Whether this may be asked of somebody at all: named parts, to readers each of whom may have each."""
    parts, readers = list(parts), list(readers)
    if not parts or not readers:
        return no("empty", N_("Choose what to share, and with whom."))
    for part in parts:
        if not READERS[part] & set(readers):
            return no("reader", N_("That is not shared with them."))
    return YES


def until(at: datetime, with_: datetime | None = None) -> datetime:
    """When a yes runs out: with the activity it is for (`with_`), and after twelve months at the latest."""
    return at + MOST if with_ is None else min(with_, at + MOST)


def ends_well(at: datetime, ends: datetime) -> Decision:
    if not at < ends <= at + MOST:
        return no("ends", N_("A yes lasts for a while, at most twelve months."))
    return YES


def stands(yes: Yes, at: datetime) -> bool:
    return yes.withdrawn_at is None and yes.starts <= at < yes.ends


def may_share(
    yeses: Iterable[Yes],
    part: Part,
    reader: Reader,
    at: datetime,
    *,
    organisation_id: UUID | None = None,
    carer_id: UUID | None = None,
) -> Decision:
    """Whether one part may go to one reader now. The same answer as the database's `wall_allowed`."""
    for yes in yeses:
        if not stands(yes, at) or part not in yes.parts:
            continue
        if organisation_id is not None and yes.organisation_id == organisation_id and reader in yes.readers:
            return YES
        if carer_id is not None and yes.carer_id == carer_id and reader is Reader.PARENT:
            return YES
    return no("no yes", N_("The young person has not said yes to this, or has changed their mind."))
