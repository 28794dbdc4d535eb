"""Fields that have the same rule in code and in the OpenAPI document, and refusals in both languages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields

from bot_config import money
from outbound_campaigns.domain.time_zones import resembling, zone_names
from outbound_campaigns.web.api.schemas.sentences import MESSAGES, NUMBER_MESSAGES, SHAPE_MESSAGES, refused
from outbound_campaigns.web.api.texts import (
    NOT_A_CHOICE,
    NOT_PRINTABLE,
    NOT_STORABLE,
    NOT_WHOLE,
    OUT_OF_RANGE,
    TOO_DEEP,
    UNKNOWN_ZONE,
    UNKNOWN_ZONE_LIKE,
    WRONG_FORM,
    WRONG_LENGTH,
)

_CONTROL = "\\u0000-\\u001F\\u007F-\\u009F"
PRINTABLE = f"^[^{_CONTROL}]*[^{_CONTROL}\\s][^{_CONTROL}]*$"
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

DEEPEST = 32


class Shape(Schema):
    """A JSON object, or a query; what it does not know it refuses."""

    error_messages = SHAPE_MESSAGES


class Text(fields.String):
    """One line of 1 to `longest` characters, at least one of them visible."""

    default_error_messages = MESSAGES

    def __init__(self, longest: int, *, metadata: Mapping[str, Any] | None = None, **more: Any) -> None:
        bounds = {"minLength": 1, "maxLength": longest, "pattern": PRINTABLE}
        super().__init__(metadata={**bounds, **(metadata or {})}, **more)
        self._longest = longest

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not 1 <= len(text) <= self._longest:
            raise refused(WRONG_LENGTH, low=1, high=self._longest)
        must_be_printable(text)
        return text


def must_be_printable(text: str) -> None:
    """Raise ValidationError for control characters, half characters, or a text of spaces only."""
    if not _PRINTABLE.fullmatch(text) or not re.search(r"\S", text):
        raise refused(NOT_PRINTABLE)


class Pattern(fields.String):
    """Text that matches an expression as a whole; the expression must mean the same in ECMA 262."""

    default_error_messages = MESSAGES

    def __init__(self, expression: str, example: str, **more: Any) -> None:
        super().__init__(metadata={"pattern": f"^({expression})$", "example": example}, **more)
        self._expression = re.compile(expression, re.ASCII)
        self._example = example

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self._expression.fullmatch(text):
            raise refused(WRONG_FORM, example=self._example)
        return text


LONGEST_ZONE = 100
"""characters of a zone's name that are compared with those that exist"""


class Choice(fields.String):
    """One of several texts."""

    default_error_messages = MESSAGES

    def __init__(self, choices: Sequence[str], *, shown: int = 12, **more: Any) -> None:
        super().__init__(metadata={"enum": list(choices)}, **more)
        self._choices = frozenset(choices)
        self._shown = ", ".join([*choices[:shown], *(["…"] if len(choices) > shown else [])])

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self._choices:
            raise refused(NOT_A_CHOICE, choices=self._shown)
        return text


class Zone(Choice):
    """A name of the IANA time zone database."""

    def __init__(self, **more: Any) -> None:
        super().__init__(sorted(zone_names()), **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and value not in zone_names():
            meant = ", ".join(resembling(value[:LONGEST_ZONE]))
            raise refused(UNKNOWN_ZONE_LIKE, zones=meant) if meant else refused(UNKNOWN_ZONE)
        return super()._deserialize(value, attr, data, **kwargs)


class Whole(fields.Integer):
    """A whole number within bounds; text only where `from_text`, as in a query."""

    default_error_messages = {**NUMBER_MESSAGES, "invalid": [NOT_WHOLE]}  # noqa: RUF012

    def __init__(self, low: int, high: int, *, from_text: bool = False, **more: Any) -> None:
        super().__init__(
            strict=not from_text,
            metadata={"minimum": low, "maximum": high, **more.pop("metadata", {})},
            **more,
        )
        self._low, self._high = low, high

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # to JSON 100.0 is as whole as 100
        number = super()._deserialize(value, attr, data, **kwargs)
        if not self._low <= number <= self._high:
            raise refused(OUT_OF_RANGE, low=self._low, high=self._high)
        return number


class Number(fields.Float):
    """A finite number within bounds."""

    default_error_messages = NUMBER_MESSAGES

    def __init__(self, low: float, high: float, **more: Any) -> None:
        super().__init__(metadata={"minimum": low, "maximum": high}, **more)
        self._low, self._high = low, high

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.make_error("invalid")
        number = super()._deserialize(value, attr, data, **kwargs)
        if not self._low <= number <= self._high:
            raise refused(OUT_OF_RANGE, low=self._low, high=self._high)
        return number


class Amount(fields.Float):
    """Millionths, shown as a number of the currency's units."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> float | None:
        return None if value is None else money.shown(value)


class AmountGiven(Number):
    """An amount in the currency's units, loaded as millionths; anything finer is cut off."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        return money.millionths(super()._deserialize(value, attr, data, **kwargs), up=False)


class Moment(fields.Field):  # type: ignore[type-arg]
    """A moment, shown in ISO 8601, in UTC, with Z."""

    def __init__(self, *, allow_none: bool = False, **more: Any) -> None:
        metadata = {"type": "string", "format": "date-time"}
        super().__init__(required=True, allow_none=allow_none, metadata=metadata, **more)

    def _serialize(self, value: datetime | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else shown(value)


def shown(moment: datetime) -> str:
    """Return a moment as JavaScript writes it; all have one length, so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Json(fields.Field):  # type: ignore[type-arg]
    """Any JSON of bounded depth that both databases can store."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        for part, depth in _parts(value, 0):
            if depth > DEEPEST:
                raise refused(TOO_DEEP)
            if isinstance(part, float) and not math.isfinite(part):
                raise refused(NOT_STORABLE)
            if isinstance(part, str) and _UNSTORABLE.search(part):
                raise refused(NOT_STORABLE)
        return value


def _parts(value: Any, depth: int) -> Iterator[tuple[Any, int]]:
    yield value, depth
    if depth > DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key, depth
            yield from _parts(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item, depth + 1)
