"""The audit as people read it: sentences, filters, and nothing without words."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from stile.kernel.said import say
from stile.people.rules import trail
from stile.people.rules.trail import Look
from tests import society
from tests.access.test_ties import KINDS as TIE_KINDS
from tests.paths import ROOT
from tests.people import signed_in

LOOK = Look(
    "Lena Okoro", say("link worker"), "opened", datetime(2026, 3, 3, 16, tzinfo=ZoneInfo("Europe/London"))
)


@pytest.fixture
def town(town: society.Society, monkeypatch: pytest.MonkeyPatch) -> society.Society:
    monkeypatch.setattr("django.utils.timezone.now", lambda: town.now)
    return town


def client(town: society.Society, name: str) -> Any:
    return signed_in.client(*town.staff[name])


def test_a_look_is_a_sentence() -> None:
    assert str(trail.sentence(LOOK, to_themself=True)) == (
        "Lena Okoro (link worker) opened your record. Tuesday 3 March 2026 at 4pm."
    )
    assert str(trail.deed(LOOK)) == "Lena Okoro (link worker) opened the record."


def test_a_name_with_a_percent_sign_is_only_a_name() -> None:
    assert "100% Sam" in str(trail.sentence(Look("100% Sam", say("manager"), "opened", LOOK.at)))


def verbs() -> Iterator[str]:
    """Every verb that the code writes about somebody's record: literals, either side of an if, f-strings.

    Where a verb is handed on by a function of the module's own, what its callers hand it.
    """
    for path in sorted((ROOT / "src" / "stile").rglob("*.py")):
        tree = ast.parse(path.read_text())
        hands_on = {
            one.name: [arg.arg for arg in one.args.args].index("verb")
            for one in ast.walk(tree)
            if isinstance(one, ast.FunctionDef)
            and "verb" in [arg.arg for arg in one.args.args]
            and any(isinstance(node, ast.Call) and _called(node) == "deed" for node in ast.walk(one))
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name, given = _called(node), {one.arg: one.value for one in node.keywords}
            if name == "deed" and ("person" in given or "team_id" in given):
                yield from _words(given.get("verb"))
            elif name in hands_on and "/people/actions/" in path.as_posix():
                at = hands_on[name]
                yield from _words(given.get("verb", node.args[at] if len(node.args) > at else None))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _words(value: ast.AST | None) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _words(value.body)
        yield from _words(value.orelse)
    elif isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
        start = str(value.values[0].value)
        yield from (start + kind for kind in TIE_KINDS if kind != "own")


def test_every_deed_about_somebody_has_words_for_them_and_for_the_team() -> None:
    found = set(verbs())
    assert {"opened", "tied linked", "untied glass", "linked records", "told apart", "added a carer"} <= found
    assert sorted(verb for verb in found if not trail.known(verb)) == []


def test_a_young_person_sees_who_looked(town: society.Society) -> None:
    client(town, "Lena").get(f"/people/{town.people['Jo']}/")
    shown = client(town, "Jo").get("/my/looks/").content.decode()
    assert re.search(r"Lena \(Link worker\) opened your record\. \w+day \d+ \w+ 2\d{3} at", shown)
    client(town, "Luke").get(f"/people/{town.people['Kit']}/")
    assert "Luke" not in client(town, "Jo").get("/my/looks/").content.decode(), "others' records are others'"


def test_the_trail_is_as_wide_as_the_role(town: society.Society) -> None:
    for who, whom in (("Lena", "Jo"), ("Lily", "Wren"), ("Liam", "Nia")):
        client(town, who).get(f"/people/{town.people[whom]}/")
    max_ = client(town, "Max").get("/trail/").content.decode()
    assert "Lena (Link worker) opened the record." in max_
    assert "Lily" not in max_.split("<tbody>")[1]
    mary = client(town, "Mary").get("/trail/").content.decode().split("<tbody>")[1]
    assert "Lily" in mary
    assert "Liam" not in mary
    for who in ("Lena", "Jo", "Ada", "Dee", "Flo", "Plum"):
        assert client(town, who).get("/trail/").status_code == 404


def test_filters_narrow_and_never_widen(town: society.Society) -> None:
    client(town, "Lena").get(f"/people/{town.people['Jo']}/")
    client(town, "Luke").get(f"/people/{town.people['Kit']}/")
    page = client(town, "Max")

    def rows(**query: str) -> str:
        shown = page.get("/trail/", query).content.decode()
        return shown.split("<tbody>")[1] if "<tbody>" in shown else ""

    lena = rows(who=str(town.staff["Lena"][1]))
    assert "Lena" in lena
    assert "Luke" not in lena
    with town.as_("Max"), connection.cursor() as cursor:
        cursor.execute("SELECT name, code FROM people_youngperson")
        codes = dict(cursor.fetchall())
    kit = rows(code=codes["Kit"])
    assert "Kit" in kit
    assert "Jo (" not in kit
    assert rows(code="ZZZ-ZZZ") == ""
    assert rows(since="2090-01-01") == ""
    assert rows(until="2001-01-01") == ""
    assert rows(since="not a day", before="-1; drop") != ""


def test_reading_the_trail_is_on_it(town: society.Society) -> None:
    page = client(town, "Max")
    page.get("/trail/")
    assert "Max (Manager) read who looked." in page.get("/trail/").content.decode() or (
        "You read who looked." in page.get("/trail/").content.decode()
    )


def test_long_trails_come_in_pages(town: society.Society) -> None:
    page = client(town, "Lena")
    for _ in range(105):
        page.get(f"/people/{town.people['Jo']}/")
    jo = client(town, "Jo")
    first = jo.get("/my/looks/").content.decode()
    (before,) = re.findall(r'href="\?before=(\d+)', first)
    second = jo.get("/my/looks/", {"before": before}).content.decode()
    assert first.count("<li>") > 100
    assert "wrote you down here" in second
    assert 'href="?before=' not in second
