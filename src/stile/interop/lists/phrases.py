"""Whole phrases other people's lists use for our facts, kinds and states. Only whole phrases count.

"Partial wheelchair access" is not step-free and "changing facilities" are not a Changing Places
toilet, so neither is here: what is not here stays in the list's own words and nothing is claimed.
"""

import re
from functools import lru_cache

from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG, KINDS


def _turned(table: dict[str, str]) -> dict[str, str]:
    return {phrase.strip(): slug for slug, phrases in table.items() for phrase in phrases.split(",")}


FACT_PHRASES: dict[str, str] = _turned({
    "step_free": "step free, stepfree, step free access, step free entrance, level access, level entrance, ramp, ramps, ramped access, ramp access, wheelchair, wheelchair access, wheelchair accessible, wheelchair accessible entrance, wheelchair friendly, fully wheelchair accessible, accessible by wheelchair, accessible to wheelchair users, disability access wheelchair, mynediad cadair olwyn, mynediad i gadeiriau olwyn, hygyrch i gadeiriau olwyn, mynediad gwastad",
    "accessible_toilet": "accessible toilet, accessible toilets, accessible toilet facilities, accessible wc, disabled toilet, disabled toilets, disabled wc, disability toilets, disability toilet, toilets for disabled people, restroom, accessible restroom, wheelchair accessible toilet, wheelchair accessible toilets, toiled hygyrch, toiledau hygyrch, toiled i bobl anabl",
    "changing_place": "changing place, changing places, changing places toilet, changing places facility, changing places toilets",
    "hearing_loop": "hearing loop, hearing loops, induction loop, induction loop system, hearing induction loop, loop system, dolen glyw",
    "bsl": "bsl, british sign language, british sign language bsl, sign language, bsl interpreter, bsl interpreter available, bsl available, signing, iaith arwyddion prydain",
    "quiet": "quiet, quiet session, quiet sessions, calm and quiet",
    "small_group": "small group, small groups, small group size",
    "sensory_friendly": "sensory friendly, autism friendly, relaxed session, relaxed sessions, sensory sessions, cyfeillgar i awtistiaeth",
    "bring_friend": "bring a friend, can bring a friend, friends welcome, dewch a ffrind",
    "no_sign_up": "no sign up, drop in, dropin, drop in session, no booking, no booking needed, no booking required, no need to book, just turn up, turn up and play, galw heibio",
    "girls_only": "girls only, female only, women only, women and girls only, young women only, merched yn unig",
    "lgbtq_welcome": "lgbtq welcome, lgbtq friendly, lgbt friendly, lgbtqia friendly, lgbtq inclusive",
    "near_bus": "near a bus, near bus, bus stop nearby, near a bus stop, on a bus route, bus route nearby, near public transport",
    "travel_help": "travel help, transport provided, transport available, help with transport, help with travel, travel costs paid",
    "cost_help": "cost help, bursaries available, help with costs, hardship fund",
    "in_welsh": "in welsh, welsh medium, through the medium of welsh, cyfrwng cymraeg, drwy gyfrwng y gymraeg, yn gymraeg",
    "free_food": "free food, food provided, free meal, free meals, meal provided, lunch provided, bwyd am ddim",
    "go_with_you": "someone can go with you, buddy available, buddying",
    "someone_meets_you": "someone meets you, meet and greet available",
    "first_time_support": "first time support, help the first time",
    "emotional_support": "someone to talk to there, emotional support",
    "leave_any_time": "leave any time, leave when you like",
    "no_need_to_talk": "no need to talk",
    "alcohol": "licensed bar, bar on site",
})  # fmt: skip
PLACE_FACTS = frozenset(
    {"step_free", "accessible_toilet", "changing_place", "hearing_loop", "near_bus", "alcohol"}
)

