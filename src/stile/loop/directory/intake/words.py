"""What Stile reads in a service's own words when it is taken in: kinds, facts, languages, price."""

import json
from typing import Any

from stile.kernel.answer import Answer
from stile.loop.directory.rules.concepts.describing import classify, stated
from stile.loop.directory.rules.entry import Entry
from stile.loop.directory.rules.languages import codes_of


def read_words(given: dict[str, Any], made: Entry) -> tuple[list[str], str, list[str], int | None]:
    """(kinds, facts as JSON, language codes, least price in pence), in the order of the columns.

    Kinds are read only where the source gives none. A price it gives goes before "it's free" in prose.
    """
    text = given["description"]
    kinds: list[str] = []
    if not given["kinds"]:
        names = (given["alternate_name"], *(term.name for term in made.terms))
        kinds = list(classify(given["name"], text, [name for name in names if name]))
    if given["welcome"] != "{}":
        text = "\n".join([text, *json.loads(given["welcome"]).values()])
    said = stated(text)
    facts = {slug: answer.value for slug, answer in said.facts.items() if answer is not Answer.UNKNOWN}
    price = made.price
    if price is None and said.free is Answer.YES:
        price = 0
    return kinds, json.dumps(facts, sort_keys=True), list(codes_of(given["languages"])), price
