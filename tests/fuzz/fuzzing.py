"""Requests that nobody meant: every address as everybody, with strange ids and forms, and a look at what leaks.

Every free text about somebody in the crowd's tables carries a mark of its own. Each answer, log line and
letter is searched for marks; one may be there only if the independent reading of the policy
(tests/access/reading.py) shows that row, or a slice with it, to whoever asked. Each request is taken back,
so that what is so stays what the reading was made of.
"""

import copy
import html
import io
import logging
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core import mail as outbox
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from stile.access.policy.doors import DOORS, Do
from stile.people.actions import mail
from tests.access import reading
from tests.access.crowd import Crowd
from tests.access.planting import MARK
from tests.access.reading import SHARED, Facts
from tests.people import signed_in
from tests.security.addresses import GAP, routes

MARKS = re.compile(MARK + r"[0-9a-f]{8}")
FIELD = re.compile(r"<(input|select|textarea|button)\b([^>]*)>(?:([^<]*)</textarea>)?", re.S)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
OPTION = re.compile(r'<option[^>]*value="([^"]*)"')
STRANGE = [
    "", "0", "-1", "x" * 3000, "\x00", "%00", "../../etc/passwd", "<b>", "' OR 1=1 --", "{{7*7}}", "é" * 40, "null",
    "2030-02-30", "2012-05-01", "9" * 30, "on", "true", "[]", "\U0001f600", "￿", "1e309", "//evil.example/",
]  # fmt: skip
BROKEN_IDS = [
    "1",
    "0",
    "x",
    "%00",
    "..",
    "-",
    "None",
    "{}",
    "00000000-0000-0000-0000-00000000000",
    "a" * 300,
    "%2e%2e%2f",
    "é",
]
FORBIDDEN_FIELDS = [
    "id", "person_id", "team_id", "role", "organisation_id", "account_id", "membership_id", "author_id", "made_by",
    "until", "since", "is_active", "taken_at", "withdrawn_at", "ends", "restricted_at", "same_as", "kind", "next",
]  # fmt: skip


# What stands in a gap of an address. A gap of another name is tried with ids of every kind.
STANDS_IN = {
    "person": "people_youngperson", "person_id": "people_youngperson", "one": "people_youngperson",
    "other": "people_youngperson", "invitation": "people_invitation", "membership": "people_membership",
    "tie": "access_tie", "glass": "access_glass", "request_id": "people_rightsrequest", "part_id": "people_participationpermission",
    "permission_id": "people_sharingpermission", "review_id": "people_review", "route_id": "people_contactroute",
    "carer_id": "people_carer", "notice_id": "people_withdrawal", "factor": "access_factor",
}  # fmt: skip


@dataclass
class Found:
    """What went wrong, in words short enough to read, and how much was tried."""

    leaks: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    marks_seen: int = 0


@dataclass
class Request:
    name: str
    method: str
    address: str
    form: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name or 'nobody'}: {self.method} {self.address[:200]} {sorted(self.form)[:8]}"


