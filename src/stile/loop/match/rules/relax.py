"""Never empty-handed: what to let go of, in order, and how many more that would bring.

Only the bending sieves are here; what keeps a young person safe is never on offer. The counts are of
rows (a service at a place) that this one thing alone keeps out, from the same pass that found the rest.
"""

from stile.kernel.said import Nn_, Said, say, say_many
from stile.kernel.words import N_

from .asked import Asked
from .found import Found
from .sieve import SIEVES, Bit
from .wish import Relax

_CODE = {sieve.bit: sieve.code for sieve in SIEVES}

# In the order in which people part with things most easily (experience.md A3: day, area, online).
WORDS: tuple[tuple[str, Bit, tuple[str, str]], ...] = (
    ("another_day", Bit.TIME, Nn_("any day, any time: %(n)s more", "any day, any time: %(n)s more")),
    ("further", Bit.FAR, Nn_("up to %(km)s km away: %(n)s more", "up to %(km)s km away: %(n)s more")),
    ("online", Bit.ONLINE_ONLY, Nn_("online too: %(n)s more", "online too: %(n)s more")),
    ("price", Bit.PRICE, Nn_("whatever it costs: %(n)s more", "whatever it costs: %(n)s more")),
    (
        "parent_form",
        Bit.FORM,
        Nn_(
            "with a form from a parent or carer: %(n)s more", "with a form from a parent or carer: %(n)s more"
        ),
    ),
    ("language", Bit.LANGUAGE, Nn_("in any language: %(n)s more", "in any language: %(n)s more")),
    ("any_kind", Bit.KIND, Nn_("anything at all: %(n)s more", "anything at all: %(n)s more")),
)


def relaxations(found: Found, asked: Asked, shown: int) -> tuple[Relax, ...]:
    """Ways on, when fewer were shown than asked for; at least one, whatever was asked."""
    if shown >= asked.wish.first:
        return ()
    ways = []
    for code, bit, words in WORDS:
        more = found.alone.get(_CODE[bit], 0)
        if more:
            change = _change(code, asked)
            ways.append(Relax(code, say_many(words, more, km=_km(further_km(asked))), more, change))
    if not shown:
        ways.extend(_lead_on(asked))
    return tuple(ways)


def _change(code: str, asked: Asked) -> dict[str, object]:
    changes: dict[str, dict[str, object]] = {
        "another_day": {"days": frozenset(), "parts": frozenset(), "on_or_after": None, "on_or_before": None},
        "further": {"km": further_km(asked)},
        "online": {"online": True},
        "price": {"budget_pence": None},
        "parent_form": {"no_parent_form": False},
        "language": {"language": ""},
        "any_kind": {"words": "", "kinds": frozenset()},
    }
    return changes[code]


def further_km(asked: Asked) -> float:
    """What they would have to go to reach the ring; how unsure the place is comes on top again."""
    sure = asked.wish.near.sure_km if asked.wish.near else 0.0
    return (asked.ring_m - max(0, round(sure * 1000))) / 1000


def _km(km: float) -> str:
    return f"{km:.1f}".removesuffix(".0")


def _lead_on(asked: Asked) -> list[Relax]:
    """Words that lead on where nothing at all was found: never a dead end."""
    ways: list[tuple[str, Said, dict[str, object]]] = []
    if asked.lat is not None:
        ways.append(("anywhere", say(N_("look anywhere, not only nearby")), {"near": None, "km": None}))
    ways.append(("person", say(N_("talk to a person: someone can look with you")), {}))
    return [Relax(code, words, 0, change) for code, words, change in ways]
