"""What each column means, from its heading and from what stands in it, with how sure and why.

A heading proposes, the values confirm or refuse. Values alone are believed only where they can be
one thing (postcodes, positions in the United Kingdom); addresses and numbers of people under a
heading nobody knows are offered to a person, not used. Nothing is dropped: what is not used is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from stile.loop.directory.rules.records import Unreadable

from . import values
from .fields import FACT_FIELD, FIELD_BY_NAME, Meant, by_heading, is_field, takes_many, words_of
from .mapping import KEPT, UNCERTAIN, USED, Column
from .phrases import DELIVERIES, PARENT_FORMS, ROOMS, STATUSES, phrase

SAMPLE = 2000  # rows
_SURE_ENOUGH = 0.5


@dataclass(slots=True)
class _Seen:
    """What stands in one column of the sample."""

    heading: str
    texts: list[str]  # the cells that say something
    rows: int

    def share(self, test: Callable[[str], bool]) -> float:
        return sum(map(test, self.texts)) / len(self.texts) if self.texts else 0.0

    def words(self, test: Callable[[str], bool], kind: str) -> str:
        return f"{kind}: {sum(map(test, self.texts))} of {len(self.texts)}"


def _number_in(low: float, high: float) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        found = values.number(text)
        return found is not None and low <= found <= high

    return test


def _postcode(text: str) -> bool:
    return values.postcode(text) is not None


def _email(text: str) -> bool:
    return values.email(text) is not None


def _phone(text: str) -> bool:
    digits = sum(char.isdigit() for char in text)
    return values.phone(text) is not None or (3 <= digits <= 8 and len(text) <= 30)


def _whole_phone(text: str) -> bool:
    return (
        len(text) <= 30
        and values.PHONE.fullmatch(text) is not None
        and (text.startswith(("0", "+")) or " " in text)
    )


def _website(text: str) -> bool:
    return values.website(text) is not None


def _yes_no(text: str) -> bool:
    return values.yes_no(text) is not None


def _dated(text: str) -> bool:
    return values.day(text, True) is not None or values.moment(text) is not None


def _clocked(text: str) -> bool:
    return values.clock(text) is not None


def _aged(text: str) -> bool:
    return values.age(text) is not None or any(char.isdigit() for char in text)


def _said(table: dict[str, str]) -> Callable[[str], bool]:
    return lambda text: phrase(text) in table or _yes_no(text)


def _pair(text: str) -> bool:
    return point_of(text) is not None


def point_of(text: str) -> tuple[float, float] | None:
    """(lat, lon) from "53.41, -2.42" or "POINT (-2.42 53.41)"; None for anything else."""
    word = text.strip()
    wkt = word.upper().startswith(("POINT", "SRID"))
    inner = word[word.find("(") + 1 : word.rfind(")")] if wkt else word.strip("()[]")
    parts = inner.replace(",", " ").split() if wkt or ", " in inner or inner.count(",") <= 1 else []
    if len(parts) != 2:
        return None
    a, b = values.number(parts[0]), values.number(parts[1])
    if a is None or b is None:
        return None
    return (b, a) if wkt else (a, b)


_UK_LAT, _UK_LON = (49.0, 61.5), (-9.0, 2.3)
_LAT, _LON = _number_in(-90, 90), _number_in(-180, 180)
_IN_UK_LAT, _IN_UK_LON = _number_in(*_UK_LAT), _number_in(*_UK_LON)
_METRES_EAST, _METRES_NORTH = _number_in(1000, 700_000), _number_in(1000, 1_300_000)

_TESTS: dict[str, tuple[Callable[[str], bool], str, float]] = {
    # field: what its values must look like, how that is said, the least share that may
    "lat": (_LAT, "are degrees", 0.5), "lon": (_LON, "are degrees", 0.5), "point": (_pair, "are pairs of degrees", 0.7),
    "easting": (_METRES_EAST, "are metres of the grid", 0.7), "northing": (_METRES_NORTH, "are metres of the grid", 0.7),
    "email": (_email, "are e-mail addresses", 0.3), "contact_email": (_email, "are e-mail addresses", 0.3),
    "organisation_email": (_email, "are e-mail addresses", 0.3),
    "phone": (_phone, "are phone numbers", 0.3), "contact_phone": (_phone, "are phone numbers", 0.3),
    "organisation_phone": (_phone, "are phone numbers", 0.3),
    "website": (_website, "are web addresses", 0.3), "organisation_website": (_website, "are web addresses", 0.3),
    "min_age": (_aged, "are ages", 0.5), "max_age": (_aged, "are ages", 0.5),
    "opens_at": (_clocked, "are times of day", 0.3), "closes_at": (_clocked, "are times of day", 0.3),
    "weekday": (lambda text: bool(values.weekdays(text)) or values.day(text, True) is not None, "are days", 0.3),
    "free": (lambda text: _yes_no(text) or values.money(text) is not None or phrase(text) in ("paid", "free"), "are yes or no", 0.5),
    "visible": (_yes_no, "are yes or no", 0.5), "approved": (lambda text: phrase(text) in STATUSES or _yes_no(text), "are yes or no", 0.5),
    "closed_for_now": (_yes_no, "are yes or no", 0.5), "mask_address": (_yes_no, "are yes or no", 0.5),
    "place_visible": (_yes_no, "are yes or no", 0.5), "contact_visible": (_yes_no, "are yes or no", 0.5),
    "status": (lambda text: phrase(text) in STATUSES, "are states we know", 0.3),
    "delivery": (_said(DELIVERIES), "are ways of meeting", 0.3),
    "parent_form": (_said(PARENT_FORMS), "are rules about a parent", 0.3), "room": (_said(ROOMS), "say whether there is room", 0.3),
    "places": (lambda text: values.whole(text) is not None, "are whole numbers", 0.7),
    "waiting_weeks": (lambda text: values.whole(text) is not None, "are whole numbers", 0.7),
    "updated_on": (_dated, "are dates", 0.5), "confirmed_on": (_dated, "are dates", 0.5),
    "valid_from": (_dated, "are dates", 0.5), "valid_to": (_dated, "are dates", 0.5),
}  # fmt: skip


def columns_of(
    headings: Sequence[str], rows: Sequence[dict[str, str]], *, of_services: bool = True
) -> tuple[list[Column], list[str]]:
    """A column for each heading, and what a person should know about the choice."""
    seen = [
        _Seen(heading, [text for row in rows if (text := row.get(heading, "")) and not values.is_unknown(text)], len(rows))
        for heading in headings
    ]  # fmt: skip
    columns = [_column(one) for one in seen]
    notes: list[str] = []
    columns = _positions(columns, seen, notes)
    columns = _by_values(columns, seen)
    columns = _one_for_each(columns, notes)
    if of_services:
        columns = _name_of(columns, notes)
    columns = _sure_enough(columns)
    unsure = [column.heading for column in columns if column.status == UNCERTAIN and column.field]
    if unsure:
        notes.append(f"kept, as it is not certain what they mean: {', '.join(map(repr, unsure))}; name them in a mapping file to use them")  # fmt: skip
    return columns, notes


def need_a_name(columns: Sequence[Column], where: str) -> None:
    """Raises Unreadable, with how to mend it, where no column can name the activity."""
    if any(column.field == "name" and column.status == USED for column in columns):
        return
    listed = ", ".join(repr(column.heading) for column in columns[:40])
    raise Unreadable(
        f"{where}: no column could be recognised as the name of the activity. The columns are: {listed}. "
        f"Write a mapping file that says which one it is, such as\n"
        f'columns:\n  "{columns[0].heading if columns else "Heading"}": name\n'
        f"and import again with --mapping FILE (a first draft is shown by a dry run)."
    )


def _column(seen: _Seen) -> Column:
    meant = by_heading(seen.heading)
    if meant is None or not meant.field:
        return Column(
            seen.heading, "", KEPT, 1.0, "no field of ours" if meant is None else "belongs to something else"
        )
    if not is_field(meant.field):
        return Column(seen.heading, "", KEPT, 1.0, "no field of ours")
    meant = _by_content(meant, seen)
    if not meant.field:
        return Column(seen.heading, "", UNCERTAIN, meant.sure, meant.why)
    if not seen.texts:
        return Column(seen.heading, meant.field, USED, meant.sure, f"{meant.why}; it is empty")
    test = _TESTS.get(meant.field)
    if meant.field.startswith(FACT_FIELD):
        test = (_yes_no, "are yes or no", 0.5)
    if test is None:
        return Column(seen.heading, meant.field, USED, meant.sure, meant.why)
    check, says, least = test
    share = seen.share(check)
    why = f"{meant.why}, and {sum(map(check, seen.texts))} of {len(seen.texts)} {says}"
    if share < least:
        return Column(
            seen.heading, meant.field, UNCERTAIN, meant.sure * share, why.replace(", and ", ", but only ")
        )
    return Column(seen.heading, meant.field, USED, round(meant.sure * (0.7 + 0.3 * share), 3), why)


def _by_content(meant: Meant, seen: _Seen) -> Meant:
    """A heading that can mean several things, decided by what stands under it."""
    if not seen.texts:
        return meant
    if meant.field == "contact":
        mail, phone = seen.share(_email), seen.share(_phone)
        if mail < 0.1 and phone < 0.1:
            return Meant("contact_name", 0.7, "no phones or addresses stand in it, so it names people")
        if mail > 0.95 and phone < 0.05:
            return Meant("email", 0.85, seen.words(_email, "e-mail addresses"))
    if meant.field == "place_name":
        spelled = seen.share(
            lambda text: values.POSTCODE.search(text[:300]) is not None or text.count(",") >= 2
        )
        if spelled > 0.5:
            return Meant("address", 0.8, seen.words(lambda text: "," in text, "written as addresses"))
        if seen.share(_pair) > 0.7:
            return Meant("point", 0.85, seen.words(_pair, "pairs of degrees"))
        if seen.share(_postcode) > 0.7:
            return Meant("postcode", 0.85, seen.words(_postcode, "postcodes"))
    if meant.field == "times":
        if seen.share(_clocked) > 0.9:
            return Meant("opens_at", 0.75, seen.words(_clocked, "single times of day"))
        if seen.share(_yes_no) > 0.9:
            return Meant("", 0.3, "yes and no are no times")
        if seen.share(lambda text: bool(values.weekdays(text))) > 0.9:
            return Meant(
                "weekday", 0.8, seen.words(lambda text: bool(values.weekdays(text)), "days of the week")
            )
        if seen.share(_dated) > 0.9:
            return Meant("", 0.3, "bare dates: the first day, the last, or the only one?")
    if meant.field in ("opens_at", "closes_at") and seen.share(_clocked) < 0.3 and seen.share(_dated) > 0.7:
        return Meant(
            "valid_from" if meant.field == "opens_at" else "valid_to", 0.8, seen.words(_dated, "dates")
        )
    if meant.field in ("valid_from", "valid_to") and seen.share(_clocked) > 0.7:
        return Meant(
            "opens_at" if meant.field == "valid_from" else "closes_at",
            0.8,
            seen.words(_clocked, "times of day"),
        )
    if meant.field == "facts" and seen.share(_yes_no) > 0.9:
        return Meant("", 0.4, "yes or no to “accessible”, which does not say how")
    if meant.field == "county" and seen.share(lambda text: phrase(text) in STATUSES) > 0.9:
        return Meant("status", 0.85, "states of a record, not counties")
    if meant.field == "languages" and seen.share(lambda text: len(text) > 60) > 0.5:
        return Meant("", 0.3, "long texts are no languages")
    if (
        meant.field == "name"
        and len(seen.texts) > 3
        and seen.share(lambda text: values.number(text) is not None) > 0.8
    ):
        return Meant("", 0.2, "numbers are no names")
    if meant.field == "id" and len(seen.texts) > 3 and seen.share(lambda text: len(text) > 100) > 0.5:
        return Meant("", 0.2, "long texts are no numbers of rows")
    return meant


def _positions(columns: list[Column], seen: list[_Seen], notes: list[str]) -> list[Column]:
    """Latitude and longitude under each other's headings, or metres under the headings of degrees."""
    at = {column.field: n for n, column in enumerate(columns) if column.field in ("lat", "lon")}
    if len(at) < 2:
        return columns
    lat, lon = seen[at["lat"]], seen[at["lon"]]
    if not lat.texts or not lon.texts:
        return columns
    out = list(columns)
    if lat.share(_METRES_NORTH) > 0.8 and lon.share(_METRES_EAST) > 0.8:
        why = "the numbers are metres of the British grid, not degrees"
        out[at["lat"]] = Column(lat.heading, "northing", USED, 0.85, why)
        out[at["lon"]] = Column(lon.heading, "easting", USED, 0.85, why)
        notes.append(f"{lon.heading!r} and {lat.heading!r}: {why}")
    elif lat.share(_IN_UK_LON) > 0.9 and lon.share(_IN_UK_LAT) > 0.9:
        why = "under each other's headings: only so do they lie in the United Kingdom"
        out[at["lat"]] = Column(lat.heading, "lon", USED, 0.9, why)
        out[at["lon"]] = Column(lon.heading, "lat", USED, 0.9, why)
        notes.append(f"{lat.heading!r} and {lon.heading!r} stand {why}; they are read the other way round")
    return out


