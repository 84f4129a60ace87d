"""What roles are called on a page."""

from stile.access.policy.words import Role
from stile.kernel.words import N_

ROLE_NAMES = {
    Role.YOUNG_PERSON: N_("Me"),
    Role.PARENT: N_("Parent or carer"),
    Role.REFERRER: N_("Somebody who sends young people"),
    Role.LINK_WORKER: N_("Link worker"),
    Role.MANAGER: N_("Manager"),
    Role.SAFEGUARDING_LEAD: N_("Safeguarding lead"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.SESSION_LEADER: N_("Session leader"),
    Role.FUNDER: N_("Funder"),
    Role.PLANNER: N_("Planner"),
    Role.DPO: N_("Data protection officer"),
    Role.ADMIN: N_("Administrator"),
}
