"""Where a directory comes from: a file, a folder, a zip or an address on the web, opened with care.

Everything here was made by somebody else, so nothing is believed: sizes are counted while reading
and not taken from headers, archives are never unpacked to disk, names inside them cannot climb out,
and each failure is an `Unreadable` that names the file. The limits are generous for any directory
(the whole UK fits many times) and small enough that no source can fill a machine.
"""

import gzip
import io
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO
from urllib.parse import urlsplit

from stile.interop import web
from stile.loop.directory.rules.records import Unreadable

MAX_FIELD = 1_000_000  # characters in one field; the longest real description seen has 12,000
MAX_FILE = 4 * 1024**3  # bytes of one file once unpacked
MAX_TOTAL = 8 * 1024**3  # bytes of all files of an archive or folder, unpacked
MAX_MEMBERS = 5_000  # files in an archive or folder
MAX_RATIO = 200  # unpacked bytes for each packed one; prose and JSON stay under 60
RATIO_FLOOR = 64 * 1024**2  # below this many unpacked bytes any ratio is harmless
MAX_DEPTH = 8  # folders within folders
BEGINNING = 65_536  # bytes looked at to tell what a file is

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = ("[Content_Types].xml", "mimetype")  # a workbook is a zip too, but one file to its reader
_SKIPPED = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a source. `name` is its path inside the source, with `/`, for reports."""

    name: str
    size: int  # bytes as stored; a hint only
    opener: Callable[[], BinaryIO] = field(repr=False)
    path: Path | None = None  # where it lies on disk, when it does so unpacked

    @property
    def suffix(self) -> str:
        """The ending in lower case without a trailing ".gz": ".json", ".csv", ""."""
        name = self.name.lower().removesuffix(".gz")
        return os.path.splitext(name)[1]

    @property
    def stem(self) -> str:
        """The bare name in lower case: "csv/Services.csv" gives "services"."""
        return os.path.splitext(self.name.lower().removesuffix(".gz").rsplit("/", 1)[-1])[0]

    def open_bytes(self) -> BinaryIO:
        """The bytes, unpacked if gzipped, counted while read. Not seekable. Raises Unreadable."""
        with _named(self.name):
            raw = io.BufferedReader(_Counted(self.opener(), self.name))
            if raw.peek(2)[:2] != _GZIP:
                return raw
            packed = _Counted(raw, self.name)
            unpacked = gzip.GzipFile(fileobj=io.BufferedReader(packed))
            return io.BufferedReader(_Counted(unpacked, self.name, packed=packed))  # type: ignore[arg-type]

    def beginning(self, size: int = BEGINNING) -> bytes:
        with self.open_bytes() as file, _named(self.name):
            return file.read(size)

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """The same bytes in a temporary file one can seek in, for readers of workbooks."""
        with self.open_bytes() as file, tempfile.SpooledTemporaryFile(max_size=8 * 1024**2) as copy:
            while chunk := file.read(1 << 20):
                copy.write(chunk)
            copy.seek(0)
            yield copy


@dataclass(frozen=True, slots=True)
class Source:
    """What somebody asked to read. Exactly one of `path` and `url` is set."""

    address: str  # as it was typed, for messages and for knowing the source again
    path: Path | None = None
    url: str | None = None

    @classmethod
    def of(cls, address: "str | Path | Source") -> "Source":
        """From what a person typed. Raises Unreadable when there is nothing there we may read."""
        if isinstance(address, Source):
            return address
        typed = str(address).strip()
        scheme = typed.partition(":")[0].lower()
        if scheme in ("http", "https"):
            return cls(address=typed, url=web.checked(typed))
        if "://" in typed or scheme in ("file", "data", "javascript"):
            raise Unreadable(f"{typed}: only files on this machine and http or https addresses can be read.")
        path = Path(typed).expanduser()
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            raise Unreadable(f"{typed}: there is no file or folder of that name here.") from error
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise Unreadable(f"{typed}: this is neither a file nor a folder.")
        return cls(address=typed, path=path)

    @property
    def name(self) -> str:
        """Short, for messages: the file's own name, or the host and path of an address."""
        if self.path is not None:
            return self.path.name or str(self.path)
        parts = urlsplit(self.url or "")
        return f"{parts.hostname or ''}{parts.path}"

    @property
    def is_folder(self) -> bool:
        return self.path is not None and self.path.is_dir()

    @property
    def is_zip(self) -> bool:
        """A zip of files; a workbook (.xlsx, .ods), though packed as one, is not."""
        if self.path is None or self.is_folder or self.beginning(4) not in _ZIP:
            return False
        try:
            with zipfile.ZipFile(self.path) as archive:
                return not any(name in _OFFICE for name in archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Unreadable(f"{self.name}: this zip file is broken ({error}).") from error

    def file(self) -> Member:
        """This source as one file. Raises Unreadable for a folder or for an address on the web."""
        if self.path is None:
            raise Unreadable(f"{self.name}: fetch this address first.")
        if self.is_folder:
            raise Unreadable(f"{self.name}: this is a folder, not a file.")
        path = self.path
        return Member(self.name, path.stat().st_size, lambda: path.open("rb"), path)

    def members(self) -> list[Member]:
        """The files inside a folder or zip, in order of name; for a single file, that file."""
        if self.is_folder:
            return list(_folder(self.path))  # type: ignore[arg-type]
        if self.is_zip:
            return _zip(self.path, self.name)  # type: ignore[arg-type]
        return [self.file()]

    def open_bytes(self) -> BinaryIO:
        """The bytes of a single local file (see `Member.open_bytes`)."""
        return self.file().open_bytes()

    def beginning(self, size: int = BEGINNING) -> bytes:
        """The first bytes, to tell what this is. Of an address on the web, by one short request."""
        if self.url is not None:
            return web.beginning(self.url, size)
        return self.file().beginning(size)

    def fetched(self, folder: Path) -> "Source":
        """The same source on this machine: an address on the web is downloaded into `folder`."""
        if self.url is None:
            return self
        name = os.path.basename(urlsplit(self.url).path) or "download"
        target = folder / "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[-80:]
        web.download(self.url, target, limit=MAX_FILE)
        return Source(address=self.address, path=target)


def check_zip(file: str | Path | IO[bytes], name: str) -> None:
    """Refuse an archive (a workbook, say) that would swell beyond the limits. Raises Unreadable."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive, name)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(f"{name}: this file is broken ({error}).") from error


def _check(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise Unreadable(f"{name}: holds {len(infos):,} files; the limit is {MAX_MEMBERS:,}.")
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL:
        raise Unreadable(f"{name}: would unpack to {total:,} bytes; the limit is {MAX_TOTAL:,}.")
    packed = max(1, sum(info.compress_size for info in infos))
    stored = os.fstat(archive.fp.fileno()).st_size if _has_descriptor(archive.fp) else packed  # type: ignore[union-attr,arg-type]
    # Overlapping entries can each claim the same packed bytes, so the file's own size counts too.
    if total > RATIO_FLOOR and total / min(packed, max(1, stored)) > MAX_RATIO:
        raise Unreadable(f"{name}: unpacks to over {MAX_RATIO} times its size, as only a trap does.")
    for info in infos:
        climbs = info.filename.startswith(("/", "\\")) or ":" in info.filename[:3]
        if climbs or ".." in info.filename.replace("\\", "/").split("/"):
            raise Unreadable(f"{name}: the file {info.filename!r} inside points out of the archive.")
        if info.flag_bits & 0x1:
            raise Unreadable(f"{name}: the file {info.filename!r} inside is locked by a password.")
    return infos


def _has_descriptor(file: IO[bytes]) -> bool:
    try:
        file.fileno()
    except (OSError, AttributeError, ValueError):
        return False
    return True


def _zip(path: Path, name: str) -> list[Member]:
    with _named(name), zipfile.ZipFile(path) as archive:
        infos = _check(archive, name)

    def opener(info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
        def open_it() -> BinaryIO:
            with zipfile.ZipFile(path) as archive:  # the open member keeps the file open by itself
                return archive.open(info)  # type: ignore[return-value]

        return open_it

    found = [
        Member(info.filename.replace("\\", "/"), info.file_size, opener(info))
        for info in infos
        if not _skipped(info.filename.replace("\\", "/").split("/"))
    ]
    return sorted(found, key=lambda member: member.name)


def _folder(root: Path) -> Iterator[Member]:
    count = total = 0
    base = root.resolve()
    for here, folders, files in os.walk(root):
        inside = Path(here).relative_to(root)
        folders[:] = sorted(f for f in folders if not _skipped([f])) if len(inside.parts) < MAX_DEPTH else []
        for file in sorted(files):
            path = Path(here) / file
            if _skipped([file]) or not path.is_file() or not path.resolve().is_relative_to(base):
                continue
            size = path.stat().st_size
            count, total = count + 1, total + size
            if count > MAX_MEMBERS or total > MAX_TOTAL:
                raise Unreadable(f"{root.name}: too much in this folder to be one directory of activities.")
            yield Member((inside / file).as_posix(), size, _opens(path), path)


def _opens(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _skipped(parts: list[str]) -> bool:
    return any(part.startswith(".") or part in _SKIPPED for part in parts if part)


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Turn what the operating system or an unpacker says into words that name the file."""
    try:
        yield
    except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise Unreadable(f"{name}: the packed file is broken or cut short ({error}).") from error
    except NotImplementedError as error:
        raise Unreadable(f"{name}: packed in a way we cannot open ({error}).") from error
    except OSError as error:
        raise Unreadable(f"{name}: could not be read ({error.strerror or error}).") from error


class _Counted(io.RawIOBase):
    """Counts what is really read and stops at the limits, whatever the headers promised."""

    def __init__(self, inner: IO[bytes], name: str, packed: "_Counted | None" = None) -> None:
        self.inner, self.name, self.packed, self.count = inner, name, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        with _named(self.name):
            data = self.inner.read(len(view))
        view[: len(data)] = data
        self.count += len(data)
        if self.count > MAX_FILE:
            raise Unreadable(f"{self.name}: larger than {MAX_FILE:,} bytes once unpacked.")
        swollen = self.packed is not None and self.count > MAX_RATIO * max(1, self.packed.count)
        if swollen and self.count > RATIO_FLOOR:
            raise Unreadable(f"{self.name}: unpacks to over {MAX_RATIO} times its size, as only a trap does.")
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.inner.close()
            if self.packed is not None:
                self.packed.close()
        super().close()
