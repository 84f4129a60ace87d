"""Mapping files: written for people, read back the same, wrong ones told apart from right ones."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stile.interop.lists import reader
from stile.interop.lists.mapping import BadMapping, Column, Mapping, TableMapping, quoted
from stile.interop.lists.sniff import Layout
from stile.interop.source import Source
from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import Unreadable
from tests.paths import shared

from .making import put, services, taken

TEXT = "Titre;;\nActivity;Where;Open?;Sort\nJudo;Moss Lane, M31 4FA;J;12\nChess;High Street, M33 7WR;N;13\n"
MAPPING = """
table: clubs.csv
delimiter: ";"
header_row: 2
columns:
  Activity: name
  Where: address
  Open?: fact:no_sign_up
  Sort: keep
values:
  Open?: {J: yes, N: no}
constants:
  organisation: Trafford Council
  kinds: [Judo, youth club]
"""


def saved(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_mapping_a_person_wrote(tmp_path: Path) -> None:
    mapping = Mapping.load(saved(tmp_path, MAPPING))
    first, second = services(taken(put(tmp_path, "clubs.csv", TEXT), mapping))
    assert [one.facts["no_sign_up"] for one in (first, second)] == [Answer.YES, Answer.NO]
    assert first.organisation is not None
    assert first.organisation.name == "Trafford Council"
    assert first.kinds == ("martial-arts", "youth-club")
    assert first.at_places[0].place.postcode == "M31 4FA"
    assert first.details["columns"] == {"Sort": "12"}


def test_what_is_proposed_can_be_saved_and_read_back_to_the_same_records(tmp_path: Path) -> None:
    source = put(tmp_path, "clubs.csv", TEXT.replace("Titre;;", "Titre;;;"))
    proposed = reader.propose(source)
    proposed.save(tmp_path / "m.yaml")
    text = (tmp_path / "m.yaml").read_text()
    assert '"Activity": name  #' in text
    assert "the heading says so" in text
    again = Mapping.load(tmp_path / "m.yaml")
    assert [one for one in taken(source, again) if hasattr(one, "key")] == [
        one for one in taken(source) if hasattr(one, "key")
    ]
    assert (
        again.as_yaml().split("columns:")[0]
        == Mapping.from_yaml(again.as_yaml()).as_yaml().split("columns:")[0]
    )
    assert json.loads(json.dumps(proposed.as_json()))["tables"][0]["columns"][0]["field"] == "name"


@pytest.mark.parametrize(
    "name",
    [
        "data/directories/uk-trafford-open-data/sport_facilities_sports_facilities.csv",
        "data/directories/uk-trafford-open-data/food_banks_gm_food_banks.csv",
        "data/directories/uk-outpost-import-csv/services--with-sample-data.csv",
        "data/directories/us-fl-services-csv",
        "data/directories/us-sanmateo-ohana-csv",
    ],
)
def test_a_real_list_reads_the_same_through_its_saved_mapping(tmp_path: Path, name: str) -> None:
    source = Source.of(shared(name))
    reader.propose(source).save(tmp_path / "m.yaml")
    again = taken(source, Mapping.load(tmp_path / "m.yaml"))
    first = taken(source)
    assert [one for one in again if hasattr(one, "key")] == [one for one in first if hasattr(one, "key")]
    assert [one.where for one in again if hasattr(one, "into")] == [
        one.where for one in first if hasattr(one, "into")
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns:\n  Activity: nam", "no field 'nam'.*Did you mean 'name'"),
        ("columns:\n  Activity: fact:wheels", "no field 'fact:wheels'"),
        ("columns:\n  A: name\n  B: name", "'A' and 'B' cannot both be 'name'"),
        ("colums:\n  A: name", "'colums' is nothing a mapping file has.*'columns'"),
        ("columns: [a]", "under `columns`, write lines"),
        ("columns: {A: name}\ndates: sometimes", "`dates` is `day first` or `month first`"),
        ("columns: {A: name}\nheader_row: first", "`header_row` is a number"),
        ("columns: {A: name}\ndelimiter: ';;'", "`delimiter` is one sign"),
        ("columns: {A: name}\nformat: word", "`format` is csv"),
        ("columns: {A: name}\nconstants: {organization: x}", "no field 'organization'.*'organisation'"),
        ("columns: {A: name}\nvalues: {A: yes}", "under `values`"),
        ("columns: {A: name}\nrole: servces", "no role of a table.*'services'"),
        ("- a", "begins with `columns:`"),
        ("a: [", "not YAML"),
        ("tables: 3", "`tables` is a list"),
        ("&a [*a]", "."),
    ],
)
def test_a_wrong_mapping_says_what_to_write(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadMapping, match=f"(?s)mapping.yaml: .*{says}"):
        Mapping.load(saved(tmp_path, text))


def test_a_column_that_is_gone_and_one_that_is_new(tmp_path: Path) -> None:
    mapping = Mapping.load(saved(tmp_path, MAPPING))
    with pytest.raises(BadMapping, match=r"a column 'Activity', which is not there. Nearest: 'Activities'"):
        taken(put(tmp_path, "clubs.csv", TEXT.replace("Activity", "Activities")), mapping)
    items = taken(put(tmp_path, "clubs.csv", TEXT.replace("Sort", "Sort;New").replace("12", "12;x")), mapping)
    assert services(items)[0].details["columns"] == {"Sort": "12", "New": "x"}


def test_an_encoding_nobody_has(tmp_path: Path) -> None:
    mapping = Mapping.load(saved(tmp_path, MAPPING + "encoding: utf-99\n"))
    with pytest.raises(Unreadable, match="no encoding called 'utf-99'"):
        taken(put(tmp_path, "clubs.csv", TEXT), mapping)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_heading_survives_the_file(heading: str, value: str) -> None:
    assert yaml.safe_load(quoted(heading)) == heading
    table = TableMapping(
        table=value,
        layout=Layout(delimiter=";"),
        columns=(Column(heading, "name", "used", 0.9, why=value),),
        values={heading: {value: "yes"}},
        constants={"organisation": value},
    )
    again = Mapping.from_yaml(Mapping((table,), notes=(value,)).as_yaml()).tables[0]
    assert (again.table, again.columns[0].heading, again.columns[0].field) == (value, heading, "name")
    assert (again.values, again.constants, again.layout) == (table.values, table.constants, table.layout)
