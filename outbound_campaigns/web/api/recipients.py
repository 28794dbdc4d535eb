"""Routes for recipients: pages, search, and one person's history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbound_campaigns.campaigns import campaign_rows, in_doubt
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.in_doubt import DoubtVerdict
from outbound_campaigns.reports import pages
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, must_exist, next_cursor
from outbound_campaigns.web.api.phone_input import phone_query
from outbound_campaigns.web.api.presenters import attempt_view, columns, recipient_view
from outbound_campaigns.web.api.schemas.recipient import (
    Recipient,
    RecipientPage,
    RecipientQuery,
    RecipientStory,
    ResolveIn,
)
from outbound_campaigns.web.api.service import bot, database, permission

PLACE = f"/campaigns/<{ID}:campaign_id>/recipients"


@blueprint.route(PLACE)
@blueprint.arguments(RecipientQuery, location="query")
@blueprint.response(200, RecipientPage)
def list_recipients(query: Mapping[str, Any], campaign_id: int) -> Json:
    """A campaign's recipients in the order in which they came; by status, by reply, by number."""
    campaign = must_exist(campaign_id)
    limit, cursor = query["limit"], query.get("cursor")
    after = int(cursor) if cursor else None
    wanted = phone_query(query["q"]) if "q" in query else None
    with database().read() as session:
        found = pages.recipients_page(
            session,
            campaign_id,
            status=query.get("status"),
            reply=query.get("reply"),
            q=wanted,
            after=after,
            limit=limit + 1,
        )
    views = [recipient_view(recipient, campaign) for recipient in found[:limit]]
    return {"recipients": views, "next_cursor": next_cursor(views, len(found) > limit)}


@blueprint.route(f"{PLACE}/<{ID}:recipient_id>")
@blueprint.response(200, RecipientStory)
def show_recipient(campaign_id: int, recipient_id: int) -> Json:
    """One recipient, with every attempt and what came of it."""
    with database().read() as session:
        campaign = campaign_rows.get_of_bot(session, bot().id, campaign_id)
        recipient = campaign_rows.recipient_of(session, campaign_id, recipient_id)
        attempts = pages.attempts_of(session, recipient_id)
        receipts = pages.receipts_of(session, recipient_id)
        replies = pages.replies_of(session, recipient)
    history = [
        attempt_view(attempt, campaign, [one for one in receipts if one.attempt == attempt.number])
        for attempt in attempts
    ]
    return recipient_view(recipient, campaign) | {
        "history": history,
        "replies": [columns(reply, ("kind", "at", "received_at")) for reply in replies],
    }


@blueprint.route(f"{PLACE}/<{ID}:recipient_id>/resolve", methods=["POST"])
@blueprint.arguments(ResolveIn)
@blueprint.response(200, Recipient)
def resolve_recipient(given: Mapping[str, Any], campaign_id: int, recipient_id: int) -> Json:
    """Settle a row in doubt: as sent, or as not sent, which sends the message now."""
    with database().write() as session:
        campaign = campaign_rows.get_of_bot(session, bot().id, campaign_id, lock=True)
        act = Act(permission().email, database().now(session))
        in_doubt.resolve(session, campaign_id, recipient_id, DoubtVerdict(given["as"]), act)
        return recipient_view(campaign_rows.recipient_of(session, campaign_id, recipient_id), campaign)
