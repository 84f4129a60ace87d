"""The place a row speaks of: address, position, facts about the building."""

import hashlib
import re

from stile.kernel.answer import Answer
from stile.kernel.geo import BRITISH_GRID, IRISH_GRID, grid_to_wgs84
from stile.loop.directory.rules.records import PlaceRecord

from . import values
from .cells import Cells
from .guess import point_of
from .phrases import PLACE_FACTS, fact_of

_OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?(?: ?[0-9])?", re.IGNORECASE)
_BRITISH = frozenset(["gb", "uk", "united", "kingdom", "great", "britain", "england", "wales", "cymru", "scotland", "northern", "ireland"]) | {
    "united kingdom", "great britain", "northern ireland", "u.k.", "g.b.", "",
}  # fmt: skip


def digest(*parts: object) -> str:
    """A short name that stays the same as long as its parts do; blind to case and spacing."""
    said = "\x1f".join(" ".join(str(part).casefold().split()) for part in parts)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:20]


def place_of(cells: Cells, facts: dict[str, Answer]) -> PlaceRecord | None:
    """The place, or None where the row says nothing of one. A place to be hidden comes out blurred."""
    name, town = cells.plain("place_name"), cells.plain("town")
    lines = dict.fromkeys(values.plain(text) for _, text in cells.every("address"))
    address = ", ".join(line.replace("\n", ", ").strip(" ,") for line in lines if line.strip(" ,"))
    address = re.sub(r"\s*,(?:\s*,)+", ",", address)
    country = cells.plain("country")
    british = country.casefold() in _BRITISH
    postcode = _postcode(cells, address, british)
    lat, lon = _position(cells, postcode, british)
    transport = cells.plain("transport")
    if not (name or town or address or postcode or lat is not None):
        if transport:
            cells.warn("says how to get there but not where it is")
        return None
    details: dict[str, object] = {}
    if county := cells.plain("county"):
        details["state_province"] = county
    if description := cells.plain("place_description"):
        details["description"] = description
    if cells.yes_no("mask_address") is Answer.YES or cells.yes_no("place_visible") is Answer.NO:
        name = address = transport = ""
        details.pop("description", None)
        details["exact_address_hidden"] = True
        postcode = postcode.split(" ")[0] if " " in postcode else ("" if len(postcode) > 4 else postcode)
        lat, lon = (round(lat, 2), round(lon, 2)) if lat is not None and lon is not None else (None, None)
        cells.warn(
            "the exact place is to be hidden: its address was left out and its position blurred to a kilometre"
        )
        if not (town or postcode or lat is not None):
            return None
    given = cells.text("place_id")
    about = {slug: answer for slug, answer in facts.items() if slug in PLACE_FACTS}
    key = given or "place-" + digest(name, address, town, postcode, lat, lon, transport, sorted(about.items()), *details.values())  # fmt: skip
    return PlaceRecord(
        key=key, name=name, lat=lat, lon=lon, address=address, town=town, postcode=postcode, country=country,
        transport=transport, facts=about, details=details, where=cells.row.where,
    )  # fmt: skip


def _postcode(cells: Cells, address: str, british: bool) -> str:
    text = cells.text("postcode")
    if not text:
        found = (
            values.POSTCODE.findall(address[:500]) if "postcode" not in cells.plan.fields or british else []
        )
        return values.postcode(found[-1]) or "" if found else ""
    if (whole := values.postcode(text)) is not None:
        return whole
    inside = values.POSTCODE.findall(text[:200])
    if len(inside) == 1:
        return values.postcode(inside[0]) or text
    if british and not _OUTCODE.fullmatch(text):
        cells.warn(f"{text[:30]!r} is no postcode of the United Kingdom; kept as it is written")
    return text[:40]


def _position(cells: Cells, postcode: str, british: bool) -> tuple[float | None, float | None]:
    lat, lon = _degrees(cells)
    if lat is None or lon is None:
        return None, None
    if lat == 0 and lon == 0:
        cells.warn("the position 0, 0 lies in the sea; taken as not said")
        return None, None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        cells.warn(f"the position {lat}, {lon} lies nowhere on earth; taken as not said")
        return None, None
    if _in_uk(lon, lat) and not _in_uk(lat, lon):
        cells.warn(
            f"latitude {lat} and longitude {lon} stand under each other's headings; read the other way round"
        )
        lat, lon = lon, lat
    if british and values.postcode(postcode) and not _in_uk(lat, lon):
        cells.warn(
            f"the position {lat}, {lon} lies outside the United Kingdom, the postcode inside; position left out"
        )
        return None, None
    return lat, lon


def _in_uk(lat: float, lon: float) -> bool:
    return 49.0 <= lat <= 61.5 and -9.0 <= lon <= 2.3


def _degrees(cells: Cells) -> tuple[float | None, float | None]:
    if text := cells.text("point"):
        found = point_of(text)
        if found is None:
            cells.warn(f"{text[:60]!r} is no position")
        return found or (None, None)
    texts = [cells.text("lat"), cells.text("lon")]
    if any(texts):
        read = [values.number(text) if text else None for text in texts]
        if None in read:
            cells.warn(f"{' and '.join(text[:20] or 'nothing' for text in texts)}: not a position in degrees")
            return None, None
        return read[0], read[1]
    texts = [cells.text("easting"), cells.text("northing")]
    if not all(texts):
        return None, None
    east, north = values.number(texts[0]), values.number(texts[1])
    if east is None or north is None or not (0 < east < 800_000 and 0 < north < 1_400_000):
        cells.warn(f"{texts[0][:20]}, {texts[1][:20]}: not metres on the national grid")
        return None, None
    grid = IRISH_GRID if cells.text("postcode").upper().startswith("BT") else BRITISH_GRID
    lat, lon = grid_to_wgs84(grid, [east], [north])
    return round(float(lat[0]), 6), round(float(lon[0]), 6)


def facts_of(cells: Cells) -> tuple[dict[str, Answer], list[str]]:
    """What the row says about access, and the phrases in it we could not put a name to."""
    found: dict[str, Answer] = {}
    other: list[str] = []
    for _, text in cells.every("facts"):
        for piece in values.pieces(values.plain(text)):
            slug = fact_of(piece)
            if slug is not None:
                found[slug] = Answer.YES
            else:
                other.append(piece)
    for slug, heading in cells.plan.facts:
        text = cells.cell(heading)
        answer = values.yes_no(text) if text else None
        if answer is None and text:
            other.append(f"{heading}: {text}")
        elif answer is not None and answer is not Answer.UNKNOWN:
            found[slug] = answer
    return found, other
