"""The meaning of a text as 32 bytes: word vectors that ship in a wheel, read with nothing downloaded.

wordllama's wheel carries one vector of 256 numbers for each of 32,000 word pieces; the meaning of a text
is the mean of its pieces'. We read its two files ourselves: the vectors come out the same to the last
bit, and the package's own loader costs three times the memory and the time (docs/reference/
understanding.md). Only the signs are kept, one bit each: 32 bytes a row, so that a million rows are
32 MB, and two texts are compared by counting equal bits.

A soft feature under the lexicon: it ranks, it is not confidence, and it is never shown as a number.
"""

import importlib.util
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from stile.loop.match.rules.closeness import BY_CHANCE, MEANING_BYTES, MOST

Floats = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint8]

DIMENSIONS = MEANING_BYTES * 8
_WEIGHTS = "weights/l2_supercat_256.safetensors"
_PIECES = "tokenizers/l2_supercat_tokenizer_config.json"
_LONGEST = 2000  # characters read of one text: a description says what it is at its beginning
_BATCH = 4096


class NoVectors(Exception):
    """The word vectors are not installed, or not as we know them; the words say which file."""


class Meaning:
    """Word vectors, ready to use. Pure after loading: the same text gives the same bytes, everywhere."""

    def __init__(self, pieces: Tokenizer, vectors: npt.NDArray[np.float16]) -> None:
        self._pieces, self._vectors = pieces, vectors

    @classmethod
    def load(cls) -> "Meaning":
        """Opens the installed files; NoVectors when they are missing. The vectors are mapped, not read."""
        folder = _folder()
        vectors = _mapped(folder / _WEIGHTS)
        pieces = folder / _PIECES
        if not pieces.is_file():
            raise NoVectors(f"wordllama is installed without {_PIECES}")
        tokenizer = Tokenizer.from_file(str(pieces))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(tokenizer, vectors)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """The mean vector of each text, shape (n, 256); zeros for a text with no words."""
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for at, encoded in enumerate(
            self._pieces.encode_batch_fast([text[:_LONGEST] for text in texts], add_special_tokens=False)
        ):
            if encoded.ids:
                out[at] = self._vectors[encoded.ids].mean(axis=0, dtype=np.float32)
        return out

    def embed(self, texts: Sequence[str]) -> Bits:
        """n texts to n rows of 32 bytes, shape (n, 32); a text with no words is 32 zero bytes."""
        out = np.zeros((len(texts), MEANING_BYTES), dtype=np.uint8)
        for start in range(0, len(texts), _BATCH):
            vectors = self.vectors(texts[start : start + _BATCH])
            spoken = vectors.any(axis=1)
            rows = out[start : start + _BATCH]
            rows[spoken] = np.packbits(vectors[spoken] > 0, axis=1)
        return out

    def of(self, text: str) -> bytes:
        """The 32 bytes of one text."""
        return bytes(self.embed([text])[0])


def closeness(ours: bytes, rows: Bits) -> npt.NDArray[np.uint8]:
    """Points 0 to 24 of each of n rows (n, 32) to one meaning: `rules.closeness`, all at once."""
    if len(ours) != MEANING_BYTES or rows.shape[1:] != (MEANING_BYTES,):
        raise ValueError("a meaning is 32 bytes")
    mine = np.frombuffer(ours, dtype=np.uint64)
    theirs = np.ascontiguousarray(rows).view(np.uint64)
    agreeing = DIMENSIONS - np.bitwise_count(theirs ^ mine).sum(axis=1, dtype=np.int16)
    points = np.clip((agreeing - BY_CHANCE) // 2, 0, MOST)
    points[~theirs.any(axis=1)] = 0
    if not mine.any():
        points[:] = 0
    out: npt.NDArray[np.uint8] = points.astype(np.uint8)
    return out


@cache
def meaning() -> Meaning:
    """The one `Meaning` of this process."""
    return Meaning.load()


def _folder() -> Path:
    spec = importlib.util.find_spec("wordllama")  # finds it without running it
    if spec is None or spec.origin is None:
        raise NoVectors("wordllama is not installed")
    return Path(spec.origin).parent


def _mapped(path: Path) -> npt.NDArray[np.float16]:
    """The one table of a safetensors file (8 bytes of length, a JSON head, then the numbers), mapped."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            head = json.loads(file.read(length))
    except (OSError, ValueError) as wrong:
        raise NoVectors(f"wordllama's {_WEIGHTS} cannot be read: {wrong}") from wrong
    tables = [table for name, table in head.items() if name != "__metadata__"]
    if len(tables) != 1 or tables[0]["dtype"] != "F16" or tables[0]["shape"][1:] != [DIMENSIONS]:
        raise NoVectors(f"wordllama's {_WEIGHTS} is not the table of 256 half-precision numbers we know")
    table = tables[0]
    start, shape = 8 + length + table["data_offsets"][0], tuple(table["shape"])
    return np.memmap(path, dtype="<f2", mode="r", offset=start, shape=shape)
