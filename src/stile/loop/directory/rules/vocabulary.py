"""The words a directory is searched by: kinds of activity, facts about a place, parts of the week.

Each list is short enough for one machine word of bits, so its order is part of the stored index:
append at the end, never reorder.
"""

from dataclasses import dataclass
from enum import StrEnum

from stile.kernel.words import N_


class Tile(StrEnum):
    """The doors on the home page. A kind stands behind one; "surprise me" opens them all."""

    MAKE = "make"
    MOVE = "move"
    OUTDOORS = "outdoors"
    STAGE = "stage"
    PEOPLE = "people"
    HELP = "help"
    CALM = "calm"
    SURPRISE = "surprise"


TILE_NAMES: dict[Tile, str] = {
    Tile.MAKE: N_("Make"),
    Tile.MOVE: N_("Move"),
    Tile.OUTDOORS: N_("Outdoors"),
    Tile.STAGE: N_("Music & stage"),
    Tile.PEOPLE: N_("Meet people"),
    Tile.HELP: N_("Help out"),
    Tile.CALM: N_("Somewhere calm"),
    Tile.SURPRISE: N_("Surprise me"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of activity: a stable slug, the name young people read, and the door it stands behind."""

    slug: str
    name: str
    tile: Tile


KINDS: tuple[Kind, ...] = (
    Kind("drawing", N_("Drawing and painting"), Tile.MAKE),
    Kind("craft", N_("Craft and making"), Tile.MAKE),
    Kind("textiles", N_("Sewing and fashion"), Tile.MAKE),
    Kind("pottery", N_("Pottery and clay"), Tile.MAKE),
    Kind("photography", N_("Photography"), Tile.MAKE),
    Kind("film", N_("Film and animation"), Tile.MAKE),
    Kind("writing", N_("Writing and poetry"), Tile.MAKE),
    Kind("cooking", N_("Cooking and baking"), Tile.MAKE),
    Kind("coding", N_("Coding and tech"), Tile.MAKE),
    Kind("repair", N_("Mending and building"), Tile.MAKE),
    Kind("football", N_("Football"), Tile.MOVE),
    Kind("team-sport", N_("Team sports"), Tile.MOVE),
    Kind("racket", N_("Badminton, tennis and table tennis"), Tile.MOVE),
    Kind("gym", N_("Gym and fitness"), Tile.MOVE),
    Kind("dance", N_("Dance"), Tile.MOVE),
    Kind("boxing", N_("Boxing"), Tile.MOVE),
    Kind("martial-arts", N_("Martial arts"), Tile.MOVE),
    Kind("swimming", N_("Swimming"), Tile.MOVE),
    Kind("climbing", N_("Climbing"), Tile.MOVE),
    Kind("gymnastics", N_("Gymnastics and trampolining"), Tile.MOVE),
    Kind("skating", N_("Skating and skateboarding"), Tile.MOVE),
    Kind("running", N_("Running"), Tile.MOVE),
    Kind("athletics", N_("Athletics"), Tile.MOVE),
    Kind("yoga", N_("Yoga and stretching"), Tile.CALM),
    Kind("walking", N_("Walking"), Tile.OUTDOORS),
    Kind("cycling", N_("Cycling"), Tile.OUTDOORS),
    Kind("gardening", N_("Gardening and growing"), Tile.OUTDOORS),
    Kind("nature", N_("Nature and wildlife"), Tile.OUTDOORS),
    Kind("animals", N_("Animals"), Tile.OUTDOORS),
    Kind("horses", N_("Horses"), Tile.OUTDOORS),
    Kind("water", N_("Boats and paddling"), Tile.OUTDOORS),
    Kind("camp", N_("Scouts, guides and cadets"), Tile.OUTDOORS),
    Kind("fishing", N_("Fishing"), Tile.OUTDOORS),
    Kind("golf", N_("Golf and bowls"), Tile.OUTDOORS),
    Kind("instruments", N_("Playing music"), Tile.STAGE),
    Kind("singing", N_("Singing"), Tile.STAGE),
    Kind("production", N_("Making beats and DJing"), Tile.STAGE),
    Kind("theatre", N_("Drama and theatre"), Tile.STAGE),
    Kind("circus", N_("Circus skills"), Tile.STAGE),
    Kind("radio", N_("Radio and podcasts"), Tile.STAGE),
    Kind("comedy", N_("Comedy and improv"), Tile.STAGE),
    Kind("youth-club", N_("Youth club"), Tile.PEOPLE),
    Kind("gaming", N_("Video games"), Tile.PEOPLE),
    Kind("board-games", N_("Board games and chess"), Tile.PEOPLE),
    Kind("roleplay", N_("Role-play and card games"), Tile.PEOPLE),
    Kind("lgbtq", N_("LGBTQ+ group"), Tile.PEOPLE),
    Kind("carers", N_("Young carers"), Tile.PEOPLE),
    Kind("culture", N_("Culture and faith"), Tile.PEOPLE),
    Kind("language", N_("Languages"), Tile.PEOPLE),
    Kind("disability", N_("Disabled young people together"), Tile.PEOPLE),
    Kind("parents", N_("Young parents"), Tile.PEOPLE),
    Kind("peer-support", N_("People who get it"), Tile.PEOPLE),
    Kind("volunteering", N_("Volunteering"), Tile.HELP),
    Kind("campaigning", N_("Having a say"), Tile.HELP),
    Kind("mentoring", N_("A mentor or buddy"), Tile.HELP),
    Kind("work-skills", N_("Jobs and training"), Tile.HELP),
    Kind("reading", N_("Books and libraries"), Tile.CALM),
    Kind("mindfulness", N_("Quiet and mindfulness"), Tile.CALM),
    Kind("museum", N_("Museums and history"), Tile.CALM),
    Kind("talking", N_("Someone to talk to"), Tile.CALM),
    Kind("food-help", N_("Food and essentials"), Tile.HELP),
    Kind("advice", N_("Advice on money, rights and home"), Tile.HELP),
    Kind("other", N_("Something else"), Tile.SURPRISE),
)
KIND_BY_SLUG: dict[str, Kind] = {kind.slug: kind for kind in KINDS}
KIND_BIT: dict[str, int] = {kind.slug: 1 << n for n, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a young person may need to be so, or need not to be so.

    `need` is how the wish is put ("step-free"), `ask` the question where nobody has told us, and
    `avoid` tells whether people ask for its absence (H24) rather than its presence.
    """

    slug: str
    need: str
    ask: str
    avoid: bool = False


FACTS: tuple[Fact, ...] = (
    Fact("step_free", N_("step-free"), N_("is it step-free?")),
    Fact("accessible_toilet", N_("accessible toilet"), N_("is there an accessible toilet?")),
    Fact("changing_place", N_("changing places toilet"), N_("is there a changing places toilet?")),
    Fact("hearing_loop", N_("hearing loop"), N_("is there a hearing loop?")),
    Fact("bsl", N_("British Sign Language"), N_("does anyone sign BSL?")),
    Fact("quiet", N_("quiet"), N_("is it quiet?")),
    Fact("small_group", N_("small group"), N_("how big is the group?")),
    Fact("sensory_friendly", N_("sensory-friendly"), N_("is it sensory-friendly?")),
    Fact("bring_friend", N_("bring a friend"), N_("can you bring a friend?")),
    Fact("no_need_to_talk", N_("no need to talk"), N_("do you have to talk?")),
    Fact("leave_any_time", N_("leave when you like"), N_("can you leave when you like?")),
    Fact("first_time_support", N_("help the first time"), N_("is there help the first time?")),
    Fact("someone_meets_you", N_("someone meets you"), N_("does someone meet you?")),
    Fact("go_with_you", N_("someone can go with you"), N_("can someone go with you?")),
    Fact("no_sign_up", N_("no sign-up"), N_("do you need to sign up?")),
    Fact("girls_only", N_("girls only"), N_("is it girls only?")),
    Fact("lgbtq_welcome", N_("LGBTQ+ welcome"), N_("is it LGBTQ+ friendly?")),
    Fact("near_bus", N_("near a bus"), N_("is it near a bus?")),
    Fact("travel_help", N_("help with travel"), N_("is there help with travel?")),
    Fact("cost_help", N_("help with cost"), N_("is there help with cost?")),
    Fact("in_welsh", N_("in Welsh"), N_("is it in Welsh?")),
    Fact("free_food", N_("food there"), N_("is there food?")),
    Fact("emotional_support", N_("someone to talk to there"), N_("is there someone to talk to?")),
    Fact("loud", N_("loud noise"), N_("is it loud?"), avoid=True),
    Fact("crowds", N_("crowds"), N_("is it crowded?"), avoid=True),
    Fact("competition", N_("competing"), N_("is it competitive?"), avoid=True),
    Fact("contact", N_("being touched"), N_("is there physical contact?"), avoid=True),
    Fact("hard_exercise", N_("hard exercise"), N_("is it hard exercise?"), avoid=True),
    Fact("body_talk", N_("talk about food or weight"), N_("is there talk about food or weight?"), avoid=True),
    Fact("alcohol", N_("places that sell alcohol"), N_("is alcohol sold there?"), avoid=True),
    Fact("deep_water", N_("deep water"), N_("is there deep water?"), avoid=True),
    Fact("heights", N_("heights"), N_("is it high up?"), avoid=True),
    Fact("animals_there", N_("animals"), N_("are there animals?"), avoid=True),
    Fact("flashing_lights", N_("flashing lights"), N_("are there flashing lights?"), avoid=True),
    Fact("mixed_ages", N_("adults joining in"), N_("do adults join in too?"), avoid=True),
)
FACT_BY_SLUG: dict[str, Fact] = {fact.slug: fact for fact in FACTS}
FACT_BIT: dict[str, int] = {fact.slug: 1 << n for n, fact in enumerate(FACTS)}


class ParentForm(StrEnum):
    """Whether a parent or carer must sign before a young person joins (experience.md finding 3)."""

    NEVER = "never"
    UNDER_16 = "under_16"
    UNDER_18 = "under_18"
    FIRST_TIME = "first_time"
    UNKNOWN = "unknown"


class Room(StrEnum):
    """Whether one more person can come."""

    OPEN = "open"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    PAUSED = "paused"
    UNKNOWN = "unknown"


class Delivery(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    BOTH = "both"
    UNKNOWN = "unknown"


class PartOfDay(StrEnum):
    """Morning until noon, afternoon until five, evening after. A session counts in each it touches."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


WEEKDAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS: tuple[PartOfDay, ...] = (PartOfDay.MORNING, PartOfDay.AFTERNOON, PartOfDay.EVENING)


def slot_bit(weekday: int, part: PartOfDay) -> int:
    """The bit of one of the week's 21 slots; weekday 0 is Monday."""
    return 1 << (weekday * 3 + PARTS.index(part))
