"""The Welsh: complete, with every hole kept, counted as Welsh counts, and on the page where it belongs."""

import ast
import html
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from tools import translations

from stile.kernel.answer import Answer
from stile.kernel.said import Said, day_and_clock
from stile.loop.directory.models import Service
from stile.loop.directory.rules.activity import COMFORTS, ages, when
from stile.loop.directory.rules.records import CostRecord, TimeRecord, Welcome
from stile.loop.directory.rules.vocabulary import ParentForm, Room
from stile.loop.match.current import CURRENT
from stile.loop.match.rules import journey
from stile.loop.match.rules.cards import checked_words
from stile.loop.match.rules.wish import Travel, Where
from tests.loop.directory.making import organisation, place, service, take

CATALOGUE = [message for message in translations.read() if message.id]
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
COUNTS = (1, 2, 3, 6, 11)
# Said the same in both languages: names, signs, and patterns with nothing to translate in them.
THE_SAME = {
    "%(hour)sam",
    "%(hour)spm",
    "%(most)s, %(next)s",
    "%(weekday)s %(day)s %(month)s",
    "%(deed)s %(when)s.",
    "%(name)s (%(role)s)",
    "£%(pounds)s",
    "Childline",
    "Demo",
    "Shout",
}


def english(message: Any) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def welsh(message: Any) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.fixture
def in_welsh() -> Iterator[None]:
    with translation.override("cy"):
        yield


def spoken(said: Said) -> str:
    return said.text(gettext, ngettext)


# ---------------------------------------------------------------- the catalogue


