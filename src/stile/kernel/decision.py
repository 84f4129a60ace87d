"""One shape for "may this happen?": the answer, a code for machines and words for people.

The same `Decision` serves the text on a disabled button, a form's error, a JSON error and a FHIR
OperationOutcome, so that nobody ever has to parse words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    ok: bool
    code: str = "ok"
    words: str = ""

    def __bool__(self) -> bool:
        return self.ok


YES = Decision(True)


def no(code: str, words: str) -> Decision:
    return Decision(False, code, words)


class Refused(Exception):
    """An action that rules do not allow. Carries the decision, so the caller can show its words."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.words)
        self.decision = decision
