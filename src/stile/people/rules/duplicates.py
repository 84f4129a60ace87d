"""Whether two records may be one person: from two or more identifiers, and never by a name alone (H01, H18).

Nothing here decides that two records *are* the same: it finds those worth laying side by side. A wrong pair
costs somebody a minute; a missed one splits a history. What counts against a pair is shown as well.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Any

from rapidfuzz.distance import JaroWinkler

ALIKE = 0.88  # of 1: names that differ by a slip of the pen
ROUGHLY = 0.7  # below this two names tell against a pair


class Mark(StrEnum):
    """What can agree or differ between two records."""

    NAME = "name"
    BORN = "born"
    NHS = "nhs_number"
    CONTACT = "contact"
    SCHOOL = "school"
    DISTRICT = "district"


# What points to one person, and what only to one place: a brother shares the phone, school and district.
_PERSONAL = (Mark.NAME, Mark.BORN, Mark.NHS)


@dataclass(frozen=True, slots=True)
class Known:
    """One record, as far as it tells people apart."""

    id: Any
    name: str
    born: date | None = None
    nhs_number: str = ""
    contacts: frozenset[str] = field(default_factory=frozenset)
    district: str = ""
    school: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    agree: tuple[Mark, ...]
    differ: tuple[Mark, ...]

    @property
    def candidate(self) -> bool:
        """Two or more identifiers agree, at least one of them the person's own and not only the household's.

        NHS numbers that differ, both of them valid, are two people. Birth dates that differ need a like name
        and the same NHS number or way of contact (a slip in a date); names that differ need the same NHS
        number and day.
        """
        agree, differ = set(self.agree), set(self.differ)
        if len(agree) < 2 or Mark.NHS in differ or not agree & set(_PERSONAL):
            return False
        if Mark.NHS in agree:
            return bool(agree & {Mark.NAME, Mark.BORN})
        if Mark.NAME not in agree:
            return False
        if Mark.BORN in differ:
            return Mark.CONTACT in agree
        return Mark.BORN in agree or Mark.CONTACT in agree or {Mark.SCHOOL, Mark.DISTRICT} <= agree


def compare(a: Known, b: Known) -> Evidence:
    """Which identifiers agree and which differ; what either record does not say counts as neither."""
    agree: list[Mark] = []
    differ: list[Mark] = []
    for mark, verdict in (
        (Mark.NAME, same_name(a.name, b.name)),
        (Mark.BORN, _same(a.born, b.born)),
        (Mark.NHS, _same(a.nhs_number, b.nhs_number)),
        (Mark.CONTACT, True if a.contacts & b.contacts else None),
        (Mark.SCHOOL, _same(plain(a.school), plain(b.school))),
        (Mark.DISTRICT, _same(plain(a.district), plain(b.district))),
    ):
        if verdict is not None:
            (agree if verdict else differ).append(mark)
    return Evidence(tuple(agree), tuple(differ))


def candidates(records: Sequence[Known]) -> list[tuple[Known, Known, Evidence]]:
    """The pairs worth a look, most agreement first. Only records that share a key are compared."""
    seen: set[tuple[int, int]] = set()
    for block in _blocks(records):
        seen.update(combinations(sorted(block), 2))
    found = [(records[i], records[j], compare(records[i], records[j])) for i, j in seen]
    worth = [row for row in found if row[2].candidate]
    return sorted(
        worth, key=lambda row: (-len(row[2].agree), len(row[2].differ), str(row[0].id), str(row[1].id))
    )


def _blocks(records: Sequence[Known]) -> Iterable[list[int]]:
    keys: dict[tuple[str, Any], list[int]] = defaultdict(list)
    for i, one in enumerate(records):
        for key in _keys(one):
            keys[key].append(i)
    return (block for block in keys.values() if len(block) > 1)


def _keys(one: Known) -> set[tuple[str, Any]]:
    keys: set[tuple[str, Any]] = {("contact", contact) for contact in one.contacts}
    if one.born:
        keys.add(("born", one.born))
    if one.nhs_number:
        keys.add(("nhs", one.nhs_number))
    if plain(one.school) and plain(one.district):
        keys.add(("place", (plain(one.school), plain(one.district))))
    return keys


def _same(a: Any, b: Any) -> bool | None:
    return a == b if a and b else None


def same_name(a: str, b: str) -> bool | None:
    """Alike in writing or in sound; None where they are neither alike nor plainly two names."""
    first, second = plain(a).split(), plain(b).split()
    if not first or not second:
        return None
    # Somebody may be down by a first name here and in full there: compare what both have.
    shorter = min(len(first), len(second))
    parts = list(zip(first[:1] + first[-1:], second[:1] + second[-1:], strict=True))[
        : 2 if shorter > 1 else 1
    ]
    likeness = [_alike(x, y) for x, y in parts]
    if all(one is True for one in likeness):
        return True
    return False if any(one is False for one in likeness) else None


def _alike(a: str, b: str) -> bool | None:
    likeness = JaroWinkler.similarity(a, b)
    if likeness >= ALIKE or (sound(a) == sound(b) and likeness >= ROUGHLY):
        return True
    return None if sound(a) == sound(b) or likeness >= ROUGHLY else False


def plain(text: str) -> str:
    """Small letters without accents or signs; hyphens and apostrophes join."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"[-'’]", "", bare.lower())))


_ALIKE_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("cq", "k"), ("q", "k"), ("x", "ks"), ("th", "t"), ("sch", "s"), ("sh", "s"),
    ("ch", "k"), ("gh", ""), ("wh", "w"), ("kn", "n"), ("wr", "r"), ("z", "s"), ("dg", "j"),
)  # fmt: skip


def sound(word: str) -> str:
    """A rough key of how a name sounds in English or Welsh ears: consonants, like ones made one.

    In the spirit of Soundex (Russell, US 1261167, 1918), but for first letters that sound alike too:
    Catherine and Kathryn are one key, Shaun and Sean, Mohammed and Muhamad.
    """
    text = word
    for spelled, said in _ALIKE_SOUNDS:
        text = text.replace(spelled, said)
    text = re.sub(r"c(?=[eiy])", "s", text).replace("c", "k")
    text = re.sub(r"g(?=[ei])", "j", text)
    head = "a" if text[:1] in "aeiouyh" else text[:1]
    rest = re.sub(r"[aeiouyhw]", "", text[1:])
    return re.sub(r"(.)\1+", r"\1", head + rest)
