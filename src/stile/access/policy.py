"""Who may do what to which table: the one place, a sentence of why on each row.

The database's grants are made from this table after every migration (`access/rls.py`), so what is
not written here is not allowed. Personal tables carry row-level security besides.
"""

from dataclasses import dataclass
from enum import StrEnum


class Class(StrEnum):
    OPEN = "open"  # anybody may read it; it is what a directory is for
    OPERATIONAL = "operational"  # how the service runs; no person in it
    PERSONAL = "personal"  # about somebody: row-level security, always


class Verb(StrEnum):
    READ = "SELECT"
    ADD = "INSERT"
    CHANGE = "UPDATE"
    REMOVE = "DELETE"


R, A, C, D = Verb.READ, Verb.ADD, Verb.CHANGE, Verb.REMOVE


@dataclass(frozen=True, slots=True)
class Rule:
    """One table: its class and what each database role may do with it."""

    table: str
    kind: Class
    app: tuple[Verb, ...]
    public: tuple[Verb, ...]
    why: str


RULES: tuple[Rule, ...] = (
    Rule("django_migrations", Class.OPERATIONAL, (R,), (), "The app may tell whether it is up to date."),
    Rule(
        "audit_event", Class.OPERATIONAL, (R, A), (A,),
        "Whoever writes also says so; nobody rewrites what was said (a trigger refuses it too).",
    ),
)  # fmt: skip
