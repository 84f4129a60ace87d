"""What came of taking a source in: every record accounted for.

    read = imported + merged + unchanged + rejected

`imported` are records that are new or say something new (`updated` of them were known before),
`merged` are those that belong to another record: a row folded into it, the same record twice, or an
activity that another source had brought already.
"""

from dataclasses import dataclass, field
from typing import Any

MOST_WARNINGS = 1000  # shown one by one; beyond that only counted


@dataclass(slots=True)
class Report:
    source: str
    read: int = 0
    imported: int = 0
    merged: int = 0
    unchanged: int = 0
    updated: int = 0  # of the imported
    linked: int = 0  # of the merged: another source's record is shown for it
    withdrawn: int = 0  # gone from the source
    restored: int = 0  # came back
    rejected: list[tuple[str, str]] = field(default_factory=list)  # (where, reason)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    more_warnings: int = 0  # not kept one by one
    mapping: Any = None
    dry_run: bool = False

    def warn(self, where: str, reason: str) -> None:
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append((where, reason))
        else:
            self.more_warnings += 1

    def reject(self, where: str, reason: str) -> None:
        self.rejected.append((where, reason))

    def adds_up(self) -> bool:
        return self.read == self.imported + self.merged + self.unchanged + len(self.rejected)

    def as_json(self) -> dict[str, Any]:
        warnings = [{"where": where, "reason": reason} for where, reason in self.warnings]
        if self.more_warnings:
            warnings.append({"where": "", "reason": f"and {self.more_warnings} more warnings"})
        return {
            "source": self.source,
            "read": self.read,
            "imported": self.imported,
            "merged": self.merged,
            "unchanged": self.unchanged,
            "rejected": [{"where": where, "reason": reason} for where, reason in self.rejected],
            "warnings": warnings,
            "mapping": self.mapping,
            "updated": self.updated,
            "linked": self.linked,
            "withdrawn": self.withdrawn,
            "restored": self.restored,
            "dry_run": self.dry_run,
        }
