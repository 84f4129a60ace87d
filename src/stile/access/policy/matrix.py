"""Who may do what with which kind of data, how far, and why: the table a safeguarding lead reads.

Whatever is not written here is not allowed. Tables name their kind of data in `tables.py`; the
database enforces the lot (`access/wall.py`). What is shared in part (a charity, a parent, a session
leader) is not here at all: those roles see slices (`slices.py`), never rows.
"""

from .words import Data, May, Reach, Role, Verb

R, A, C, D = Verb.READ, Verb.ADD, Verb.CHANGE, Verb.REMOVE
OWN, LINKED, DUTY, TEAM = Reach.OWN, Reach.LINKED, Reach.DUTY, Reach.TEAM
CONCERN, REQUEST, GLASS, SAMPLE, MINE = (
    Reach.CONCERN,
    Reach.REQUEST,
    Reach.GLASS,
    Reach.SAMPLE,
    Reach.MINE,
)
HOUSE, ALL = Reach.HOUSE, Reach.ALL

_YOUNG, _LINK, _MANAGER, _LEAD, _DPO, _ADMIN = (
    Role.YOUNG_PERSON,
    Role.LINK_WORKER,
    Role.MANAGER,
    Role.SAFEGUARDING_LEAD,
    Role.DPO,
    Role.ADMIN,
)

