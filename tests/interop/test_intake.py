"""Which reader a source is given to, under which name it is kept, and what the command makes of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stile.interop.intake import open_source, plain_name, slug_for, slug_of
from stile.interop.lists.mapping import BadMapping
from stile.loop.directory import queries
from stile.loop.directory.models import ImportRun, Service
from stile.loop.directory.rules.records import ServiceRecord, Unreadable
from tests.paths import shared

LIST = """Name,Venue,Postcode,Day,Min age,Cost
Open Easels,Waterside Hall,M33 7ZF,Tuesday,11,Free
Chess Club,Library,M33 7ZF,Friday,8,£2
,Nowhere,M33 7ZF,Monday,8,£2
"""
FEED = {
    "total_items": 1, "total_pages": 1, "page_number": 1, "size": 1, "first_page": True, "last_page": True,
    "empty": False,
    "contents": [{
        "id": "8b0d5e42-53c5-4d2c-8f9c-0a1d3f4b5c6d", "name": "Open Easels", "status": "active",
        "organization": {"id": "1c0d5e42-53c5-4d2c-8f9c-0a1d3f4b5c6d", "name": "Dab Hands", "description": "We make"},
    }],
}  # fmt: skip


@pytest.fixture
def leisure(tmp_path: Path) -> Path:
    path = tmp_path / "Leisure list.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(FEED), encoding="utf-8")
    return path


def test_each_format_finds_its_reader(leisure: Path, feed: Path) -> None:
    with open_source(str(leisure)) as found:
        assert (found.format, found.guessed) == ("a table of separated values", True)
        assert len([one for one in found.items() if isinstance(one, ServiceRecord)]) == 2
    with open_source(str(feed)) as found:
        assert (found.format, found.mapping, found.guessed) == ("Open Referral JSON", None, False)
        assert [one.name for one in found.items() if isinstance(one, ServiceRecord)] == ["Open Easels"]


def test_what_is_no_directory_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    for address in (str(tmp_path / "picture.png"), str(tmp_path / "absent.csv"), "ftp://example.org/x"):
        with pytest.raises(Unreadable), open_source(address) as found:
            list(found.items())


def test_a_mapping_that_was_confirmed_is_used_again(leisure: Path, tmp_path: Path) -> None:
    with open_source(str(leisure)) as found:
        assert found.mapping is not None
        kept = found.mapping.as_yaml().replace("Venue: place", "Venue: keep")
    with open_source(str(leisure), saved=lambda address: kept) as found:
        assert not found.guessed
    file = tmp_path / "mapping.yaml"
    file.write_text("version: 1\ncolumns: [nonsense", encoding="utf-8")
    with pytest.raises(BadMapping), open_source(str(leisure), mapping=file):
        pass


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Leisure services.CSV", "leisure-services"), ("list.csv.gz", "list"), ("api.example.org/v3/", "api-example-org-v3"),
     ("文", "source")],
)  # fmt: skip
def test_slugs(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_two_files_of_one_name_are_two_sources_unless_one_is_named(leisure: Path) -> None:
    with open_source(str(leisure)) as found:
        assert slug_for(found, "", lambda slug: None) == "leisure-list"
        assert slug_for(found, "", lambda slug: found.address) == "leisure-list"
        assert slug_for(found, "", lambda slug: "/elsewhere").startswith("leisure-list-")
        assert slug_for(found, "Sale Leisure", lambda slug: "/elsewhere") == "sale-leisure"
        assert plain_name(found) == "Leisure list.csv"


# ---------------------------------------------------------------- the command


@pytest.fixture
def stile(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The command, on the test's own database and inside its transaction."""
    from contextlib import nullcontext

    from stile.site.cli import directory

    monkeypatch.setattr(directory, "ground", lambda **_: nullcontext())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(*words: object) -> Result:
        return CliRunner().invoke(directory.app, [str(word) for word in words])

    return run


