"""The page of docs/reference that tells what age, nation, competence and a change of mind do: from the rules."""

from collections.abc import Callable, Iterator

from stile.access.policy.slices import SLICES
from stile.people.rules import basis, competence, sharing, turning, withdrawal
from stile.people.rules.nations import RULES

Table = Callable[[list[str], Iterator[list[str]]], str]


def _plain(code: str) -> str:
    return code.replace("_", " ")


def young_people(table: Table) -> str:
    ages = table(
        ["asked", "nation", "age", "answer", "why", "source", "standing"],
        ([_plain(one.asked), ", ".join(one.nations), f"{one.low} to {one.high}" if one.high < 120 else f"{one.low} on",
          _plain(one.says), one.why, one.source, "sourced" if one.sourced else "**to be confirmed by the DPO**"]
         for one in RULES),
    )  # fmt: skip
    turns = table(
        ["when", "to look at"],
        (
            [f"{one.years} years" + (f", {one.months} months" if one.months else ""), one.ask]
            for one in turning.POINTS
        ),
    )
    prompts = "".join(f"- {words}\n" for words in competence.PROMPTS.values())
    parts = table(
        ["part", "in the words shown", "may go to"],
        ([_plain(part), sharing.IN_WORDS[part], ", ".join(sorted(_plain(one) for one in sharing.READERS[part]))]
         for part in sharing.Part),
    )  # fmt: skip
    slices = table(
        ["slice", "who", "while tied as", "and this yes stands", "fields", "why"],
        ([_plain(one.name), ", ".join(_plain(role) for role in one.roles), one.tie, _plain(one.permission),
          ", ".join(_plain(name) for name in one.fields), one.why] for one in SLICES),
    )  # fmt: skip
    grounds = table(
        ["purpose", "controller", "article 6", "article 9", "condition", "the young person's yes"],
        ([one.purpose, one.controller, one.article_6, one.article_9, one.condition, one.agreement]
         for one in basis.BASES),
    )  # fmt: skip
    minds = table(
        ["withdrawn", "stops at once", "kept", "told"],
        ([_plain(one.withdraws), one.stops, one.kept, one.told] for one in withdrawal.TABLE),
    )
    return (
        "# Rules about young people\n\nWhat the code goes by, row for row. Read [people.md](../people.md) first. All of it is a draft for the data protection"
        " officer of whoever deploys it; rows that rest on law nobody has looked up for us are marked.\n\n"
        f"## Age, nation by nation\n\n{ages}\nWhere an age is unknown, or may lie on both sides of a line, the most"
        f" careful row counts.\n\n## Birthdays\n\nEach raises something to look at; nothing changes by itself.\n\n{turns}"
        f"\n## What a note on understanding asks\n\n{prompts}\n## What may be shared, with whom\n\n{parts}"
        f"\n## What a reader sees\n\n{slices}\n## Grounds in data law\n\nAll to be confirmed by the data protection"
        f" officer.\n\n{grounds}\n## A change of mind\n\n{minds}"
    )
