"""A request's JSON body, read once and in bounds before any schema looks at it."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

UPLOADS = frozenset({"outbound_campaigns.upload_csv"})
"""endpoints that read their body by themselves, to the disk"""

UPLOADS_OR_JSON = frozenset({"outbound_campaigns.OptOuts"})
"""endpoints that take a file as well as JSON"""

LARGEST = 1_000_000
"""bytes of a JSON body"""


def read_json_body() -> None:
    """Raises BadRequest for what is no JSON, UnsupportedMediaType for what does not say it is."""
    if request.method not in ("POST", "PUT") or request.endpoint in UPLOADS:
        return
    if request.endpoint in UPLOADS_OR_JSON and not request.is_json:
        return
    # A body of a length unknown beforehand is read as well: its stream ends at the limit.
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
