"""Where is that? Reads of places: the database where a directory is loaded, else the packaged data."""

from stile.places import gazetteer
from stile.places.rules import NotFound, Place


def locate(text: str) -> Place | NotFound:
    """The place `text` names (postcode, part of one, town, council's area), or why there is none.

    Needs no database. Never guesses: `precision` and `radius_km` say how sure the place is, and a
    `NotFound` carries the nearest spellings, each of which can be looked up as it stands.
    """
    return gazetteer.locate(text)
