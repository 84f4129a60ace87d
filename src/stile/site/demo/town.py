"""Dawdlebridge: a made-up town over a real map, as a stream of neutral records.

The words live in `dawdlebridge/`, one file an organisation, written to be read and edited by hand.
All dates are relative to `today`, so the town is as fresh, as stale and as overdue on any day.
Every record carries `{"demo": True}` in its details: nothing here may ever pass for a real place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from stile.loop.directory.rules.records import (
    AtPlaceRecord,
    OrganisationRecord,
    PlaceRecord,
    Record,
    ServiceRecord,
    TimeRecord,
    Welcome,
)
from stile.loop.directory.rules.vocabulary import KIND_BY_SLUG, Delivery, ParentForm, Room
from stile.site.demo.shorthand import read_ages, read_checks, read_cost, read_facts, read_time

DEMO: Mapping[str, Any] = {"demo": True}
_FOLDER = "dawdlebridge"

_FILE = {"organisation", "places", "services"}
_ORGANISATION = {"key", "name", "description", "email", "website", "phone", "checks"}
_PLACE = {"name", "address", "district", "postcode", "lat", "lon", "transport", "description", "facts"}
_SERVICE = {
    "key", "name", "cy", "description", "kinds", "ages", "where", "how", "when", "costs", "room", "places",
    "waiting_weeks", "parent_form", "facts", "languages", "confirmed", "status", "alert", "join", "checks",
    "welcome",
}  # fmt: skip
_WELCOME = {field.name for field in fields(Welcome)}


@dataclass(frozen=True, slots=True)
class District:
    """A part of the town, for a label on a map or a town somebody types."""

    name: str
    outcode: str
    lat: float
    lon: float


def name() -> str:
    return str(_town()["name"])


def about() -> str:
    """What to say wherever the town is shown: that it is made up."""
    return str(_town()["about"])


def districts() -> tuple[District, ...]:
    return tuple(
        District(name, said["outcode"], said["lat"], said["lon"])
        for name, said in _town()["districts"].items()
    )


def records(today: date) -> Iterator[Record]:
    """Organisations, then places, then services, as any reader would yield them.

    ValueError with file and key when a file says something the vocabulary does not know.
    """
    sources = _files()
    organisations: dict[str, OrganisationRecord] = {}
    places: dict[str, PlaceRecord] = {}
    for where, said in sources:
        _only(said, _FILE, where)
        organisation = _organisation(said["organisation"], where)
        organisations[where] = organisation
        for key, place in said.get("places", {}).items():
            if key in places:
                raise ValueError(f"{where}: there is a place {key!r} already")
            places[key] = _place(key, place, organisation.key, where)
    yield from organisations.values()
    yield from places.values()
    for where, said in sources:
        for service in said["services"]:
            at = f"{where}#{service.get('key')}"
            try:
                yield _service(service, organisations[where], said["organisation"], places, today, at)
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{at}: {error}") from error


def _files() -> list[tuple[str, dict[str, Any]]]:
    return [(where, said) for where, said in _written() if not where.endswith("/town.yaml")]


def _town() -> dict[str, Any]:
    return next(said for where, said in _written() if where.endswith("/town.yaml"))


@lru_cache(maxsize=1)
def _written() -> tuple[tuple[str, dict[str, Any]], ...]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    folder = files("stile.site.demo").joinpath(_FOLDER)
    return tuple(
        (f"{_FOLDER}/{file.name}", yaml.load(file.read_text("utf-8"), Loader=loader))  # noqa: S506 (safe)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".yaml")
    )


def _only(said: Mapping[str, Any], allowed: set[str], where: str) -> None:
    if odd := set(said) - allowed:
        raise ValueError(f"{where}: nobody reads {', '.join(sorted(odd))}")


def _organisation(said: dict[str, Any], where: str) -> OrganisationRecord:
    _only(said, _ORGANISATION, where)
    return OrganisationRecord(
        key=said["key"],
        name=said["name"],
        description=said["description"],
        email=said.get("email", ""),
        website=said.get("website", ""),
        phone=said.get("phone", ""),
        details=DEMO,
        where=where,
    )


def _place(key: str, said: dict[str, Any], organisation: str, where: str) -> PlaceRecord:
    _only(said, _PLACE, f"{where}#{key}")
    if said["district"] not in {district.name for district in districts()}:
        raise ValueError(f"{where}#{key}: there is no district {said['district']!r}")
    description = {"description": said["description"]} if "description" in said else {}
    return PlaceRecord(
        key=key,
        name=said["name"],
        organisation_key=organisation,
        lat=said["lat"],
        lon=said["lon"],
        address=", ".join(filter(None, (said.get("address", ""), said["district"]))),
        town=name(),
        postcode=said.get("postcode", ""),
        country="GB",
        transport=said.get("transport", ""),
        facts=read_facts(said.get("facts", {})),
        details={**DEMO, **description},
        where=f"{where}#{key}",
    )


def _service(
    said: dict[str, Any],
    organisation: OrganisationRecord,
    about_organisation: dict[str, Any],
    places: Mapping[str, PlaceRecord],
    today: date,
    where: str,
) -> ServiceRecord:
    _only(said, _SERVICE, where)
    welcome = said.get("welcome", {})
    _only(welcome, _WELCOME, where)
    if bare := sorted(field for field, text in welcome.items() if not isinstance(text, str)):
        raise ValueError(f"put quotes round {', '.join(bare)}: YAML read it as something else than words")
    if odd := set(said["kinds"]) - set(KIND_BY_SLUG):
        raise ValueError(f"there is no kind {sorted(odd)}")
    key = said["key"]
    at_places = _at_places(key, said.get("where", {}), places, today)
    least, most = read_ages(said["ages"]) if "ages" in said else (None, None)
    description, alternate_name = said["description"], ""
    if welsh := said.get("cy"):
        # The neutral record has one name and one text: the Welsh ones travel beside the English ones.
        alternate_name = welsh["name"]
        description = f"{description}\n\nCymraeg: {welsh['summary']}"
    details = {"alert": said.get("alert"), "application_process": said.get("join")}
    return ServiceRecord(
        key=key,
        name=said["name"],
        organisation=organisation,
        alternate_name=alternate_name,
        description=description,
        website=f"{organisation.website}/{key}" if organisation.website else "",
        email=organisation.email,
        phone=organisation.phone,
        status=said.get("status", "active"),
        min_age=least,
        max_age=most,
        delivery=Delivery(said.get("how", Delivery.IN_PERSON)),
        parent_form=ParentForm(said.get("parent_form", ParentForm.UNKNOWN)),
        room=Room(said.get("room", Room.UNKNOWN)),
        places=said.get("places"),
        waiting_weeks=said.get("waiting_weeks"),
        kinds=tuple(said["kinds"]),
        facts=read_facts(said.get("facts", {})),
        languages=tuple(said.get("languages", ())),
        welcome=Welcome(**welcome),
        assurances=read_checks(said.get("checks", about_organisation["checks"]), today),
        confirmed_on=today - timedelta(days=said["confirmed"]),
        at_places=at_places,
        times=_times(key, said.get("when", ()), today),
        costs=tuple(read_cost(one, f"{key}/cost/{n}") for n, one in enumerate(said.get("costs", ()), 1)),
        details={**DEMO, **{field: text for field, text in details.items() if text}},
        where=where,
    )


def _times(key: str, written: Any, today: date) -> tuple[TimeRecord, ...]:
    return tuple(read_time(one, today, f"{key}/time/{n}") for n, one in enumerate(written, 1))


def _at_places(
    key: str, said: Any, places: Mapping[str, PlaceRecord], today: date
) -> tuple[AtPlaceRecord, ...]:
    """One place by its key, or several, each with times that hold only there."""
    by_place = {said: ()} if isinstance(said, str) else said
    return tuple(
        AtPlaceRecord(
            key=f"{key}@{place}",
            place=places[place],
            times=_times(f"{key}@{place}", when, today),
            details=DEMO,
        )
        for place, when in by_place.items()
    )
