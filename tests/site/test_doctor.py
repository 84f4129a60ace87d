"""`stile doctor` finds what is wrong, says how to mend it, and does not fall over itself."""

import pytest
from typer.testing import CliRunner

from stile.site.cli.main import app


def test_a_database_that_does_not_answer_is_said_with_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/x")
    monkeypatch.setenv("COLUMNS", "200")
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "Nothing listens there" in done.output


def test_H21_H31_it_notes_who_checked_and_who_signed_the_help_now_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/x")
    monkeypatch.setenv("COLUMNS", "200")
    output = CliRunner().invoke(app, ["doctor"]).output
    assert "Help-now numbers" in output
    assert "signed by nobody yet" in output
