"""Young people's pages are easy to read: grade 6 at most, no long sentence, none of the trade's words.

What is measured is the English that the templates and rules hand to the catalogue, page by page.
"""

import ast
import re
from pathlib import Path

import pytest

from .demo.reading_age import grade, sentences, words

STILE = Path(__file__).parents[2] / "src" / "stile"
# Pages for workers and about the machinery; everything else a young person may come to.
FOR_OTHERS = {"desk.html", "desk_rows.html", "gallery.html", "staff_base.html", "about_data.html"}
TEMPLATES = sorted(
    path
    for folder in ("loop/match/templates", "loop/directory/templates", "site/templates", "ui/templates")
    for path in (STILE / folder).rglob("*.html")
    if path.name not in FOR_OTHERS and "gallery" not in path.parts
)
RULES = [
    STILE / "loop/match/forms.py",
    STILE / "loop/match/views.py",
    STILE / "loop/match/rules/cards.py",
    STILE / "loop/match/rules/reasons.py",
    STILE / "loop/match/rules/relax.py",
    STILE / "loop/directory/forms.py",
    STILE / "loop/directory/rules/activity.py",
    STILE / "loop/directory/rules/feedback.py",
    STILE / "loop/directory/rules/vocabulary.py",
    STILE / "interop/card/api.py",
]
BANNED = re.compile(
    r"\b(should|referral|intervention|service users?|disorders?|rejected|discharged|DNA|hard to reach"
    r"|mental health|non-attendance)\b",
    re.IGNORECASE,
)
HIGHEST_GRADE, LONGEST_SENTENCE = 6.0, 20
SHORTEST = 8  # words a page says before its grade means anything


def of_template(path: Path) -> list[str]:
    """The strings a template shows, with each value in them read as one short word."""
    source = re.sub(r"{% comment.*?endcomment %}", "", path.read_text(), flags=re.DOTALL)
    found = [said for _, said in re.findall(r"""{% translate (["'])(.+?)\1""", source)]
    for block in re.findall(r"{% blocktranslate.*?%}(.*?){% endblocktranslate %}", source, flags=re.DOTALL):
        found += re.split(r"{% plural %}", block)
    return [re.sub(r"{{.*?}}", "it", one).strip() for one in found]


def of_rules(path: Path) -> list[str]:
    """The strings a module marks for translation."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("N_", "Nn_", "_", "gettext"):
            found += [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
    return [re.sub(r"%\(\w+\)s", "it", one) for one in found]


TEXTS = {path.relative_to(STILE).as_posix(): of_template(path) for path in TEMPLATES}
TEXTS |= {path.relative_to(STILE).as_posix(): of_rules(path) for path in RULES}


def whole(strings: list[str]) -> str:
    """As a text: what ends in no stop is a label or a heading, and ends there."""
    return "\n".join(one if one[-1:] in ".?!" else f"{one}." for one in strings if words(one))


def test_there_is_something_to_read() -> None:
    assert len(TEXTS) >= 25
    assert sum(len(strings) for strings in TEXTS.values()) >= 400


def test_all_of_it_together_is_for_an_eleven_year_old() -> None:
    assert grade(whole([one for strings in TEXTS.values() for one in strings])) <= HIGHEST_GRADE


@pytest.mark.parametrize(
    "name", [name for name, said in TEXTS.items() if len(words(whole(said))) >= SHORTEST]
)
def test_no_page_is_harder(name: str) -> None:
    assert grade(whole(TEXTS[name])) <= HIGHEST_GRADE


def test_no_sentence_is_long() -> None:
    long = [
        (name, said)
        for name, strings in TEXTS.items()
        for one in strings
        for said in sentences(one)
        if len(words(said)) > LONGEST_SENTENCE
    ]
    assert long == []


def test_the_trades_words_stay_away() -> None:
    """ "Mental health" stands on the help-now page alone, where it is the name of what one rings."""
    found = [
        (name, one)
        for name, strings in TEXTS.items()
        for one in strings
        if BANNED.search(re.sub("mental health", "", one, flags=re.IGNORECASE) if "help_now" in name else one)
    ]
    assert found == []


def test_a_hard_text_would_be_found() -> None:
    hard = "Referral criteria necessitate comprehensive assessment prior to intervention."
    assert grade(hard) > HIGHEST_GRADE
    assert BANNED.search(hard)
