"""Opening the record of somebody out of reach, in need: found by two exact identifiers, never by browsing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stile.access import actions as access
from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.gate import working_as
from stile.access.policy.words import Data, Role, Verb
from stile.kernel.decision import Refused, no
from stile.kernel.said import day_and_clock
from stile.kernel.words import N_

from ..models import Membership, Team
from ..queries.records import house_of
from ..rules.said import ROLE_NAMES
from . import mail

TOLD = (Role.SAFEGUARDING_LEAD, Role.DPO)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search in need came to: a record now open, or several to choose from by their team alone."""

    person_id: UUID | None
    broken: bool
    teams: Sequence[tuple[UUID, str]]  # (person, team's name)


@transaction.atomic
def open_in_need(
    *,
    by: Actor,
    name: str,
    nhs_number: str,
    born: date,
    reason: str,
    at: datetime,
    chosen: UUID | None = None,
) -> Found:
    """Search, and break the glass where exactly one was found out of reach; in reach it is simply theirs.

    `chosen`: which of several, from an earlier search with the same words. Raises Refused where nobody is
    found (or too many searches were made: nobody is told which) and without a reason.
    """
    if len(reason.split()) < 3:
        raise Refused(no("reason", N_("Say in a few words why you need to open this record now.")))
    rows = reach.strangers(by=by, name=name.strip(), born=born, nhs_number=nhs_number, at=at)
    if chosen is not None:
        rows = [row for row in rows if row[0] == chosen]
    if not rows:
        return Found(None, False, ())
    if len(rows) > 1:
        names = dict(Team.objects.filter(id__in=[team for _person, team in rows]).values_list("id", "name"))
        return Found(None, False, [(person, names.get(team, "")) for person, team in rows])
    ((person_id, team_id),) = rows
    if reach.may(person_id, team_id, Data.IDENTITY, Verb.READ):
        return Found(person_id, False, ())
    house = house_of(team_id)
    if house is None:
        return Found(None, False, ())
    access.break_glass(
        by=by, person_id=person_id, team_id=team_id, organisation_id=house, reason=reason, at=at
    )
    _tell(by, house, at)
    return Found(person_id, True, ())


def _tell(by: Actor, house: UUID, at: datetime) -> None:
    """Mail to those who review: who and when, and nothing of whom or why. The page itself is the alert."""
    with working_as("stile_job"):
        live = Membership.objects.filter(
            organisation_id=house, role__in=[one.value for one in TOLD], since__lte=at
        )
        live = live.filter(Q(until=None) | Q(until__gt=at)).exclude(account_id=by.account_id)
        to = sorted({one for one in live.values_list("account__email", flat=True) if one})
    when = day_and_clock(timezone.localtime(at)).text(_, ngettext)
    for address in to:
        mail.send_soon(
            to=address,
            subject=_("A record was opened in need"),
            lines=[
                _("%(who)s (%(role)s) opened a record in need on %(when)s.")
                % {"who": by.name, "role": _(ROLE_NAMES[by.role]), "when": when},
                _(
                    "Please sign in and look at it within two working days. This message says nothing about whom."
                ),
            ],
        )
