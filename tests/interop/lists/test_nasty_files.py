"""Files as they really come: odd letters, odd rows, odd shapes. The good rows always come in."""

import io
import json
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from stile.interop.lists import reader
from stile.interop.source import Source
from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import Folded, PlaceRecord, Unreadable

from .making import accounted, put, rejected, services, taken, warnings

CLUBS = "Club name,Postcode,Day,Starts,Ends\nChess Café,M33 7WR,Tuesday,16:00,18:00\nBoxing – juniors,WA14 2RS,Friday,5pm,6.30pm\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]
)
def test_letters_of_every_kind(tmp_path: Path, encoding: str) -> None:
    text = CLUBS if encoding != "mac_roman" else CLUBS.replace("–", "-")
    source = put(tmp_path, "clubs.csv", text, encoding)
    proposed = reader.propose(source).tables[0].layout
    assert 0 < proposed.encoding_sure <= 1
    items = taken(source)
    assert accounted(items) == 2
    if encoding != "mac_roman":  # from so few letters nobody can tell a Macintosh's from Windows'
        assert [one.name for one in services(items)] == ["Chess Café", "Boxing – juniors"]
    assert [t.opens_at for one in services(items) for t in one.times] == [time(16), time(17)]


def test_welsh_letters_of_the_old_welsh_set(tmp_path: Path) -> None:
    rows = "Enw,Cod post\n" + "".join(f"Clwb Tŷ Dŵr {n} yng Ngŵyr,SA1 {n}AA\n" for n in range(1, 9))
    items = taken(put(tmp_path, "clybiau.csv", rows, "utf-8"))
    assert services(items)[0].name == "Clwb Tŷ Dŵr 1 yng Ngŵyr"


def test_a_row_in_other_letters_is_mended_and_named(tmp_path: Path) -> None:
    good = "name,postcode\nCaffi Tŷ,CF10 1AA\nCôr Meibion,CF10 1AB\n".encode()
    items = taken(put(tmp_path, "mixed.csv", good + "Café Zoë,CF10 1AC\n".encode("cp1252")))
    assert [one.name for one in services(items)] == ["Caffi Tŷ", "Côr Meibion", "Café Zoë"]
    assert any(one.startswith("mixed.csv:4") and "Windows-1252" in one for one in warnings(items))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separators(tmp_path: Path, delimiter: str) -> None:
    text = CLUBS.replace(",", delimiter)
    items = taken(put(tmp_path, "clubs.txt", text))
    assert [one.at_places[0].place.postcode for one in services(items)] == ["M33 7WR", "WA14 2RS"]


def test_semicolons_with_decimal_commas(tmp_path: Path) -> None:
    text = 'name;lat;lon;cost\n"Judo; for all";53,4176;-2,4254;"£3,50"\nChess;53,44;-2,31;free\n'
    items = taken(put(tmp_path, "clubs.csv", text))
    first, second = services(items)
    assert first.name == "Judo; for all"
    assert (first.at_places[0].place.lat, first.at_places[0].place.lon) == (53.4176, -2.4254)
    assert [first.costs[0].amount_pence, second.costs[0].amount_pence] == [350, 0]


def test_excels_own_first_line(tmp_path: Path) -> None:
    items = taken(put(tmp_path, "clubs.csv", "sep=;\r\nname;postcode\r\nChess;M33 7WR\r\n"))
    assert [(one.name, one.where) for one in services(items)] == [("Chess", "clubs.csv:3")]


def test_titles_and_blank_lines_above_the_headings(tmp_path: Path) -> None:
    text = "Activities for young people 2026,,,\nUpdated by the council,,,\n,,,\nName,Address,Postcode,Telephone\nJudo,Moss Lane,M31 4FA,0161 912 2122\n,,,\nChess,High Street,M33 7WR,0161 912 2123\n"
    items = taken(put(tmp_path, "list.csv", text))
    assert [(one.name, one.where) for one in services(items)] == [
        ("Judo", "list.csv:5"),
        ("Chess", "list.csv:7"),
    ]
    assert accounted(items) == 2


