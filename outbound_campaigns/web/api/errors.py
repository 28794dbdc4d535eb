"""Answers refusals and failures in the shape that Botpress uses."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask, Response, g, jsonify, request
from flask_smorest import Api
from marshmallow import Schema, fields
from werkzeug.exceptions import ClientDisconnected, HTTPException

from bot_config.refusal import Refusal, RefusalKind
from outbound_campaigns.database.transactions import UNAVAILABLE, is_outdated, is_unavailable
from outbound_campaigns.domain.refusals.request import (
    FileMissing,
    FileNotRead,
    ImportRefused,
    MessageFlawed,
    SearchRefused,
    SkippedTime,
)
from outbound_campaigns.web.api.schemas.sentences import said
from outbound_campaigns.web.api.service import language
from outbound_campaigns.web.api.texts import HTTP_WORDS, OUTDATED_WORDS, UNAVAILABLE_WORDS

DOCS = "https://botpress.com/docs"

log = logging.getLogger(__name__)


class ErrorBody(Schema):
    """Botpress's own shape (its http error handler), and `code`: what was refused, for programs."""

    statusCode = fields.Integer(required=True)  # noqa: N815 - Botpress's name
    errorCode = fields.String()  # noqa: N815 - Botpress's name
    type = fields.String(required=True)
    code = fields.String()
    message = fields.String(required=True)
    details = fields.Raw(
        required=True, metadata={"description": "400 and 422: {field: [reasons]}; else text"}
    )
    docs = fields.String(required=True)


class ErrorKind(NamedTuple):
    """A status with the names that Botpress gives it (core/routers/errors.ts)."""

    status: int
    error_code: str | None
    type: str


BAD_REQUEST = ErrorKind(400, "BP_0040", "BadRequestError")
UNAUTHORIZED = ErrorKind(401, "BP_0041", "UnauthorizedError")
FORBIDDEN = ErrorKind(403, "BP_0043", "ForbiddenError")
NOT_FOUND = ErrorKind(404, "BP_0044", "NotFoundError")
CONFLICT = ErrorKind(409, "BP_0049", "ConflictError")
INVALID = ErrorKind(422, "BP_0040", "ValidationError")
INTERNAL = ErrorKind(500, "BP_0050", "InternalServerError")
UNAVAILABLE_NOW = ErrorKind(503, None, "ServiceUnavailableError")

KINDS: Mapping[int, ErrorKind] = {
    kind.status: kind
    for kind in (
        BAD_REQUEST,
        UNAUTHORIZED,
        FORBIDDEN,
        NOT_FOUND,
        ErrorKind(408, None, "RequestTimeoutError"),
        ErrorKind(405, "BP_0040", "MethodNotAllowedError"),
        CONFLICT,
        ErrorKind(413, None, "entity.too.large"),
        ErrorKind(415, "BP_0040", "UnsupportedMediaTypeError"),
        INVALID,
        INTERNAL,
        UNAVAILABLE_NOW,
    )
}

REFUSALS: Mapping[RefusalKind, ErrorKind] = {
    RefusalKind.STATE: CONFLICT,
    RefusalKind.NOT_FOUND: NOT_FOUND,
    RefusalKind.INVALID: INVALID,
    RefusalKind.TOO_LARGE: KINDS[413],
    RefusalKind.NOT_AUTHENTICATED: UNAUTHORIZED,
    RefusalKind.NOT_ALLOWED: FORBIDDEN,
    RefusalKind.UNAVAILABLE: UNAVAILABLE_NOW,
}

FIELDS: Mapping[type[Refusal], str] = {
    FileMissing: "file",
    FileNotRead: "file",
    ImportRefused: "file",
    SearchRefused: "q",
    SkippedTime: "scheduled_at",
}
"""the field of the request that a refusal concerns, where its values don't name it"""


def error_answer(
    kind: ErrorKind, message: str, details: Any = "", code: str | None = None, headers: Any = None
) -> Response:
    body = {
        "statusCode": kind.status,
        "errorCode": kind.error_code,
        "type": kind.type,
        "code": code,
        "message": message,
        "details": details,
        "docs": DOCS,
    }
    response = jsonify({name: value for name, value in body.items() if value is not None})
    response.status_code = kind.status
    response.headers.update(headers or {})
    return response


class BotpressApi(Api):  # type: ignore[misc]
    """flask-smorest, with Botpress's shape for what Flask and webargs refuse."""

    ERROR_SCHEMA = ErrorBody

    def handle_http_exception(self, error: HTTPException) -> Response:
        status = _status(error)
        kind = KINDS.get(status) or ErrorKind(status, None, type(error).__name__)
        given = getattr(error, "data", None) or {}
        headers = {
            name: value
            for name, value in error.get_headers(request.environ)
            if name.lower() not in ("content-type", "content-length")
        }
        text = HTTP_WORDS.get(kind.status, HTTP_WORDS[400]).text(language())
        details: Any = ""
        if kind is INVALID:
            details = _details(given.get("messages") or {})
        elif kind is BAD_REQUEST:
            details = {"body": [text]}
        return error_answer(kind, text, details, headers=headers)


def _status(error: HTTPException) -> int:
    # A client that stood still for OUTBOUND_CLIENT_TIMEOUT reads it; one that hung up reads nothing.
    return 408 if isinstance(error, ClientDisconnected) else error.code or 500


def _details(messages: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reasons by field. webargs nests them by location, and calls the whole body _schema."""
    found: dict[str, Any] = {}
    for place, fields_ in messages.items():
        found |= fields_ if isinstance(fields_, dict) else {place: fields_}
    if "_schema" in found:
        found["body"] = found.pop("_schema")
    details: dict[str, Any] = said(found, language())
    return details


def answer_refusals(app: Flask) -> None:
    """Answer every refusal and failure of the application in one of these shapes."""
    app.register_error_handler(Refusal, _refused)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, _database_failed)
    app.register_error_handler(Exception, _failed)


def _refused(refusal: Refusal) -> Response:
    kind = REFUSALS[refusal.kind]
    text = refusal.text(language())
    if refusal.botpress_message is not None and kind is not UNAVAILABLE_NOW:
        # What Botpress also refuses is answered in its own words, which its clients know.
        return error_answer(kind, refusal.botpress_message, text, refusal.code)
    details: Any = ""
    if kind is INVALID:
        field = FIELDS.get(type(refusal)) or str(refusal.values.get("name", "body"))
        details = {field: [text]}
        if isinstance(refusal, ImportRefused):
            details["import_id"] = refusal.import_id
    if isinstance(refusal, MessageFlawed):
        details = refusal.by_place(language())
    return error_answer(kind, text, details, refusal.code)


def _database_failed(error: Exception) -> Response:
    if is_outdated(error):
        log.error("the tables are missing or of another version: outbound-campaigns db upgrade")
        return error_answer(UNAVAILABLE_NOW, OUTDATED_WORDS.text(language()), code="database_outdated")
    if not is_unavailable(error):
        return _failed(error)
    log.warning("the database is not available: %s", type(error).__name__)
    words = UNAVAILABLE_WORDS.text(language())
    return error_answer(UNAVAILABLE_NOW, words, code="database_unavailable", headers={"Retry-After": "2"})


def _failed(error: Exception) -> Response:
    log.error("a request broke: %s", type(error).__name__, exc_info=error)
    return error_answer(INTERNAL, HTTP_WORDS[500].text(language(), id=g.get("request_id", "-")))
