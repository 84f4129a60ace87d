"""The least one has to pay to come once, where that is certain."""

import re
from collections.abc import Iterable

from .records import CostRecord

MOST_PENCE = 2**31 - 1

_FREE = re.compile(
    r"(?:it'?s |this is |all )?(?:completely |totally |always )?"
    r"(?:free|no (?:charge|cost|fee)s?|am ddim|rhad ac am ddim|nil|none)"
    r"(?: of charge| to (?:attend|join|everyone|all|use|come)| for (?:all|everyone)| entry| session)?[.!]?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?:only |just )?(?:£ ?(\d{1,4})(?:\.(\d{2}))?|(\d{1,2})p)"
    r"(?: ?(?:per|a|each|/) ?(?:session|class|week|visit|person|child|time|evening|lesson))?[.!]?",
    re.IGNORECASE,
)


def pence_in(text: str) -> int | None:
    """Pence when the whole of `text` is a price ("free", "£2.50 a session"); None for anything else."""
    said = " ".join(text.split())
    if len(said) > 80:
        return None
    if _FREE.fullmatch(said):
        return 0
    if match := _AMOUNT.fullmatch(said):
        pounds, pence, only_pence = match.groups()
        return int(only_pence) if only_pence else int(pounds) * 100 + int(pence or 0)
    return None


def price_pence(costs: Iterable[CostRecord], fees: str = "") -> int | None:
    """The smallest certain amount in pounds, in pence; None when nobody has said.

    `fees` is the source's line about money. Amounts in other currencies are not turned into pounds.
    """
    found: list[int] = []
    for cost in costs:
        if cost.amount_pence is not None:
            if cost.currency.upper() in ("", "GBP") and 0 <= cost.amount_pence <= MOST_PENCE:
                found.append(cost.amount_pence)
        else:
            found.extend(p for p in (pence_in(cost.text), pence_in(cost.option)) if p is not None)
    if not found:
        said = pence_in(fees)
        return said
    return min(found)
