"""Where log lines go, and which of the libraries' own are not wanted."""

import logging
import sys

_TALKATIVE = {
    "apscheduler": logging.ERROR,
    "alembic": logging.WARNING,
    "urllib3": logging.WARNING,
    "asyncio": logging.ERROR,
}


def log_to_stderr() -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for name, level in _TALKATIVE.items():
        logging.getLogger(name).setLevel(level)
