"""An activity in words: when, where, what it costs, and what one is afraid to ask (experience.md A4).

Page, card, picture and text message are all made from this, so they never disagree. An answer of
None means nobody has told us; the page says so and offers the question to ask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from stile.kernel.answer import Answer
from stile.kernel.said import WEEKDAY_NAMES, Nn_, Said, clock, day_and_clock, listed, say, say_many
from stile.kernel.words import N_

from .page import PlaceOnPage, ServicePage
from .records import TimeRecord
from .times import by_days, next_start
from .vocabulary import FACT_BY_SLUG, ParentForm, Room

PLURAL_DAYS: tuple[str, ...] = (
    N_("Mondays"), N_("Tuesdays"), N_("Wednesdays"), N_("Thursdays"), N_("Fridays"), N_("Saturdays"), N_("Sundays"),
)  # fmt: skip
NTH: Mapping[int, str] = {
    1: N_("first"), 2: N_("second"), 3: N_("third"), 4: N_("fourth"), 5: N_("fifth"), -1: N_("last"),
}  # fmt: skip

PARENT_FORM_WORDS: Mapping[ParentForm, str] = {
    ParentForm.NEVER: N_("No form for a parent to sign."),
    ParentForm.UNDER_16: N_("Under 16? A parent or carer signs a form."),
    ParentForm.UNDER_18: N_("Under 18? A parent or carer signs a form."),
    ParentForm.FIRST_TIME: N_("A parent or carer signs a form the first time."),
}
ROOM_WORDS: Mapping[Room, str] = {
    Room.OPEN: N_("There’s room."),
    Room.WAITING_LIST: N_("It’s full just now. There is a waiting list."),
    Room.FULL: N_("That group is full. It’s not about you."),
    Room.PAUSED: N_("It’s having a break just now."),
}

# What a fact means to somebody who has not been: (fact, words when yes, words when no).
COMFORTS: tuple[tuple[str, str, str], ...] = (
    ("no_need_to_talk", N_("You don’t have to talk."), N_("You’ll be asked to join in the talking.")),
    ("leave_any_time", N_("You can leave when you like."), N_("They ask you to stay till the end.")),
    ("bring_friend", N_("You can bring a friend."), N_("It’s just you, no friends along.")),
    ("no_sign_up", N_("Just turn up."), N_("You need to sign up first.")),
    ("quiet", N_("It’s quiet."), N_("It isn’t quiet.")),
    ("small_group", N_("It’s a small group."), N_("It’s a big group.")),
    ("loud", N_("It can be loud."), N_("It doesn’t get loud.")),
    ("crowds", N_("It can get crowded."), N_("It doesn’t get crowded.")),
    ("step_free", N_("It’s step-free."), N_("There are steps.")),
    ("accessible_toilet", N_("There’s an accessible toilet."), N_("There’s no accessible toilet.")),
    ("changing_place", N_("There’s a changing places toilet."), N_("There’s no changing places toilet.")),
    ("hearing_loop", N_("There’s a hearing loop."), N_("There’s no hearing loop.")),
    ("bsl", N_("Somebody signs BSL."), N_("Nobody signs BSL.")),
    ("sensory_friendly", N_("It’s sensory-friendly."), N_("It isn’t sensory-friendly.")),
    ("someone_meets_you", N_("Someone meets you."), N_("Nobody meets you at the door: you walk in.")),
    ("go_with_you", N_("Someone can go with you."), N_("Nobody can go with you the first time.")),
    ("first_time_support", N_("There’s help the first time."), N_("There’s no extra help the first time.")),
    ("girls_only", N_("It’s for girls only."), N_("It’s for everybody.")),
    ("lgbtq_welcome", N_("LGBTQ+ people are welcome and safe."), ""),
    ("near_bus", N_("A bus stops nearby."), N_("No bus stops nearby.")),
    ("in_welsh", N_("It’s in Welsh."), N_("It isn’t in Welsh.")),
    ("free_food", N_("There’s food."), ""),
    ("competition", N_("There’s some competing."), N_("There’s no competing.")),
    ("contact", N_("There’s some physical contact."), N_("There’s no physical contact.")),
    ("hard_exercise", N_("It’s hard exercise."), N_("It isn’t hard exercise.")),
    ("body_talk", N_("There’s talk about food or weight."), N_("There’s no talk about food or weight.")),
    ("alcohol", N_("Alcohol is sold there."), N_("No alcohol there.")),
    ("deep_water", N_("There’s deep water."), N_("There’s no deep water.")),
    ("heights", N_("Some of it is high up."), N_("It isn’t high up.")),
    ("animals_there", N_("There are animals."), N_("There are no animals.")),
    ("flashing_lights", N_("There are flashing lights."), N_("There are no flashing lights.")),
    ("mixed_ages", N_("Adults join in too."), N_("No adults join in, only the leaders.")),
)
# What most people want to know before a first visit; asked for aloud where nobody has said.
WORTH_ASKING: tuple[str, ...] = (
    "no_need_to_talk",
    "leave_any_time",
    "bring_friend",
    "step_free",
    "no_sign_up",
)


@dataclass(frozen=True, slots=True)
class AtPlace:
    name: str
    lines: tuple[str, ...]  # the address, top to bottom
    times: tuple[Said, ...]
    next_start: Said | None
    starts_at: datetime | None
    transport: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Activity:
    """`told`: (question, answer); an answer of None is unknown. `comforts`: short facts in words."""

    next_start: Said | None
    places: tuple[AtPlace, ...]
    costs: tuple[Said, ...]
    ages: Said | None
    parent_form: Said | None
    room: Said | None
    told: tuple[tuple[Said, str | None], ...]
    comforts: tuple[Said, ...]
    ask: tuple[Said, ...]


def activity(page: ServicePage, now: datetime) -> Activity:
    places = tuple(_at_place(place, now) for place in page.places)
    soonest = min((place.starts_at for place in places if place.starts_at), default=None)
    facts = _facts(page)
    return Activity(
        next_start=day_and_clock(soonest) if soonest else None,
        places=places,
        costs=_costs(page),
        ages=ages(page.min_age, page.max_age)
        or (say("%(theirs)s", theirs=page.age_text) if page.age_text else None),
        parent_form=say(PARENT_FORM_WORDS[page.parent_form])
        if page.parent_form in PARENT_FORM_WORDS
        else None,
        room=_room(page),
        told=_told(page),
        comforts=tuple(
            say(yes if facts[fact] is Answer.YES else nay)
            for fact, yes, nay in COMFORTS
            if facts.get(fact, Answer.UNKNOWN) is not Answer.UNKNOWN
            and (yes if facts[fact] is Answer.YES else nay)
        ),
        ask=_ask(page, facts),
    )


def ages(low: int | None, high: int | None) -> Said | None:
    """ "Ages 11 to 16", "16 and over", "up to 18"; None when nobody has said."""
    if low is not None and high is not None and high < 99:
        return say(N_("ages %(low)s to %(high)s"), low=low, high=high)
    if low is not None:
        return say(N_("%(low)s and over"), low=low)
    if high is not None and high < 99:
        return say(N_("up to %(high)s"), high=high)
    return None


def price(pence: int | None) -> Said | None:
    """ "Free", "£3", "£2.50"; None when nobody has said."""
    if pence is None:
        return None
    if pence == 0:
        return say(N_("Free"))
    pounds = f"{pence // 100}" if pence % 100 == 0 else f"{pence / 100:.2f}"
    return say(N_("£%(pounds)s"), pounds=pounds)


def when(record: TimeRecord) -> Said | None:
    """A rule in words, "Tuesdays, 4:30pm to 6pm"; its own prose where the rule is not one we can say."""
    days = by_days(record.byday) or []
    day_words = _days(record, days)
    if day_words is None or record.opens_at is None:
        return say("%(theirs)s", theirs=record.text) if record.text else None
    at = datetime(2000, 1, 1)  # noqa: DTZ001  only the clock of it is said
    opens = clock(datetime.combine(at, record.opens_at))
    if record.closes_at is None:
        return say(N_("%(days)s at %(opens)s"), days=day_words, opens=opens)
    closes = clock(datetime.combine(at, record.closes_at))
    return say(N_("%(days)s, %(opens)s to %(closes)s"), days=day_words, opens=opens, closes=closes)


def _days(record: TimeRecord, days: list[tuple[int, int]]) -> Said | None:
    freq = record.freq.upper()
    if freq == "WEEKLY" and days and not any(nth for _, nth in days):
        if {on for on, _ in days} == set(range(7)) and record.interval == 1:
            return say(N_("Every day"))
        if [on for on, _ in days] == [0, 1, 2, 3, 4] and record.interval == 1:
            return say(N_("Monday to Friday"))
        named = listed([say(PLURAL_DAYS[on]) for on, _ in days])
        if record.interval == 2:
            return say(N_("Every other week: %(days)s"), days=named)
        return named if record.interval == 1 else None
    if freq == "MONTHLY" and record.interval == 1 and len(days) == 1 and days[0][1] in NTH:
        on, nth = days[0]
        return say(N_("The %(nth)s %(day)s of the month"), nth=say(NTH[nth]), day=say(WEEKDAY_NAMES[on]))
    if freq == "DAILY" and record.interval == 1 and not days:
        return say(N_("Every day"))
    return None


def _at_place(place: PlaceOnPage, now: datetime) -> AtPlace:
    starts = next_start(place.times, now)
    lines = (place.name, _street(place), " ".join(part for part in (place.town, place.postcode) if part))
    return AtPlace(
        name=place.name,
        lines=tuple(line for line in lines if line),
        times=tuple(words for record in place.times if (words := when(record)) is not None),
        next_start=day_and_clock(starts) if starts else None,
        starts_at=starts,
        transport=place.transport,
        lat=place.lat,
        lon=place.lon,
    )


def _street(place: PlaceOnPage) -> str:
    """The address without what the place's name or town says already, each part once."""
    said = {place.name.strip().casefold(), place.town.strip().casefold(), place.postcode.strip().casefold()}
    parts: list[str] = []
    for part in (one.strip() for one in place.address.split(",")):
        if part and part.casefold() not in said:
            said.add(part.casefold())
            parts.append(part)
    return ", ".join(parts)


