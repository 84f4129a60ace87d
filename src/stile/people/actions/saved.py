"""Keeping what somebody began to write, without an account: for a form on a public page.

    code = saved.keep(kind="self-referral", draft={...}, place=place, at=now)      # "K7M2-QF4H"
    draft = saved.find(kind="self-referral", code=typed, place=place, at=now)      # or None

The page works as stile_public, which can read nothing anybody wrote; for the moment of keeping and finding
this works as stile_signin, which reaches the one row whose code was named.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from stile.access.entry import saved, throttle
from stile.access.gate import working_as
from stile.kernel.decision import Refused, no
from stile.kernel.words import N_

from .signin import WAIT


def keep(*, kind: str, draft: Mapping[str, Any], place: str, at: datetime, code: str = "") -> str:
    """Keep a draft for thirty days; the code to come back by. `code`: the one it was kept under before."""
    with transaction.atomic(), working_as("stile_signin"):
        slowed = throttle.too_many("keep-place", place, at=at)
    if slowed:
        raise Refused(WAIT)  # outside: what was counted stays counted
    with transaction.atomic(), working_as("stile_signin"):
        # Only somebody who could open it writes over it; else a guessed code could take another's draft away.
        again = code if code and saved.find(kind, code, at) is not None else ""
        try:
            return saved.keep(kind, draft, at, again)
        except ValueError:
            raise Refused(no("long", N_("That is too long to keep. Make it a little shorter."))) from None


def find(*, kind: str, code: str, place: str, at: datetime) -> dict[str, Any] | None:
    """What was kept under a code; None when there is nothing, or it is over. Raises Refused after many tries."""
    with transaction.atomic(), working_as("stile_signin"):
        slowed = throttle.too_many("saved-place", place, at=at)
    if slowed:
        raise Refused(WAIT)
    with transaction.atomic(), working_as("stile_signin"):
        return saved.find(kind, code, at)


def forget(*, code: str) -> None:
    with transaction.atomic(), working_as("stile_signin"):
        saved.forget(code)
