"""What the audit tells, as sentences people can read: "Lena Okoro, link worker, opened your record." """

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from stile.kernel.said import Said, clock, day, say
from stile.kernel.words import N_

# verb: (about whoever reads it, about somebody else). %(who)s is "Lena Okoro, link worker".
_DEEDS: Mapping[str, tuple[str, str]] = {
    "opened": (N_("%(who)s opened your record."), N_("%(who)s opened the record.")),
    "read": (N_("%(who)s read part of your record."), N_("%(who)s read part of the record.")),
    "took in": (N_("%(who)s wrote you down here."), N_("%(who)s wrote them down here.")),
    "changed": (N_("%(who)s changed something in your record."), N_("%(who)s changed something in the record.")),
    "moved": (N_("%(who)s moved your record to another team."), N_("%(who)s moved the record to another team.")),
    "held": (
        N_("%(who)s set your record aside: kept, and not used."),
        N_("%(who)s set the record aside: kept, and not used."),
    ),
    "let go on": (N_("%(who)s put your record back in use."), N_("%(who)s put the record back in use.")),
    "tied linked": (N_("%(who)s chose your link worker."), N_("%(who)s chose their link worker.")),
    "untied linked": (N_("%(who)s ended that somebody was your link worker."), N_("%(who)s ended that somebody was their link worker.")),
    "tied request": (N_("%(who)s passed on what you asked for."), N_("%(who)s passed on what they asked for.")),
    "untied request": (N_("%(who)s is done with what you asked for."), N_("%(who)s is done with what they asked for.")),
    "tied sample": (N_("%(who)s will read some notes, to help your link worker."), N_("%(who)s opened notes to themself for supervision.")),
    "untied sample": (N_("%(who)s stopped reading notes."), N_("%(who)s stopped reading notes.")),
    "tied glass": (N_("%(who)s opened your record in need, for one hour."), N_("%(who)s broke the glass, for one hour.")),
    "untied glass": (N_("%(who)s stopped looking at your record."), N_("%(who)s stopped looking through broken glass.")),
    "reviewed glass": (N_("%(who)s checked why your record was opened."), N_("%(who)s reviewed broken glass.")),
    "tied offered": (N_("%(who)s asked a group if it has room, with no name."), N_("%(who)s asked a group if it has room, with no name.")),
    "untied offered": (N_("%(who)s stopped asking a group."), N_("%(who)s ended an offer to a group.")),
    "tied accepted": (N_("%(who)s noted that a group said yes."), N_("%(who)s noted that a group said yes.")),
    "untied accepted": (N_("%(who)s closed your page for a group."), N_("%(who)s ended a group’s sight of the hello page.")),
    "tied carer": (N_("%(who)s let a parent or carer see what you share."), N_("%(who)s let a parent or carer see what they share.")),
    "untied carer": (N_("%(who)s ended what a parent or carer could see."), N_("%(who)s ended what a parent or carer could see.")),
    "tied shut": (N_("%(who)s shut your record to somebody."), N_("%(who)s shut the record to somebody.")),
    "untied shut": (N_("%(who)s opened your record again to somebody."), N_("%(who)s opened the record again to somebody it was shut to.")),
    "tied concern": (N_("%(who)s passed on a worry about you."), N_("%(who)s passed on a worry to the safeguarding lead.")),
    "untied concern": (N_("%(who)s is done with a worry about you."), N_("%(who)s ended the safeguarding lead’s sight of the record.")),
    "compared": (N_("%(who)s checked if you are written down twice."), N_("%(who)s compared this record with another one.")),
    "linked records": (N_("%(who)s linked two records of yours."), N_("%(who)s linked this record with another one.")),
    "told apart": (N_("%(who)s noted that two records are two people."), N_("%(who)s noted that this record and another are two people.")),
    "unlinked records": (N_("%(who)s took a link between two records away."), N_("%(who)s took a link between two records away.")),
    "asked for rights": (N_("%(who)s wrote down what you asked for."), N_("%(who)s wrote down a request.")),
    "answered rights": (N_("%(who)s worked on what you asked for."), N_("%(who)s worked on a request.")),
    "prepared pack": (N_("%(who)s got ready what we hold about you."), N_("%(who)s prepared the pack.")),
    "released pack": (N_("%(who)s gave you what we hold about you."), N_("%(who)s released the pack.")),
    "took pack": (N_("%(who)s opened what we hold about you."), N_("%(who)s opened the released pack.")),
    "agreed erasure": (N_("%(who)s agreed that your data goes."), N_("%(who)s agreed to an erasure.")),
    "erased": (N_("%(who)s deleted what was to go."), N_("%(who)s deleted what was to go.")),
    "looked who looked": (N_("%(who)s looked at this list."), N_("%(who)s read who looked.")),
    "listed": (N_("%(who)s saw a list of people."), N_("%(who)s saw a list of people.")),
    # What somebody said yes or no to, and how they are reached.
    "wrote down a yes": (N_("%(who)s wrote down that you said yes to sharing something."), N_("%(who)s wrote down a yes to sharing.")),
    "heard a no": (N_("%(who)s wrote down that you said no."), N_("%(who)s wrote down a no to sharing.")),
    "not this time": (N_("%(who)s noted that a group can’t take you this time."), N_("%(who)s noted a group’s no.")),
    "took back a yes": (N_("%(who)s ended something you shared."), N_("%(who)s took a yes to sharing back.")),
    "stopped everything": (N_("%(who)s stopped everything you asked to stop."), N_("%(who)s stopped the whole service at their word.")),
    "stopped messages": (N_("%(who)s stopped all messages to you."), N_("%(who)s stopped all messages.")),
    "let messages go again": (N_("%(who)s let messages go to you again."), N_("%(who)s let messages go again.")),
    "stopped and deleted": (N_("%(who)s said that they deleted what they held about you."), N_("%(who)s confirmed that they stopped and deleted.")),
    "saw slice": (N_("%(who)s saw what you share with them."), N_("%(who)s saw what is shared with them.")),
    "wrote hello page": (N_("%(who)s wrote on your hello page."), N_("%(who)s wrote on the hello page.")),
    "approved hello page": (N_("%(who)s noted which lines of your hello page are OK."), N_("%(who)s noted which lines of the hello page are approved.")),
    "asked about taking part": (N_("%(who)s asked if you may take part."), N_("%(who)s asked who may say yes to taking part.")),
    "answered about taking part": (N_("%(who)s wrote down who said yes or no to your going."), N_("%(who)s wrote down an answer about taking part.")),
    "paused taking part": (N_("%(who)s paused an activity of yours."), N_("%(who)s paused taking part.")),
    "added a way to reach": (N_("%(who)s wrote down a way to reach you."), N_("%(who)s wrote down a way to reach them.")),
    "confirmed a way to reach": (N_("%(who)s asked you if a way to reach you is safe."), N_("%(who)s asked if a way to reach them is safe.")),
    "turned off a way to reach": (N_("%(who)s turned off a way to reach you."), N_("%(who)s turned off a way to reach them.")),
    "added a carer": (N_("%(who)s wrote down a parent or carer."), N_("%(who)s wrote down a parent or carer.")),
    "noted responsibility": (N_("%(who)s wrote down who may decide for you."), N_("%(who)s wrote down who has parental responsibility.")),
    "ended a carer": (N_("%(who)s ended that somebody is your carer."), N_("%(who)s ended that somebody is their carer.")),
    "wrote down a ground": (N_("%(who)s wrote down why we may keep your data."), N_("%(who)s wrote down a legal ground.")),
    "wrote note on understanding": (N_("%(who)s wrote down how you talked a choice over."), N_("%(who)s wrote a note on understanding.")),
    "looked again": (N_("%(who)s looked again at something that was due."), N_("%(who)s did a review that was due.")),
    "put on duty": (N_("%(who)s put a colleague on duty."), N_("%(who)s put a colleague on duty.")),
    "took off duty": (N_("%(who)s took a colleague off duty."), N_("%(who)s took a colleague off duty.")),
    "looked for somebody": (N_("%(who)s looked for somebody by name and birth date."), N_("%(who)s looked for somebody out of their reach.")),
}  # fmt: skip
_OTHER = (N_("%(who)s did something with your record."), N_("%(who)s did something with the record."))


@dataclass(frozen=True, slots=True)
class Look:
    """One event: who (a name and a role's name), what, when in local time."""

    name: str
    role: Said
    verb: str
    at: datetime
    what: str = ""
    themself: bool = False  # the reader did it


def known(verb: str) -> bool:
    return verb in _DEEDS


def sentence(look: Look, *, to_themself: bool = False) -> Said:
    """ "Lena Okoro, link worker, opened your record. Tuesday 3 March at 4pm." """
    return say(N_("%(deed)s %(when)s."), deed=deed(look, to_themself=to_themself), when=when(look.at))


def deed(look: Look, *, to_themself: bool = False) -> Said:
    words = _DEEDS.get(look.verb, _OTHER)[0 if to_themself else 1]
    return say(words, who=who(look))


def when(at: datetime) -> Said:
    """ "Tuesday 3 March 2026 at 4pm": a year besides, for lists that go back."""
    return say(N_("%(day)s %(year)s at %(clock)s"), day=day(at.date()), year=at.year, clock=clock(at))


def who(look: Look) -> Said:
    if look.themself:
        return say(N_("You"))
    if not look.name:
        return say(N_("The system"))
    return say(N_("%(name)s (%(role)s)"), name=look.name, role=look.role)
