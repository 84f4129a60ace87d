"""Counting tries, so that guessing is slow: by place, and by address together with place; never an account's door."""

from datetime import datetime

from ..models import Try
from ..policy.entry import LIMITS
from .sealing import keyed


def too_many(limit: str, *whom: str, at: datetime) -> bool:
    """Whether this would be one try too many; if not, it is counted. Works as stile_signin.

    What is refused is not counted, so that a stream of tries cannot hold a door shut for longer than the
    window. Two at the same moment may both be let through at the edge: it slows, it does not lock.
    """
    bucket = keyed("|".join((limit, *whom)), "try")
    rule = LIMITS[limit]
    over = Try.objects.filter(bucket=bucket, at__gt=at - rule.within).count() >= rule.most
    if not over:
        Try(bucket=bucket, at=at).save(force_insert=True)
    return over
