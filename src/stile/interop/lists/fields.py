"""What a column can mean, and the headings people give it, in English and Welsh.

A heading is first cut into words and relieved of the name of the thing it belongs to
("location_postcode" is the postcode of a place), then looked up. The lists hold whole headings, not
parts of them: "capacity" of a hall is not the places still free, so it is in no list and is kept.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from stile.loop.directory.rules.vocabulary import FACT_BY_SLUG

from .phrases import FACT_PHRASES


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    says: str  # for the mapping file
    words: tuple[str, ...]
    many: bool = False  # several columns may feed it


def _field(name: str, says: str, words: str, many: bool = False) -> Field:
    return Field(
        name, says, tuple(word.strip().casefold() for word in words.split(",") if word.strip()), many
    )


FIELDS: tuple[Field, ...] = (
    _field("name", "what the activity is called", "name, service name, activity, activity name, title, service, club, club name, group, group name, project, project name, scheme, programme name, session, session name, class name, event, event name, event title, listing, listing name, full name of service, name of service, name of group, name of club, name of activity, service title, display name, facility name, site name, centre name, school name, establishment name, enw, enw gwasanaeth, enw r gwasanaeth, gwasanaeth, enw grwp, enw r grwp, grwp, gweithgaredd, enw r gweithgaredd, enw clwb, clwb, teitl"),
    _field("alternate_name", "another name it goes by", "alternate name, alternative name, also known as, aka, short name, nickname, welsh name, enw arall"),
    _field("description", "what happens there", "description, long description, full description, service description, details, about, about us, information, info, what we do, what is it, what it is, overview, body, content, text, description of service, what they offer, offer, activity description, disgrifiad, manylion, gwybodaeth, crynodeb"),
    _field("summary", "the same in a line", "summary, short description, short desc, brief description, strapline, tagline, intro, excerpt, teaser"),
    _field("id", "the list's own number of the row", "id, uuid, guid, identifier, service id, service uuid, unique id, uid, record id, ref, reference, reference number, ref no, unique reference, unique reference number, urn, import id, key, row id, site id, external id, global id, objectid, fid, source id, listing id, activity id, rhif, cyfeirnod, id gwasanaeth"),
    _field("part_of", "the row this row continues", "import id reference, parent row, continues, part of, parent import id, parent service id"),
    _field("organisation", "who runs it", "organisation, organization, organisation name, organization name, org, org name, provider, provider name, provided by, run by, host, host organisation, charity, charity name, agency, agency name, lead organisation, delivery partner, partner, supplier, operator, owner, company, body name, sefydliad, enw r sefydliad, enw sefydliad, darparwr, darparwyd gan, elusen"),
    _field("organisation_id", "the list's own number of who runs it", "organisation id, organization id, org id, organisation uuid, organization uuid, provider id, agency id, organisation key, organization key, organisation ref"),
    _field("organisation_description", "about who runs it", "organisation description, organization description, provider description, about the organisation"),
    _field("organisation_email", "e-mail of who runs it", "organisation email, organization email, provider email"),
    _field("organisation_website", "web address of who runs it", "organisation website, organization website, organisation url, organization url, organization url, provider website, provider url"),
    _field("organisation_phone", "phone of who runs it", "organisation phone, organization phone, organisation telephone, provider phone, provider telephone"),
    _field("charity_number", "number at the Charity Commission", "charity number, charity no, registered charity number, registered charity no, charity reg no, charity registration number, rhif elusen, rhif elusen gofrestredig"),
    _field("company_number", "number at Companies House", "company number, company no, registered company number, companies house number, rhif cwmni"),
    _field("place_id", "the list's own number of the place", "place id, location id, location uuid, venue id, site ref, uprn"),
    _field("place_name", "what the place is called", "place, place name, location, location name, venue, venue name, building, building name, where, where is it, premises, meeting place, site, address name, lleoliad, enw r lleoliad, lle, ble, canolfan"),
    _field("place_description", "about the place", "place description, location description, venue description, about the venue"),
    _field("address", "the lines of the address before the town", "address, full address, formatted address, street address, postal address, address 1, address 2, address 3, address 4, address line 1, address line 2, address line 3, address line 4, address line one, address line two, address1, address2, address3, address4, addr, addr 1, addr 2, addr1, addr2, addr 3, street, street name, street 1, street 2, road, house number, house name, thoroughfare, premise, line 1, line 2, line 3, line1, line2, line3, address street, locality, where we meet, location address, venue address, cyfeiriad, cyfeiriad llawn, stryd, llinell cyfeiriad 1, llinell cyfeiriad 2", many=True),
    _field("town", "town or city", "town, city, town city, post town, posttown, town or city, village, town village, city town, municipality, address town, address city, address locality, town area, tref, dinas, pentref"),
    _field("county", "county or region", "county, region, state, state province, province, address county, address region, sir, rhanbarth"),
    _field("postcode", "the postcode", "postcode, post code, postal code, zip, zipcode, zip code, pcd, pcds, pcode, address postcode, cod post, côd post, cod post y lleoliad"),
    _field("country", "the country", "country, country code, nation, gwlad"),
    _field("lat", "degrees north", "lat, latitude, y coordinate, geo lat, geo latitude, geometry lat, lledred, y"),
    _field("lon", "degrees east", "lon, lng, long, longitude, x coordinate, geo lon, geo lng, geo longitude, geometry lon, hydred, x"),
    _field("point", "latitude and longitude in one cell", "lat lon, lat lng, latlng, latlong, lat long, latitude longitude, coordinates, coords, coordinate, geo, geopoint, geo point, point, map location, gps, wkt, geometry, geom, cyfesurynnau"),
    _field("easting", "metres east on the British grid", "easting, eastings, east, x easting, os easting, grid x, osgb easting, geo x, dwyreiniad"),
    _field("northing", "metres north on the British grid", "northing, northings, north, y northing, os northing, grid y, osgb northing, geo y, gogleddiad"),
    _field("transport", "how one gets there", "transport, transportation, public transport, getting there, how to get there, travel, travel directions, directions, bus, buses, bus routes, nearest bus, nearest station, bus stop, train, cludiant, trafnidiaeth, sut i gyrraedd"),
    _field("place_visible", "whether the place may be shown", "place visible, location visible, show address, address visible, show location, display address"),
    _field("mask_address", "whether the exact place must be hidden", "mask exact address, mask address, hide address, address hidden, confidential address, address confidential, hide exact address, private address, cuddio cyfeiriad"),
    _field("phone", "phone to ring", "phone, telephone, tel, tel no, telephone number, phone number, phones number, phone no, telephone no, phones, mobile, mobile number, mobile phone, landline, helpline, call, ring, enquiries phone, main phone, booking phone, phone 1, telephone 1, ffon, ffôn, rhif ffon, rhif ffôn, teleffon, teleffôn, symudol"),
    _field("email", "e-mail to write to", "email, e mail, email address, e mail address, mail, emails, enquiries email, email 1, booking email, main email, general email, public email, ebost, e bost, cyfeiriad ebost, cyfeiriad e bost"),
    _field("website", "web page", "website, web, url, web site, web address, webpage, web page, homepage, home page, site url, link, weblink, web link, website url, website address, internet, more info url, gwefan, cyfeiriad gwefan, dolen, tudalen we"),
    _field("contact", "phones, e-mails and links mixed in one cell", "contact, contacts, contact details, contact info, contact information, how to contact, get in touch, manylion cyswllt, cyswllt, cysylltu"),
    _field("contact_name", "a person; kept, never shown", "contact name, contact person, named contact, contact full name, first name, surname, last name, forename, leader, leader name, coordinator, co ordinator, coordinator name, manager, organiser, lead contact, key contact, main contact, secretary, coach, coach name, instructor, person, contact first name, contact surname, contact last name, enw cyswllt, person cyswllt, head teacher, headteacher, arweinydd, cydlynydd", many=True),
    _field("contact_title", "the person's role", "contact title, contact role, contact position, contact job title, job title, position, role, contact department"),
    _field("contact_email", "the person's e-mail", "contact email, contact e mail, leader email, coordinator email, contact email address"),
    _field("contact_phone", "the person's phone", "contact phone, contact telephone, contact tel, contact number, contact no, contact mobile, contact phone number, rhif cyswllt, leader phone, coordinator phone"),
    _field("contact_visible", "whether the contact may be shown", "contact visible, show contact, contact public, contact is public"),
    _field("status", "active, inactive, closed", "status, state of service, record status, service status, listing status, live status, active, is active, currently running, open or closed, statws"),
    _field("closed_for_now", "closed for the time being", "temporarily closed, closed temporarily, currently closed, paused, suspended, temporary closure, ar gau dros dro"),
    _field("visible", "whether the row may be public", "visible, published, is public, public, is published, show on website, publish, show, display, live, is live, gweladwy"),
    _field("approved", "whether somebody has approved the row", "approved, is approved, verified for publication, moderated, signed off, approval, approval status, cymeradwy"),
    _field("min_age", "youngest age, in years", "min age, minimum age, age min, age from, from age, ages from, lower age, lowest age, youngest, youngest age, age lower, start age, age minimum, lowest admission age, statutory low age, low age, eligibility minimum age, minage, oed lleiaf, isafswm oed, o oed, oedran lleiaf"),
    _field("max_age", "oldest age, in years", "max age, maximum age, age max, age to, to age, ages to, upper age, highest age, oldest, oldest age, age upper, end age, age maximum, highest admission age, statutory high age, high age, eligibility maximum age, maxage, oed mwyaf, uchafswm oed, hyd at oed, oedran mwyaf"),
    _field("ages", "ages in words", "age, ages, age range, age group, age groups, age band, age bands, age limit, ages catered for, who is it for age, suitable ages, suitable for ages, age category, age restrictions, agerange, oed, oedran, oedrannau, ystod oedran, grwp oedran"),
    _field("eligibility", "who it is for, in words", "eligibility, eligibility description, eligibility criteria, who can attend, who is it for, who its for, who it s for, who for, criteria, target group, target audience, target, audience, suitable for, who can use it, who can come, beneficiaries, client group, restrictions, cymhwysedd, ar gyfer pwy, pwy all fynychu"),
    _field("times", "when, in words", "times, time, opening times, opening hours, hours, hours of operation, hours of opening, opening, open, open times, when, when is it, day and time, days and times, days times, day time, dates and times, schedule, schedules, timetable, session times, meeting times, meets, day s and time s, when we meet, opening days, opening times and days, availability, business hours, days open, amseroedd, amser, oriau agor, oriau, amseroedd agor, pryd, dyddiau ac amseroedd"),
    _field("weekday", "the day or days of the week", "weekday, weekdays, day, days, day of week, day of the week, days of week, day s, session day, which day, meeting day, scheduled weekday, byday, diwrnod, dydd, dyddiau"),
    _field("opens_at", "when it starts that day", "opens at, opens, open at, start time, time from, from time, starts, start, starts at, time start, begin time, begins, opening time, open time, schedules opens at, starttime, time opens, amser dechrau, yn agor, dechrau"),
    _field("closes_at", "when it ends that day", "closes at, closes, close at, end time, time to, to time, ends, end, ends at, time end, finish, finish time, finishes, closing time, close time, schedules closes at, endtime, until, time closes, amser gorffen, yn cau, gorffen"),
    _field("valid_from", "first day it runs", "start date, date from, from date, valid from, first session, starts on, begin date, date start, startdate, dyddiad dechrau"),
    _field("valid_to", "last day it runs", "end date, date to, to date, valid to, last session, ends on, expiry date, expires, date end, enddate, dyddiad gorffen"),
    _field("frequency", "how often, in words", "frequency, how often, recurrence, repeats, amlder"),
    *(_field(f"hours_{day[:3].lower()}", f"hours on {day}", f"{day}, {day[:3]}, {day} hours, {day} opening, {day} opening hours, {day} times, hours {day}, opening hours {day}, open {day}, {welsh}, dydd {welsh}") for day, welsh in zip(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), ("llun", "mawrth", "mercher", "iau", "gwener", "sadwrn", "sul"), strict=True)),
    _field("cost", "what it costs", "cost, costs, price, prices, fee, fees, charge, charges, cost amount, amount, price amount, cost per session, cost per week, price per session, session price, session cost, how much, how much does it cost, cost details, fees description, cost description, fee details, entry fee, membership fee, admission, weekly cost, subs, cost gbp, pris, cost sesiwn, ffi, ffioedd, taliad"),
    _field("cost_option", "who pays that price", "cost option, cost for, fee for, price option, cost type, cost name, option, price type, ticket type", many=True),
    _field("free", "whether it is free", "free, is free, free of charge, is it free, free or paid, free to attend, is this free, am ddim, rhad ac am ddim"),
    _field("kinds", "what kind of thing it is", "category, categories, kind, kinds, type, types, activity type, activity types, type of activity, service type, type of service, service category, service categories, taxonomy, taxonomies, service taxonomies, taxonomy terms, sport, sports, sport type, theme, themes, topic, topics, subject, genre, classification, sub category, subcategory, subcategories, sector, facility type, primary category, main category, secondary category, needs met, directories, categori, categoriau, math, math o wasanaeth, math o weithgaredd, thema, chwaraeon", many=True),
    _field("tags", "other words it is filed under", "tags, tag, keywords, keyword, labels, search terms, suitabilities, geiriau allweddol, tagiau", many=True),
    _field("facts", "a list of what the place offers for access", "accessibility, accessibilities, access, accessibility features, access features, disabled access, disability access, access information, accessible, access details, accessibility details, facilities, amenities, features, location accessibilities, accessibility for disabilities, disability notes, hygyrchedd, mynediad, cyfleusterau, mynediad i bobl anabl", many=True),
    _field("languages", "languages spoken there", "languages name, languages, language, languages spoken, spoken languages, language s, delivery language, language of delivery, languages available, iaith, ieithoedd, iaith y gwasanaeth"),
    _field("gender", "girls, boys or everyone", "gender, gender group, sex, genders, male female, rhyw, rhywedd"),
    _field("delivery", "in person or online", "delivery, delivery method, delivery mode, mode, online or in person, in person or online, format, attending type, attendance mode, how is it delivered, virtual, online, is online, remote"),
    _field("parent_form", "whether a parent must sign", "parent form, parental consent, parental consent required, consent required, parent consent, parent permission, parental permission, guardian consent, consent form, caniatad rhiant"),
    _field("room", "open, waiting list or full", "room, availability status, spaces status, vacancy status, accepting referrals, taking new people, waiting list status, taking new members, open to new members"),
    _field("places", "places free now", "places, places left, spaces, spaces left, vacancies, places available, spaces available, free places, available places, available spaces, current vacancies, lleoedd, lleoedd gwag, lleoedd ar gael"),
    _field("waiting_weeks", "weeks to wait", "waiting weeks, weeks to wait, wait weeks, waiting time weeks, wait in weeks, waiting list weeks"),
    _field("wait_time", "the wait, in words", "wait time, waiting time, waiting list, wait, waiting times, amser aros, rhestr aros"),
    _field("application_process", "how one joins", "application process, how to join, how to apply, how to access, how to book, booking, booking information, booking info, how to refer, referral, referral method, referral process, referral route, referral information, access criteria, how to start, joining, join, how do i join, sut i ymuno, sut i gael mynediad, archebu, atgyfeirio"),
    _field("walk_in", "what happens when you walk in", "what to expect, what happens, your first visit, first visit, when you arrive, on arrival, beth i w ddisgwyl"),
    _field("who_meets_you", "who meets you", "who meets you, who will meet you, who you will meet, meet and greet"),
    _field("what_to_bring", "what to bring", "what to bring, bring, things to bring, equipment needed, beth i ddod"),
    _field("what_to_wear", "what to wear", "what to wear, wear, clothing, kit, kit needed, dress code, beth i wisgo"),
    _field("group_size", "how many come", "group size, class size, typical group size, number of people, average attendance, maint y grwp"),
    _field("cost_help", "help with the cost", "cost help, help with cost, help with costs, bursary, bursaries, financial help, concessions, discounts"),
    _field("travel_help", "help with travel", "travel help, help with travel, help with transport, transport help, travel costs"),
    _field("first_time", "help the first time", "first time, first time support, taster, taster session, trial session, free trial, tro cyntaf"),
    _field("updated_on", "when the row was last changed", "last updated, updated, updated at, updated on, date updated, last modified, modified, modified at, last edited, last update, last changed, date modified, site last updated date, last updated date, update date, modified date, diweddarwyd, dyddiad diweddaru"),
    _field("confirmed_on", "when somebody last checked it is true", "last checked, checked, checked on, last confirmed, confirmed on, last verified, verified, verified on, date checked, date verified, assured date, last assured, last reviewed, reviewed, date confirmed, last check, gwiriwyd, dyddiad gwirio"),
)  # fmt: skip

FIELD_BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
FACT_FIELD = "fact:"  # "fact:step_free": a column of yes and no about one fact


def is_field(name: str) -> bool:
    return name in FIELD_BY_NAME or (
        name.removeprefix(FACT_FIELD) in FACT_BY_SLUG and name.startswith(FACT_FIELD)
    )


def takes_many(name: str) -> bool:
    return name.startswith(FACT_FIELD) or FIELD_BY_NAME[name].many


_THINGS: dict[str, str] = {  # words in front of (or dots before) a heading, and the thing they name
    **dict.fromkeys(["service", "services", "activity", "activities", "listing", "club", "group", "program", "programme", "event", "session", "item", "record", "entry", "feature", "properties", "fields", "attributes", "data", "gwasanaeth", "site", "facility", "schedules", "schedule", "scheduled", "regular", "opening", "cost", "costs", "eligibility", "eligibilities", "school"], "service"),
    **dict.fromkeys(["organisation", "organization", "organisations", "organizations", "org", "provider", "agency", "charity", "sefydliad", "darparwr"], "organisation"),
    **dict.fromkeys(["location", "locations", "place", "places", "venue", "venues", "building", "premises", "address", "addresses", "physical", "geo", "geolocation", "geocode", "lleoliad", "service_at_locations"], "place"),
    **dict.fromkeys(["contact", "contacts", "leader", "coordinator", "cyswllt"], "contact"),
}  # fmt: skip
_OWN = {  # what a bare heading means once it is known whose it is
    "organisation": {"name": "organisation", "title": "organisation", "id": "organisation_id", "uuid": "organisation_id", "description": "organisation_description", "email": "organisation_email", "website": "organisation_website", "url": "organisation_website", "uri": "", "phone": "organisation_phone", "telephone": "organisation_phone", "charity number": "charity_number", "company number": "company_number"},
    "place": {"name": "place_name", "title": "place_name", "id": "place_id", "uuid": "place_id", "description": "place_description", "visible": "place_visible", "url": "", "website": "", "email": "", "alternate name": "", "x": "lon", "y": "lat", "accessibilities": "facts", "type": "", "status": "", "category": "", "language": ""},
    "contact": {"name": "contact_name", "title": "contact_title", "role": "contact_title", "department": "contact_title", "email": "contact_email", "phone": "contact_phone", "telephone": "contact_phone", "mobile": "contact_phone", "number": "contact_phone", "phone number": "contact_phone", "visible": "contact_visible", "id": "", "type": "", "website": "", "status": ""},
}  # fmt: skip

_BY_WORDS: dict[str, str] = {word: field.name for field in reversed(FIELDS) for word in field.words}
_FACT_BY_WORDS: dict[str, str] = {**FACT_PHRASES, **{slug.replace("_", " "): slug for slug in FACT_BY_SLUG}}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(heading: str) -> str:
    """A heading as plain words: "Location_PostCode" and "locationPostCode" give "location post code"."""
    text = _CAMEL.sub(" ", heading[:200]).casefold().replace("'", " ").replace("’", " ")
    return " ".join(re.sub(r"[^\w.]|_", " ", text).replace(".", " ").split())


@dataclass(frozen=True, slots=True)
class Meant:
    field: str  # "" where the heading is known to mean nothing we use
    sure: float
    why: str


@lru_cache(maxsize=8192)
def by_heading(heading: str) -> Meant | None:
    """What a heading says by itself; None where it is in no list and like nothing in one."""
    text = words_of(re.sub(r"\s*\(.*?\)|\*|\?", " ", heading[:200])) or words_of(heading)
    if not text:
        return None
    for attempt in (text, words_of(heading)):
        if attempt in _BY_WORDS:
            return Meant(_BY_WORDS[attempt], 0.95, "the heading says so")
        if attempt in _FACT_BY_WORDS:
            return Meant(FACT_FIELD + _FACT_BY_WORDS[attempt], 0.9, "the heading says so")
    last, _, rest = text.rpartition(" ")
    if last and text.split()[0] in _THINGS and (found := _without_thing(text)) is not None:
        return found
    if (
        rest in ("name", "title", "label", "term", "value")
        and last in _BY_WORDS
        and takes_many(_BY_WORDS[last])
    ):
        return Meant(_BY_WORDS[last], 0.85, f"the heading speaks of {last}")  # "categories.name"
    if (
        last
        and rest in ("rendered", "value", "text", "plain", "html", "display", "formatted")
        and (found := by_heading(last))
    ):
        return Meant(found.field, found.sure - 0.02, found.why)  # "title.rendered"
    if rest in ("en", "eng", "english") and (found := by_heading(last)):
        return Meant(found.field, found.sure - 0.02, found.why)
    return _nearly(text)


def _nearly(text: str) -> Meant | None:
    """A heading with a slip of the pen: word for word nearly one we know ("Discription")."""
    if len(text) < 6:
        return None
    for found, _, _ in process.extract(text, _BY_WORDS.keys(), scorer=fuzz.ratio, score_cutoff=88, limit=3):
        pairs = list(zip(text.split(), found.split(), strict=False))
        if len(text.split()) == len(found.split()) and all(
            fuzz.ratio(a, b) >= 80 and a[:1] == b[:1] for a, b in pairs
        ):
            return Meant(_BY_WORDS[found], 0.7, f"the heading is like “{found}”")
    return None


def _without_thing(text: str) -> Meant | None:
    """ "location postcode" as the postcode of a place: the names of things in front come off one by one."""
    whose, rest = "", text.split()
    while len(rest) > 1 and rest[0] in _THINGS:
        thing, rest = _THINGS[rest[0]], rest[1:]
        whose = thing if thing != "service" or not whose else whose
        bare = " ".join(rest)
        if bare in _OWN.get(whose, {}):
            return Meant(_OWN[whose][bare], 0.92, f"the heading speaks of the {whose}")
        if whose in ("organisation", "contact"):
            continue  # an organisation's address is not where the activity happens
        if bare in _BY_WORDS:
            return Meant(_BY_WORDS[bare], 0.88, f"the heading ends in “{bare}”")
        if bare in _FACT_BY_WORDS:
            return Meant(FACT_FIELD + _FACT_BY_WORDS[bare], 0.85, f"the heading ends in “{bare}”")
    return None
