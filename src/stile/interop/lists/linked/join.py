"""Linked tables read as one directory: organisations, places, terms, then activities.

Each row of every table ends as a record, folded into the record it belongs to, or rejected: a phone
of nobody, a service at a place that is not in the list, a key used twice.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from stile.interop.source import Source
from stile.loop.directory.rules.records import (
    AtPlaceRecord,
    Folded,
    Item,
    OrganisationRecord,
    PlaceRecord,
    Rejected,
    TermRecord,
    TimeRecord,
    Unreadable,
    Warned,
)

from .. import values
from ..build import Hidden, Unfit, build, organisation_of
from ..cells import Cells, Plan
from ..mapping import Mapping
from ..phrases import PLACE_FACTS
from ..where import digest, facts_of, place_of
from . import parts
from .roles import Loaded, load, role_named
from .terms import json_terms

_SINGULAR = {"organisations": "organisation", "places": "place", "services": "service", "contacts": "contact",
             "programmes": "programme", "terms": "term"}  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One row that stands for something other rows may belong to."""

    cells: Cells
    one: Loaded
    key: str
    parents: dict[str, "Entry"] = field(default_factory=dict)  # role: row
    extras: dict[str, list[Any]] = field(default_factory=dict)  # what other rows add to it
    bad: str = ""  # why it was not taken

    @property
    def where(self) -> str:
        return self.cells.row.where


class _Join:
    def __init__(self, loaded: list[Loaded]) -> None:
        self.loaded = loaded
        self.entries: dict[str, dict[str, Entry]] = {}  # role: key: row
        self.items: list[Item] = []  # what came of the rows that are no records
        self.rows: dict[str, list[Entry]] = {}  # role: rows, in order
        self.tables: dict[str, list[Loaded]] = {}
        for one in loaded:
            self.tables.setdefault(one.role, []).append(one)
            # Only a row of the services' own table can be a service that nobody can tell any more.
            self.items += [replace(row, lost=row.lost and one.role == "services") for row in one.rejected]
            plan = Plan.of(one.mapping)
            for row in one.rows:
                cells = Cells(plan, row)
                key = row.cells.get(one.mapping.key, "") if one.mapping.key else ""
                entry = Entry(cells, one, key or f"{one.role}-{digest(*row.cells.values())}")
                there = self.entries.setdefault(one.role, {}).get(entry.key)
                if there is not None and there.one is one:
                    said = f"the key {key!r}" if key else "the very same row"
                    self.reject(entry, f"{said} stands at {there.where} already")
                    continue
                if there is None:
                    self.entries[one.role][entry.key] = entry
                self.rows.setdefault(one.role, []).append(entry)

    def reject(self, entry: Entry, reason: str) -> None:
        entry.bad = reason
        self.items.append(Rejected(entry.where, reason))
        if self.entries.get(entry.one.role, {}).get(entry.key) is entry:
            del self.entries[entry.one.role][entry.key]

    def fold(self, entry: Entry, into: Entry) -> None:
        self.items += [*entry.cells.warnings, Folded(entry.where, into.where)]

    def parents_of(self, entry: Entry, *needs_one_of: str) -> list[str]:
        """What is wrong with the keys of other rows in this row; those that are right go to `parents`."""
        problems: list[str] = []
        given = False
        for link in entry.one.mapping.links:
            text = entry.cells.cell(link.heading)
            role = role_named(link.table, self.loaded)
            if not text or role in ("terms", entry.one.role):
                continue
            given = given or role in needs_one_of
            parent = self.entries.get(role, {}).get(text)
            if parent is not None:
                entry.parents[role] = parent
            elif role != "organisations" or not entry.cells.text("organisation") or role in self.tables:
                kind = _SINGULAR.get(role, role)
                files = (
                    ", ".join(one.table.name for one in self.tables.get(role, ()))
                    or f"this source (it has no table of {role})"
                )
                problems.append(f"it belongs to the {kind} {text!r} ({link.heading}), which is not in {files}")  # fmt: skip
        if needs_one_of and not given:
            headings = ", ".join(link.heading for link in entry.one.mapping.links) or "no column of keys"
            problems.append(f"it belongs to nothing: {headings} {'are' if ',' in headings else 'is'} empty")
        return problems


def read(
    source: Source, *, mapping: Mapping | None = None, on_progress: Callable[[int], None] | None = None
) -> Iterator[Item]:
    """Every row of every table. Raises Unreadable."""
    loaded, notes = load(source, mapping)
    if not any(one.rows or one.rejected for one in loaded):
        raise Unreadable(f"{source.name}: there are headings but no rows.")
    if on_progress is not None:
        on_progress(sum(len(one.rows) for one in loaded))
    for note in notes if mapping is None else mapping.notes:
        yield Warned(source.name, note)
    join = _Join(loaded)
    organisations = _organisations(join)
    places = _check_places(join)
    for role in (
        "addresses",
        "programmes",
        "contacts",
        "phones",
        "times",
        "holidays",
        "languages",
        "costs",
        "at_places",
    ):
        _parts(join, role)
    yield from (
        organisations.values() if not join.rows.get("organisations") else _finished(join, organisations)
    )
    made = {entry.key: _place(entry, organisations) for entry in places}
    for entry in places:
        yield from entry.cells.warnings
        yield made[entry.key]
    terms, items = _terms(join, source)
    yield from items
    for entry in join.rows.get("services", []):
        if not entry.bad:
            yield from _service(join, entry, organisations, made, terms)
    for entry in join.rows.get("other", []):
        join.items.append(
            Rejected(
                entry.where, "it is not known what this table holds; say so with `role` in a mapping file"
            )
        )
    yield from join.items


