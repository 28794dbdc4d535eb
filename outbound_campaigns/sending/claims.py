"""Claims a slice: its rows turn to sending, with an attempt each, before anything is sent."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import (
    campaign_rows,
    canary,
    opt_outs,
    skipping,
    spending,
    transitions,
)
from outbound_campaigns.campaigns.counting import State, Tally, shift_countries
from outbound_campaigns.database import json_rows
from outbound_campaigns.database.copy_mark import InstanceMark
from outbound_campaigns.database.models import Campaign, Pace
from outbound_campaigns.database.transactions import Database, instant
from outbound_campaigns.domain.countries import count_countries
from outbound_campaigns.domain.lifecycle import CampaignStatus, Charge, RecipientStatus
from outbound_campaigns.domain.marketing_reach import MARKETING_TO_US, reaches
from outbound_campaigns.runtime.clock import Offset, WallOffset
from outbound_campaigns.sending import breaker as breakers
from outbound_campaigns.sending import departure_marks, due_rows
from outbound_campaigns.sending import pace as paces
from outbound_campaigns.sending.budget import LOOK_AGAIN, Budget
from outbound_campaigns.sending.departure_marks import Mark, MarkClosed
from outbound_campaigns.sending.due_rows import ClaimedRow
from outbound_campaigns.sending.slice import Departure, Probe, Slice, Wait
from outbound_campaigns.sending.window import BatchWindow
from outbound_campaigns.vonage.senders import Sender

HORIZON = 1.0
"""seconds; a slice holds the messages that may leave within them"""

SMALLEST_SLICE, SLICE_LASTS = 100, 0.4
"""messages, and seconds at the pace: a slice is no longer than the longer of them

An opt-out counts for what is claimed after it.
"""

AHEAD = timedelta(seconds=0.2)
"""how long before its first slot a batch is claimed, so that it leaves in time"""


@dataclass(frozen=True, slots=True)
class Claimant:
    """The worker that claims, and the most rows it can take.

    So many of them, `leaving`, may leave by the mark that is set with the claim; see departure_marks.
    """

    worker: str
    most: int
    elapsed: Callable[[], float]
    offset: WallOffset = field(default_factory=WallOffset)
    leaving: int = sys.maxsize
    is_new: bool = True
    """no mark of this worker is known to be committed"""


class _Moment(NamedTuple):
    """The time of a claim, by the database's clock, and by the elapsed clock just before that was read."""

    now: datetime
    mark: float
    offset: Offset


def claim_slice(
    database: Database, campaign_id: int, sender: Sender, claimant: Claimant
) -> Slice | Wait | Probe:
    """Claim what may leave within the next second, or return why nothing may. Commits before it returns.

    Raises MarkClosed for a worker from which another has taken over.
    """
    with database.write() as session:
        if InstanceMark(database).held_in(session):
            return Wait(database.now(session) + LOOK_AGAIN)  # the engine finds it too, and says so
        campaign = campaign_rows.get(session, campaign_id, lock=True)
        # Read after the lock, which may have taken a while.
        now = database.now(session)
        if campaign.worker not in (None, claimant.worker):
            return Wait(None)  # another worker sends it
        if campaign.status != CampaignStatus.RUNNING or canary.record_verdict(session, campaign, now):
            return Wait(None)
        if campaign.limit_reached:
            return Wait(now + LOOK_AGAIN)
        breaker = breakers.lock_breaker(session, sender.access)
        if breaker.is_open:
            return Probe() if breakers.take_probe(breaker, now) else Wait(breaker.probe_at)
        rates = paces.lock_paces(session, paces.limits_of(sender), now.timestamp())
        # The time is read again, since another campaign of the same number may have held its pace meanwhile.
        return _claim(session, campaign, sender, claimant, rates, _moment(database, session, claimant))


def _moment(database: Database, session: Session, claimant: Claimant) -> _Moment:
    mark = claimant.elapsed()
    now = database.now(session)
    return _Moment(now, mark, claimant.offset.after(mark, now.timestamp(), claimant.elapsed()))


def _claim(
    session: Session,
    campaign: Campaign,
    sender: Sender,
    claimant: Claimant,
    rates: Sequence[Pace],
    moment: _Moment,
) -> Slice | Wait:
    now, at = moment.now, moment.now.timestamp()
    start, spacing = paces.grant(rates, at, sender.messages_per_second)
    window = BatchWindow.of(campaign, at)
    sharing = _sharing(session, campaign, sender, now)
    fair = math.ceil(HORIZON / sharing / spacing)
    slots = window.slots(start, at + HORIZON, spacing, min(claimant.most, fair, _longest_slice(spacing)))
    if sharing > 1:
        slots = _before_the_first_gap(slots, spacing)
    if not slots:
        return _wait(campaign, instant(max(window.next_free(start), at)), AHEAD)
    taken = due_rows.take(session, campaign, len(slots), claimant.worker, now)
    rows = _who_may_get_it(session, campaign, taken, now)
    fitting = Budget(session, campaign, sender.prices, now).fit({row.id: row.phone_number for row in rows})
    rows = [row for row in rows if row.id in fitting.prices]
    if not rows:
        until = fitting.until if fitting.waits else _next_due(session, campaign, now)
        return _wait(campaign, until)
    slots = slots[: len(rows)]
    with session.no_autoflush:
        _write_down(session, rows, slots, fitting.prices, now)
        _count(session, campaign, rows, now)
    spending.reserve(campaign, fitting.prices.values())
    window.sent(slots).keep(campaign, at)
    _use(campaign, sender, now)
    canary.admit(campaign, (row.id for row in rows), instant(slots[-1]))
    campaign.next_batch_at = instant(slots[0])
    paces.take(rates, slots[-1], 1)
    marked = slots[min(claimant.leaving, len(slots)) - 1] if claimant.leaving else 0.0
    if not departure_marks.move(session, Mark(claimant.worker, marked, claimant.is_new)):
        raise MarkClosed
    departures = [
        Departure(row.id, row.last_attempt, row.phone_number, row.variables, slot)
        for row, slot in zip(rows, slots, strict=True)
    ]
    read = (at, moment.mark, moment.offset)
    return Slice(campaign, sender, departures, window.limits, *read, 1 / spacing, marked)


