"""The help-now page's content: one item, versioned, checked monthly, signed by a clinician (H21, H31)."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

CHECK_EVERY = timedelta(days=35)
FILE = Path(__file__).with_name("helplines.toml")
PAGE = Path(__file__).parent / "templates" / "site" / "help_now.html"


@dataclass(frozen=True, slots=True)
class Nation:
    code: str
    name: str
    urgent: str
    urgent_words: str

    @property
    def dial(self) -> str:
        return self.urgent.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    how: str
    number: str
    kind: str  # tel or sms

    @property
    def dial(self) -> str:
        return self.number.replace(" ", "")


@dataclass(frozen=True, slots=True)
class HelpNow:
    version: str
    owner: str
    checked_on: date
    approved_by: str
    nations: tuple[Nation, ...]
    lines: tuple[Line, ...]

    def overdue(self, today: date) -> bool:
        """Whether nobody has checked the numbers for over a month."""
        return today - self.checked_on > CHECK_EVERY

    @property
    def signed(self) -> bool:
        return bool(self.approved_by)


@cache
def content() -> HelpNow:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return HelpNow(
        version=data["version"],
        owner=data["owner"],
        checked_on=data["checked_on"],
        approved_by=data["approved_by"],
        nations=tuple(Nation(**one) for one in data["nation"]),
        lines=tuple(Line(**one) for one in data["line"]),
    )


def checksum() -> str:
    """Of everything a reader of the page acts on: the numbers' file (but its dates) and the page's words."""
    kept = [
        line
        for line in FILE.read_text(encoding="utf-8").splitlines()
        if not line.startswith(("checked_on", "approved_", "version", "#"))
    ]
    return hashlib.sha256("\n".join([*kept, PAGE.read_text(encoding="utf-8")]).encode()).hexdigest()[:16]
