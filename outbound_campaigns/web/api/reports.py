"""Routes for a campaign's results: its report, its events, its exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from outbound_campaigns.audience import exporting
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Campaign, ReplyKind
from outbound_campaigns.reports import campaign_report, pages
from outbound_campaigns.reports.cost import estimate
from outbound_campaigns.reports.stalls import general_cause, stall_of
from outbound_campaigns.sending.previewing import definition_of
from outbound_campaigns.vonage.templates import category_of
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, must_exist, next_cursor
from outbound_campaigns.web.api.downloads import CSV, csv_answer
from outbound_campaigns.web.api.forecasts import etas, readable_account
from outbound_campaigns.web.api.presenters import (
    access_of,
    campaign_view,
    cost_view,
    event_view,
    problem_view,
    waiting_view,
)
from outbound_campaigns.web.api.schemas.campaign import EventPage, PageQuery
from outbound_campaigns.web.api.schemas.recipient import StatusQuery
from outbound_campaigns.web.api.schemas.report import Report
from outbound_campaigns.web.api.service import bot, database, language, readable_definitions

PLACE = f"/campaigns/<{ID}:campaign_id>"


@blueprint.route(f"{PLACE}/report")
@blueprint.response(200, Report)
def report(campaign_id: int) -> Json:
    """Counts, rates, errors with reasons and advice, and how it went over time."""
    account = readable_account()
    category = known_category(must_exist(campaign_id)) if account else None
    stop = general_cause(database())
    with database().read() as session:
        campaign = campaign_rows.get_of_bot(session, bot().id, campaign_id)
        found = campaign_report.report(session, campaign_id)
        now = database().now(session)
        per_second = campaign_report.per_second(campaign, now)
        waits = stall_of(session, campaign, now, stop, access_of)
        eta = etas(session, account)(campaign)
        costs = estimate(session, campaign, account.settings.prices if account else None, category)
    return {
        "campaign": campaign_view(campaign, eta),
        "counts": found.counts,
        "rates": found.rates,
        "errors": [
            problem_view(line.code) | {"status": line.status, "count": line.count} for line in found.errors
        ],
        "timeline": found.timeline,
        "replies": {
            "replied": found.replies[ReplyKind.REPLIED],
            "buttons": found.replies[ReplyKind.BUTTON],
            "opted_out": found.replies[ReplyKind.OPTED_OUT],
        },
        "pace": {"per_second": per_second, "eta": eta, "next_batch_at": campaign.next_batch_at},
        "cost": cost_view(costs),
        "waiting": waiting_view(waits),
    }


def known_category(campaign: Campaign) -> str | None:
    """Return the category of a draft's template in the account's list, by which it will be charged.

    None where that is not known, or the campaign has started: then it has its template's category.
    """
    if campaign.template_name is not None:
        return None
    definition = definition_of(campaign, readable_definitions())
    return category_of(definition.wording.category) if definition else None


@blueprint.route(f"{PLACE}/events")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, EventPage)
def list_events(query: Mapping[str, Any], campaign_id: int) -> Json:
    """Who did what to the campaign, when and why, newest first."""
    must_exist(campaign_id)
    limit, cursor = query["limit"], query.get("cursor")
    before = int(cursor) if cursor else None
    with database().read() as session:
        found = pages.events_page(session, campaign_id, before=before, limit=limit + 1)
    views = [event_view(event) for event in found[:limit]]
    return {"events": views, "next_cursor": next_cursor(views, len(found) > limit)}


@blueprint.route(f"{PLACE}/export-failed")
@blueprint.response(200, {"type": "string"}, content_type=CSV)
def export_failed(campaign_id: int) -> Response:
    """The failed recipients, as a file that can be uploaded to a new campaign as it is."""
    must_exist(campaign_id)
    chunks = exporting.failed_csv(database(), campaign_id, language())
    return csv_answer(chunks, f"campaign-{campaign_id}-failed.csv")


@blueprint.route(f"{PLACE}/export")
@blueprint.arguments(StatusQuery, location="query")
@blueprint.response(200, {"type": "string"}, content_type=CSV)
def export(query: Mapping[str, Any], campaign_id: int) -> Response:
    """All recipients, or those in one status."""
    must_exist(campaign_id)
    chunks = exporting.recipients_csv(database(), campaign_id, query.get("status"), language())
    return csv_answer(chunks, f"campaign-{campaign_id}-{query.get('status', 'all')}.csv")
