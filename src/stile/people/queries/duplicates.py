"""Records that may be one person, laid side by side: among those the actor reaches, and no others."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from stile.access import queries as access
from stile.access.actor import Actor
from stile.access.policy.words import Data, Verb
from stile.audit import actions as audit

from ..models import ContactRoute, SamePerson, YoungPerson
from ..rules import duplicates as rules
from ..rules.duplicates import Evidence, Known
from .records import names

MOST = 5_000  # records compared at a time


@dataclass(frozen=True, slots=True)
class Pair:
    one: Known
    other: Known
    evidence: Evidence
    codes: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records, as it stands beside the other."""

    person: YoungPerson
    contacts: Sequence[str]
    workers: Sequence[str]


@dataclass(frozen=True, slots=True)
class SideBySide:
    left: Side
    right: Side
    evidence: Evidence
    decided: SamePerson | None
    may_link: bool


def pairs(*, by: Actor, at: datetime, about: UUID | None = None) -> Sequence[Pair]:
    """Pairs that nobody has decided on yet, of all in reach or about one person. Written down as a list."""
    rows = YoungPerson.objects.order_by("-taken_in_at", "id")
    if about is not None:
        rows = _like(about)
    people = {row.id: row for row in rows[:MOST]}
    decided = _decided()
    found = [
        Pair(a, b, evidence, (people[a.id].code, people[b.id].code))
        for a, b, evidence in rules.candidates(_known(people.values()))
        if frozenset((a.id, b.id)) not in decided and (about is None or about in (a.id, b.id))
    ]
    ids = sorted({str(one.id) for pair in found for one in (pair.one, pair.other)})
    audit.deed(
        by=by, verb="listed", what="duplicates", at=at, team_id=by.team_id, detail={"people": ids},
    )  # fmt: skip
    return found


def how_many(person_id: UUID) -> int:
    """How many undecided look-alikes somebody has, for a line on their page."""
    people = {row.id: row for row in _like(person_id)[:MOST]}
    decided = _decided()
    return sum(
        person_id in (a.id, b.id) and frozenset((a.id, b.id)) not in decided
        for a, b, _ in rules.candidates(_known(people.values()))
    )


def side_by_side(*, by: Actor, one: UUID, other: UUID, at: datetime) -> SideBySide | None:
    """Two records, both opened; None where either is out of reach."""
    rows = {row.id: row for row in YoungPerson.objects.filter(id__in=(one, other))}
    if one == other or set(rows) != {one, other}:
        return None
    left, right = _known([rows[one], rows[other]])
    for row in rows.values():
        audit.deed(by=by, verb="compared", what=f"person:{row.id}", person=(row.id, row.team_id), at=at)
    return SideBySide(
        left=_side(rows[one], left, at),
        right=_side(rows[other], right, at),
        evidence=rules.compare(left, right),
        decided=standing(one, other),
        may_link=all(access.may(r.id, r.team_id, Data.IDENTITY, Verb.CHANGE) for r in rows.values()),
    )


def _side(row: YoungPerson, known: Known, at: datetime) -> Side:
    held = access.allocated([row.id], at).get(row.id, [])
    return Side(row, sorted(known.contacts), sorted(names(held).values()))


def _like(person_id: UUID) -> QuerySet[YoungPerson]:
    """The people who share a key with somebody: only they could be candidates."""
    person = YoungPerson.objects.filter(id=person_id).first()
    if person is None:
        return YoungPerson.objects.none()
    values = ContactRoute.objects.filter(person_id=person_id, off_at=None).values_list("value", flat=True)
    alike = Q(id=person_id)
    if person.born:
        alike |= Q(born=person.born)
    if person.nhs_number:
        alike |= Q(nhs_number=person.nhs_number)
    if values:
        shared = ContactRoute.objects.filter(value__in=list(values), off_at=None)
        alike |= Q(id__in=shared.values("person_id"))
    if person.school and person.district:
        alike |= Q(school__iexact=person.school, district__iexact=person.district)
    return YoungPerson.objects.filter(alike).order_by("-taken_in_at", "id")


def _known(people: Iterable[YoungPerson]) -> list[Known]:
    rows = list(people)
    contacts: dict[UUID, set[str]] = {}
    routes = ContactRoute.objects.filter(person_id__in=[row.id for row in rows], off_at=None)
    for person_id, value in routes.values_list("person_id", "value"):
        contacts.setdefault(person_id, set()).add(_tidy(value))
    return [
        Known(
            id=row.id,
            name=row.name,
            born=row.born,
            nhs_number=row.nhs_number,
            district=row.district,
            school=row.school,
            contacts=frozenset(contacts.get(row.id, ())),
        )
        for row in rows
    ]


def _tidy(value: str) -> str:
    """A phone number by its last nine digits, which every way of writing it shares; else small letters."""
    digits = re.sub(r"\D", "", value)
    return digits[-9:] if len(digits) >= 9 and "@" not in value else value.strip().lower()


def _decided() -> set[frozenset[UUID]]:
    rows = SamePerson.objects.filter(undone_at=None).values_list("person_id", "other_id")
    return {frozenset(row) for row in rows}


def standing(one: UUID, other: UUID) -> SamePerson | None:
    """The decision about two records that stands now."""
    either = Q(person_id=one, other_id=other) | Q(person_id=other, other_id=one)
    return SamePerson.objects.filter(either, undone_at=None).order_by("-decided_at").first()
