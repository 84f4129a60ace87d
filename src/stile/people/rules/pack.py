"""What a person gets when they ask for everything: each personal table's place in it, column by column.

A table or column without a place here fails a test (tests/people/test_rights.py), so that nothing is left
out because nobody thought of it. What is left out says why. The safeguarding concerns have no place: that
there are any is not told by a pack (H11); the lead decides by hand.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from stile.kernel.words import N_

BLACK = "[…]"


@dataclass(frozen=True, slots=True)
class Place:
    """A table's place: its heading, the columns given with their names, and those left out with the why."""

    table: str
    heading: str
    column: str
    given: Mapping[str, str]
    left: Mapping[str, str] = field(default_factory=dict)
    third_party: frozenset[str] = frozenset()  # held back unless somebody decides otherwise
    told: bool = False  # one sentence a row, the same for everybody: nothing of it is held back line by line


_OURS = N_("A number that only means something inside the program.")
_ID = {"id": _OURS, "person_id": _OURS, "team_id": _OURS}

PLACES: tuple[Place, ...] = (
    Place(
        "people_youngperson", N_("Who you are"), "id",
        {
            "name": N_("Name"), "pronouns": N_("Pronouns"), "born": N_("Birth date"), "age_band": N_("Age group"),
            "age_band_on": N_("Age group told on"), "nation": N_("Nation"), "nhs_number": N_("NHS number"),
            "district": N_("District"), "school": N_("School"), "language": N_("Language"), "code": N_("Code"),
            "taken_in_at": N_("With us since"), "restricted_at": N_("Set aside since"), "ended_at": N_("Ended"),
            "messages_off_at": N_("Messages stopped"),
        },
        {"id": _OURS, "team_id": _OURS, "same_as": _OURS},
    ),
    Place(
        "people_contactroute", N_("How to reach you"), "person_id",
        {
            "kind": N_("How"), "value": N_("Number or address"), "whose": N_("Whose it is"),
            "seen_by_others": N_("Others may see it"), "leave_message": N_("A message may be left"),
            "ok": N_("You said yes to it"), "good_times": N_("Good times"),
            "sender_name": N_("Who our messages say they are from"), "confirmed_at": N_("Checked with you"),
            "off_at": N_("Switched off"),
        },
        {**_ID, "author_id": _OURS},
    ),
    Place(
        "people_carer", N_("Who cares for you"), "person_id",
        {
            "name": N_("Name"), "relation": N_("Who they are to you"), "reach": N_("How to reach them"),
            "responsible": N_("Holds parental responsibility"), "known_by": N_("How we know"),
            "recorded_at": N_("Written down"), "ended_at": N_("Ended"),
        },
        {**_ID, "author_id": _OURS}, frozenset({"reach"}),
    ),
    Place(
        "people_hellopage", N_("Your hello page"), "person_id",
        {
            "interests": N_("What you like"), "at_the_door": N_("At the door"), "access_needs": N_("What helps you"),
            "approved": N_("Lines you said yes to"),
            "approved_at": N_("You said yes to it"),
        },
        {**_ID, "author_id": _OURS},
    ),
    Place(
        "people_sharingpermission", N_("What you said may be shared"), "person_id",
        {
            "slices": N_("What"), "to_roles": N_("With whom there"), "why": N_("What for"), "how": N_("How you said it"),
            "wording": N_("The words you were shown"), "given_by": N_("Who said yes"), "starts": N_("From"),
            "ends": N_("Until"), "withdrawn_at": N_("Taken back"), "withdrawn_how": N_("How it was taken back"),
            "told_at": N_("They were told to stop"),
        },
        {**_ID, "to_organisation_id": _OURS, "to_carer_id": _OURS, "witness_id": _OURS, "competence_note_id": _OURS},
    ),
    Place(
        "people_lawfulbasisentry", N_("On what legal ground we hold it"), "person_id",
        {
            "purpose": N_("What for"), "article_6": N_("UK GDPR article 6"), "article_9": N_("UK GDPR article 9"),
            "condition": N_("Condition"), "set_at": N_("Written down"), "ended_at": N_("Ended"),
        },
        {**_ID, "controller_id": _OURS, "set_by": _OURS},
    ),
    Place(
        "people_participationpermission", N_("Taking part"), "person_id",
        {
            "activity_name": N_("Activity"), "rule": N_("The group’s rule"), "how": N_("How it was said"), "needed_from": N_("Who was asked"), "answer": N_("The answer"),
            "emergency_name": N_("In an emergency"), "emergency_phone": N_("Their phone"),
            "medical_need": N_("What they must know about your health"), "asked_at": N_("Asked"),
            "answered_at": N_("Answered"), "withdrawn_at": N_("Taken back"),
        },
        {**_ID, "activity_id": _OURS, "carer_id": _OURS, "author_id": _OURS}, frozenset({"emergency_phone"}),
    ),
    Place(
        "people_competencenote", N_("How we talked decisions over"), "person_id",
        {
            "deciding": N_("What about"), "decision": N_("The decision"), "in_own_words": N_("In your words"),
            "free_of_pressure": N_("Nobody pushed you"), "telling_a_parent": N_("About telling a parent"),
            "conclusion": N_("What we thought"), "reasons": N_("Why we thought so"), "review_on": N_("To look at again"),
            "written_at": N_("Written down"),
        },
        {**_ID, "author_id": _OURS},
    ),
    Place(
        "people_withdrawal", N_("Who was told to stop using your data"), "person_id",
        {"shown_as": N_("The name they knew"), "what": N_("What about"), "sent_at": N_("Told"), "due_on": N_("To confirm by"), "confirmed_at": N_("Confirmed")},
        {**_ID, "permission_id": _OURS, "organisation_id": _OURS, "confirmed_by": _OURS},
    ),
    Place(
        "people_review", N_("Our reminders about you"), "person_id",
        {"kind": N_("What about"), "due_on": N_("When"), "done_at": N_("Done"), "note": N_("Note")},
        {**_ID, "about_id": _OURS, "done_by": _OURS},
    ),
    Place(
        "people_rightsrequest", N_("What you asked for"), "person_id",
        {
            "kind": N_("What"), "asker": N_("Who asked"), "words": N_("In your words"), "received_at": N_("When"),
            "due_on": N_("To answer by"), "waiting_for": N_("What we waited for"), "extended_why": N_("Why it took longer"),
            "identity_checked": N_("How we knew it was you"), "state": N_("How far"), "acknowledged_at": N_("Acknowledged"),
            "decision": N_("Our answer"), "answered_at": N_("Answered"),
        },
        {
            **_ID, "organisation_id": _OURS, "waiting_since": _OURS, "waited_days": _OURS, "first_reviewer_id": _OURS, "second_reviewer_id": _OURS,
            "author_id": _OURS, "their_yes": _OURS, "carer_id": _OURS,
            "interests_why": N_("It is about what somebody else asked for."),
        },
    ),
    Place(
        "access_tie", N_("Who could open your record"), "person_id",
        {"kind": N_("Who"), "ends": N_("Until")},
        {
            **_ID, "membership_id": _OURS, "organisation_id": _OURS, "account_id": _OURS, "made_by": _OURS,
            "ended_by": _OURS, "why": N_("A word for the program."), "role": N_("Said in the sentence."),
            "starts": N_("Said in the sentence."),
        },
        told=True,
    ),
    Place(
        "audit_event", N_("Who looked, and what was done"), "person_id",
        {"verb": N_("What was done")},
        {
            "at": N_("Said in the sentence."), "role": N_("Said in the sentence."),
            **_ID, "by": _OURS, "what": _OURS, "detail": _OURS, "membership_id": _OURS, "organisation_id": _OURS,
        },
        told=True,
    ),
    Place(
        "people_sameperson", N_("If you are written down twice"), "person_id",
        {"same": N_("The same person"), "decided_at": N_("Decided"), "undone_at": N_("Taken back")},
        {
            **_ID, "other_id": N_("It may be somebody else."), "evidence": N_("It may be about somebody else."),
            "author_id": _OURS, "undone_by": _OURS,
        },
    ),
)  # fmt: skip