KIND_PHRASES: dict[str, str] = _turned({
    "drawing": "art, arts, drawing, painting, drawing and painting, fine art, visual arts, visual art, art classes, art club, illustration, celf",
    "craft": "craft, crafts, arts and crafts, art and craft, arts crafts, crafting, crefft, crefftau, celf a chrefft",
    "textiles": "sewing, knitting, textiles, fashion, crochet, knit and natter, gwnio",
    "pottery": "pottery, ceramics, clay", "photography": "photography, camera club, ffotograffiaeth",
    "film": "film, film making, filmmaking, film and media, animation, ffilm", "writing": "writing, creative writing, poetry, spoken word, ysgrifennu",
    "cooking": "cooking, cookery, baking, cooking and baking, coginio", "coding": "coding, code club, computing, programming, robotics, codio, it and computing, technology",
    "repair": "woodwork, woodworking, diy, repair cafe, men's sheds, mens shed, model making", "football": "football, soccer, five a side, 5 a side, 5 a side football, futsal, walking football, girls football, pel droed, pêl droed",
    "team-sport": "rugby, rugby union, rugby league, cricket, netball, basketball, hockey, field hockey, ice hockey, gaelic football, gaelic sports, volleyball, rounders, lacrosse, handball, baseball, softball, american football, ultimate frisbee, hurling, team sports, multi sports, multi sport, multisport, multisports, rygbi, criced, pel rwyd, pêl rwyd, pel fasged, pêl fasged, hoci, croquet, water polo",
    "racket": "badminton, tennis, table tennis, squash, padel, pickleball, racketball, racquet sports, racket sports, outdoor tennis courts, indoor tennis courts, squash courts, tennis bwrdd",
    "gym": "gym, fitness, gym and fitness, health and fitness gym stations, health and fitness gym, weights, weightlifting, weight lifting, exercise classes, fitness classes, circuit training, campfa, ffitrwydd, keep fit",
    "dance": "dance, dancing, ballet, street dance, tap, ballroom, zumba, dawns, dawnsio", "boxing": "boxing, kick boxing, kickboxing, bocsio",
    "martial-arts": "martial arts, martial art, judo, karate, taekwondo, tae kwon do, ju jitsu, jiu jitsu, aikido, kung fu, fencing, wrestling, self defence, crefft ymladd",
    "swimming": "swimming, swimming pools, swimming pool, swim, aquatics, diving, nofio", "climbing": "climbing, bouldering, mountaineering, rock climbing, dringo",
    "gymnastics": "gymnastics, trampoline, trampolining, parkour, cheerleading, gymnasteg", "skating": "skating, ice skating, ice rinks, roller skating, skateboarding, skateboard, skatepark, skiing, ski slopes, snowsports, sglefrio",
    "running": "running, parkrun, jogging, cross country, rhedeg", "athletics": "athletics, athletic, track and field, triathlon, athletau", "yoga": "yoga, pilates, tai chi, ioga",
    "walking": "walking, rambling, hiking, walking group, health walks, cerdded", "cycling": "cycling, bmx, bikes, mountain biking, bike club, beicio",
    "gardening": "gardening, allotment, allotments, horticulture, community garden, community gardens, growing, garddio", "nature": "nature, wildlife, conservation, forest school, bushcraft, environment, bird watching, natur",
    "animals": "animals, animal care, dogs, dog training, city farm, anifeiliaid", "horses": "horses, riding, horse riding, equestrian, pony club, marchogaeth",
    "water": "water sports, watersports, rowing, canoeing, kayaking, sailing, paddle boarding, paddleboarding, surfing, canoe, chwaraeon dwr",
    "camp": "scouts, guides, brownies, cubs, beavers, rainbows, scouting, girlguiding, cadets, army cadets, sea cadets, air cadets, explorers, uniformed groups, uniformed group, uniformed youth groups, sgowtiaid, geidiau, woodcraft folk, boys brigade, girls brigade, duke of edinburgh",
    "fishing": "fishing, angling, pysgota", "golf": "golf, bowls, bowling, lawn bowls, crown green bowling, mini golf, golff", "instruments": "music, music lessons, instruments, guitar, piano, drums, brass band, orchestra, band, musical instruments, cerddoriaeth",
    "singing": "singing, choir, choirs, choral, cor, côr, canu", "production": "music production, djing, dj, beat making", "theatre": "drama, theatre, theatre and drama, performing arts, acting, youth theatre, musical theatre, performing, theatr",
    "circus": "circus, circus skills", "radio": "radio, podcasting, podcast", "comedy": "comedy, improv",
    "youth-club": "youth club, youth clubs, youth group, youth groups, youth centre, youth centres, youth provision, youth activities, open access youth work, youth work, clwb ieuenctid, clybiau ieuenctid",
    "gaming": "gaming, video games, esports, e sports", "board-games": "board games, chess, chess club, games club, gwyddbwyll", "roleplay": "role play games, warhammer, dungeons and dragons, tabletop games, wargaming",
    "lgbtq": "lgbt, lgbtq, lgbtq+, lgbtqia, lgbtqia+, lgbtq group, lgbt group", "carers": "young carers, young carer, gofalwyr ifanc", "culture": "faith, faith group, faith groups, culture, religion, cultural, religious, cultural groups, church youth group",
    "language": "languages, language classes, esol, english language, learning welsh, ieithoedd", "disability": "disability sport, disability groups, disabled young people, send, special needs, learning disability, learning disabilities, anabledd",
    "parents": "young parents, parent and toddler, teenage parents", "peer-support": "peer support, support group, support groups, self help group, grwp cymorth",
    "volunteering": "volunteering, volunteer, volunteering opportunities, volunteers, gwirfoddoli", "campaigning": "youth council, youth voice, campaigning, youth parliament, participation",
    "mentoring": "mentoring, mentor, befriending, buddying, mentora", "work-skills": "employment, training, jobs, careers, employability, job club, apprenticeships, work skills, employment and training, cyflogaeth",
    "reading": "library, libraries, reading, book club, reading group, reading groups, local authority run library, community run library, commissioned library, independent community library, partnership run library, llyfrgell, darllen",
    "mindfulness": "mindfulness, meditation, relaxation", "museum": "museum, museums, heritage, history, local history, amgueddfa, hanes",
    "talking": "counselling, mental health support, talking therapy, talking therapies, listening service, cwnsela",
    "food-help": "food bank, food banks, foodbank, foodbanks, food pantry, food club, community pantry, food parcels, banc bwyd",
    "advice": "advice, welfare advice, money advice, debt advice, housing advice, legal advice, advice and information, benefits advice, citizens advice, cyngor",
})  # fmt: skip
KIND_PHRASES.update({kind.slug: kind.slug for kind in KINDS})
KIND_PHRASES.update({kind.name.casefold(): kind.slug for kind in KINDS})

