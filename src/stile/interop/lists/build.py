"""One activity out of the rows that speak of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from stile.kernel.answer import Answer
from stile.loop.directory.rules.prose import NO_BOUNDS, OLDEST, AgeBounds, age_bounds
from stile.loop.directory.rules.records import (
    AtPlaceRecord,
    CostRecord,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
    TermRecord,
    TimeRecord,
    Warned,
    Welcome,
)
from stile.loop.directory.rules.vocabulary import Delivery, ParentForm, Room

from . import values
from .cells import Cells
from .phrases import DELIVERIES, GENDERS_GIRLS, PARENT_FORMS, PLACE_FACTS, ROOMS, STATUSES, kind_of, phrase
from .when import day_of, times_of
from .where import digest, facts_of, place_of

_WELCOME = ("walk_in", "who_meets_you", "group_size", "what_to_bring", "what_to_wear", "first_time", "cost_help", "travel_help")  # fmt: skip
_HSDS = {
    "eligibility": "eligibility_description",
    "application_process": "application_process",
    "wait_time": "wait_time",
}


_T = TypeVar("_T", ParentForm, Room)


class Unfit(Exception):
    """The rows make no activity that may be taken; the reason is for the report."""


class Hidden(Unfit):
    """Its owner has marked it as not to be shown: it is rejected, and what is held of it goes too."""


@dataclass(slots=True)
class Built:
    service: ServiceRecord
    warnings: list[Warned]


def may_be_taken(cells: Cells) -> None:
    """Raises Hidden for a row its owner has marked as not to be shown."""
    for name, says in (("visible", "not visible"), ("approved", "not approved")):
        text = cells.text(name)
        if text and (values.yes_no(text) is Answer.NO or STATUSES.get(phrase(text)) == "inactive"):
            raise Hidden(f"marked as {says} in the list ({cells.every(name)[0][0]} is {text!r})")


def build(rows: Sequence[Cells], key: str, organisation: OrganisationRecord | None) -> Built:
    """The service of one or several rows; what a later row says adds to the first. Raises Unfit."""
    first = rows[0]
    may_be_taken(first)
    name = _first(rows, "name").replace("\n", " ")
    if not name:
        raise Unfit("it has no name")
    if organisation is None and all(_only_a_name(row) for row in rows):
        raise Unfit(
            f"nothing but “{name[:60]}”: a title between rows or a total, and no activity one could find"
        )
    facts: dict[str, Answer] = {}
    other_facts: list[str] = []
    places: dict[str, PlaceRecord] = {}
    times: list[tuple[str, TimeRecord]] = []  # (key of the place, time)
    for row in rows:
        here, other = facts_of(row)
        for slug, answer in here.items():
            if facts.setdefault(slug, answer) is not answer:
                facts[slug] = Answer.UNKNOWN
                row.warn(f"other rows of the same activity say otherwise about {slug}; taken as unknown")
        other_facts += other
        place = place_of(row, here)
        if place is not None and organisation is not None:
            place = replace(place, organisation_key=organisation.key)
        same = (
            ""
            if place is None
            else digest(place.name, place.address, place.town, place.postcode, place.lat, place.lon)
        )
        if place is not None:
            before = places.get(same)
            places[same] = place if before is None else replace(before, facts={**place.facts, **before.facts})
        times += [(same, time) for time in times_of(row)]
    kinds, terms = _kinds(rows)
    ages, age_text = _ages(rows)
    many = len(places) > 1
    details = _details(rows, other_facts)
    contacts, phone, email = _contacts(rows)
    if contacts:
        details["contacts"] = contacts
    mixed = _first(rows, "contact")
    service = ServiceRecord(
        key=key,
        name=name,
        organisation=organisation,
        alternate_name=_first(rows, "alternate_name"),
        description=_first(rows, "description") or _first(rows, "summary"),
        website=_website(first, rows, "website") or (values.website(mixed) or "" if mixed and not values.email(mixed) else ""),
        email=_email(rows, "email") or (values.email(mixed) or "") or email,
        phone=_phone(rows, "phone") or (values.phone(mixed) or "") or phone,
        status=_status(first),
        min_age=ages.least,
        max_age=ages.most,
        age_text=age_text,
        delivery=_delivery(first),
        parent_form=_chosen(first, "parent_form", PARENT_FORMS, ParentForm, ParentForm.UNKNOWN),
        room=_chosen(first, "room", ROOMS, Room, Room.UNKNOWN),
        places=_whole(first, "places"),
        waiting_weeks=_whole(first, "waiting_weeks"),
        kinds=kinds,
        facts={**{slug: answer for slug, answer in facts.items() if slug not in PLACE_FACTS or not places}, **_for_girls(first)},
        languages=tuple(dict.fromkeys(one for row in rows for _, text in row.every("languages") for one in values.pieces(text))),
        welcome=Welcome(**{name: text for name in _WELCOME if (text := _first(rows, name))}),
        confirmed_on=_day(first, "confirmed_on"),
        modified_at=_moment(first, "updated_on"),
        at_places=tuple(
            AtPlaceRecord(f"{key}@{place.key}", place, _distinct(time for at, time in times if at == same) if many else ())
            for same, place in places.items()
        ),
        times=_distinct(time for place, time in times if not many or not place),
        costs=_costs(rows),
        terms=terms,
        details=details,
        where=first.row.where,
    )  # fmt: skip
    return Built(service, [warning for row in rows for warning in row.warnings])


def _only_a_name(cells: Cells) -> bool:
    """Whether a row of a table with several columns we use has nothing in any other of them."""
    others = [
        heading
        for name, headings in cells.plan.fields.items()
        if name not in ("name", "id")
        for heading in headings
    ]
    return (
        len(others) > 1
        and not any(cells.cell(heading) for heading in others)
        and not cells.plan.mapping.constants
    )


def _distinct(times: Iterable[TimeRecord]) -> tuple[TimeRecord, ...]:
    return tuple({repr(one): one for one in times}.values())  # their details may not be hashed


def _first(rows: Sequence[Cells], name: str) -> str:
    return next((text for row in rows if (text := row.plain(name))), "")


def organisation_of(cells: Cells) -> OrganisationRecord | None:
    """Who runs it, as this row tells; None where it does not."""
    name = cells.plain("organisation").replace("\n", " ")
    given = cells.text("organisation_id")
    if not name:
        return None
    identifiers = []
    if text := cells.text("charity_number"):
        number = text.upper().replace(" ", "")
        scheme = "GB-SC" if number.startswith("SC") else "GB-NIC" if number.startswith("NI") else "GB-CHC"
        if re.fullmatch(r"(?:SC|NIC?)?\d{6,7}(?:-\d)?", number):
            identifiers.append((scheme, number))
        else:
            cells.warn(f"{text[:30]!r} is no number of a registered charity; kept as it is written")
    if text := cells.text("company_number"):
        number = text.upper().replace(" ", "")
        identifiers.append(("GB-COH", number.zfill(8) if number.isdigit() else number))
    return OrganisationRecord(
        key=given or "organisation-" + digest(name),
        name=name,
        description=cells.plain("organisation_description"),
        email=values.email(cells.text("organisation_email")) or "",
        website=values.website(cells.text("organisation_website")) or "",
        phone=values.phone(cells.text("organisation_phone")) or "",
        identifiers=tuple(identifiers),
        where=cells.row.where,
    )


def together(a: OrganisationRecord, b: OrganisationRecord) -> OrganisationRecord:
    """The same organisation told twice: what the first leaves out the second may say."""
    return replace(
        a,
        description=a.description or b.description,
        email=a.email or b.email,
        website=a.website or b.website,
        phone=a.phone or b.phone,
        identifiers=a.identifiers or b.identifiers,
    )


def _ages(rows: Sequence[Cells]) -> tuple[AgeBounds, str]:
    bounds = [_age_bounds(row) for row in rows]
    said = next(((found, text) for found, text in bounds if found != NO_BOUNDS or text), (NO_BOUNDS, ""))
    if said[0] != NO_BOUNDS or said[1]:
        return said
    for name in ("name", "eligibility", "summary", "description"):  # ages in prose, where certain
        text = _first(rows, name)
        found = age_bounds(text) if text else NO_BOUNDS
        if found != NO_BOUNDS:
            return found, text if name == "eligibility" else ""
    return NO_BOUNDS, ""


def _age_bounds(cells: Cells) -> tuple[AgeBounds, str]:
    low, high, prose = cells.text("min_age"), cells.text("max_age"), cells.plain("ages")
    least, most = _age(cells, low, "min_age"), _age(cells, high, "max_age")
    said = " ".join(part for part in (prose, *((low, "–", high) if (low and least is None) or (high and most is None) else ())) if part)  # fmt: skip
    if least is not None and most is not None and (least > most or most == 0):
        cells.warn(f"from {least} to {most} years is no span of ages; kept as it is written")
        return NO_BOUNDS, f"{low}–{high}"
    if least is None and most is None and prose:
        return age_bounds(prose), prose
    return AgeBounds(least, most), said


def _age(cells: Cells, text: str, name: str) -> int | None:
    if not text:
        return None
    found = values.age(text)
    if found is None:
        bounds = age_bounds(text)
        found = bounds.least if name == "min_age" else bounds.most
        if found is None:
            cells.warn(f"{text[:30]!r} is no age ({name}); kept as it is written")
        return found
    if found > OLDEST:
        cells.warn(f"{found} years is no age anybody has ({name}); taken as no limit")
        return None
    return found


def _kinds(rows: Sequence[Cells]) -> tuple[tuple[str, ...], tuple[TermRecord, ...]]:
    kinds: dict[str, None] = {}
    terms: dict[str, TermRecord] = {}
    for row in rows:
        for name in ("kinds", "tags"):
            for heading, text in row.every(name):
                whole = kind_of(text) if name == "kinds" else None
                for piece in [text] if whole else values.pieces(values.plain(text)):
                    if len(piece) > 200 or values.is_unknown(piece):
                        continue
                    if name == "kinds" and (slug := whole or kind_of(piece)):
                        kinds[slug] = None
                    term = TermRecord(
                        key=f"{heading}:{' '.join(piece.casefold().split())}", name=piece, taxonomy=heading
                    )
                    terms.setdefault(term.key, term)
    return tuple(kinds), tuple(terms.values())


def _costs(rows: Sequence[Cells]) -> tuple[CostRecord, ...]:
    found: list[CostRecord] = []
    for row in rows:
        text, option = row.plain("cost"), ", ".join(text for _, text in row.every("cost_option"))
        read = values.money(text) if text else None
        said = row.text("free")
        price = values.money(said) if said and values.yes_no(said) is None else None
        free = (
            values.yes_no(said) is Answer.YES or (price is not None and price.pence == 0) if said else False
        )
        if free and read is not None and read.pence > 0:
            row.warn(f"said to be free and to cost {text[:30]}; the price is kept, “free” is not")
            free = False
        if text or option:
            found.append(CostRecord(option=option, amount_pence=read.pence if read else None, currency=read.currency if read else "", text=text))  # fmt: skip
        if free and not (read is not None and read.pence == 0):
            found.append(CostRecord(amount_pence=0, text="free"))
    return tuple(one for n, one in enumerate(found) if one not in found[:n])


def _contacts(rows: Sequence[Cells]) -> tuple[list[dict[str, Any]], str, str]:
    """People to ask for, kept with the record; and a phone and e-mail that may stand for the activity."""
    found: list[dict[str, Any]] = []
    phone = email = ""
    for row in rows:
        name = " ".join(dict.fromkeys(values.plain(text) for _, text in row.every("contact_name")))
        title, mail, ring = row.plain("contact_title"), row.text("contact_email"), row.text("contact_phone")
        mixed = row.plain("contact")
        if mixed and not name:
            rest = values.WEBSITE.sub(" ", values.PHONE.sub(" ", values.EMAIL.sub(" ", mixed[:2000])))
            rest = " ".join(re.sub(r"(?i)\b(?:tel|phone|e-?mail|call|text|mob|mobile|on|or|at|and|contact|website|www)\b|[:;,/|()]", " ", rest).split())  # fmt: skip
            name = rest if any(char.isalpha() for char in rest) else ""
        if not (name or title or mail or ring):
            continue
        if row.yes_no("contact_visible") is Answer.NO:
            row.warn("a contact marked as not to be shown was left out")
            continue
        contact: dict[str, Any] = {"name": name, "title": title, "email": values.email(mail) or "", "phones": [{"number": ring}] if ring else []}  # fmt: skip
        found.append({part: value for part, value in contact.items() if value})
        phone, email = phone or values.phone(ring) or "", email or values.email(mail) or ""
    return found, phone, email


def _details(rows: Sequence[Cells], other_facts: list[str]) -> dict[str, Any]:
    first = rows[0]
    details: dict[str, Any] = {}
    for name, hsds in _HSDS.items():
        if text := "\n".join(dict.fromkeys(text for row in rows if (text := row.plain(name)))):
            details[hsds] = text
    if (summary := _first(rows, "summary")) and _first(rows, "description"):
        details["summary"] = summary
    if other_facts:
        details["accessibility"] = list(dict.fromkeys(other_facts))
    if gender := first.text("gender"):
        details["gender"] = gender
    kept = dict(first.kept())
    if kept:
        details["columns"] = kept
    more = [
        {heading: text for heading, text in row.kept().items() if kept.get(heading) != text}
        for row in rows[1:]
    ]
    if more := [one for one in more if one]:
        details["more_rows"] = more
    return details


def _phone(rows: Sequence[Cells], name: str) -> str:
    for row in rows:
        if text := row.text(name):
            found = values.phone(text)
            if found is None and re.fullmatch(r"\d(?:\.\d+)?[eE]\+\d+", text):
                row.warn(f"{text!r} was a phone number until a spreadsheet rounded it; left out")
                continue
            return found or (text if any(char.isdigit() for char in text) else "")[:100]
    return ""


def _email(rows: Sequence[Cells], name: str) -> str:
    for row in rows:
        if text := row.text(name):
            if (found := values.email(text)) is not None:
                return found
            row.warn(f"{text[:60]!r} is no e-mail address; left out")
    return ""


def _website(first: Cells, rows: Sequence[Cells], name: str) -> str:
    for row in rows:
        if text := row.text(name):
            if (found := values.website(text)) is not None:
                return found
            row.warn(f"{text[:60]!r} is no web address; left out")
    return ""


def _status(cells: Cells) -> str:
    if cells.text("closed_for_now") and cells.yes_no("closed_for_now") is Answer.YES:
        return "temporarily closed"
    text = cells.text("status")
    if not text:
        return "active"
    found = STATUSES.get(phrase(text))
    if found is None:
        cells.warn(f"{text[:40]!r} is no state we know; taken as active")
    return found or "active"


def _delivery(cells: Cells) -> Delivery:
    for heading, text in cells.every("delivery"):
        answer = values.yes_no(text)
        if answer in (Answer.YES, Answer.NO) and re.search(r"virtual|online|remote", heading, re.IGNORECASE):
            return Delivery.ONLINE if answer is Answer.YES else Delivery.IN_PERSON
        return Delivery(DELIVERIES.get(phrase(text), "unknown"))
    return Delivery.UNKNOWN


def _chosen(cells: Cells, name: str, table: dict[str, str], of: type[_T], unknown: _T) -> _T:
    text = cells.text(name)
    if not text:
        return unknown
    found = table.get(phrase(text))
    if found is None:
        cells.warn(
            f"{text[:40]!r} is none of {', '.join(sorted(set(table.values())))} ({name}); taken as unknown"
        )
        return unknown
    return of(found)


def _whole(cells: Cells, name: str) -> int | None:
    text = cells.text(name)
    found = values.whole(text) if text else None
    if text and found is None:
        cells.warn(f"{text[:30]!r} is no whole number ({name}); taken as not said")
    return found


def _for_girls(cells: Cells) -> dict[str, Answer]:
    text = phrase(cells.text("gender"))
    if not text:
        return {}
    if text in GENDERS_GIRLS:
        return {"girls_only": Answer.YES}
    everyone = (
        "mixed",
        "both",
        "all",
        "any",
        "everyone",
        "boys",
        "male",
        "men",
        "cymysg",
        "boys and girls",
        "m",
    )
    return {"girls_only": Answer.NO} if text in everyone else {}


def _day(cells: Cells, name: str) -> date | None:
    if (at := values.moment(cells.text(name))) is not None:
        return at.date()
    return day_of(cells, name)


def _moment(cells: Cells, name: str) -> datetime | None:
    if (at := values.moment(cells.text(name))) is not None:
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    on = day_of(cells, name)
    return datetime(on.year, on.month, on.day, tzinfo=UTC) if on is not None else None
