"""The match, beside the database, brute force and the memory's own speed.

All figures of one size come from one run on one machine: the same activities, the same wishes, one
client, warm. "ours" is everything from a `Wish` to the ranked lists with their counts, in process. All the
questions are asked several times over, of us and of the peers alike, and the least time of each counts:
other work on the machine can only add to it.
"""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numba
import numpy as np

from stile.loop.match.index.columns import ROW, Languages, no_meanings
from stile.loop.match.index.grid import lay
from stile.loop.match.index.search import Index, unlaid
from stile.loop.match.rules.asked import Asked, Heard, ask
from stile.loop.match.rules.found import Found
from stile.loop.match.rules.wish import Wish
from stile.site.demo import columns as demo

from . import peers
from .brute import Brute
from .report import Line, say, warn_if_busy
from .world import NOW, World, wishes, world

SIZES = (250_000, 1_000_000)
AIM_MB = 100.0
ROUNDS = 3
Question = tuple[Wish, Heard]
Asks, Answers = TypeVar("Asks"), TypeVar("Answers")


def run(sizes: Sequence[int] = SIZES, queries: int = 1_000) -> list[Line]:
    """Every size in turn. `queries` are asked of us; of slower peers as many as fit in about half a minute."""
    warn_if_busy()
    lines: list[Line] = []
    bandwidth = memory_bandwidth()
    say(f"Memory is read at {bandwidth / 1e9:.1f} GB/s by one core.")
    for size in sizes:
        say(f"[bold]{size:,} activities[/bold]")
        lines += measure(size, queries, bandwidth)
    return lines


