"""Logs carry ids only: what somebody searched for must not end in a file."""

import logging
import re

_QUERY = re.compile(r"\?\S*")


class WithoutQuery(logging.Filter):
    """Cut the query string off every address in a log line, and drop the request object."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _QUERY.sub("?...", record.getMessage())
        record.args = ()
        record.__dict__.pop("request", None)
        return True
