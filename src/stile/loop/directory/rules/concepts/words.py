"""Cutting text into words that can be looked up: capitals, accents, apostrophes and hyphens set aside.

Punctuation that ends a thought is kept as a word of its own, because turning something down ("not
football, ...") must know where to stop. Emoji are words too.
"""

import re
import unicodedata

BREAKS = frozenset(".,;:!?()/\n…|")
_WORD = re.compile(
    r"\d+:\d+"  # 1:1, 19:30
    r"|£?[^\W_]+(?:['’ʼ`´][^\W_]+)*(?:&[^\W_]+)*"  # don't, dwi'n, d&d, £5
    r"|[.,;:!?()/\n…|]"
    r"|(?![\U0001F3FB-\U0001F3FF])[\u2190-\u2bff\U0001F000-\U0001FAFF]"  # emoji, without skin tones
)
_APOSTROPHES = re.compile("['’ʼ`´]")
_CLITICS = frozenset(("n", "r", "u", "w", "i", "th", "ch"))  # Welsh: dwi'n, o'r, a'u, i'w


def folded(word: str) -> str:
    """One word as it is looked up: lower case, bare letters ("Pêl" -> "pel", "Don't" -> "dont")."""
    word = word.lower()
    if "'" in word or not word.isascii():
        parts = _APOSTROPHES.split(word)
        if len(parts) == 2 and parts[1] in _CLITICS:
            parts.pop()
        word = "".join(parts)
        if not word.isascii():
            bare = unicodedata.normalize("NFKD", word)
            word = "".join(c for c in bare if not unicodedata.combining(c)) or word
    return word


def words(text: str) -> list[str]:
    """The folded words and breaks of `text`, in order."""
    found: list[str] = _WORD.findall(text)
    if text.isascii() and "'" not in text and "`" not in text:
        return [word.lower() for word in found]
    return [folded(word) for word in found]


def words_and_spans(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The same, with where each stands in `text` as (start, end) positions."""
    spans = [match.span() for match in _WORD.finditer(text)]
    return [folded(text[start:end]) for start, end in spans], spans
