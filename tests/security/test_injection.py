"""What somebody wrote stays words: in pages, in letters, in questions to the database, in files."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django import forms
from psycopg import sql

import stile
from stile.loop.match.current import CURRENT
from tests import society
from tests.security.addresses import activity, filled, known_in, routes
from tests.security.conftest import SignIn

SOMEBODY = ["", "Lena", "Max", "Sid", "Dot", "Ada", "Dee", "Sol", "Jo"]
WRITTEN = "\"'></textarea><script>alert(7)</script>{{7*191}}{% now 'Y' %}${7*191}"
LEADS = "javascript:alert(7)//"

FREE = re.compile(
    r"^(name|alternate_name|description|words|note|notes|text|reason|school|district|pronouns|name_to_use|reply_to|value|"
    r"relation|about|address|town|transport|application_process|alert|fees|label|told|where|who|review|device)$"
)
LINKS = re.compile(r"^(website|url|link)$")


@pytest.fixture
def defaced(kept_town: society.Society, as_server: psycopg.Connection[Any]) -> Iterator[dict[str, str]]:
    """The town with every stored text that somebody may have written turned into an attack."""
    known = known_in(kept_town)
    changed = 0
    columns = as_server.execute(
        "SELECT table_name, column_name, coalesce(character_maximum_length, 9999) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
    ).fetchall()
    for table, column, length in columns:
        if not (FREE.match(column) or LINKS.match(column)) or length < 40:
            continue
        said = LEADS if LINKS.match(column) else WRITTEN[:length]
        try:
            with as_server.transaction():
                done = as_server.execute(
                    sql.SQL("UPDATE {} SET {} = %s").format(sql.Identifier(table), sql.Identifier(column)),
                    [said],
                )
        except (psycopg.errors.CheckViolation, psycopg.errors.UniqueViolation, psycopg.errors.RaiseException):
            continue
        changed += done.rowcount > 0
    assert changed > 12
    CURRENT.clear()
    yield known
    CURRENT.clear()


def test_what_is_stored_is_shown_as_words(defaced: dict[str, str], kept_sign_in: SignIn) -> None:
    """Every page, opened by everybody, with attacks for names: nothing of it becomes markup, template or link."""
    shown = set()
    for name in SOMEBODY:
        client = kept_sign_in(name)
        for route, _view in routes():
            answer = client.get(filled(route, defaced), follow=True)
            assert answer.status_code < 500, (route, name)
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            page = answer.content.decode()
            assert "<script>alert" not in page, (route, name)
            assert "</textarea><script" not in page
            assert not re.search(r"\b1337\b", page), (route, name)
            assert not re.search(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", page, re.IGNORECASE), (
                route,
                name,
            )
            if "&lt;script&gt;alert(7)" in page:
                shown.add(route)
    assert len(shown) >= 4, shown  # it did stand in pages, as words


def test_a_calendar_and_a_card_keep_their_shape(defaced: dict[str, str], kept_sign_in: SignIn) -> None:
    client = kept_sign_in("")
    calendar = client.get(f"/go/{defaced['uid']}/calendar.ics")
    if calendar.status_code == 200:
        lines = re.sub(r"\r\n[ \t]", "", calendar.content.decode()).split("\r\n")
        assert sum(line.startswith("BEGIN:VCALENDAR") for line in lines) == 1
        assert all(re.match(r"[A-Z-]+[;:]", line) for line in lines if line)
    for form in ("pdf", "png", "txt"):
        assert client.get(f"/go/{defaced['uid']}/card.{form}").status_code == 200


@pytest.mark.parametrize(
    "said", ["=cmd|'/c calc'!A1", "BEGIN:VEVENT\r\nSUMMARY:x\r\n", '#import "/etc/passwd"', "$sys.inputs$"]
)
def test_a_name_is_no_line_of_a_calendar_and_no_program_of_a_card(
    said: str, kept_town: society.Society, kept_sign_in: SignIn, as_server: psycopg.Connection[Any]
) -> None:
    uid = activity()
    as_server.execute("UPDATE directory_service SET name = %s WHERE uid = %s", [said, str(uid)])
    CURRENT.clear()
    client = kept_sign_in("")
    calendar = client.get(f"/go/{uid}/calendar.ics")
    text = calendar.content.decode()
    assert calendar.status_code == 200
    assert text.count("\r\nBEGIN:VEVENT") == text.count("\r\nEND:VEVENT") >= 1
    assert "\r\nSUMMARY:x\r\n" not in text
    card = client.get(f"/go/{uid}/card.txt")
    assert card.status_code == 200
    assert "root:" not in card.content.decode()
    assert client.get(f"/go/{uid}/card.pdf").status_code == 200
    CURRENT.clear()


# ---------------------------------------------------------------- what is asked of the database

QUOTES = [
    "'", "\"", "' OR '1'='1", "'); DROP TABLE people_youngperson; --", "1; SELECT pg_sleep(20)", "\\'; --",
    "' UNION SELECT 'can' || 'ary7f' --", "%' OR 1=1 --", "%", "_", "\\", "*", "NULL", "$1", "%s", "%(x)s",
    "a' || (SELECT 'can' || 'ary7f') || '", "\x00", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "((((", "[", "(?=a)", "9" * 400, "-1", "1e999", "NaN", "٣", "{}", "[]", "..", "a & b | !c", ":*", "'::text",
]  # fmt: skip


def _asked_for() -> set[str]:
    """Every name a page may read from a query or a form: from the forms, and from the views' own lines."""
    names = set()
    for found in pkgutil.walk_packages(stile.__path__, "stile."):
        if not re.search(r"\.(forms\w*|views(\.\w+)?|api)$", found.name):
            continue
        module = importlib.import_module(found.name)
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, forms.BaseForm):
                names |= set(getattr(thing, "base_fields", {}))
        source = importlib.util.find_spec(found.name)
        assert source is not None
        assert source.origin is not None
        with open(source.origin, encoding="utf-8") as file:
            names |= set(re.findall(r"request\.(?:GET|POST)(?:\.get(?:list)?\(|\[)\s*\"(\w+)\"", file.read()))
    return names