_THEIR_OWN = ("photo", "image", "logo", "picture", "facebook", "twitter", "instagram", "video", "safeguarding", "emergency", "staff", "private", "internal", "personal")  # fmt: skip


def _by_values(columns: list[Column], seen: list[_Seen]) -> list[Column]:
    """Columns whose heading says nothing, told by values that can only be one thing."""
    taken = {column.field for column in columns if column.status == USED}
    out = list(columns)
    for n, one in enumerate(seen):
        if out[n].field or len(one.texts) < 3 or out[n].why == "belongs to something else":
            continue
        unnamed = one.heading.startswith("column ")
        if "postcode" not in taken and one.share(_postcode) >= 0.9:
            out[n] = Column(
                one.heading, "postcode", USED, 0.8, f"looks like {one.words(_postcode, 'postcodes')}"
            )
        elif (
            "lat" not in taken and "point" not in taken and _fractions(one) and one.share(_IN_UK_LAT) >= 0.95
        ):
            partner = next((m for m in (n + 1, n - 1) if 0 <= m < len(seen) and not out[m].field and _fractions(seen[m]) and seen[m].share(_IN_UK_LON) >= 0.95), None)  # fmt: skip
            if partner is None:
                continue
            out[n] = Column(
                one.heading, "lat", USED, 0.75, f"looks like {one.words(_IN_UK_LAT, 'degrees north')}"
            )
            out[partner] = Column(seen[partner].heading, "lon", USED, 0.75, f"looks like {seen[partner].words(_IN_UK_LON, 'degrees east')}")  # fmt: skip
        else:
            for name, test, kind in (("email", _email, "e-mail addresses"), ("phone", _whole_phone, "phone numbers"), ("website", _website, "web addresses")):  # fmt: skip
                if name in taken or one.share(test) < 0.9:
                    continue
                theirs = any(word in words_of(one.heading) for word in _THEIR_OWN)
                why = f"looks like {one.words(test, kind)}"
                if unnamed:
                    out[n] = Column(one.heading, name, USED, 0.7, why)
                elif not theirs:
                    out[n] = Column(
                        one.heading, name, UNCERTAIN, 0.4, f"{why}, but the heading does not say whose"
                    )
                break
        if out[n].status == USED:
            taken.add(out[n].field)
    return out


