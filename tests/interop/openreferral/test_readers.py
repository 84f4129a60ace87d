"""Files and tables: every thing in them is accounted for, whatever they are and whatever is wrong."""

import csv
import gzip
import json
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stile.interop.openreferral import json_reader, tabular_reader
from stile.interop.openreferral.kinds import named
from stile.interop.openreferral.stream import MAX_ELEMENT
from stile.interop.source import MAX_FIELD, Source
from stile.loop.directory.rules.records import (
    Folded,
    Item,
    PlaceRecord,
    Rejected,
    ServiceRecord,
    TermRecord,
    Unreadable,
    Warned,
)
from tests.paths import ROOT, shared

EXAMPLES = ROOT.parent / "shared/conformance/examples"


def read(path: Path) -> list[Item]:
    source = Source.of(path)
    reader = tabular_reader if source.is_folder or source.is_zip else json_reader
    return list(reader.read(source))


def counted(items: list[Item]) -> list[Item]:
    return [one for one in items if not isinstance(one, Warned)]


def rejected(items: list[Item]) -> list[Rejected]:
    return [one for one in items if isinstance(one, Rejected)]


def services(items: list[Item]) -> list[ServiceRecord]:
    return [one for one in items if isinstance(one, ServiceRecord)]


def things_in(document: Any) -> int:
    """How many things a document holds, counted without our reader."""
    if isinstance(document, list):
        return sum(things_in(one) for one in document)
    tables = [rows for name, rows in document.items() if name.endswith(".csv")]
    if tables:
        return sum(len(rows) for rows in tables)
    for name in ("contents", "content"):
        if name in document:
            return things_in(document[name])
    nested = "services" if "service_at_locations" not in document else ""
    return 1 + len(document.get(nested, [])) + len(document.get("taxonomy_terms", []))


OURS = ("hsds-3.0-examples", "oruk-profile-examples", "oruk-validator-mocks")
NOT_DIRECTORIES = ("base.json", "api_details.json", "datapackage", "dashboard_")


def example_files() -> list[Any]:
    paths = sorted(EXAMPLES.rglob("*.json")) if EXAMPLES.exists() else []
    return [pytest.param(path, id=str(path.relative_to(EXAMPLES))) for path in paths]


@pytest.mark.parametrize("path", example_files())
def test_every_example_file_is_accounted_for(path: Path) -> None:
    source = Source.of(path)
    name = json_reader.recognises(source)
    if path.relative_to(EXAMPLES).parts[0] not in OURS or path.name.startswith(NOT_DIRECTORIES):
        assert name is None
        assert outcome(path) == "refused"
        return
    assert name == json_reader.FORMAT
    items = read(path)
    assert len(counted(items)) == things_in(json.loads(path.read_text()))
    for one in items:
        assert one.where.startswith(path.name)


def outcome(path: Path) -> str:
    """What comes of reading a file that may be anything; an error must name it."""
    try:
        items = read(path)
    except Unreadable as error:
        return "refused" if path.name in str(error) or "services.csv" in str(error) else f"unnamed: {error}"
    if not all(one.where for one in items):
        return "without a place"
    return "read" if any(not isinstance(one, Rejected | Warned) for one in items) else "refused"


@pytest.mark.parametrize("folder", ["hsds-3.0-examples/csv", "oruk-profile-examples/csv"])
def test_every_row_of_the_example_tables_is_accounted_for(folder: str, tmp_path: Path) -> None:
    path = shared(f"conformance/examples/{folder}")
    assert tabular_reader.recognises(Source.of(path))
    rows = 0
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        for file in sorted(path.glob("*")):
            archive.write(file, f"inner/{file.name}")
            if file.suffix == ".csv" and named(file.stem):
                with file.open(newline="", encoding="utf-8-sig") as opened:
                    rows += sum(any(row) for row in csv.reader(opened)) - 1
    items = read(path)
    assert len(counted(items)) == rows
    zipped = read(tmp_path / "package.zip")
    assert [type(one) for one in zipped] == [type(one) for one in items]
    assert len(services(zipped)) == 1
    assert services(zipped)[0].organisation is not None
    assert services(zipped)[0].at_places[0].place.town == "MyCity"


def test_the_four_dangling_keys_of_the_published_package_are_named() -> None:
    items = read(shared("conformance/examples/hsds-3.0-examples/csv"))
    dangling = [one for one in items if isinstance(one, Warned) and "which is not here" in one.reason]
    assert sorted((one.where, one.reason.split()[0]) for one in dangling) == [
        ("contacts.csv:2", "organization_id"),
        ("contacts.csv:2", "service_at_location_id"),
        ("locations.csv:2", "organization_id"),
        ("taxonomy_terms.csv:2", "taxonomy_id"),
    ]


@pytest.mark.parametrize(
    "folder",
    [
        "conformance/examples/broken-csv",
        "data/directories/us-sanmateo-ohana-csv",
        "data/directories/us-fl-services-csv",
    ],
)
def test_tables_of_other_shapes_are_left_to_others(folder: str) -> None:
    assert tabular_reader.recognises(Source.of(shared(folder))) is None


