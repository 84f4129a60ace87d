"""A taxonomy in JSON beside the tables: objects with a number and a title, one inside another."""

import json
from collections.abc import Iterator
from typing import Any

from stile.interop.source import Source
from stile.loop.directory.rules.records import Folded, Rejected, TermRecord, Warned

_NUMBERS = ("@id", "id", "code", "taxonomy_id")
_TITLES = ("@title", "title", "name", "label")
_DEEP = 12
_MOST = 20_000_000  # bytes


def json_terms(
    source: Source, known: dict[str, TermRecord]
) -> Iterator[TermRecord | Folded | Rejected | Warned]:
    """Every term of every JSON file of the source that is a taxonomy; those known are folded."""
    if not (source.is_folder or source.is_zip):
        return
    for member in source.members():
        if member.suffix != ".json":
            continue
        data = member.beginning(_MOST + 1)
        try:
            whole = json.loads(data) if len(data) <= _MOST else None
        except (ValueError, RecursionError):
            whole = None
        if whole is None or not _is_taxonomy(whole, 0):
            yield Warned(member.name, "not read: neither a table nor a taxonomy that goes with the tables")
            continue
        seen = dict(known)
        taxonomy = member.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        for path, number, title, parent, description in _walk(whole, "$", "", 0):
            where = f"{member.name}:{path}"
            if not number or not title:
                yield Rejected(where, "a term without a number" if not number else "a term without a name")
            elif number in seen:
                yield Folded(where, seen[number].where)
            else:
                seen[number] = TermRecord(
                    key=number, name=title, taxonomy=taxonomy, code=number, parent_key=parent,
                    description=description, where=where,
                )  # fmt: skip
                yield seen[number]


def _pick(item: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(item[name]) for name in names if isinstance(item.get(name), (str, int))), "")


def _is_taxonomy(data: Any, deep: int) -> bool:
    """Whether objects with a number and a title hold others of their kind."""
    if deep > _DEEP:
        return False
    if isinstance(data, dict):
        if _pick(data, _NUMBERS) and _pick(data, _TITLES):
            return any(isinstance(value, list) and any(isinstance(one, dict) and _pick(one, _NUMBERS) and _pick(one, _TITLES) for one in value) for value in data.values())  # fmt: skip
        return any(_is_taxonomy(value, deep + 1) for value in data.values())
    if isinstance(data, list):
        return any(_is_taxonomy(value, deep + 1) for value in data[:50])
    return False


def _walk(data: Any, path: str, parent: str, deep: int) -> Iterator[tuple[str, str, str, str, str]]:
    if deep > 2 * _DEEP:
        return
    if isinstance(data, list):
        for n, one in enumerate(data):
            yield from _walk(one, f"{path}[{n}]", parent, deep + 1)
    elif isinstance(data, dict):
        number, title = _pick(data, _NUMBERS), _pick(data, _TITLES)
        if number or title:
            yield path, number, title, parent, str(data.get("description") or "")
        for name, value in data.items():
            if isinstance(value, (dict, list)):
                yield from _walk(value, f"{path}.{name}", number or parent, deep + 1)