STATUSES: dict[str, str] = _turned({
    "active": "active, live, updated, open, running, current, published, yes, y, true, 1, approved, gweithredol, ar agor, operational, confirmed, taking place",
    "inactive": "inactive, deleted, draft, pending, archived, unpublished, no, n, false, 0, not running, withdrawn, hidden, anweithredol, dormant, cancelled, expired",
    "defunct": "defunct, closed, ceased, permanently closed, no longer running, ended, dissolved, ar gau, closed down",
    "temporarily closed": "temporarily closed, paused, suspended, on hold, closed temporarily, on a break, ar gau dros dro",
})  # fmt: skip
PARENT_FORMS = _turned({
    "never": "never, no, not needed, not required, none needed, n, false", "under_16": "under 16, under 16s, if under 16, under_16",
    "under_18": "under 18, under 18s, if under 18, under_18", "first_time": "first time, first time only, first session, first_time",
})  # fmt: skip
DELIVERIES = _turned({
    "in_person": "in person, in_person, face to face, f2f, offline, physical, onsite, on site, in the community, wyneb yn wyneb",
    "online": "online, virtual, remote, web, zoom, telephone or online, ar lein, ar-lein",
    "both": "both, hybrid, online and in person, in person and online, face to face and online, mixed, blended",
})  # fmt: skip
ROOMS = _turned({
    "open": "open, yes, spaces available, places available, available, taking new people, accepting referrals, y, true",
    "waiting_list": "waiting list, wait list, waitlist, waiting_list", "full": "full, no, no spaces, no places, closed to new members, n, false",
    "paused": "paused, on hold, suspended",
})  # fmt: skip
GENDERS_GIRLS = frozenset(
    [
        "girls",
        "girl",
        "female",
        "females",
        "women",
        "girls only",
        "women and girls",
        "young women",
        "merched",
        "f",
    ]
)


@lru_cache(maxsize=8192)
def phrase(text: str) -> str:
    """A phrase as the tables above write it: small letters, no marks, single spaces."""
    folded = text[:200].casefold().replace("&", " and ").replace("_", " ").replace("-", " ").replace("/", " ")
    return " ".join(re.sub(r"[^\w+' ]", " ", folded).split())


def fact_of(text: str) -> str | None:
    """The fact a phrase names, such as "Accessible toilet facilities"; None where it names none."""
    bare = text.strip().casefold()
    return bare if bare in FACT_BY_SLUG else FACT_PHRASES.get(phrase(text))


def kind_of(text: str) -> str | None:
    """The slug of the kind a category names as a whole; None where we cannot be certain."""
    return KIND_PHRASES.get(text.strip().casefold()) or KIND_PHRASES.get(phrase(text))
