"""Which records are the same: one sign is never enough, and some things speak against it."""

from dataclasses import replace

import pytest

from stile.loop.directory.rules.likeness import (
    Likeable,
    identifier_key,
    mail_key,
    name_key,
    organisations_alike,
    phone_key,
    services_alike,
    web_key,
)

CLUB = Likeable(
    1,
    name_key("Sale Chess Club"),
    phone_key="+441619000000",
    postcodes=frozenset({"M33 7ZF"}),
    points=((53.4240, -2.3190),),
)
OTHER = replace(CLUB, number=2, name_key=name_key("The Chess Club, Sale"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dab Hands CIO", "DAB HANDS"),
        ("Clwb Ieuenctid Caerffilî", "clwb ieuenctid caerffili"),
        ("St Paul's Youth Club Ltd.", "St Pauls Youth Club"),
    ],
)
def test_names_are_compared_without_what_does_not_tell_them_apart(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_a_name_made_only_of_such_words_is_still_a_name() -> None:
    assert name_key("The Trust Ltd") == "the trust ltd"
    assert name_key("茶") == ""


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("0161 900 0000", "+441619000000"),
        ("+44 (0)161 900 0000", "+441619000000"),
        ("0044 161 900 0000 ext. 12", "+441619000000"),
        ("+1 650 555 0100", "+16505550100"),
        ("ring the bell", ""),
        ("", ""),
    ],
)
def test_one_phone_number_written_many_ways(written: str, key: str) -> None:
    assert phone_key(written) == key


def test_hosts_and_addresses_that_belong_to_everybody_tell_nothing() -> None:
    assert web_key("https://www.salechess.example.net/about") == "salechess.example.net"
    assert web_key("salechess.example.net") == "salechess.example.net"
    assert web_key("https://www.facebook.com/salechess/posts") == "facebook.com/salechess"
    assert web_key("https://www.eventbrite.co.uk/e/1") == ""
    assert web_key("http://[broken") == ""
    assert mail_key("Info@SaleChess.example.net") == "salechess.example.net"
    assert mail_key("salechess@gmail.com") == "salechess@gmail.com"
    assert mail_key("not an address") == ""


def test_register_numbers_in_one_spelling() -> None:
    assert (
        identifier_key("GB-CHC", "01234567")
        == identifier_key("Charity number", "1234567")
        == "GB-CHC:1234567"
    )
    assert identifier_key("GB-COH", "1234567") == "GB-COH:01234567"
    assert identifier_key("GB-SC", "SC012345") == "GB-SC:SC012345"
    assert identifier_key("GB-CHC", " ") == ""


def test_the_same_name_at_the_same_place_is_the_same() -> None:
    found = services_alike(CLUB, OTHER)
    assert found.same
    assert {e.kind for e in found.evidence} == {"name", "place", "phone"}
    assert found.words.startswith("the same by 3 signs: same name, same postcode M33 7ZF")


def test_a_name_alone_is_not_enough_nor_a_place_alone() -> None:
    bare = Likeable(2, CLUB.name_key)
    assert not services_alike(CLUB, bare).same
    assert not services_alike(CLUB, replace(CLUB, number=2, name_key="karate club juniors")).same


def test_weak_signs_need_each_other() -> None:
    here = Likeable(1, "stay play", web_key="town.gov.uk")
    assert not services_alike(here, replace(here, number=2)).same
    told = replace(here, organisation_key="town council")
    assert services_alike(told, replace(told, number=2)).same


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"name_key": "sale chess club 2"}, "numbers in the names differ"),
        ({"min_age": 18}, "for other ages"),
        ({"slots": 0b1000}, "at other times"),
        ({"points": ((53.6, -2.3),)}, "at other places"),
    ],
)
def test_what_speaks_against_it_settles_it(how: dict[str, object], why: str) -> None:
    one = replace(CLUB, max_age=16, slots=0b0001)
    other = replace(one, number=2, **how)  # type: ignore[arg-type]
    assert services_alike(one, other).words == why
    assert services_alike(other, one).words == why


def test_two_pins_on_one_building_are_one_place() -> None:
    near = replace(CLUB, number=2, postcodes=frozenset(), points=((53.4248, -2.3190),), phone_key="")
    found = services_alike(CLUB, near)
    assert found.same
    assert ("place", "89 metres apart") in {(e.kind, e.words) for e in found.evidence}


def test_organisations_by_number_or_by_name_and_another_sign() -> None:
    one = Likeable(1, "dab hands", identifiers=frozenset({"GB-CHC:1"}))
    assert organisations_alike(one, replace(one, number=2, name_key="dab hands sale")).same
    assert not organisations_alike(one, Likeable(2, "dab hands")).same
    assert organisations_alike(
        replace(one, web_key="d.example"), Likeable(2, "dab hands", web_key="d.example")
    ).same
    other = replace(one, number=2, identifiers=frozenset({"GB-CHC:2"}), web_key="d.example")
    assert organisations_alike(replace(one, web_key="d.example"), other).words == "other register numbers"
    assert not organisations_alike(
        Likeable(1, "sale scouts 1"), replace(one, number=2, name_key="sale scouts 2")
    ).same
