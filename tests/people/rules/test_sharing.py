"""A yes to sharing: to one reader, for named parts, until a day, and not a moment longer."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.people.rules.sharing import (
    IN_WORDS,
    LANGUAGES,
    MOST,
    READERS,
    READS_FOR,
    WORDINGS,
    Part,
    Reader,
    Yes,
    ends_well,
    may_ask,
    may_share,
    parts_for,
    until,
    wording_mark,
)
from stile.people.rules.words import OrganisationKind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLUB, OTHER, MUM, UNCLE = (UUID(int=n) for n in range(4))
MOMENTS = st.integers(-40, 40).map(lambda days: NOW + timedelta(days=days))
YESES = st.builds(
    Yes,
    parts=st.frozensets(st.sampled_from(Part)), readers=st.frozensets(st.sampled_from(Reader)),
    organisation_id=st.sampled_from([CLUB, OTHER]), carer_id=st.none(),
    starts=MOMENTS, ends=MOMENTS, withdrawn_at=st.none() | MOMENTS,
) | st.builds(
    Yes,
    parts=st.frozensets(st.sampled_from(Part)), readers=st.just(frozenset({Reader.PARENT})),
    organisation_id=st.none(), carer_id=st.sampled_from([MUM, UNCLE]),
    starts=MOMENTS, ends=MOMENTS, withdrawn_at=st.none() | MOMENTS,
)  # fmt: skip


@given(st.lists(YESES, max_size=4), st.sampled_from(Part), st.sampled_from(Reader))
def test_shared_only_where_some_yes_covers_all_of_it(yeses: list[Yes], part: Part, reader: Reader) -> None:
    shared = may_share(yeses, part, reader, NOW, organisation_id=CLUB).ok
    naive = any(
        one.organisation_id == CLUB and reader in one.readers and part in one.parts and one.withdrawn_at is None
        and one.starts <= NOW and one.ends > NOW
        for one in yeses
    )  # fmt: skip
    assert shared == naive
    to_mum = may_share(yeses, part, reader, NOW, carer_id=MUM).ok
    assert not to_mum or any(one.carer_id == MUM and part in one.parts for one in yeses)


def test_nothing_said_is_no_to_everybody() -> None:
    for part, reader in product(Part, Reader):
        answer = may_share([], part, reader, NOW, organisation_id=CLUB, carer_id=MUM)
        assert answer.code == "no yes"
        assert answer.words


@given(st.integers(-800, 800))
def test_a_yes_never_outlasts_its_activity_or_twelve_months(days: int) -> None:
    ends = until(NOW, NOW + timedelta(days=days))
    assert ends <= NOW + MOST
    assert ends <= NOW + timedelta(days=days)
    assert ends_well(NOW, ends).ok == (days > 0)
    assert until(NOW) == NOW + MOST
    assert not ends_well(NOW, NOW + MOST + timedelta(seconds=1))


def test_what_may_go_to_whom_at_all() -> None:
    for part, reader in product(Part, Reader):
        assert may_ask([part], [reader]).ok == (reader in READERS[part])
    assert may_ask([], [Reader.COORDINATOR]).code == "empty"
    assert may_ask([Part.HELLO_PAGE], []).code == "empty"
    # One part that may go does not carry along another that may not.
    assert may_ask([Part.PROGRESS_WORD, Part.CONTACT], [Reader.REFERRER]).code == "reader"


def test_each_part_has_words_of_its_own_and_none_is_everything() -> None:
    assert set(IN_WORDS) == set(Part) == set(READERS)
    assert len(set(IN_WORDS.values())) == len(Part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_were_shown_are_kept_with_their_language(language: str) -> None:
    for version in WORDINGS:
        assert wording_mark(language, version) == f"{version}:{language}"
    for bad in (("fr", "sharing-1"), (language, "sharing-0")):
        with pytest.raises(ValueError):
            wording_mark(*bad)


def test_what_is_asked_for_each_kind_of_organisation() -> None:
    assert set(READS_FOR) < set(OrganisationKind)
    assert parts_for(READS_FOR["charity"]) == (Part.HELLO_PAGE, Part.CONTACT, Part.OUTCOMES, Part.EMERGENCY)
    assert parts_for(READS_FOR["school"]) == (Part.PROGRESS_WORD,)
    for readers in READS_FOR.values():
        assert may_ask(parts_for(readers), readers).ok
    assert parts_for([]) == ()
