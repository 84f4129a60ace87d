"""A small society for tests of who may see what: organisations, their people, some young people.

Built through actions only. Two teams of a host, another host, two charities, a funder; young people in
each team; ties, permissions and a record shut to a neighbour.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stile.access import actions as access
from stile.access.actor import Actor, acting
from stile.access.policy.words import Role
from stile.people.actions import records, staff


@dataclass
class Society:
    now: datetime
    houses: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    staff: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)  # name -> (account, membership)
    people: dict[str, UUID] = field(default_factory=dict)

    @contextmanager
    def as_(self, name: str) -> Iterator[Actor]:
        """Act as somebody, by their name."""
        with transaction.atomic(), acting(*self.staff[name]) as actor:
            assert actor is not None, name
            yield actor

    def hire(self, by: str, name: str, role: Role, team: str | None = None) -> None:
        with self.as_(by) as actor:
            token = staff.invite(
                by=actor, role=role, team_id=self.teams[team] if team else None, name=name,
                email=f"{name.lower()}@example.org", at=self.now,
            )  # fmt: skip
        self.staff[name] = staff.take_invitation(token=token, at=self.now)


def build() -> Society:
    # A little in the past, so that what starts "now" has begun by the database's own clock.
    it = Society(timezone.now() - timedelta(seconds=5))
    for house, kind, admin in (
        ("Hedgerow", "lead_host", "Ada"), ("Meadow", "lead_host", "Mona"),
        ("Climbers", "charity", "Cleo"), ("Painters", "charity", "Pia"), ("Fund", "funder", "Finn"),
    ):  # fmt: skip
        it.houses[house], token = staff.found(
            name=house, kind=kind, admin_name=admin, admin_email=f"{admin.lower()}@example.org", at=it.now
        )
        it.staff[admin] = staff.take_invitation(token=token, at=it.now)
    for admin, team in (("Ada", "East"), ("Ada", "West"), ("Mona", "North")):
        with it.as_(admin) as actor:
            it.teams[team] = staff.add_team(by=actor, name=team, nation="england", areas=[], at=it.now)
    for by, name, role, team in (
        ("Ada", "Lena", Role.LINK_WORKER, "East"), ("Ada", "Luke", Role.LINK_WORKER, "East"),
        ("Ada", "Lily", Role.LINK_WORKER, "West"), ("Mona", "Liam", Role.LINK_WORKER, "North"),
        ("Ada", "Max", Role.MANAGER, "East"), ("Ada", "Mary", Role.MANAGER, None),
        ("Ada", "Sid", Role.SAFEGUARDING_LEAD, None), ("Ada", "Dot", Role.DPO, None),
        ("Ada", "Rae", Role.REFERRER, None), ("Ada", "Plum", Role.PLANNER, None),
        ("Cleo", "Dee", Role.COORDINATOR, None), ("Cleo", "Sol", Role.SESSION_LEADER, None),
        ("Pia", "Per", Role.COORDINATOR, None), ("Finn", "Flo", Role.FUNDER, None),
    ):  # fmt: skip
        it.hire(by, name, role, team)
    for by, team, name, born in (
        ("Lena", "East", "Jo", date(2012, 5, 1)), ("Lena", "East", "Ash", date(2009, 1, 9)),
        ("Luke", "East", "Kit", date(2004, 3, 3)), ("Lily", "West", "Wren", date(2011, 7, 7)),
        ("Liam", "North", "Nia", date(2010, 2, 2)),
    ):  # fmt: skip
        with it.as_(by) as actor:
            it.people[name] = records.take_in(
                by=actor, team_id=it.teams[team], name=name, born=born, age_band="13-15", at=it.now
            )
    with it.as_("Lena") as lena:
        token = staff.invite_young_person(by=lena, person_id=it.people["Jo"], name="Jo", at=it.now)
    it.staff["Jo"] = staff.take_invitation(token=token, at=it.now)
    with it.as_("Max") as max_:
        access.tie(
            by=max_, kind="shut", person_id=it.people["Jo"], team_id=it.teams["East"],
            account_id=it.staff["Luke"][0], why="neighbour", at=it.now,
        )  # fmt: skip
    return it
