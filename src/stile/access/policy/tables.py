"""Every table, its class, and what each database role may do with it: the one place, each with a why.

The database's grants and row-level security are made from this after every migration (`access/rls.py`):
what is not written here is not allowed. For tables about people `stile_app` gets what `matrix.py` says,
and the rows it says.
"""

from typing import Any

from .ties import ENDS, MAKES
from .words import BY_ADMIN, Class, Data, Held, Rule, Verb

R, A, C, D = Verb.READ, Verb.ADD, Verb.CHANGE, Verb.REMOVE

_BY_ADMIN = ", ".join(f"'{role.value}'" for role in BY_ADMIN)
_SIGNED_IN = "(SELECT wall_role()) IS NOT NULL"
_SESSION = (
    "key_hash = current_setting('app.session', true)"
    " OR account_id = nullif(current_setting('app.account', true), '')::uuid"
)
# Somebody's rows go only while an erasure of theirs is open: agreed by two people, or kept long enough.
_GOING = "person_id IN (SELECT e.person_id FROM people_erasure e WHERE e.done_at IS NULL)"
_GOING_OTHER = _GOING.replace("person_id", "other_id", 1)
_GOES: dict[str, Any] = {"job": (R, D), "job_rows": {R: _GOING, D: _GOING}}
_NOT_A_CHILD = "(SELECT wall_role()) IS DISTINCT FROM 'young_person'"
_ANSWERS = "(SELECT wall_role()) IN ('dpo', 'manager')"


