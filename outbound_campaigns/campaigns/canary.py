"""A campaign's canary: its first few messages, whose receipts decide whether the others follow.

The claims choose its members, who are stored in the campaign's row. Nobody else is claimed before the
verdict, so until then the campaign's own counts are those of the members.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows, transitions
from outbound_campaigns.campaigns.campaign_rows import GUARD, Act
from outbound_campaigns.database.models import Campaign, Recipient
from outbound_campaigns.domain.lifecycle import CampaignEvent

FAILURE_SHARE = 0.5
"""largest share of the members that may fail, where the campaign has no limit of its own"""

DELIVERED_SHARE = 0.5
"""smallest share of the members that must have received the message"""


class CanaryState(StrEnum):
    SENDING = "sending"
    WAITING = "waiting"
    """all members were sent to; their receipts are awaited"""
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CanaryVerdict:
    """Whether the others may follow, and how the members' messages had ended by then."""

    state: CanaryState
    delivered: int
    failed: int
    unanswered: int


def is_open(campaign: Campaign) -> bool:
    """Return whether the campaign has a canary without a verdict."""
    return campaign.canary_size is not None and campaign.canary_verdict is None


def places_left(campaign: Campaign) -> int | None:
    """Return how many more people may be sent to before the verdict; None if no canary holds anybody back."""
    if campaign.canary_size is None or not is_open(campaign):
        return None
    return max(0, campaign.canary_size - len(campaign.canary_members or ()))


def admit(campaign: Campaign, ids: Iterable[int], last_at: datetime) -> None:
    """Make recipients who leave now members, while there is no verdict; the last leaves at `last_at`."""
    if is_open(campaign):
        campaign.canary_members = sorted({*campaign.canary_members, *ids})
        campaign.canary_last_at = last_at


def readmit(campaign: Campaign, recipient_id: int) -> None:
    """Make a recipient a member again when their message has arrived after all.

    An earlier message may arrive after its recipient was skipped, and then counts as one that has left.
    """
    if is_open(campaign) and recipient_id not in campaign.canary_members:
        campaign.canary_members = sorted([*campaign.canary_members, recipient_id])


def withdraw(campaign: Campaign, ids: Collection[int]) -> None:
    """Remove recipients who will not be sent to from the members; others take their places."""
    if is_open(campaign):
        campaign.canary_members = [member for member in campaign.canary_members if member not in ids]


def deadline(campaign: Campaign) -> datetime | None:
    """Return when the verdict comes at the latest; None while members are still to be sent to."""
    if campaign.canary_last_at is None or state(campaign) is not CanaryState.WAITING:
        return None
    return campaign.canary_last_at + timedelta(minutes=campaign.canary_wait_minutes)


def state(campaign: Campaign) -> CanaryState:
    """Return the state of a campaign's canary; the campaign must have one."""
    if campaign.canary_verdict is not None:
        return CanaryState(campaign.canary_verdict["state"])
    left = sum(figures(campaign).values()) - campaign.sending_count
    members = len(campaign.canary_members or ())
    all_left = places_left(campaign) == 0 and left == members
    return CanaryState.WAITING if all_left else CanaryState.SENDING


def figures(campaign: Campaign) -> dict[str, int]:
    """Return how many got the message, failed, or have no receipt yet: now, or at the time of the verdict."""
    if campaign.canary_verdict is not None:
        return {name: campaign.canary_verdict[name] for name in ("delivered", "failed", "unanswered")}
    return {
        "delivered": campaign.delivered_count + campaign.read_count,
        "failed": campaign.failed_count,
        "unanswered": campaign.sending_count + campaign.sent_count + campaign.in_doubt_count,
    }


def judge(campaign: Campaign, now: datetime) -> CanaryVerdict | None:
    """Return an open canary's verdict once all its messages have ended or the wait is over; else None."""
    at = deadline(campaign)
    found = figures(campaign)
    if at is None or (found["unanswered"] and now < at):
        return None
    members = sum(found.values())
    most = FAILURE_SHARE if campaign.failure_share_limit is None else campaign.failure_share_limit
    passes = found["failed"] / members <= most and found["delivered"] / members >= DELIVERED_SHARE
    return CanaryVerdict(CanaryState.PASSED if passes else CanaryState.FAILED, **found)


def changes(verdict: CanaryVerdict) -> dict[str, Any]:
    """Return column values that store a verdict and clear the members, which nothing reads after it."""
    return {"canary_verdict": asdict(verdict), "canary_members": []}


def as_passed(campaign: Campaign) -> dict[str, Any]:
    """Return column values for a campaign that an operator resumes: a failed canary now counts as passed."""
    if campaign.canary_verdict is None:
        return {}
    return {"canary_verdict": {**campaign.canary_verdict, "state": CanaryState.PASSED}}


def is_full(campaign: Campaign) -> bool:
    """Return whether only members may be sent to: all places are taken, and there is no verdict."""
    return places_left(campaign) == 0


def may_leave(full: bool) -> sa.ColumnElement[bool]:
    """Return the condition for rows that may be claimed, with the parameters of `those_who_may_leave`."""
    if full:
        # By their ids alone: by the campaign, a planner would read all due rows to find these few.
        return Recipient.id.in_(sa.bindparam("members", expanding=True))
    return Recipient.campaign_id == sa.bindparam("of_campaign")


def those_who_may_leave(campaign: Campaign) -> dict[str, Any]:
    """Return the values for `may_leave`: the campaign, or only the members once the canary is full."""
    return {"members": campaign.canary_members} if is_full(campaign) else {"of_campaign": campaign.id}


def record_verdict(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Store the verdict of a locked, running campaign's canary. Returns True when it paused the campaign."""
    verdict = judge(campaign, now)
    if verdict is None:
        return False
    told = {"code": f"canary_{verdict.state}", **asdict(verdict)}
    del told["state"]
    act = Act(GUARD, now, told, changes(verdict))
    if verdict.state is CanaryState.FAILED:
        return transitions.move_campaign(session, campaign.id, CampaignEvent.PAUSE, act)
    campaign.canary_verdict, campaign.canary_members = asdict(verdict), []
    campaign_rows.record_event(session, campaign.id, "canary", act)
    return False
