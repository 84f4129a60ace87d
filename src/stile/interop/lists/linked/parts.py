"""Rows that belong to another row: a phone, an address, an opening time, a person to ask for."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import CostRecord, TimeRecord

from .. import values
from ..cells import Cells
from ..fields import words_of

OWN_NAMES = frozenset(  # headings of fixed meaning in tables of phones, times and the like
    ["number", "number type", "type", "extension", "department", "vanity number", "country prefix", "name", "title", "email", "attention", "weekday", "opens at", "closes at", "start date", "end date", "closed", "parent id", "parent name", "alternate name", "language", "amount"]
)  # fmt: skip
_KEYS = re.compile(r"(?i)(?:.*[_ ])?(?:id|uuid|guid)")
_DATES = re.compile(r"(?i)(?:.*[_ ])?dates?(?:[_ ].*)?")


def raw(cells: Cells, name: str) -> str:
    """The cell under a heading of exactly this name, in any case; these tables have fixed headings."""
    for heading in cells.row.cells:
        if heading.lower().replace(" ", "_") == name:
            return values.plain(cells.cell(heading))
    return ""


def kept(cells: Cells, *, of_part: bool = False) -> dict[str, Any]:
    """What is not used of a row, without its keys, as details."""
    columns = {
        heading: text
        for heading, text in cells.kept().items()
        if not _KEYS.fullmatch(heading) and not (of_part and words_of(heading) in OWN_NAMES)
    }
    return {"columns": columns} if columns else {}


def checked_dates(cells: Cells, details: dict[str, Any]) -> None:
    """Say of each date that is kept as words when it is none."""
    for heading, text in details.get("columns", {}).items():
        if _DATES.fullmatch(heading) and not values.is_unknown(text):
            if all(values.day(text, way) is None for way in (True, False)):
                cells.warn(f"{text[:40]!r} is no date ({heading}); kept as it is written")
            elif re.search(r"(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$", text.strip()):
                cells.warn(f"{text[:40]!r} leaves the century open ({heading}); kept as it is written")


def first_voice(phones: Sequence[dict[str, Any]]) -> str:
    """The first number one can ring: neither a fax nor for texts only."""
    for phone in phones:
        if str(phone.get("type", "")).lower() not in ("fax", "sms", "tty", "textphone") and phone.get(
            "number"
        ):
            return str(phone["number"])
    return ""


def _phone(cells: Cells) -> tuple[str, dict[str, Any]]:
    made = {
        "number": raw(cells, "number") or cells.text("phone"), "type": raw(cells, "number_type") or raw(cells, "type"),
        "extension": raw(cells, "extension"), "description": raw(cells, "department") or raw(cells, "description"),
        "vanity_number": raw(cells, "vanity_number"), "country_prefix": raw(cells, "country_prefix"),
    }  # fmt: skip
    return "phones", {name: text for name, text in made.items() if text}


def _address(cells: Cells) -> tuple[str, dict[str, str]]:
    lines = [text for _, text in cells.every("address")]
    made = {
        "address": ", ".join(values.plain(line) for line in lines), "town": cells.plain("town"), "postcode": cells.text("postcode"),
        "county": cells.plain("county"), "country": cells.plain("country"), "attention": raw(cells, "attention"),
    }  # fmt: skip
    if not made["town"]:
        cells.warn("the address has no town or city")
    postal = (
        any(heading.lower() == "attention" for heading in cells.row.cells)
        or "mail" in cells.plan.mapping.table.lower()
    )
    return "mail_addresses" if postal else "address", {name: text for name, text in made.items() if text}


def _contact(cells: Cells) -> tuple[str, dict[str, Any]]:
    made = {name: raw(cells, name) for name in ("name", "title", "department", "email")}
    return "contacts", {name: text for name, text in made.items() if text}


def _holiday(cells: Cells) -> tuple[str, dict[str, Any]]:
    made: dict[str, Any] = {
        name: raw(cells, name) for name in ("start_date", "end_date", "opens_at", "closes_at")
    }
    for name in ("start_date", "end_date"):
        text = made[name]
        read = values.day(text, _month_first(cells)) if text else None
        if text and read is None:
            cells.warn(f"{text[:40]!r} could be two dates or none ({name}); kept as it is written")
        made[name] = read.isoformat() if read is not None else text
    answer = values.yes_no(raw(cells, "closed"))
    made["closed"] = "" if answer is None else answer.value
    return "holiday_schedules", {name: text for name, text in made.items() if text}


def _month_first(cells: Cells) -> bool | None:
    """As the mapping says, else as this row's other dates can only be read."""
    if cells.plan.mapping.month_first is not None:
        return cells.plan.mapping.month_first
    return values.month_first([raw(cells, "start_date"), raw(cells, "end_date")])


