"""What counts as wished for and not found."""

from stile.loop.directory.rules.vocabulary import KINDS

from .wish import Shortlist, Wish

MOST_KINDS = 5  # a tile stands for a dozen kinds: nobody missed each of them


def unmet_kinds(wish: Wish, shortlist: Shortlist) -> list[str]:
    """The kinds asked for of which nothing could be shown, in the vocabulary's order.

    Only what they named or chose counts, and only when it is few enough to mean something.
    """
    asked = shortlist.wanted or wish.kinds
    found = {one.kind for one in shortlist.suggestions if not one.outside}
    missing = [kind.slug for kind in KINDS if kind.slug in asked and kind.slug not in found]
    return missing if len(missing) <= MOST_KINDS else []
