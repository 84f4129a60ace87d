"""What people tell us about a listing from the public page, and what follows from it (H08).

Nobody's identity is asked or kept, so the only thing that tells two people from one person pressing
twice is time: reports count as independent when they were made at least `APART` from each other.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from stile.kernel.decision import YES, Decision, no
from stile.kernel.words import N_

WRONG: dict[str, str] = {
    "closed": N_("It has closed"),
    "moved": N_("It has moved"),
    "time": N_("The day or time is wrong"),
    "contact": N_("The phone number, e-mail or website is wrong"),
    "cost": N_("The cost is wrong"),
    "other": N_("Something else"),
}
GROUNDS_FOR_DOUBT = frozenset({"closed", "moved"})  # the two that leave somebody at a locked door

FACES: dict[str, str] = {
    "good": N_("Good"),
    "ok": N_("OK"),
    "not_for_me": N_("Not for me"),
}

ENOUGH = 2  # independent reports that grey a listing
WITHIN = timedelta(days=14)
APART = timedelta(hours=1)

LONGEST_WORDS = 1000  # characters of what was wrong
HELLO_DAYS = 30  # "tell them I'm coming" is deleted after (experience.md A6)
REPORT_DAYS = 90  # the free words of a report are emptied after: they may name somebody


def doubted(reports: Iterable[tuple[str, datetime]], now: datetime) -> bool:
    """Whether a listing is to be greyed until confirmed. `reports`: (what, when), unsettled ones."""
    independent: list[datetime] = []
    for at in sorted(at for what, at in reports if what in GROUNDS_FOR_DOUBT and now - at <= WITHIN):
        if not independent or at - independent[-1] >= APART:
            independent.append(at)
    return len(independent) >= ENOUGH


def may_report(what: str, words: str) -> Decision:
    if what not in WRONG:
        return no("what", N_("Choose what is wrong."))
    if len(words) > LONGEST_WORDS:
        return no("long", N_("That is a lot of words. Please keep it under 1,000 letters."))
    return YES


def may_say_hello(name: str, reply_to: str) -> Decision:
    """A name to use and one way to reply; short, so that nobody writes their story here."""
    if not name.strip():
        return no("name", N_("What can they call you?"))
    if not reply_to.strip():
        return no("reply", N_("How can they reply to you?"))
    if len(name) > 40 or len(reply_to) > 100:
        return no("long", N_("Please keep it short."))
    if len(reply_to.splitlines()) > 1 or len(name.splitlines()) > 1:
        return no("lines", N_("Please use one line."))
    return YES