def measure(size: int, queries: int, bandwidth: float) -> list[Line]:
    made = world(size)
    started = time.perf_counter()
    index = index_of(made)
    say(f"  laid out in {time.perf_counter() - started:.2f} s, {index.nbytes / 1e6:.1f} MB")
    plain, spoken = list(wishes(queries, meanings=False)), list(wishes(queries))
    for wish, heard in plain[:50]:
        index.search(ask(wish, NOW, heard))
    ours, _ = timed(lambda one: index.search(ask(one[0], NOW, one[1])), plain)
    with_meaning, _ = timed(lambda one: index.search(ask(one[0], NOW, one[1])), spoken)
    limits = np.array([least_bytes(index, ask(wish, NOW, heard)) / bandwidth for wish, heard in plain])

    lines: list[Line] = []

    def compare(name: str, peer: np.ndarray[Any, Any], same: np.ndarray[Any, Any]) -> None:
        for work, share in (("match p50", 50), ("match p95", 95)):
            lines.append(
                Line(
                    work,
                    size,
                    float(np.percentile(same, share)) * 1e3,
                    float(np.percentile(peer, share)) * 1e3,
                    name,
                    "ms",
                    float(np.percentile(limits, share)) * 1e3,
                )
            )
        lines.append(
            Line("match", size, 1 / same.mean(), 1 / peer.mean(), name, "queries/s", 1 / limits.mean())
        )

    same, peer, right = against_brute(index, made, [*spoken[: queries // 10], *plain[: queries // 10]])
    compare("brute-force", peer, same)
    lines.append(Line("exact answers", size, right, len(peer), "brute-force", "queries", len(peer)))
    lines += against_postgres(index, made, plain, compare, size)
    compare("bytes-touched", limits, ours)
    lines.append(
        Line(
            "match with meaning p95",
            size,
            float(np.percentile(with_meaning, 95)) * 1e3,
            float(np.percentile(ours, 95)) * 1e3,
            "without meaning",
            "ms",
            float(np.percentile(limits, 95)) * 1e3,
        )
    )
    lines.append(
        Line("memory", size, index.nbytes / 1e6, AIM_MB * size / 1e6, "100 MB a million", "MB", AIM_MB)
    )
    return lines


def index_of(made: World) -> Index:
    languages = Languages()
    languages.number(("cy", "en"))
    return Index(lay(made.columns), unlaid(made.columns.take(np.zeros(0, "i8"))), languages, no_meanings)


def timed(
    search: Callable[[Asks], Answers], questions: Sequence[Asks]
) -> tuple[np.ndarray[Any, Any], list[Answers]]:
    """Least wall seconds of each, and the answers; the collector of Python's rubbish waits until it is over."""
    took = np.full(len(questions), np.inf)
    answers: list[Answers] = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            answers.clear()
            for at, one in enumerate(questions):
                started = time.perf_counter()
                answers.append(search(one))
                took[at] = min(took[at], time.perf_counter() - started)
    finally:
        gc.enable()
    return took, answers


def against_brute(
    index: Index, made: World, questions: Sequence[Question]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], int]:
    """Times of ours and of brute force over the same questions, and how many answers were the same in full."""
    brute = Brute(made.columns)
    same, answers = timed(lambda one: index.search(ask(one[0], NOW, one[1])), questions)
    peer, expected = timed(lambda one: brute.search(ask(one[0], NOW, one[1])), questions)
    right = sum(ours == theirs for ours, theirs in zip(answers, expected, strict=True))
    say(f"  exact: {right} of {len(questions)} answers the same as brute force, lists, scores and counts")
    return same, peer, right


def against_postgres(
    index: Index,
    made: World,
    questions: Sequence[Question],
    compare: Callable[[str, np.ndarray[Any, Any], np.ndarray[Any, Any]], None],
    size: int,
) -> list[Line]:
    lines = []
    said = demo.words().nouns
    with peers.server() as connection:
        variants = [("wide", "postgres-wide", False), ("narrow", "postgres-narrow", False)]
        if peers.has_postgis(connection):
            variants.insert(1, ("wide", "postgis-wide", True))
        loaded = ""
        for table, name, postgis in variants:
            if table != loaded:
                say(f"  filling {table} ...")
                peers.load(connection, table, made)
                loaded = table
            some = list(questions[: _enough(connection, table, questions, said, postgis)])
            asked = [ask(wish, NOW, heard) for wish, heard in some]
            queries = [
                peers.query(
                    one, table=table, words=_words(one, said) if table == "wide" else "", postgis=postgis
                )
                for one in asked
            ]
            same, _ = timed(lambda one: index.search(ask(one[0], NOW, one[1])), some)
            peer, rows = timed(lambda one: connection.execute(one[0], one[1] or None).fetchall(), queries)
            compare(name, peer, same)
            if table == "narrow":
                right = sum(_same(index.search(one), theirs) for one, theirs in zip(asked, rows, strict=True))
                say(f"  exact: {right} of {len(asked)} lists of twenty the same in PostgreSQL")
                lines.append(Line("exact answers", size, right, len(asked), name, "queries", len(asked)))
    return lines


def _same(found: Found, rows: Sequence[tuple[int, int]]) -> bool:
    ours = list(zip(found.fits.scores, found.fits.rows, strict=True))[:20]
    return ours == [(int(score), int(row)) for score, row in rows]


def _words(asked: Asked, nouns: Sequence[str]) -> str:
    """The names of the kinds wanted, any of them, as a text query."""
    from stile.loop.directory.rules.vocabulary import KINDS

    words = [
        word
        for n, kind in enumerate(KINDS)
        if kind.slug in asked.wanted | asked.hinted
        for word in nouns[n].split()
    ]
    return " | ".join("".join(sign for sign in word if sign.isalnum()) or "club" for word in words) or "club"


def _enough(
    connection: Any, table: str, questions: Sequence[Question], nouns: Sequence[str], postgis: bool
) -> int:
    """Warm up with some questions, and say how many can be asked in half a minute."""
    started = time.perf_counter()
    for wish, heard in questions[:30]:
        one = ask(wish, NOW, heard)
        sql, params = peers.query(
            one, table=table, words=_words(one, nouns) if table == "wide" else "", postgis=postgis
        )
        connection.execute(sql, params or None).fetchall()
    return max(60, min(len(questions), int(30 / ROUNDS / ((time.perf_counter() - started) / 30))))


def least_bytes(index: Index, asked: Asked) -> int:
    """What a search over these rows cannot do without reading: once, the columns that the wish is about."""
    rows = index.rows_read(asked) + (index.rows_read(asked, wide=True) if index.search(asked).wide else 0)
    return rows * sum(ROW[name].itemsize for name in _columns(asked))


def _columns(asked: Asked) -> Iterator[str]:
    """What decides whether a row fits; the rest is read of those rows only that may be shown."""
    yield from ("lat", "lon", "blur", "flags", "checked_on", "checks_until")
    if asked.age is not None:
        yield from ("youngest", "oldest")
    if asked.needs or asked.avoid or asked.harder:
        yield from ("yes", "no")
    if asked.slots:
        yield "slots"
    if asked.budget_pence is not None:
        yield "price"
    if asked.wanted or asked.refused:
        yield "kinds"


def memory_bandwidth() -> float:
    """Bytes a second that one core reads from memory, in order: the best of five passes over 256 MB."""

    @numba.njit(nogil=True)
    def total(words: np.ndarray[Any, Any]) -> int:
        found = 0
        for word in words:
            found += word
        return found

    words = np.ones(1 << 25, dtype=np.int64)
    total(words[:10])
    best = np.inf
    for _ in range(5):
        started = time.perf_counter()
        total(words)
        best = min(best, time.perf_counter() - started)
    return float(words.nbytes / best)
