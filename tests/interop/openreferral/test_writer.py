"""Exports: valid by the published schemas, whole when read back, unique in their keys."""

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stile.interop.openreferral import json_reader, tabular_reader, writer
from stile.interop.source import Source
from stile.loop.directory.rules.records import (
    Folded,
    Item,
    OrganisationRecord,
    Rejected,
    ServiceRecord,
    Warned,
)
from tests.interop.openreferral import strategies
from tests.interop.openreferral.schema import faults
from tests.interop.openreferral.test_mapping import without_where
from tests.paths import shared

SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
unique = st.lists(strategies.services, max_size=3, unique_by=lambda one: one.key)


def records(items: list[Item]) -> list[object]:
    return [without_where(one) for one in items if not isinstance(one, Folded | Rejected | Warned)]


def back_from_json(text: str) -> list[Item]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.json"
        path.write_text(text, encoding="utf-8")
        return list(json_reader.read(Source.of(path)))


@SLOW
@given(unique.filter(bool), st.sampled_from(sorted(writer.VERSIONS)))
def test_a_file_of_services_reads_back_the_same(services: list[ServiceRecord], version: str) -> None:
    out = io.StringIO()
    counts = writer.write_json(services, out, version=version)
    assert counts == {"service": len(services)}
    page = json.loads(out.getvalue())
    assert (page["total_items"], page["last_page"], page["empty"]) == (len(services), True, False)
    for one in page["contents"]:
        assert faults(version, "service", one) == []
    assert records(back_from_json(out.getvalue())) == [without_where(one) for one in services]


def test_what_stands_by_itself_is_written_beside_the_services() -> None:
    alone = [OrganisationRecord(key="o1", name="Arts Trust"), ServiceRecord(key="s1", name="Art club")]
    out = io.StringIO()
    writer.write_json(alone, out)
    assert {type(one) for one in records(back_from_json(out.getvalue()))} == {
        OrganisationRecord,
        ServiceRecord,
    }
    assert len(records(back_from_json(out.getvalue()))) == 2


@SLOW
@given(unique.filter(bool))
def test_tables_read_back_the_same(services: list[ServiceRecord]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.zip"
        counts = writer.write_tables(services, target)
        source = Source.of(target)
        assert tabular_reader.recognises(source)
        items = list(tabular_reader.read(source))
    assert records(items) == [without_where(one) for one in services]
    counted = [one for one in items if not isinstance(one, Warned)]
    assert len(counted) == sum(counts.values())
    assert not [one for one in items if isinstance(one, Rejected)]


def test_the_package_describes_its_tables(tmp_path: Path) -> None:
    example = shared("conformance/examples/hsds-3.0-examples/service_full.json")
    services = [one for one in json_reader.read(Source.of(example)) if isinstance(one, ServiceRecord)]
    target = tmp_path / "package"
    counts = writer.write_tables(services, target)
    package = json.loads((target / "datapackage.json").read_text())
    assert {one["name"] for one in package["resources"]} == set(counts)
    ids: dict[str, set[str]] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    for resource in package["resources"]:
        with (target / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows[resource["name"]] = list(csv.DictReader(file))
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert names == list(rows[resource["name"]][0])
        ids[resource["name"]] = {row["id"] for row in rows[resource["name"]]}
        assert len(ids[resource["name"]]) == counts[resource["name"]]
    for resource in package["resources"]:
        for key in resource["schema"]["foreignKeys"]:
            named = {row[key["fields"]] for row in rows[resource["name"]]} - {""}
            assert named <= ids[key["reference"]["resource"]]
    assert counts["phone"] > 1
    assert counts["organization"] == 1


def test_our_tables_use_the_names_of_the_published_package() -> None:
    published = json.loads(shared("conformance/schemas/hsds-3.0/datapackage.json").read_text())
    for resource in published["resources"]:
        kind = resource["name"]
        assert writer.file_of(kind) == resource["path"]
        theirs = {field["name"] for field in resource["schema"]["fields"]}
        assert theirs <= set(writer.columns_of(kind))


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(ValueError, match=r"hsds-3\.0"):
        writer.write_json([], io.StringIO(), version="2.0")


def test_a_zip_holds_only_whole_files(tmp_path: Path) -> None:
    def dies() -> object:
        yield ServiceRecord(key="1", name="One")
        raise RuntimeError("the source died")

    with pytest.raises(RuntimeError):
        writer.write_tables(dies(), tmp_path / "out.zip")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
    writer.write_tables([ServiceRecord(key="1", name="One")], tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert sorted(archive.namelist()) == ["datapackage.json", "services.csv"]
