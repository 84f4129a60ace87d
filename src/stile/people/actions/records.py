"""Writing people's records: who is taken in, changed, allocated, shut, set aside."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.policy.words import Data, Role, Verb
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Membership, Team, YoungPerson
from ..rules.ties import SHUT_WHY

# No letters or digits that are mistaken for one another when read out on the phone.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CHANGEABLE = ("name", "pronouns", "born", "age_band", "district", "school", "nhs_number", "language")


def take_in(
    *,
    by: Actor,
    team_id: UUID,
    name: str,
    at: datetime,
    pronouns: str = "",
    born: date | None = None,
    age_band: str = "",
    district: str = "",
    school: str = "",
    nhs_number: str = "",
    language: str = "en-gb",
) -> UUID:
    """Write a young person down with a team; a link worker who does so has them allocated. The person's id."""
    team = Team.objects.filter(id=team_id).first()
    if team is None:
        raise Refused(no("team", N_("Choose a team that is yours.")))
    person = YoungPerson(
        team_id=team_id, name=name, pronouns=pronouns, born=born, age_band=age_band, age_band_on=at.date(),
        nation=team.nation, district=district, school=school, nhs_number=nhs_number, language=language,
        code=_code(), taken_in_at=at,
    )  # fmt: skip
    person.save(force_insert=True)
    audit.deed(by=by, verb="took in", what=f"person:{person.id}", person=(person.id, team_id), at=at)
    if by.role == "link_worker":
        access.tie(
            by=by, kind="linked", person_id=person.id, team_id=team_id, membership_id=by.membership_id,
            why="took in", at=at,
        )  # fmt: skip
    return person.id


def change(*, by: Actor, person_id: UUID, values: Mapping[str, Any], at: datetime) -> list[str]:
    """Put a record right; the names of what changed. Only the fields of `CHANGEABLE`, never others.

    Raises Refused where the record is set aside, or is not the actor's to change.
    """
    person = _to_change(person_id)
    if person.restricted_at is not None:
        raise Refused(no("restricted", N_("This record is set aside: it is kept, and not used or changed.")))
    changed = {k: v for k, v in values.items() if k in CHANGEABLE and getattr(person, k) != v}
    if "age_band" in changed:
        changed["age_band_on"] = at.date()
    if changed and not YoungPerson.objects.filter(id=person_id).update(**changed):
        raise _not_yours()
    if changed:
        audit.deed(
            by=by, verb="changed", what=f"person:{person_id}", person=(person_id, person.team_id), at=at,
            detail={"fields": sorted(changed)},
        )  # fmt: skip
    return sorted(changed)


def set_aside(*, by: Actor, person_id: UUID, aside: bool, at: datetime) -> None:
    """Hold a record without using it (restriction, UK GDPR article 18), or put it back in use."""
    person = _to_change(person_id)
    if not YoungPerson.objects.filter(id=person_id).update(restricted_at=at if aside else None):
        raise _not_yours()
    audit.deed(
        by=by, verb="held" if aside else "let go on", what=f"person:{person_id}", at=at,
        person=(person_id, person.team_id),
    )  # fmt: skip


def allocate(*, by: Actor, person_id: UUID, membership_id: UUID, at: datetime) -> None:
    """Give somebody a link worker besides those they have; nothing happens when it is so already."""
    person = _to_change(person_id)
    if by.role is not Role.MANAGER:
        raise Refused(no("role", N_("A manager chooses who looks after whom.")))
    if membership_id in reach.allocated([person_id], at).get(person_id, []):
        return
    worker = Membership.objects.filter(id=membership_id, role=Role.LINK_WORKER.value).first()
    if worker is None or not reach.serves(membership_id, person.team_id):
        raise Refused(no("worker", N_("Choose somebody who works for this team.")))
    access.tie(
        by=by, kind="linked", person_id=person_id, team_id=person.team_id, membership_id=membership_id,
        why="allocated", at=at,
    )  # fmt: skip


def end_tie(*, by: Actor, person_id: UUID, tie_id: UUID, kinds: tuple[str, ...], at: datetime) -> None:
    """End an allocation or a shutting out; Refused when there is no such live tie to this person."""
    known = {one.id: one.kind for one in reach.ties(person_id, at)}
    if known.get(tie_id) not in kinds or not access.untie(by=by, tie_id=tie_id, at=at):
        raise Refused(no("tie", N_("That has ended already.")))


def put_on_duty(*, by: Actor, membership_id: UUID, on: bool, at: datetime) -> None:
    """On duty a link worker reaches the whole team's people; off duty their own alone."""
    worker = Membership.objects.filter(
        id=membership_id, organisation_id=by.organisation_id, role=Role.LINK_WORKER.value
    )
    if by.team_id:
        worker = worker.filter(team_id=by.team_id)
    if not worker.update(on_duty=on):
        raise Refused(no("worker", N_("Choose somebody who works for this team.")))
    audit.deed(
        by=by, verb="put on duty" if on else "took off duty", what=f"membership:{membership_id}", at=at,
        team_id=by.team_id,
    )  # fmt: skip


def shut(*, by: Actor, person_id: UUID, team_id: UUID, membership_id: UUID, why: str, at: datetime) -> None:
    """Close a record to a colleague, however they sign in: family, a neighbour, whoever was spoken of."""
    if why not in SHUT_WHY:
        raise Refused(no("why", N_("Choose why.")))
    colleague = Membership.objects.filter(id=membership_id).first()
    if colleague is None or not reach.may(person_id, team_id, Data.BLOCKS, Verb.ADD):
        raise _not_yours()
    if colleague.account_id == by.account_id:
        raise Refused(no("yourself", N_("Ask somebody else to shut a record to you.")))
    access.tie(
        by=by, kind="shut", person_id=person_id, team_id=team_id, account_id=colleague.account_id, why=why,
        at=at,
    )  # fmt: skip


def _to_change(person_id: UUID) -> YoungPerson:
    person = YoungPerson.objects.filter(id=person_id).first()
    if person is None or not reach.may(person.id, person.team_id, Data.IDENTITY, Verb.CHANGE):
        raise _not_yours()
    return person


def _not_yours() -> Refused:
    return Refused(no("reach", N_("This record is not yours to change.")))


def _code() -> str:
    """K7M-2QF: 30 bits, enough that two alike are refused by the database once in a very long while."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"
