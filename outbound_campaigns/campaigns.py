"""What can be done to a campaign; each function runs inside its caller's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns import canary
from outbound_campaigns.errors import (
    CampaignNotFound,
    ChangedMeanwhile,
    IllegalMove,
    ImportNotFound,
    ImportUnderWay,
    NothingFailed,
    NothingNotFound,
    NothingPending,
    NothingToSend,
    RecipientNotFound,
    TemplateNotResolved,
)
from outbound_campaigns.lifecycle import (
    CAMPAIGN_TRANSITIONS,
    CampaignEvent,
    CampaignStatus,
    OnSpendLimit,
    RecipientStatus,
)
from outbound_campaigns.models import Campaign, ErrorCount, Event, Import, Recipient

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
NOT_FOUND = "not_found_at_vonage"
"""the code of a row in doubt that Vonage's own records do not know"""

_LOOKED_UP = ("template_id", "template_language", "sender_number", "canary_size")


TIMEZONE = "America/Mexico_City"

BRING_NOTHING_BACK = {"retry_failed_before": None, "resend_before": None}
"""what of a campaign changes when rows that were on their way back to pending stay where they are"""


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What an operator says of a new campaign; defaults are those of the API."""

    bot_id: str
    name: str
    template_id: str
    template_language: str = "es_MX"
    template_category: str = "marketing"
    template_components: list[dict[str, Any]] | None = None
    variables: list[str] | dict[str, str] | None = None
    sender_number: str | None = None
    batch_size: int = 100
    batch_interval_ms: int = 60_000
    max_attempts: int = 3
    spend_limit: int | None = None
    """millionths of the price table's currency"""
    on_spend_limit: str = OnSpendLimit.PAUSE
    failure_share_limit: float | None = 0.5
    failure_minimum: int = 20
    canary_size: int | None = None
    canary_wait_minutes: int = 30
    timezone: str = TIMEZONE
    scheduled_at: datetime | None = None
    """kept; only `schedule` arms it"""
    created_by: str | None = None


@dataclass(frozen=True, slots=True)
class ResolvedTemplate:
    """A template as it goes into a message: found by id, frozen at the start."""

    name: str
    language: str
    namespace: str | None = None
    category: str | None = None
    """where the WhatsApp account's list tells it; it goes before the campaign's own"""


@dataclass(frozen=True, slots=True)
class Move:
    """Who asks for a change of status, when, and why ({"code", …values})."""

    who: str
    at: datetime
    why: dict[str, Any] | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


def create(session: Session, new: NewCampaign, now: datetime, why: dict[str, Any] | None = None) -> Campaign:
    values = {name: getattr(new, name) for name in NewCampaign.__slots__}
    ref = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    campaign = Campaign(**values, ref=ref, created_at=now, updated_at=now)
    session.add(campaign)
    session.flush()
    record_event(session, campaign.id, "create", Move(new.created_by or "terminal", now, why))
    return campaign


def get(session: Session, campaign_id: int, lock: bool = False) -> Campaign:
    """The campaign, locked until the transaction ends if asked. Raises CampaignNotFound."""
    query = sa.select(Campaign).where(Campaign.id == campaign_id)
    if lock:
        query = query.with_for_update()
    campaign = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if campaign is None:
        raise CampaignNotFound(campaign=campaign_id)
    return campaign


def get_of_bot(session: Session, bot_id: str, campaign_id: int, lock: bool = False) -> Campaign:
    """As get, for one bot: another's campaign, or a hidden one, raises CampaignNotFound too."""
    campaign = get(session, campaign_id, lock)
    if campaign.bot_id != bot_id or campaign.deleted_at is not None:
        raise CampaignNotFound(campaign=campaign_id)
    return campaign


def get_to_change(session: Session, campaign_id: int) -> Campaign:
    """The campaign, locked. Raises CampaignNotFound, for a hidden one too."""
    campaign = get(session, campaign_id, lock=True)
    if campaign.deleted_at is not None:
        raise CampaignNotFound(campaign=campaign_id)
    return campaign


def import_of(session: Session, campaign_id: int, import_id: int) -> Import:
    """Raises ImportNotFound, for one that is being removed too."""
    found = session.get(Import, import_id)
    if found is None or found.campaign_id != campaign_id or found.status == "removed":
        raise ImportNotFound(number=import_id)
    return found


def recipient_of(session: Session, campaign_id: int, recipient_id: int) -> Recipient:
    """Raises RecipientNotFound."""
    found = session.get(Recipient, recipient_id)
    if found is None or found.campaign_id != campaign_id:
        raise RecipientNotFound(recipient=recipient_id)
    return found


