"""Answers that are files."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, stream_with_context

CSV = "text/csv"


def csv_answer(chunks: Iterator[bytes], file_name: str) -> Response:
    """Return a CSV that is made while it is sent; no proxy may store or compress it."""
    response = Response(stream_with_context(chunks), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["Cache-Control"] = "no-store, no-transform"
    return response
