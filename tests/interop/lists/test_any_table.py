"""Whatever the table: nothing crashes, nothing is lost, and each row is accounted for once."""

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from stile.interop.lists import reader, values
from stile.interop.lists.fields import FIELDS
from stile.interop.lists.mapping import Mapping
from stile.interop.lists.opening import tables_of
from stile.interop.source import Source
from stile.loop.directory.rules.records import Unreadable

from .making import accounted, put, taken

HEADINGS = st.one_of(
    st.sampled_from([word for field in FIELDS for word in field.words[:3]]), st.text(max_size=20)
)
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "NA", "M33 7WR", "0161 912 2122", "a@b.org", "yes", "no", "Tuesday", "4:30", "16:00", "£3", "11", "53.4", "-2.4", "2026-03-04", "03/04/2026", "=1+1", "<b>x</b>", "Judo; Chess", "1e999", "-0", "٣", "½", "\ud800", "🙂"]),
    st.integers().map(str), st.floats().map(str),
)  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | CELLS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HEADINGS, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=60)
@given(
    st.lists(HEADINGS, min_size=1, max_size=12),
    st.lists(st.lists(CELLS, max_size=13), max_size=12),
    st.sampled_from(",;\t|"),
)
def test_any_table(headings: list[str], rows: list[list[str]], delimiter: str) -> None:
    kept = io.StringIO()
    writer = csv.writer(kept, delimiter=delimiter)
    writer.writerows([["name", "postcode", *headings], *rows])
    with tempfile.TemporaryDirectory() as folder:
        source = put(Path(folder), "list.csv", kept.getvalue().encode("utf-8", "surrogatepass"))
        try:
            proposed = reader.propose(source)
            items = taken(source)
        except Unreadable:
            return
        assert accounted(items) == reading(source, proposed)
        again = Mapping.from_yaml(proposed.as_yaml())
        assert [one for one in taken(source, again) if hasattr(one, "key")] == [
            one for one in items if hasattr(one, "key")
        ]


def reading(source: Source, proposed: Mapping) -> int:
    """Rows the table has, whatever becomes of them."""

    return sum(1 for _ in tables_of(source.file(), proposed.tables[0].layout)[0].rows())


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("list.csv", "list.json", "list.xlsx"):
            source = put(Path(folder), name, content)
            try:
                reader.recognises(source)
                accounted(taken(source))
            except Unreadable:
                continue


@settings(max_examples=60)
@given(JSON)
def test_any_json(data: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for whole in (data, {"services": [{"name": "Judo", "postcode": "M33 7WR"}, data]}):
            source = put(Path(folder), "feed.json", json.dumps(whole).encode())
            try:
                accounted(taken(source))
            except Unreadable:
                continue


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["1", "2", "3", ""]), st.sampled_from(["1", "2", "9", ""]), CELLS),
        max_size=8,
    ),
    st.lists(st.tuples(st.sampled_from(["1", "2", ""]), CELLS), max_size=6),
)
def test_any_linked_tables(
    activities: list[tuple[str, str, str]], organisations: list[tuple[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (
            ("services", [("id", "organization_id", "name"), *activities]),
            ("organizations", [("id", "name"), *organisations]),
            ("phones", [("id", "service_id", "organization_id", "number"), *((str(n), a, b, c) for n, (a, b, c) in enumerate(activities))]),
        ):  # fmt: skip
            kept = io.StringIO()
            csv.writer(kept).writerows(rows)
            put(Path(folder), f"d/{name}.csv", kept.getvalue().encode("utf-8", "surrogatepass"))

        source = Source.of(Path(folder) / "d")
        expected = 0
        try:
            items = taken(source)
            for table in reader.propose(source).tables:
                member = next(one for one in source.members() if one.name == table.table)
                expected += sum(1 for _ in tables_of(member)[0].rows())
        except Unreadable:
            return
        assert accounted(items) == expected


@given(CELLS | st.text())
def test_no_cell_is_too_odd(text: str) -> None:
    tidy = values.tidy(text)
    assert values.tidy(tidy) == tidy
    for read in (values.plain, values.yes_no, values.whole, values.number, values.age, values.money, values.clock, values.weekdays, values.day, values.moment, values.postcode, values.website, values.phone, values.email, values.pieces):  # fmt: skip
        read(tidy)  # type: ignore[operator]