ONE = {"id": "1", "name": "Art", "status": "active"}


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ONE),
        json.dumps([ONE]),
        json.dumps({"contents": [ONE], "total_pages": 1}),
        json.dumps({"totalPages": 1, "content": [ONE], "last": True}),
        json.dumps({"services": [ONE]}),
        json.dumps({"services": [ONE], "organizations": []}),
        "\ufeff" + json.dumps([ONE]),
        "\n\n" + json.dumps(ONE) + "\n",
        json.dumps([ONE]).encode("utf-16"),
        gzip.compress(json.dumps([ONE]).encode(), mtime=0),
    ],
)
def test_one_service_in_any_wrapping(text: str | bytes, tmp_path: Path) -> None:
    path = write(tmp_path / "f.json", text)
    assert json_reader.recognises(Source.of(path)) == json_reader.FORMAT
    (one,) = counted(read(path))
    assert isinstance(one, ServiceRecord)
    assert (one.key, one.name) == ("1", "Art")


def test_lines_of_objects(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({**ONE, "id": str(n)}) for n in range(5))
    items = read(write(tmp_path / "f.ndjson", lines))
    assert [one.key for one in services(items)] == ["0", "1", "2", "3", "4"]


def test_one_service_at_two_places_is_one_activity(tmp_path: Path) -> None:
    at = [
        {"id": f"x{n}", "service": ONE, "location": {"id": f"l{n}", "location_type": "physical"}}
        for n in (1, 2)
    ]
    items = counted(read(write(tmp_path / "f.json", json.dumps({"contents": at}))))
    assert [type(one) for one in items] == [Folded, ServiceRecord]
    assert [one.place.key for one in services(items)[0].at_places] == ["l1", "l2"]


