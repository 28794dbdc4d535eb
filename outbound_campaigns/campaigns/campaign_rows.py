"""Creates, finds and changes a campaign's row and what belongs to it, and records what was done to it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Campaign, ErrorCount, Event, Import, Recipient
from outbound_campaigns.database.statements import change
from outbound_campaigns.domain.export_columns import OF_EXPORTS
from outbound_campaigns.domain.lifecycle import OnSpendLimit, RecipientStatus
from outbound_campaigns.domain.refusals.request import CampaignNotFound, ImportNotFound, RecipientNotFound
from outbound_campaigns.domain.refusals.state import ImportUnderWay

GUARD, ENGINE = "guard", "engine"
"""who acts, in events, where it is not an operator"""


_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


TIMEZONE = "America/Mexico_City"


def _pacing(default: Any) -> Any:
    return field(default=default, metadata={"pacing": True})


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """The settings of a new campaign, with the API's defaults. Those of its pacing may change as it runs."""

    bot_id: str
    name: str
    template_id: str
    template_language: str = "es_MX"
    template_category: str = "marketing"
    variables: list[str] | dict[str, str] | None = None
    template_components: list[dict[str, Any]] | None = None
    values: dict[str, Any] | None = None
    sender_number: str | None = None
    batch_size: int = _pacing(100)
    batch_interval_ms: int = _pacing(60_000)
    max_attempts: int = _pacing(3)
    spend_limit: int | None = _pacing(None)
    """millionths of the price table's currency"""
    on_spend_limit: str = _pacing(OnSpendLimit.PAUSE)
    failure_share_limit: float | None = _pacing(0.5)
    failure_minimum: int = _pacing(20)
    canary_wait_minutes: int = _pacing(30)
    canary_size: int | None = None
    scheduled_at: datetime | None = None
    """stored only; `schedule` makes it take effect"""
    timezone: str = TIMEZONE
    created_by: str | None = None


SETTINGS = tuple(one.name for one in fields(NewCampaign) if one.name not in ("bot_id", "created_by"))
"""what an operator sets and changes"""
PACING = tuple(one.name for one in fields(NewCampaign) if one.metadata.get("pacing"))
"""those of SETTINGS that may change while a campaign runs"""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something to a campaign, when, and why ({"code", …values}); `changes` are columns to set."""

    who: str
    at: datetime
    why: dict[str, Any] | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


def create(session: Session, new: NewCampaign, now: datetime, why: dict[str, Any] | None = None) -> Campaign:
    """Insert a campaign in draft and record the event. Returns the campaign."""
    values = {name: getattr(new, name) for name in NewCampaign.__slots__}
    ref = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    campaign = Campaign(**values, ref=ref, created_at=now, updated_at=now)
    session.add(campaign)
    session.flush()
    record_event(session, campaign.id, "create", Act(new.created_by or "terminal", now, why))
    return campaign


def get(session: Session, campaign_id: int, lock: bool = False) -> Campaign:
    """Return the campaign, locked until the transaction ends if `lock` is set. Raises CampaignNotFound."""
    query = _GET_LOCKED if lock else _GET
    campaign = session.execute(query, {"campaign_id": campaign_id}).scalar_one_or_none()
    if campaign is None:
        raise CampaignNotFound(campaign=campaign_id)
    return campaign


_GET = (
    sa.select(Campaign)
    .where(Campaign.id == sa.bindparam("campaign_id"))
    .execution_options(populate_existing=True)
)
_GET_LOCKED = _GET.with_for_update()


def columns(session: Session, campaign_id: int) -> list[str] | None:
    """Return the columns of the campaign's files, each once in any case, without the numbers' and those that
    exports add; None without a file.
    """
    query = (
        sa.select(Import.columns, Import.phone_column)
        .where(Import.campaign_id == campaign_id, Import.status == "completed")
        .order_by(Import.id)
    )
    files = session.execute(query).all()
    found: dict[str, str] = {}
    for names, phone in files:
        for name in names:
            if name and name != phone and name not in OF_EXPORTS:
                found.setdefault(name.casefold(), name)
    return list(found.values()) if files else None


def get_of_bot(session: Session, bot_id: str, campaign_id: int, lock: bool = False) -> Campaign:
    """Return a campaign of this bot. Raises CampaignNotFound, also for another bot's or a hidden one."""
    campaign = get(session, campaign_id, lock)
    if campaign.bot_id != bot_id or campaign.deleted_at is not None:
        raise CampaignNotFound(campaign=campaign_id)
    return campaign


def get_to_change(session: Session, campaign_id: int) -> Campaign:
    """Return the campaign, locked. Raises CampaignNotFound, also for a hidden one."""
    campaign = get(session, campaign_id, lock=True)
    if campaign.deleted_at is not None:
        raise CampaignNotFound(campaign=campaign_id)
    return campaign


def import_of(session: Session, campaign_id: int, import_id: int) -> Import:
    """Return an import of this campaign. Raises ImportNotFound, also for one that is being removed."""
    found = session.get(Import, import_id)
    if found is None or found.campaign_id != campaign_id or found.status == "removed":
        raise ImportNotFound(number=import_id)
    return found


def recipient_of(session: Session, campaign_id: int, recipient_id: int) -> Recipient:
    """Return a recipient of this campaign. Raises RecipientNotFound."""
    found = session.get(Recipient, recipient_id)
    if found is None or found.campaign_id != campaign_id:
        raise RecipientNotFound(recipient=recipient_id)
    return found


def update(session: Session, campaign_id: int, **values: Any) -> None:
    change(session, sa.update(Campaign).where(Campaign.id == campaign_id).values(**values))


def record_event(session: Session, campaign_id: int, what: str, act: Act) -> None:
    session.add(Event(campaign_id=campaign_id, at=act.at, who=act.who, what=str(what), why=act.why))
    session.flush()


def running_import(session: Session, campaign_id: int) -> Import | None:
    """Return an import of the campaign that has not ended, or whose rows are being deleted; else None."""
    unfinished = sa.or_(Import.status == "running", Import.undoing)
    query = sa.select(Import).where(Import.campaign_id == campaign_id, unfinished)
    return session.execute(query.limit(1)).scalar_one_or_none()


def must_not_be_importing(session: Session, campaign_id: int) -> None:
    """Raise ImportUnderWay if an import of the campaign has not ended."""
    running = running_import(session, campaign_id)
    if running is not None:
        raise ImportUnderWay(file_name=running.file_name)


def count_with_error(session: Session, campaign_id: int, status: RecipientStatus, code: str) -> int:
    """Return how many recipients are failed, or in doubt, with a code."""
    found = session.get(ErrorCount, (campaign_id, str(status), code))
    return found.count if found else 0
