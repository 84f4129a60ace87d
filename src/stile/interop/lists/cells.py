"""A row seen through its mapping: the cells of each field, translated, the silent ones left out."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field

from stile.kernel.answer import Answer
from stile.loop.directory.rules.records import Warned

from . import values
from .fields import FACT_FIELD
from .mapping import USED, TableMapping
from .table import Row


@dataclass(slots=True)
class Plan:
    """A mapping made ready for reading many rows."""

    mapping: TableMapping
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()  # (slug, heading)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, mapping: TableMapping) -> "Plan":
        used = [column for column in mapping.columns if column.status == USED and column.field]
        names = {column.field for column in used}
        return cls(
            mapping=mapping,
            fields={name: tuple(c.heading for c in used if c.field == name) for name in names},
            kept=tuple(column.heading for column in mapping.columns if column.status != USED),
            facts=tuple(
                (c.field.removeprefix(FACT_FIELD), c.heading) for c in used if c.field.startswith(FACT_FIELD)
            ),
            values={
                heading: {values.tidy(given).casefold(): meant for given, meant in inner.items()}
                for heading, inner in mapping.values.items()
            },
        )


class Cells:
    """One row; what is odd about it gathers in `warnings`."""

    __slots__ = ("plan", "row", "warnings")

    def __init__(self, plan: Plan, row: Row) -> None:
        self.plan, self.row = plan, row
        self.warnings: list[Warned] = [Warned(row.where, reason) for reason in row.warnings]

    def warn(self, reason: str) -> None:
        self.warnings.append(Warned(self.row.where, reason))

    def cell(self, heading: str) -> str:
        """The text under a heading, translated as the mapping says; "" where it says nothing."""
        text = self.row.cells.get(heading, "")
        meant = self.plan.values.get(heading)
        if meant is not None:
            text = meant.get(text.casefold(), text)
        return "" if values.is_unknown(text) else text

    def every(self, name: str) -> list[tuple[str, str]]:
        """(heading, text) of each cell that fills a field; what holds for every row where none does."""
        found = [
            (heading, text) for heading in self.plan.fields.get(name, ()) if (text := self.cell(heading))
        ]
        if not found and (constant := self.plan.mapping.constants.get(name)):
            return [(name, constant)]
        return found

    def text(self, name: str) -> str:
        for heading in self.plan.fields.get(name, ()):
            if text := self.cell(heading):
                return text
        return self.plan.mapping.constants.get(name, "")

    def plain(self, name: str) -> str:
        text = self.text(name)
        if not text:
            return ""
        text = values.plain(text)
        return "" if values.is_unknown(text) else text

    def yes_no(self, name: str) -> Answer:
        text = self.text(name)
        found = values.yes_no(text) if text else Answer.UNKNOWN
        if found is None:
            self.warn(f"{text[:60]!r} is neither yes nor no ({name}); taken as unknown")
            return Answer.UNKNOWN
        return found

    def kept(self) -> Dict[str, str]:
        cells = self.row.cells
        return {heading: cells[heading] for heading in self.plan.kept if cells.get(heading)}