def _fractions(seen: _Seen) -> bool:
    return len(seen.texts) >= 3 and seen.share(lambda text: "." in text or "," in text) > 0.9


def _one_for_each(columns: list[Column], notes: list[str]) -> list[Column]:
    """Where two columns claim one field the surer has it; the others are kept and said aloud."""
    out = list(columns)
    for name in dict.fromkeys(column.field for column in columns if column.status == USED and column.field):
        if takes_many(name):
            continue
        claims = [n for n, column in enumerate(columns) if column.field == name and column.status == USED]
        if len(claims) < 2:
            continue
        best = max(claims, key=lambda n: (_rank(columns[n], name), -n))
        for n in claims:
            if n != best:
                why = f"{columns[best].heading!r} is surer to be {name} ({FIELD_BY_NAME[name].says})"
                out[n] = Column(columns[n].heading, "", KEPT, columns[n].sure, why)
                notes.append(f"{columns[n].heading!r} is kept but not used: {why}")
    return out


def _rank(column: Column, name: str) -> float:
    """How sure, with the empty behind, and among equals the heading named earlier in the field's list."""
    words = FIELD_BY_NAME[name].words
    text = words_of(column.heading)
    place = words.index(text) if text in words else len(words)
    return column.sure - 0.003 * place - (0.5 if column.why.endswith("it is empty") else 0.0)


