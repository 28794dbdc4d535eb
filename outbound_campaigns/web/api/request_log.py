"""Numbers each request, in its answer and in the log, and adds the headers of all Flask's answers."""

from __future__ import annotations

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from outbound_campaigns.runtime.logs import request_id

_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")

_PLACE = re.compile(r"<(?:[^<>]*:)?([a-z_]+)>")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
}

log = logging.getLogger(__name__)


def trace_requests(app: Flask) -> None:
    """Have every request of the application numbered and logged."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def leave_out_of_the_log() -> None:
    """Write no log line for the current request, unless it fails after all."""
    g.unlogged = True


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
    g.began = time.monotonic()
    request_id.set(g.request_id)


def _forget(_error: BaseException | None) -> None:
    request_id.set(None)


def _end(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    if "unlogged" in g and response.status_code < 400:
        return response
    # The rule is logged, not the path: what a client writes into a path or a query may be somebody's number.
    # Monitoring asks every few seconds, hence at a lower level.
    level = logging.DEBUG if request.blueprint == "health" and response.status_code < 400 else logging.INFO
    rule = request.url_rule.rule if request.url_rule else None
    ids = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    bot = g.bot.id if "bot" in g else None
    log_request(request.method, rule, response.status_code, g.get("began"), bot, level, **ids)
    return response


def log_request(
    method: str,
    rule: str | None,
    status: int,
    began: float | None,
    bot: str | None,
    level: int = logging.INFO,
    **ids: int,
) -> None:
    """Write the log line of a request; `rule` is its route as Flask has it, `began` a time.monotonic()."""
    now = time.monotonic()
    told: dict[str, object] = {
        "method": method,
        "route": _PLACE.sub(r":\1", rule) if rule else None,
        "status": status,
        "ms": round((now - (now if began is None else began)) * 1000),
        "bot": bot,
    }
    log.log(level, "request", extra={**told, **ids})
