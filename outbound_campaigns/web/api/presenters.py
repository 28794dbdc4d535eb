"""Turns rows into what the API shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, url_for

from outbound_campaigns.audience.reading.refused import RowRefusal
from outbound_campaigns.campaigns import canary
from outbound_campaigns.campaigns.allowed_actions import allowed_actions
from outbound_campaigns.campaigns.retrying import Cause, Choice
from outbound_campaigns.database.models import (
    Attempt,
    Campaign,
    Event,
    Import,
    OptOut,
    Receipt,
    Recipient,
    RefusedRow,
)
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.codes.lookup import explain, reason_of
from outbound_campaigns.domain.lifecycle import CampaignStatus, RecipientStatus
from outbound_campaigns.domain.names import TITLES
from outbound_campaigns.domain.reasons import reason_text
from outbound_campaigns.domain.row_refusals import file_sentence, row_sentence
from outbound_campaigns.reports.cost import Cost
from outbound_campaigns.reports.stalls import Stall
from outbound_campaigns.vonage.client_ref import client_ref
from outbound_campaigns.vonage.definitions.slots import TemplateDefinition
from outbound_campaigns.web.api.schemas.campaign import Campaign as CampaignShape
from outbound_campaigns.web.api.service import language, service

_COMPUTED = ("status_reason", "eta", "canary", "actions", "checked", "judging")
CAMPAIGN_COLUMNS = [name for name in CampaignShape().fields if name not in _COMPUTED]
RECIPIENT_COLUMNS = """
    id phone_number variables status attempts message_uuid sent_at delivered_at read_at failed_at
    updated_at
""".split()
IMPORT_COLUMNS = """
    id file_name status size done rows imported flawed duplicates invalid restored restored_sample text_sample
    encoding delimiter columns phone_column sheet sheets created_at finished_at
""".split()


_UNDER_WAY = (CampaignStatus.RUNNING, CampaignStatus.PAUSED)


def campaign_view(campaign: Campaign, eta: Any) -> dict[str, Any]:
    why = campaign.status_reason
    reason = {"code": str(why.get("code")), "reason": reason_text(why, language())} if why else None
    shown = {"status_reason": reason, "eta": eta, "canary": canary_view(campaign)}
    shown["actions"] = allowed_actions(campaign)
    shown["judging"] = judging_view(campaign)
    shown["checked"] = campaign.filling is not None
    return columns(campaign, CAMPAIGN_COLUMNS) | shown


def judging_view(campaign: Campaign) -> dict[str, int] | None:
    """Return how far the rows have been judged anew; None while that is not under way."""
    if campaign.judging_after is None:
        return None
    return {"done": campaign.judged_rows, "total": campaign.counts["total"]}


def template_view(definition: TemplateDefinition) -> dict[str, Any]:
    """Return a template as people read it, and its slots in the order in which they see them."""
    names = ("id", "name", "language", "status", "category", "header", "body", "footer", "buttons")
    slots = [
        {
            "key": slot.key,
            "kind": slot.kind,
            "name": slot.name,
            "longest": slot.longest,
            "required": slot.is_required,
            "example": slot.example,
            "label": slot.label,
        }
        for slot in definition.slots
    ]
    cards = [
        {
            "index": card.index,
            "header_format": card.header.format if card.header else None,
            "body": card.body.text if card.body else None,
            "buttons": [button.text for button in card.buttons],
        }
        for card in definition.cards
    ]
    return columns(definition.wording, (*names, "placeholders")) | {
        "cards": cards,
        "slots": slots,
        "only_by_components": list(definition.unknown),
    }


def canary_view(campaign: Campaign) -> dict[str, Any] | None:
    """Return the canary; None before the start, or after an end without a verdict (nobody left to spare)."""
    under_way = campaign.started_at is not None and campaign.status in _UNDER_WAY
    if campaign.canary_size is None or (canary.is_open(campaign) and not under_way):
        return None
    return {
        "size": campaign.canary_size,
        "state": canary.state(campaign),
        **canary.figures(campaign),
        "until": canary.deadline(campaign),
    }


def recipient_view(recipient: Recipient, campaign: Campaign) -> dict[str, Any]:
    waits = recipient.status == RecipientStatus.PENDING and recipient.last_attempt > 0
    return columns(recipient, RECIPIENT_COLUMNS) | {
        "error": problem_view(recipient.error_code, recipient.error_detail) if recipient.error_code else None,
        "next_attempt_at": recipient.next_attempt_at if waits else None,
        # Earlier versions gave those not yet touched a time in 1970.
        "updated_at": max(recipient.updated_at, campaign.created_at),
    }


def attempt_view(attempt: Attempt, campaign: Campaign, receipts: Sequence[Receipt]) -> dict[str, Any]:
    reason = explain(attempt.code).reason.text(language()) if attempt.code else None
    return {
        "attempt": attempt.number,
        "client_ref": client_ref(campaign.ref, attempt.recipient_id, attempt.number),
        "at": attempt.claimed_at,
        "sent_at": attempt.sent_at,
        "answered_at": attempt.answered_at,
        "outcome": attempt.outcome,
        "code": attempt.code,
        "reason": reason,
        "receipts": [_receipt_view(receipt) for receipt in receipts],
    }


def _receipt_view(receipt: Receipt) -> dict[str, Any]:
    shown = columns(receipt, ("source", "status", "at", "received_at", "detail"))
    return shown | {"error": problem_view(receipt.code) if receipt.code else None}


def cost_view(cost: Cost) -> dict[str, Any]:
    names = "currency category committed possible estimated limit unpriced out_of_reach by_country".split()
    return columns(cost, names) | {"reason": cost.reason.text(language()) if cost.reason else None}


def problem_view(code: str, detail: str | None = None) -> dict[str, str]:
    """Return what a code means, and what to do about it; for a recipient's, with its detail."""
    known, spoken = explain(code), language()
    return {
        "code": known.code,
        "title": TITLES[known.code_class].text(spoken),
        "reason": reason_of(known.code, detail, spoken),
        "advice": known.advice.text(spoken),
    }


