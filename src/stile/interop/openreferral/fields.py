"""Moving single properties between an Open Referral object and a record, without losing a word.

Going in, a property that reads well fills its field; where writing that field would not give the very
words back, the words stay in `details` under the property's own name. Going out, those words are used
as long as they still mean what the field says; otherwise the field wins and the old words are kept
beside it. So what was read can be written again, and what was changed in Stile is what others read.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from stile.loop.directory.rules.records import Warned

from . import values
from .shapes import OWN, Json

KEPT = "kept"  # in the extra property: details that had to make way for a field
FIELDS = "fields"  # fields whose words do not survive the property they are written to
BUILT = "built"  # lists written from fields, to be read back as fields only


class Field(NamedTuple):
    name: str  # of the property
    field: str  # of the record
    read: Callable[[Any], Any] = values.text
    write: Callable[[Any], Any] = values.same


Fields = dict[str, Field]


def table(*fields: Field) -> Fields:
    """Fields by the name of their property."""
    return {one.name: one for one in fields}


class Part(NamedTuple):
    """A list of objects of which a record holds only the gist: phones, languages, addresses."""

    name: str
    field: str
    gist: Callable[[Any], Any]  # of any JSON value; never raises; the empty value where there is none
    build: Callable[[Any], list[Json]]


class Intake:
    """What is known while one object is read: where it stands, what was odd about it."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.warned: list[Warned] = []

    def odd(self, path: str, reason: str) -> None:
        self.warned.append(Warned(f"{self.where}{path}", reason))


def own(loose: Mapping[str, Any]) -> Json:
    """Stile's own words in an object; empty for anybody else's."""
    found = loose.get(OWN)
    return found if isinstance(found, dict) else {}


def take(
    loose: Mapping[str, Any],
    fields: Fields,
    parts: tuple[Part, ...],
    types: Mapping[str, type],
    intake: Intake,
    path: str,
) -> tuple[Json, Json]:
    """(fields for the record, details): every property of `loose` is in one or the other.

    `types` names the fields that may come word for word from Stile's own property, with their types.
    """
    extra = own(loose)
    lasting = _lasting(extra, types) if FIELDS in extra else {}
    filled: Json = {}
    details: Json = {}
    for name, raw in loose.items():
        if raw is None:
            continue
        one = fields.get(name)
        if one is None:
            details[name] = raw
        elif raw == "" or one.field in lasting:
            continue
        elif isinstance(raw, str) and one.read is values.text:
            filled[one.field] = raw
        else:
            try:
                short = isinstance(raw, str) and len(raw) <= _SHORT
                value, lasts = (_read_short if short else _read)(one, raw)
            except values.Odd as odd:
                details[name] = raw
                intake.odd(f"{path}.{name}", str(odd))
                continue
            filled[one.field] = value
            if not lasts:
                details[name] = raw
    built = extra.get(BUILT)
    built = built if isinstance(built, list) else []
    for part in parts:
        raw = details.get(part.name)
        if raw is not None:
            filled[part.field] = part.gist(raw)
            if part.name in built:
                del details[part.name]
    if isinstance(details.get(OWN), dict):
        del details[OWN]
    kept = extra.get(KEPT)
    if isinstance(kept, dict):
        details |= kept
    return filled | lasting, details


def _read(one: Field, raw: Any) -> tuple[Any, bool]:
    """(what the field says, whether writing that would give `raw` back); raises Odd."""
    value = one.read(raw)
    written = one.write(value)
    return value, written == raw and type(written) is type(raw)


# Days, times of day and weekdays: a directory says the same few hundred over and over.
_SHORT = 40  # characters
_read_short = lru_cache(maxsize=20_000)(_read)


def give(
    record: Any, details: Mapping[str, Any], fields: Fields, parts: tuple[Part, ...], more: Json
) -> Json:
    """The object of a record: the inverse of `take`. `more` is what Stile wants to keep beside it."""
    out: Json = dict(details)
    kept: Json = {}
    aside: Json = {}
    built: list[str] = []
    if OWN in out:
        kept[OWN] = out.pop(OWN)
    for one in fields.values():
        value = getattr(record, one.field)
        empty = value is None or value == ""
        if one.name in out:
            if _means(one, out[one.name], value, empty):
                continue
            kept[one.name] = out.pop(one.name)
        if empty:
            continue
        out[one.name] = one.write(value)
        if not _means(one, out[one.name], value, empty):
            aside[one.field] = value
    for part in parts:
        value = getattr(record, part.field)
        if part.name in out:
            if part.gist(out[part.name]) == value:
                continue
            kept[part.name] = out.pop(part.name)
        if not value:
            continue
        out[part.name] = part.build(value)
        built.append(part.name)
        if part.gist(out[part.name]) != value:
            aside[part.field] = value
    for name, value in ((KEPT, kept), (FIELDS, aside), (BUILT, built)):
        if value:
            more[name] = value
    if more:
        out[OWN] = more
    return out


def children(loose: Json, name: str, intake: Intake, path: str) -> tuple[list[tuple[str, Json]], Json]:
    """Take the list `name` out of `loose`: (its objects with their paths, {name: what was no object})."""
    value = loose.pop(name, None)
    if value is None:
        return [], {}
    if not isinstance(value, list):
        intake.odd(f"{path}.{name}", "expected a list; kept as it is, not used")
        return [], {name: value}
    found = [(f"{path}.{name}[{n}]", one) for n, one in enumerate(value) if isinstance(one, dict)]
    strays = [one for one in value if not isinstance(one, dict)]
    if strays:
        intake.odd(f"{path}.{name}", "expected objects in this list; others are kept, not used")
    return found, ({name: strays} if strays else {})


def apart(record: Any, fields: Fields, parts: tuple[Part, ...], names: tuple[str, ...], more: Json) -> Json:
    """`give`, with details under `names` kept beside, since lists of records are written there."""
    clash = {name: record.details[name] for name in names if name in record.details}
    rest = {name: value for name, value in record.details.items() if name not in clash}
    out = give(record, rest, fields, parts, more)
    if clash:
        more.setdefault(KEPT, {}).update(clash)
        out[OWN] = more
    return out


def _means(field: Field, raw: Any, value: Any, empty: bool) -> bool:
    if raw is None:
        return False
    try:
        return bool(field.read(raw) == value) and raw != ""
    except values.Odd:
        return empty


def _lasting(extra: Json, names: Mapping[str, type]) -> Json:
    """Fields that Stile itself wrote beside the standard's properties, if they are of the right type."""
    found = extra[FIELDS]
    if not isinstance(found, dict):
        return {}
    return {
        name: _tuples(value) if names[name] is tuple else value
        for name, value in found.items()
        if name in names and isinstance(value, list if names[name] is tuple else names[name])
    }


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list | tuple) else value


def texts(loose: Any, *names: str) -> list[str]:
    """The words under the given names, in order, of an object that may be anything."""
    if not isinstance(loose, dict):
        return []
    return [said for name in names if isinstance(said := loose.get(name), str) and said.strip()]


def objects(value: Any) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
