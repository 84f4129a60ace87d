"""A society to sign into, and what is mailed meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core import mail as outbox

from stile.people.actions import mail
from tests import society


@pytest.fixture
def town(db: None) -> society.Society:
    return society.build()


Letters = Callable[[], AbstractContextManager[list[Any]]]


@pytest.fixture
def letters(django_capture_on_commit_callbacks: Any) -> Letters:
    """What was mailed by what is done inside: `with letters() as sent: ...`; read `sent` afterwards."""

    @contextmanager
    def inside() -> Iterator[list[Any]]:
        outbox.outbox.clear()
        sent: list[Any] = []
        with django_capture_on_commit_callbacks(execute=True):
            yield sent
        mail.all_sent()
        sent.extend(outbox.outbox)

    return inside
