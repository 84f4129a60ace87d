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
    GLASS_BREAK = "glass-break"
    STAFF_KEEP = "staff-keep"


DOORS: dict[Do, Door] = {
    Do.ENTER: Door(tuple(Role), "Their own sign-in, their own devices, who they are here."),
    Do.PEOPLE_LIST: Door(_CARE, "The people they look after; the wall decides which those are."),
    Do.PERSON_OPEN: Door((*_CARE, Role.DPO), "One person's record, or a request's."),
    Do.PERSON_ADD: Door((Role.LINK_WORKER, Role.MANAGER), "Taking somebody in for the team."),
    Do.PERSON_CHANGE: Door((Role.LINK_WORKER, Role.MANAGER), "Keeping the record right."),
    Do.GLASS_BREAK: Door(_CARE, "Opening a stranger's record in need: reason, an hour, reading only."),
    Do.STAFF_KEEP: Door((Role.ADMIN, Role.MANAGER), "Letting colleagues in, and seeing them out."),
}
