"""Records of every shape the contracts allow, for Hypothesis."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import (
    AssuranceRecord,
    AtPlaceRecord,
    CostRecord,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
    TermRecord,
    TimeRecord,
    Welcome,
)
from stile.loop.directory.rules.vocabulary import FACTS, KINDS, Delivery, ParentForm, Room

# No lone surrogates and no NUL: readers take those out before anything else sees them.
_chars = st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00")
_SNIPPETS = """11-16|Tuesdays 4-6pm|<p>Hello</p>|a < b & c|x &lt;b&gt;| padded |www.example.org|free|12|li\nne
http://example.org/a|https://exämple.org/ü?q=1 2|javascript:alert(1)|a@b.org|not an email|Urdu|ur|2 weeks
M33 7AB|active|step-free|d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"""
_snippets = st.sampled_from(_SNIPPETS.replace("\n", "|").split("|"))
words = st.text(_chars, max_size=12) | _snippets
said = words.filter(lambda text: text.strip() != "")
keys = st.uuids().map(str) | said
days = st.dates(date(1900, 1, 1), date(2200, 1, 1))
offsets = st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-5, minutes=-30))])
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=offsets)
whole = st.integers(0, 10_000)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(said, inner, max_size=3),
    max_leaves=6,
)
_names = st.sampled_from(
    """name|id|url|description|email|phones|languages|schedules|cost_options|attributes|addresses|status
    |organization|service_at_locations|minimum_age|fees|wait_time|contacts|program|funding|metadata|x_stile
    |capacities|eligibility_description|latitude|location|taxonomy_detail|accessibility|organization_identifiers
    """.replace("\n", "")
    .replace(" ", "")
    .split("|")
)
# Details never hold a bare null: an absent answer is absent.
details = st.dictionaries(_names | said, json_values.filter(lambda value: value is not None), max_size=4)
facts = st.dictionaries(
    st.sampled_from([one.slug for one in FACTS]), st.sampled_from(list(Answer)), max_size=4
)


def _maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


organisations = st.builds(
    OrganisationRecord,
    key=keys,
    name=said,
    description=words,
    email=words,
    website=words,
    phone=words,
    identifiers=st.lists(st.tuples(words, words), max_size=2).map(tuple),
    details=details,
)


@st.composite
def places(draw: st.DrawFn) -> PlaceRecord:
    lat, lon = draw(_maybe(st.tuples(st.floats(-90, 90), st.floats(-180, 180)))) or (None, None)
    return draw(
        st.builds(
            PlaceRecord,
            key=keys,
            name=words,
            organisation_key=words,
            kind=st.sampled_from(["physical", "postal", "virtual"]),
            lat=st.just(lat),
            lon=st.just(lon),
            address=words,
            town=words,
            postcode=words,
            country=words,
            transport=words,
            facts=facts,
            details=details,
        )
    )


times = st.builds(
    TimeRecord,
    key=words,
    freq=st.sampled_from(["", "WEEKLY", "MONTHLY", "DAILY"]),
    interval=st.integers(1, 60),
    byday=st.sampled_from(["", "TU", "MO,WE", "2TU", "-1FR", "1MO,3MO"]),
    bymonthday=st.sampled_from(["", "1", "2,15"]),
    dtstart=_maybe(days),
    valid_from=_maybe(days),
    valid_to=_maybe(days),
    until=_maybe(days),
    count=_maybe(whole),
    opens_at=_maybe(st.times()),
    closes_at=_maybe(st.times()),
    text=words,
    details=details,
)
costs = st.builds(
    CostRecord,
    key=words,
    option=words,
    amount_pence=_maybe(st.integers(0, 10**10)),
    currency=words,
    text=words,
    valid_from=_maybe(days),
    valid_to=_maybe(days),
    details=details,
)
terms = st.builds(
    TermRecord,
    key=keys,
    name=said,
    taxonomy=words,
    code=words,
    uri=words,
    parent_key=words,
    description=words,
    details=details,
)
at_places = st.builds(
    AtPlaceRecord, key=words, place=places(), times=st.lists(times, max_size=2).map(tuple), details=details
)
assurances = st.builds(
    AssuranceRecord,
    kind=words,
    seen_on=_maybe(days),
    seen_by=words,
    review_due=_maybe(days),
    suspended=st.booleans(),
)
services = st.builds(
    ServiceRecord,
    key=keys,
    name=said,
    organisation=_maybe(organisations),
    alternate_name=words,
    description=words,
    website=words,
    email=words,
    phone=words,
    status=st.sampled_from(["active", "inactive", "defunct", "temporarily closed"]),
    min_age=_maybe(st.integers(0, 100)),
    max_age=_maybe(st.integers(0, 100)),
    age_text=words,
    delivery=st.sampled_from(list(Delivery)),
    parent_form=st.sampled_from(list(ParentForm)),
    room=st.sampled_from(list(Room)),
    places=_maybe(whole),
    waiting_weeks=_maybe(whole),
    kinds=st.lists(st.sampled_from([one.slug for one in KINDS]), max_size=3).map(tuple),
    facts=facts,
    languages=st.lists(words, max_size=3).map(tuple),
    welcome=st.builds(Welcome, walk_in=words, first_time=words, support=words),
    assurances=st.lists(assurances, max_size=2).map(tuple),
    confirmed_on=_maybe(days),
    modified_at=_maybe(moments),
    at_places=st.lists(at_places, max_size=2).map(tuple),
    times=st.lists(times, max_size=2).map(tuple),
    costs=st.lists(costs, max_size=2).map(tuple),
    terms=st.lists(terms, max_size=2).map(tuple),
    details=details,
)
records = services | organisations | places() | terms
