"""From a phrase as the lexicon writes it to every form it is met in.

`(a|b)` gives either, `(a|)` gives a or nothing, `draw~` gives a verb's forms; plurals, joined words and
the long and short of "don't" come by themselves, and Welsh words with their changed first letters.
"""

import re
from collections.abc import Iterator
from itertools import product

from stile.loop.directory.rules.concepts.words import BREAKS, words

_CHOICE = re.compile(r"\(([^()]*)\)")
_VOWELS = "aeiou"
# What people type for the same thing; the lexicon writes the first of each.
_SAME: dict[str, tuple[str, ...]] = {
    "dont": ("do not",),
    "doesnt": ("does not",),
    "didnt": ("did not",),
    "cant": ("can not", "cannot"),
    "wont": ("will not",),
    "wouldnt": ("would not",),
    "isnt": ("is not",),
    "arent": ("are not",),
    "havent": ("have not",),
    "wanna": ("want to",),
    "gonna": ("going to",),
    "im": ("i am",),
    "someone": ("somebody", "some1"),
    "anyone": ("anybody",),
    "noone": ("no one",),
    "something": ("smth", "sumthing", "sumfin"),
}


def listed(text: str) -> Iterator[str]:
    """The phrases of a comma-parted list, each with its choices written out."""
    held = ""
    for piece in text.split(","):
        held = f"{held},{piece}" if held else piece
        if "(" not in held:
            if phrase := " ".join(held.split()):
                yield phrase
        elif held.count("(") == held.count(")"):
            yield from _chosen(held)
        else:
            continue  # the comma stands inside a choice
        held = ""


def _chosen(phrase: str) -> Iterator[str]:
    match = _CHOICE.search(phrase)
    if match is None:
        yield " ".join(phrase.split())
        return
    for choice in match.group(1).split("|"):
        yield from _chosen(phrase[: match.start()] + choice + phrase[match.end() :])


def verb(stem: str) -> list[str]:
    """`bake` -> bake, bakes, baking, bakin, baked; a short stem doubles its last letter (jog, jogging)."""
    root = stem
    if stem.endswith("e") and not stem.endswith(("ee", "oe", "ye")):
        root = stem[:-1]
    elif (
        len(stem) >= 3
        and stem[-1] not in _VOWELS + "wxy"
        and stem[-2] in _VOWELS
        and stem[-3] not in _VOWELS
        and sum(c in _VOWELS for c in stem) == 1
    ):
        root = stem + stem[-1]
    past = stem + "d" if stem.endswith("e") else root + "ed"
    if stem.endswith("y") and stem[-2] not in _VOWELS:
        past = stem[:-1] + "ied"
    return [stem, plural(stem), root + "ing", root + "in", past]


def plural(word: str) -> str:
    """The regular English plural (also a verb's third person)."""
    if word.endswith("y") and len(word) > 2 and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


def _may_be_plural(word: str) -> bool:
    return len(word) > 2 and word.isalpha() and word.isascii() and not word.endswith(("ing", "ed", "ly"))


_SOFT = (
    ("ll", "l"),
    ("rh", "r"),
    ("p", "b"),
    ("t", "d"),
    ("c", "g"),
    ("b", "f"),
    ("d", "dd"),
    ("g", ""),
    ("m", "f"),
)
_NASAL = (("p", "mh"), ("t", "nh"), ("c", "ngh"), ("b", "m"), ("d", "n"), ("g", "ng"))
_ASPIRATE = (("p", "ph"), ("t", "th"), ("c", "ch"))
_FIXED = ("ch", "dd", "ff", "ng", "ph", "th")  # one Welsh letter each, and they do not change


def mutated(word: str) -> list[str]:
    """A Welsh word with its first letter softened, made nasal or aspirate: cerdd -> gerdd, ngherdd, cherdd."""
    if word.startswith(_FIXED):
        return []
    made = []
    for table in (_SOFT, _NASAL, _ASPIRATE):
        for old, new in table:
            if word.startswith(old):
                made.append(new + word[len(old) :])
                break
    if word[:1] in "aeiouwy":
        made.append("h" + word)  # ei hanifail
    return made


def spelled(phrase: str, *, language: str) -> list[tuple[str, ...]]:
    """Every run of words that stands for `phrase`, which has no choices left in it.

    `language` en adds the plural of the last word, cy the changed first letters of the first; "" neither.
    """
    marked: list[tuple[str, bool]] = []
    for piece in phrase.split():
        if piece.isalnum() and piece.isascii():
            marked.append((piece, False))
        else:
            marked += [(word, "~" in piece) for word in words(piece.replace("~", "")) if word not in BREAKS]
    last = len(marked) - 1
    slots: list[list[str]] = []
    for at, (word, is_verb) in enumerate(marked):
        if is_verb:
            forms = verb(word)
        elif language == "en" and at == last and _may_be_plural(word):
            forms = [word, plural(word)]
        elif language == "cy" and at == 0 and len(word) > 2 and word.isalpha():
            forms = [word, *mutated(word)]
        else:
            forms = [word]
        if word in _SAME:
            forms.extend(_SAME[word])
        slots.append(forms)
    if len(slots) == 1:
        return [tuple(form.split()) if " " in form else (form,) for form in slots[0]]
    if len(slots) == 2:
        runs: list[tuple[str, ...]] = []
        for one in slots[0]:
            for two in slots[1]:
                runs.append(tuple(f"{one} {two}".split()))
                if len(one) >= 4 and len(two) >= 4 and one.isalpha() and two.isalpha():
                    runs.append((one + two,))
        return runs
    return [tuple(" ".join(run).split()) for run in product(*slots)]
