"""A small named town for tests, built only through actions: the demo's Dawdlebridge, on a fixed day."""

from datetime import datetime
from uuid import UUID

from stile.loop.directory import actions
from stile.loop.directory.rules.records import ServiceRecord
from stile.loop.directory.rules.times import LONDON
from stile.loop.match.current import CURRENT
from stile.loop.match.rules.wish import Where
from stile.site.demo import town

NOON = datetime.now(LONDON).replace(hour=12, minute=0, second=0, microsecond=0)
NEAR = Where("M33 7", 53.4258, -2.3207, "postcode")  # the middle of the made-up town


def build(now: datetime = NOON, without: frozenset[str] = frozenset()) -> None:
    """Take the town in and begin with an index of it; activities named in `without` stay out."""
    records = [
        one
        for one in town.records(now.date())
        if not (isinstance(one, ServiceRecord) and one.name in without)
    ]
    actions.take_in(records, source="town", by="test", now=now)
    CURRENT.clear()


def uid_of(name: str) -> UUID:
    """The public id of an activity by its name."""
    from stile.loop.match.queries import shortlist
    from stile.loop.match.rules.wish import Wish

    found = {one.name: one.service_id for one in shortlist(Wish(near=NEAR, first=200), NOON).suggestions}
    return UUID(found[name])
