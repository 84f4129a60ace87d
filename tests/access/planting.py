"""Rows put straight into the tables, past the wall and the actions, each free text of them marked.

What actions cannot make in a test (an hour of glass that is over, a colleague who has gone) and what no
action makes yet. Runs as the server's own user, whom no row-level security holds back.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

# Columns whose words the program knows, and one of them each: a made-up word there would be a broken row,
# and is nobody's secret.
KNOWN_WORDS: dict[str, dict[str, str]] = {
    "access_tie": {"kind": "", "role": "", "why": "try"},
    "access_session": {"key_hash": "", "data": ""},
    "access_factor": {"kind": "", "key": "", "data": ""},
    "access_code": {"code_hash": "", "link_hash": ""},
    "people_account": {"password": "!", "language": "en-gb"},
    "people_membership": {"role": ""},
    "people_invitation": {"token_hash": "", "role": ""},
    "people_youngperson": {"age_band": "13-15", "nation": "england", "language": "en-gb"},
    "people_contactroute": {
        "kind": "text", "whose": "own", "seen_by_others": "no", "leave_message": "no", "ok": "yes",
    },
    "people_carer": {"responsible": "yes", "known_by": "told"},
    "people_competencenote": {"free_of_pressure": "yes", "conclusion": "understands"},
    "people_sharingpermission": {
        "to_roles": "", "slices": "", "how": "said", "wording": "1 en-gb", "given_by": "young_person", "withdrawn_how": "",
    },
    "people_lawfulbasisentry": {"purpose": "care", "article_6": "6(1)(e)", "article_9": "9(2)(h)"},
    "people_participationpermission": {
        "rule": "under_16", "needed_from": "parent", "answer": "unknown", "how": "",
    },
    "people_review": {"kind": "turning_16"},
    "people_rightsrequest": {
        "kind": "see", "asker": "young_person", "identity_checked": "", "state": "received", "their_yes": "unknown",
    },
    "people_packchoice": {"why": "third_party"},
    "audit_event": {"by": "", "verb": "", "what": "", "role": "", "detail": ""},
}  # fmt: skip
SHAPES = {  # JSON columns that have one
    ("people_pack", "content"): lambda mark: [
        {"table": "try", "heading": "Try", "rows": [[["Words", mark]]]}
    ],
    ("people_sameperson", "evidence"): lambda mark: {
        "agree": ["name", "born"],
        "differ": ["school"],
        "said": mark,
    },
}
MARK = "zq"
MARK_LENGTH = 10  # as short as an NHS number's column


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    longest: int | None
    may_be_null: bool
    default: str | None


@dataclass
class Marks:
    """Every mark planted: the table, the column and the row it stands in."""

    found_at: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def new(self, table: str, column: str, row: Any) -> str:
        letters = hashlib.blake2b(f"{table}.{column}.{row}".encode(), digest_size=4).hexdigest()
        mark = MARK + letters
        assert self.found_at.get(mark, (table, column, str(row))) == (table, column, str(row)), (
            "marks must differ"
        )
        self.found_at[mark] = (table, column, str(row))
        return mark


def columns(server: psycopg.Connection[Any], table: str) -> list[Column]:
    rows = server.execute(
        "SELECT column_name, data_type, character_maximum_length, is_nullable = 'YES', column_default"
        " FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " ORDER BY ordinal_position",
        [table],
    ).fetchall()
    return [Column(*row) for row in rows]


def marked_columns(server: psycopg.Connection[Any], table: str) -> list[Column]:
    """The columns of a table that hold free words about somebody."""
    known = KNOWN_WORDS.get(table, {})
    return [
        one
        for one in columns(server, table)
        if one.kind in ("character varying", "text", "jsonb") and one.name not in known
    ]


def plant(server: psycopg.Connection[Any], marks: Marks, table: str, **given: Any) -> Any:
    """One row: what is given, marks in the free texts, something fitting elsewhere. Its id."""
    row = given.setdefault("id", uuid4())
    marked = {one.name for one in marked_columns(server, table)}
    values = {}
    for one in columns(server, table):
        if one.name in given:
            values[one.name] = given[one.name]
        elif one.name in marked:
            values[one.name] = _text(table, one, marks.new(table, one.name, row))
        elif one.name in KNOWN_WORDS.get(table, {}) and one.kind == "character varying":
            values[one.name] = KNOWN_WORDS[table][one.name]
        elif not one.may_be_null and one.default is None:
            values[one.name] = _fitting(one)
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(["%s"] * len(values))
    server.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', list(values.values()))
    return row


def mark_row(server: psycopg.Connection[Any], marks: Marks, table: str, row: UUID) -> None:
    """Put marks into the free texts of a row that is there already."""
    for one in marked_columns(server, table):
        value = _text(table, one, marks.new(table, one.name, row))
        server.execute(f'UPDATE "{table}" SET "{one.name}" = %s WHERE id = %s', [value, row])


def _text(table: str, column: Column, mark: str) -> Any:
    assert column.longest is None or column.longest >= MARK_LENGTH, f"{column.name} is too short for a mark"
    if column.kind == "jsonb":
        return json.dumps(SHAPES.get((table, column.name), lambda said: {"said": said})(mark))
    return f"{mark}@example.org" if column.name in ("email", "address") else mark


def _fitting(column: Column) -> Any:
    now = datetime.now().astimezone() - timedelta(minutes=1)
    return {
        "uuid": uuid4,
        "date": date.today,
        "timestamp with time zone": lambda: now,
        "boolean": lambda: False,
        "jsonb": lambda: "{}",
        "ARRAY": list,
        "smallint": lambda: 0, "integer": lambda: 0, "bigint": lambda: 0,
        "character varying": lambda: "", "text": lambda: "",
    }[column.kind]()  # fmt: skip
