"""Who may write: our own pages only, by POST only, and only the fields that are asked for."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.test import Client

from tests import society
from tests.security.addresses import COUNTED, activity, filled, known_in, routes
from tests.security.conftest import SignIn

SOMEBODY = ["", "Lena", "Max", "Sid", "Dot", "Ada", "Dee", "Sol", "Flo", "Jo"]
Tables = Callable[[], dict[str, tuple[int, str]]]

FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "", "Origin": "http://testserver"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://evil.testserver"},
    {"Origin": "https://testserver"},
    {"Origin": "http://testserver:8080"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Referer": "http://testserver/in/"},
    {},
]


def differences(
    before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]], but: Any = COUNTED
) -> set[str]:
    return {name for name in before | after if before.get(name) != after.get(name)} - set(but)


# ---------------------------------------------------------------- from elsewhere (CSRF)


def test_no_address_takes_a_form_from_elsewhere(town: society.Society, sign_in: SignIn) -> None:
    known = known_in(town)
    for name in ("", "Lena"):
        client = sign_in(name)
        client.defaults.pop("HTTP_SEC_FETCH_SITE", None)
        for headers in FROM_ELSEWHERE:
            for route, _view in routes():
                for tongue in ("", "/cy"):
                    answer = client.post(tongue + filled(route, known), {"what": "closed"}, headers=headers)
                    assert answer.status_code == 403, (route, name, headers)


def test_a_form_from_elsewhere_changes_nothing(
    kept_town: society.Society, kept_sign_in: SignIn, tables: Tables
) -> None:
    known, before = known_in(kept_town), tables()
    clients = {name: kept_sign_in(name) for name in ("Lena", "Ada", "Jo")}
    sessions = tables()["access_session"]
    for client in clients.values():
        for route, _view in routes():
            client.post(filled(route, known), {"what": "closed"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert differences(before, tables(), but={"access_session"}) == set()
    assert tables()["access_session"] == sessions


def test_what_we_take_no_form_says_for_itself(town: society.Society, sign_in: SignIn) -> None:
    """JSON or text from another origin is no way round: the origin is asked, not the kind of body."""
    client = sign_in("Dee")
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x", ""):
        answer = client.post("/sign-out/", "x", content_type=kind, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert client.get("/in/").status_code == 200


# ---------------------------------------------------------------- looking changes nothing


def test_looking_changes_nothing(kept_town: society.Society, kept_sign_in: SignIn, tables: Tables) -> None:
    """Every address, by everybody, with and without words in the query, by GET and by HEAD."""
    known = known_in(kept_town)
    asked = {
        "q": "drawing", "near": "M33", "next": "/in/", "what": "closed", "face": "good", "as": "x", "delete": "1",
        "action": "delete", "role": "admin", "confirm": "1", "_method": "POST", "answer": "yes", "code": "00000000",
    }  # fmt: skip
    before = tables()
    for name in SOMEBODY:
        client = kept_sign_in(name)
        for route, _view in routes():
            address = filled(route, known)
            answers = [client.get(address), client.get(address, asked)]
            for answer in [*answers, client.head(address)] if name in ("", "Max") else answers:
                assert answer.status_code < 500, (name, address, answer.status_code)
        assert differences(before, tables()) == set(), name


# ---------------------------------------------------------------- fields nobody asked for (mass assignment)

EXTRA = {
    "id": "00000000-0000-0000-0000-000000000007", "pk": "7", "uid": "00000000-0000-0000-0000-000000000007",
    "role": "admin", "is_active": "true", "is_staff": "true", "is_superuser": "true", "account": "x", "account_id": "x",
    "membership": "x", "membership_id": "x", "organisation": "x", "organisation_id": "x", "made_by": "x", "author_id": "x",
    "starts": "2000-01-01", "ends": "2999-01-01", "until": "", "since": "2000-01-01", "on_duty": "on", "carer_id": "x",
    "withdrawn_at": "", "doubted_at": "2020-01-01", "suspended": "true", "strong": "true", "proved": "passkey",
    "expires_on": "2999-01-01", "shared": "", "code_hash": "x", "key_hash": "x", "same_as": "x", "restricted_at": "",
}  # fmt: skip
# What a form may change is its own business (its own tests say what); these are nobody's to change by a form.
FIXED = {
    "people_account": "id, email, password, is_active",
    "people_membership": "id, account_id, role, organisation_id, team_id, carer_id, since",
    "people_team": "id, organisation_id",
    "people_organisation": "id",
    "people_youngperson": "id, team_id, code, taken_in_at",
    "people_invitation": "id, role, organisation_id, person_id, author_id, token_hash",
    "access_tie": "id, kind, person_id, membership_id, starts, made_by",
}


@pytest.fixture
def fixed(as_server: psycopg.Connection[Any]) -> Callable[[], dict[str, set[Any]]]:
    def now() -> dict[str, set[Any]]:
        return {
            table: set(as_server.execute(f"SELECT {columns} FROM {table}").fetchall())
            for table, columns in FIXED.items()
        }

    return now


def test_fields_nobody_asked_for_are_not_taken(
    kept_town: society.Society, kept_sign_in: SignIn, fixed: Callable[[], dict[str, set[Any]]]
) -> None:
    """Every form, sent with what a forger would add: who somebody is, and where they belong, stays."""
    known = known_in(kept_town)
    others = {
        "person_id": str(kept_town.people["Nia"]), "person": str(kept_town.people["Nia"]),
        "team_id": str(kept_town.teams["North"]), "team": str(kept_town.teams["North"]),
    }  # fmt: skip
    before = fixed()
    for name in SOMEBODY:
        client = kept_sign_in(name)
        for route, _view in routes():
            if not route.startswith("sign-out"):
                client.post(filled(route, known), {**EXTRA, **others})
        after = fixed()
        for table in FIXED:
            assert before[table] <= after[table], (name, table)
            for row in after[table] - before[table]:
                # What is new has an id of ours, and belongs where whoever made it does.
                assert not {EXTRA["id"], others["team_id"], "admin"} & set(map(str, row)), (name, table)


def test_the_message_form_keeps_three_answers_and_its_own_dates(
    kept_town: society.Society, kept_sign_in: SignIn, settings: Any, as_server: psycopg.Connection[Any]
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = (
        "mail.example",
        "django.core.mail.backends.locmem.EmailBackend",
    )
    answer = kept_sign_in("").post(
        f"/go/{activity()}/tell/", {"name": "Sam", "reply": "sam@example.org", **EXTRA}
    )
    assert answer.status_code == 302
    row = as_server.execute(
        "SELECT uid::text, name_to_use, reply_to, first_time, expires_on - current_date FROM directory_hello"
    ).fetchone()
    assert row is not None
    assert row[0] != EXTRA["uid"]
    assert row[1:] == ("Sam", "sam@example.org", False, 30)


@pytest.mark.parametrize("field", ["name", "reply"])
@pytest.mark.parametrize("break_", ["\r\nBcc: evil@example.org", "\nSubject: x", "\r\n\r\nbody", "\x00"])
def test_a_letter_takes_no_header_from_a_form(
    field: str, break_: str, town: society.Society, sign_in: SignIn, settings: Any
) -> None:
    from django.core import mail

    settings.EMAIL_HOST, settings.EMAIL_BACKEND = (
        "mail.example",
        "django.core.mail.backends.locmem.EmailBackend",
    )
    said = {"name": "Sam", "reply": "sam@example.org"}
    sign_in("").post(f"/go/{activity()}/tell/", {**said, field: said[field] + break_})
    for letter in mail.outbox:
        assert letter.recipients() == ["longroom@dawdlebridge-library.example"]
        assert set(letter.message().keys()) <= {
            "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
        }  # fmt: skip
        assert letter.message()["Subject"].startswith("Somebody is coming to")


# ---------------------------------------------------------------- files


def test_no_page_takes_a_file(town: society.Society, sign_in: SignIn) -> None:
    """There is no upload: a file that is sent along is neither read nor put on the disk."""
    import inspect

    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.architecture.test_doors import views

    for address, view in views():
        assert "request.FILES" not in inspect.getsource(inspect.unwrap(view)), address
    client: Client = sign_in("")
    for name, body in (("../../up.csv", b"x"), ("a.zip", b"PK\x03\x04"), ("a.svg", b"<svg onload=alert(1)>")):
        answer = client.post(
            f"/go/{activity()}/wrong/", {"what": "closed", "words": SimpleUploadedFile(name, body)}
        )
        assert answer.status_code in (302, 422)
    big = client.post(
        f"/go/{activity()}/wrong/", {"what": "closed", "f": SimpleUploadedFile("a", b"x" * 300_000)}
    )
    assert big.status_code == 413
