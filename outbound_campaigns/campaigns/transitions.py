"""Changes a campaign's status by the table in lifecycle.py, and records an event for each change."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns.campaign_rows import (
    ENGINE,
    Act,
    get,
    get_to_change,
    record_event,
    running_import,
)
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import wake
from outbound_campaigns.domain.lifecycle import CAMPAIGN_TRANSITIONS, CampaignEvent, CampaignStatus
from outbound_campaigns.domain.refusals.state import IllegalMove


def move_campaign(session: Session, campaign_id: int, event: CampaignEvent, act: Act) -> bool:
    """Apply a row of CAMPAIGN_TRANSITIONS. Returns False if it lacks the status or the campaign is hidden."""
    for target in sorted(set(CAMPAIGN_TRANSITIONS[event].values())):
        sources = [source for source, to in CAMPAIGN_TRANSITIONS[event].items() if to == target]
        # If the status stays the same, so does its reason.
        reason = {} if sources == [target] else {"status_reason": act.why}
        values = {**reason, **act.changes, "updated_at": act.at}
        statement = (
            sa.update(Campaign)
            .where(Campaign.id == campaign_id, Campaign.status.in_(sources), Campaign.deleted_at.is_(None))
            .values(status=target, **values)
        )
        if change(session, statement):
            record_event(session, campaign_id, event, act)
            if target == CampaignStatus.RUNNING:
                wake(session, campaign_id)
            return True
    return False


def must_move(session: Session, campaign_id: int, event: CampaignEvent, act: Act) -> None:
    """Do the same as `move_campaign`, but raise IllegalMove where that returns False."""
    if not move_campaign(session, campaign_id, event, act):
        raise IllegalMove(event=event, status=get_to_change(session, campaign_id).status)


def must_be_allowed(campaign: Campaign, event: CampaignEvent) -> None:
    """Raise IllegalMove if the campaign's status does not allow the event."""
    if campaign.status not in CAMPAIGN_TRANSITIONS[event]:
        raise IllegalMove(event=event, status=campaign.status)


def pause_account(session: Session, account: str, act: Act, credentials: str | None = None) -> list[int]:
    """Pause every running campaign that is sent through this account. Returns their ids.

    With `credentials`, a fingerprint, only those that were last claimed with these.
    """
    running = sa.select(Campaign.id).where(
        Campaign.status == CampaignStatus.RUNNING, Campaign.account == account
    )
    if credentials is not None:
        running = running.where(Campaign.credentials == credentials)
    ids = session.execute(running.order_by(Campaign.id)).scalars().all()
    return [id_ for id_ in ids if move_campaign(session, id_, CampaignEvent.PAUSE, act)]


def finish_if_done(session: Session, campaign_id: int, now: datetime) -> bool:
    """Complete a running campaign with nothing pending or sending; fail it if nothing was sent.

    Returns whether it ended.
    """
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
    # Nobody is left to skip, so the mark is cleared: rows that come back are checked against the limit again.
    changes = {"finished_at": now, "next_batch_at": None, "limit_reached": False}
    return move_campaign(session, campaign_id, event, Act(ENGINE, now, why, changes))
