"""A suggestion as a card: the few words a person needs to decide whether to look closer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from stile.kernel.answer import Answer
from stile.kernel.said import Nn_, Said, day_and_clock, say, say_many
from stile.kernel.words import N_
from stile.loop.directory.rules.activity import ages, price, when
from stile.loop.directory.rules.listing import Listing
from stile.loop.directory.rules.standing import Checks, Freshness, freshness
from stile.loop.directory.rules.vocabulary import (
    FACT_BY_SLUG,
    FACTS,
    KIND_BY_SLUG,
    Delivery,
    ParentForm,
    Room,
)

from .journey import ONLY_KNOWN
from .reasons import ASK_ABOUT, ROOM_FREE, WHAT_TIME
from .sieve import Bit
from .wish import Suggestion, Where

BADGES: tuple[tuple[str, str, str], ...] = (
    # fact, words, tone of the badge
    ("no_sign_up", N_("no sign-up"), "leaf"),
    ("someone_meets_you", N_("someone meets you"), "people"),
    ("bring_friend", N_("bring a friend"), "people"),
    ("step_free", N_("step-free"), "place"),
    ("quiet", N_("quiet"), "place"),
    ("small_group", N_("small group"), "place"),
    ("girls_only", N_("girls only"), "people"),
    ("lgbtq_welcome", N_("LGBTQ+ welcome"), "people"),
    ("bsl", N_("British Sign Language"), "people"),
    ("in_welsh", N_("in Welsh"), "place"),
)
MOST_BADGES = 4
MOST_REASONS = 4
SURE_KM = 0.3  # a distance stands on the card by itself only when it is about this sure
# Reasons that say what the card's first lines say anyway.
ON_THE_CARD = frozenset({"free", "no parent form", "starts %(when)s"})
# How far, without why it is only roughly known: the page says that once, above all its cards.
ROUGHLY: Mapping[str, str] = {
    "within %(high)s km, %(why)s": N_("within %(high)s km"),
    "about %(low)s–%(high)s km, %(why)s": N_("about %(low)s–%(high)s km"),
}
# The same reasons, as short as a table wants them.
IN_BRIEF: Mapping[str, str] = {
    "because you said %(said)s": N_("you said %(said)s"),
    "because you picked %(name)s": N_("you picked %(name)s"),
    "%(things)s, because you said %(word)s": "%(things)s (%(word)s)",
}
UNKNOWN_IN_BRIEF: Mapping[str, str] = {
    **{fact.ask: fact.need for fact in FACTS},
    ASK_ABOUT[Bit.CHECKS_UNKNOWN]: N_("safeguarding checks"),
    ASK_ABOUT[Bit.AGE_UNKNOWN]: N_("ages"),
    ASK_ABOUT[Bit.POSITION_UNKNOWN]: N_("place"),
    ASK_ABOUT[Bit.TIME_UNKNOWN]: N_("day and time"),
    ASK_ABOUT[Bit.PRICE_UNKNOWN]: N_("cost"),
    ASK_ABOUT[Bit.FORM_UNKNOWN]: N_("parent form"),
    ASK_ABOUT[Bit.LANGUAGE_UNKNOWN]: N_("language"),
    WHAT_TIME: N_("start time"),
    ROOM_FREE: N_("room"),
}
MOST_TIMES = 2  # regular times that go with a card when it is kept


@dataclass(frozen=True, slots=True)
class Card:
    """Everything already in words (`Said`), so that list, map, print and phone say the same."""

    id: str
    name: str
    organisation: str
    kind: str
    kind_label: Said
    place: str
    distance: Said | None
    next_start: Said | None
    times: tuple[Said, ...]  # "Mondays, 5pm to 6:30pm": what stays true in a list one keeps
    places_left: Said | None
    price: Said | None
    ages: Said | None
    badges: tuple[tuple[Said, str], ...]
    reasons: tuple[Said, ...]
    unknown: tuple[Said, ...]
    checked: Said
    lat: float | None
    lon: float | None
    outside: bool


def checked_words(checked_on: date, today: date, doubted: bool = False) -> Said:
    """How long ago somebody last said it is still true; or that people have told us otherwise since."""
    if doubted:
        return say(N_("People say it has changed: ring first"))
    days = max(0, (today - checked_on).days)
    if days == 0:
        return say(N_("Last checked today"))
    if freshness(checked_on, today) is Freshness.AGEING:
        return say(N_("Last checked %(n)s days ago. It may have changed: ring first"), n=days)
    return say_many(Nn_("Last checked %(n)s day ago", "Last checked %(n)s days ago"), days)


def distance_words(km: float | None) -> Said | None:
    """Metres below one kilometre, then one decimal, then none: nobody walks 12.3 km."""
    if km is None:
        return None
    if km < 0.95:
        return say(N_("%(metres)s m away"), metres=max(50, round(km * 20) * 50))
    return say(N_("%(km)s km away"), km=f"{km:.1f}" if km < 10 else f"{km:.0f}")


def card(
    suggestion: Suggestion, listing: Listing, today: date, near: Where | None = None, *, brief: bool = False
) -> Card:
    """The card of one suggestion; `listing` is the row it came from, `near` what was asked.

    Where a place is only roughly known, its distance is left to the reason, which says how rough.
    `brief` is for a table: the same things in fewer words.
    """
    sure = near is not None and near.sure_km + listing.position_km <= SURE_KM
    kind = KIND_BY_SLUG.get(suggestion.kind, KIND_BY_SLUG["other"])
    shown = tuple(one for one in suggestion.reasons if not _says(one, ON_THE_CARD))[:MOST_REASONS]
    unseen = listing.checks is Checks.UNKNOWN
    return Card(
        id=suggestion.service_id,
        name=suggestion.name,
        organisation=suggestion.organisation,
        kind=suggestion.kind,
        kind_label=say(kind.name),
        place=listing.town,
        distance=distance_words(suggestion.distance_km) if sure else None,
        next_start=day_and_clock(suggestion.next_start) if suggestion.next_start else None,
        times=tuple(said for one in listing.times if (said := when(one)) is not None)[:MOST_TIMES],
        places_left=_places(suggestion.places),
        price=price(listing.price_pence),
        ages=ages(listing.min_age, listing.max_age),
        badges=tuple(_badges(listing, shown)[:MOST_BADGES]),
        reasons=tuple(_shorter(one, brief) for one in shown),
        unknown=tuple(
            _unknown_in_brief(suggestion.unknown, unseen)
            if brief
            else _in_one_breath(suggestion.unknown, unseen)
        ),
        checked=checked_words(listing.checked_on, today, listing.doubted),
        lat=listing.lat,
        lon=listing.lon,
        outside=suggestion.outside,
    )


def _badges(listing: Listing, shown: Iterable[Said]) -> list[tuple[Said, str]]:
    in_reasons = {words for one in shown for words in _words_in(one)}
    badges = [
        (say(words), tone)
        for fact, words, tone in BADGES
        if listing.facts.get(fact, Answer.UNKNOWN) is Answer.YES
        and not in_reasons & {words, FACT_BY_SLUG[fact].need}
    ]
    if listing.parent_form is ParentForm.NEVER:
        badges.insert(0, (say(N_("no parent form")), "leaf"))
    if listing.room is Room.WAITING_LIST:
        badges.insert(0, (say(N_("waiting list")), "unknown"))
    if listing.delivery in (Delivery.ONLINE, Delivery.BOTH):
        badges.insert(0, (say(N_("online")), "place"))
    return badges


def _shorter(said: Said, brief: bool) -> Said:
    """A reason without what the page says once for all; in `brief`, in fewer words still."""
    why = said.params.get("why")
    if said.words in ROUGHLY and isinstance(why, Said) and why.words in ONLY_KNOWN.values():
        return replace(said, words=ROUGHLY[said.words])
    if brief and said.words in IN_BRIEF:
        return replace(said, words=IN_BRIEF[said.words])
    if said.words == "%(most)s, %(next)s":
        return replace(said, params={name: _shorter(one, brief) for name, one in said.params.items()})
    return said


def _says(said: Said, patterns: frozenset[str]) -> bool:
    """Whether a sentence is one of the patterns, or begins with one."""
    most = said.params.get("most")
    return said.words in patterns or (isinstance(most, Said) and _says(most, patterns))


def _words_in(said: Said) -> Iterator[str]:
    """The pattern of a sentence and of every sentence within it."""
    yield said.words
    for value in said.params.values():
        if isinstance(value, Said):
            yield from _words_in(value)


def _in_one_breath(unknown: Iterable[Said], unseen: bool) -> list[Said]:
    """Questions nobody has answered, as one line: "We don't know yet: is it quiet? is it crowded?"."""
    questions = [one for said in unknown if isinstance(one := said.params.get("question"), Said)]
    lines = []
    if questions:
        asked = questions[0]
        for question in questions[1:]:
            asked = say("%(most)s %(next)s", most=asked, next=question)
        lines.append(say(N_("We don’t know yet: %(questions)s"), questions=asked))
    if unseen:
        lines.append(say(N_("We haven’t seen this group’s safeguarding checks")))
    return lines


def _unknown_in_brief(unknown: Iterable[Said], unseen: bool) -> list[Said]:
    """The same for a table: "Not known: quiet, cost"."""
    asked = [one.words for said in unknown if isinstance(one := said.params.get("question"), Said)]
    asked += [ASK_ABOUT[Bit.CHECKS_UNKNOWN]] * unseen
    things = [say(UNKNOWN_IN_BRIEF.get(one, one)) for one in dict.fromkeys(asked)]
    if not things:
        return []
    said = things[0]
    for thing in things[1:]:
        said = say("%(most)s, %(next)s", most=said, next=thing)
    return [say(N_("Not known: %(things)s"), things=said)]


def _places(places: int | None) -> Said | None:
    if places is None:
        return None
    return say_many(Nn_("%(n)s place left", "%(n)s places left"), places)
