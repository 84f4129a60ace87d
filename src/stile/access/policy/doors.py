"""The doors: what somebody is about to do, and which roles may. Rows are the wall's business, not theirs."""

from enum import StrEnum

from .words import Door, Role

_CARE = (Role.LINK_WORKER, Role.MANAGER, Role.SAFEGUARDING_LEAD)


class Do(StrEnum):
    ENTER = "enter"  # any page for anybody who is signed in, whatever they are
    PEOPLE_LIST = "people-list"
    PERSON_OPEN = "person-open"
    PERSON_ADD = "person-add"
    PERSON_CHANGE = "person-change"
    PERSON_ALLOCATE = "person-allocate"
    PERSON_SHUT = "person-shut"
    GLASS_BREAK = "glass-break"
    GLASS_REVIEW = "glass-review"
    MY_DATA = "my-data"
    RIGHTS_ASK = "rights-ask"
    RIGHTS_ANSWER = "rights-answer"
    TRAIL_READ = "trail-read"
    STAFF_KEEP = "staff-keep"
    YESES_ASK = "yeses-ask"
    MY_YESES = "my-yeses"
    INTRODUCED = "introduced"


DOORS: dict[Do, Door] = {
    Do.ENTER: Door(tuple(Role), "Their own sign-in, their own devices, who they are here."),
    Do.PEOPLE_LIST: Door(_CARE, "The people they look after; the wall decides which those are."),
    Do.PERSON_OPEN: Door((*_CARE, Role.DPO), "One person's record, or a request's."),
    Do.PERSON_ADD: Door((Role.LINK_WORKER, Role.MANAGER), "Taking somebody in for the team."),
    Do.PERSON_CHANGE: Door(
        (Role.LINK_WORKER, Role.MANAGER, Role.DPO), "Keeping the record right; or a request's."
    ),
    Do.PERSON_ALLOCATE: Door((Role.MANAGER,), "Choosing who looks after whom, and who is on duty."),
    Do.PERSON_SHUT: Door(
        (Role.MANAGER, Role.SAFEGUARDING_LEAD), "Family, neighbours and whoever was spoken of are shut out."
    ),
    Do.GLASS_BREAK: Door(_CARE, "Opening a stranger's record in need: reason, an hour, reading only."),
    Do.GLASS_REVIEW: Door(
        (Role.SAFEGUARDING_LEAD, Role.DPO), "Somebody else looks at each, within two working days."
    ),
    Do.MY_DATA: Door((Role.YOUNG_PERSON,), "What is held about them, who looked, and what they may ask for."),
    Do.RIGHTS_ASK: Door(
        (Role.LINK_WORKER, Role.MANAGER), "Any message counts: the worker writes it down for them."
    ),
    Do.RIGHTS_ANSWER: Door((Role.DPO, Role.MANAGER), "Two people answer, in time."),
    Do.TRAIL_READ: Door(
        (Role.MANAGER, Role.SAFEGUARDING_LEAD, Role.DPO),
        "To notice looking without need, and to say who looked.",
    ),
    Do.STAFF_KEEP: Door((Role.ADMIN, Role.MANAGER), "Letting colleagues in, and seeing them out."),
    Do.YESES_ASK: Door((Role.LINK_WORKER,), "Asking for each yes by itself, and writing the answer down."),
    Do.MY_YESES: Door(
        (Role.YOUNG_PERSON,), "What they said yes to, what each reader sees, and taking it back."
    ),
    Do.INTRODUCED: Door(
        (Role.COORDINATOR, Role.SESSION_LEADER), "Who was introduced to their charity, as far as they said."
    ),
}
