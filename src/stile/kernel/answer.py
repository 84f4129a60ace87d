"""Yes, no, or nobody has told us.

A missing answer is the commonest answer in any directory, and reading it as "fine" is how a person
in a wheelchair is sent to a flight of stairs (hazard H10). So unknown is a value of its own, and an
`Answer` refuses to be used as true or false: the code must say which of the three it means.
"""

from enum import StrEnum


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("An Answer is not true or false: compare it with Answer.YES, NO or UNKNOWN.")

    @classmethod
    def of(cls, value: bool | None) -> "Answer":
        """True, False or None from a source that only knows those three."""
        if value is None:
            return cls.UNKNOWN
        return cls.YES if value else cls.NO
