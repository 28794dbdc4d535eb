"""What pauses a campaign on the evidence of its own messages: too many failures, or a canary that failed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows, canary, transitions
from outbound_campaigns.campaigns.campaign_rows import Move
from outbound_campaigns.campaigns.canary import CanaryState
from outbound_campaigns.campaigns.failure_limit import Finals
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus

WHO = "guard"


def pause_when_failing(session: Session, campaign: Campaign, finals: Finals, now: datetime) -> bool:
    """Pause a locked campaign when too many of its last messages failed; True when it did.

    Only one that has somebody left to spare. Before the canary's verdict nobody else is sent to anyway,
    and that verdict pauses by the same limit.
    """
    goes_on = campaign.pending_count > 0 or campaign.brings_back
    if campaign.status != CampaignStatus.RUNNING or not goes_on or canary.is_open(campaign):
        return False
    why = finals.evidence(campaign.failure_share_limit, campaign.failure_minimum)
    if why is None:
        return False
    session.flush()
    return transitions.move_campaign(session, campaign.id, CampaignEvent.PAUSE, Move(WHO, now, why))


def judge_canary(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Note the verdict of a locked, running campaign's canary; True when it has paused the campaign."""
    verdict = canary.judge(campaign, now)
    if verdict is None:
        return False
    told = {"code": f"canary_{verdict.state}", **asdict(verdict)}
    del told["state"]
    move = Move(WHO, now, told, canary.changes(verdict))
    if verdict.state is CanaryState.FAILED:
        return transitions.move_campaign(session, campaign.id, CampaignEvent.PAUSE, move)
    campaign.canary_verdict, campaign.canary_members = asdict(verdict), []
    campaign_rows.record_event(session, campaign.id, "canary", move)
    return False
