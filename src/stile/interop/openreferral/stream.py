"""JSON of any size, one element at a time, where one broken element does not take the others along.

A strict parser stops at the first fault and the rest of the file is lost. Here each element of a list
is parsed by itself; when that fails, its end is found by counting brackets, the element is reported
and reading goes on. Memory holds one element and one block, whatever the size of the file.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from stile.interop.source import MAX_FIELD
from stile.loop.directory.rules.records import Unreadable

BLOCK = 1 << 18  # characters read at a time
MAX_ELEMENT = 1 << 24  # characters of one element: 16 million; a full service has 25,000
MAX_DEPTH = 64  # of objects within objects; the standard needs 9
MAX_HEAD = 10_000  # properties looked at around a list

_SPACE = re.compile(r"[\s\x00]*")
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_QUOTE = re.compile(r'["\\]')
_PLAIN = re.compile(r'[^"\[\]{}]+')
_FIRST_ID = re.compile(r'\{\s*"id"\s*:\s*(?:"([^"\\]{1,500})"|(\d{1,18}))\s*,')
_MARGIN = 64  # characters: the longest token the parser may find cut short
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_BRACKET = re.compile(r"[\[\]{}]")
_UNSAFE = re.compile("[\x00\ud800-\udfff]")


class Broken(NamedTuple):
    """An element that could not be read, and why; `key` is the id it begins with, where it does."""

    reason: str
    key: str = ""


class Element(NamedTuple):
    path: str  # such as "$.contents[3]"
    value: Any  # parsed JSON, or Broken


def _fallback(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 are read as Windows wrote them, the commonest reason for them."""
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error("stile-windows", _fallback)


