"""Word vectors as 32 bytes: the same everywhere, and the same as the package's own."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stile.loop.match import meaning as module
from stile.loop.match.meaning import DIMENSIONS, Meaning, NoVectors, closeness, meaning
from stile.loop.match.rules import closeness as rules

TEXTS = ["guinea pigs and drawing", "spend time with rabbits at our rescue", "debt advice", "pêl-droed", "🐹"]


def test_shape_and_emptiness() -> None:
    rows = meaning().embed([*TEXTS, "", "   "])
    assert rows.shape == (len(TEXTS) + 2, rules.MEANING_BYTES)
    assert rows.dtype == np.uint8
    assert rows[: len(TEXTS)].any(axis=1).all()
    assert not rows[len(TEXTS)].any()
    assert meaning().embed([]).shape == (0, rules.MEANING_BYTES)


def test_one_text_means_the_same_alone_and_among_others() -> None:
    rows = meaning().embed(TEXTS)
    assert [meaning().of(text) for text in TEXTS] == [row.tobytes() for row in rows]


def test_the_vectors_are_the_packages_own() -> None:
    """In a process of its own, since the package brings much with it."""
    script = (
        "import sys, numpy as np, wordllama; from pathlib import Path\n"
        "w = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)\n"
        "sys.stdout.write(' '.join(map(repr, w.embed(['guinea pigs and drawing'])[0].tolist())))"
    )
    theirs = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    ours = meaning().vectors(["guinea pigs and drawing"])[0]
    assert np.array_equal(ours, np.array([float(value) for value in theirs.split()], dtype=np.float32))


def test_bytes_are_the_same_in_another_process() -> None:
    script = (
        "from stile.loop.match.meaning import meaning; print(meaning().of('guinea pigs and drawing').hex())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert other.strip() == meaning().of("guinea pigs and drawing").hex()


def test_likeness_ranks() -> None:
    rows = meaning().embed(["spend time with rabbits and guinea pigs", "debt and housing advice"])
    near, far = closeness(meaning().of("i love small animals like guinea pigs"), rows)
    assert near > far


@settings(max_examples=50)
@given(
    st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=8), st.binary(min_size=32, max_size=32)
)
def test_closeness_of_many_is_the_rule_of_one(rows: list[bytes], ours: bytes) -> None:
    array = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(-1, 32)
    assert closeness(ours, array).tolist() == [rules.closeness(ours, row) for row in rows]


def test_no_words_are_close_to_nothing() -> None:
    rows = meaning().embed(TEXTS)
    assert closeness(bytes(32), rows).tolist() == [0] * len(TEXTS)
    assert closeness(meaning().of("art"), np.zeros((2, 32), dtype=np.uint8)).tolist() == [0, 0]


def test_wrong_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        closeness(b"abc", np.zeros((1, 32), dtype=np.uint8))


def test_missing_or_strange_files_are_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_folder", lambda: tmp_path)
    with pytest.raises(NoVectors, match="cannot be read"):
        Meaning.load()
    weights = tmp_path / "weights"
    weights.mkdir()
    head = b'{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}'
    (weights / "l2_supercat_256.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + bytes(16))
    with pytest.raises(NoVectors, match="not the table"):
        Meaning.load()
    assert DIMENSIONS == 256