def schedule(session: Session, campaign_id: int, at: datetime, move: Move) -> None:
    """Raises IllegalMove or NothingToSend; ImportUnderWay while the first file brings the recipients."""
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.SCHEDULE)
    if campaign.counts["total"] == 0:
        must_not_be_importing(session, campaign_id)
    _must_have_recipients(campaign)
    why = {"code": "scheduled", "at": at.isoformat(timespec="minutes")}
    told = _with(replace(move, why=why), scheduled_at=at, status_reason=None)
    _must_move(session, campaign_id, CampaignEvent.SCHEDULE, told)


def unschedule(session: Session, campaign_id: int, move: Move) -> None:
    _must_move(session, campaign_id, CampaignEvent.UNSCHEDULE, move)


def start(session: Session, campaign_id: int, template: ResolvedTemplate, move: Move) -> None:
    """Raises IllegalMove, NothingToSend or ImportUnderWay."""
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.START)
    must_not_be_importing(session, campaign_id)
    _must_have_recipients(campaign)
    changes = _frozen(template, campaign, move) | {"status_reason": None}
    _must_move(session, campaign_id, CampaignEvent.START, _with(move, **changes))


def _frozen(template: ResolvedTemplate, campaign: Campaign, move: Move) -> dict[str, Any]:
    return {
        "template_name": template.name,
        "template_namespace": template.namespace,
        "template_language": template.language,
        "template_category": template.category or campaign.template_category,
        "started_at": campaign.started_at or move.at,
        "next_batch_at": move.at,
    }


def is_as_prepared(campaign: Campaign, prepared: Campaign) -> bool:
    """Does what was looked up for a campaign, as it was read before, still hold for it?"""
    return all(getattr(campaign, name) == getattr(prepared, name) for name in _LOOKED_UP)


def must_be_as_prepared(session: Session, prepared: Campaign) -> None:
    """Raises ChangedMeanwhile."""
    if not is_as_prepared(get(session, prepared.id, lock=True), prepared):
        raise ChangedMeanwhile


def pause(session: Session, campaign_id: int, move: Move) -> None:
    _must_move(session, campaign_id, CampaignEvent.PAUSE, move)


def resume(session: Session, campaign_id: int, move: Move, template: ResolvedTemplate | None = None) -> None:
    """One that has never started, its start missed or refused, needs its `template` resolved now.

    Raises IllegalMove, NothingPending, ImportUnderWay or TemplateNotResolved.
    """
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.RESUME)
    must_not_be_importing(session, campaign_id)
    if campaign.template_name is None and template is None:
        raise TemplateNotResolved(template_id=campaign.template_id)
    if campaign.pending_count + campaign.sending_count == 0 and not campaign.brings_back:
        raise NothingPending
    changes = {"status_reason": None, "finished_at": None} | _afresh(move) | canary.overruled(campaign)
    changes |= {"limit_reached": False}
    changes |= _frozen(template, campaign, move) if campaign.template_name is None and template else {}
    _must_move(session, campaign_id, CampaignEvent.RESUME, _with(move, **changes))


def cancel(session: Session, campaign_id: int, move: Move) -> None:
    """At once for the campaign; its pending rows follow (following.cancel_some)."""
    _must_move(
        session,
        campaign_id,
        CampaignEvent.CANCEL,
        _with(move, finished_at=move.at, next_batch_at=None, **BRING_NOTHING_BACK),
    )


def retry_failed(session: Session, campaign_id: int, move: Move) -> None:
    """Reopen the campaign; its failed rows follow. Raises IllegalMove or NothingFailed."""
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.REOPEN)
    if campaign.failed_count == 0:
        raise NothingFailed
    changes = {"retry_failed_before": move.at, "finished_at": None} | _afresh(move)
    _must_move(session, campaign_id, CampaignEvent.REOPEN, _with(move, **changes))


def resend_not_found(session: Session, campaign_id: int, move: Move) -> None:
    """Reopen the campaign for the rows that Vonage's records do not know; they follow.

    The one deliberate act by which a message may go out twice. Raises IllegalMove or NothingNotFound.
    """
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.REOPEN)
    if not count_with_error(session, campaign_id, RecipientStatus.IN_DOUBT, NOT_FOUND):
        raise NothingNotFound
    why = {"code": "resend_not_found"}
    changes = {"resend_before": move.at, "finished_at": None} | _afresh(move)
    _must_move(session, campaign_id, CampaignEvent.REOPEN, _with(replace(move, why=why), **changes))


def count_with_error(session: Session, campaign_id: int, status: RecipientStatus, code: str) -> int:
    """How many recipients are failed, or in doubt, with a code."""
    found = session.get(ErrorCount, (campaign_id, str(status), code))
    return found.count if found else 0


