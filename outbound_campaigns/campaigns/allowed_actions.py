"""Lists what may be done to a campaign now, by the tables and rules that decide when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from outbound_campaigns.campaigns.editing import may_delete
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import CAMPAIGN_TRANSITIONS, CampaignEvent, CampaignStatus


class Action(StrEnum):
    """An action on a campaign, named as in the API's routes; in the order in which they are offered."""

    EDIT = "edit"
    """change any of its fields"""
    START = "start"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY_FAILED = "retry-failed"
    CANCEL = "cancel"
    DUPLICATE = "duplicate"
    DELETE = "delete"


_EVENTS: Mapping[Action, CampaignEvent] = {
    Action.START: CampaignEvent.START,
    Action.SCHEDULE: CampaignEvent.SCHEDULE,
    Action.UNSCHEDULE: CampaignEvent.UNSCHEDULE,
    Action.PAUSE: CampaignEvent.PAUSE,
    Action.RESUME: CampaignEvent.RESUME,
    Action.RETRY_FAILED: CampaignEvent.REOPEN,
    Action.CANCEL: CampaignEvent.CANCEL,
}


def allowed_actions(campaign: Campaign) -> list[Action]:
    """Return the actions that the campaign's status allows, in their order.

    Something that passes by itself, such as a running import, may still refuse one of them.
    """
    return [action for action in Action if _is_allowed(action, campaign)]


def _is_allowed(action: Action, campaign: Campaign) -> bool:
    if action is Action.EDIT:
        return campaign.status == CampaignStatus.DRAFT
    if action is Action.DELETE:
        return may_delete(campaign)
    if action is Action.RETRY_FAILED and not campaign.failed_count:
        return False
    return action not in _EVENTS or campaign.status in CAMPAIGN_TRANSITIONS[_EVENTS[action]]
