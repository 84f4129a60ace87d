"""Who may do what to which table: the one place, a sentence of why on each row.

The database's grants are made from this table after every migration (`access/rls.py`), so what is
not written here is not allowed. Personal tables carry row-level security besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    # Personal tables only: which rows, as an SQL condition, for each verb granted above.
    app_rows: Mapping[Verb, str] = field(default_factory=dict)
    public_rows: Mapping[Verb, str] = field(default_factory=dict)


RULES: tuple[Rule, ...] = (
    Rule("django_migrations", Class.OPERATIONAL, (R,), (), "The app may tell whether it is up to date."),
    Rule(
        "audit_event", Class.OPERATIONAL, (R, A), (A,),
        "Whoever writes also says so; nobody rewrites what was said (a trigger refuses it too).",
    ),
    # ---- the directory: what it is for is to be read
    Rule("directory_source", Class.OPEN, (R, A, C), (R,), "Who told us is shown with what they told us."),
    Rule("directory_importrun", Class.OPERATIONAL, (R, A), (), "Reports of imports are for those who import."),
    Rule("directory_organisation", Class.OPEN, (R, A, C, D), (R,), "Who runs an activity is public."),
    Rule("directory_location", Class.OPEN, (R, A, C, D), (R,), "Where an activity is, is public."),
    Rule("directory_service", Class.OPEN, (R, A, C, D), (R,), "What there is to do is public."),
    Rule("directory_serviceatlocation", Class.OPEN, (R, A, C, D), (R,), "Which activity is where is public."),
    Rule("directory_schedule", Class.OPEN, (R, A, C, D), (R,), "When an activity is, is public."),
    Rule("directory_costoption", Class.OPEN, (R, A, C, D), (R,), "What an activity costs is public."),
    Rule("directory_term", Class.OPEN, (R, A, C, D), (R,), "The words of a taxonomy are public."),
    Rule("directory_serviceterm", Class.OPEN, (R, A, C, D), (R,), "What an activity is filed under is public."),
    Rule(
        "directory_assurance", Class.OPEN, (R, A, C, D), (R,),
        "The finder must know whether checks are in place to leave an activity out (H09).",
    ),
    Rule("directory_link", Class.OPERATIONAL, (R, A, C), (), "Which records were judged the same, and why."),
    Rule(
        "directory_wrongdetails", Class.OPERATIONAL, (R, A, C, D), (A,),
        "Anybody may say that details are wrong; only those who keep the directory read it.",
    ),
    Rule(
        "directory_howitwas", Class.OPERATIONAL, (R, A, C), (R, A, C),
        "A count of faces a month, with nobody in it; adding one must read the count.",
    ),
    Rule(
        "directory_hello", Class.PERSONAL, (R, D), (A,),
        "A name and one way to reply, sent on to the group at once. Nobody reads it here: what the app may "
        "see and remove is only what has run out.",
        app_rows={R: "expires_on <= current_date", D: "expires_on <= current_date"},
        public_rows={A: "expires_on <= current_date + 30"},
    ),
    # ---- places: official files, open by licence
    Rule("places_georelease", Class.OPEN, (R, A, C, D), (R,), "Which edition of an official file is loaded."),
    Rule("places_postcode", Class.OPEN, (R, A, C, D), (R,), "Where postcodes are; open by licence."),
    Rule("places_area", Class.OPEN, (R, A, C, D), (R,), "Names and shapes of areas; open by licence."),
    Rule("places_arealink", Class.OPEN, (R, A, C, D), (R,), "Which area lies in which; open by licence."),
    Rule("places_areastat", Class.OPEN, (R, A, C, D), (R,), "Published figures about areas; open by licence."),
    # ---- the match
    Rule(
        "match_unmetwant", Class.OPERATIONAL, (R, A, C), (R, A, C),
        "Counts of what was wished for and not found, with nobody in them; adding one must read the count.",
    ),
)  # fmt: skip
