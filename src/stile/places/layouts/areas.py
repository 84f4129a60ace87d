"""Areas with a code and a name, from any GeoJSON or CSV: councils, LSOAs, wards, health boards."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import ijson

from stile.places.layouts.opening import BadFile, Member, Row, Table, csv_table, members
from stile.places.layouts.reading import AreaRow, Reading

_CODE = r"(?P<kind>[a-z]+\d\d)_?(cd|code)"
_LAT, _LON = r"lat(itude)?", r"lon(g|gitude)?"
_LONGEST_CODE = 12


def read(
    path: Path, *, code_field: str = "", name_field: str = "", parent_field: str = "", kind: str = "",
    vintage: str = "",
) -> tuple[Reading[AreaRow], list[Member], str]:  # fmt: skip
    """The areas in a file, and their kind ("lsoa21"), which the code's field says unless it is given.

    Fields are found by name ("LAD25CD", "LAD25NM") where they are not given. BadFile if they cannot be.
    """
    files = members(path, (r"\.geojson$", r"\.json$", r"\.csv$"))[:1]
    if files[0].name.lower().endswith(".csv"):
        table = csv_table(files[0])
        chosen = _fields(table.header, code_field, name_field, parent_field, table.file)
        rows = _from_csv(table, chosen)
    else:
        header = _first_properties(files[0])
        chosen = _fields(header, code_field, name_field, parent_field, files[0].name)
        rows = _from_geojson(files[0], chosen)
    match = re.fullmatch(_CODE, chosen[0], re.IGNORECASE)
    said = kind.lower() or (match["kind"].lower() if match else "")
    if not said:
        raise BadFile("say with --kind what the areas are, such as lad or lsoa21", files[0].name)
    if len(said) > 20:
        raise BadFile("a kind of area is at most 20 letters", files[0].name)
    year = re.search(r"\d\d$", said)
    return Reading(f"areas:{said}", vintage or (f"20{year[0]}" if year else "not said"), rows), files, said


def _fields(
    header: tuple[str, ...], code_field: str, name_field: str, parent_field: str, file: str
) -> tuple[str, str, str]:
    by_lower = {name.lower(): name for name in header}
    for given in filter(None, (code_field, name_field, parent_field)):
        if given.lower() not in by_lower:
            raise BadFile(f"has no field {given!r}. Its fields are: {', '.join(header)}", file)
    codes = [name for name in header if re.fullmatch(_CODE, name, re.IGNORECASE)]
    if not code_field and len(codes) != 1:
        found = f" ({', '.join(codes)})" if codes else ""
        raise BadFile(f"say with --code-field which field holds the codes{found}", file)
    code = by_lower[code_field.lower()] if code_field else codes[0]
    stem = re.sub(r"_?(cd|code)$", "", code, flags=re.IGNORECASE)
    guesses = [name_field] if name_field else [f"{stem}nm", f"{stem}_name", f"{stem}name", "name"]
    name = next((by_lower[g.lower()] for g in guesses if g.lower() in by_lower), None)
    if name is None:
        raise BadFile(f"say with --name-field which field holds the names of {code}", file)
    return code, name, by_lower[parent_field.lower()] if parent_field else ""


def _from_csv(table: Table, chosen: tuple[str, str, str]) -> Iterator[AreaRow]:
    index = {name: i for i, name in enumerate(table.header)}
    lat, lon = table.find(_LAT), table.find(_LON)
    for row in table.rows:
        values = {name: str(row.values[i]) for name, i in index.items()}
        position = (
            (values[table.header[lat]], values[table.header[lon]])
            if lat is not None and lon is not None
            else ("", "")
        )
        yield _area(row, values, chosen, position, None)


def _features(member: Member) -> Iterator[Row]:
    try:
        with member.open() as stream:
            for number, feature in enumerate(ijson.items(stream, "features.item", use_float=True), 1):
                yield Row(member.name, number, (feature,))
    except ijson.JSONError as error:
        raise BadFile(f"is not proper JSON ({error})", member.name) from error


def _first_properties(member: Member) -> tuple[str, ...]:
    for row in _features(member):
        feature: Any = row.values[0]
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
            return tuple(feature["properties"])
        break
    raise BadFile("is not a GeoJSON collection of features", member.name)


def _from_geojson(member: Member, chosen: tuple[str, str, str]) -> Iterator[AreaRow]:
    for row in _features(member):
        feature: Any = row.values[0]
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise row.bad("is a feature without properties")
        values = {k: "" if v is None else str(v) for k, v in feature["properties"].items()}
        lower = {k.lower(): v for k, v in values.items()}
        geometry = feature.get("geometry")
        said = (
            next((lower[k] for k in ("lat", "latitude") if lower.get(k)), ""),
            next((lower[k] for k in ("long", "lon", "longitude") if lower.get(k)), ""),
        )
        middle = said if all(said) else tuple(map(str, _middle(row, geometry))) if geometry else ("", "")
        shape = json.dumps(geometry, separators=(",", ":")) if geometry else None
        yield _area(row, values, chosen, (middle[0], middle[1]), shape)


def _area(
    row: Row,
    values: dict[str, str],
    chosen: tuple[str, str, str],
    position: tuple[str, str],
    shape: str | None,
) -> AreaRow:
    code, name, parent = (values.get(field, "").strip() if field else "" for field in chosen)
    if not code or len(code) > _LONGEST_CODE:
        raise row.bad(f"{code!r} is not an area code", chosen[0])
    if not name:
        raise row.bad("has no name", chosen[1])
    try:
        lat, lon = (float(p) if p.strip() not in ("", "NA") else None for p in position)
    except ValueError:
        raise row.bad(f"{position} is not a position") from None
    if lat is not None and lon is not None and not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise row.bad(f"{lat}, {lon} is not in degrees: positions must be WGS84 latitude and longitude")
    return AreaRow(code, name, lat, lon, shape, parent)


def _middle(row: Row, geometry: Any) -> tuple[float, float]:
    """(lat, lon) of the centre of the largest polygon's outer ring (in degrees; ample for a label)."""
    try:
        kind, coordinates = geometry["type"], geometry["coordinates"]
        if kind == "Point":
            return float(coordinates[1]), float(coordinates[0])
        polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}[kind]
        return max((_centroid(polygon[0]) for polygon in polygons), key=lambda found: found[0])[1]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise row.bad("has a geometry that is not a point or polygon") from error


def _centroid(ring: list[list[float]]) -> tuple[float, tuple[float, float]]:
    """(area, (lat, lon)) of a ring, by the shoelace formula taken from its first corner."""
    x0, y0 = ring[0][0], ring[0][1]
    twice = sum_x = sum_y = 0.0
    for (ax, ay, *_), (bx, by, *_) in pairwise(ring):
        cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        twice += cross
        sum_x += (ax + bx - 2 * x0) * cross
        sum_y += (ay + by - 2 * y0) * cross
    if abs(twice) < 1e-12:  # a line, or a point drawn as a ring
        return 0.0, (y0, x0)
    return abs(twice) / 2, (y0 + sum_y / (3 * twice), x0 + sum_x / (3 * twice))
