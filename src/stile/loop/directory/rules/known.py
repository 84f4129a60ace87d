"""Putting what several have said together, without turning "nobody said" into an answer (H10)."""

from collections.abc import Mapping

from stile.kernel.answer import Answer

from .vocabulary import FACT_BY_SLUG

_ANSWERS = {"yes": Answer.YES, "no": Answer.NO}


def answers(told: Mapping[str, str]) -> dict[str, Answer]:
    """The stored form, {"quiet": "yes"}, as answers; anything else is unknown, and so absent."""
    return {slug: _ANSWERS[said] for slug, said in told.items() if said in _ANSWERS}


def together(
    service: Mapping[str, str], read: Mapping[str, str], place: Mapping[str, str]
) -> dict[str, Answer]:
    """What is known of a service at one of its places. Absent means unknown.

    What the service says itself goes before what was read in its prose. Where service and place
    disagree the answer that asks for more care holds: a step on the way makes it not step-free,
    and one loud thing makes it loud.
    """
    known = answers(read) if read else {}
    if service:
        known.update(answers(service))
    for slug, answer in answers(place).items():
        said = known.get(slug)
        if said is not None and said is not answer:
            fact = FACT_BY_SLUG.get(slug)
            answer = Answer.YES if fact is not None and fact.avoid else Answer.NO
        known[slug] = answer
    return known
