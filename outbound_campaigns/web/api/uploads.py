"""Reads an uploaded file as a stream, which is never held in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import IO, Any

from flask import Flask, Request, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from outbound_campaigns.audience.importing import Stream
from outbound_campaigns.domain.refusals.request import BoundaryMissing, FileMissing
from outbound_campaigns.media.kinds import LARGEST_MB
from outbound_campaigns.web.api.service import service, service_of
from outbound_campaigns.web.root_path import below

FIELD = "file"
RAW = (
    *("text/csv", "text/plain", "text/tab-separated-values", "application/csv"),
    *("application/vnd.ms-excel", "application/octet-stream"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)
"""types by which browsers and programs call a CSV or a workbook"""

ENVELOPE = 100_000
"""most bytes of a multipart body beside the file"""

RECIPIENTS, OPT_OUTS = "outbound_campaigns.upload_csv", "outbound_campaigns.OptOuts"
MEDIA = "outbound_campaigns.HostedMedia"
"""endpoints that read their body themselves, to the disk; opt-outs accept JSON as well"""

OPT_OUTS_MB = 20
"""of a file of opt-outs, which holds only numbers"""

FILE_SCHEMA = {"type": "string", "format": "binary"}
FORM = {"type": "object", "required": [FIELD], "properties": {FIELD: FILE_SCHEMA}}
"""a form with a file, for the OpenAPI document"""

_BLOCK = 1 << 16
_MOST_BUFFERED = 1 << 20


def largest_upload_mb() -> int:
    """Return the most MB that the view of the current request reads itself; 0 for views that do not."""
    if request.endpoint == OPT_OUTS:
        return 0 if request.is_json else OPT_OUTS_MB
    return {RECIPIENTS: service().settings.max_upload_mb, MEDIA: LARGEST_MB}.get(request.endpoint or "", 0)


def longest_upload(app: Flask, environ: dict[str, Any]) -> int:
    """Return the most bytes of an upload's body, by its head; 0 for whoever does not upload, or may not."""
    path = below(service_of(app).settings.root_path, environ["PATH_INFO"])
    with app.request_context({**environ, "PATH_INFO": path}):
        try:
            is_refused = app.preprocess_request() is not None
        except Exception:
            return 0  # the request itself will meet it again, and say what it is
        most = 0 if is_refused or request.method != "POST" else largest_upload_mb()
        return most * 1_000_000 + ENVELOPE if most else 0


class UploadedFile(Stream):
    """The bytes of an uploaded file; `file_name` is its owner's name for it."""

    def __init__(self, file_name: str, read: Callable[[int], bytes]) -> None:
        self.file_name = file_name
        self._read = read

    def read(self, size: int, /) -> bytes:
        return self._read(size)


def uploaded_file(request: Request, raw: Collection[str] = RAW) -> UploadedFile:
    """Return the file in the field `file` of a multipart body, or in a body of a type in `raw`, which is the
    file itself.

    Raises FileMissing, BoundaryMissing, BadRequest for a broken body, UnsupportedMediaType for another kind.
    """
    if request.mimetype == "multipart/form-data":
        boundary = request.mimetype_params.get("boundary", "").encode("latin-1", "replace")
        if not boundary:
            raise BoundaryMissing
        return _field(_Parts(request.stream, boundary))
    if request.mimetype in raw:
        disposition = parse_options_header(request.headers.get("Content-Disposition"))[1]
        return UploadedFile(disposition.get("filename", ""), _Whole(request).read)
    raise UnsupportedMediaType("multipart/form-data, text/csv")


def _field(parts: _Parts) -> UploadedFile:
    while not isinstance(event := parts.next(), Epilogue):
        if isinstance(event, File) and event.name == FIELD:
            return UploadedFile(event.filename, parts.read_data)
        if isinstance(event, Field) and event.name == FIELD:
            return UploadedFile("", parts.read_data)  # as curl sends it with `<` instead of `@`
    raise FileMissing(field=FIELD)


class _Whole:
    """A raw body, read to its announced end: gunicorn ends it silently when the client hangs up."""

    def __init__(self, request: Request) -> None:
        self._stream = request.stream
        self._missing = request.content_length or 0

    def read(self, size: int) -> bytes:
        block = self._stream.read(size)
        self._missing -= len(block)
        if not block and self._missing > 0:
            raise BadRequest("body cut short")
        return block


class _Parts:
    """A multipart body (RFC 7578), read event by event."""

    def __init__(self, stream: IO[bytes], boundary: bytes) -> None:
        self._stream = stream
        self._decoder = MultipartDecoder(boundary, _MOST_BUFFERED)
        self._ended = False
        self._part_ended = False

    def next(self) -> Event:
        try:
            while isinstance(event := self._decoder.next_event(), NeedData):
                if self._ended:
                    raise BadRequest("multipart cut short")
                block = self._stream.read(_BLOCK)
                self._ended = not block
                self._decoder.receive_data(block or None)
        except (ValueError, LookupError):
            raise BadRequest("multipart broken") from None
        return event

    def read_data(self, _size: int) -> bytes:
        """Return the next bytes of the current part; none at its end."""
        while not self._part_ended:
            event = self.next()
            if isinstance(event, Data):
                self._part_ended = not event.more_data
                if event.data:
                    return event.data
        return b""