def _name_of(columns: list[Column], notes: list[str]) -> list[Column]:
    """Where nothing names the activity, who runs it does, or else where it is."""
    if any(column.field == "name" and column.status == USED for column in columns):
        return columns
    for stand_in, says in (("organisation", "who runs it"), ("place_name", "the place")):
        for n, column in enumerate(columns):
            if column.field == stand_in and column.status == USED:
                out = list(columns)
                why = f"no column names the activity, so the name of {says} stands in"
                out[n] = replace(column, field="name", sure=0.6, why=why)
                notes.append(f"{column.heading!r}: {why}")
                return out
    return columns


def _sure_enough(columns: list[Column]) -> list[Column]:
    return [
        replace(column, status=UNCERTAIN, why=f"{column.why}; not sure enough")
        if column.status == USED and column.sure < _SURE_ENOUGH
        else column
        for column in columns
    ]


def dates_of(columns: Sequence[Column], rows: Sequence[dict[str, str]]) -> tuple[bool | None, str]:
    """Which way round dates are written, and why: a date that can be but one way, else a British list."""
    dated = ("updated_on", "confirmed_on", "valid_from", "valid_to")
    texts = [row.get(column.heading, "") for column in columns if column.field in dated for row in rows]
    found = values.month_first([text for text in texts if text])
    if found is not None:
        return found, ""
    if not any(text and values.day(text) is None and values.day(text, False) is not None for text in texts):
        return None, ""
    codes = [row.get(column.heading, "") for column in columns if column.field == "postcode" for row in rows]
    said = [code for code in codes if code]
    if said and sum(values.postcode(code) is not None for code in said) > 0.5 * len(said):
        return False, "dates such as 03/04/2025 are read day first, as the postcodes are British"
    return (
        None,
        "dates such as 03/04/2025 were not read: say `dates: day first` or `month first` in a mapping file",
    )