class Text:
    """The characters of a file, with a window to look ahead in."""

    def __init__(self, file: BinaryIO, name: str, on_bytes: Callable[[int], None] | None = None) -> None:
        self.file, self.name, self.on_bytes = file, name, on_bytes
        self.buffer, self.at, self.ended = "", 0, False
        head = file.read(4)
        encoding = "utf-8"
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            encoding = "utf-16"
        elif head[:3] == b"\xef\xbb\xbf":
            head = head[3:]
        elif head[1:2] == b"\0" and head[:1] != b"\0":
            encoding = "utf-16-le"
        self.decoder = codecs.getincrementaldecoder(encoding)(
            "stile-windows" if encoding == "utf-8" else "replace"
        )
        self.buffer = self.decoder.decode(head)

    def more(self) -> bool:
        """Read one more block into the window; False at the end of the file."""
        if self.ended:
            return False
        block = self.file.read(BLOCK)
        if self.on_bytes is not None:
            self.on_bytes(len(block))
        if not block:
            self.ended = True
        self.buffer = self.buffer[self.at :] + self.decoder.decode(block, final=self.ended)
        self.at = 0
        return not self.ended

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            found = _SPACE.match(self.buffer, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                return ""

    def take(self) -> str:
        char = self.peek()
        self.at += 1
        return char


def _constant(name: str) -> str:
    return name  # NaN and Infinity are no JSON: kept as words, which no number field accepts


def _finite(digits: str) -> float | str:
    read = float(digits)
    return read if -1e300 < read < 1e300 else digits


_decoder = json.JSONDecoder(parse_constant=_constant, parse_float=_finite)


def value(text: Text) -> Any:
    """The next JSON value, or Broken; the text then stands behind it. Unreadable if the file ends."""
    text.peek()
    while True:
        try:
            found, end = _decoder.raw_decode(text.buffer, text.at)
        except json.JSONDecodeError as error:
            # Only a fault at the very end of the window may be mended by reading on.
            cut = "Unterminated" in error.msg or error.pos >= len(text.buffer) - _MARGIN
            if text.ended or not cut:
                return _skip(text, str(error))
            available = len(text.buffer) - text.at
            if available > MAX_ELEMENT:
                return _skip(text, "too large")
            wanted = min(max(2 * available, BLOCK), MAX_ELEMENT + BLOCK)
            while len(text.buffer) - text.at < wanted and text.more():
                pass
            continue
        except RecursionError:
            return _skip(text, f"is nested more than {MAX_DEPTH} deep")
        except ValueError as error:  # a number with thousands of digits
            return _skip(text, str(error))
        if end == len(text.buffer) and not text.ended and not isinstance(found, dict | list | str):
            text.more()  # a number may go on in the next block
            continue
        start, text.at = text.at, end
        return found if _harmless(text.buffer[start:end]) else _checked(found)


def _skip(text: Text, reason: str) -> Broken:
    """Go behind the element at hand by counting its brackets; strings may hold any."""
    depth = size = 0
    first = text.peek()
    begins = _FIRST_ID.match(text.buffer, text.at)
    key = (begins[1] or begins[2]) if begins else ""
    while True:
        found = _TOKEN.match(text.buffer, text.at)
        if found is None:
            plain = _PLAIN.match(text.buffer, text.at)
            if plain is not None:
                if depth == 0 and first not in '"[{':
                    stop = re.search(r"[,\s]", plain.group())
                    if stop:
                        text.at += stop.start()
                        return Broken(_words(reason, size), key)
                text.at = plain.end()
                size += len(plain.group())
                continue
            if text.at < len(text.buffer):  # a string that goes on in the next block
                size += _string(text)
            elif not text.more():
                raise Unreadable(f"{text.name}: ends in the middle; it was cut short on its way.")
            if depth == 0 and first == '"':
                return Broken(_words(reason, size), key)
            continue
        token = found.group()
        if depth == 0 and token in ("]", "}") and first not in "[{":
            return Broken(_words(reason, size), key)
        text.at = found.end()
        size += len(token)
        if token in ("[", "{"):
            depth += 1
        elif token in ("]", "}"):
            depth -= 1
        if depth <= 0 and first in '"[{':
            return Broken(_words(reason, size), key)


def _string(text: Text) -> int:
    """Go behind a string that is longer than the window, holding no more than a block of it."""
    text.at += 1
    size = 1
    while True:
        while text.at < len(text.buffer):
            found = _QUOTE.search(text.buffer, text.at)
            if found is None:
                size += len(text.buffer) - text.at
                text.at = len(text.buffer)
            elif found.group() == '"':
                size += found.end() - text.at
                text.at = found.end()
                return size
            else:
                if found.end() >= len(text.buffer) and not text.ended:
                    size += found.start() - text.at
                    text.at = found.start()
                    break
                size += found.end() + 1 - text.at
                text.at = found.end() + 1
        if not text.more():
            raise Unreadable(f"{text.name}: ends in the middle; it was cut short on its way.")


def _words(reason: str, size: int) -> str:
    if size > MAX_ELEMENT or reason == "too large":
        return f"larger than {MAX_ELEMENT:,} characters ({size:,})"
    short = re.sub(r":? line \d+ column \d+ \(char \d+\)", "", reason)
    return f"is not valid JSON ({short})"


def _harmless(said: str) -> bool:
    """Whether the words of an element alone show that nothing in it is out of bounds; usually so."""
    if len(said) > MAX_FIELD or "\x00" in said or ("\\u" in said and _ESCAPED.search(said)):
        return False
    if said.count("[") + said.count("{") <= MAX_DEPTH:
        return True
    depth = deepest = 0
    for bracket in _BRACKET.findall(said):  # those inside strings count too: at worst we look twice
        if bracket in "[{":
            depth += 1
            if depth > deepest:
                deepest = depth
        else:
            depth -= 1
    return deepest <= MAX_DEPTH


def _checked(found: Any) -> Any:
    """The value with what no database can hold taken out of it; Broken where it is out of bounds."""
    try:
        return _clean(found, 0)
    except ValueError as error:
        key = found.get("id") if isinstance(found, dict) else None
        return Broken(str(error), key if isinstance(key, str) and len(key) < 500 else "")


def _clean(found: Any, depth: int) -> Any:
    if isinstance(found, str):
        if len(found) > MAX_FIELD:
            raise ValueError(f"holds a text of {len(found):,} characters; the limit is {MAX_FIELD:,}")
        return _UNSAFE.sub("\ufffd", found) if _UNSAFE.search(found) else found
    if depth > MAX_DEPTH:
        raise ValueError(f"is nested more than {MAX_DEPTH} deep")
    if isinstance(found, dict):
        return {_clean(name, depth): _clean(one, depth + 1) for name, one in found.items()}
    if isinstance(found, list):
        return [_clean(one, depth + 1) for one in found]
    return found


def elements(text: Text, path: str) -> Iterator[Element]:
    """The elements of the list at hand; the text then stands behind it."""
    text.take()
    number = 0
    while True:
        char = text.peek()
        if char == "]":
            text.take()
            return
        if char == "":
            raise Unreadable(f"{text.name}: ends in the middle, at {path}[{number}].")
        if char == ",":
            text.take()
            continue
        if char in "}:":
            raise Unreadable(f"{text.name}: is not valid JSON at {path}[{number}].")
        yield Element(f"{path}[{number}]", value(text))
        number += 1
