"""Where is that? And what is known of it? The database where files are loaded, else the packaged data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from stile.kernel.answer import Answer
from stile.kernel.geo import box_around, km_between
from stile.places import gazetteer
from stile.places.gazetteer import Spot
from stile.places.rules import NotFound, Place, Postcode, Precision

_COUNTRIES = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
# The ONS's grades of a position that are no better than the middle of the sector.
_ONLY_THE_SECTOR = (6, 8)


def locate(text: str) -> Place | NotFound:
    """The place `text` names (postcode, part of one, town, council's area), or why there is none.

    Only a full postcode asks the database, and where there is none to ask the packaged directory
    answers. Never guesses: `precision` and `radius_km` say how sure the place is, and a `NotFound`
    carries the nearest spellings, each of which can be looked up as it stands.
    """
    return gazetteer.locate(text, _postcode)


def _postcode(postcode: Postcode) -> Place | None:
    return _loaded_postcode(postcode) or gazetteer.packaged_postcode(postcode)


def _loaded_postcode(postcode: Postcode) -> Place | None:
    """From the directory in the database, if Django is set up, the database answers and has it."""
    # Imported here: `locate` serves programs that run without Django.
    from django.apps import apps
    from django.db import OperationalError, connection

    if not apps.ready:
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.lat, p.lon, p.grade, p.retired, p.lad, p.lsoa21, p.msoa21, p.icb, r.source, r.vintage"
                " FROM places_postcode p JOIN places_georelease r ON r.id = p.release_id WHERE p.pc = %s",
                [str(postcode).replace(" ", "")],
            )
            row = cursor.fetchone()
    except OperationalError:
        return None
    if row is None:
        return None
    lat, lon, grade, retired, lad, lsoa, msoa, icb, source, vintage = row
    sector = gazetteer.sectors().get(postcode.sector or "") if grade in _ONLY_THE_SECTOR else None
    place = gazetteer.make_place(
        str(postcode),
        Spot(
            "",
            lat,
            lon,
            sector.r90_km if sector else gazetteer.POSTCODE_KM,
            1,
            lad or None,
            1.0 if lad else 0.0,
        ),
        Precision.SECTOR if grade in _ONLY_THE_SECTOR else Precision.POSTCODE,
        postcode.outcode,
        source,
        vintage,
    )
    return replace(
        place,
        authority_name=place.authority_name or area_name(lad),
        country=place.country or _COUNTRIES.get(lad[:1]),
        lsoa=lsoa or None,
        msoa=msoa or None,
        icb=icb or None,
        retired=Answer.of(retired),
    )


def area_name(code: str) -> str | None:
    """The name of an area: the latest loaded, else the packaged name of a council's area."""
    from stile.places.models import Area

    loaded = (
        Area.objects.filter(code=code).order_by("-release__vintage").values_list("name", flat=True).first()
    )
    packaged = gazetteer.authorities().get(code)
    return loaded or (packaged.name if packaged else None)


@dataclass(frozen=True, slots=True)
class Release:
    """An edition of an official file that is in use."""

    slot: str
    source: str
    vintage: str
    rows: int
    loaded_at: datetime


def releases() -> list[Release]:
    """What is loaded now, for the page about the data."""
    from stile.places.models import GeoRelease

    rows = GeoRelease.objects.filter(current=True).order_by("slot")
    return [Release(r.slot, r.source, r.vintage, r.rows, r.loaded_at) for r in rows]


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure about one area, with where it is from. `low`, `high`: the source's own interval."""

    area: str
    indicator: str
    period: str
    value: float
    low: float | None
    high: float | None
    source: str
    vintage: str


def figures(indicator: str, areas: Sequence[str], period: str = "") -> dict[str, Figure]:
    """Area code -> its figure of `period` (the latest, if none is given). Areas without one are absent."""
    from stile.places.models import AreaStat

    rows = AreaStat.objects.filter(indicator=indicator, area__in=areas).select_related("release")
    if period:
        rows = rows.filter(period=period)
    return {
        row.area: Figure(
            row.area, row.indicator, row.period, row.value, row.low, row.high,
            row.release.source, row.release.vintage,
        )
        for row in rows.order_by("period")  # later periods overwrite earlier ones
    }  # fmt: skip


def parents(child: str, kind: str) -> dict[str, float]:
    """Areas that `child` lies in, with its share in each: `kind` is "lsoa21-icb" and the like."""
    from stile.places.models import AreaLink

    return dict(AreaLink.objects.filter(child=child, kind=kind).values_list("parent", "share"))


def towns_around(lat: float, lon: float, km: float) -> tuple[tuple[str, float, float], ...]:
    """Towns within `km` of a point as (name, lat, lon), the one with the most postcodes first: for a map."""
    box = box_around(lat, lon, km)
    near = [
        town
        for town in gazetteer.towns()
        if box.south <= town.lat <= box.north
        and box.west <= town.lon <= box.east
        and km_between(lat, lon, town.lat, town.lon) <= km
    ]
    near.sort(key=lambda town: (-town.addresses, town.name))
    return tuple((town.name, town.lat, town.lon) for town in near)