def test_the_report_as_json_is_the_contract(stile: Any, leisure: Path) -> None:
    done = stile("import", leisure, "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["read"], report["imported"], report["merged"], report["unchanged"]) == (3, 2, 0, 0)
    assert [set(one) for one in report["rejected"]] == [{"where", "reason"}]
    assert all(set(one) == {"where", "reason"} for one in report["warnings"])
    assert report["mapping"]["tables"][0]["columns"][0]["field"] == "name"
    again = json.loads(stile("import", leisure, "--json").stdout)
    assert (again["imported"], again["unchanged"]) == (0, 2)
    assert again["source"] == report["source"] == "leisure-list"


def test_the_report_as_a_table(stile: Any, leisure: Path) -> None:
    done = stile("import", leisure, "--yes", "--name", "Sale leisure")
    assert done.exit_code == 0, done.output
    assert "imported" in done.stdout
    assert "rejected: " in done.stdout
    assert "sale-leisure" in stile("sources").stdout


def test_a_dry_run_keeps_nothing(stile: Any, leisure: Path) -> None:
    report = json.loads(stile("import", leisure, "--dry-run", "--json").stdout)
    assert (report["imported"], report["dry_run"]) == (2, True)
    assert not Service.objects.exists()


def test_what_cannot_be_read_ends_with_two_and_says_nothing_was_changed(
    stile: Any, tmp_path: Path, feed: Path
) -> None:
    assert stile("import", feed).exit_code == 0
    feed.write_text(json.dumps(FEED)[:-40], encoding="utf-8")
    done = stile("import", feed)
    assert done.exit_code == 2
    assert "Nothing was changed" in done.stderr
    assert stile("import", tmp_path / "absent.csv").exit_code == 2
    assert Service.objects.filter(withdrawn_at=None).count() == 1
    assert ImportRun.objects.count() == 1


def test_a_list_of_which_every_row_is_rejected_ends_with_two_and_says_which(
    stile: Any, leisure: Path
) -> None:
    assert stile("import", leisure, "--yes").exit_code == 0
    leisure.write_text("\n".join([LIST.splitlines()[0], ",Library,M33 7ZF,Friday,8,£2"]), encoding="utf-8")
    done = stile("import", leisure, "--yes")
    assert done.exit_code == 2
    assert "it has no name" in done.stdout
    assert "Nothing was changed" in done.stderr
    done = stile("import", leisure, "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 2
    assert [one["reason"] for one in report["rejected"]] == ["it has no name"]
    assert "not one of its 1 records" in report["error"]
    assert Service.objects.filter(withdrawn_at=None).count() == 2


def feed_with(*more: str) -> str:
    others = [json.dumps({"id": f"o{n}", "name": f"Other {n}", "status": "active"}) for n in range(4)]
    return json.dumps({**FEED, "contents": []}).replace("[]", f"[{', '.join([*others, *more])}]")


@pytest.mark.parametrize(
    ("second", "stays"),
    [
        ('{"id": "b1", "name": "", "status": "active"}', "b1"),  # no name, but an id
        ('{"id": "b1", "name": "Chess" "status": "active"}', "b1"),  # no JSON, but it begins with an id
        ('{"name": "Chess", "id": "b1" "status": "active"}', None),  # who knows what it is
        ('{"name": "Chess", "status": "active"}', None),
    ],
)
def test_a_service_that_is_broken_this_time_stays_as_it_was(
    stile: Any, feed: Path, second: str, stays: str | None
) -> None:
    good = '{"id": "%s", "name": "Chess", "status": "active"}'
    feed.write_text(feed_with(good % "b1", good % "b2"), encoding="utf-8")
    assert stile("import", feed, "--json").exit_code == 0
    feed.write_text(feed_with(second), encoding="utf-8")
    report = json.loads(stile("import", feed, "--json").stdout)
    here = set(Service.objects.filter(withdrawn_at=None, name="Chess").values_list("key", flat=True))
    assert here == ({"b1"} if stays else {"b1", "b2"})
    assert (report["withdrawn"], len(report["rejected"])) == (1 if stays else 0, 1)
    assert any("nothing was withdrawn" in one["reason"] for one in report["warnings"]) is not bool(stays)


@pytest.mark.parametrize(
    ("row", "here"),
    [
        ("2,,Library,Friday,yes", {"1", "2"}),  # has lost its name, is known by its number
        ("2,Chess,Library,Friday,no", {"1"}),  # its owner has hidden it
        ("2,Chess,Library,Friday,yes,and,more", {"1", "2", "3"}),  # its cells may be anybody's
    ],
)
def test_a_row_of_a_list_that_is_broken_this_time_stays_as_it_was(
    stile: Any, tmp_path: Path, row: str, here: set[str]
) -> None:
    path = tmp_path / "list.csv"
    head = "id,name,venue,day,visible\n1,Easels,Hall,Tuesday,yes\n"
    path.write_text(f"{head}2,Chess,Library,Friday,yes\n3,Yoga,Hall,Monday,yes\n", encoding="utf-8")
    assert stile("import", path, "--json").exit_code == 0
    path.write_text(f"{head}{row}\n", encoding="utf-8")
    report = json.loads(stile("import", path, "--json", "--allow-shrink").stdout)
    assert len(report["rejected"]) == 1
    assert set(Service.objects.filter(withdrawn_at=None).values_list("key", flat=True)) == here


def test_stopping_half_way_leaves_the_directory_as_it_was(
    stile: Any, leisure: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("stile.loop.directory.intake.merge.Merge.run", stopped)
    done = stile("import", leisure, "--yes")
    assert done.exit_code == 130
    assert "The directory is as it was" in done.stderr
    assert not Service.objects.exists()


def test_a_mapping_is_kept_with_its_source(stile: Any, leisure: Path) -> None:
    assert stile("import", leisure, "--json").exit_code == 0
    with open_source(str(leisure)) as found:
        kept = queries.kept_source(address=found.address)
    assert kept is not None
    assert "Venue" in str(kept.mapping)
    leisure.write_text(LIST.replace("Venue", "Somewhere"), encoding="utf-8")
    done = stile("import", leisure)
    assert done.exit_code == 2
    assert "Venue" in done.stderr


def test_what_is_exported_comes_in_again_as_it_was(
    stile: Any, feed: Path, leisure: Path, tmp_path: Path
) -> None:
    stile("import", feed, "--name", "feed")
    stile("import", leisure, "--json", "--name", "leisure")
    for name in ("out.json", "out.zip"):
        done = stile("export", tmp_path / name)
        assert done.exit_code == 0, done.output
        report = json.loads(stile("import", tmp_path / name, "--json", "--dry-run").stdout)
        assert report["rejected"] == []
        assert stile("export", tmp_path / f"feed-{name}", "--source", "feed").exit_code == 0
        same = json.loads(stile("import", tmp_path / f"feed-{name}", "--json", "--name", "feed").stdout)
        assert same["imported"] == same["withdrawn"] == len(same["rejected"]) == 0, (name, same)
        assert same["unchanged"] > 0
    assert stile("export", tmp_path / "x.json", "--source", "absent").exit_code == 2
    assert stile("export", tmp_path / "x.json", "--format", "word").exit_code == 2


def test_words_are_read_again_for_one_source_or_all(stile: Any, leisure: Path, feed: Path) -> None:
    assert stile("import", leisure, "--yes").exit_code == stile("import", feed).exit_code == 0
    Service.objects.filter(name="Chess Club").update(kinds_read=[])
    done = stile("reread")
    assert "leisure-list: 2 services read again, 1 now say something else." in done.stdout
    assert "feed: 1 services read again, 0" in done.stdout
    assert "leisure" not in stile("reread", "feed").stdout
    assert stile("reread", "nobody").exit_code == 2


def test_links_are_listed_and_undone(stile: Any, tmp_path: Path) -> None:
    for name in ("one", "two"):
        path = tmp_path / f"{name}.csv"
        path.write_text(
            "Name,Postcode,Phone,Day\nSale Chess Club,M33 7ZF,0161 900 0000,Friday\n", encoding="utf-8"
        )
        assert stile("import", path, "--json").exit_code == 0
    (link,) = json.loads(stile("links", "--json").stdout)
    assert link["evidence"][0][0] == "name"
    assert "same phone +441619000000" in stile("links").stdout
    assert stile("links", "undo", link["id"]).exit_code == 0
    assert stile("links", "undo", link["id"]).exit_code == 2
    assert "No two records" in stile("links").stdout
    assert stile("confirm", "one").exit_code == 0
    assert stile("confirm", "three").exit_code == 2


# ---------------------------------------------------------------- directories nobody here wrote

REAL = [
    "data/directories/uk-trafford-open-data/sports_clubs_sports_clubs.csv",
    "data/directories/uk-trafford-open-data/libraries_gm_libraries.csv",
    "data/directories/us-fl-services-csv",
    "data/directories/us-sanmateo-ohana-csv",
    "conformance/examples/hsds-3.0-examples/csv",
    "conformance/examples/hsds-3.0-examples/service_full.json",
    "conformance/examples/oruk-profile-examples/service_list.json",
]


@pytest.mark.parametrize("name", REAL)
def test_real_directories_are_accounted_for_and_change_nothing_the_second_time(stile: Any, name: str) -> None:
    path = shared(name)
    report = json.loads(stile("import", path, "--json").stdout)
    assert report["read"] > 0
    assert report["read"] == (
        report["imported"] + report["merged"] + report["unchanged"] + len(report["rejected"])
    )
    again = json.loads(stile("import", path, "--json").stdout)
    assert (again["imported"], again["withdrawn"]) == (0, 0)
    assert again["read"] == report["read"]


def test_a_script_is_told_why_nothing_could_be_read(stile: Any, tmp_path: Path) -> None:
    only_headings = tmp_path / "empty.csv"
    only_headings.write_text("name,postcode\n")
    for source in (only_headings, tmp_path / "missing.csv"):
        done = stile("import", source, "--json")
        report = json.loads(done.stdout)
        assert done.exit_code == 2
        assert report["read"] == report["imported"] == 0
        assert source.name in report["error"]
