"""What each change of mind does: at once, what is kept, who is told (experience.md section 4, hazard H15)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from stile.kernel.words import N_

CONFIRM_WITHIN = timedelta(days=5)


class Withdraws(StrEnum):
    SHARING = "sharing"
    SERVICE = "service"
    OUTCOMES = "outcomes"
    PARENT_TAKING_PART = "parent_taking_part"
    PARENT_OBJECTS = "parent_objects"
    REFUSAL_IN_DANGER = "refusal_in_danger"


class Effect(StrEnum):
    """What stops in the moment of saying so, as a machine reads it."""

    READER_SEES_NOTHING = "reader_sees_nothing"
    EVERY_READER_SEES_NOTHING = "every_reader_sees_nothing"
    TIES_CUT = "ties_cut"
    NOTICE_SENT = "notice_sent"
    MESSAGES_STOP = "messages_stop"
    RECORD_LOCKED = "record_locked"
    NO_MORE_ASKING = "no_more_asking"
    ACTIVITY_PAUSED = "activity_paused"
    HELP_GOES_ON = "help_goes_on"
    LEAD_DECIDES = "lead_decides"


@dataclass(frozen=True, slots=True)
class Row:
    withdraws: Withdraws
    effects: frozenset[Effect]
    stops: str
    kept: str
    told: str


TABLE: tuple[Row, ...] = (
    Row(
        Withdraws.SHARING,
        frozenset({Effect.READER_SEES_NOTHING, Effect.TIES_CUT, Effect.NOTICE_SENT}),
        N_("That reader sees nothing from this moment, and nothing that was waiting is sent."),
        N_("What was rightly done before stays written down. Everything else goes on."),
        N_("The reader is asked to stop, delete what they hold, and say so within five days."),
    ),
    Row(
        Withdraws.SERVICE,
        frozenset({
            Effect.EVERY_READER_SEES_NOTHING, Effect.TIES_CUT, Effect.NOTICE_SENT, Effect.MESSAGES_STOP,
            Effect.RECORD_LOCKED,
        }),
        N_("All help, all sharing and all messages stop today."),
        N_("The record is locked, and goes when its time to be kept is over."),
        N_("Their worker, and every reader. A list of people who help is sent once if they want it."),
    ),
    Row(
        Withdraws.OUTCOMES,
        frozenset({Effect.NO_MORE_ASKING}),
        N_("Nobody asks how they are doing on a scale any more."),
        N_("Past answers are kept or deleted, as they choose."),
        N_("Their worker."),
    ),
    Row(
        Withdraws.PARENT_TAKING_PART,
        frozenset({Effect.ACTIVITY_PAUSED, Effect.HELP_GOES_ON}),
        N_("That one activity pauses."),
        N_("Help goes on. Nothing else changes."),
        N_("The link worker, who talks with the young person."),
    ),
    Row(
        Withdraws.PARENT_OBJECTS,
        frozenset({Effect.HELP_GOES_ON, Effect.LEAD_DECIDES}),
        N_("Nothing, where the young person understands and wants help."),
        N_("Help goes on."),
        N_("The worker and the safeguarding lead, who plan how to keep it safe."),
    ),
    Row(
        Withdraws.REFUSAL_IN_DANGER,
        frozenset({Effect.LEAD_DECIDES}),
        N_("Nothing by itself: where serious harm is likely, the safeguarding lead decides."),
        N_("The refusal, the decision and why."),
        N_("The young person is told what was shared and why, unless that is unsafe."),
    ),
)  # fmt: skip


def row(withdraws: Withdraws) -> Row:
    return next(one for one in TABLE if one.withdraws is withdraws)


def confirm_by(at: datetime) -> date:
    """The last day on which a reader may say that they have stopped and deleted."""
    return (at + CONFIRM_WITHIN).date()
