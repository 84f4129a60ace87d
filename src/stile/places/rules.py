"""What a place is, how sure we are of it, and how a postcode is read from what somebody typed.

Nothing here looks anything up: see `gazetteer` (packaged data) and `queries` (database first). The
promise is that a place is never guessed silently: a `Place` says how it was found and how far off it
may be, and a `NotFound` says why and offers the nearest spellings.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stile.kernel.answer import Answer
from stile.kernel.words import N_


class Precision(StrEnum):
    """What the words were matched with, from the sharpest to the widest."""

    POSTCODE = "postcode"
    SECTOR = "sector"
    OUTCODE = "outcode"
    TOWN = "town"
    AUTHORITY = "authority"


class Reason(StrEnum):
    """Why no place was found; `WORDS_FOR` says it to a person."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    SEVERAL = "several"
    OUTSIDE = "outside"


WORDS_FOR = {
    Reason.EMPTY: N_("Type a postcode or a town."),
    Reason.UNKNOWN: N_("We do not know that place. Check the spelling, or try the first half of a postcode."),
    Reason.SEVERAL: N_("There is more than one place with that name. Which one do you mean?"),
    Reason.OUTSIDE: N_("That postcode is outside the United Kingdom's map, so we cannot work out distances."),
}

PRECISION_WORDS = {
    Precision.POSTCODE: N_("the postcode you gave"),
    Precision.SECTOR: N_("the middle of the area your postcode is in"),
    Precision.OUTCODE: N_("the middle of the area the first half of the postcode covers"),
    Precision.TOWN: N_("the middle of the town"),
    Precision.AUTHORITY: N_("the middle of the council's area"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on the map, with how it was found.

    `lat`, `lon`: WGS84 degrees. `radius_km`: nine in ten of the addresses the words could mean lie
    within this distance of the point; a search widens its radius by it. `authority_share`: the share
    of those addresses that lie in the authority named (1.0 for a postcode): outcodes and towns cross
    borders. `lsoa`, `msoa`, `icb` are codes, None where the packaged data do not know them. `retired`:
    whether Royal Mail has withdrawn the postcode; UNKNOWN for packaged data, which do not say.
    `repaired`: letters and digits were swapped (O for 0, I for 1) to read it, so show the label.
    """

    label: str
    lat: float
    lon: float
    precision: Precision
    radius_km: float
    authority_code: str | None
    authority_name: str | None
    authority_share: float
    country: str | None
    outcode: str | None
    source: str
    vintage: str
    lsoa: str | None = None
    msoa: str | None = None
    icb: str | None = None
    retired: Answer = Answer.UNKNOWN
    repaired: bool = False

    def __repr__(self) -> str:
        # A full postcode can be one house. Logs and tracebacks print reprs, so this one blurs.
        where = self.outcode or self.label
        return f"<Place {where} {self.precision} {self.lat:.2f},{self.lon:.2f} +-{self.radius_km:.1f} km>"


@dataclass(frozen=True, slots=True)
class NotFound:
    """No place, why not, and what may have been meant: each suggestion can be looked up as it stands.

    The text itself is not kept: it may be somebody's postcode.
    """

    reason: Reason
    suggestions: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """An English sentence (a message id) for the person who typed."""
        return WORDS_FOR[self.reason]


@dataclass(frozen=True, slots=True)
class BlurredPlace:
    """The only form in which a person's place may be kept: see `blurred`."""

    outcode: str | None
    authority_code: str | None
    lsoa: str | None
    lat: float
    lon: float


def blurred(place: Place) -> BlurredPlace:
    """What may be stored of where a person is: outcode, small area, position to about 100 metres.

    Never the full postcode: one may stand for a single house (a young person's address is given away
    by it), while the LSOA holds some 1,500 people and is what planning needs.
    """
    return BlurredPlace(
        place.outcode, place.authority_code, place.lsoa, round(place.lat, 3), round(place.lon, 3)
    )


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode or the first part of one: "M33", "M33 7" or "M33 7XX"."""

    outcode: str
    sector_digit: str = ""
    unit: str = ""

    @property
    def sector(self) -> str | None:
        return f"{self.outcode} {self.sector_digit}" if self.sector_digit else None

    @property
    def full(self) -> str | None:
        return f"{self.outcode} {self.sector_digit}{self.unit}" if self.unit else None

    def __str__(self) -> str:
        return self.full or self.sector or self.outcode

    def __repr__(self) -> str:
        return f"<Postcode {self.outcode}>"  # for the same reason as Place


_OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_FULL = re.compile(rf"({_OUTWARD})([0-9])([A-Z]{{2}})")
_FULL_WITHIN = re.compile(rf"\b({_OUTWARD})\s*([0-9])([A-Z]{{2}})\b")
_OUTCODE = re.compile(_OUTWARD)
_SECTOR_SPACED = re.compile(rf"({_OUTWARD})[\s-]+([0-9])[A-Z]?")
_SECTOR_TIGHT = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9])([0-9])")
_LAST_OUTCODE = re.compile(rf"\b({_OUTWARD})$")
_TO_DIGIT = {"O": "0", "I": "1"}
_TO_LETTER = {"0": "O", "1": "I"}
_SHAPES = ("A9", "A99", "AA9", "A9A", "AA99", "AA9A")
_LONGEST = 200  # characters: nobody types a longer place, and regular expressions stay cheap


def compact(text: str) -> str:
    """Capital letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", text[:_LONGEST].upper())


def read_postcode(text: str) -> Postcode | None:
    """The postcode, sector or outcode that the whole of `text` spells, or None.

    Spaces decide where they can ("LS1 1" is a sector, "LS11" an outcode). Whether such an outcode
    exists is not known here.
    """
    upper = text[:_LONGEST].strip().upper()
    tight = compact(upper)
    if match := _FULL.fullmatch(tight):
        return Postcode(*match.groups())
    if match := _SECTOR_SPACED.fullmatch(upper):
        return Postcode(match[1], match[2])
    if _OUTCODE.fullmatch(tight):
        return Postcode(tight)
    if match := _SECTOR_TIGHT.fullmatch(tight):
        return Postcode(match[1], match[2])
    return None


def postcode_within(text: str) -> Postcode | None:
    """A full postcode anywhere in an address, else an outcode at its end, else None."""
    upper = text[:_LONGEST].strip().upper()
    found = _FULL_WITHIN.findall(upper)
    if found:
        return Postcode(*found[-1])
    if match := _LAST_OUTCODE.search(upper):
        return Postcode(match[1])
    return None


def repairs(text: str) -> Iterator[Postcode]:
    """Readings of `text` with O for 0 or I for 1 (and back) put right, each different from the text.

    The places of letters and digits in a postcode are fixed, so the swap is certain once a shape is
    chosen; which outcodes exist decides between shapes, and that is the caller's to look up.
    """
    tight = compact(text)
    if 5 <= len(tight) <= 7:
        digit, unit = _TO_DIGIT.get(tight[-3], tight[-3]), tight[-2:]
        if digit.isdigit() and unit.isalpha():
            for outcode in _outcodes_like(tight[:-3]):
                if outcode + digit + unit != tight:
                    yield Postcode(outcode, digit, unit)
    elif 2 <= len(tight) <= 4 and any(c.isdigit() for c in tight):
        for outcode in _outcodes_like(tight):
            if outcode != tight:
                yield Postcode(outcode)


def _outcodes_like(text: str) -> Iterator[str]:
    for shape in _SHAPES:
        if len(shape) == len(text):
            as_shape = (
                (_TO_LETTER if kind == "A" else _TO_DIGIT).get(c, c)
                for c, kind in zip(text, shape, strict=True)
            )
            outcode = "".join(as_shape)
            if all(c.isdigit() == (kind == "9") for c, kind in zip(outcode, shape, strict=True)):
                yield outcode


def fold_name(name: str) -> str:
    """A place name for comparing: lower case, no accents or marks, "St" for Saint, "and" for "&"."""
    plain = unicodedata.normalize("NFKD", name[:_LONGEST]).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", plain.replace("'", "").replace("&", " and ")).split()
    return " ".join("st" if word == "saint" else word for word in words)


# The statements the licences ask for, to be shown wherever these data are: the About page, exports.
# Words between the required ones are ours. Years are those of the packaged directory.
ONS_STATEMENT = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
OS_STATEMENT = "Contains OS data © Crown copyright and database right 2025."
ROYAL_MAIL_STATEMENT = "Contains Royal Mail data © Royal Mail copyright and database right 2025."


@dataclass(frozen=True, slots=True)
class Attribution:
    """One source shown on the page about the data: what we use it for, and what it asks us to say."""

    key: str
    used_for: str
    statement: str
    link: str


OGL_LINK = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
ATTRIBUTIONS = (
    Attribution(
        "postcodes",
        N_("Turning a postcode into a place on the map, and telling which council it is in."),
        f"{OS_STATEMENT} {ROYAL_MAIL_STATEMENT} {ONS_STATEMENT}",
        OGL_LINK,
    ),
    Attribution(
        "authorities",
        N_("The codes and names of councils' areas."),
        f"{OS_STATEMENT} {ONS_STATEMENT}",
        OGL_LINK,
    ),
    Attribution(
        "towns",
        N_("Finding a town by its name: names written down by us, positions worked out from postcodes."),
        f"{OS_STATEMENT} {ROYAL_MAIL_STATEMENT} {ONS_STATEMENT}",
        OGL_LINK,
    ),
    Attribution(
        "deprivation",
        N_("Where the English Indices of Deprivation were loaded: how areas compare within England."),
        "Contains public sector information licensed under the Open Government Licence v.3.0. "
        "Source: Ministry of Housing, Communities and Local Government.",
        OGL_LINK,
    ),
    Attribution(
        "population",
        N_("Where population estimates were loaded: how many young people live in an area."),
        ONS_STATEMENT,
        OGL_LINK,
    ),
)
NORTHERN_IRELAND_NOTE = N_(
    "Northern Ireland's full postcodes need a licence of their own, so without the organisation's own copy "
    "of the directory a Northern Ireland postcode is placed by its first half only."
)
