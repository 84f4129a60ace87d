"""A draft kept without an account: sealed, found by its code alone, gone after thirty days."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from stile.access.entry import saved as engine
from stile.access.gate import working_as
from stile.access.policy.entry import LIMITS
from stile.kernel.decision import Refused
from stile.people.actions import saved

DRAFT = {"what": "something with guinea pigs", "when": ["after school"]}


def keep(**more: Any) -> str:
    return saved.keep(kind="self", draft=DRAFT, place="10.0.0.1", at=timezone.now(), **more)


def find(code: str, **more: Any) -> Any:
    return saved.find(**{"kind": "self", "code": code, "place": "10.0.0.1", "at": timezone.now(), **more})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda code: f" {code[:4]} {code[5:]} ", lambda code: code.replace("-", "")]
)
def test_it_comes_back_however_the_code_is_typed(typed: Any) -> None:
    with working_as("stile_public"):
        code = keep()
        assert len(code) == 9
        assert find(typed(code)) == DRAFT


@pytest.mark.django_db
def test_it_is_found_by_its_code_kind_and_time_only() -> None:
    code = keep()
    now = timezone.now()
    assert find("ABCD-EFGH") is None
    assert find("") is None
    assert find("rubbish!") is None
    assert find(code, kind="another") is None
    assert find(code, at=now + timedelta(days=29, hours=23)) == DRAFT
    assert find(code, at=now + timedelta(days=30, minutes=1)) is None


@pytest.mark.django_db
def test_writing_again_keeps_the_code_and_forgetting_forgets() -> None:
    code = keep()
    assert saved.keep(kind="self", draft={"now": 2}, place="p", at=timezone.now(), code=code) == code
    assert find(code) == {"now": 2}
    saved.forget(code=code)
    assert find(code) is None


@pytest.mark.django_db
def test_a_code_somebody_made_up_is_not_taken() -> None:
    assert keep(code="AAAA-AAAA") != "AAAA-AAAA"


@pytest.mark.django_db
def test_the_database_holds_no_word_of_it_and_lists_nothing(settings: Any) -> None:
    code = keep()
    key_hash, _ = engine._from(engine.plain(code), settings.SECRET_KEY)
    with working_as("stile_signin"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.saved', '', true)")
        cursor.execute("SELECT count(*) FROM access_saved")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('app.saved', %s, true)", [key_hash])
        cursor.execute("SELECT t::text FROM access_saved t")
        kept = cursor.fetchone()[0]
    assert "guinea" not in kept
    assert code not in kept
    assert engine.plain(code) not in kept
    for role in ("stile_public", "stile_app"):
        with (
            working_as(role),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT * FROM access_saved")


@pytest.mark.django_db
def test_guessing_codes_is_slow() -> None:
    code = keep()
    for _ in range(LIMITS["saved-place"].most):
        assert find("ABCD-EFGH", place="10.9.9.9") is None
    with pytest.raises(Refused):
        find(code, place="10.9.9.9")
    assert find(code) == DRAFT


@pytest.mark.django_db
def test_too_long_a_draft_is_refused_in_words() -> None:
    with pytest.raises(Refused) as refused:
        saved.keep(kind="self", draft={"x": "y" * 200_000}, place="p", at=timezone.now())
    assert refused.value.decision.code == "long"


@pytest.mark.django_db
def test_a_key_from_before_still_opens(settings: Any) -> None:
    code = keep()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key, of thirty-two letters and more",
    )
    assert find(code) == DRAFT
