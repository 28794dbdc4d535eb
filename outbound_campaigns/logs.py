"""Where log lines go, and what never gets into them."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

_LIBRARIES = {
    "apscheduler": logging.CRITICAL,
    "alembic": logging.WARNING,
    "urllib3": logging.WARNING,
    "asyncio": logging.ERROR,
}

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Shows where an error happened and of which kind it is, but not its message.

    A database quotes the row that it refuses, and a client the request that failed: phone
    numbers and texts.
    """

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - the base class's name
        kind, _, trace = ei
        name = "error" if kind is None else f"{kind.__module__}.{kind.__qualname__}"
        return "".join(traceback.format_tb(trace)) + name


def log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name, level in _LIBRARIES.items():
        logging.getLogger(name).setLevel(level)