# Personal tables that have no place in a young person's pack, and why.
NO_PLACE: Mapping[str, str] = {
    "access_glass": "What was seen through broken glass stands in the list of looks; the reasons may be about safety (H11).",
    "people_pack": "It is the pack.",
    "people_packchoice": "What was held back of a pack, and why, would tell it after all (H11).",
    "people_erasure": "Stands in the requests, with the answer.",
    "access_session": "A signed-in device: no words, gone within a day; shown under devices to whoever is signed in.",
    "people_account": "How somebody signs in; shown to themself on their own page.",
    "people_membership": "Names of those who work here, and that somebody has a sign-in.",
    "people_invitation": "A way in that waits to be used: a hash and a name, gone within days.",
    "directory_hello": "A message to a group from somebody we don't know; nobody can tell whose.",
    "access_code": "A code to sign in with: a hash, gone within minutes.",
    "access_factor": "A passkey or an authenticator: secret by nature; listed under devices.",
    "access_identity": "Who somebody is at another provider; listed under devices.",
    "access_knowndevice": "A browser that came in before: a hash.",
    "access_saved": "Kept by somebody without an account: sealed, and found only by whoever has its code.",
    "access_try": "How often somebody knocked: a hash, gone within a day.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One value that may be given: where it stands, its name, the value as text."""

    key: str  # table:row:column
    name: str
    value: str
    third_party: bool


@dataclass(frozen=True, slots=True)
class Section:
    table: str
    heading: str
    rows: tuple[tuple[Line, ...], ...]
    told: bool = False


Unsafe = Iterable[tuple[Any, datetime, datetime]]


def safe(table: str, row: Mapping[str, Any], unsafe: Unsafe) -> bool:
    """Whether a row may stand in a pack at all: nothing that tells of a worry, or of a look kept from them."""
    if table == "access_tie":
        return row["kind"] not in ("concern", "shut") and not _unsafe(row, row["starts"], unsafe)
    if table == "audit_event":
        if row["role"] == "safeguarding_lead" or "concern" in row["verb"] or row["verb"].endswith("shut"):
            return False
        return row["verb"] != "reviewed glass" and not _unsafe(row, row["at"], unsafe)
    return True


def _unsafe(row: Mapping[str, Any], at: datetime, unsafe: Unsafe) -> bool:
    return any(row["membership_id"] == author and start <= at <= end for author, start, end in unsafe)


def section(place: Place, rows: Iterable[Mapping[str, Any]]) -> Section:
    """A table's rows as lines; empty values are left out, unknown columns never come in."""
    return Section(
        place.table, place.heading,
        tuple(
            tuple(
                Line(
                    f"{place.table}:{row['id']}:{column}", name, written(row[column]), _third(place, column, row)
                )
                for column, name in place.given.items()
                if written(row[column])
            )
            for row in rows
        ),
        place.told,
    )  # fmt: skip


def _third(place: Place, column: str, row: Mapping[str, Any]) -> bool:
    """Whether a value is somebody else's: a carer's phone, or what a parent wrote to us."""
    theirs = row.get("asker") in (None, "young_person")
    return column in place.third_party or (column in ("words", "decision") and not theirs)


def written(value: Any) -> str:
    """A value as it is printed and exported: ISO dates, yes and no, lists with commas; "" for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {text}" for name, one in value.items() if (text := written(one)))
    if isinstance(value, list | tuple):
        return ", ".join(written(one) for one in value)
    return str(value)


def given(sections: Iterable[Section], held: frozenset[str], words: Iterable[str]) -> list[dict[str, Any]]:
    """What goes out: sections without the lines held back, and with the words taken out of the rest."""
    black = [word for one in words if (word := one.strip())]
    out = []
    for one in sections:
        rows = [
            [[line.name, blacked(line.value, black)] for line in row if line.key not in held]
            for row in one.rows
        ]
        if rows := [row for row in rows if row]:
            out.append({"table": one.table, "heading": one.heading, "rows": rows})
    return out


def blacked(text: str, words: Iterable[str]) -> str:
    """The text with each of the words taken out wherever it stands, in any letters."""
    for word in sorted(filter(None, words), key=len, reverse=True):
        text = re.sub(re.escape(word), BLACK, text, flags=re.IGNORECASE)
    return text
