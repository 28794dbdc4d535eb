"""Shapes of hosted files in answers."""

from __future__ import annotations

from marshmallow import fields

from outbound_campaigns.media.kinds import MediaType
from outbound_campaigns.web.api.schemas.fields import Choice, Moment, Shape


class Media(Shape):
    """A file that messages can show; `size` is in bytes."""

    id = fields.Integer(required=True)
    url = fields.String(required=True, metadata={"description": "where Meta fetches it; needs no token"})
    type = Choice([*MediaType], required=True)
    content_type = fields.String(required=True)
    file_name = fields.String(required=True)
    size = fields.Integer(required=True)
    created_at = Moment()
    created_by = fields.String(required=True)


class MediaPage(Shape):
    media = fields.List(fields.Nested(Media), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
