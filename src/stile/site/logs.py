"""Logs carry ids only: what somebody searched for, wrote, or came in by must not end in a file."""

import logging
import re
import traceback
from types import TracebackType

_QUERY = re.compile(r"\?\S*")
# Ways in travel in addresses: long, of one piece, and not an id (ids have their dashes in known places).
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TOKEN = re.compile(rf"(?<=/)(?!{_ID}\b)[\w-]{{20,}}", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>,;:'\"]+@[^\s@<>,;:'\"]+")
# What could begin a line that nobody logged, or paint over one in a terminal: line ends of every kind,
# controls, and the marks that turn the direction of writing.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class WithoutQuery(logging.Filter):
    """One record, one line, no words: cuts query strings, keys and mail addresses, and drops the request.

    An exception is told by its type and where it was raised; its own text may quote a row.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = plain(record.getMessage())
        record.args = ()
        record.__dict__.pop("request", None)
        if isinstance(record.exc_info, tuple) and record.exc_info[0] is not None:
            record.exc_text = _where(record.exc_info[0], record.exc_info[2])
        record.exc_info = None
        record.stack_info = None
        return True


def plain(message: str) -> str:
    message = _QUERY.sub("?...", message)
    message = _MAIL.sub("...", _TOKEN.sub("...", message))
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], message)


def _where(kind: type[BaseException], trace: TracebackType | None) -> str:
    steps = [f"  {step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(trace)]
    return "\n".join([*steps, f"{kind.__module__}.{kind.__qualname__}"])
