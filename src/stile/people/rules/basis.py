"""(ii) Data law: the ground on which each kind of controller holds data, purpose by purpose.

Usually *not* consent: saying no to sharing does not end it, and a yes to sharing does not make it. The
table is experience.md section 4's; every row is for the deploying organisation's data protection
officer to confirm before use.
"""

from dataclasses import dataclass
from enum import StrEnum

from stile.kernel.words import N_


class Purpose(StrEnum):
    CARE = "care"  # the request for help and the plan
    OFFER = "offer"  # offering an activity to a charity
    SAFEGUARDING = "safeguarding"
    OUTCOMES = "outcomes"  # for their own help
    EVALUATION = "evaluation"  # and planning
    RESEARCH = "research"  # by others; photos, stories


class Controller(StrEnum):
    PUBLIC = "public"  # NHS or council, or commissioned by one
    CHARITY = "charity"


@dataclass(frozen=True, slots=True)
class Basis:
    purpose: Purpose
    controller: Controller
    article_6: str
    article_9: str
    condition: str  # of the Data Protection Act 2018, where article 9 wants one
    agreement: str  # confidentiality: what the young person's yes has to do with it
    consent: bool = False  # whether it stands on consent, and so falls with it
    opt_out: bool = False


_EACH = N_("The young person’s agreement, asked for each sharing.")
_PER_ACTIVITY = N_("A yes for each activity.")
_PLAN = N_("Part of the plan they agreed.")
_OVERRIDES = N_("May go against a no; the reason is written down, and they are told unless that is unsafe.")
_OPT_OUT = N_("They can say no to it, and are shown how.")
_TIMES = N_("Asked each time, and it runs out.")
_CARE_DUTY = "DPA 2018 Sch 1 para 2, duty of confidence"
_CHARITY_CARE = "under a professional; else 9(2)(a), explicit consent"
_DANGER = "DPA 2018 Sch 1 para 18; 9(2)(c) if life is at risk"

BASES: tuple[Basis, ...] = (
    Basis(Purpose.CARE, Controller.PUBLIC, "6(1)(e)", "9(2)(h)", _CARE_DUTY, _EACH),
    Basis(Purpose.CARE, Controller.CHARITY, "6(1)(f)", "9(2)(h)", _CHARITY_CARE, _EACH),
    Basis(Purpose.OFFER, Controller.PUBLIC, "6(1)(e)", "9(2)(h)", _CARE_DUTY, _PER_ACTIVITY),
    Basis(Purpose.OFFER, Controller.CHARITY, "6(1)(f)", "9(2)(h)", _CHARITY_CARE, _PER_ACTIVITY),
    Basis(Purpose.SAFEGUARDING, Controller.PUBLIC, "6(1)(c)", "9(2)(g)", _DANGER, _OVERRIDES),
    Basis(Purpose.SAFEGUARDING, Controller.CHARITY, "6(1)(f)", "9(2)(g)", _DANGER, _OVERRIDES),
    Basis(Purpose.OUTCOMES, Controller.PUBLIC, "6(1)(e)", "9(2)(h)", _CARE_DUTY, _PLAN),
    Basis(Purpose.OUTCOMES, Controller.CHARITY, "6(1)(f)", "9(2)(h)", _CHARITY_CARE, _PLAN),
    Basis(
        Purpose.EVALUATION, Controller.PUBLIC, "6(1)(e)", "9(2)(j)", "totals first", _OPT_OUT, opt_out=True
    ),
    Basis(
        Purpose.EVALUATION, Controller.CHARITY, "6(1)(f)", "9(2)(j)", "totals first", _OPT_OUT, opt_out=True
    ),
    Basis(
        Purpose.RESEARCH, Controller.PUBLIC, "6(1)(a)", "9(2)(a)", "explicit consent", _TIMES, consent=True
    ),
    Basis(
        Purpose.RESEARCH, Controller.CHARITY, "6(1)(a)", "9(2)(a)", "explicit consent", _TIMES, consent=True
    ),
)

# Which organisations of ours count as which controller; one that is not here holds no young person's data.
CONTROLLERS = {
    "lead_host": Controller.PUBLIC,
    "practice": Controller.PUBLIC,
    "school": Controller.PUBLIC,
    "local_authority": Controller.PUBLIC,
    "charity": Controller.CHARITY,
}


def basis(purpose: Purpose, controller: Controller) -> Basis:
    """The proposed ground; a controller's own officer may write down another."""
    return next(row for row in BASES if row.purpose is purpose and row.controller is controller)
