"""What tables ask besides the matrix (their own conditions in `tables.py`), in words for the policy page.

A table with such a condition and no words here fails tests/access/test_policy_words.py.
"""

from collections.abc import Mapping

BESIDES: Mapping[str, str] = {
    "audit_event": (
        "Nobody writes in another's name. A young person's list of looks leaves out what a safeguarding lead did, "
        "concerns, records shut to somebody, and looks that a reviewer judged unsafe to show."
    ),
    "directory_hello": "Only what has run out is seen, to be thrown away.",
    "access_tie": (
        "Concerns show to safeguarding leads only; whom a record is shut to, to leads and managers; a look through broken "
        "glass that was judged unsafe to show, not to the young person."
    ),
    "access_glass": (
        "Broken in one's own name; reviewed by a safeguarding lead or data protection officer who is somebody else, "
        "also where one person has two roles. Not shown to the young person as such, but in their list of looks."
    ),
    "access_session": "To whoever holds its key, and to the account it belongs to.",
    "people_organisation": "Known to everybody signed in; added by administrators, changed by those who run it.",
    "people_team": "Known to everybody signed in; added and changed by those who run its organisation.",
    "people_account": "Their own row to themself.",
    "people_membership": (
        "Colleagues are known to everybody signed in; young people and carers only to those who see that tie. Changed by "
        "those who run the organisation and, for themself, by the colleague; nobody leaves while somebody is allocated "
        "to them."
    ),
    "people_invitation": (
        "In one's own name, into one's own organisation; an administrator or data protection officer only by an "
        "administrator, a young person only by whoever looks after them, a fresh start only by an administrator."
    ),
    "people_youngperson": "To another team somebody is moved only by a manager of both.",
    "people_sharingpermission": "A yes that was taken back is never taken up again: it is given anew.",
    "people_lawfulbasisentry": "Not changed by the young person.",
    "people_participationpermission": "A young person takes any yes back; a parent's yes they cannot give.",
    "people_competencenote": "Not changed by the young person.",
    "people_withdrawal": (
        "Written with a yes that is taken back, by whoever may take it back; not changed by the young person."
    ),
    "people_review": "Not changed by the young person.",
    "people_sameperson": "Written and taken back by link workers and managers who may change both records.",
    "people_rightsrequest": "A complaint is not shown to link workers: it may be about them.",
    "people_pack": "Until it is released, only to those who answer requests: data protection officers and managers.",
    "people_packchoice": "Only for those who answer requests, and never to whoever asked.",
    "people_erasure": "Only for those who answer requests; changed by the clock alone.",
}
