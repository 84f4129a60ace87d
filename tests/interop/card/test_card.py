"""The card: one page whatever is on it, readable by machines, in letters that have the Welsh ones."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from stile.interop.card.mapping import LONGEST, Words, fonts, pdf, picture, plain, qr, shortened

CARD = Words(
    language="cy",
    title="Tynnu llun gyda Dot",
    when_label="Y tro nesaf",
    when="dydd Mawrth 24 Tachwedd am 4:30pm",
    place_label="Ble",
    place=("Yr Hen Flwch Signal", "Towpath Lane", "Dawdlebridge"),
    rows=(("Pwy sy’n cwrdd â ti", "Dot, ŵ ŷ ẃ ẁ ẅ â ê î ô û ï Ŵ Ŷ"), ("Bws adref", "Y 41, tan 9:40pm")),
    cannot="Methu dod? Popeth yn iawn.",
    help_title="Angen help nawr?",
    help=("999", "111"),
    scan="Sut oedd hi?",
    after="Sut oedd hi? Dwed wedyn",
    url="http://example.org/go/1/how/",
)


def test_it_is_a6_one_page_tagged_and_says_its_language() -> None:
    reader = PdfReader(io.BytesIO(pdf(CARD)))
    page = reader.pages[0]
    assert len(reader.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [105, 148]
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "cy"
    text = page.extract_text()
    for words in ("Tynnu llun gyda Dot", "dydd Mawrth 24 Tachwedd", "ŵ ŷ ẃ ẁ ẅ", "999"):
        assert words in text


def test_its_letters_come_with_a_package_and_hold_the_welsh_ones() -> None:
    assert (Path(fonts()) / "SourceSansPro-Regular.ttf").exists()
    used = {
        str(font.get_object()["/BaseFont"])
        for font in PdfReader(io.BytesIO(pdf(CARD))).pages[0]["/Resources"]["/Font"].values()
    }
    assert all("SourceSans" in name for name in used), used


def test_the_picture_is_the_size_of_a_phone() -> None:
    data = picture(CARD)
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (1080, 1920)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=120),
    row=st.text(st.characters(exclude_categories=["C"]), max_size=600),
    rows=st.integers(0, 8),
)
def test_it_is_one_page_whatever_is_on_it(title: str, row: str, rows: int) -> None:
    card = replace(CARD, title=title, rows=tuple((f"Row {n}", shortened(row) or "x") for n in range(rows)))
    assert len(PdfReader(io.BytesIO(pdf(card))).pages) == 1
    assert picture(card)[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    "name", ['#panic("no")', "*bold* _it_ $x$", "\\ #let x = 1", '"); #read("/etc/passwd")']
)
def test_what_somebody_wrote_is_never_taken_for_typesetting(name: str) -> None:
    text = PdfReader(io.BytesIO(pdf(replace(CARD, title=name)))).pages[0].extract_text()
    squeezed = re.sub(r"\s", "", text)
    assert re.sub(r"\s", "", name).replace('"', "") in squeezed.replace('"', "").replace("“", "").replace(
        "”", ""
    )


def test_plain_words_say_the_same() -> None:
    text = plain(CARD)
    for words in (CARD.title, CARD.when, *CARD.place, CARD.rows[0][1], CARD.cannot, "999", CARD.url):
        assert words in text


def test_the_code_holds_the_address_and_nothing_else() -> None:
    assert qr("http://example.org/a") != qr("http://example.org/b")
    assert qr("http://example.org/a").startswith("<svg")


@pytest.mark.parametrize("text", ["short", "One. " * 60, "word " * 100, "x" * 400])
def test_a_long_row_is_cut_where_it_reads(text: str) -> None:
    cut = shortened(text)
    assert len(cut) <= LONGEST + 2
    assert cut in text or cut.endswith("…")