def test_no_query_of_ours_takes_words_for_orders(
    kept_town: society.Society, kept_sign_in: SignIn, tables: Callable[[], dict[str, tuple[int, str]]]
) -> None:
    """Every address with every name it could read, each quote in turn, by somebody who may see the page."""
    names, known = _asked_for(), known_in(kept_town)
    assert {"q", "near", "email", "words", "next"} <= names
    before = {table: rows for table, (rows, _digest) in tables().items()}
    for name in ("", "Max", "Dot", "Ada", "Jo"):
        client = kept_sign_in(name)
        for route, view in routes():
            if route.startswith("sign-out") or (not name and view.gate[0] == "requires"):
                continue
            for quote in QUOTES[:6] if name in ("", "Max") else QUOTES[:1]:
                for send in (client.get, client.post):
                    answer = send(filled(route, known), dict.fromkeys(names, quote))
                    assert answer.status_code < 500, (name, route, quote, send)
                    assert b"canary7f" not in answer.content
                    assert b"syntax error" not in answer.content
    after = {table: rows for table, (rows, _digest) in tables().items()}
    assert set(after) == set(before)
    assert all(
        after[table] >= before[table] for table in ("people_youngperson", "people_membership", "access_tie")
    )


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("https://club.example/x?y=1", "https://club.example/x?y=1"),
        ("HTTP://club.example", "HTTP://club.example"),
        ("www.club.example/join", "https://www.club.example/join"),
        ("club.example:8080/join", "https://club.example:8080/join"),
        *((bad, "") for bad in (
            "javascript:alert(7)//", "JavaScript:1", " javascript:alert(7)", "java\nscript:alert(7)", "data:text/html,x",
            "vbscript:x", "//evil.example", "/in/", "\\\\evil.example", "http:", "https:///x", "", "see our page",
            "javascript:1.example.org/", "blob:https://x", "file:///etc/passwd", "mailto:a@b.example",
        )),
    ],
)  # fmt: skip
def test_a_link_leads_to_the_web_or_nowhere(written: str, linked: str) -> None:
    from stile.loop.directory.rules.page import visitable

    assert visitable(written) == linked


@pytest.mark.parametrize(
    "bad", ["javascript:1", "javascript:1;alert(7)", "data:1", "vbscript:7", "JAVASCRIPT:1"]
)
def test_a_feed_gives_no_address_that_a_browser_runs(bad: str) -> None:
    from stile.interop.openreferral import values

    with pytest.raises(values.Odd):
        values.link(bad)
    assert values.link("club.example:8080/x") == "club.example:8080/x"


def test_each_part_of_a_search_by_itself(town: society.Society, sign_in: SignIn) -> None:
    """Together they hide one another: a wrong age must not keep a quote from being asked."""
    from stile.loop.match.forms import FindForm

    client = sign_in("")
    for name in FindForm.base_fields:
        for quote in QUOTES if name == "q" else QUOTES[:3]:
            answer = client.get("/find/", {name: quote})
            assert answer.status_code == 200, (name, quote)
            assert b"canary7f" not in answer.content


@pytest.mark.parametrize("name", ["", "Max"])
def test_the_gaps_of_an_address_take_no_orders_either(
    name: str, town: society.Society, sign_in: SignIn
) -> None:
    from urllib.parse import quote as escaped

    client = sign_in(name)
    for route, _view in routes():
        if "<" not in route:
            continue
        for quote in QUOTES:
            answer = client.get(filled(route, {}, other=escaped(quote, safe="")))
            assert answer.status_code < 500, (route, quote)


def test_a_parameter_sent_twice_is_one_or_refused(town: society.Society, sign_in: SignIn) -> None:
    """Parameter pollution: what comes by the address is never taken for what comes by a form."""
    client = sign_in("")
    twice = client.get("/find/?q=drawing&q=%27&near=M33&near=%27&tile=x&tile=arts")
    assert twice.status_code == 200
    wrong = client.post(f"/go/{activity()}/wrong/?what=closed", {})
    assert wrong.status_code == 422
