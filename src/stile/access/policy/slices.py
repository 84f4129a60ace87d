"""What others see of a young person: a few fields, while a tie lasts and a yes stands."""

from .words import Role, Slice

# A line of the hello page is seen once it has been approved, and by itself (H13).
_LINES = {
    name: ("text", f"CASE WHEN '{name}' = ANY (h.approved) THEN h.{name} ELSE '' END")
    for name in ("interests", "at_the_door", "access_needs")
}
_YEARS = "extract(year from age(current_date, p.born))::integer"
# As old as they are today where the date is known; else as they once said (people/rules/age.py).
_BAND = (
    f"CASE WHEN p.born IS NULL THEN p.age_band WHEN {_YEARS} < 11 THEN 'under-11' WHEN {_YEARS} < 13 THEN '11-12'"
    f" WHEN {_YEARS} < 16 THEN '13-15' WHEN {_YEARS} < 18 THEN '16-17' WHEN {_YEARS} < 26 THEN '18-25' ELSE 'over-25' END"
)

SLICES: tuple[Slice, ...] = (
    Slice(
        "offered", (Role.COORDINATOR,), "offered", "hello_page",
        {
            "age_band": ("text", _BAND),
            "district": ("text", "p.district"),
            "interests": _LINES["interests"],
            "at_the_door": _LINES["at_the_door"],
        },
        "Before they have said yes a charity knows whether it could, and not who: no name, no story.",
    ),
    Slice(
        "accepted", (Role.COORDINATOR,), "accepted", "hello_page",
        {
            "name": ("text", "p.name"),
            "pronouns": ("text", "p.pronouns"),
            "age": ("integer", _YEARS),
            "age_band": ("text", _BAND),
            "interests": _LINES["interests"],
            "at_the_door": _LINES["at_the_door"],
            "access_needs": _LINES["access_needs"],
        },
        "After the charity's yes, and the young person's: a name and a hello page, line by line approved.",
    ),
    Slice(
        "at_the_session", (Role.SESSION_LEADER,), "accepted", "hello_page",
        {
            "name": ("text", "p.name"),
            "at_the_door": _LINES["at_the_door"],
            "access_needs": _LINES["access_needs"],
        },
        "Whoever stands at the door knows a name and how to make it easy.",
    ),
    Slice(
        "carer", (Role.PARENT,), "carer", "progress_word",
        {"name": ("text", "p.name"), "interests": _LINES["interests"]},
        "A parent sees what the young person shared with them: no way into the record (H11, H23).",
    ),
)  # fmt: skip
