"""Why this one: in the young person's own words, and what nobody has told us yet.

Every reason is something they said or chose, held against something the listing says. Nothing here is
worked out about the person.
"""

from datetime import datetime

from stile.kernel.answer import Answer
from stile.kernel.said import Nn_, Said, day_and_clock, listed, say, say_many
from stile.kernel.words import N_
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.times import weekdays_of
from stile.loop.directory.rules.vocabulary import (
    FACT_BY_SLUG,
    KIND_BY_SLUG,
    KINDS,
    TILE_NAMES,
    Delivery,
    ParentForm,
    Room,
    Tile,
)

from .asked import WITH_SOMEONE, Asked
from .closeness import CLOSE
from .fit import blur_m, form_needed
from .journey import journey
from .sieve import Bit

ON_DAYS: tuple[str, ...] = (
    N_("on Mondays"),
    N_("on Tuesdays"),
    N_("on Wednesdays"),
    N_("on Thursdays"),
    N_("on Fridays"),
    N_("on Saturdays"),
    N_("on Sundays"),
)
PLACES = Nn_("%(n)s place", "%(n)s places")
WAITING = Nn_("a waiting list of about %(n)s week", "a waiting list of about %(n)s weeks")
SOUNDS_LIKE = N_("it sounds like what you said")
MOST_SOFT_UNKNOWN = 3
_KINDS_BEHIND: dict[Tile, frozenset[str]] = {
    tile: frozenset(kind.slug for kind in KINDS if kind.tile is tile) for tile in Tile
}


def reasons(
    listing: Listing, asked: Asked, *, metres: int | None, close: int, starts: datetime | None
) -> tuple[Said, ...]:
    """In the order in which they matter: what it is, what makes it easier, the way, when, what it costs."""
    found = [_kind(listing, asked, close), *_easier(listing, asked), _way(listing, asked, metres)]
    found.append(_when(listing, starts))
    if listing.price_pence == 0:
        found.append(say(N_("free")))
    elif listing.price_pence is not None and asked.budget_pence is not None:
        found.append(say(N_("£%(pounds)s, within what you can spend"), pounds=pounds(listing.price_pence)))
    if listing.parent_form is ParentForm.NEVER or (
        asked.no_parent_form and form_needed(listing.parent_form, asked.age) is Answer.NO
    ):
        found.append(say(N_("no parent form")))
    if asked.language and asked.language != "en":
        found.append(say(N_("in the language you asked for")))
    return tuple(one for one in found if one is not None)


def pounds(pence: int) -> str:
    return f"{pence // 100}" if pence % 100 == 0 else f"{pence // 100}.{pence % 100:02d}"


def _kind(listing: Listing, asked: Asked, close: int) -> Said | None:
    heard = {**asked.heard.kinds, **asked.heard.hints}
    words = list(dict.fromkeys(word for kind, word in heard.items() if kind in listing.kinds))
    if words:
        return say(N_("because you said %(said)s"), said=listed([_own(word) for word in words[:3]]))
    chosen = [kind for kind in listing.kinds if kind in asked.chosen]
    if chosen:
        kind = KIND_BY_SLUG[chosen[0]]
        whole_tile = asked.chosen >= _KINDS_BEHIND[kind.tile]
        name = TILE_NAMES[kind.tile] if whole_tile else kind.name
        return say(N_("because you picked %(name)s"), name=say(name))
    if close >= CLOSE and asked.wish.words:
        return say(SOUNDS_LIKE)
    return None


def _own(word: str) -> Said:
    """A word of theirs stands as they said it: it is not translated, and a % in it is only a %."""
    return say("%(word)s", word=word)


def _easier(listing: Listing, asked: Asked) -> list[Said]:
    """What they find hard, and what the place does about it; things for one word of theirs together."""
    for_word: dict[str, list[Said]] = {}
    for slug, word in asked.heard.easier.items():
        if listing.facts.get(slug) is Answer.YES:
            for_word.setdefault(word, []).append(say(FACT_BY_SLUG[slug].need))
    for slug, word in {**asked.heard.gentler, **asked.heard.harder, **asked.heard.avoid}.items():
        if listing.facts.get(slug) is Answer.NO:
            for_word.setdefault(word, []).append(_without(slug))
    found = [
        say(N_("%(things)s, because you said %(word)s"), things=listed(things[:3]), word=_own(word))
        for word, things in for_word.items()
    ]
    if asked.wish.with_someone:
        for slug in sorted(WITH_SOMEONE - set(asked.heard.easier)):
            if listing.facts.get(slug) is Answer.YES:
                found.append(
                    say(N_("someone meets you at the door"))
                    if slug == "someone_meets_you"
                    else say(FACT_BY_SLUG[slug].need)
                )
    return found[:3]


