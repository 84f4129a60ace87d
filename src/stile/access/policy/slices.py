"""What others see of a young person: a few fields, while a tie lasts and a yes stands."""

from .words import Role, Slice

SLICES: tuple[Slice, ...] = (
    Slice(
        "offered", (Role.COORDINATOR,), "offered", "",
        {
            "age_band": ("text", "p.age_band"),
            "district": ("text", "p.district"),
            "interests": ("text", "coalesce(h.interests, '')"),
            "at_the_door": ("text", "coalesce(h.at_the_door, '')"),
        },
        "Before they have said yes a charity knows whether it could, and not who: no name, no story.",
    ),
    Slice(
        "accepted", (Role.COORDINATOR,), "accepted", "hello_page",
        {
            "name": ("text", "p.name"),
            "pronouns": ("text", "p.pronouns"),
            "age": ("integer", "extract(year from age(current_date, p.born))::integer"),
            "age_band": ("text", "p.age_band"),
            "interests": ("text", "coalesce(h.interests, '')"),
            "at_the_door": ("text", "coalesce(h.at_the_door, '')"),
            "access_needs": ("text", "coalesce(h.access_needs, '')"),
        },
        "After the charity's yes, and the young person's: a name and a hello page, line by line approved.",
    ),
    Slice(
        "at_the_session", (Role.SESSION_LEADER,), "accepted", "hello_page",
        {
            "name": ("text", "p.name"),
            "at_the_door": ("text", "coalesce(h.at_the_door, '')"),
            "access_needs": ("text", "coalesce(h.access_needs, '')"),
        },
        "Whoever stands at the door knows a name and how to make it easy.",
    ),
    Slice(
        "carer", (Role.PARENT,), "carer", "progress_word",
        {"name": ("text", "p.name"), "interests": ("text", "coalesce(h.interests, '')")},
        "A parent sees what the young person shared with them: no way into the record (H11, H23).",
    ),
)  # fmt: skip
