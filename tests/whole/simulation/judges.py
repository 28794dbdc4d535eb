"""What must be true when a story has ended, whatever happened in it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from outbound_campaigns.campaigns import campaign_rows, recounting
from outbound_campaigns.database.models import Attempt, Campaign, Recipient, TimelineMinute
from tests.support.windows import Left, too_close
from tests.whole.simulation.story import Story, judge_spending


def judge(story: Story) -> None:
    """The promise, held against the ledger."""
    world, database = story.world, story.database
    with database.read() as session:
        campaign = campaign_rows.get(session, story.campaign_id)
        recipients = session.execute(sa.select(Recipient)).scalars().all()
        attempts = session.execute(sa.select(sa.func.count()).select_from(Attempt)).scalar_one()
    for recipient in recipients:
        times = world.accepted.get(recipient.phone_number.lstrip("+"), [])
        allowed = {"sent": (1,), "in_doubt": (0, 1)}.get(recipient.status, (0,))
        assert len(times) in allowed, f"seed {story.seed}: {recipient.status}, accepted {len(times)} times"
        if recipient.status == "sent":
            assert recipient.message_uuid == world.uuids[recipient.phone_number.lstrip("+")]
    assert all(count == 1 for count in world.refs.values())
    assert attempts >= sum(len(times) for times in world.accepted.values())
    counted = Counter(recipient.status for recipient in recipients)
    assert {k: v for k, v in campaign.counts.items() if v and k != "total"} == dict(counted), story.seed
    judge_figures(story, campaign)
    judge_spending(story)


def judge_figures(story: Story, campaign: Campaign) -> None:
    """What is kept by deltas agrees with the rows, whatever happened."""
    with story.database.read() as session:
        differences = recounting.recount(session)
        minutes = session.execute(sa.select(TimelineMinute)).scalars().all()
    assert differences == [], f"seed {story.seed}: {differences}"
    assert sum(minute.sent for minute in minutes) == campaign.sent_count, story.seed
    assert sum(minute.failed for minute in minutes) >= campaign.failed_count, story.seed


def judge_window(story: Story) -> None:
    """At most a batch in any interval that begins or ends with a request claimed under that limit.

    Refused requests are included.
    """
    with story.database.read() as session:
        query = sa.select(Attempt.recipient_id, Attempt.number, Attempt.claimed_at)
        claimed_at = {f"{row[0]}-{row[1]}": row[2] for row in session.execute(query)}
    for requests in story.world.requests.values():
        left = [Left(at, *_limit_at(story, claimed_at[ref.split("-", 1)[1]])) for at, ref in requests]
        assert too_close(left) == [], f"seed {story.seed}"


def _limit_at(story: Story, moment: datetime) -> tuple[int, float]:
    """(size, interval in seconds) that the campaign had then."""
    size, interval_ms = [limit[1:] for limit in story.limits if limit[0] <= moment][-1]
    return size, interval_ms / 1000
