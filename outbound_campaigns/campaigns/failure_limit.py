"""Stores how a campaign's last messages ended, and pauses it when too many of them failed."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby, takewhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import canary, transitions
from outbound_campaigns.campaigns.campaign_rows import GUARD, Act
from outbound_campaigns.campaigns.counting import UNKNOWN_CODE, State
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus, RecipientStatus

FEWEST_KEPT = 100
"""this many of the last finals are stored, or as many as the limit needs"""

_ARRIVED, _SENT = "arrived", "sent"
_GOOD = (_ARRIVED, _SENT)


class RecentEndings:
    """The last finals, oldest first: each is "arrived", "sent", or the code of a failure.

    `sent_is_final` is for messages that ask for no receipts: nothing better ever comes. A message that left
    before `since` is not counted: an operator has already seen how it ended.
    """

    def __init__(
        self,
        ends: Iterable[str] = (),
        kept: int = FEWEST_KEPT,
        since: datetime | None = None,
        sent_is_final: bool = False,
    ) -> None:
        self.ends = deque(ends, kept)
        self._since = since
        self._sent_is_final = sent_is_final

    @classmethod
    def of(cls, campaign: Campaign, sent_is_final: bool = False) -> RecentEndings:
        """Return the endings stored in a campaign."""
        ends = (end for end, times in campaign.finals for _ in range(times))
        kept = max(FEWEST_KEPT, campaign.failure_minimum)
        return cls(ends, kept, campaign.finals_since, sent_is_final)

    def keep(self, campaign: Campaign) -> None:
        """Store the endings in the campaign, a locked row that the caller flushes."""
        campaign.finals = [[end, len(list(alike))] for end, alike in groupby(self.ends)]

    def move(self, before: State, after: State, left_at: datetime | None) -> None:
        """Record a recipient's move; its message left at `left_at` (None: not known to be an old one).

        The earlier ending of the same recipient is corrected, so that it never counts twice.
        """
        old, new = _end(before), _end(after)
        if new == _SENT and not self._sent_is_final:
            new = None
        if old == new or not self.counts(left_at):
            return
        if old is not None and old in self.ends:
            self._correct(old, new)
        elif new is not None:
            self.ends.append(new)

    def counts(self, left_at: datetime | None) -> bool:
        """Return whether a message that left then says anything about how it goes now."""
        return not (self._since and left_at and left_at < self._since)

    def _correct(self, old: str, new: str | None) -> None:
        place = max(place for place, end in enumerate(self.ends) if end == old)
        if new is None:
            del self.ends[place]
        else:
            self.ends[place] = new

    def failures_since_success(self) -> Counter[str]:
        """Return how many recipients failed with each code since a message last ended well."""
        return Counter(takewhile(lambda end: end not in _GOOD, reversed(self.ends)))

    def evidence(self, limit: float | None, minimum: int) -> dict[str, Any] | None:
        """Return why to pause, if a share above `limit` of at least `minimum` finals failed; else None."""
        failures = Counter(end for end in self.ends if end not in _GOOD)
        failed, ended = failures.total(), len(self.ends)
        if limit is None or ended < minimum or failed / ended <= limit:
            return None
        ((answer, alike),) = failures.most_common(1)
        return {
            "code": "failure_share",
            "share": round(failed / ended, 4),
            "failures": failed,
            "finals": ended,
            "limit": percent(limit),
            "alike": alike,
            "answer": answer,
        }


def others_arrive(session: Session, campaign: Campaign) -> bool:
    """Return whether a message of another running campaign with these credentials was the last to arrive."""
    query = sa.select(Campaign.finals).where(
        Campaign.status == CampaignStatus.RUNNING,
        Campaign.account == campaign.account,
        Campaign.credentials == campaign.credentials,
        Campaign.id != campaign.id,
    )
    return any(finals and finals[-1][0] in _GOOD for finals in session.execute(query).scalars())


def _end(state: State) -> str | None:
    if state.status is RecipientStatus.FAILED:
        return state.code or UNKNOWN_CODE
    if state.status in (RecipientStatus.DELIVERED, RecipientStatus.READ):
        return _ARRIVED
    return _SENT if state.status is RecipientStatus.SENT else None


def percent(share: float) -> float | int:
    """Return a share as it is shown: 50 or 33.3."""
    rounded = round(share * 100, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def pause_when_failing(session: Session, campaign: Campaign, endings: RecentEndings, now: datetime) -> bool:
    """Pause a locked campaign when too many of its last messages failed. Returns True when it did.

    Only a campaign with recipients left is paused. Before the canary's verdict nobody else is sent to anyway,
    and that verdict pauses by the same limit.
    """
    goes_on = campaign.pending_count > 0 or campaign.brings_back
    if campaign.status != CampaignStatus.RUNNING or not goes_on or canary.is_open(campaign):
        return False
    why = endings.evidence(campaign.failure_share_limit, campaign.failure_minimum)
    if why is None:
        return False
    session.flush()
    return transitions.move_campaign(session, campaign.id, CampaignEvent.PAUSE, Act(GUARD, now, why))
