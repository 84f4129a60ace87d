"""The hello page: three lines, each written with the young person and approved by itself (H13)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from stile.access import queries as reach
from stile.access.actor import Actor
from stile.access.policy.words import Data, Verb
from stile.audit import actions as audit
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from ..models import HelloPage
from ..queries import family as queries
from .yeses import NOBODY, about

LINES = ("interests", "at_the_door", "access_needs")
LONGEST = 300


def edit(*, by: Actor, person_id: UUID, lines: Mapping[str, str], at: datetime) -> None:
    """Write lines of the hello page. A line that changed has to be approved again; the others stay approved."""
    person = about(person_id, at)
    if set(lines) - set(LINES) or any(len(text) > LONGEST for text in lines.values()):
        raise Refused(no("lines", N_("Keep each line short: 300 letters at most.")))
    if not reach.may(person.id, person.team_id, Data.PLAN, Verb.ADD):
        raise Refused(NOBODY)
    page = queries.hello(person.id)
    if page is None:
        page = HelloPage(person_id=person.id, team_id=person.team_id, author_id=by.membership_id)
        page.save(force_insert=True)
    texts = {name: text.strip() for name, text in lines.items()}
    kept = [name for name in page.approved if texts.get(name, getattr(page, name)) == getattr(page, name)]
    HelloPage.objects.filter(id=page.id).update(
        **texts, approved=kept, author_id=by.membership_id, approved_at=page.approved_at if kept else None
    )
    audit.deed(
        by=by, verb="wrote hello page", what=f"hello:{page.id}", person=(person.id, person.team_id), at=at
    )


def approve(*, by: Actor, person_id: UUID, lines: Collection[str], at: datetime) -> None:
    """The young person says yes to exactly these lines; every other line is seen by nobody."""
    person = about(person_id, at)
    page = queries.hello(person.id)
    if page is None:
        raise Refused(no("hello", N_("There is no hello page yet.")))
    named = [name for name in LINES if name in lines and getattr(page, name)]
    changed = HelloPage.objects.filter(id=page.id).update(
        approved=named, approved_at=at if named else None
    )  # fmt: skip
    if not changed:
        raise Refused(NOBODY)
    audit.deed(
        by=by, verb="approved hello page", what=f"hello:{page.id}", person=(person.id, person.team_id),
        detail={"lines": named}, at=at,
    )  # fmt: skip
