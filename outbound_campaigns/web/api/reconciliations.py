"""Routes for passes through Vonage's own records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Reconciliation, ReconciliationStatus
from outbound_campaigns.domain.reasons import reason_text
from outbound_campaigns.incoming import reconciliation
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, must_exist, next_cursor
from outbound_campaigns.web.api.forecasts import readable_account
from outbound_campaigns.web.api.presenters import columns
from outbound_campaigns.web.api.schemas.campaign import PageQuery
from outbound_campaigns.web.api.schemas.reconciliation import ReconcileIn, ReconciliationPage
from outbound_campaigns.web.api.schemas.reconciliation import Reconciliation as ReconciliationShape
from outbound_campaigns.web.api.service import bot, database, language, permission, service

PLACE = f"/campaigns/<{ID}:campaign_id>"
COLUMNS = """
    id status without_receipt requested_at requested_by finished_at rows asked found not_found too_early
    questions records
""".split()


@blueprint.route(f"{PLACE}/reconcile", methods=["POST"])
@blueprint.arguments(ReconcileIn, required=False)
@blueprint.response(202, ReconciliationShape, headers={"Location": {"schema": {"type": "string"}}})
def reconcile(given: Mapping[str, Any], campaign_id: int) -> tuple[Json, int, dict[str, str]]:
    """Ask Vonage's records, each of which it charges for, about messages whose fate is not known."""
    campaign = must_exist(campaign_id)
    senders = service().senders
    # Before anything is queued, so that what would fail at once is refused with its reason.
    reconciliation.records_of(senders, bot().id, campaign.account, service().settings.vonage_url)
    price = reconciliation.terms_of(senders, bot().id).record_price
    with database().write() as session:
        campaign_rows.get_of_bot(session, bot().id, campaign_id, lock=True)
        act = Act(permission().email, database().now(session))
        added = reconciliation.request(session, campaign_id, given.get("without_receipt", False), act)
        session.flush()
        view = _view(added, price)
    place = url_for(
        "outbound_campaigns.show_reconciliation",
        bot_id=bot().id,
        campaign_id=campaign_id,
        reconciliation_id=view["id"],
    )
    return view, 202, {"Location": place}


@blueprint.route(f"{PLACE}/reconciliations")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, ReconciliationPage)
def list_reconciliations(query: Mapping[str, Any], campaign_id: int) -> Json:
    """A campaign's passes, newest first."""
    must_exist(campaign_id)
    limit, cursor = query["limit"], query.get("cursor")
    before = int(cursor) if cursor else None
    price = _record_price()
    with database().read() as session:
        found = reconciliation.page(session, campaign_id, before=before, limit=limit + 1)
    views = [_view(row, price) for row in found[:limit]]
    return {"reconciliations": views, "next_cursor": next_cursor(views, len(found) > limit)}


@blueprint.route(f"{PLACE}/reconciliations/<{ID}:reconciliation_id>")
@blueprint.response(200, ReconciliationShape)
def show_reconciliation(campaign_id: int, reconciliation_id: int) -> Json:
    """How far a pass is, and what it came to."""
    must_exist(campaign_id)
    price = _record_price()
    with database().read() as session:
        return _view(reconciliation.of_campaign(session, campaign_id, reconciliation_id), price)


def _record_price() -> float | None:
    account = readable_account()
    return account.settings.report_record_price if account else None


def _view(row: Reconciliation, price: float | None) -> Json:
    error = {"code": row.error["code"], "message": reason_text(row.error, language())} if row.error else None
    waits = row.status == ReconciliationStatus.RUNNING and row.tries > 0
    return columns(row, COLUMNS) | {
        "error": error,
        "next_question_at": row.try_at if waits else None,
        "price": None if price is None else round(price * row.records, 6),
    }