def opt_out_view(row: OptOut) -> dict[str, Any]:
    """Return an opt-out: with a number, or with WhatsApp's id of somebody whose number nobody knows."""
    return columns(row, ("id", "source", "detail", "who", "created_at")) | {
        "phone_number": row.phone_number if row.has_number else None,
        "user_id": None if row.has_number else row.phone_number,
    }


def retry_view(causes: Sequence[Cause], choice: Choice) -> dict[str, Any]:
    """Return whom a retry by this choice takes, and whom it leaves out, by the cause of their failure."""
    return {
        "taken": sum(map(choice.takes, causes)),
        "left_out": sum(cause.count - choice.takes(cause) for cause in causes),
        "causes": [
            problem_view(cause.code.code)
            | {
                "code_class": cause.code.code_class,
                "count": cause.count,
                "due": cause.due,
                "waiting": cause.waiting,
                "due_from": cause.due_from,
                "taken": choice.takes(cause),
            }
            for cause in causes
        ],
    }


def import_view(row: Import, refused: Sequence[RefusedRow]) -> dict[str, Any]:
    spoken = language()
    said = file_sentence(row.error).text(spoken) if row.error else None
    error = {"code": row.error["code"], "message": said} if row.error else None
    place: dict[str, Any] = {"bot_id": g.bot_id, "campaign_id": row.campaign_id, "import_id": row.id}
    return columns(row, IMPORT_COLUMNS) | {
        "error": error,
        "removing": row.undoing,
        "errors": [refused_view(item, spoken) for item in refused],
        "errors_url": url_for("outbound_campaigns.import_errors", **place),
    }


def event_view(event: Event) -> dict[str, Any]:
    why: Mapping[str, Any] = event.why or {}
    return {
        "id": event.id,
        "at": event.at,
        "who": event.who,
        "what": event.what,
        "code": why.get("code"),
        "why": reason_text(why, language()),
        "details": {name: value for name, value in why.items() if name != "code"},
    }


def refused_view(refused: RefusedRow | RowRefusal, spoken: str) -> dict[str, Any]:
    message = row_sentence(refused.code, refused.row, refused.column, refused.value).text(spoken)
    return columns(refused, ("row", "column", "value", "code")) | {"message": message}


def columns(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def access_of(campaign: Campaign) -> Access | None:
    """Return the access with which the campaign's bot sends now; None where its files can't be read."""
    return service().senders.access(campaign.bot_id, campaign.sender_number)


def waiting_view(found: Stall | None) -> dict[str, Any] | None:
    if found is None:
        return None
    cause = found.cause
    return {
        "code": cause.code,
        "kind": cause.kind,
        "message": cause.text(language()),
        "since": found.since,
        "until": cause.until,
    }


def waiting_campaign_view(found: Stall) -> dict[str, Any]:
    campaign = {"campaign_id": found.campaign.id, "name": found.campaign.name}
    return campaign | (waiting_view(found) or {})
