"""Finding a place from packaged data alone: no database, no network.

The small tables under `defaults/` (outcodes, sectors, towns, authorities; built by
tools/build_geo_defaults.py) answer everything but a full postcode, which `packaged` answers.
"""

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from stile.places import packaged
from stile.places.rules import (
    NotFound,
    Place,
    Postcode,
    Precision,
    Reason,
    fold_name,
    postcode_within,
    read_postcode,
    repairs,
)

POSTCODE_KM = 0.1  # a postcode's own size: about 15 addresses
# Crown dependencies: postcodes of the Royal Mail's scheme, but on no grid of the directory.
OUTSIDE_AREAS = ("JE", "GY", "IM")
COUNTRIES = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
_ENOUGH_ALIKE = 72  # of 100: "mancester" is 95 from "manchester", unrelated names are under 65
_SUGGESTIONS = 5
_BEGUN = 3
_BEGINNING = 3  # letters from which "names that begin so" are worth offering


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of the packaged tables: middle (degrees), 90th percentile distance (km), authority."""

    name: str
    lat: float
    lon: float
    r90_km: float
    addresses: int
    authority: str | None
    share: float
    outcodes: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """A council's area at the packaged vintage. `region`: English region, else the country."""

    code: str
    name: str
    name_cy: str
    also: tuple[str, ...]
    region: str
    country: str
    counties: tuple[str, ...]
    spot: Spot


# How a full postcode is found: packaged directory, or a database in front of it.
Directory = Callable[[Postcode], Place | None]