def _facts(page: ServicePage) -> dict[str, Answer]:
    """Facts that hold at every place; where places differ nothing is said here."""
    if not page.places:
        return {}
    first = dict(page.places[0].facts)
    return {
        fact: answer
        for fact, answer in first.items()
        if all(place.facts.get(fact, Answer.UNKNOWN) is answer for place in page.places)
    }


def _costs(page: ServicePage) -> tuple[Said, ...]:
    lines: list[Said] = []
    for cost in page.costs:
        money = price(cost.amount_pence) if cost.currency in ("", "GBP") else None
        words = cost.text or cost.option
        if money and words and words.strip().casefold() != "free":
            lines.append(say("%(money)s: %(theirs)s", money=money, theirs=words))
        elif money or words:
            lines.append(money or say("%(theirs)s", theirs=words))
    if not lines and (money := price(page.price_pence)):
        lines.append(money)
    return tuple(lines)


def _room(page: ServicePage) -> Said | None:
    if page.room is Room.WAITING_LIST and page.waiting_weeks:
        return say_many(
            Nn_(
                "It’s full just now. People wait about %(n)s week.",
                "It’s full just now. People wait about %(n)s weeks.",
            ),
            page.waiting_weeks,
        )
    if page.room is Room.OPEN and page.places_left is not None:
        return say_many(Nn_("There is %(n)s place.", "There are %(n)s places."), page.places_left)
    return say(ROOM_WORDS[page.room]) if page.room in ROOM_WORDS else None


def _told(page: ServicePage) -> tuple[tuple[Said, str | None], ...]:
    welcome = page.welcome
    rows: Iterable[tuple[str, str]] = (
        (N_("What happens when I walk in?"), welcome.walk_in),
        (N_("Who meets me?"), welcome.who_meets_you),
        (N_("How many people are there?"), welcome.group_size),
        (N_("What’s the first time like?"), welcome.first_time),
        (N_("What do I wear?"), welcome.what_to_wear),
        (N_("What do I bring?"), welcome.what_to_bring),
        (N_("How do I get home?"), welcome.bus_home),
        (N_("What if it gets too much?"), welcome.support),
        (N_("Who can see that I came?"), welcome.who_can_see),
        (N_("Can I get help with the cost?"), welcome.cost_help),
        (N_("Can I get help with travel?"), welcome.travel_help),
    )
    return tuple((say(question), answer or None) for question, answer in rows)


def _ask(page: ServicePage, facts: Mapping[str, Answer]) -> tuple[Said, ...]:
    return tuple(
        say(FACT_BY_SLUG[fact].ask)
        for fact in WORTH_ASKING
        if facts.get(fact, Answer.UNKNOWN) is Answer.UNKNOWN
    )