MATRIX: tuple[May, ...] = (
    # ---- who somebody is
    May(_YOUNG, Data.IDENTITY, (R, C), (OWN,), "It is about them: they see it and put it right."),
    May(_LINK, Data.IDENTITY, (R, C), (LINKED, DUTY), "They cannot help somebody they cannot name."),
    May(_LINK, Data.IDENTITY, (A,), (TEAM,), "A young person who comes to the team is written down there."),
    May(_LINK, Data.IDENTITY, (R,), (GLASS,), "Somebody else's young person stands before them in need."),
    May(_MANAGER, Data.IDENTITY, (R, C), (TEAM,), "They allocate and move the team's people."),
    May(_MANAGER, Data.IDENTITY, (A,), (TEAM,), "They may take a young person in for the team."),
    May(_MANAGER, Data.IDENTITY, (R,), (GLASS,), "Cover for another team, with a reason."),
    May(_LEAD, Data.IDENTITY, (R,), (CONCERN, GLASS), "Whom the concern is about."),
    May(_DPO, Data.IDENTITY, (R, C), (REQUEST,), "They answer the request: put right, hold back; and nothing else."),
    # ---- how to reach them, safely
    May(_YOUNG, Data.CONTACT, (R, A, C), (OWN,), "Only they know which way is safe."),
    May(_LINK, Data.CONTACT, (R, A, C), (LINKED, DUTY), "They make contact, and confirm the way each time."),
    May(_LINK, Data.CONTACT, (R,), (GLASS,), "To reach somebody in need."),
    May(_MANAGER, Data.CONTACT, (R,), (TEAM, GLASS), "Cover when a worker is away."),
    May(_LEAD, Data.CONTACT, (R,), (CONCERN, GLASS), "To reach the person the concern is about."),
    May(_DPO, Data.CONTACT, (R,), (REQUEST,), "Part of what is held about them."),
    # ---- carers, and who holds parental responsibility
    May(_YOUNG, Data.FAMILY, (R,), (OWN,), "They see whom we think of as their carers."),
    May(_LINK, Data.FAMILY, (R, A, C), (LINKED, DUTY), "They record who cares, and how that is known (H23)."),
    May(_MANAGER, Data.FAMILY, (R,), (TEAM,), "Cover when a worker is away."),
    May(_LEAD, Data.FAMILY, (R,), (CONCERN,), "Who is around the child is part of any concern."),
    May(_DPO, Data.FAMILY, (R,), (REQUEST,), "Part of what is held about them."),
    # ---- the plan and the hello page
    May(_YOUNG, Data.PLAN, (R, A, C), (OWN,), "It is their plan, in their words."),
    May(_LINK, Data.PLAN, (R, A, C), (LINKED, DUTY), "They write it together."),
    May(_LINK, Data.PLAN, (R,), (GLASS,), "To pick up where a colleague left off, in need."),
    May(_MANAGER, Data.PLAN, (R,), (TEAM,), "Supervision and cover."),
    May(_LEAD, Data.PLAN, (R,), (CONCERN,), "What the person is part of, when worried."),
    May(_DPO, Data.PLAN, (R,), (REQUEST,), "Part of what is held about them."),
    # ---- notes of talks
    May(_LINK, Data.NOTES, (R, A), (LINKED, DUTY), "They write what was said; a note is added to, not rewritten."),
    May(_LINK, Data.NOTES, (R,), (GLASS,), "To know what a colleague knew, in need."),
    May(_MANAGER, Data.NOTES, (R,), (SAMPLE,), "A few for supervision, each opened by name and logged."),
    May(_LEAD, Data.NOTES, (R,), (CONCERN,), "Notes may hold what others missed."),
    May(_DPO, Data.NOTES, (R,), (REQUEST,), "Part of what is held about them, read before it is given out."),
    # ---- safeguarding concerns
    May(_LEAD, Data.CONCERNS, (R, C), (CONCERN,), "They own concerns until they are settled (H12)."),
    May(_LEAD, Data.CONCERNS, (A,), (CONCERN, TEAM), "They may open one themselves."),
    May(_LINK, Data.CONCERNS, (A,), (LINKED, DUTY), "Whoever is worried says so at once."),
    May(_LINK, Data.CONCERNS, (R,), (MINE,), "What they reported themselves, and no more (H11)."),
    May(_MANAGER, Data.CONCERNS, (R,), (MINE, GLASS), "Not part of running a team; in need, with a reason."),
    May(_MANAGER, Data.CONCERNS, (A,), (TEAM,), "Whoever is worried says so at once."),
    # ---- outcomes, attendance
    May(_YOUNG, Data.OUTCOMES, (R, A), (OWN,), "Their answers, their chart."),
    May(_LINK, Data.OUTCOMES, (R,), (LINKED, DUTY), "To talk it over with them."),
    May(_MANAGER, Data.OUTCOMES, (R,), (TEAM,), "To see whether help helps."),
    May(_LEAD, Data.OUTCOMES, (R,), (CONCERN,), "When worried."),
    May(_DPO, Data.OUTCOMES, (R,), (REQUEST,), "Part of what is held about them."),
    May(_YOUNG, Data.ATTENDANCE, (R,), (OWN,), "Where they have been."),
    May(_LINK, Data.ATTENDANCE, (R,), (LINKED, DUTY), "To notice when somebody stops coming."),
    May(_MANAGER, Data.ATTENDANCE, (R,), (TEAM,), "To notice when many stop coming."),
    May(_LEAD, Data.ATTENDANCE, (R,), (CONCERN,), "When worried."),
    May(_DPO, Data.ATTENDANCE, (R,), (REQUEST,), "Part of what is held about them."),
    # ---- the three yeses and competence notes
    May(_YOUNG, Data.PERMISSIONS, (R, C), (OWN,), "They see what they said yes to, and take it back."),
    May(_LINK, Data.PERMISSIONS, (R, A, C), (LINKED, DUTY), "They ask, and write the answer down."),
    May(_MANAGER, Data.PERMISSIONS, (R,), (TEAM,), "To answer for how yes was asked."),
    May(Role.COORDINATOR, Data.PERMISSIONS, (R, C), (HOUSE,), "They are told to stop, and say that they have (H15)."),
    May(_LEAD, Data.PERMISSIONS, (R,), (CONCERN,), "Who may be told what."),
    May(_DPO, Data.PERMISSIONS, (R,), (REQUEST,), "Part of what is held about them."),
    # ---- who is tied to whom
    May(_YOUNG, Data.TIES, (R, C), (OWN,), "They see who can open their record, and end what they said yes to."),
    May(_LINK, Data.TIES, (R,), (LINKED, DUTY), "They see who else is around the person."),
    May(_MANAGER, Data.TIES, (R,), (TEAM,), "Who has whom is how a team is run."),
    May(_LEAD, Data.TIES, (R,), (CONCERN,), "Who is around the person."),
    May(_DPO, Data.TIES, (R,), (REQUEST,), "Who could see it is part of the answer."),
    May(Role.COORDINATOR, Data.TIES, (R, C), (HOUSE,), "They see who was introduced to their charity, and answer."),
    May(Role.SESSION_LEADER, Data.TIES, (R,), (HOUSE,), "They see who comes to their sessions."),
    May(Role.PARENT, Data.TIES, (R,), (MINE,), "They see that something is shared with them, and until when."),
    # ---- whom a record is closed to
    May(_MANAGER, Data.BLOCKS, (R, A, C), (TEAM,), "Family and neighbours among the staff are shut out."),
    May(_LEAD, Data.BLOCKS, (R, A, C), (CONCERN, TEAM), "So is whoever an allegation is about, at once."),
    # ---- asking for one's rights
    May(_YOUNG, Data.RIGHTS, (R, A), (OWN,), "They ask, and see how far it is."),
    May(_LINK, Data.RIGHTS, (R, A), (LINKED, DUTY), "Any message counts: the worker writes it down for them."),
    May(_MANAGER, Data.RIGHTS, (R, A, C), (TEAM,), "The second pair of eyes, and the clock."),
    May(_DPO, Data.RIGHTS, (R, A, C), (REQUEST, HOUSE), "They prepare the answer, and give it in time."),
    # ---- who did and saw what
    May(_YOUNG, Data.TRAIL, (R,), (OWN,), "No surprises: they see who looked."),
    May(_LINK, Data.TRAIL, (R,), (MINE,), "The glass they broke, and how long it lasts."),
    May(_MANAGER, Data.TRAIL, (R,), (TEAM, MINE), "To notice looking without need; the glass they broke."),
    May(_LEAD, Data.TRAIL, (R,), (CONCERN, TEAM, MINE), "Who knew what, when; the glass they broke."),
    May(_DPO, Data.TRAIL, (R,), (REQUEST, HOUSE), "Who looked is part of the answer."),
    # ---- who works where
    May(_ADMIN, Data.STAFF, (R, A, C), (HOUSE,), "They let colleagues in and see them out."),
    May(_MANAGER, Data.STAFF, (R, A, C), (HOUSE,), "They invite into their own organisation."),
)  # fmt: skip
