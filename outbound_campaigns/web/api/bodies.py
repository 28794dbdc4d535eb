"""Reads a request's JSON body once and within bounds, before any schema looks at it."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from outbound_campaigns.web.api.uploads import largest_upload_mb

LARGEST = 1_000_000
"""most bytes of a JSON body"""


def read_json_body() -> None:
    """Read the body. Raises BadRequest if it is no JSON, UnsupportedMediaType if not declared as JSON."""
    if request.method not in ("POST", "PUT") or largest_upload_mb():
        return
    # A body whose length is not known beforehand is read as well: its stream ends at the limit.
    if not request.is_json:
        if request.get_data(cache=True):
            raise UnsupportedMediaType("Content-Type: application/json")
        if request.method == "PUT":
            raise BadRequest("a body is needed")
        return
    if request.method == "POST" and not request.get_data(cache=True):
        return  # many clients send this header with every POST
    try:
        request.get_json()
    except RecursionError:
        raise BadRequest("too deep") from None
