"""Reading a slip of the fingers as the word that was meant, and leaving real words alone.

Short words must be typed as they are. A longer one is read as a word of the lexicon when it is one
letter away (left out, put in, wrong, or two changed about), or when it sounds the same and is nearly as
long (skatbording, jimnastics). Two words equally near mean neither. A real English word is never
changed: those that look like a slip are listed in `lexicon/real_words.txt`, which is made from a
pronouncing dictionary by `python -m bench.understanding real-words`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from stile.loop.directory.rules.concepts.lexicon import correctable, real_words

SHORTEST = 5  # letters typed: at four, one wrong letter is most often another word
_LONGEST = 24
_BY_SOUND = 7  # from this length a word that sounds alike may be two letters off, from 10 three
_SOUNDS = (("ph", "f"), ("ck", "k"), ("qu", "kw"), ("x", "ks"), ("gh", "g"))
_LETTERS = str.maketrans(
    {"c": "k", "q": "k", "z": "s", "j": "g", "y": None, "h": None, "w": None} | dict.fromkeys("aeiou")
)


def sounded(word: str) -> str:
    """The consonants one hears: photography and photagraphy, gymnastics and jimnastics are alike."""
    for old, new in _SOUNDS:
        word = word.replace(old, new)
    first = "" if word[:1] not in "aeiou" else "a"
    bare = word.translate(_LETTERS)
    return first + "".join(sign for at, sign in enumerate(bare) if at == 0 or sign != bare[at - 1])


Ends = dict[tuple[str, int], tuple[str, ...]]  # (first or last three letters, length) -> words


@dataclass(frozen=True, slots=True)
class Speller:
    """Words worth mending to, found by how they begin, how they end, and how they sound.

    One slip leaves the first or the last three letters of a word as they were, but for two letters
    changed about in the very middle of a short one, which is let go.
    """

    starts: Ends
    ends: Ends
    sounds: dict[str, tuple[str, ...]]
    real: frozenset[str]

    def meant(self, word: str) -> str | None:
        """The lexicon's word that `word` stands for, or None. `word` itself is not in the lexicon."""
        if not SHORTEST <= len(word) <= _LONGEST or word in self.real or not word.isalpha():
            return None
        return self.nearest(word)

    def nearest(self, word: str) -> str | None:
        """The same without the guard of real words."""
        near: set[str] = set()
        for length in (len(word) - 1, len(word), len(word) + 1):
            for others in (self.starts.get((word[:3], length)), self.ends.get((word[-3:], length))):
                if others is not None:
                    close = extract(word, others, scorer=OSA.distance, score_cutoff=1, limit=6)
                    near.update(other for other, _, _ in close)
        best = _one(near, word)
        if best is None and len(word) >= _BY_SOUND:
            far = 3 if len(word) >= 10 else 2
            alike = self.sounds.get(sounded(word), ())
            best = _one(
                {other for other in alike if OSA.distance(word, other, score_cutoff=far) <= far}, word
            )
        return best


def _one(found: set[str], word: str) -> str | None:
    """The only one; or of a word and its own forms the likeliest (same ending, then the shorter)."""
    if len(found) <= 1:
        return next(iter(found), None)
    ranked = sorted(found, key=lambda other: (other[-1] != word[-1], len(other), other))
    stem = min(found, key=len)[:-1]
    return ranked[0] if all(other.startswith(stem) for other in found) else None


def _gathered(pairs: Iterable[tuple[tuple[str, int], str]]) -> Ends:
    gathered: dict[tuple[str, int], list[str]] = {}
    for key, name in pairs:
        gathered.setdefault(key, []).append(name)
    return {key: tuple(found) for key, found in gathered.items()}


@cache
def speller(language: str) -> Speller:
    """The speller for text in `language`; built the first time it is wanted."""
    names = sorted(correctable("en") if language == "en" else correctable("en") | correctable("cy"))
    sounds: dict[str, tuple[str, ...]] = {}
    for name in names:
        if len(name) >= _BY_SOUND and len(key := sounded(name)) >= 3:
            sounds[key] = (*sounds.get(key, ()), name)
    return Speller(
        _gathered(((name[:3], len(name)), name) for name in names),
        _gathered(((name[-3:], len(name)), name) for name in names),
        sounds,
        real_words(),
    )
