"""What somebody can do here, by what they are: a page, its name, and a sentence about it."""

from dataclasses import dataclass

from stile.access.policy.doors import DOORS, Do
from stile.access.policy.words import Role
from stile.kernel.words import N_


@dataclass(frozen=True, slots=True)
class Way:
    do: Do
    page: str
    words: str
    about: str
    only: tuple[Role, ...] = ()  # fewer than the door lets in: whose day this belongs to


WAYS: tuple[Way, ...] = (
    Way(Do.PEOPLE_LIST, "people", N_("People"), N_("The young people you look after.")),
    Way(Do.PERSON_ALLOCATE, "duty", N_("On duty"), N_("Who covers for the team today.")),
    Way(Do.INTRODUCED, "introduced", N_("Introduced to you"), N_("Who would like to come, and who comes.")),
    Way(Do.RIGHTS_ANSWER, "rights", N_("Requests"), N_("To see, correct or erase, and complaints: by when.")),
    Way(Do.GLASS_REVIEW, "glass", N_("Opened in need"), N_("Records somebody opened that weren’t theirs.")),
    Way(Do.TRAIL_READ, "trail", N_("Who looked"), N_("Who opened or changed which record, and when.")),
    Way(Do.STAFF_KEEP, "staff", N_("Who works here"), N_("Let colleagues in, and see them out.")),
    Way(Do.MY_YESES, "my-yeses", N_("My yeses"), N_("What you said yes to. Change your mind any time.")),
    Way(Do.MY_DATA, "my-data", N_("My data"), N_("See what we hold. Fix it, or ask us to delete it.")),
    Way(Do.MY_DATA, "my-record-looks", N_("Who looked"), N_("Everyone who opened your record.")),
    Way(
        Do.ENTER, "home", N_("Find something to do"), N_("Nobody sees that you looked."),
        (Role.YOUNG_PERSON, Role.PARENT),
    ),
    Way(
        Do.ENTER, "desk", N_("Search together"), N_("Look for things to do with somebody beside you."),
        (Role.LINK_WORKER, Role.REFERRER),
    ),
    Way(Do.ENTER, "ways-in", N_("My ways in"), N_("Passkeys, codes, and where you are signed in.")),
)  # fmt: skip


def of(role: Role) -> tuple[Way, ...]:
    """The ways open to a role, in the order of its day."""
    return tuple(way for way in WAYS if role in DOORS[way.do].roles and (not way.only or role in way.only))