def _use(campaign: Campaign, sender: Sender, now: datetime) -> None:
    if campaign.access not in (None, sender.access):
        # What is still heard of messages that others' credentials sent says nothing of these.
        campaign.finals, campaign.finals_since = [], now
    campaign.account, campaign.credentials = sender.access


def _longest_slice(spacing: float) -> int:
    return max(SMALLEST_SLICE, math.ceil(SLICE_LASTS / spacing))


def _sharing(session: Session, campaign: Campaign, sender: Sender, now: datetime) -> int:
    """Return how many campaigns with these credentials want to send within the horizon, this one included."""
    values = {
        "account": sender.account,
        "credentials": sender.access.credentials,
        "until": now + timedelta(seconds=HORIZON),
        "campaign_id": campaign.id,
    }
    return 1 + session.execute(_OTHERS, values).scalar_one()


_OTHERS = sa.select(sa.func.count()).where(
    Campaign.status == CampaignStatus.RUNNING,
    Campaign.account == sa.bindparam("account"),
    Campaign.credentials == sa.bindparam("credentials"),
    Campaign.next_batch_at <= sa.bindparam("until"),
    Campaign.id != sa.bindparam("campaign_id"),
)


def _before_the_first_gap(slots: Sequence[float], spacing: float) -> list[float]:
    """Return the slots before the first gap: pace is taken up to the last slot, and gaps are for others."""
    gaps = (n for n in range(1, len(slots)) if slots[n] - slots[n - 1] > 1.5 * spacing)
    return list(slots[: next(gaps, len(slots))])


def _who_may_get_it(
    session: Session, campaign: Campaign, taken: Sequence[ClaimedRow], now: datetime
) -> Sequence[ClaimedRow]:
    """Return the rows that may leave; those of people who opted out, or whom WhatsApp gives no such message,
    turn to skipped, as if never taken.
    """
    if not taken:
        return taken
    opt_outs.await_those_under_way(session, campaign.bot_id)
    opted_out = opt_outs.among(session, campaign.bot_id, {row.phone_key for row in taken})
    category = campaign.template_category
    out_of_reach = {row.phone_key for row in taken if not reaches(row.phone_number, category)} - opted_out
    for keys, code in ((opted_out, opt_outs.OPTED_OUT), (out_of_reach, MARKETING_TO_US)):
        ids = [row.id for row in taken if row.phone_key in keys]
        if ids:
            skipping.skip(session, campaign, ids, code, now, **skipping.never_taken())
    return [row for row in taken if row.phone_key not in opted_out | out_of_reach]


_BEGIN = json_rows.statement(
    """
    INSERT INTO outbound_attempts (recipient_id, number, claimed_at, slot, price, charge)
    SELECT recipient_id, number, :now, slot, price, CASE WHEN price IS NOT NULL THEN :possible END
    FROM {rows} AS new
    """,
    recipient_id="bigint",
    number="integer",
    slot="double precision",
    price="bigint",
)


def _write_down(
    session: Session,
    rows: Sequence[ClaimedRow],
    slots: Sequence[float],
    prices: Mapping[int, int | None],
    now: datetime,
) -> None:
    attempts = [
        (row.id, row.last_attempt, slot, prices[row.id]) for row, slot in zip(rows, slots, strict=True)
    ]
    begun = json_rows.encode(attempts)
    json_rows.run(session, _BEGIN, rows=begun, now=now, possible=Charge.POSSIBLE)


def _count(session: Session, campaign: Campaign, claimed: Sequence[ClaimedRow], now: datetime) -> None:
    tally = Tally()
    tally.move(State(RecipientStatus.PENDING), State(RecipientStatus.SENDING), len(claimed))
    tally.keep(session, campaign, now)
    first = count_countries(row.phone_number for row in claimed if row.last_attempt == 1)
    shift_countries(session, campaign.id, tried=first)


def _next_due(session: Session, campaign: Campaign, now: datetime) -> datetime | None:
    """Return when the next pending row is due; with none left, finish the campaign or await the canary."""
    due = due_rows.next_due(session, campaign)
    if due is not None or transitions.finish_if_done(session, campaign.id, now):
        return due
    return canary.deadline(campaign) if canary.is_open(campaign) else None


def _wait(campaign: Campaign, until: datetime | None, ahead: timedelta = timedelta()) -> Wait:
    campaign.next_batch_at = until
    return Wait(until and until - ahead)
