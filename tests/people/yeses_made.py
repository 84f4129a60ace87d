"""Yeses as tests need them: made through the actions, by those who would."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from stile.kernel.answer import Answer
from stile.people.actions import hello, introducing, yeses
from stile.people.rules.competence import PROMPTS, Concludes, Deciding, Note, review_day
from stile.people.rules.sharing import How, Part, Reader
from tests.society import Society

BOTH = (Reader.COORDINATOR, Reader.SESSION_LEADER)


def understood(
    town: Society, who: str, by: str, deciding: Deciding = Deciding.SHARING,
    concludes: Concludes = Concludes.UNDERSTANDS, at: datetime | None = None,
) -> UUID:  # fmt: skip
    at = at or town.now
    note = Note(
        deciding, concludes, at.date(), review_day(at.date()), Answer.YES,
        dict.fromkeys(PROMPTS, "Said back in their own words."), "Gave two examples of their own.",
    )  # fmt: skip
    with town.as_(by) as worker:
        return yeses.write_note(
            by=worker, person_id=town.people[who], note=note, decision="Telling Climbers",
            telling_a_parent="Would like mum to know later.", at=at,
        )  # fmt: skip


def say_yes(
    town: Society, who: str, by: str, house: str = "Climbers", *, parts: Sequence[Part] = (Part.HELLO_PAGE,),
    readers: Sequence[Reader] = BOTH, ends: datetime | None = None,
) -> UUID:  # fmt: skip
    with town.as_(by) as worker:
        return yeses.give(
            by=worker, person_id=town.people[who], parts=parts, readers=readers,
            organisation_id=town.houses[house], why="Climbing on Tuesdays", how=How.SAID, language="en-gb",
            at=town.now, ends=ends,
        )  # fmt: skip


def hello_page(town: Society, who: str, by: str, approved: Sequence[str] = hello.LINES) -> None:
    with town.as_(by) as worker:
        hello.edit(
            by=worker, person_id=town.people[who], at=town.now,
            lines={
                "interests": "Climbing, guinea pigs", "at_the_door": "Likes to be met outside",
                "access_needs": "A quiet corner",
            },
        )  # fmt: skip
        hello.approve(by=worker, person_id=town.people[who], lines=approved, at=town.now)


def introduced(town: Society, who: str = "Jo", by: str = "Lena", house: str = "Climbers") -> UUID:
    """A note, a yes, a hello page, an offer: the permission's id."""
    understood(town, who, by)
    permission = say_yes(town, who, by, house)
    hello_page(town, who, by)
    with town.as_(by) as worker:
        introducing.introduce(
            by=worker, person_id=town.people[who], organisation_id=town.houses[house],
            activity="Climbing on Tuesdays", at=town.now,
        )  # fmt: skip
    return permission


def accepted(
    town: Society, who: str = "Jo", by: str = "Lena", house: str = "Climbers", coordinator: str = "Dee"
) -> UUID:
    permission = introduced(town, who, by, house)
    with town.as_(coordinator) as dee:
        introducing.accept(by=dee, person_id=town.people[who], at=town.now)
    return permission


def years_before(on: date, years: int, days: int = 0) -> date:
    return date(on.year - years, on.month, min(on.day, 28)) - timedelta(days=days)