def test_no_headings_at_all(tmp_path: Path) -> None:
    source = put(
        tmp_path,
        "bare.csv",
        "Judo,M31 4FA,0161 912 2122\nChess,M33 7WR,0161 912 2123\nArt,M33 7WS,0161 912 2124\n",
    )
    with pytest.raises(
        Unreadable, match=r"(?s)no column could be recognised as the name.*column 1.*columns:"
    ) as said:
        taken(source)
    assert "--mapping" in str(said.value)
    fields = {column.heading: column.field for column in reader.propose(source).tables[0].columns}
    assert fields == {"column 1": "", "column 2": "postcode", "column 3": "phone"}


def test_double_and_empty_headings(tmp_path: Path) -> None:
    text = "name,,phone,phone,,\nJudo,a,0161 912 2122,0161 912 9999,b,\n"
    items = taken(put(tmp_path, "list.csv", text))
    one = services(items)[0]
    assert one.phone == "0161 912 2122"
    assert one.details["columns"] == {"column 2": "a", "phone (2)": "0161 912 9999", "column 5": "b"}
    assert any("'phone (2)' is kept but not used" in warning for warning in warnings(items))


def test_ragged_rows_do_not_stop_the_good_ones(tmp_path: Path) -> None:
    text = "name,address,postcode,phone\nJudo,Moss Lane,M31 4FA,0161 912 2122\nChess,High Street, Sale,M33 7WR,0161 912 2123\nArt,Hall\nTotal: 3\nYoga,Park Road,M33 7WS,0161 912 2124,,\n"
    items = taken(put(tmp_path, "list.csv", text))
    assert accounted(items) == 5
    assert [one.name for one in services(items)] == ["Judo", "Art", "Yoga"]
    assert [(one.where, one.reason.split(":")[0]) for one in rejected(items)] == [
        ("list.csv:3", "5 cells for 4 headings"),
        ("list.csv:5", "a line and not a row of the table"),
    ]
    assert any(one.startswith("list.csv:4 only 2 cells") for one in warnings(items))


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row(tmp_path: Path) -> None:
    rows = "".join(f"Club {n},Lane {n},M33 7WR\n" for n in range(40))
    items = taken(put(tmp_path, "list.csv", f'name,address,postcode\nJudo,"Moss Lane,M31 4FA\n{rows}'))
    assert accounted(items) == 41
    assert len(services(items)) == 40
    assert [(one.where, one.reason) for one in rejected(items)] == [
        ("list.csv:2", "a quotation mark is opened here and never closed")
    ]


