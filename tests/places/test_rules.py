"""Reading postcodes and names, and what may be kept of where a person is."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.places.rules import (
    Place,
    Postcode,
    Precision,
    blurred,
    fold_name,
    postcode_within,
    read_postcode,
    repairs,
)

letters = st.sampled_from(string.ascii_uppercase)
digits = st.sampled_from(string.digits)
outcodes = st.one_of(
    st.tuples(letters, digits),
    st.tuples(letters, digits, digits),
    st.tuples(letters, letters, digits),
    st.tuples(letters, digits, letters),
    st.tuples(letters, letters, digits, digits),
    st.tuples(letters, letters, digits, letters),
).map("".join)
postcodes = st.builds(Postcode, outcodes, digits, st.tuples(letters, letters).map("".join))


@given(postcodes, st.sampled_from(["", " ", "  ", "-", ".", "\u00a0"]), st.booleans())
def test_a_full_postcode_is_read_however_it_is_typed(postcode: Postcode, gap: str, lower: bool) -> None:
    text = f" {postcode.outcode}{gap}{postcode.sector_digit}{postcode.unit}\t"
    assert read_postcode(text.lower() if lower else text) == postcode


@given(outcodes, digits)
def test_a_space_makes_a_sector(outcode: str, digit: str) -> None:
    assert read_postcode(f"{outcode} {digit}") == Postcode(outcode, digit)
    assert read_postcode(outcode) == Postcode(outcode)


@given(postcodes)
def test_reading_what_was_written_gives_the_same(postcode: Postcode) -> None:
    assert read_postcode(str(postcode)) == postcode


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_postcode(text)
    list(repairs(text))
    postcode_within(text)
    assert fold_name(fold_name(text)) == fold_name(text)


@given(postcodes)
def test_swapped_letters_and_digits_are_put_right(postcode: Postcode) -> None:
    code = f"{postcode.outcode}{postcode.sector_digit}{postcode.unit}"
    spoiled = code[:-3].replace("0", "O").replace("1", "I") + code[-3].replace("0", "O") + code[-2:]
    if spoiled == code:
        return
    # The right reading is among the repairs, unless the spoiled text is itself a proper postcode.
    assert postcode in repairs(spoiled) or read_postcode(spoiled) is not None


@given(postcodes)
def test_a_repair_is_never_the_text_itself(postcode: Postcode) -> None:
    assert postcode not in list(repairs(str(postcode)))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("LS1 1", "LS1 1"),
        ("LS11", "LS11"),
        ("M337", "M33 7"),
        ("sw1a1", "SW1A 1"),
        ("m33 7x", "M33 7"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("ls117", "LS11 7"),
    ],
)
def test_parts_of_postcodes(text: str, read: str) -> None:
    assert str(read_postcode(text)) == read


@pytest.mark.parametrize(
    "text", ["", "Sale", "Manchester", "12 Dale Street", "M", "33", "1234", "SALE 1 2 3 4"]
)
def test_what_is_not_a_postcode(text: str) -> None:
    assert read_postcode(text) is None


def test_a_postcode_is_found_at_the_end_of_an_address() -> None:
    assert str(postcode_within("Flat 2, 14 Made-up Road, Sale M33 7XX")) == "M33 7XX"
    assert str(postcode_within("somewhere in M33")) == "M33"
    assert postcode_within("14 Made-up Road") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Helens", "saint helens"),
        ("Bishop's Stortford", "Bishops Stortford"),
        ("Pont-y-pŵl", "pont y pwl"),
        ("Brighton & Hove", "brighton and hove"),
        ("STOKE-ON-TRENT", "Stoke on Trent"),
        ("Béal Feirste", "beal feirste"),
    ],
)
def test_names_are_the_same_however_they_are_written(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def place(**changes: object) -> Place:
    values: dict[str, object] = {
        "label": "M33 7XX", "lat": 53.424621, "lon": -2.321987, "precision": Precision.POSTCODE,
        "radius_km": 0.1, "authority_code": "E08000009", "authority_name": "Trafford",
        "authority_share": 1.0, "country": "England", "outcode": "M33", "source": "a test",
        "vintage": "2025-11", "lsoa": "E01006074",
    }  # fmt: skip
    return Place(**(values | changes))  # type: ignore[arg-type]


def test_a_blurred_place_holds_no_full_postcode() -> None:
    kept = blurred(place())
    assert (kept.lat, kept.lon) == (53.425, -2.322)
    assert (kept.outcode, kept.lsoa, kept.authority_code) == ("M33", "E01006074", "E08000009")
    assert "7XX" not in repr(kept)


def test_logs_and_tracebacks_show_no_full_postcode() -> None:
    assert "7XX" not in repr(place())
    assert "53.424" not in repr(place())
    assert "7XX" not in repr(Postcode("M33", "7", "XX"))


def test_nobody_says_whether_a_packaged_postcode_is_still_in_use() -> None:
    assert place().retired is Answer.UNKNOWN
