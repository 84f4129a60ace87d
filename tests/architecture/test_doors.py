"""Every address goes through a gate, every table stands in the policy, arrows point backwards only."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from stile.access.policy.tables import RULES
from stile.access.policy.words import Class

ORDER = ["audit", "access", "places", "people", "directory", "match"]


def views(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.callback


def test_every_address_has_a_gate_that_says_why() -> None:
    found = list(views())
    assert len(found) > 10
    assert [address for address, view in found if not getattr(view, "gate", ("", ""))[1]] == []


def test_every_table_is_classified() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables - {rule.table for rule in RULES} == set()


def test_every_rule_says_why_and_names_a_table_once() -> None:
    names = [rule.table for rule in RULES]
    assert len(names) == len(set(names))
    assert [rule.table for rule in RULES if len(rule.why) < 15] == []


def test_the_public_role_reads_nothing_personal() -> None:
    assert [rule.table for rule in RULES if rule.kind is Class.PERSONAL and "SELECT" in rule.public] == []


def test_foreign_keys_never_point_forward_along_the_loop() -> None:
    wrong = []
    for model in apps.get_models():
        here = model._meta.app_label
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None or isinstance(target, str):
                continue
            there = target._meta.app_label
            if here in ORDER and there in ORDER and ORDER.index(there) > ORDER.index(here):
                wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert wrong == []


def test_the_audit_is_tied_to_no_other_table() -> None:
    event = apps.get_model("audit", "Event")
    assert [field.name for field in event._meta.get_fields() if field.is_relation] == []


@pytest.mark.parametrize("kind", list(Class))
def test_classes_are_used(kind: Class) -> None:
    """A class nobody uses is a rule nobody keeps."""
    assert any(rule.kind is kind for rule in RULES)
