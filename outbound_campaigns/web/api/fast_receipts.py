"""Stores signed receipts before Flask runs. Each message brings three, and Flask would double their cost.

Only what Vonage signed correctly, for a bot whose secret is already known, is stored here. Everything else
goes on to Flask unchanged, which checks it again and reports what is wrong with it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from typing import Any

from outbound_campaigns.domain.addresses import RECEIPTS, WEBHOOK_PATH
from outbound_campaigns.web.api.webhooks import FAILURE, LARGEST, WEBHOOKS, Door
from outbound_campaigns.web.root_path import Wsgi

_EMPTY = [("Content-Length", "0")]
_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)


class ShortWay:
    """A WSGI layer in front of Flask, behind the one that strips the root path."""

    def __init__(self, app: Wsgi, door: Door) -> None:
        self._app = app
        self._door = door

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        place = WEBHOOK_PATH.fullmatch(environ.get("PATH_INFO", ""))
        if place and place[2] == RECEIPTS and environ["REQUEST_METHOD"] == "POST" and _is_short(environ):
            try:
                raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            except OSError:  # the client stands still, or is gone
                start_response("400 Bad Request", _EMPTY)
                return ()
            if self._take(environ, place[1], raw):
                start_response("200 OK", _EMPTY)
                return ()
            environ["wsgi.input"] = io.BytesIO(raw)
        return self._app(environ, start_response)

    def _take(self, environ: dict[str, Any], bot_id: str, raw: bytes) -> bool:
        """Store the receipt if it is signed. Returns whether it is on the disk."""
        authorization = environ.get("HTTP_AUTHORIZATION")
        if FAILURE in environ or not self._door.is_signed(bot_id, authorization, raw):
            return False
        try:
            self._door.commits.put(WEBHOOKS[RECEIPTS].kept(bot_id, raw, authorization or ""))
        except Exception as error:
            environ[FAILURE] = error
            return False
        return True


def _is_short(environ: dict[str, Any]) -> bool:
    """Return whether the body's length is given, and is no more than a receipt's."""
    length = environ.get("CONTENT_LENGTH", "")
    return _DIGITS.fullmatch(length) is not None and int(length) <= LARGEST
