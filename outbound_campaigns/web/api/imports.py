"""Routes for imports: upload a file, follow its import, see what was refused, remove it again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from outbound_campaigns.audience import exporting, importing
from outbound_campaigns.audience.importing import Spooled, Upload
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.refusals.request import FileTooLarge, ImportRefused
from outbound_campaigns.domain.row_refusals import file_sentence
from outbound_campaigns.engine.lease import engine_alive
from outbound_campaigns.reports import campaign_report, pages
from outbound_campaigns.sending.previewing import definition_of
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, must_exist, next_cursor
from outbound_campaigns.web.api.downloads import CSV, csv_answer
from outbound_campaigns.web.api.presenters import import_view
from outbound_campaigns.web.api.schemas.campaign import PageQuery
from outbound_campaigns.web.api.schemas.imports import Import as ImportShape
from outbound_campaigns.web.api.schemas.imports import ImportPage, RowsIn, UploadQuery
from outbound_campaigns.web.api.service import bot, database, permission, readable_definitions, service
from outbound_campaigns.web.api.uploads import ENVELOPE, FILE_SCHEMA, FORM, uploaded_file

PLACE = f"/campaigns/<{ID}:campaign_id>"

IMPORT_AWAITED = 2.0
"""seconds that an upload waits for its import to end"""

ERRORS_SHOWN = 100

ROWS_NAME = "rows.json"
"""stands for a file's name in imports of rows that a program gave"""

_MEGABYTE = 1_000_000
_POLL = 0.05

_BODY = {
    "required": True,
    "content": {"multipart/form-data": {"schema": FORM}, CSV: {"schema": FILE_SCHEMA}},
}


@blueprint.route(f"{PLACE}/upload-csv", methods=["POST"])
@blueprint.arguments(UploadQuery, location="query")
@blueprint.doc(requestBody=_BODY)
@blueprint.response(200, ImportShape, description="the import has ended")
@blueprint.alt_response(202, schema=ImportShape, description="the import goes on", success=True)
def upload_csv(query: Mapping[str, Any], campaign_id: int) -> tuple[Json, int]:
    """Add the recipients of a CSV to a draft, a scheduled or a paused campaign.

    422 for a file that is refused as a whole, with the id of its import, where that has ended by then.
    """
    campaign = must_exist(campaign_id)
    importing.must_take_recipients(campaign)
    most = service().settings.max_upload_mb * _MEGABYTE
    request.max_content_length = most + ENVELOPE
    try:
        file = uploaded_file(request)
        spooled = importing.spool(file, service().settings.upload_dir, most)
    except RequestEntityTooLarge:
        raise FileTooLarge(most=service().settings.max_upload_mb) from None
    return _imported(campaign, file.file_name, spooled, query)


@blueprint.route(f"{PLACE}/recipients", methods=["POST"])
@blueprint.arguments(RowsIn)
@blueprint.response(200, ImportShape, description="the import has ended")
@blueprint.alt_response(202, schema=ImportShape, description="the import goes on", success=True)
def add_rows(given: Mapping[str, Any], campaign_id: int) -> tuple[Json, int]:
    """Add recipients given as objects, for programs: an import with a file's verdicts."""
    campaign = must_exist(campaign_id)
    importing.must_take_recipients(campaign)
    spooled = importing.spool_rows(given["recipients"], service().settings.upload_dir)
    return _imported(campaign, ROWS_NAME, spooled, {**given, "encoding": "utf-8"})


def _imported(
    campaign: Campaign, file_name: str, spooled: Spooled, told: Mapping[str, Any]
) -> tuple[Json, int]:
    """Queue a file, and return its import once it has ended, or after a while. Raises ImportRefused."""
    definition = definition_of(campaign, readable_definitions())
    said = (told.get("encoding"), told.get("phone_column"), told.get("sheet"))
    template = definition.listed if definition else None
    upload = Upload(file_name, spooled.path, spooled.size, *said, template)
    with importing.discarded_on_error(spooled), database().write() as session:
        campaign_rows.get_of_bot(session, bot().id, campaign.id, lock=True)
        act = Act(permission().email, database().now(session))
        added = importing.add_import(session, campaign.id, upload, act)
        session.flush()
        import_id = added.id
    ended = _wait(campaign.id, import_id)
    shown = _shown(campaign.id, import_id)
    if shown["status"] == "failed":
        with database().read() as session:
            why = campaign_rows.import_of(session, campaign.id, import_id).error or {}
        raise ImportRefused(import_id, file_sentence(why))
    return shown, 200 if ended else 202


def _wait(campaign_id: int, import_id: int) -> bool:
    """Wait for the import as long as that is useful. Returns whether it has ended."""
    if not engine_alive(database()):
        return False
    end = time.monotonic() + IMPORT_AWAITED
    while True:
        with database().read() as session:
            if campaign_rows.import_of(session, campaign_id, import_id).status != "running":
                return True
        if time.monotonic() >= end:
            return False
        time.sleep(_POLL)


@blueprint.route(f"{PLACE}/imports")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, ImportPage)
def list_imports(query: Mapping[str, Any], campaign_id: int) -> Json:
    """A campaign's files, newest first."""
    must_exist(campaign_id)
    limit, cursor = query["limit"], query.get("cursor")
    before = int(cursor) if cursor else None
    with database().read() as session:
        found = pages.imports_page(session, campaign_id, before=before, limit=limit + 1)
    views = [import_view(row, []) for row in found[:limit]]
    return {"imports": views, "next_cursor": next_cursor(views, len(found) > limit)}


@blueprint.route(f"{PLACE}/imports/<{ID}:import_id>", methods=["GET"])
@blueprint.response(200, ImportShape)
def show_import(campaign_id: int, import_id: int) -> Json:
    """How far a file is, and the first hundred of its refused rows."""
    must_exist(campaign_id)
    return _shown(campaign_id, import_id)


@blueprint.route(f"{PLACE}/imports/<{ID}:import_id>", methods=["DELETE"])
@blueprint.response(204)
def remove_import(campaign_id: int, import_id: int) -> None:
    """Take a wrong file out again, before the campaign has ever started."""
    with database().write() as session:
        campaign_rows.get_of_bot(session, bot().id, campaign_id, lock=True)
        act = Act(permission().email, database().now(session))
        importing.remove_import(session, campaign_id, import_id, act)


@blueprint.route(f"{PLACE}/imports/<{ID}:import_id>/errors.csv")
@blueprint.response(200, {"type": "string"}, content_type=CSV)
def import_errors(campaign_id: int, import_id: int) -> Response:
    """Every refused row, with its reason in both languages."""
    must_exist(campaign_id)
    with database().read() as session:
        campaign_rows.import_of(session, campaign_id, import_id)
    return csv_answer(exporting.errors_csv(database(), import_id), f"import-{import_id}-errors.csv")


def _shown(campaign_id: int, import_id: int) -> Json:
    with database().read() as session:
        row = campaign_rows.import_of(session, campaign_id, import_id)
        return import_view(row, campaign_report.refused_rows(session, import_id, ERRORS_SHOWN))
