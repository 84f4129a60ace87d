"""The people of the made-up town: who works there, and the young people they look after.

Made through the same actions as everybody, by the people whose job it is, so that the demo's record of
who did what is as true as any. Their addresses end in `.example`: no mail reaches them, and no real
person can have one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction

from stile.access.actor import Actor, acting
from stile.access.gate import working_as
from stile.access.policy.words import Role
from stile.kernel.answer import Answer
from stile.people.actions import contact, family, hello, introducing, made_up, records, staff, yeses
from stile.people.queries import staff as staff_queries
from stile.people.rules.age import band_of
from stile.people.rules.competence import PROMPTS, Concludes, Deciding, Note, review_day
from stile.people.rules.contact import Kind, Whose
from stile.people.rules.responsibility import KnownBy, Responsible
from stile.people.rules.sharing import How, Part, Reader


class Society:
    """What has been made so far: ids by the keys of people.yaml."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.houses: dict[str, UUID] = {}
        self.teams: dict[str, UUID] = {}
        self.members: dict[str, tuple[UUID, UUID]] = {}
        self.team_of: dict[str, str] = {}

    @contextmanager
    def as_(self, email: str) -> Iterator[Actor]:
        with transaction.atomic(), acting(*self.members[email]) as actor:
            assert actor is not None
            yield actor


def fill(at: datetime) -> int:
    """Make everybody, unless they are here already; how many young people there are."""
    said = yaml.safe_load(files("stile.site.demo").joinpath("people.yaml").read_text("utf-8"))
    with transaction.atomic(), working_as("stile_job"):
        here = staff_queries.first_role_of(said["houses"][0]["admin"]["email"], at)
    if here is not None:
        return 0
    with transaction.atomic():  # all of them or none, so that a broken-off run is simply run again
        it = Society(at - timedelta(seconds=20))  # the database counts from when this transaction began
        _found(it, said)
        for one in said["staff"]:
            _hire(it, one, said)
        for one in said["young"]:
            _take_in(it, one)
        with working_as("stile_job"):
            for address, (account, _) in it.members.items():
                made_up.mark(account, address)
    return len(said["young"])


def _found(it: Society, said: Mapping[str, Any]) -> None:
    for house in said["houses"]:
        admin = house["admin"]
        it.houses[house["key"]], token = staff.found(
            name=house["name"],
            kind=house["kind"],
            admin_name=admin["name"],
            admin_email=admin["email"],
            at=it.at,
        )
        it.members[admin["email"]] = staff.take_invitation(token=token, at=it.at)
    for team in said["teams"]:
        with it.as_(_admin(said, team["house"])) as actor:
            it.teams[team["key"]] = staff.add_team(
                by=actor, name=team["name"], nation="england", areas=[], at=it.at
            )


def _hire(it: Society, one: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    with it.as_(_admin(said, one["house"])) as actor:
        token = staff.invite(
            by=actor, role=Role(one["role"]), team_id=it.teams.get(one.get("team", "")), name=one["name"],
            email=one["email"], at=it.at,
        )  # fmt: skip
    it.members[one["email"]] = staff.take_invitation(token=token, at=it.at)
    it.team_of[one["email"]] = one.get("team", "")
    if one.get("duty"):
        with it.as_(_admin(said, one["house"])) as actor:
            records.put_on_duty(by=actor, membership_id=it.members[one["email"]][1], on=True, at=it.at)


def _admin(said: Mapping[str, Any], house: str) -> str:
    return next(one["admin"]["email"] for one in said["houses"] if one["key"] == house)


def _take_in(it: Society, one: Mapping[str, Any]) -> None:
    born = date(it.at.year - one["age"], 1, 15) if (it.at.month, it.at.day) >= (1, 15) else None
    with it.as_(one["by"]) as worker:
        person = records.take_in(
            by=worker, team_id=it.teams[it.team_of[one["by"]]], name=one["name"], at=it.at, born=born,
            pronouns=one.get("pronouns", ""), age_band=band_of(one["age"]), district=one["district"],
            language=one.get("language", "en-gb"),
        )  # fmt: skip
        if route := one.get("route"):
            way = contact.add(
                by=worker,
                person_id=person,
                kind=Kind(route["kind"]),
                value=route["value"],
                whose=Whose.OWN,
                at=it.at,
            )
            contact.confirm(
                by=worker,
                route_id=way,
                ok=Answer.YES,
                seen_by_others=Answer.NO,
                leave_message=Answer.NO,
                at=it.at,
            )
        if carer := one.get("carer"):
            id_ = family.add(
                by=worker, person_id=person, name=carer["name"], relation=carer["relation"], at=it.at
            )
            if carer.get("known_by"):
                family.say_responsible(
                    by=worker, carer_id=id_, responsible=Responsible(carer["responsible"]),
                    known_by=KnownBy(carer["known_by"]), at=it.at,
                )  # fmt: skip
        if lines := one.get("hello"):
            hello.edit(by=worker, person_id=person, lines=lines, at=it.at)
            hello.approve(
                by=worker, person_id=person, lines=[name for name, text in lines.items() if text], at=it.at
            )
        if one.get("understands"):
            _note(it, worker, person)
        if house := one.get("offered") or one.get("accepted"):
            yeses.give(
                by=worker, person_id=person, organisation_id=it.houses[house], parts=[Part.HELLO_PAGE],
                readers=[Reader.COORDINATOR, Reader.SESSION_LEADER], why="So that somebody says hello",
                how=How.SAID, language="en-gb", at=it.at,
            )  # fmt: skip
            introducing.introduce(
                by=worker,
                person_id=person,
                organisation_id=it.houses[house],
                activity="A first visit",
                at=it.at,
            )
        token = (
            staff.invite_young_person(by=worker, person_id=person, name=one["name"], at=it.at)
            if one.get("own")
            else ""
        )
    if token:
        it.members[one["own"]] = staff.take_invitation(token=token, at=it.at)
    if house := one.get("accepted"):
        coordinator = {"pepperpot": "dee@pepperpotgym.example", "kiln-row": "lou@kilnrow.example"}[house]
        with it.as_(coordinator) as charity:
            introducing.accept(by=charity, person_id=person, at=it.at)


def _note(it: Society, worker: Actor, person: UUID) -> None:
    today = it.at.date()
    words = {
        "what": "You'd tell the art place my name and what I like.",
        "who": "You, and whoever runs the art room. Not school.",
        "else": "I could just turn up, or not go.",
        "wrong": "They might tell my mum. You said they don't.",
    }
    note = Note(
        Deciding.SHARING, Concludes.UNDERSTANDS, today, review_day(today), Answer.YES,
        {key: words[key] for key in PROMPTS}, "Said it all back without being led.",
    )  # fmt: skip
    yeses.write_note(
        by=worker, person_id=person, note=note, decision="Telling Kiln Row Studio who Jo is",
        telling_a_parent="Not yet. Jo would like to do that themself.", at=it.at,
    )  # fmt: skip
