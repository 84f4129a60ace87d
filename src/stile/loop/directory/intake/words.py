"""What Stile reads in a service's own words when it is taken in: kinds, facts, languages, price."""

from typing import Any

from stile.loop.directory.rules.entry import Entry
from stile.loop.directory.rules.languages import codes_of


def read_words(given: dict[str, Any], made: Entry) -> tuple[list[str], str, list[str], int | None]:
    """(kinds, facts as JSON, language codes, least price in pence), in the order of the columns."""
    kinds: list[str] = []
    facts = "{}"
    return kinds, facts, list(codes_of(given["languages"])), made.price
