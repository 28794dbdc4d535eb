"""Shapes of imports in answers."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from outbound_campaigns.audience.reading.encodings import TOLD
from outbound_campaigns.web.api.schemas.fields import PRINTABLE, Choice, Json, Moment, Shape, Text
from outbound_campaigns.web.api.schemas.filling import LONGEST_COLUMN, MOST_COLUMNS
from outbound_campaigns.web.api.schemas.sentences import refused
from outbound_campaigns.web.api.schemas.status import Said
from outbound_campaigns.web.api.texts import WRONG_FORM

MOST_ROWS = 10_000


class RefusedRow(Shape):
    row = fields.Integer(required=True)
    column = fields.String(required=True, allow_none=True)
    value = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class UploadQuery(Shape):
    """What the file's owner says of it, where it is not read rightly by itself."""

    encoding = Choice(TOLD)
    phone_column = Text(200, metadata={"description": "which column has the numbers"})
    sheet = Text(200, metadata={"description": "which of a workbook's sheets is meant"})


_CELL = {"type": ["string", "number", "boolean", "null"]}


class Rows(Json):
    """Recipients as objects: a number and the columns of each; what is missing is empty."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_ROWS or not all(map(_is_row, value)):
            example = f'[{{"phone_number": "4422591631", "nombre": "Ana"}}] (1-{MOST_ROWS})'
            raise refused(WRONG_FORM, example=example)
        return super()._deserialize(value, attr, data, **kwargs)


def _is_row(row: Any) -> bool:
    if not isinstance(row, dict) or not 1 <= len(row) <= MOST_COLUMNS:
        return False
    are_names = all(0 < len(name) <= LONGEST_COLUMN and name.isprintable() and name.strip() for name in row)
    return are_names and all(cell is None or isinstance(cell, str | int | float) for cell in row.values())


class RowsIn(Shape):
    """Up to ten thousand recipients at once, in at most a megabyte."""

    recipients = Rows(
        required=True,
        metadata={
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_ROWS,
            "items": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": MOST_COLUMNS,
                "propertyNames": {"minLength": 1, "maxLength": LONGEST_COLUMN, "pattern": PRINTABLE},
                "additionalProperties": _CELL,
            },
            "example": [{"phone_number": "4422591631", "nombre": "Ana"}],
        },
    )
    phone_column = Text(200, metadata={"description": "which column has the numbers"})


class RestoredCell(Shape):
    """A cell in which something that a program had added was taken away."""

    row = fields.Integer(required=True)
    column = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class ImportSummary(Shape):
    """One uploaded file; rows = imported + duplicates + invalid; `size` and `done` are in bytes."""

    id = fields.Integer(required=True)
    file_name = fields.String(required=True)
    status = Choice(["running", "completed", "failed"], required=True)
    error = fields.Nested(Said, required=True, allow_none=True)
    removing = fields.Boolean(metadata={"description": "its rows are being taken out again"}, required=True)
    size = fields.Integer(required=True)
    done = fields.Integer(required=True)
    rows = fields.Integer(required=True)
    imported = fields.Integer(required=True)
    flawed = fields.Integer(
        metadata={"description": "of those imported: skipped, as a cell that the message uses can't be sent"},
        required=True,
    )
    duplicates = fields.Integer(required=True)
    invalid = fields.Integer(required=True)
    restored = fields.Integer(
        metadata={"description": "rows with a formula's marks, quotes or a second encoding taken away"},
        required=True,
    )
    restored_sample = fields.List(fields.Nested(RestoredCell), required=True)
    text_sample = fields.List(
        fields.String(),
        metadata={"description": "cells that show whether the encoding is right"},
        required=True,
    )
    encoding = fields.String(required=True, allow_none=True)
    delimiter = fields.String(required=True, allow_none=True)
    columns = fields.List(fields.String(), required=True)
    phone_column = fields.String(required=True, allow_none=True)
    sheet = fields.String(required=True, allow_none=True)
    sheets = fields.List(
        fields.String(), metadata={"description": "a workbook's, apart from hidden ones"}, required=True
    )
    errors_url = fields.String(required=True)
    created_at = Moment()
    finished_at = Moment(allow_none=True)


class Import(ImportSummary):
    """With the first hundred of its refused rows."""

    errors = fields.List(fields.Nested(RefusedRow), required=True)


class ImportPage(Shape):
    imports = fields.List(fields.Nested(ImportSummary), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
