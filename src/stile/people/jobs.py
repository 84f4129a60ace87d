"""What the clock does for people's records: let go of what was kept long enough, raise what to look at again."""

from django.utils import timezone

from .actions import retention, reviews


def retain(*, dry: bool = False) -> retention.Report:
    """Records past their time, sign-ins, drafts and invitations that ran out; `dry`: only count."""
    return retention.run(at=timezone.now(), dry=dry)


def look_again() -> int:
    """Raise a review for every birthday that changes the rules; how many."""
    return reviews.raise_due(at=timezone.now(), on=timezone.localdate())
