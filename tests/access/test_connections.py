"""A connection handed on carries nothing over: not after an answer, a crash, a broken statement or a stream.

Requests of many people run at once over a real pool of two connections; after each, the connection is
looked at as the next user would find it.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.urls import path

from stile.access.actor import acting
from stile.access.gate import public, requires, signing_in, working_as
from stile.access.policy.doors import Do
from stile.site.urls import urlpatterns as site
from tests.access import reading
from tests.access.crowd import Crowd
from tests.access.reading import Facts
from tests.people import signed_in

pytestmark = pytest.mark.xdist_group("crowd")

ASK = (
    "SELECT current_user::text, coalesce(current_setting('app.account', true), ''),"
    " coalesce(current_setting('app.membership', true), ''), (SELECT wall_membership())::text"
)
CLEAN = ("stile_app", "", "", None)


def asked() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        return cursor.fetchone()


def seen() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM people_youngperson ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@requires(Do.ENTER)
def who(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"membership": asked()[3], "people": seen()})


@requires(Do.ENTER)
def crash(request: HttpRequest) -> HttpResponse:
    assert asked()[3]
    raise ArithmeticError("in the middle of it")


@requires(Do.ENTER)
def break_statement(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return HttpResponse("never")


@requires(Do.ENTER)
def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Its rows are asked for while it is sent, when the transaction is over: there are none to be had."""
    return StreamingHttpResponse(f"{asked()[3]} {seen()}|" for _ in range(3))


@public("A try")
def crash_in_public(request: HttpRequest) -> HttpResponse:
    raise ArithmeticError(asked()[0])


@signing_in("A try")
def crash_signing_in(request: HttpRequest) -> HttpResponse:
    raise ArithmeticError(asked()[0])


urlpatterns = [
    path("try/who/", who), path("try/crash/", crash), path("try/statement/", break_statement),
    path("try/stream/", stream), path("try/public/", crash_in_public), path("try/signing-in/", crash_signing_in),
    *site,
]  # fmt: skip
handler500 = "stile.site.views.broken"
handler404 = "stile.site.views.not_found"


@pytest.fixture
def addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def pool(crowd: Crowd) -> Iterator[None]:
    """The app's connections from a pool of two, as under STILE_POOL=1, until the test ends."""
    options = connections["default"].settings_dict["OPTIONS"]
    connection.close()
    options["pool"] = {"min_size": 2, "max_size": 2, "timeout": 30}
    try:
        yield
    finally:
        connection.close()
        connections["default"].close_pool()  # type: ignore[attr-defined]
        del options["pool"]
        assert "default" not in DatabaseWrapper._connection_pools


ACTORS = ("Lena", "Luke", "Max", "Mary", "Sid", "Dot", "Jo", "Liam", "Flo", "Dee", "Gus")
WAYS = ("who", "who", "who", "crash", "statement", "stream", "public", "signing-in")


def visit(client: Client, name: str, way: str, expected: dict[str, tuple[str, list[str]]]) -> None:
    response = client.get(f"/try/{way}/")
    membership, people = expected[name]
    if way == "who":
        assert response.json() == {"membership": membership, "people": people}, name
    elif way == "stream":
        # In autocommit, after the transaction: nobody, and nothing.
        assert b"".join(response.streaming_content) == b"None []|" * 3
    else:
        assert response.status_code == 500
        assert membership.encode() not in response.content
    response.close()


def clients(crowd: Crowd) -> dict[str, Client]:
    found = {name: signed_in.client(*crowd.staff[name]) for name in ACTORS}
    for client in found.values():
        client.raise_request_exception = False
    return found


def expectations(crowd: Crowd, known: Facts) -> dict[str, tuple[str, list[str]]]:
    found = {}
    for name in ACTORS:
        me = reading.me(known, *crowd.staff[name])
        rows = known.rows["people_youngperson"]
        people = sorted(
            str(row["id"]) for row in rows if reading.may_read(known, "people_youngperson", me, row)
        )
        found[name] = (str(crowd.staff[name][1]), people)
    return found


def test_a_pool_used_by_many_at_once_carries_nothing_over(
    crowd: Crowd, known: Facts, pool: None, addresses: None
) -> None:
    signed, expected = clients(crowd), expectations(crowd, known)
    assert len({tuple(people) for _, people in expected.values()}) > 5, "they see different people"

    def work(seed: int) -> set[int]:
        dice = random.Random(seed)
        backends = set()
        for _ in range(40):
            name = dice.choice(ACTORS)
            visit(signed[name], name, dice.choice(WAYS), expected)
            connection.close()  # as at the end of a request: back to the pool
            assert asked() == CLEAN
            backends.add(connection.connection.info.backend_pid)
            connection.close()
        return backends

    connection.close()  # this thread's own goes back, too
    with ThreadPoolExecutor(6) as threads:
        used = list(threads.map(work, range(6)))
    assert len(set().union(*used)) == 2, "six shared two connections"
    assert sum(map(len, used)) > 6, "and some of them had both"


@pytest.mark.parametrize("way", ["crash", "statement", "stream", "public", "signing-in", "who"])
def test_one_connection_kept_open_is_clean_after_each_kind_of_end(
    crowd: Crowd, known: Facts, addresses: None, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)  # kept between requests
    signed, expected = clients(crowd), expectations(crowd, known)
    asked()
    before = connection.connection.info.backend_pid
    for name in ("Lena", "Flo", "Max"):
        visit(signed[name], name, way, expected)
        assert asked() == CLEAN
        assert seen() == []
    assert connection.connection.info.backend_pid == before, "it was the same connection throughout"


def test_settings_without_a_transaction_last_for_no_statement_but_their_own(crowd: Crowd) -> None:
    account, membership = crowd.staff["Lena"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.account', %s, true), set_config('app.membership', %s, true)",
            [str(account), str(membership)],
        )
    assert asked() == CLEAN


def test_nobody_acts_outside_a_transaction(crowd: Crowd) -> None:
    with pytest.raises(RuntimeError), acting(*crowd.staff["Lena"]):
        pass
    assert asked() == CLEAN


@pytest.mark.parametrize("savepoint", [True, False])
def test_a_crash_that_somebody_catches_leaves_no_actor_behind(crowd: Crowd, savepoint: bool) -> None:
    """Within one transaction, too: whoever acts next is nobody, not the last one."""
    with transaction.atomic():
        try:
            if savepoint:
                with transaction.atomic(), acting(*crowd.staff["Lena"]):
                    raise ArithmeticError
            else:
                with acting(*crowd.staff["Lena"]):
                    raise ArithmeticError
        except ArithmeticError:
            pass
        assert asked() == CLEAN


@pytest.mark.parametrize("role", ["stile_public", "stile_signin", "stile_job"])
def test_a_role_that_somebody_took_ends_with_a_crash_that_is_caught(crowd: Crowd, role: str) -> None:
    with transaction.atomic():
        try:
            with working_as(role):
                raise ArithmeticError
        except ArithmeticError:
            pass
        assert asked() == CLEAN


def test_acting_as_two_one_inside_the_other_ends_one_at_a_time(crowd: Crowd) -> None:
    with transaction.atomic(), acting(*crowd.staff["Lena"]) as lena:
        assert lena is not None
        with acting(*crowd.staff["Max"]) as max_:
            assert max_ is not None
            assert asked()[3] == str(max_.membership_id)
        assert asked()[3] == str(lena.membership_id)
        with acting(crowd.staff["Max"][0], crowd.staff["Lena"][1]) as mixed:
            assert mixed is None
            assert seen() == []
        assert asked()[3] == str(lena.membership_id)
    assert asked() == CLEAN