class Lines(logging.Handler):
    """Every line that is logged, whichever logger it comes from, with what came along."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.name} {record.getMessage()} {record.exc_text or ''}")


class Fuzz:
    """The crowd, a client for each of them, and a die."""

    def __init__(self, crowd: Crowd, known: Facts, seed: int) -> None:
        self.crowd, self.known, self.dice = crowd, known, random.Random(seed)
        self.found = Found()
        self.clients: dict[str, Client] = {"": signed_in.visitor()}
        for name, (account, membership) in crowd.staff.items():
            self.clients[name] = signed_in.client(account, membership)
        self.clients["Flo as Lena"] = signed_in.client(crowd.staff["Flo"][0], crowd.staff["Lena"][1])
        for client in self.clients.values():
            client.raise_request_exception = False
        self.names = list(self.clients)
        self.routes = [route for route, _ in routes()]
        self.gates = {route: getattr(view, "gate", ("", "")) for route, view in routes()}
        self.roles = {row["id"]: row["role"] for row in known.rows["people_membership"]}
        self.near: dict[tuple[str, str], list[str]] = {}
        self.ids = {
            table: [str(row["id"]) for row in rows]
            for table, rows in known.rows.items()
            if rows and "id" in rows[0]
        }
        self.all_ids = [one for table, rows in self.ids.items() for one in rows if table != "audit_event"]
        self.lines = Lines()
        self.errors: list[str] = []

    # ---------------------------------------------------------------- what is asked

    def somebody(self, route: str) -> str:
        """Anybody; half the time somebody whose role goes through that door."""
        gate, do = self.gates[route]
        if gate == "requires" and self.dice.random() < 0.5:
            doors = DOORS[Do(do)].roles
            return self.dice.choice(
                [name for name, (_, one) in self.crowd.staff.items() if self.roles[one] in doors]
            )
        return self.dice.choice(self.names)

    def within_reach(self, name: str, table: str) -> list[str]:
        """The rows of a table that somebody may read."""
        if (name, table) not in self.near:
            account, membership = self.pair(name)
            who = reading.me(self.known, account, membership)
            rows = self.known.rows[table]
            self.near[name, table] = [
                str(row["id"]) for row in rows if reading.may_read(self.known, table, who, row, account)
            ]
        return self.near[name, table]

    def address(self, name: str, route: str) -> str:
        path = "/" + GAP.sub(lambda gap: self.gap(name, gap[1] or "str", gap[2]), route)
        if self.dice.random() < 0.1:
            path = "/cy" + path
        if self.dice.random() < 0.2:
            asked = ["q", "next", "page", "person", "to", "kind", "code", "sort", "team", "x"]
            path += f"?{self.dice.choice(asked)}={self.value(url=True)}"
        return path

    def gap(self, name: str, kind: str, called: str) -> str:
        luck = self.dice.random()
        if luck > 0.9:
            return self.broken_id()
        if kind != "uuid":
            return self.dice.choice(["txt", "pdf", "x" * 24, "x", str(uuid4())])
        table = STANDS_IN.get(called, "")
        if luck < 0.4 and table and (near := self.within_reach(name, table)):
            return self.dice.choice(near)
        if luck < 0.6 and self.ids.get(table):
            return self.dice.choice(self.ids[table])
        return self.dice.choice(self.all_ids) if luck < 0.8 else str(uuid4())

    def broken_id(self) -> str:
        return self.dice.choice(BROKEN_IDS)

    def value(self, *, url: bool = False) -> str:
        luck = self.dice.random()
        if luck < 0.35:
            return self.dice.choice(self.all_ids)
        if luck < 0.5:
            return self.dice.choice([row["code"] for row in self.known.rows["people_youngperson"]])
        strange = self.dice.choice(STRANGE)
        return strange.replace("\x00", "%00").replace("#", "") if url else strange

    def form(self, page: str) -> dict[str, Any]:
        """The form on a page as somebody clumsy or sly would send it."""
        sent: dict[str, Any] = {}
        for tag, attributes, inner in FIELD.findall(page):
            found = dict(ATTRIBUTE.findall(attributes))
            if name := found.get("name"):
                sent.setdefault(name, html.unescape(found.get("value", inner or "")))
                if tag == "select":
                    options = OPTION.findall(page.split(f'name="{name}"', 1)[1][:4000])
                    sent[name] = self.dice.choice(options) if options else ""
        for name in list(sent):
            if self.dice.random() < 0.35:
                sent[name] = self.value()
            elif self.dice.random() < 0.05:
                del sent[name]
        for name in self.dice.sample(FORBIDDEN_FIELDS, self.dice.randint(0, 3)):
            sent[name] = self.value()
        return sent

    def one(self) -> None:
        route = self.dice.choice(self.routes)
        name = self.somebody(route)
        address = self.address(name, route)
        headers = {"HX-Request": "true"} if self.dice.random() < 0.15 else {}
        luck = self.dice.random()
        if luck < 0.55:
            self.ask(Request(name, "GET", address, headers=headers))
        elif luck < 0.62:
            self.ask(
                Request(
                    name, self.dice.choice(["HEAD", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"]), address
                )
            )
        else:
            page = self.ask(Request(name, "GET", address)) if self.dice.random() < 0.7 else ""
            self.ask(Request(name, "POST", address, self.form(page), headers))

    # ---------------------------------------------------------------- what is answered

    def ask(self, request: Request) -> str:
        """The text of the answer, once it has been searched."""
        outbox.outbox.clear()
        self.lines.said.clear()
        self.errors.clear()
        response, text = taken_back(self.clients[request.name], request)
        self.found.tried[request.method] += 1
        self.found.answers[response.status_code] += 1
        if response.status_code >= 500 or self.errors:
            self.found.broken.append(f"{request}: {response.status_code} {self.errors[:1]}")
        own = " ".join([request.address, *(str(value) for value in request.form.values())])
        self.search(request, "the answer", text, own)
        self.search(request, "the headers", f"{response.headers} {response.cookies}", own)
        for letter in outbox.outbox:
            self.search_strictly(
                request, "a letter", f"{letter.subject} {letter.body} {letter.extra_headers}", own
            )
        for line in self.lines.said:
            self.search_strictly(request, "a log line", line, "")
        return text

    def search(self, request: Request, where: str, text: str, own: str) -> None:
        account, membership = self.pair(request.name)
        who = reading.me(self.known, account, membership)
        for mark in marks_in(text):
            if mark in own.lower() or mark not in self.crowd.marks.found_at:
                continue
            self.found.marks_seen += 1
            if not self.may_know(mark, who, account):
                self.found.leaks.append(f"{request}: {where} has {self.crowd.marks.found_at[mark]}")

    def search_strictly(self, request: Request, where: str, text: str, own: str) -> None:
        """Logs carry no words about anybody, letters none but what was just typed."""
        for mark in marks_in(text):
            if mark in self.crowd.marks.found_at and mark not in own.lower():
                self.found.leaks.append(f"{request}: {where} has {self.crowd.marks.found_at[mark]}")

    def pair(self, name: str) -> tuple[UUID | None, UUID | None]:
        if name == "Flo as Lena":
            return self.crowd.staff["Flo"][0], self.crowd.staff["Lena"][1]
        return self.crowd.staff.get(name, (None, None))

    def may_know(self, mark: str, who: reading.Me | None, account: UUID | None) -> bool:
        table, _, key = self.crowd.marks.found_at[mark]
        if table == "access_session":
            table, column = "people_membership", "id"
            rows = [row for row in self.known.rows[table] if str(row[column]) == key]
            return any(row["account_id"] == account for row in rows)
        row = next((row for row in self.known.rows[table] if str(row["id"]) == key), None)
        if row is None:
            return False
        if reading.may_read(self.known, table, who, row, account):
            return True
        person = row.get("person_id", row["id"])
        return any(
            mark in str(reading.shared(self.known, name, who, person) or "") for name in SHARED
            if table in ("people_youngperson", "people_hellopage")
        )  # fmt: skip


def marks_in(text: str) -> set[str]:
    return set(MARKS.findall(text.lower()))


def taken_back(client: Client, request: Request) -> tuple[HttpResponse, str]:
    """The answer and its text; what it did to the tables is taken back, what it would have mailed is not."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response: Any = client.generic(
            request.method, request.address, headers=request.headers,
            **({} if request.method != "POST" else _encoded(client, request.form)),
        )  # fmt: skip
        text = text_of(response)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit would have found
        for _, callback, *_ in connection.run_on_commit:
            callback()
        mail.all_sent()
        transaction.set_rollback(True)
    client.cookies = cookies  # signed out or in as somebody else: taken back, too
    return response, text


def _encoded(client: Client, form: dict[str, Any]) -> dict[str, Any]:
    data = client._encode_data(
        {name: str(value) for name, value in form.items()}, "multipart/form-data; boundary=BoUnDaRyStRiNg"
    )
    return {"data": data, "content_type": "multipart/form-data; boundary=BoUnDaRyStRiNg"}


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if "zip" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    if "pdf" in kind:
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return str(body.decode(errors="replace"))


@contextmanager
def listening(fuzz: Fuzz) -> Iterator[None]:
    """Every logger and every exception heard, the quiet ones too."""

    def note(**more: Any) -> None:
        import traceback

        self_ = traceback.format_exc(limit=-3)
        fuzz.errors.append(self_[-600:])

    root = logging.getLogger()
    level, quiet = root.level, root.handlers[:]
    root.handlers = [fuzz.lines]
    root.setLevel(logging.INFO)
    got_request_exception.connect(note, weak=False)
    try:
        yield
    finally:
        got_request_exception.disconnect(note)
        root.handlers = quiet
        root.setLevel(level)