def _afresh(move: Move) -> dict[str, Any]:
    """What pauses a campaign is counted from here on: an operator has seen what came before."""
    return {"alike_code": None, "alike_count": 0, "finals": [], "finals_since": move.at}


def move_campaign(session: Session, campaign_id: int, event: CampaignEvent, move: Move) -> bool:
    """Apply one line of CAMPAIGN_TRANSITIONS; False where the status is not in it; a hidden one stays."""
    for target in sorted(set(CAMPAIGN_TRANSITIONS[event].values())):
        sources = [source for source, to in CAMPAIGN_TRANSITIONS[event].items() if to == target]
        # Where the status stays, so does the reason for it.
        reason = {} if sources == [target] else {"status_reason": move.why}
        values = {**reason, **move.changes, "updated_at": move.at}
        statement = (
            sa.update(Campaign)
            .where(Campaign.id == campaign_id, Campaign.status.in_(sources), Campaign.deleted_at.is_(None))
            .values(status=target, **values)
        )
        if rowcount(session.execute(statement, execution_options={"synchronize_session": False})):
            record_event(session, campaign_id, event, move)
            return True
    return False


def pause_account(session: Session, account: str, move: Move) -> list[int]:
    """Pause every running campaign that is sent through this account; their ids."""
    running = sa.select(Campaign.id).where(
        Campaign.status == CampaignStatus.RUNNING, Campaign.account == account
    )
    ids = session.execute(running.order_by(Campaign.id)).scalars().all()
    return [id_ for id_ in ids if move_campaign(session, id_, CampaignEvent.PAUSE, move)]


def conclude(session: Session, campaign_id: int, now: datetime) -> bool:
    """Complete a running campaign when nothing of it is pending or sending; fail it when nothing was sent."""
    campaign = get(session, campaign_id, lock=True)
    waiting = campaign.pending_count + campaign.sending_count
    if campaign.status != CampaignStatus.RUNNING or waiting or campaign.brings_back:
        return False
    if running_import(session, campaign_id) is not None:
        return False
    left = campaign.sent_count + campaign.delivered_count + campaign.read_count + campaign.in_doubt_count
    in_vain = left == 0 and campaign.failed_count > 0
    event = CampaignEvent.FAIL if in_vain else CampaignEvent.COMPLETE
    why = {"code": "every_recipient_refused"} if in_vain else None
    # With nobody left to skip the limit is not reached: who comes back is held against it anew.
    changes = {"finished_at": now, "next_batch_at": None, "limit_reached": False}
    return move_campaign(session, campaign_id, event, Move("engine", now, why, changes))


def update(session: Session, campaign_id: int, **values: Any) -> None:
    session.execute(
        sa.update(Campaign).where(Campaign.id == campaign_id).values(**values),
        execution_options={"synchronize_session": False},
    )


def record_event(session: Session, campaign_id: int, what: str, move: Move) -> None:
    session.add(Event(campaign_id=campaign_id, at=move.at, who=move.who, what=str(what), why=move.why))
    session.flush()


def running_import(session: Session, campaign_id: int) -> Import | None:
    """An import that is not at its end, or whose rows are being taken out again."""
    unfinished = sa.or_(Import.status == "running", Import.undoing)
    query = sa.select(Import).where(Import.campaign_id == campaign_id, unfinished)
    return session.execute(query.limit(1)).scalar_one_or_none()


def must_not_be_importing(session: Session, campaign_id: int) -> None:
    """Raises ImportUnderWay."""
    running = running_import(session, campaign_id)
    if running is not None:
        raise ImportUnderWay(file_name=running.file_name)


def missed_start(campaign: Campaign, now: datetime, grace: timedelta) -> bool:
    """Is it too late for a scheduled start, by more than the grace?"""
    return campaign.scheduled_at is not None and now - campaign.scheduled_at > grace


def rowcount(result: sa.Result[Any]) -> int:
    return cast("sa.CursorResult[Any]", result).rowcount


def _with(move: Move, **changes: Any) -> Move:
    return Move(move.who, move.at, move.why, {**move.changes, **changes})


def _must_move(session: Session, campaign_id: int, event: CampaignEvent, move: Move) -> None:
    if not move_campaign(session, campaign_id, event, move):
        raise IllegalMove(event=event, status=get_to_change(session, campaign_id).status)


def must_be_allowed(campaign: Campaign, event: CampaignEvent) -> None:
    if campaign.status not in CAMPAIGN_TRANSITIONS[event]:
        raise IllegalMove(event=event, status=campaign.status)


def _must_have_recipients(campaign: Campaign) -> None:
    if campaign.counts["total"] == 0:
        raise NothingToSend