def _organisations(join: _Join) -> dict[str, OrganisationRecord]:
    """By key. Where there is no table of them, those that other rows name in full."""
    found: dict[str, OrganisationRecord] = {}
    for entry in join.rows.get("organisations", []):
        cells = entry.cells
        name = cells.plain("organisation") or cells.plain("name")
        if not name:
            join.reject(entry, "it has no name")
            continue
        details = parts.kept(cells)
        parts.checked_dates(cells, details)
        for hsds, text in (("alternate_name", cells.plain("alternate_name")), ("accreditations", details.get("columns", {}).get("accreditations", ""))):  # fmt: skip
            if text:
                details[hsds] = text
        found[entry.key] = OrganisationRecord(
            key=entry.key,
            name=name.replace("\n", " "),
            description=cells.plain("organisation_description") or cells.plain("description"),
            email=values.email(cells.text("organisation_email") or cells.text("email")) or "",
            website=values.website(cells.text("organisation_website") or cells.text("website")) or "",
            phone=values.phone(cells.text("organisation_phone") or cells.text("phone")) or "",
            details=details,
            where=entry.where,
        )
    if "organisations" not in join.tables:
        for role in ("places", "services"):
            for entry in join.rows.get(role, []):
                one = organisation_of(entry.cells)
                if one is not None:
                    found.setdefault(one.key, one)
    return found


def _finished(join: _Join, organisations: dict[str, OrganisationRecord]) -> Iterator[Item]:
    for entry in join.rows.get("organisations", []):
        if entry.bad:
            continue
        found = organisations[entry.key]
        details = {
            **found.details,
            **{name: extra for name, extra in entry.extras.items() if name != "times"},
        }
        phone = found.phone or parts.first_voice(entry.extras.get("phones", []))
        organisations[entry.key] = replace(found, details=details, phone=phone)
        yield from entry.cells.warnings
        yield organisations[entry.key]


def _check_places(join: _Join) -> list[Entry]:
    good = []
    for entry in join.rows.get("places", []):
        problems = join.parents_of(entry)
        if problems:
            join.reject(entry, "; ".join(problems))
        else:
            good.append(entry)
    return good


def _place(entry: Entry, organisations: dict[str, OrganisationRecord]) -> PlaceRecord:
    cells = entry.cells
    facts, other = facts_of(cells)
    base = place_of(cells, facts) or PlaceRecord(key=entry.key)
    details = {
        **base.details,
        **parts.kept(cells),
        **{name: extra for name, extra in entry.extras.items() if name != "address"},
    }
    for hsds in ("alternate_name", "description", "summary"):
        if text := cells.plain(hsds):
            details[hsds] = text
    for hsds, text in (
        ("email", values.email(cells.text("email")) or ""),
        ("url", values.website(cells.text("website")) or ""),
    ):
        if text:
            details[hsds] = text
    if text := cells.text("phone"):
        details.setdefault("phones", []).append({"number": text})
    if languages := [one for _, text in cells.every("languages") for one in values.pieces(text)]:
        details["languages"] = languages
    if other:
        details["accessibility"] = other
    answers = [values.yes_no(text) for _, text in cells.every("delivery")]
    address: dict[str, str] = entry.extras.get("address", [{}])[0]
    owner = entry.parents.get("organisations")
    inline = organisation_of(cells) if owner is None else None
    return replace(
        base,
        key=entry.key,
        where=entry.where,
        name=base.name or cells.plain("name"),
        organisation_key=owner.key if owner is not None else inline.key if inline is not None else "",
        kind="virtual" if answers and answers[0] is not None and answers[0].value == "yes" else "physical",
        address=address.get("address") or base.address,
        town=address.get("town") or base.town,
        postcode=address.get("postcode") or base.postcode,
        country=address.get("country") or base.country,
        facts={slug: answer for slug, answer in facts.items() if slug in PLACE_FACTS},
        details={**details, **({"state_province": address["county"]} if address.get("county") else {})},
    )


