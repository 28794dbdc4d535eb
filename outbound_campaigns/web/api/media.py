"""Routes for the files that messages show: upload, list, delete, and the one by which Meta fetches them.

The last is public, as Meta has no token: whoever knows a file's name, of 128 random bits, gets it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, send_file
from flask.views import MethodView
from werkzeug.exceptions import RequestEntityTooLarge

from outbound_campaigns.audience import importing
from outbound_campaigns.database.models import Media
from outbound_campaigns.domain.addresses import media_url
from outbound_campaigns.domain.refusals.media import ExternalUrlMissing, MediaNotFound
from outbound_campaigns.domain.refusals.request import FileTooLarge
from outbound_campaigns.media import hosting
from outbound_campaigns.media.hosting import Uploaded
from outbound_campaigns.media.kinds import BY_ENDING, KINDS, LARGEST_MB, MediaType
from outbound_campaigns.web.api.blueprint import BASE, ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, next_cursor
from outbound_campaigns.web.api.schemas.campaign import PageQuery
from outbound_campaigns.web.api.schemas.media import Media as MediaShape
from outbound_campaigns.web.api.schemas.media import MediaPage
from outbound_campaigns.web.api.service import bot, database, permission, service
from outbound_campaigns.web.api.uploads import ENVELOPE, FILE_SCHEMA, FORM, uploaded_file

TYPES = [kind.content_type for kind in KINDS]
_BODY = {
    "required": True,
    "content": {"multipart/form-data": {"schema": FORM}, **{name: {"schema": FILE_SCHEMA} for name in TYPES}},
}
_RAW = (*TYPES, "application/octet-stream")
_LONGEST_NAME = 200

hosted = Blueprint("hosted", __name__, url_prefix=BASE)


@blueprint.route("/media-files")
class HostedMedia(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, MediaPage)
    def get(self, query: Mapping[str, Any]) -> Json:
        """The bot's files for messages, newest first."""
        limit, cursor = query["limit"], query.get("cursor")
        with database().read() as session:
            before = int(cursor) if cursor else None
            found = hosting.all_of(session, bot().id, before, limit + 1)
        views = [_view(media) for media in found[:limit]]
        return {"media": views, "next_cursor": next_cursor(views, len(found) > limit)}

    @blueprint.doc(requestBody=_BODY)
    @blueprint.response(201, MediaShape)
    def post(self) -> Json:
        """Upload a picture, video or document for messages, whose `url` then fills a header."""
        if service().settings.external_url is None:
            raise ExternalUrlMissing
        most = LARGEST_MB * 1_000_000
        request.max_content_length = most + ENVELOPE
        try:
            file = uploaded_file(request, _RAW)
            spooled = importing.spool(file, service().settings.upload_dir, most)
        except RequestEntityTooLarge:
            raise FileTooLarge(most=LARGEST_MB) from None
        name = re.split(r"[\\/]", file.file_name)[-1]
        name = "".join(filter(str.isprintable, name)).strip()[:_LONGEST_NAME]
        uploaded = Uploaded(spooled.path, spooled.size, bot().id, name, permission().email)
        settings = service().settings
        return _view(hosting.host(database(), settings.upload_dir, uploaded, settings.media_mb))


@blueprint.route(f"/media-files/<{ID}:media_id>", methods=["DELETE"])
@blueprint.response(204)
def delete_media(media_id: int) -> None:
    """Delete a file that no campaign may send any more."""
    hosting.remove(database(), service().settings.upload_dir, bot().id, media_id)


@hosted.get("/media/<string:name>")
def fetch_media(bot_id: str, name: str) -> Response:  # noqa: ARG001 - the name alone says which file it is
    """Return a file's content, whole or in part; documents are never shown in a browser."""
    path, kind = hosting.path_of(service().settings.upload_dir, name)
    try:
        response = send_file(
            path,
            mimetype=kind.content_type,
            as_attachment=kind.type is MediaType.DOCUMENT,
            download_name=name,
            conditional=True,
            max_age=3600,
        )
    except FileNotFoundError:
        raise MediaNotFound from None
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _view(media: Media) -> Json:
    ending = media.name.rpartition(".")[2]
    names = ("id", "file_name", "content_type", "size", "created_at", "created_by")
    return {name: getattr(media, name) for name in names} | {
        "type": BY_ENDING[ending].type,
        "url": media_url(service().settings.external_url, media.bot_id, media.name),
    }
