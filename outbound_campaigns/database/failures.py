"""Says why a database did not answer, in the driver's own words."""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError, OperationalError

_LONGEST = 200
"""characters"""


def reason_of(error: BaseException) -> str:
    """Return one line: the kind of error, and where it is about the connection what the driver says of it.

    Other errors may repeat what was to be written, a number or a text, and are told by their kind alone.
    """
    kind = type(error).__name__
    if not isinstance(error, DBAPIError) or (not isinstance(error, OperationalError) and error.statement):
        return kind
    said = " ".join(str(error.orig).split())
    # Servers and drivers name host, port, database and user, never a password.
    return f"{kind}: {re.sub(r'[0-9]{7,}', '…', said)[:_LONGEST]}"