def _without(slug: str) -> Said:
    return say(N_("without %(thing)s"), thing=say(FACT_BY_SLUG[slug].need))


def _way(listing: Listing, asked: Asked, metres: int | None) -> Said | None:
    """What they need there, what they stay away from, and the way: one breath."""
    parts = [
        say(FACT_BY_SLUG[slug].need) for slug in _in_order(asked.needs) if _says(listing, slug, Answer.YES)
    ]
    parts += [_without(slug) for slug in _in_order(asked.wish.avoid) if _says(listing, slug, Answer.NO)]
    if metres is not None and asked.wish.near is not None:
        parts.append(journey(metres, asked.wish.travel, asked.wish.near, blur_m(listing) / 1000))
    elif listing.delivery in (Delivery.ONLINE, Delivery.BOTH):
        parts.append(say(N_("online, from where you are")))
    return _joined(parts)


def _in_order(slugs: frozenset[str]) -> list[str]:
    return [slug for slug in FACT_BY_SLUG if slug in slugs]


def _says(listing: Listing, slug: str, answer: Answer) -> bool:
    return listing.facts.get(slug, Answer.UNKNOWN) is answer


def _joined(parts: list[Said]) -> Said | None:
    if not parts:
        return None
    said = parts[0]
    for part in parts[1:]:
        said = say(N_("%(most)s, %(next)s"), most=said, next=part)
    return said


def _when(listing: Listing, starts: datetime | None) -> Said | None:
    parts = []
    if starts is not None:
        parts.append(say(N_("starts %(when)s"), when=day_and_clock(starts)))
    elif listing.slots:
        parts.append(listed([say(ON_DAYS[on]) for on in weekdays_of(listing.slots)]))
    if listing.room is Room.WAITING_LIST:
        if listing.waiting_weeks:
            parts.append(say_many(WAITING, listing.waiting_weeks))
        else:
            parts.append(say(N_("a waiting list")))
    elif listing.places:
        parts.append(say_many(PLACES, listing.places))
    return _joined(parts)


ASK_ABOUT: dict[Bit, str] = {
    Bit.CHECKS_UNKNOWN: N_("have the safeguarding checks been seen?"),
    Bit.AGE_UNKNOWN: N_("is it for your age?"),
    Bit.POSITION_UNKNOWN: N_("where is it?"),
    Bit.TIME_UNKNOWN: N_("when is it?"),
    Bit.PRICE_UNKNOWN: N_("what does it cost?"),
    Bit.FORM_UNKNOWN: N_("does a parent or carer sign a form?"),
    Bit.LANGUAGE_UNKNOWN: N_("is it in the language you asked for?"),
}
WHAT_TIME = N_("what time does it start?")
ROOM_FREE = N_("is there a place free?")


def unknowns(listing: Listing, asked: Asked, mask: int, starts: datetime | None) -> tuple[Said, ...]:
    """What nobody has told us, as questions to ask: first what they asked for, then what most would."""
    hard = [
        FACT_BY_SLUG[slug].ask
        for slug in _in_order(asked.needs | asked.avoid)
        if _says(listing, slug, Answer.UNKNOWN)
    ]
    hard += [words for bit, words in ASK_ABOUT.items() if mask >> bit & 1]
    soft = [
        FACT_BY_SLUG[slug].ask
        for slug in _in_order(asked.harder | frozenset(asked.heard.easier))
        if _says(listing, slug, Answer.UNKNOWN) and slug not in asked.avoid | asked.needs
    ]
    if starts is None:
        soft.append(WHAT_TIME if listing.slots else ASK_ABOUT[Bit.TIME_UNKNOWN])
    if listing.price_pence is None:
        soft.append(ASK_ABOUT[Bit.PRICE_UNKNOWN])
    if listing.room is Room.UNKNOWN and listing.places is None:
        soft.append(ROOM_FREE)
    questions = list(dict.fromkeys([*hard, *[one for one in soft if one not in hard][:MOST_SOFT_UNKNOWN]]))
    return tuple(say(N_("we don’t know: %(question)s"), question=say(one)) for one in questions)
