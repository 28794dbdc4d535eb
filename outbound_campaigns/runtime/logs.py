"""Sets up logging: where log lines go, and what never gets into them."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

_LIBRARIES = {
    "apscheduler": logging.CRITICAL,
    "alembic": logging.WARNING,
    "urllib3": logging.WARNING,
    "asyncio": logging.ERROR,
}

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""the id of the request being handled, if any"""

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class DiscreetFormatter(logging.Formatter):
    """A formatter that shows where an error happened and its type, but not its message.

    A database's error quotes the refused row, and a client's error the failed request: phone numbers and
    texts.
    """

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        more = " ".join(f"{name}={value}" for name, value in _extra(record).items())
        return f"{text} {more}" if more and not record.exc_info else text

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - the base class's name
        kind, _, trace = ei
        name = "error" if kind is None else f"{kind.__module__}.{kind.__qualname__}"
        return "".join(traceback.format_tb(trace)) + name


class JsonFormatter(DiscreetFormatter):
    """Writes a JSON object a line: at, level, logger, message, request_id and the record's extras."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            **_extra(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps({k: v for k, v in line.items() if v is not None}, ensure_ascii=False, default=str)


FORMS = ("json", "text", "terminal")
"""of log lines: for machines; for people; for people who see other things beside: only what is wrong"""


def formatter(form: str) -> logging.Formatter:
    """Return the formatter for one of FORMS."""
    if form == "json":
        return JsonFormatter()
    return DiscreetFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")


def log_to_stderr(form: str = "json") -> None:
    """Send log lines to stderr in this form; a library's lines only from its level in _LIBRARIES on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form))
    level = logging.WARNING if form == "terminal" else logging.INFO
    logging.basicConfig(level=level, handlers=[handler])
    for name, level in _LIBRARIES.items():
        logging.getLogger(name).setLevel(level)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _OF_EVERY_RECORD and value is not None
    }
