"""What must be true when a fleet has sent everything, whatever befell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from outbound_campaigns.database.models import Attempt, Recipient
from tests.support.windows import Left, too_close
from tests.whole.cluster.fleet import Fleet

CATCHES_UP = 0.1
"""seconds by which a late slice may catch up with its pace, and a worker with its slice (sending/pace.py)"""

HELD_UP = 0.25
"""seconds for which a busy machine may hold up requests, between the look at the clock and the simulator"""

INTERVALS = 5
"""so many together; in one alone, a request that was held up would hide what it is about"""


def judge(fleet: Fleet) -> None:
    """The promise, each campaign's windows, and the shared number's pace."""
    accepted = fleet.installed.accepted()
    _judge_recipients(fleet, accepted)
    fleet.neighbour.judge(accepted)
    for campaign_id in fleet.sent:
        assert too_close(_requests(fleet, campaign_id)) == []
    plan, interval = fleet.plan, fleet.plan.batch_interval_ms / 1000
    arrivals = fleet.installed.arrivals_by_sender()
    for bot in range(1, plan.campaigns - 1):
        # One campaign to a number: requests that were recorded nowhere count, too.
        times = arrivals[fleet.number(bot).lstrip("+")]
        assert _most_within(times, INTERVALS * interval - HELD_UP) <= INTERVALS * plan.batch_size
    _judge_pace(fleet, arrivals[fleet.number(0).lstrip("+")])
    sharing = [fleet.installed.send_times(campaign_id) for campaign_id in fleet.sent[:2]]
    _judge_pace(fleet, sorted(time.timestamp() for times in sharing for time in times))


def _judge_recipients(fleet: Fleet, accepted: Counter[str]) -> None:
    assert max(accepted.values()) == 1, "somebody was messaged twice"
    query = sa.select(Recipient.campaign_id, Recipient.phone_number, Recipient.status)
    with fleet.installed.database.read() as session:
        rows = session.execute(query.where(Recipient.campaign_id.in_(fleet.sent))).all()
    for _, number, status in rows:
        possible = {"sent": (1,), "in_doubt": (0, 1)}[status]
        assert accepted[number.lstrip("+")] in possible, (status, accepted[number.lstrip("+")])
    by_campaign = Counter(campaign_id for campaign_id, _, _ in rows)
    assert by_campaign == dict.fromkeys(fleet.sent, fleet.plan.recipients)


def _requests(fleet: Fleet, campaign_id: int) -> list[Left]:
    query = (
        sa.select(Attempt.sent_at, Attempt.claimed_at)
        .join(Recipient, Recipient.id == Attempt.recipient_id)
        .where(Recipient.campaign_id == campaign_id, Attempt.sent_at.is_not(None))
    )
    with fleet.installed.database.read() as session:
        times = session.execute(query).all()
    return [
        Left(sent_at.timestamp(), *_limit_at(fleet, campaign_id, claimed_at))
        for sent_at, claimed_at in times
        if sent_at is not None
    ]


def _limit_at(fleet: Fleet, campaign_id: int, moment: datetime) -> tuple[int, float]:
    return next(limit[1:] for limit in reversed(fleet.limits[campaign_id]) if limit[0] <= moment)


def _judge_pace(fleet: Fleet, times: Sequence[float]) -> None:
    for seconds in (1.0, 10.0):
        densest = _most_within(times, seconds - HELD_UP)
        assert densest <= fleet.plan.per_second * (seconds + 2 * CATCHES_UP) + 1, (seconds, densest)


def _most_within(times: Sequence[float], seconds: float) -> int:
    """The most of these (in order) that lie in any stretch of so many seconds."""
    most, first = 0, 0
    for last, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
