"""Reads values out of JSON that others wrote: a missing or odd value becomes None, never an error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read_object(raw: bytes | str) -> dict[str, Any] | None:
    """Return the object that a JSON text holds; None when it is no JSON, or no object."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def storable(text: str) -> str:
    """Return the text with "?" for characters that no database takes: NUL and halves of surrogate pairs."""
    return _UNSTORABLE.sub("?", text)


def text_of(value: Any, longest: int | None = None) -> str | None:
    """Return a text, fit to be stored and cut to `longest` characters; None for an empty one."""
    return storable(value[:longest]) if isinstance(value, str) and value else None


def text_or_number(value: Any, longest: int | None = None) -> str | None:
    """Do the same as `text_of`, for values that are at times written as a number."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return text_of(str(value) if is_number else value, longest)


def moment_of(value: Any) -> datetime | None:
    """Return a moment written in ISO 8601, in UTC if it has no zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def object_of(value: Any) -> Mapping[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def objects_of(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list; an empty list for anything else."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