def test_every_string_of_the_project_is_in_welsh(capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.check() == 0, capsys.readouterr().out


def test_every_plural_form_is_filled() -> None:
    forms = translations.read().num_plurals
    for message in CATALOGUE:
        if isinstance(message.id, tuple):
            assert len(welsh(message)) == forms, message.id
        assert all(one.strip() for one in welsh(message)), message.id


def test_the_holes_are_those_of_the_english() -> None:
    """A form for one, two or six may spell its number out ("Un peth"); nothing else may be dropped."""
    for message in CATALOGUE:
        wanted = [set(HOLE.findall(one)) for one in english(message)]
        for one in welsh(message):
            holes = set(HOLE.findall(one))
            assert holes <= wanted[-1], (message.id, one)
            assert wanted[-1] - holes <= {"%(n)s"} if len(wanted) > 1 else holes == wanted[0], (
                message.id,
                one,
            )
            assert "%" not in HOLE.sub("", one).replace("%%", ""), (message.id, one)


def test_nothing_is_left_in_english() -> None:
    same = {
        one for message in CATALOGUE for one in english(message) if set(welsh(message)) == {one}
    } - THE_SAME
    assert same == set()


def test_sentences_end_as_the_english_ones_do() -> None:
    """A full stop, a colon or a question mark that goes missing joins two sentences on the page."""
    for message in CATALOGUE:
        for one in welsh(message):
            for end in ".?:":
                assert one.endswith(end) == english(message)[-1].endswith(end), (message.id, one)


def test_the_letters_are_welsh_ones_in_one_form() -> None:
    """ŵ and ŷ as single letters, so that search, fonts and screen readers meet the same ones."""
    everything = "".join(one for message in CATALOGUE for one in welsh(message))
    assert {"ŵ", "ŷ", "ô", "ê", "â", "ï"} <= set(everything)
    assert not re.search("[\u0300-\u036f]", everything)
    assert "'" not in everything  # the apostrophe of the pages is ’


def test_young_people_are_spoken_to_as_ti() -> None:
    """Only pages for staff say chi: the desk, and people's records as those who work with them see them."""
    for message in CATALOGUE:
        formal = re.search(
            r"\b(chi|chwi|eich|gallwch|cliciwch|dewiswch|ffoniwch|gofynnwch|peidiwch)\b",
            " ".join(welsh(message)),
            re.IGNORECASE,
        )
        if formal:
            places = {name for name, _ in message.locations}
            assert all(_for_staff(name) for name in places), (message.id, formal[0])


def _for_staff(place: str) -> bool:
    """Pages of a young person's own, and the ways in that they share with colleagues, are not."""
    shared = re.search(r"/my|signin/(ways_in|invitation|code|email|link|out)\b", place)
    return "match/desk" in place or (place.startswith(("people/", "access/")) and not shared)


def test_words_young_people_never_see_are_not_there_in_welsh_either() -> None:
    never = re.compile(
        r"\b(atgyfeiri\w+|ymyriad\w*|presgripsiwn\w*|anhwylder\w*|defnyddi\w+ gwasanaeth\w*)\b"
    )
    for message in CATALOGUE:
        assert not any(never.search(one.casefold()) for one in welsh(message)), message.id


def test_counted_words_are_marked_as_a_pair() -> None:
    """Two words marked one by one would each be translated and never found by a count."""
    source = Path(translations.SOURCE)
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say_many":
                assert not isinstance(node.args[0], ast.Tuple), f"{path.name}:{node.lineno}: use Nn_"


# ---------------------------------------------------------------- counting, days and sentences


@pytest.mark.usefixtures("in_welsh")
def test_django_counts_with_the_catalogues_own_forms() -> None:
    """Every counted message, through Django, against the form the catalogue's header names."""
    catalogue = translations.read()
    forms = {1: 1, 2: 2, 3: 3, 6: 4, 11: 0, 0: 0, 100: 0}
    counted = [message for message in catalogue if isinstance(message.id, tuple)]
    assert len(counted) > 10
    for message in counted:
        for n, form in forms.items():
            assert ngettext(*message.id, n) == message.string[form], (message.id, n)


@pytest.mark.usefixtures("in_welsh")
def test_numbers_mutate_what_they_count() -> None:
    def things(n: int) -> str:
        return ngettext("One thing to put right", "%(n)s things to put right", n) % {"n": n}

    def places(n: int) -> str:
        return ngettext("%(n)s place", "%(n)s places", n) % {"n": n}

    assert [places(n) for n in COUNTS] == ["1 lle", "2 le", "3 lle", "6 lle", "11 lle"]
    assert [things(n).split(" i’w")[0] for n in COUNTS] == [
        "Un peth", "2 beth", "3 pheth", "6 pheth", "11 peth",
    ]  # fmt: skip


@pytest.mark.usefixtures("in_welsh")
def test_a_count_reaches_the_page_through_a_said() -> None:
    here = Where("M33 7ZF", 53.42, -2.32, "postcode", 0.0)
    bike = [journey.journey(one, Travel.BIKE, here, 0.0) for one in (200, 4000)]
    assert spoken(bike[0]) == "2 funud ar feic"
    assert spoken(bike[1]) == "20 munud ar feic"
    today = date(2026, 11, 22)
    ago = [spoken(checked_words(today - timedelta(days=n), today)) for n in (0, 1, 2, 3, 70)]
    assert ago[:4] == [
        "Wedi’i wirio heddiw",
        "Wedi’i wirio 1 diwrnod yn ôl",
        "Wedi’i wirio 2 ddiwrnod yn ôl",
        "Wedi’i wirio 3 diwrnod yn ôl",
    ]
    assert ago[4].startswith("Wedi’i wirio 70 diwrnod yn ôl. ")


@pytest.mark.usefixtures("in_welsh")
def test_days_and_times_read_as_on_a_poster() -> None:
    assert spoken(day_and_clock(datetime(2026, 3, 3, 16))) == "Dydd Mawrth 3 Mawrth am 4pm"

    def weekly(byday: str, **more: Any) -> str:
        record = TimeRecord(
            **{"freq": "WEEKLY", "byday": byday, "opens_at": time(16, 30), "closes_at": time(18)} | more
        )
        said = when(record)
        assert said is not None
        return spoken(said)

    assert weekly("TH") == "Dyddiau Iau, 4:30pm tan 6pm"
    assert weekly("TH", interval=2, closes_at=None) == "Bob yn ail wythnos: Dyddiau Iau am 4:30pm"
    assert weekly("MO,TU,WE,TH,FR") == "Dydd Llun i ddydd Gwener, 4:30pm tan 6pm"
    assert weekly("2SA", freq="MONTHLY") == "Dydd Sadwrn, yr ail yn y mis, 4:30pm tan 6pm"
    assert [spoken(one) for one in (ages(11, 18), ages(16, None), ages(None, 25)) if one] == [
        "11 i 18 oed", "16 oed a hŷn", "hyd at 25 oed",
    ]  # fmt: skip


# ---------------------------------------------------------------- the pages


def _net() -> list[tuple[str, re.Pattern[str]]]:
    """What must not be met on a Welsh page: English longer than 12 letters that has a Welsh of its own."""
    net = []
    for message in CATALOGUE:
        for one in english(message):
            parts = HOLE.split(one)
            if set(welsh(message)) != {one} and max(len(part.strip()) for part in parts) > 12:
                body = "[^<>\n]{0,90}?".join(re.escape(part) for part in parts)
                net.append((one, re.compile(rf"(?<!\w){body.strip()}(?!\w)")))
    return net


NET = _net()


def left_in_english(page: str) -> list[str]:
    words = html.unescape(page)
    return [one for one, pattern in NET if pattern.search(words)]


PUBLIC = [
    "/", "/find/", "/where/", "/where/?tile=make", "/kept/", "/talk/", "/privacy/", "/accessibility/",
    "/about-the-data/", "/desk/", "/design/", "/nowhere/", "/help-now/",
    "/help-now/?nation=england", "/help-now/?nation=scotland", "/help-now/?nation=northern-ireland",
    "/find/?tile=make&near=Sale", "/find/?q=arlunio&near=M33+7ZF&age=15&someone=1&avoid=loud&need=quiet",
    "/find/?q=arlunio&need=step_free&km=1&near=M33+7ZF", "/find/?q=dringo&near=M33&free=1&lang=cy",
    "/find/?near=Qwertyville", "/find/?q=dwi+eisiau+marw", "/desk/?q=arlunio&near=M33+7ZF&budget=3",
    "/desk/?near=Qwertyville&q=nofio&day=mon",
]  # fmt: skip


@pytest.fixture
def club() -> Iterator[UUID]:
    """A group about which everything is told, one about which nothing is, and one that is closed."""
    CURRENT.clear()
    now = timezone.now()
    rich = service(
        "celf",
        at=place("p1", name="Neuadd y Dre"),
        name="Clwb Celf",
        organisation=organisation(name="Dwylo Da"),
        description="Arlunio gyda’n gilydd.",
        kinds=("drawing",),
        min_age=11,
        max_age=18,
        email="celf@example.org",
        parent_form=ParentForm.FIRST_TIME,
        room=Room.WAITING_LIST,
        waiting_weeks=3,
        costs=(CostRecord(amount_pence=250, currency="GBP"),),
        facts={fact: Answer.of(n % 2 == 0) for n, (fact, _, _) in enumerate(COMFORTS)},
        welcome=Welcome(
            walk_in="Paned.", who_meets_you="Dot.", what_to_bring="Dim.", bus_home="41.", support="Oes."
        ),
        times=(TimeRecord(freq="WEEKLY", byday="TH", opens_at=time(16, 30), closes_at=time(18)),),
        confirmed_on=now.date() - timedelta(days=70),
    )
    bare = service("moel", at=place("p2", name="Capel"), name="Criw Moel", kinds=("drawing",),
                   organisation=organisation("o2", name="Dwylo Eraill"), confirmed_on=now.date())  # fmt: skip
    shut = service("cau", at=place("p3", name="Ysgol"), name="Criw Cau", kinds=("drawing",),
                   status="defunct", confirmed_on=now.date())  # fmt: skip
    take(rich, bare, shut, now=now)
    yield Service.objects.get(key="celf").uid
    CURRENT.clear()


@pytest.mark.django_db
def test_no_page_shows_english_that_has_a_welsh(client: Client, club: UUID) -> None:
    found = {}
    for address in PUBLIC:
        answer = client.get(f"/cy{address}")
        assert answer.status_code == 200 or address == "/nowhere/", address
        found[address] = left_in_english(answer.content.decode())
    assert {address: words for address, words in found.items() if words} == {}


@pytest.mark.django_db
def test_an_activity_is_welsh_from_its_times_to_its_card(client: Client, club: UUID) -> None:
    found = {}
    for key in ("celf", "moel", "cau"):
        uid = Service.objects.get(key=key).uid
        for part in ("", "wrong/", "how/", "tell/", "card.txt", "?thanks=told", "?thanks=wrong"):
            answer = client.get(f"/cy/go/{uid}/{part}")
            assert answer.status_code in (200, 410), (key, part)
            found[key, part] = left_in_english(answer.content.decode())
    for part in ("wrong/", "how/", "tell/"):
        answer = client.post(f"/cy/go/{club}/{part}", {}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 422
        found["post", part] = left_in_english(answer.content.decode())
    assert {where: words for where, words in found.items() if words} == {}


@pytest.mark.parametrize("name", ["error_400", "error_404", "error_500", "error_offline"])
@pytest.mark.usefixtures("in_welsh")
def test_what_goes_wrong_goes_wrong_in_welsh(name: str) -> None:
    page = render_to_string(f"ui/{name}.html", request=RequestFactory().get("/cy/"))
    assert '<html lang="cy">' in page
    assert left_in_english(page) == []


@pytest.mark.django_db
def test_the_net_catches_english(client: Client, club: UUID) -> None:
    """The same net over the English pages is full; so an empty one in Welsh means something."""
    assert len(left_in_english(client.get("/").content.decode())) > 10
    assert len(left_in_english(client.get(f"/go/{club}/").content.decode())) > 30


@pytest.mark.django_db
def test_accents_survive_the_way_to_the_page_and_the_card(client: Client, club: UUID) -> None:
    page = html.unescape(client.get(f"/cy/go/{club}/").content.decode())
    with translation.override("cy"):
        comforts = [gettext(yes if n % 2 == 0 else nay) for n, (_, yes, nay) in enumerate(COMFORTS) if nay]
    assert any("ŵ" in words for words in comforts)
    assert [words for words in comforts if words not in page] == []
    assert "Mae pobl yn aros tua 3 wythnos." in page
    assert "Dyddiau Iau, 4:30pm tan 6pm" in page
    card = client.get(f"/cy/go/{club}/card.txt").content.decode()
    assert "Pwy sy’n cwrdd â ti" in card
    assert "grŵp bach" in html.unescape(client.get("/cy/find/").content.decode())


@pytest.mark.django_db
def test_help_in_wales_speaks_of_welsh(client: Client) -> None:
    page = html.unescape(client.get("/cy/help-now/").content.decode())
    assert "Ffonia 111 a phwysa 2, yn Gymraeg neu’n Saesneg, os:" in page
    assert "Y Samariaid" in page
    assert 'href="tel:111"' in page
