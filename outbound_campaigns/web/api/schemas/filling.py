"""Shapes of what fills a template: values by slot, and what programs give, variables and components."""

from __future__ import annotations

import re
from typing import Any

from outbound_campaigns.web.api.schemas.fields import PRINTABLE, Json, must_be_printable
from outbound_campaigns.web.api.schemas.sentences import refused
from outbound_campaigns.web.api.texts import WRONG_FORM

COMPONENTS = ("header", "body", "button", "carousel", "limited_time_offer", "order_status")
"""types of a template's components (WhatsApp Cloud API, "template messages")"""

MOST_COMPONENTS, MOST_COLUMNS, LONGEST_COLUMN = 20, 256, 200

_COLUMN = {"type": "string", "minLength": 1, "maxLength": LONGEST_COLUMN, "pattern": PRINTABLE}
_NAMED = {"propertyNames": _COLUMN, "additionalProperties": _COLUMN, "maxProperties": MOST_COLUMNS}
VARIABLES = {
    "oneOf": [
        {"type": "array", "items": _COLUMN, "maxItems": MOST_COLUMNS},
        {"type": "object", **_NAMED},
        {"type": "null"},
    ],
    "example": ["var1", "var2"],
}
COMPONENT_LIST = {
    "type": "array",
    "maxItems": MOST_COMPONENTS,
    "items": {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "enum": list(COMPONENTS)}},
    },
    "example": [{"type": "header", "parameters": [{"type": "image", "image": {"link": "https://…/x.jpg"}}]}],
}


class Components(Json):
    """WhatsApp's own component objects; {{column}} in any text stands for the recipient's cell."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list) or not all(map(_is_component, value)) or len(value) > MOST_COMPONENTS:
            example = f'[{{"type": "{"|".join(COMPONENTS)}", …}}] (0-{MOST_COMPONENTS})'
            raise refused(WRONG_FORM, example=example)
        return super()._deserialize(value, attr, data, **kwargs)


def _is_component(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") in COMPONENTS


class Variables(Json):
    """Columns in the order of the template's placeholders, or {placeholder: column}."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        names = [*value, *value.values()] if isinstance(value, dict) else value
        fitting = isinstance(names, list) and len(value) <= MOST_COLUMNS
        if not fitting or not all(isinstance(n, str) and len(n) <= LONGEST_COLUMN for n in names):
            example = '["var1", "var2"] | {"1": "var1"}'
            raise refused(WRONG_FORM, example=example)
        for name in names:
            must_be_printable(name)
        return super()._deserialize(value, attr, data, **kwargs)


_SLOT = "[A-Za-z0-9_.]{1,100}"
MOST_SLOTS, LONGEST_TEXT = 100, 2000
_TEXT = {"type": "string", "maxLength": LONGEST_TEXT}
VALUES = {
    "type": "object",
    "maxProperties": MOST_SLOTS,
    "patternProperties": {
        f"^{_SLOT}$": {
            "oneOf": [
                _TEXT,
                {
                    "type": "object",
                    "required": ["text"],
                    "properties": {"text": _TEXT},
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "required": ["column"],
                    "properties": {"column": _COLUMN, "if_empty": _TEXT},
                    "additionalProperties": False,
                },
            ]
        }
    },
    "additionalProperties": False,
    "description": "what fills each slot of the template (GET /templates); {{column}} may stand in a text",
    "example": {"body.1": {"column": "nombre", "if_empty": "cliente"}, "header.image": "https://…/x.jpg"},
}


class Values(Json):
    """What fills each slot: a text, or a column with a text for its empty cells."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        is_object = isinstance(value, dict) and len(value) <= MOST_SLOTS
        if not is_object or not all(map(_is_slot, value)) or not all(map(_is_value, value.values())):
            example = '{"body.1": {"column": "nombre", "if_empty": "cliente"}, "header.image": "https://…"}'
            raise refused(WRONG_FORM, example=example)
        return super()._deserialize(value, attr, data, **kwargs)


def _is_slot(key: str) -> bool:
    return re.fullmatch(_SLOT, key) is not None


def _is_value(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        return False
    fits = all(len(one) <= LONGEST_TEXT for one in value.values())
    column = value.get("column")
    if column is not None:
        must_be_printable(column)
        fits = fits and 1 <= len(column) <= LONGEST_COLUMN and bool(column.strip())
    return fits and (value.keys() == {"text"} or {"column"} <= value.keys() <= {"column", "if_empty"})
