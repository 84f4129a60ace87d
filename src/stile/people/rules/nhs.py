"""Whether an NHS number can be one: ten digits, the check digit, a range that is given out.

A number that passes may still be somebody else's: it is never relied on alone (H01).
"""

import nhs_number

from stile.kernel.decision import YES, Decision, no
from stile.kernel.words import N_

_GIVEN_OUT = ("ENGLAND_WALES_IOM", "SCOTLAND", "NORTHERN_IRELAND")


def canonical(text: str) -> str:
    """Ten digits without spaces or dashes; "" for anything else."""
    return nhs_number.standardise_format(text) or ""


def check(text: str, *, demo: bool = False) -> Decision:
    """Whether it may be kept. Test numbers (9...) only where everybody is made up."""
    digits = canonical(text)
    if not digits:
        return no("shape", N_("An NHS number has ten digits, like 943 476 5919."))
    if not nhs_number.is_valid(digits):
        return no("check digit", N_("One of the digits is not right. Look at it again."))
    regions = (*_GIVEN_OUT, "SYNTHETIC") if demo else _GIVEN_OUT
    if any(_within(int(digits), region) for region in regions):
        return YES
    return no("range", N_("No such number has been given to anybody. Look at it again."))


def _within(number: int, region: str) -> bool:
    return any(one.start <= number <= one.end for one in nhs_number.REGIONS[region].ranges)
