"""Changes, deletes and duplicates campaigns, and decides which fields can be changed when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config import money
from bot_config.words import Words
from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import PACING, SETTINGS, Act, NewCampaign
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import CampaignStatus
from outbound_campaigns.domain.refusals.state import FieldsLocked, IllegalMove, UnpricedMessages

LONGEST_NAME = 200
"""characters"""

MAPPING = ("variables", "template_components", "values")
TEMPLATE = ("template_id", "template_language")
TEMPLATE_CHANGED = "template_changed"
"""why the watch pauses a campaign whose template says something else at WhatsApp"""
JUDGED_BY = (*MAPPING, *TEMPLATE, "timezone")
"""what decides whether a row can become a message"""
_IS_OVER = (CampaignStatus.COMPLETED, CampaignStatus.CANCELLED)
_AT_WORK = (CampaignStatus.SCHEDULED, CampaignStatus.RUNNING)

_NUMBERED = re.compile(r"(.*?) \(\d{1,6}\)", re.DOTALL)


def change(session: Session, campaign_id: int, changes: Mapping[str, Any], act: Act) -> None:
    """Merge some of SETTINGS into a campaign; a locked field may be given if its value stays the same.

    Raises CampaignNotFound, FieldsLocked or UnpricedMessages.
    """
    campaign = campaign_rows.get_to_change(session, campaign_id)
    changed = {name: changes[name] for name in SETTINGS if name in changes}
    changed = {name: value for name, value in changed.items() if value != getattr(campaign, name)}
    if not changed:
        return
    importing = campaign_rows.running_import(session, campaign_id) is not None
    locked = {name: why for name, why in _locked(campaign, importing) if name in changed}
    if locked:
        raise FieldsLocked(locked)
    if changed.get("spend_limit") is not None and campaign.unpriced_count:
        raise UnpricedMessages(count=campaign.unpriced_count)
    why = {
        "code": "change",
        "fields": ", ".join(changed),
        "from": _told((name, getattr(campaign, name)) for name in changed),
        "to": _told(changed.items()),
    }
    if any(name in changed for name in TEMPLATE):
        changed["template_definition"] = None
    if any(name in changed for name in MAPPING):
        changed["filling"] = None  # the start, or the resume, freezes it anew
    # The next claim decides whether the limit leaves room.
    campaign_rows.update(session, campaign_id, **changed, limit_reached=False, updated_at=act.at)
    campaign_rows.record_event(session, campaign_id, "change", Act(act.who, act.at, why))


def _locked(campaign: Campaign, importing: bool) -> Iterator[tuple[str, Words]]:
    """Yield fields that can't be changed, with the reason; of several reasons, the lasting one comes last."""
    if importing:
        yield from ((name, FieldsLocked.IMPORTING) for name in JUDGED_BY)
    if campaign.status == CampaignStatus.SCHEDULED:
        yield "scheduled_at", FieldsLocked.SCHEDULED
    if campaign.started_at is not None:
        free = ("name", *PACING, *(MAPPING if waits_for_its_template(campaign) else ()))
        yield from ((name, FieldsLocked.STARTED) for name in SETTINGS if name not in free)
    if campaign.status in _IS_OVER:
        yield from ((name, FieldsLocked.ENDED) for name in SETTINGS if name != "name")


def waits_for_its_template(campaign: Campaign) -> bool:
    """Return whether it was paused since its template changed at WhatsApp: then what fills it may change."""
    code = (campaign.status_reason or {}).get("code")
    return campaign.status == CampaignStatus.PAUSED and code == TEMPLATE_CHANGED


def may_change_what_rows_are_judged_by(campaign: Campaign, changes: Collection[str]) -> bool:
    """Return whether a change of these fields may; once started, what was frozen stays."""
    is_open = campaign.started_at is None or waits_for_its_template(campaign)
    return is_open and campaign.counts["total"] > 0 and any(name in JUDGED_BY for name in changes)


def _told(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the values for the event, without those that may be long, or hold texts of messages."""
    return {name: _plain(name, value) for name, value in values if name not in MAPPING}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return money.shown(value) if name == "spend_limit" and value is not None else value


def may_delete(campaign: Campaign) -> bool:
    """Return whether the campaign's status allows deleting it."""
    return campaign.status not in _AT_WORK


def delete(session: Session, campaign_id: int, act: Act) -> None:
    """Hide a campaign; if it never started, the engine deletes the rest of it (bulk_moves.purge_some).

    Raises CampaignNotFound, IllegalMove or ImportUnderWay.
    """
    campaign = campaign_rows.get_to_change(session, campaign_id)
    if not may_delete(campaign):
        raise IllegalMove(event="delete", status=campaign.status)
    campaign_rows.must_not_be_importing(session, campaign_id)
    gone = {"deleted_at": act.at, "updated_at": act.at, **actions.BRING_NOTHING_BACK}
    campaign_rows.update(session, campaign_id, **gone)
    campaign_rows.record_event(session, campaign_id, "delete", act)


def duplicate(session: Session, campaign_id: int, act: Act, name: str | None = None) -> Campaign:
    """Create a draft with another campaign's settings, without its recipients. Raises CampaignNotFound."""
    original = campaign_rows.get_to_change(session, campaign_id)
    settings = {field: getattr(original, field) for field in NewCampaign.__slots__}
    settings |= {"name": name or _free_name(session, original), "scheduled_at": None, "created_by": act.who}
    why = {"code": "duplicate", "campaign": original.id, "name": original.name}
    return campaign_rows.create(session, NewCampaign(**settings), act.at, why)


def _free_name(session: Session, original: Campaign) -> str:
    """Return the name followed by the lowest number that no other campaign of the bot has."""
    match = _NUMBERED.fullmatch(original.name)
    base = match[1] if match else original.name
    alike = Campaign.name.startswith(base[: LONGEST_NAME // 2], autoescape=True)
    query = sa.select(Campaign.name).where(Campaign.bot_id == original.bot_id, alike)
    taken = set(session.execute(query).scalars())
    number = 2
    while (name := _numbered(base, number)) in taken:
        number += 1
    return name


def _numbered(base: str, number: int) -> str:
    end = f" ({number})"
    return base[: LONGEST_NAME - len(end)] + end
