"""What anybody may hand us: opened with care or refused by name."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from stile.interop import source
from stile.interop.source import Source
from stile.loop.directory.rules.records import Unreadable


def zipped(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("file:///etc/passwd", "only files on this machine"),
        ("ftp://example.org/a", "only files on this machine"),
        ("http://user:secret@example.org/", "password"),
        ("http://", "names no server"),
        ("http://[bad/", "not an address"),
        ("/dev/zero", "neither a file nor a folder"),
        ("no-such-file.csv", "no file or folder"),
        ("bad\0name", "no file or folder"),
    ],
)
def test_what_we_do_not_read_is_refused(address: str, word: str) -> None:
    with pytest.raises(Unreadable, match=word) as refused:
        Source.of(address)
    assert "secret" not in str(refused.value)


def test_a_file_is_opened_and_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b"{}"))
    found = Source.of(tmp_path / "a.json.gz")
    assert found.open_bytes().read() == b"{}"
    assert (found.file().suffix, found.file().stem, found.is_zip) == (".json", "a", False)
    with found.file().seekable() as file:
        assert file.seek(0, io.SEEK_END) == 2


def test_a_zip_shows_its_files_and_not_the_litter(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "a.zip", **{"csv/services.csv": "id\n", "__MACOSX/._x": "", ".hidden": "", "b.csv": "x"}
    )
    found = Source.of(path)
    assert found.is_zip
    assert [one.name for one in found.members()] == ["b.csv", "csv/services.csv"]
    assert found.members()[1].beginning() == b"id\n"


def test_a_workbook_is_one_file(tmp_path: Path) -> None:
    found = Source.of(zipped(tmp_path / "a.xlsx", **{"[Content_Types].xml": "<x/>"}))
    assert not found.is_zip
    assert len(found.members()) == 1


def test_a_folder_shows_only_what_is_inside_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("x")
    (tmp_path / "in" / ".secret").write_text("x")
    (tmp_path / "out.csv").write_text("x")
    (tmp_path / "in" / "link.csv").symlink_to(tmp_path / "out.csv")
    assert [one.name for one in Source.of(tmp_path / "in").members()] == ["a.csv"]


@pytest.mark.parametrize("name", ["../up.csv", "/abs.csv", "a/../../b.csv", "..\\up.csv", "C:\\x.csv"])
def test_a_zip_that_climbs_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="points out"):
        Source.of(zipped(tmp_path / "a.zip", **{name: "x"})).members()


def test_traps_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "RATIO_FLOOR", 1 << 20)
    swelling = "0" * (4 << 20)
    with pytest.raises(Unreadable, match="trap"):
        Source.of(zipped(tmp_path / "a.zip", **{"a.csv": swelling})).members()
    (tmp_path / "a.gz").write_bytes(gzip.compress(swelling.encode()))
    with pytest.raises(Unreadable, match="trap"), Source.of(tmp_path / "a.gz").open_bytes() as file:
        file.read()
    monkeypatch.setattr(source, "MAX_MEMBERS", 2)
    with pytest.raises(Unreadable, match="3 files"):
        Source.of(zipped(tmp_path / "b.zip", a="", b="", c="")).members()
    monkeypatch.setattr(source, "MAX_FILE", 10)
    (tmp_path / "long.csv").write_text("x" * 100)
    with pytest.raises(Unreadable, match=r"long\.csv"), Source.of(tmp_path / "long.csv").open_bytes() as file:
        file.read()
    with pytest.raises(Unreadable, match="trap"):
        source.check_zip(tmp_path / "a.zip", "a.zip")


def test_broken_archives_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(Unreadable, match=r"a\.zip"):
        Source.of(tmp_path / "a.zip").members()
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 10_000)[:-20])
    with pytest.raises(Unreadable, match=r"a\.gz"), Source.of(tmp_path / "a.gz").open_bytes() as file:
        file.read()
