"""Counting tries, so that guessing is slow: by place, and by address together with place; never an account's door."""

from datetime import datetime

from ..models import Try
from ..policy.entry import LIMITS
from .sealing import keyed


def too_many(limit: str, *whom: str, at: datetime) -> bool:
    """Count one try, and say whether it is one too many. Works as stile_signin.

    Two at the same moment may both be let through at the edge of the limit: it slows, it does not lock.
    """
    bucket = keyed("|".join((limit, *whom)), "try")
    rule = LIMITS[limit]
    Try(bucket=bucket, at=at).save(force_insert=True)
    return Try.objects.filter(bucket=bucket, at__gt=at - rule.within).count() > rule.most