def test_tables_in_one_json_are_joined(tmp_path: Path) -> None:
    document = {
        "organizations": [{"id": "o", "name": "Arts"}, {"id": "p", "name": "Alone"}],
        "services": [{**ONE, "organization_id": "o"}, {**ONE, "id": "2", "organization_id": "gone"}],
    }
    items = read(write(tmp_path / "f.json", json.dumps(document)))
    first, second = services(items)
    assert first.organisation is not None
    assert first.organisation.name == "Arts"
    assert second.organisation is None
    assert len(counted(items)) == 4
    assert [one.where for one in items if isinstance(one, Warned)] == ["f.json: $.services[1]"]


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ('{"id": "2", "name": "Bad" "status": 1}', "not valid JSON"),
        ('{"id": "2", "name": tru}', "not valid JSON"),
        ('{"id": "2", "n\\q": 1}', "not valid JSON"),
        ('{"id": "2", "name": ' + "[" * 5000 + "]" * 5000 + "}", "deep"),
        ('{"id": "2", "name": ' + "[" * 100 + "]" * 100 + "}", "deep"),
        ('{"id": "2", "name": ' + "9" * 5000 + "}", "not valid JSON"),
        ('{"id": "2", "name": "' + "x" * (MAX_FIELD + 1) + '"}', "characters"),
        ('{"id": "2", "name": "' + 'x\\"}]' * (MAX_ELEMENT // 4) + '"}', "larger"),
        ('"just words"', "no object"),
        ("7", "no object"),
        ("null", "no object"),
        ("{}", "no id"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_broken_element_does_not_take_the_others_along(broken: str, word: str, tmp_path: Path) -> None:
    good = [json.dumps({**ONE, "id": one}) for one in ("1", "3")]
    path = write(tmp_path / "f.json", f'{{"contents": [{good[0]}, {broken}, {good[1]}], "total_pages": 1}}')
    items = read(path)
    assert [one.key for one in services(items)] == ["1", "3"]
    (bad,) = rejected(items)
    assert bad.where == "f.json: $.contents[1]"
    assert word in bad.reason or isinstance(json.loads(broken), str | int | None)


def test_words_that_are_no_numbers_are_kept_as_words(tmp_path: Path) -> None:
    path = write(tmp_path / "f.json", '[{"id": "1", "name": "Art", "status": "active", "minimum_age": NaN}]')
    items = read(path)
    (one,) = services(items)
    assert one.min_age is None
    assert [warned.where for warned in items if isinstance(warned, Warned)] == ["f.json: $[0].minimum_age"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "<html><body>Not found</body></html>",
        '{"contents": [',
        '[{"id": "1", "name": "A"',
        "{]",
        "[}",
        "[]",
        '{"contents": []}x',
        '{"a" 1}',
    ],
)
def test_a_broken_file_is_named(text: str, tmp_path: Path) -> None:
    path = write(tmp_path / "broken.json", text)
    with pytest.raises(Unreadable, match=r"broken\.json"):
        read(path)


def test_a_file_in_another_encoding_is_read(tmp_path: Path) -> None:
    text = json.dumps([{**ONE, "name": "Café – clwb"}], ensure_ascii=False).encode("cp1252")
    (one,) = services(read(write(tmp_path / "f.json", text)))
    assert one.name == "Café – clwb"


def test_what_no_database_can_hold_is_taken_out(tmp_path: Path) -> None:
    path = write(tmp_path / "f.json", '[{"id": "1", "name": "A\\u0000B\\ud800C", "status": "active"}]')
    (one,) = services(read(path))
    assert one.name == "A\ufffdB\ufffdC"
    assert one.name.encode()


def test_memory_stays_flat_over_a_large_file(tmp_path: Path) -> None:
    def size(count: int) -> int:
        path = tmp_path / f"{count}.json"
        with path.open("w") as file:
            file.write('{"contents": [')
            file.writelines(
                f"{',' if n else ''}{json.dumps({**ONE, 'id': str(n), 'fees': 'x' * 500})}"
                for n in range(count)
            )
            file.write("]}")
        tracemalloc.start()
        read_count = sum(isinstance(one, ServiceRecord) for one in json_reader.read(Source.of(path)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read_count == count
        return peak

    assert size(8000) < 2 * size(2000)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.json"
        for text in (
            data,
            b'{"contents": [' + data + b"]}",
            b'[{"id":"1","name":"A","status":"active"},' + data + b"]",
        ):
            path.write_bytes(text)
            assert outcome(path) in ("read", "refused")


# --- tables -------------------------------------------------------------------------------------------


def tables(folder: Path, **files: str | bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        write(folder / f"{name}.csv", text)
    return folder


SERVICES = "id,organization_id,name,status\n"


def test_names_in_the_singular_and_other_delimiters(tmp_path: Path) -> None:
    folder = tables(
        tmp_path / "t",
        service="\ufeffid;organization_id;name;status\r\ns1;o1;Art;active\r\n",
        organization="id;name\r\no1;Caf\u00e9\r\n".encode("cp1252"),
    )
    assert tabular_reader.recognises(Source.of(folder))
    (one,) = services(read(folder))
    assert one.organisation is not None
    assert one.organisation.name == "Café"


def test_rows_that_belong_to_nothing_are_rejected_by_file_and_row(tmp_path: Path) -> None:
    folder = tables(
        tmp_path / "t",
        services=SERVICES + "s1,,Art,active\n,,No id,active\ns3,,,active\n",
        phones="id,service_id,number\np1,s1,0161 000\np2,gone,0161 111\np3,,0161 222\n",
        locations="id,name,location_type\nl1,Hall,physical\n",
    )
    items = read(folder)
    assert {one.where for one in rejected(items)} == {
        "services.csv:3",
        "services.csv:4",
        "phones.csv:3",
        "phones.csv:4",
    }
    assert services(items)[0].phone == "0161 000"
    assert [one.key for one in items if isinstance(one, PlaceRecord)] == ["l1"]
    assert len(counted(items)) == 7


def test_taxonomies_in_a_circle_do_not_hang(tmp_path: Path) -> None:
    folder = tables(
        tmp_path / "t",
        services=SERVICES + "s1,,Art,active\n",
        organizations="id,name,parent_organization_id\no1,A,o2\no2,B,o1\n",
        taxonomy_terms="id,name,parent_id\na,A,b\nb,B,a\n",
        attributes="id,link_id,taxonomy_term_id\nx,s1,a\n",
    )
    items = read(folder)
    assert [one.name for one in services(items)[0].terms] == ["A"]
    assert [one.key for one in items if isinstance(one, TermRecord)] == ["b"]
    assert len(counted(items)) == 6


def test_a_field_of_a_hundred_megabytes_is_rejected_and_the_rest_kept(tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    with (folder / "services.csv").open("w") as file:
        file.write(SERVICES + 's1,,Art,active\ns2,,"')
        for _ in range(100):
            file.write("x" * 1_000_000)
        file.write('",active\ns3,,Drama,active\n')
    items = read(folder)
    assert [one.key for one in services(items)] == ["s1", "s3"]
    assert rejected(items)[0].where == "services.csv:3"
    assert "characters" in rejected(items)[0].reason


def test_ragged_rows_are_said(tmp_path: Path) -> None:
    folder = tables(tmp_path / "t", services=SERVICES + "s1,,Art,active,more,cells\ns2,,Short\n\n")
    items = read(folder)
    assert [one.key for one in services(items)] == ["s1", "s2"]
    assert [one.where for one in items if isinstance(one, Warned)] == ["services.csv:2"]


def test_a_package_without_services_is_refused(tmp_path: Path) -> None:
    folder = tables(tmp_path / "t", organizations="id,name\no1,A\n")
    assert tabular_reader.recognises(Source.of(folder)) is None
    with pytest.raises(Unreadable, match="services"):
        read(folder)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120) | st.binary(max_size=120).map(lambda b: b.decode("latin-1")))
def test_any_table_is_read_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = tables(Path(folder) / "t", services=SERVICES + text, phones=text.encode("utf-8", "replace"))
        assert outcome(base) in ("read", "refused")
