"""What the directory does by itself, once a day."""

from django.utils import timezone

from . import actions


def forget_old() -> int:
    """Delete what has run out; gives how many messages there were."""
    return actions.forget_old(now=timezone.now())