def _rows(name: str) -> Iterator[dict[str, str]]:
    raw = files("stile.places").joinpath("defaults", name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    yield from csv.DictReader(io.StringIO(text.decode("utf-8")))


def _spot(row: dict[str, str], name: str) -> Spot:
    return Spot(
        name=name,
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        r90_km=float(row["r90_km"]),
        addresses=int(row["postcodes"]),
        authority=row["authority"] or None,
        share=float(row["share"]),
        outcodes=tuple(row.get("outcodes", "").split()),
        other_names=tuple(filter(None, row.get("also", "").split("|"))),
    )


@lru_cache(maxsize=1)
def origin() -> dict[str, str]:
    """What the packaged tables were built from: source, vintage, package, version."""
    loaded = json.loads(files("stile.places").joinpath("defaults", "origin.json").read_text("utf-8"))
    return {str(key): str(value) for key, value in loaded.items()}


@lru_cache(maxsize=1)
def outcodes() -> dict[str, Spot]:
    return {row["outcode"]: _spot(row, row["town"]) for row in _rows("outcodes.csv")}


@lru_cache(maxsize=1)
def sectors() -> dict[str, Spot]:
    return {row["sector"]: _spot(row, "") for row in _rows("sectors.csv.gz")}


@lru_cache(maxsize=1)
def towns() -> tuple[Spot, ...]:
    return tuple(_spot(row, row["name"]) for row in _rows("towns.csv"))


@lru_cache(maxsize=1)
def authorities() -> dict[str, Authority]:
    return {
        row["code"]: Authority(
            row["code"],
            row["name"],
            row["name_cy"],
            tuple(filter(None, row["also"].split("|"))),
            row["region"],
            COUNTRIES[row["code"][0]],
            tuple(filter(None, row["counties"].split("|"))),
            _spot(row | {"authority": row["code"], "share": "1"}, row["name"]),
        )
        for row in _rows("authorities.csv")
    }


def locate(text: str, directory: Directory | None = None) -> Place | NotFound:
    """The place `text` names: a postcode, part of one, a town or a council's area. See `Place`.

    `directory` answers full postcodes; by default the packaged one.
    """
    if not text.strip():
        return NotFound(Reason.EMPTY)
    look_up = directory or packaged_postcode
    postcode = read_postcode(text)
    if postcode and (found := place_of(postcode, look_up)):
        return found
    mended = [(p, found) for p in repairs(text) if (found := place_of(p, look_up, repaired=True))]
    if len(mended) == 1:
        return mended[0][1]
    if mended:
        return NotFound(Reason.SEVERAL, tuple(str(p) for p, _ in mended))
    if postcode:
        return _no_such_postcode(postcode)
    if named := by_name(text):
        return named
    if (postcode := postcode_within(text)) and (found := place_of(postcode, look_up)):
        return found
    return NotFound(Reason.UNKNOWN, names_like(text))


def packaged_postcode(postcode: Postcode) -> Place | None:
    """A full postcode from the packaged directory."""
    found = packaged.find(postcode)
    if found is None:
        return None
    return make_place(
        str(postcode),
        Spot("", found.lat, found.lon, POSTCODE_KM, 1, found.authority, 1.0 if found.authority else 0.0),
        Precision.POSTCODE,
        postcode.outcode,
        packaged.SOURCE,
        packaged.VINTAGE,
    )


def place_of(postcode: Postcode, look_up: Directory, repaired: bool = False) -> Place | None:
    """The sharpest place known for a postcode: itself, else its sector, else its outcode."""
    found = look_up(postcode) if postcode.unit else None
    if found is None and postcode.sector and (spot := sectors().get(postcode.sector)):
        found = make_place(
            _with_town(postcode.sector, postcode.outcode), spot, Precision.SECTOR, postcode.outcode
        )
    if found is None and (spot := outcodes().get(postcode.outcode)):
        found = make_place(
            _with_town(postcode.outcode, postcode.outcode), spot, Precision.OUTCODE, postcode.outcode
        )
    if found is None or not repaired:
        return found
    return Place(**{name: getattr(found, name) for name in Place.__slots__} | {"repaired": True})


def make_place(
    label: str,
    spot: Spot,
    precision: Precision,
    outcode: str | None,
    source: str | None = None,
    vintage: str | None = None,
) -> Place:
    authority = authorities().get(spot.authority or "")
    return Place(
        label=label,
        lat=spot.lat,
        lon=spot.lon,
        precision=precision,
        radius_km=spot.r90_km,
        authority_code=spot.authority,
        authority_name=authority.name if authority else None,
        authority_share=spot.share,
        country=authority.country if authority else None,
        outcode=outcode,
        source=source or origin()["source"],
        vintage=vintage or origin()["vintage"],
    )


def _with_town(code: str, outcode: str) -> str:
    spot = outcodes().get(outcode)
    return f"{code} ({spot.name})" if spot and spot.name else code


def _no_such_postcode(postcode: Postcode) -> NotFound:
    area = re.match(r"[A-Z]+", postcode.outcode)
    if area and area[0] in OUTSIDE_AREAS:
        return NotFound(Reason.OUTSIDE)
    near = process.extract(
        postcode.outcode, outcodes().keys(), scorer=fuzz.ratio, limit=_SUGGESTIONS, score_cutoff=60
    )
    return NotFound(Reason.UNKNOWN, tuple(sorted((name for name, _, _ in near), key=_as_counted)))


def _as_counted(outcode: str) -> tuple[str, int, str]:
    letters, digits, rest = re.fullmatch(r"([A-Z]+)(\d*)(.*)", outcode).groups()  # type: ignore[union-attr]
    return letters, int(digits or 0), rest


@lru_cache(maxsize=1)
def _towns_by_name() -> dict[str, tuple[Spot, ...]]:
    index: dict[str, list[Spot]] = {}
    for town in towns():
        for name in dict.fromkeys(map(fold_name, (town.name, *town.other_names))):
            index.setdefault(name, []).append(town)
    return {name: tuple(sorted(found, key=lambda t: -t.addresses)) for name, found in index.items()}


@lru_cache(maxsize=1)
def _authorities_by_name() -> dict[str, Authority]:
    return {
        fold_name(name): authority
        for authority in authorities().values()
        for name in (authority.name, authority.name_cy, *authority.also)
        if name
    }


@lru_cache(maxsize=4096)
def town_label(town: Spot) -> str:
    """The town's name with its council's where that tells more; looking it up finds this very town."""
    authority = authorities().get(town.authority or "")
    known = authority is None or set(fold_name(town.name).split()) <= set(fold_name(authority.name).split())
    where = "" if authority is None or known or town.share < 0.5 else f", {authority.name}"
    alike = [
        other
        for other in _towns_by_name()[fold_name(town.name)]
        if other is not town and (not where or other.authority == town.authority)
    ]
    return f"{town.name} ({town.outcodes[0]})" if alike else f"{town.name}{where}"


def by_name(text: str) -> Place | NotFound | None:
    """A town or council's area by name; NotFound if several share it; None if no such name."""
    folded = fold_name(text)
    if found := _towns_by_name().get(folded):
        return _one_town(found)
    if authority := _authorities_by_name().get(folded):
        return make_place(authority.name, authority.spot, Precision.AUTHORITY, None)
    words = folded.split()
    for cut in range(len(words) - 1, 0, -1):
        name, where = " ".join(words[:cut]), " ".join(words[cut:])
        if found := tuple(t for t in _towns_by_name().get(name, ()) if where in _wheres(t)):
            return _one_town(found)
    return None


def _one_town(found: tuple[Spot, ...]) -> Place | NotFound:
    if len(found) > 1:
        return NotFound(Reason.SEVERAL, tuple(town_label(town) for town in found[:12]))
    town = found[0]
    outcode = town.outcodes[0] if len(town.outcodes) == 1 else None
    return make_place(town_label(town), town, Precision.TOWN, outcode)


@lru_cache(maxsize=4096)
def _wheres(town: Spot) -> frozenset[str]:
    """What may be said after a town's name: council, county, region, country or outcode."""
    said = {*town.outcodes, "UK"}
    if authority := authorities().get(town.authority or ""):
        said |= {authority.name, authority.name_cy, *authority.also, authority.region, authority.country}
        said |= set(authority.counties)
    return frozenset(fold_name(word) for word in said if word)


def names_like(text: str) -> tuple[str, ...]:
    """Names spelled nearly like `text`, the likest first, each a label that can be looked up."""
    folded = fold_name(text)
    if not folded:
        return ()
    near: list[str] = []
    if len(folded) >= _BEGINNING:  # half typed: the larger places that begin so
        begun = (name for name in _towns_by_name() if name.startswith(folded))
        near = sorted(begun, key=lambda name: -_towns_by_name()[name][0].addresses)[:_BEGUN]
    names = (*_towns_by_name(), *_authorities_by_name())
    alike = process.extract(folded, names, scorer=fuzz.ratio, limit=_SUGGESTIONS, score_cutoff=_ENOUGH_ALIKE)
    near += [name for name, _, _ in alike]
    labels: list[str] = []
    for name in near:
        towns_found = _towns_by_name().get(name)
        labels += map(town_label, towns_found) if towns_found else [_authorities_by_name()[name].name]
    return tuple(dict.fromkeys(labels))[:_SUGGESTIONS]
