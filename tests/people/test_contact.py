"""Ways to reach somebody, and carers: added unsure, confirmed with them, off in one step."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from stile.kernel.answer import Answer
from stile.kernel.decision import Refused
from stile.people.actions import contact, family
from stile.people.queries import contact as queries
from stile.people.queries import family as carers
from stile.people.rules.contact import CONFIRMED_FOR, Kind, Whose
from stile.people.rules.responsibility import KnownBy, Responsible
from tests import society


@pytest.fixture
def town(db: None) -> society.Society:
    return society.build()


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        do()
    return caught.value.decision.code


def phone(town: society.Society, who: str = "Jo", by: str = "Lena", whose: Whose = Whose.OWN) -> UUID:
    with town.as_(by) as actor:
        return contact.add(
            by=actor,
            person_id=town.people[who],
            kind=Kind.TEXT,
            value="07700 900123",
            whose=whose,
            at=town.now,
        )


def safe(town: society.Society, route: UUID, by: str = "Lena") -> None:
    with town.as_(by) as actor:
        contact.confirm(
            by=actor,
            route_id=route,
            ok=Answer.YES,
            seen_by_others=Answer.NO,
            leave_message=Answer.NO,
            at=town.now,
        )


def test_a_way_is_used_once_they_said_it_is_safe_and_until_it_grows_old(town: society.Society) -> None:
    jo = town.people["Jo"]
    route = phone(town)
    with town.as_("Lena"):
        assert queries.may_send(jo, route, town.now).code == "not ok"
    safe(town, route)
    with town.as_("Lena"):
        assert queries.may_send(jo, route, town.now).ok
        assert queries.may_send(jo, route, town.now, leaving_message=True).code == "message"
        late = town.now + CONFIRMED_FOR + timedelta(seconds=1)
        assert queries.may_send(jo, route, late).code == "confirm"
        assert [way.may.code for way in queries.ways(jo, late)] == ["confirm"]


def test_one_persons_number_is_not_used_for_another(town: society.Society) -> None:
    route = phone(town)
    safe(town, route)
    with town.as_("Lena"):
        assert queries.may_send(town.people["Ash"], route, town.now).code == "no route"


def test_a_way_is_turned_off_for_good_and_all_of_them_at_once(town: society.Society) -> None:
    jo = town.people["Jo"]
    one, two = phone(town), phone(town)
    safe(town, one)
    safe(town, two)
    with town.as_("Jo") as me:
        contact.turn_off(by=me, route_id=one, at=town.now)
        assert refused(lambda: contact.turn_off(by=me, route_id=one, at=town.now)) == "route"
        assert queries.may_send(jo, one, town.now).code == "off"
        assert queries.may_send(jo, two, town.now).ok
        contact.stop_all(by=me, person_id=jo, at=town.now)
    with town.as_("Lena") as lena:
        assert queries.may_send(jo, two, town.now).code == "stopped"
        contact.start_again(by=lena, person_id=jo, at=town.now)
        assert queries.may_send(jo, two, town.now).code == "not ok"  # asked anew, each of them


def test_who_may_write_down_and_stop(town: society.Society) -> None:
    jo = town.people["Jo"]
    route = phone(town)
    for stranger in ("Luke", "Lily", "Dee", "Flo", "Sid"):
        assert refused(lambda who=stranger: phone(town, by=who)) == "person", stranger
        with town.as_(stranger) as actor:
            assert refused(lambda a=actor: contact.turn_off(by=a, route_id=route, at=town.now)) == "route"
            assert refused(lambda a=actor: contact.stop_all(by=a, person_id=jo, at=town.now)) == "person"
    assert refused(lambda: phone(town, by="Max")) == "person"  # reads, for cover
    with town.as_("Max") as manager:
        assert refused(lambda: contact.turn_off(by=manager, route_id=route, at=town.now)) == "route"
        contact.stop_all(by=manager, person_id=jo, at=town.now)  # but may always make it quiet


def test_a_carer_is_nobody_in_particular_until_it_is_known(town: society.Society) -> None:
    jo = town.people["Jo"]
    with town.as_("Lena") as lena:
        mum = family.add(by=lena, person_id=jo, name="Meg", relation="mum", at=town.now)
        row = carers.carer(mum)
        assert row is not None
        assert row.responsible == "unknown"
        assert refused(
            lambda: family.say_responsible(
                by=lena, carer_id=mum, responsible=Responsible.YES, known_by=None, at=town.now
            )
        ) == "known by"  # fmt: skip
        family.say_responsible(
            by=lena, carer_id=mum, responsible=Responsible.YES, known_by=KnownBy.COURT, at=town.now
        )
        family.end(by=lena, carer_id=mum, at=town.now)
        assert list(carers.carers(jo)) == []
        assert refused(lambda: family.end(by=lena, carer_id=mum, at=town.now)) == "carer"
    for other in ("Luke", "Max", "Jo", "Dee"):
        with town.as_(other) as actor:
            assert refused(
                lambda a=actor: family.add(by=a, person_id=jo, name="X", relation="uncle", at=town.now)
            ) == "person"  # fmt: skip