RULES: tuple[Rule, ...] = (
    Rule("django_migrations", Class.OPERATIONAL, (R,), (), "The app may tell whether it is up to date."),
    Rule(
        "audit_event", Class.PERSONAL, (R, A), (A,),
        "Whoever writes also says so; nobody rewrites what was said (a trigger refuses it too).",
        held=Held(Data.TRAIL, house="organisation_id", moves=False, nobody=True),  # it outlives all it tells of
        app_rows={A: "membership_id IS NULL OR membership_id = (SELECT wall_membership())"}, public_rows={A: "person_id IS NULL"},
        signin=(A,), signin_rows={A: "person_id IS NULL"}, job=(A,), job_rows={A: "true"}, warden=True,
        # That somebody is worried about them, or shut out over an allegation, is not told by a list of looks (H11).
        app_also={
            R: (
                f"{_NOT_A_CHILD} OR (role <> 'safeguarding_lead' AND verb NOT LIKE '%concern%'"
                " AND verb NOT LIKE '%shut' AND verb <> 'reviewed glass'"
                " AND NOT wall_unsafe(person_id, membership_id, at))"
            )
        },
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
    # ---- Django's own
    Rule("django_content_type", Class.OPERATIONAL, (), (), "Comes with the framework; nothing of ours uses it."),
    Rule("auth_permission", Class.OPERATIONAL, (), (), "Comes with the framework; who may what is written here."),
    Rule("auth_group", Class.OPERATIONAL, (), (), "Comes with the framework; who may what is written here."),
    Rule("auth_group_permissions", Class.OPERATIONAL, (), (), "Comes with the framework; unused."),
    # ---- who may see whom
    Rule("access_may", Class.OPERATIONAL, (R,), (), "The matrix as the database reads it; anybody inside may.", warden=True),
    Rule(
        "access_tie", Class.PERSONAL, (R, A, C), (),
        "Who reaches whose record, and why: seen by those around the person, made by those who may.",
        held=Held(Data.TIES, author="membership_id", house="organisation_id"), warden=True, changes=("ends", "ended_by"),
        # A concern is the lead's to know of; whom a record is shut to, the manager's and the lead's (H11).
        app_also={
            R: (
                "(kind NOT IN ('concern', 'shut') OR (SELECT wall_role()) = 'safeguarding_lead'"
                " OR (kind = 'shut' AND (SELECT wall_role()) = 'manager'))"
                # Nor is a look through broken glass that was judged unsafe to show.
                f" AND ({_NOT_A_CHILD} OR kind <> 'glass' OR NOT wall_unsafe(person_id, membership_id, starts))"
            )
        },
        app_rows={A: MAKES, C: ENDS},
        signin=(A,),
        signin_rows={
            A: (
                "kind = 'own' AND EXISTS (SELECT FROM people_invitation i WHERE i.person_id = access_tie.person_id"
                " AND i.taken_at > now() - interval '1 minute')"
            )
        },
        job=(R, C, D), job_rows={R: "true", C: "true", D: _GOING},
    ),
    Rule(
        "access_glass", Class.PERSONAL, (R, A, C), (),
        "Glass that was broken, for whoever reviews it: a record opened in need, with a reason.",
        held=Held(Data.TRAIL, author="author_id", house="organisation_id"),
        changes=("reviewed_at", "reviewed_by", "review", "not_shown"), warden=True,
        app_also={R: _NOT_A_CHILD},  # they read of it in their list of looks, unless that were unsafe
        app_rows={
            A: (
                "author_id = (SELECT wall_membership())"
                " AND (SELECT wall_role()) IN ('link_worker', 'manager', 'safeguarding_lead')"
            ),
            # By somebody else, also where the same person signs in as two things.
            C: (
                "(SELECT wall_role()) IN ('safeguarding_lead', 'dpo') AND author_id NOT IN"
                " (SELECT m.id FROM people_membership m WHERE m.account_id = nullif(current_setting('app.account', true), '')::uuid)"
                " AND (team_id = ANY ((SELECT wall_teams('trail', 'read'))::uuid[])"
                " OR organisation_id = (SELECT wall_house('trail', 'read')))"
            ),
        },
        **_GOES,
    ),
    Rule(
        "access_session", Class.PERSONAL, (R, A, C, D), (),
        "A device that is signed in: shown to whoever holds its key, and to the account it belongs to.",
        app_rows={R: _SESSION, A: _SESSION, C: _SESSION, D: _SESSION},
        signin=(R, A, C, D), signin_rows={R: _SESSION, A: _SESSION, C: _SESSION, D: _SESSION},
        job=(R, D), job_rows={R: "ends_at < now()", D: "ends_at < now()"},
    ),
    # ---- letting people in: for the sign-in pages, and for nobody else
    Rule(
        "access_code", Class.PERSONAL, (), (), "One-time codes and links: only hashes, for the sign-in pages.",
        signin=(R, A, C), signin_rows={R: "true", A: "true", C: "true"},
        job=(R, D), job_rows={R: "ends_at < now()", D: "ends_at < now()"},
    ),
    Rule(
        "access_factor", Class.PERSONAL, (), (), "Passkeys, authenticators, recovery codes: for the sign-in pages.",
        signin=(R, A, C, D), signin_rows={R: "true", A: "true", C: "true", D: "true"},
    ),
    Rule(
        "access_identity", Class.PERSONAL, (), (), "Who somebody is at another provider: for the sign-in pages.",
        signin=(R, A, D), signin_rows={R: "true", A: "true", D: "true"},
    ),
    Rule(
        "access_knowndevice", Class.PERSONAL, (), (), "Browsers an account came in by: what others do can't slow them.",
        signin=(R, A, C, D), signin_rows={R: "true", A: "true", C: "true", D: "true"},
        job=(R, D), job_rows={R: "known_until < now()", D: "known_until < now()"},
    ),
    Rule(
        "access_try", Class.PERSONAL, (), (), "How often somebody knocked lately: hashes and times.",
        signin=(R, A), signin_rows={R: "true", A: "true"},
        job=(R, D), job_rows={R: "at < now() - interval '1 day'", D: "at < now() - interval '1 day'"},
    ),
    Rule(
        "access_saved", Class.PERSONAL, (), (),
        "What somebody without an account keeps for later: sealed, and found only by whoever has its code.",
        signin=(R, A, C, D), signin_rows=dict.fromkeys((R, A, C, D), "key_hash = current_setting('app.saved', true)"),
        job=(R, D), job_rows={R: "ends_at < now()", D: "ends_at < now()"},
    ),
    # ---- organisations and who works in them
    Rule(
        "people_organisation", Class.OPERATIONAL, (R, A, C), (),
        "Which organisations take part; no young person in it.",
        app_rows={
            R: _SIGNED_IN, A: "(SELECT wall_role()) = 'admin'", C: "id = (SELECT wall_house('staff', 'change'))",
        },
        signin=(R,), signin_rows={R: "true"}, job=(R, A), job_rows={R: "true", A: "true"},
    ),
    Rule(
        "people_team", Class.OPERATIONAL, (R, A, C), (), "Teams and the areas they serve.", warden=True,
        app_rows={
            R: _SIGNED_IN,
            A: "organisation_id = (SELECT wall_house('staff', 'add'))",
            C: "organisation_id = (SELECT wall_house('staff', 'change'))",
        },
        signin=(R,), signin_rows={R: "true"}, job=(R, A), job_rows={R: "true", A: "true"},
    ),
    Rule(
        "people_account", Class.PERSONAL, (R,), (),
        "How somebody signs in: their own row to themself, all of them to the sign-in pages only.",
        app_rows={R: "id = nullif(current_setting('app.account', true), '')::uuid"},
        signin=(R, A, C), signin_rows={R: "true", A: "NOT made_up", C: "true"},
        job=(R, C), job_rows={R: "true", C: "true"}, warden=True,
    ),
    Rule(
        "people_membership", Class.PERSONAL, (R, C), (),
        "Who works where, as what: names that colleagues and young people need. Nobody gives themself a role.",
        app_rows={
            # Colleagues are known to everybody inside. That a young person or a carer has a sign-in, and their
            # name, only to those who may see that tie.
            R: (
                f"{_SIGNED_IN} AND (role NOT IN ('young_person', 'parent')"
                " OR account_id = nullif(current_setting('app.account', true), '')::uuid"
                " OR id IN (SELECT t.membership_id FROM access_tie t WHERE t.kind IN ('own', 'carer')))"
            ),
            C: (
                "(organisation_id = (SELECT wall_house('staff', 'change'))"
                f" AND (role NOT IN ({_BY_ADMIN}) OR (SELECT wall_role()) = 'admin'))"
                " OR id = (SELECT wall_membership())"
            ),
        },
        # Nobody leaves people behind (H22): first hand them over.
        app_check="until IS NULL OR NOT wall_holds(id)",
        changes=("on_duty", "until"),
        signin=(R, A),
        signin_rows={
            R: "true",
            A: (
                "EXISTS (SELECT FROM people_invitation i WHERE i.role = people_membership.role"
                " AND i.organisation_id IS NOT DISTINCT FROM people_membership.organisation_id"
                " AND i.team_id IS NOT DISTINCT FROM people_membership.team_id"
                " AND i.taken_at > now() - interval '1 minute')"
            ),
        }, job=(R, C), job_rows={R: "true", C: "true"}, warden=True,
    ),
    Rule(
        "people_invitation", Class.PERSONAL, (R, A, C), (),
        "Ways in that wait to be used: seen by whoever invites for their organisation; taken at the sign-in pages.",
        held=Held(Data.STAFF, person="", team="", house="organisation_id", moves=False),
        app_rows={
            A: (
                # A fresh start for a colleague: by an administrator, to the address their account has, shown to nobody.
                "author_id = (SELECT wall_membership()) AND (renews_id IS NULL OR ((SELECT wall_role()) = 'admin'"
                " AND email = '' AND renews_id IN (SELECT m.id FROM people_membership m"
                " WHERE m.organisation_id = (SELECT wall_house('staff', 'change'))))) AND ("
                # A colleague, into one's own organisation; those who guard records only by an administrator.
                "(organisation_id = (SELECT wall_house('staff', 'add')) AND person_id IS NULL"
                f" AND ((SELECT wall_role()) = 'admin' OR (role NOT IN ({_BY_ADMIN})"
                # A manager's link workers are of the manager's own team.
                " AND (role <> 'link_worker' OR team_id = ANY ((SELECT wall_teams('identity', 'add'))::uuid[])))))"
                # A young person, to their own record, by whoever looks after them.
                " OR (role = 'young_person' AND organisation_id IS NULL AND team_id IS NULL"
                " AND person_id = ANY ((SELECT wall_people('contact', 'add'))::uuid[])))"
            )
        },
        changes=("withdrawn_at",),
        signin=(R, C), signin_rows={R: "true", C: "true"}, job=(R, A, D), job_rows={A: "author_id IS NULL", R: "true", D: f"ends_at < now() OR {_GOING}"},
    ),
    # ---- young people: rows as the matrix says
    Rule(
        "people_youngperson", Class.PERSONAL, (), (), "Who somebody is.",
        held=Held(Data.IDENTITY, person="id", moves=False), warden=True,
        # To another team somebody is moved by a manager of both.
        app_check=(
            "team_id = wall_team_of(id) OR ((SELECT wall_role()) = 'manager'"
            " AND team_id = ANY ((SELECT wall_teams('identity', 'add'))::uuid[]))"
        ),
        job=(R, C, D),
        job_rows={
            R: "true",
            C: "id IN (SELECT e.person_id FROM people_erasure e WHERE e.done_at IS NULL)",
            D: "id IN (SELECT e.person_id FROM people_erasure e WHERE e.done_at IS NULL)",
        },
    ),
    Rule("people_contactroute", Class.PERSONAL, (), (), "How to reach them, safely.", held=Held(Data.CONTACT), warden=True, **_GOES),
    Rule("people_carer", Class.PERSONAL, (), (), "Who cares for them, and how that is known.", held=Held(Data.FAMILY), **_GOES),
    Rule(
        "people_hellopage", Class.PERSONAL, (), (), "What they want a charity to know on the first day.",
        held=Held(Data.PLAN), warden=True, **_GOES,
    ),
    Rule(
        "people_sharingpermission", Class.PERSONAL, (), (), "What they said may be shared, with whom.",
        held=Held(Data.PERMISSIONS), warden=True, changes=("withdrawn_at", "withdrawn_how", "told_at"),
        app_check="withdrawn_at IS NOT NULL",  # a yes that was taken back is given anew, never taken up again
        job=(R, C, D), job_rows={R: _GOING, C: _GOING, D: _GOING},  # erasing what may go ends every yes
    ),
    Rule(
        "people_lawfulbasisentry", Class.PERSONAL, (), (), "On what legal ground their data is held.",
        held=Held(Data.PERMISSIONS), changes=("ended_at",), app_also={C: _NOT_A_CHILD}, **_GOES,
    ),
    Rule(
        "people_participationpermission", Class.PERSONAL, (), (), "Who said yes to their taking part.",
        held=Held(Data.PERMISSIONS), **_GOES,
        changes=(
            "answer", "how", "carer_id", "emergency_name", "emergency_phone", "medical_need", "answered_at",
            "withdrawn_at",
        ),
        # They may take any yes back; a parent's yes they cannot give.
        app_check=f"{_NOT_A_CHILD} OR needed_from = 'young_person' OR answer <> 'yes' OR withdrawn_at IS NOT NULL",
    ),
    Rule(
        "people_competencenote", Class.PERSONAL, (), (), "That they understood a decision, or not yet.",
        held=Held(Data.PERMISSIONS), changes=("review_on",), app_also={C: _NOT_A_CHILD}, **_GOES,
    ),
    Rule(
        "people_withdrawal", Class.PERSONAL, (), (), "That a reader was told to stop, and whether they did.",
        held=Held(Data.PERMISSIONS, house="organisation_id"), changes=("confirmed_at", "confirmed_by", "shown_as"), **_GOES,
        # Whoever may take a yes back leaves the notice with it, the young person too.
        app_rows={
            A: (
                "(person_id = ANY ((SELECT wall_people('permissions', 'change'))::uuid[])"
                " OR team_id = ANY ((SELECT wall_teams('permissions', 'change'))::uuid[]))"
                " AND EXISTS (SELECT FROM people_sharingpermission s WHERE s.id = permission_id"
                " AND s.person_id = people_withdrawal.person_id AND s.to_organisation_id = people_withdrawal.organisation_id"
                " AND s.withdrawn_at IS NOT NULL)"
            )
        },
        app_also={C: _NOT_A_CHILD},
    ),
    Rule(
        "people_review", Class.PERSONAL, (), (), "What to look at again by a day.",
        held=Held(Data.PERMISSIONS), changes=("done_at", "done_by", "note"), app_also={C: _NOT_A_CHILD},
        job=(R, A, D), job_rows={R: "true", A: "true", D: _GOING},
    ),
    Rule(
        "people_sameperson", Class.PERSONAL, (), (), "Two records that are one person, or are not.",
        held=Held(Data.IDENTITY), changes=("undone_at", "undone_by"),
        # By staff who may change both records.
        app_rows={
            A: (
                "(SELECT wall_role()) IN ('link_worker', 'manager')"
                " AND (person_id = ANY ((SELECT wall_people('identity', 'change'))::uuid[])"
                " OR team_id = ANY ((SELECT wall_teams('identity', 'change'))::uuid[]))"
                " AND other_id IN (SELECT y.id FROM people_youngperson y"
                " WHERE y.id = ANY ((SELECT wall_people('identity', 'change'))::uuid[])"
                " OR y.team_id = ANY ((SELECT wall_teams('identity', 'change'))::uuid[]))"
            )
        },
        app_also={C: "(SELECT wall_role()) IN ('link_worker', 'manager')"},
        job=(R, D), job_rows={R: f"{_GOING} OR {_GOING_OTHER}", D: f"{_GOING} OR {_GOING_OTHER}"},
    ),
    # ---- asking for one's rights
    Rule(
        "people_rightsrequest", Class.PERSONAL, (), (), "What they asked for, and the clock.",
        held=Held(Data.RIGHTS, house="organisation_id"),
        # A complaint may be about the worker.
        app_also={R: "(SELECT wall_role()) IS DISTINCT FROM 'link_worker' OR kind <> 'complain'"},
        **_GOES,
    ),
    Rule(
        "people_pack", Class.PERSONAL, (), (), "What was given to them of all that is held, once two people agreed.",
        held=Held(Data.RIGHTS), changes=("content", "prepared_by", "prepared_at", "released_by", "released_at"),
        app_also={R: f"released_at IS NOT NULL OR {_ANSWERS}", A: _ANSWERS, C: _ANSWERS},
        **_GOES,
    ),
    Rule(
        "people_packchoice", Class.PERSONAL, (), (), "What was held back of a pack, and why: for those who answer.",
        held=Held(Data.RIGHTS), app_also={R: _ANSWERS, A: _ANSWERS, C: _ANSWERS}, changes=("words", "why", "author_id", "chosen_at"),
        **_GOES,
    ),
    Rule(
        "people_erasure", Class.PERSONAL, (), (), "That somebody's rows are to go, agreed by two people or by the years.",
        held=Held(Data.RIGHTS), app_also={R: _ANSWERS, A: _ANSWERS, C: "false"},
        job=(R, A, C, D), job_rows={R: "true", A: "request_id IS NULL", C: "true", D: _GOING},
    ),
)  # fmt: skip