def _parts(join: _Join, role: str) -> None:
    """Rows that belong to a place, a service, an organisation or a contact."""
    needs = {"addresses": ("places", "organisations"), "programmes": ("organisations",), "at_places": ("services", "places"),
             "phones": ("contacts", "places", "organisations", "services")}.get(role, ("places", "organisations", "services"))  # fmt: skip
    for entry in list(join.rows.get(role, [])):
        problems = join.parents_of(entry, *needs)
        problems += parts.PROBLEMS.get(role, parts.no_problems)(entry.cells)
        parent = next((entry.parents[one] for one in needs if one in entry.parents), None)
        if role == "at_places" and len(entry.parents) < 2:
            problems = problems or ["it needs both a service and a place"]
        if problems or parent is None:
            if role in parts.READ:  # all that is wrong with the row is said at once
                parts.READ[role](entry.cells)
                problems += [warning.reason for warning in entry.cells.warnings]
            join.reject(entry, "; ".join(problems) or "it belongs to nothing in this source")
            continue
        if role == "at_places":
            entry.parents["services"].extras.setdefault("at", []).append(entry.parents["places"])
        elif role == "times":
            time = parts.time_of(entry.cells)
            if parent.one.role == "services":
                parent.extras.setdefault("times", []).append(time)
            else:
                parent.extras.setdefault("schedules", []).append(parts.schedule(time))
        else:
            name, what = parts.READ[role](entry.cells)
            if name == "address" and name in parent.extras:
                name, what = "more_addresses", what
            parent.extras.setdefault(name, []).append(what)
            if role == "contacts":
                entry.extras["phones"] = what.setdefault("phones", [])
        join.fold(entry, parent)


def _terms(join: _Join, source: Source) -> tuple[dict[str, TermRecord], list[Item]]:
    found: dict[str, TermRecord] = {}
    items: list[Item] = []
    rows = join.rows.get("terms", [])
    keys = set(join.entries.get("terms", {}))
    for entry in rows:
        cells = entry.cells.row.cells
        name = next(
            (cells[heading] for heading in cells if heading.lower() in ("name", "term", "title", "label")), ""
        )
        parent = next(
            (
                cells[heading]
                for heading in cells
                if re.fullmatch(r"(?i)parent[_ ]?(id|taxonomy_id|key)", heading)
            ),
            "",
        )
        problems = [] if name else ["it has no name"]
        if parent and parent not in keys:
            problems.append(f"it stands under the term {parent!r}, which is not in {entry.one.table.name}")
        if problems:
            join.reject(entry, "; ".join(problems))
            continue
        taxonomy = entry.one.table.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        found[entry.key] = TermRecord(
            key=entry.key, name=name, taxonomy=taxonomy, code=entry.key, parent_key=parent, where=entry.where,
            details=parts.kept(entry.cells, of_part=True),
        )  # fmt: skip
        items.append(found[entry.key])
    for item in json_terms(source, found):
        if isinstance(item, TermRecord):
            found[item.key] = item
        items.append(item)
    return found, items


def _rejected(entry: Entry, reason: str) -> Rejected:
    """What is held of it stays; a row of a table without keys cannot be known again."""
    return Rejected(entry.where, reason, entry.key, lost=not entry.one.mapping.key)


def _service(
    join: _Join, entry: Entry, organisations: dict[str, OrganisationRecord], places: dict[str, PlaceRecord],
    terms: dict[str, TermRecord],
) -> Iterator[Item]:  # fmt: skip
    problems = join.parents_of(entry)
    if problems:
        yield _rejected(entry, "; ".join(problems))
        return
    here = [*([entry.parents["places"]] if "places" in entry.parents else []), *entry.extras.get("at", [])]
    owner = entry.parents.get("organisations") or next((at.parents["organisations"] for at in here if "organisations" in at.parents), None)  # fmt: skip
    inline = organisation_of(entry.cells) if owner is None else None
    organisation = organisations.get(owner.key) if owner is not None else inline
    try:
        built = build([entry.cells], entry.key, organisation)
    except Unfit as reason:
        yield (
            Rejected(entry.where, str(reason))
            if isinstance(reason, Hidden)
            else _rejected(entry, str(reason))
        )
        return
    service = built.service
    at_places = (
        tuple(AtPlaceRecord(f"{entry.key}@{at.key}", places[at.key]) for at in here) or service.at_places
    )
    extras = entry.extras
    phones = extras.get("phones", []) or [
        one for contact in extras.get("contacts", []) for one in contact.get("phones", [])
    ]
    phones = phones or [phone for at in here for phone in places[at.key].details.get("phones", [])]
    details = {
        **service.details,
        **{name: extra for name, extra in extras.items() if name not in ("times", "at", "costs")},
    }
    programme = entry.parents.get("programmes")
    if programme is not None:
        details["program"] = programme.cells.text("name")
    if contacts := [*service.details.get("contacts", []), *extras.get("contacts", [])]:
        details["contacts"] = contacts
    known = dict.fromkeys(
        key for link in entry.one.mapping.links if link.table == "terms" or (join.tables.get("terms") and link.table in {one.table.name for one in join.tables["terms"]})
        for key in values.pieces(entry.cells.cell(link.heading))
    )  # fmt: skip
    for key in known:
        if key not in terms:
            yield Warned(entry.where, f"the term {key!r} is in no table of terms; left out")
    times: tuple[TimeRecord, ...] = (*service.times, *extras.get("times", []))
    yield replace(
        service,
        at_places=at_places,
        phone=service.phone or parts.first_voice(phones),
        times=times,
        terms=(*(replace(terms[key], where="") for key in known if key in terms), *service.terms),
        costs=(*service.costs, *extras.get("costs", [])),
        details=details,
    )
    yield from built.warnings
