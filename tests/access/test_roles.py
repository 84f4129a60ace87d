"""The roles of the database are what the policy says, no more and no less."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from stile.access import rls
from stile.access.gate import working_as


@pytest.mark.django_db
def test_tests_are_signed_in_as_the_app_and_not_as_anybody_mightier() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("stile_app", False, False, False)


@pytest.mark.django_db
def test_the_app_owns_no_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'stile_owner'"
        )
        assert cursor.fetchall() == []


def test_grants_are_what_the_policy_says(as_owner: psycopg.Connection[Any]) -> None:
    assert list(rls.drift(as_owner)) == []


@pytest.mark.django_db
def test_a_role_lasts_for_the_block_only() -> None:
    with connection.cursor() as cursor:
        with working_as("stile_public"):
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("stile_public",)
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("stile_app",)


@pytest.mark.django_db(transaction=True)
def test_no_role_is_taken_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError), working_as("stile_public"):
        pass


@pytest.mark.django_db
def test_only_the_two_roles_can_be_taken() -> None:
    with pytest.raises(ValueError), working_as("stile_owner"):
        pass