def test_a_cell_of_a_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write("name,description,postcode\nJudo,fine,M31 4FA\nHuge,")
        for _ in range(100):
            file.write("x" * 1_000_000)
        file.write(',M33 7WR\nChess,fine,M33 7WS\nLong,"')
        for _ in range(30_000):
            file.write("a line of a long text, of many lines\n")
        file.write('",M33 7WT\nYoga,fine,M33 7WT\n')
    items = taken(Source.of(path))
    assert [one.name for one in services(items)] == ["Judo", "Chess", "Yoga"]
    assert ["characters" in one.reason for one in rejected(items)] == [True, True]
    assert accounted(items) == 5


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n\n \n", "empty"),
        (b"name,postcode\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20, "not text"),
        (b"PK\x03\x04" + b"\x00" * 100, "broken"),
        (b"{", "JSON"),
        (b"[]", "no list"),
        (b"[1, 2, 3]", "no list"),
        (b'{"a": [{"b": [{"c": ' * 60, "JSON|within each other"),
        (b'"' * 100_000, "."),
        (b"[" * 100_000, "."),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        taken(put(tmp_path, "list.csv", content))


def test_values_that_say_nothing_are_unknown(tmp_path: Path) -> None:
    text = "name,phone,website,min age,wheelchair access,opening times,cost\n"
    text += "".join(
        f"Club {n},{word},{word},{word},{word},{word},{word}\n"
        for n, word in enumerate(["NA", "N/A", "-", "none", "Not known", "unknown", "TBC", "#N/A"])
    )
    text += "Judo,0161 912 2122,judo.org.uk,11,Yes,Tuesday 4pm - 6pm,£2\n"
    for one in services(taken(put(tmp_path, "list.csv", text)))[:-1]:
        assert not (one.phone)
        assert not (one.website)
        assert not (one.min_age)
        assert not (one.times)
        assert not (one.costs)
        assert not (one.facts)


def test_html_and_formulas_are_text(tmp_path: Path) -> None:
    text = 'name,description,phone,notes\n"=HYPERLINK(""http://x"")","<p>Come &amp; <b>join</b></p><script>alert(1)</script><ul><li>tea</li></ul>",+44 161 912 2122,@home\n"=""0161""",&lt;p&gt;Twice&lt;/p&gt;,"=""01619122122""",-5\n'
    first, second = services(taken(put(tmp_path, "list.csv", text)))
    assert first.name == '=HYPERLINK("http://x")'
    assert first.details["columns"]["notes"] == "@home"
    assert "alert" not in first.description
    assert "<" not in first.description
    assert first.description.startswith("Come & join")
    assert "tea" in first.description
    assert (second.name, second.description, second.phone) == ("0161", "Twice", "01619122122")


def test_swapped_and_impossible_positions(tmp_path: Path) -> None:
    text = "name,latitude,longitude,postcode\n" + "".join(
        f"Club {n},-2.4{n},53.4{n},M33 7WR\n" for n in range(4)
    )
    items = taken(put(tmp_path, "list.csv", text))
    assert services(items)[0].at_places[0].place.lat == 53.40
    assert any("stand under each other's headings" in one for one in warnings(items))
    text = "name,latitude,longitude,postcode\nA,53.4,-2.4,M33 7WR\nB,53.41,-2.41,M33 7WR\nC,-2.4,53.4,M33 7WR\nD,0,0,M33 7WR\nE,91,181,M33 7WR\nF,40.7,-74.0,M33 7WR\nG,x,-2,M33 7WR\n"
    items = taken(put(tmp_path, "other.csv", text))
    assert [one.at_places[0].place.lat for one in services(items)] == [
        53.4,
        53.41,
        53.4,
        None,
        None,
        None,
        None,
    ]
    assert sum(":" in one for one in warnings(items)) == 5


def test_metres_of_the_british_and_the_irish_grid(tmp_path: Path) -> None:
    text = "name,easting,northing,postcode\nTower,651409,313177,NR1 1AA\nBelfast,333800,374000,BT1 5GS\n"
    first, second = (one.at_places[0].place for one in services(taken(put(tmp_path, "list.csv", text))))
    assert (round(first.lat, 3), round(first.lon, 3)) == (52.658, 1.716)
    assert (round(second.lat, 2), round(second.lon, 2)) == (54.60, -5.93)


def test_ages(tmp_path: Path) -> None:
    text = "name,postcode,age from,age to,who is it for\nA,M33 7WR,11,16,\nB,M33 7WR,16,11,\nC,M33 7WR,8,999,\nD,M33 7WR,,,Young people aged 13 to 19\nE,M33 7WR,18+,,\nF,M33 7WR,young,,\n"
    items = taken(put(tmp_path, "list.csv", text))
    assert [(one.min_age, one.max_age) for one in services(items)] == [(11, 16), (None, None), (8, None), (13, 19), (18, None), (None, None)]  # fmt: skip
    assert services(items)[1].age_text == "16–11"


def test_days_in_columns_and_days_with_hours_beside(tmp_path: Path) -> None:
    text = "name,postcode,Monday,Tuesday,Sunday\nLibrary,M33 7WR,9am-5pm,10:00 - 12:00,Closed\n"
    times = services(taken(put(tmp_path, "list.csv", text)))[0].times
    assert [(t.byday, t.opens_at, t.closes_at) for t in times] == [
        ("MO", time(9), time(17)),
        ("TU", time(10), time(12)),
    ]
    text = "name,postcode,Day,Time\nJudo,M33 7WR,Tuesday and Thursday,4pm - 6pm\nArt,M33 7WR,Every other Friday,evening\n"
    first, second = services(taken(put(tmp_path, "other.csv", text)))
    assert [(t.byday, t.opens_at) for t in first.times] == [("TU,TH", time(16))]
    assert [(t.freq, t.text) for t in second.times] == [("", "Every other Friday evening")]


def test_rows_of_one_activity_are_folded(tmp_path: Path) -> None:
    text = "name,organisation,postcode,day,start time,end time\nJudo,Sale Judo,M33 7WR,Tuesday,16:00,17:00\nChess,,M33 7WS,Monday,15:00,16:00\njudo,Sale Judo,M33 7WR,Thursday,16:00,17:00\nJudo,Sale Judo,M31 4FA,Friday,16:00,17:00\n"
    items = taken(put(tmp_path, "list.csv", text))
    assert accounted(items) == 4
    assert [one.where for one in items if isinstance(one, Folded)] == ["list.csv:4"]
    assert {one.where: [t.byday for t in one.times] for one in services(items)}["list.csv:2"] == ["TU", "TH"]
    text = "id,name,venue,postcode,day,time from,time to\n7,Judo,Hall,M33 7WR,Tuesday,16:00,17:00\n7,Judo,Gym,M31 4FA,Friday,16:00,17:00\n8,Chess,Hall,M33 7WR,,,\n8,Draughts,Hall,M33 7WR,,,\n"
    items = taken(put(tmp_path, "ids.csv", text))
    judo = services(items)[0]
    assert [(at.place.name, [t.byday for t in at.times]) for at in judo.at_places] == [
        ("Hall", ["TU"]),
        ("Gym", ["FR"]),
    ]
    assert len({one.key for one in services(items)}) == 3
    assert any("'8' stands for several" in one for one in warnings(items))


def test_the_same_name_and_place_for_other_ages_is_another_activity(tmp_path: Path) -> None:
    text = "name,postcode,min age,max age\nJudo,M33 7WR,5,8\nJudo,M33 7WR,9,12\nJudo,M33 7WR,5,8\n"
    items = taken(put(tmp_path, "list.csv", text))
    assert accounted(items) == 3
    assert [(one.min_age, one.max_age) for one in services(items)] == [(5, 8), (9, 12)]


def test_hidden_places_and_people_stay_hidden(tmp_path: Path) -> None:
    text = "name,organisation,address,postcode,lat,lon,mask exact address,contact name,contact email,contact visible\n"
    text += "Refuge,Safe Ltd,1 Secret Lane,M33 7WR,53.41768,-2.42543,yes,Jo Bloggs,jo@example.org,no\n"
    text += "Judo,Sale Judo,Moss Lane,M31 4FA,53.41768,-2.42543,no,Ann Other,ann@example.org,yes\n"
    refuge, judo = services(taken(put(tmp_path, "list.csv", text)))
    place = refuge.at_places[0].place
    assert (place.address, place.postcode, place.lat, place.lon) == ("", "M33", 53.42, -2.43)
    assert not any(secret in repr(refuge) for secret in ("Secret", "Bloggs", "jo@", "7WR", "53.417"))
    assert judo.details["contacts"] == [{"name": "Ann Other", "email": "ann@example.org"}]
    assert judo.email == "ann@example.org"


def test_a_column_of_addresses_nobody_named_is_not_published(tmp_path: Path) -> None:
    text = "name,postcode,safeguarding lead\n" + "".join(
        f"Club {n},M33 7W{c},person{n}@example.org\n" for n, c in enumerate("RSTUW")
    )
    source = put(tmp_path, "list.csv", text)
    assert all(not one.email for one in services(taken(source)))
    text = text.replace("safeguarding lead", "write here")
    source = put(tmp_path, "list.csv", text)
    column = reader.propose(source).tables[0].columns[2]
    assert (column.status, column.field) == ("uncertain", "email")
    assert "5 of 5" in column.why
    assert all(not one.email for one in services(taken(source)))


def test_postcodes_are_told_by_what_they_are(tmp_path: Path) -> None:
    text = "Grŵp,Ble mae o\n" + "".join(f"Clwb {n},LL5{n} {n}AA\n" for n in range(1, 9))
    column = reader.propose(put(tmp_path, "list.csv", text)).tables[0].columns[1]
    assert column.field in ("postcode",)
    assert "8 of 8" in column.why


def test_welsh_headings(tmp_path: Path) -> None:
    text = "Enw,Disgrifiad,Cod Post,Ffôn,E-bost,Gwefan,Oed lleiaf,Oed mwyaf,Diwrnod,Amser dechrau,Amser gorffen\nClwb Celf,Paentio,LL57 2DG,01248 123456,celf@example.cymru,celf.cymru,11,16,Dydd Llun,16:00,18:00\n"
    one = services(taken(put(tmp_path, "rhestr.csv", text)))[0]
    assert (one.name, one.phone, one.email, one.min_age, one.max_age) == (
        "Clwb Celf",
        "01248 123456",
        "celf@example.cymru",
        11,
        16,
    )
    assert [(t.byday, t.opens_at) for t in one.times] == [("MO", time(16))]


def workbook(path: Path) -> Source:
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Read me"
    notes["A1"] = "This list is kept by the council"
    sheet = book.create_sheet("Clubs 2026")
    sheet.merge_cells("A1:F1")
    sheet["A1"] = "Clubs for young people"
    sheet.append([])
    sheet.append(["Club", "Venue", "Post Code", "Tel", "Start", "Last updated", "Wheelchair access"])
    sheet.append(["Judo", "Town Hall", "M33 7WR", 1619122122, time(16, 30), date(2026, 3, 4), True])
    sheet.append(["Chess", None, "M33 7WR", "0161 912 2123", time(17, 0), datetime(2026, 3, 5, 9, 30), False])
    sheet.merge_cells("B4:B5")
    hidden = book.create_sheet("Hidden")
    hidden.append(["name", "postcode"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return Source.of(path)


def test_a_workbook_with_several_sheets(tmp_path: Path) -> None:
    source = workbook(tmp_path / "clubs.xlsx")
    assert reader.recognises(source) == "a workbook"
    items = taken(source)
    judo, chess = services(items)
    assert judo.phone == "01619122122"
    assert judo.modified_at is not None
    assert judo.modified_at.date() == date(2026, 3, 4)
    assert [one.at_places[0].place.name for one in (judo, chess)] == ["Town Hall", "Town Hall"]
    assert [one.at_places[0].place.facts["step_free"] for one in (judo, chess)] == [Answer.YES, Answer.NO]
    assert judo.where == "clubs.xlsx#Clubs 2026:4"
    assert any("'Read me'" in one for one in warnings(items))
    assert not any("Hidden" in one for one in warnings(items))


def test_an_open_document_sheet(tmp_path: Path) -> None:
    cells = [["name", "postcode"], ["Judo", "M33 7WR"]]
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in cells
    )
    content = f'<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="One">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    items = taken(put(tmp_path, "list.ods", kept.getvalue()))
    assert [(one.name, one.at_places[0].place.postcode) for one in services(items)] == [("Judo", "M33 7WR")]


def test_a_broken_workbook(tmp_path: Path) -> None:
    good = workbook(tmp_path / "clubs.xlsx").path
    assert good is not None
    with pytest.raises(Unreadable):
        taken(put(tmp_path, "cut.xlsx", good.read_bytes()[:4000]))
    with pytest.raises(Unreadable):
        taken(put(tmp_path, "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000))


def test_json_nested_three_deep(tmp_path: Path) -> None:
    data = {
        "meta": {"count": 2},
        "tags": [{"id": 1, "label": "x"}, {"id": 2, "label": "y"}, {"id": 3, "label": "z"}],
        "data": {"areas": {"services": [
            {"id": "a1", "name": "Judo", "location": {"address": {"street": "Moss Lane", "postcode": "M31 4FA"}, "geo": {"lat": 53.4, "lng": -2.4}},
             "categories": ["Judo", "Youth club"], "eligibility": {"minimum_age": 8, "maximum_age": 12}, "free": True,
             "schedules": [{"day": "Monday", "start": "16:00", "end": "17:00"}, {"day": "Friday", "start": "16:00", "end": "17:00"}]},
            {"id": "a2", "name": "Chess", "phone": "0161 912 2122", "location": None, "categories": []}, "oops",
        ]}},
    }  # fmt: skip
    source = put(tmp_path, "feed.json", json.dumps(data))
    assert reader.recognises(source) == "a list in JSON"
    items = taken(source)
    judo, chess = services(items)
    assert accounted(items) == 3
    assert rejected(items)[0].where == "feed.json:$.data.areas.services[2]"
    assert judo.at_places[0].place.postcode == "M31 4FA"
    assert judo.at_places[0].place.lon == -2.4
    assert (judo.min_age, judo.max_age, judo.costs[0].amount_pence) == (8, 12, 0)
    assert [t.byday for t in judo.times] == ["MO", "FR"]
    assert judo.kinds == ("martial-arts", "youth-club")
    assert chess.where == "feed.json:$.data.areas.services[1]"
    assert not chess.at_places
    assert any("tags" in one for one in warnings(items))


def test_json_services_inside_their_organisations(tmp_path: Path) -> None:
    data = [
        {
            "name": "Sale Judo",
            "id": "o1",
            "services": [{"name": "Judo", "postcode": "M33 7WR"}, {"name": "Aikido", "postcode": "M33 7WR"}],
        },
        {"name": "Nobody", "id": "o2", "services": []},
    ]
    items = taken(put(tmp_path, "feed.json", json.dumps({"organisations": data})))
    assert [(one.name, one.organisation.name if one.organisation else "") for one in services(items)] == [
        ("Judo", "Sale Judo"),
        ("Aikido", "Sale Judo"),
    ]
    assert rejected(items)[0].where == "feed.json:$.organisations[1]"


def test_json_lines_one_object_and_objects_by_key(tmp_path: Path) -> None:
    lines = '{"name": "Judo", "postcode": "M33 7WR"}\nnot json\n\n{"name": "Chess", "postcode": "M33 7WR"}\n'
    items = taken(put(tmp_path, "feed.ndjson", lines))
    assert [one.where for one in services(items)] == ["feed.ndjson:1", "feed.ndjson:4"]
    assert rejected(items)[0].where == "feed.ndjson:2"
    items = taken(put(tmp_path, "one.json", '{"name": "Judo", "postcode": "M33 7WR"}'))
    assert [one.name for one in services(items)] == ["Judo"]
    items = taken(
        put(
            tmp_path,
            "keyed.json",
            '{"a": {"name": "Judo", "postcode": "M33 7WR"}, "b": {"name": "Chess", "postcode": "M33 7WR"}}',
        )
    )
    assert [one.key for one in services(items)] == ["a", "b"]
    items = taken(put(tmp_path, "wide.json", '[{"name": "Café", "postcode": "M33 7WR"}]', "utf-16"))
    assert [one.name for one in services(items)] == ["Café"]


def test_geojson(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "id": 5, "properties": {"name": "Judo", "category": "Judo"}, "geometry": {"type": "Point", "coordinates": [-2.4, 53.4]}},
        {"type": "Feature", "properties": {"name": "Park", "category": "Walking"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0]]]}},
        {"type": "Feature", "properties": {"name": "Chess", "category": "Chess"}, "geometry": None},
    ]  # fmt: skip
    items = taken(
        put(tmp_path, "map.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    )
    first = services(items)[0]
    assert (first.key, first.at_places[0].place.lat, first.at_places[0].place.lon) == ("5", 53.4, -2.4)
    assert accounted(items) == 3


def test_dates_are_not_guessed(tmp_path: Path) -> None:
    text = "name,postcode,last checked\nA,M33 7WR,03/04/2026\nB,M33 7WS,2026-05-06\n"
    items = taken(put(tmp_path, "british.csv", text))
    assert services(items)[0].confirmed_on == date(2026, 4, 3)
    assert any("day first" in one for one in warnings(items))
    items = taken(
        put(tmp_path, "elsewhere.csv", text.replace("M33 7WR", "94063").replace("M33 7WS", "94064"))
    )
    assert services(items)[0].confirmed_on is None
    assert any("03/04/2026" in one for one in warnings(items))
    items = taken(put(tmp_path, "american.csv", text.replace("2026-05-06", "05/26/2026")))
    assert services(items)[0].confirmed_on == date(2026, 3, 4)


def test_half_past_four_may_be_morning_or_afternoon(tmp_path: Path) -> None:
    text = "name,postcode,day,start time,end time\nA,M33 7WR,Monday,4:30,6:00\nB,M33 7WR,Monday,16:30,18:00\nC,M33 7WR,Monday,9:00,17:00\nD,M33 7WR,Monday,07:00,08:00\nE,M33 7WR,Monday,hh:mm,18:00\n"
    items = taken(put(tmp_path, "list.csv", text))
    read = [(one.times[0].freq, one.times[0].opens_at) for one in services(items)]
    assert read == [
        ("", None),
        ("WEEKLY", time(16, 30)),
        ("WEEKLY", time(9)),
        ("WEEKLY", time(7)),
        ("", None),
    ]
    assert "4:30" in services(items)[0].times[0].text
    assert len(warnings(items)) == 2


def test_titles_between_rows_totals_and_headings_once_more(tmp_path: Path) -> None:
    text = "name,address,postcode,notes\nSPORTS,,,\nJudo,Moss Lane,M31 4FA,\nname,address,postcode,notes\nTotal,,,1\n"
    items = taken(put(tmp_path, "list.csv", text))
    assert [one.name for one in services(items)] == ["Judo"]
    assert [one.where for one in rejected(items)] == ["list.csv:2", "list.csv:4", "list.csv:5"]


def test_lists_that_do_not_belong_together(tmp_path: Path) -> None:
    put(tmp_path, "lists/clubs.csv", "site_id,name,postcode\n1,Judo,M31 4FA\n")
    put(tmp_path, "lists/libraries.csv", "id,name,postcode\n1,Library,M31 4FA\n")
    source = Source.of(tmp_path / "lists")
    assert reader.recognises(source) is None
    with pytest.raises(Unreadable, match=r"clubs.csv, libraries.csv"):
        taken(source)


def test_a_workbook_of_linked_sheets_and_a_zip_of_linked_tables(tmp_path: Path) -> None:
    tables = {
        "Organisations": [
            ["Org ID", "Organisation name", "Email"],
            ["O1", "Sale Judo", "hello@judo.example"],
        ],
        "Venues": [
            ["Venue ID", "Venue name", "Postcode"],
            ["V1", "Town Hall", "M33 7WR"],
            ["V2", "Gym", "M31 4FA"],
        ],
        "Activities": [
            ["Activity ID", "Activity name", "Org ID", "Venue ID", "Day", "Start time", "End time"],
            ["A1", "Judo", "O1", "V1", "Tuesday", "16:00", "17:00"],
            ["A2", "Aikido", "O1", "V9", "Friday", "16:00", "17:00"],
        ],
    }
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    with zipfile.ZipFile(tmp_path / "tables.zip", "w") as archive:
        for name, rows in tables.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
            archive.writestr(f"{name}.csv", "\n".join(",".join(row) for row in rows))
    book.save(tmp_path / "tables.xlsx")
    for name in ("tables.xlsx", "tables.zip"):
        source = Source.of(tmp_path / name)
        assert reader.recognises(source) == "linked tables"
        items = taken(source)
        assert accounted(items) == 5
        judo = services(items)[0]
        assert judo.organisation is not None
        assert (judo.organisation.name, judo.organisation.email) == ("Sale Judo", "hello@judo.example")
        assert judo.at_places[0].place.postcode == "M33 7WR"
        assert [t.byday for t in judo.times] == ["TU"]
        assert "'V9'" in rejected(items)[0].reason
        assert [one.where for one in items if isinstance(one, PlaceRecord)][1].endswith(":3")


def test_shapes_of_other_feeds(tmp_path: Path) -> None:
    posts = [
        {
            "id": 3,
            "title": {"rendered": "Judo"},
            "content": {"rendered": "<p>Come along</p>"},
            "acf": {"address": {"postcode": "M33 7WR"}},
        }
    ]
    one = services(taken(put(tmp_path, "posts.json", json.dumps(posts))))[0]
    assert (one.key, one.name, one.description) == ("3", "Judo", "Come along")
    feed = {"items": [
        {"state": "updated", "id": "e1", "data": {"name": "Judo", "location": {"address": {"streetAddress": "Moss Lane", "addressLocality": "Sale", "postalCode": "M31 4FA"}, "geo": {"latitude": 53.4, "longitude": -2.4}}}},
        {"state": "deleted", "id": "e2", "data": {"name": "Gone", "location": {"address": {"postalCode": "M31 4FA"}}}},
    ]}  # fmt: skip
    first, second = services(taken(put(tmp_path, "feed.json", json.dumps(feed))))
    place = first.at_places[0].place
    assert (place.address, place.town, place.postcode, place.lat) == ("Moss Lane", "Sale", "M31 4FA", 53.4)
    assert (first.status, second.status) == ("active", "inactive")
    feed = {"meta": {"total": 1}, "data": [{"id": "s1", "name": "Chess", "organisation": {"id": "o1", "name": "Knights"}, "url": "https://a.example", "locations": [{"id": "l1", "formatted_address": "1 High St", "locality": "Sale", "postal_code": "M33 7WR"}, {"id": "l2", "formatted_address": "2 Low St", "postal_code": "M33 7WS"}], "categories": [{"name": "Board games", "slug": "x"}]}]}  # fmt: skip
    one = services(taken(put(tmp_path, "api.json", json.dumps(feed))))[0]
    assert one.organisation is not None
    assert (one.organisation.name, one.organisation.key, one.kinds) == ("Knights", "o1", ("board-games",))
    assert [at.place.postcode for at in one.at_places] == ["M33 7WR", "M33 7WS"]
