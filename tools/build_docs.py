"""Write docs/reference from the code, or with --check fail when it is not what the code says."""

import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Made by `make docs` from the code. Change the code, not this page. -->\n\n"

# The hazards of the starter log that what is built so far controls; each must have a test named for it.
HAZARDS = {
    "H01": "The wrong person's record is used",
    "H02": "A message reaches a parent or abuser against somebody's wishes",
    "H08": "A stale or closed activity: somebody turns up to a locked door",
    "H09": "An unsafe adult or place: a check out of date, suspended or missing",
    "H10": "A wrong age, access or ability matched because a missing answer was read as fine",
    "H11": "Something about safeguarding reaches the wrong person",
    "H13": "Too much is shared with a charity or a school",
    "H15": "A change of mind is not honoured: cached copies, queued messages",
    "H18": "The same person is written down twice",
    "H21": "A help-now number that is wrong for the nation or out of date",
    "H22": "A birthday, a leaver or a hand-over drops somebody",
    "H23": "Competence or parental responsibility is wrongly assumed",
    "H24": "An activity that makes things worse: what somebody asked to stay away from",
    "H27": "A shared device shows the last person's answers",
    "H28": "Counts that give somebody away",
    "H29": "Young people reached through our data: no chat, no public profiles",
    "H31": "Help-now wording that sends an emergency to a slower line",
}


def table(heads: list[str], rows: Iterator[list[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def policy() -> str:
    import policy_page  # beside this file

    return policy_page.policy(table)


def young_people() -> str:
    import rules_page  # beside this file

    return rules_page.young_people(table)


def pages() -> str:
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(patterns: list[Any], prefix: str = "/") -> Iterator[list[str]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, prefix + str(one.pattern))
            elif isinstance(one, URLPattern):
                who, why = getattr(one.callback, "gate", ("nobody", ""))
                yield [f"`{prefix}{one.pattern}`", f"`{one.name}`", who, why]

    return "# Pages and who may open them\n\nEach in English, and in Welsh under `/cy/`.\n\n" + table(
        ["Address", "Name", "Open to", "Why"], walk(get_resolver().url_patterns)
    )


def command_line() -> str:
    import typer.main

    from stile.site.cli.main import app

    out = ["# The `stile` command\n"]

    def walk(command: Any, path: str) -> None:
        if getattr(command, "hidden", False):
            return
        if hasattr(command, "commands"):
            for name in sorted(command.commands):
                walk(command.commands[name], f"{path} {name}")
            return
        words = re.sub(r"\[/?[a-z ]+\]", "", (command.help or "").strip())
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        shape = " ".join(p.name.upper() if p.required else f"[{p.name.upper()}]" for p in arguments)
        out.append(f"## `{path}{' ' + shape if shape else ''}`\n\n{words}\n")
        options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
        if options:
            out.append(
                table(
                    ["Option", "Meaning"],
                    (
                        [
                            ", ".join(f"`{o}`" for o in p.opts + p.secondary_opts),
                            re.sub(r"\[/?[a-z ]+\]", "", p.help or ""),
                        ]
                        for p in options
                    ),
                )
            )

    walk(typer.main.get_command(app), "stile")
    return "\n".join(out)


def hazards() -> str:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in re.findall(r"def (test_(H\d\d)_\w+)", path.read_text(encoding="utf-8")):
            found.setdefault(name[1], []).append(f"`{name[0]}`")
    rows = ([code, words, "<br>".join(found.get(code, ["**no test**"]))] for code, words in HAZARDS.items())
    missing = [code for code in HAZARDS if code not in found]
    if missing:
        raise SystemExit(f"hazards without a test named for them: {', '.join(missing)}")
    return (
        "# Hazards and the tests of their controls\n\nThe starter log is a draft for a clinical safety officer; "
        "what is listed here is what the software built so far controls.\n\n"
        + table(["Hazard", "What could happen", "Tests"], rows)
    )


def imports() -> str:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one for one in contracts if one["type"] == "layers")["layers"]
    rest = [f"- {one['name']}" for one in contracts if one["type"] != "layers"]
    return (
        "# Which way imports run\n\nFrom the top down; a room may use those below it, never one above.\n\n"
        + "\n".join(f"{n}. `{layer}`" for n, layer in enumerate(layers, 1))
        + "\n\nBesides:\n\n"
        + "\n".join(rest)
        + "\n"
    )


def vocabulary() -> str:
    from stile.loop.directory.rules.vocabulary import FACTS, KINDS, TILE_NAMES

    kinds = table(["Kind", "Shown as", "Door"], ([f"`{k.slug}`", k.name, TILE_NAMES[k.tile]] for k in KINDS))
    facts = table(
        ["Fact", "Shown as", "Asked as", "People want"],
        ([f"`{f.slug}`", f.need, f.ask, "none of it" if f.avoid else "it"] for f in FACTS),
    )
    return f"# Kinds and facts\n\n## Kinds of activity\n\n{kinds}\n## Facts\n\nEach is yes, no or unknown.\n\n{facts}"


PAGES: dict[str, Callable[[], str]] = {
    "policy.md": policy, "pages.md": pages, "command-line.md": command_line, "hazards.md": hazards,
    "imports.md": imports, "vocabulary.md": vocabulary, "young-people.md": young_people,
}  # fmt: skip


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stile.site.settings")
    import django

    django.setup()
    wrong = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        path, text = REFERENCE / name, NOTE + make()
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            wrong.append(name)
    if wrong:
        print(f"docs/reference is not what the code says: {', '.join(wrong)}. Run `make docs`.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
