"""Writing people's records: who is taken in, by whom, with which team."""

import secrets
from datetime import date, datetime
from uuid import UUID

from stile.access import actions as access
from stile.access.actor import Actor
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import Team, YoungPerson

# No letters or digits that are mistaken for one another when read out on the phone.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


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
    language: str = "en-gb",
) -> UUID:
    """Write a young person down with a team; a link worker who does so has them allocated. The person's id."""
    team = Team.objects.filter(id=team_id).first()
    if team is None:
        raise Refused(no("team", N_("Choose a team that is yours.")))
    person = YoungPerson(
        team_id=team_id, name=name, pronouns=pronouns, born=born, age_band=age_band, age_band_on=at.date(),
        nation=team.nation, district=district, language=language, code=_code(), taken_in_at=at,
    )  # fmt: skip
    person.save(force_insert=True)
    audit.deed(by=by, verb="took in", what=f"person:{person.id}", person=(person.id, team_id), at=at)
    if by.role == "link_worker":
        access.tie(
            by=by, kind="linked", person_id=person.id, team_id=team_id, membership_id=by.membership_id,
            why="took in", at=at,
        )  # fmt: skip
    return person.id


def _code() -> str:
    """K7M-2QF: 30 bits, enough that two alike are refused by the database once in a very long while."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"