def _cost(cells: Cells) -> tuple[str, CostRecord]:
    text = cells.plain("cost") or raw(cells, "amount")
    read = values.money(text) if text else None
    option = ", ".join(text for _, text in cells.every("cost_option"))
    return "costs", CostRecord(option=option, amount_pence=read.pence if read else None, currency=read.currency if read else "", text=text)  # fmt: skip


def _language(cells: Cells) -> tuple[str, str]:
    return "languages", cells.text("languages") or raw(cells, "language") or raw(cells, "name")


def _programme(cells: Cells) -> tuple[str, dict[str, str]]:
    made = {name: raw(cells, name) for name in ("id", "name", "alternate_name", "description")}
    return "programs", {name: text for name, text in made.items() if text}


READ: dict[str, Callable[[Cells], tuple[str, Any]]] = {
    "phones": _phone, "addresses": _address, "contacts": _contact, "holidays": _holiday, "costs": _cost,
    "languages": _language, "programmes": _programme,
}  # fmt: skip


def time_of(cells: Cells) -> TimeRecord:
    """A regular opening time. Without both hours, or with hours the wrong way round, it stays words."""
    day, opens, closes = raw(cells, "weekday"), raw(cells, "opens_at"), raw(cells, "closes_at")
    said = " ".join(part for part in (day, "–".join(part for part in (opens, closes) if part)) if part)
    days, (begin, end) = values.weekdays(day), values.hours(opens, closes) or (None, None)
    if days and begin is not None and end is not None and end <= begin:
        cells.warn(f"{said!r} ends before it begins; kept as words")
        return TimeRecord(text=said)
    if not days or begin is None or end is None:
        cells.warn(f"{said!r} is not certain enough to be a time; kept as words")
        return TimeRecord(text=said)
    byday = ",".join(values.BYDAY[n] for n in sorted(days))
    return TimeRecord(freq="WEEKLY", byday=byday, opens_at=begin, closes_at=end, text=said)


def schedule(time: TimeRecord) -> dict[str, str]:
    """A time as HSDS writes it, for the hours of a building."""
    made = {
        "freq": time.freq, "byday": time.byday, "description": time.text,
        "opens_at": time.opens_at.isoformat("minutes") if time.opens_at else "",
        "closes_at": time.closes_at.isoformat("minutes") if time.closes_at else "",
    }  # fmt: skip
    return {name: text for name, text in made.items() if text}


def no_problems(cells: Cells) -> list[str]:
    return []


def _phone_problems(cells: Cells) -> list[str]:
    number = raw(cells, "number") or cells.text("phone")
    if not number:
        return ["it has no number"]
    return [] if sum(char.isdigit() for char in number) >= 3 else [f"{number[:30]!r} is no phone number"]


def _address_problems(cells: Cells) -> list[str]:
    return (
        [] if any(cells.text(name) for name in ("address", "town", "postcode")) else ["the address is empty"]
    )


def _named(cells: Cells) -> list[str]:
    return [] if raw(cells, "name") else ["it has no name"]


def _time_problems(cells: Cells) -> list[str]:
    day, opens, closes = raw(cells, "weekday"), raw(cells, "opens_at"), raw(cells, "closes_at")
    return _missing({"day of the week": day, "opening time": opens, "closing time": closes})


def _holiday_problems(cells: Cells) -> list[str]:
    first, last = raw(cells, "start_date"), raw(cells, "end_date")
    problems = _missing({"first day": first, "last day": last})
    said = raw(cells, "closed")
    closed = values.yes_no(said)
    if not said:
        problems.append("it does not say whether it is closed")
    elif closed is None:
        problems.append(f"{said[:20]!r} does not say whether it is closed")
    if closed is not Answer.YES:
        problems += _missing(
            {"opening time": raw(cells, "opens_at"), "closing time": raw(cells, "closes_at")}
        )
    for text in (first, last):
        if text and all(values.day(text, way) is None for way in (True, False)):
            problems.append(f"{text[:40]!r} is no date")
    return problems


def _missing(parts: dict[str, str]) -> list[str]:
    return [f"it has no {name}" for name, text in parts.items() if not text]


PROBLEMS: dict[str, Callable[[Cells], list[str]]] = {
    "phones": _phone_problems, "addresses": _address_problems, "programmes": _named, "contacts": _named,
    "times": _time_problems, "holidays": _holiday_problems,
}  # fmt: skip
