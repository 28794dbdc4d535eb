"""Test messages: requested by the web, sent by the engine, at the account's pace, each at most once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.refusal import Refusal
from outbound_campaigns.campaigns import campaign_rows, opt_outs
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.copy_mark import InstanceMark
from outbound_campaigns.database.models import Campaign, TestSend
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.domain.phone_numbers import PhoneNumber, phone_key
from outbound_campaigns.domain.refusals.state import OptedOut, TooManyTests
from outbound_campaigns.sending import breaker as breakers
from outbound_campaigns.sending import pace as paces
from outbound_campaigns.sending.slice import CLAIM_LASTS
from outbound_campaigns.vonage.message import message
from outbound_campaigns.vonage.senders import Sender, Senders

MOST_A_DAY = 10
"""test messages of one campaign"""

WAITS = timedelta(seconds=30)
"""after which a test message that was not begun is dropped, as nobody expects it any more"""

_AT_ONCE = 50
"""that are looked at in one call: one that has to wait holds up no other bot's"""

_OPEN = TestSend.outcome.is_(None)


@dataclass(frozen=True, slots=True)
class ClaimedTest:
    """One test message, which only this worker may send until `until`."""

    id: int
    sender: Sender
    message: Mapping[str, Any]
    now: datetime
    until: datetime


def request(
    session: Session, campaign: Campaign, number: PhoneNumber, custom: Mapping[str, Any], act: Act
) -> TestSend:
    """Queue one for the engine, and return it. Raises TooManyTests, or OptedOut if the person opted out."""
    campaign_rows.get(session, campaign.id, lock=True)
    of_today = sa.select(sa.func.count()).where(
        TestSend.campaign_id == campaign.id, TestSend.requested_at > act.at - timedelta(days=1)
    )
    if session.execute(of_today).scalar_one() >= MOST_A_DAY:
        raise TooManyTests(most=MOST_A_DAY)
    if opt_outs.among(session, campaign.bot_id, {number.key}):
        raise OptedOut
    added = TestSend(
        campaign_id=campaign.id,
        requested_at=act.at,
        requested_by=act.who,
        phone_number=number.e164,
        custom=dict(custom),
    )
    session.add(added)
    session.flush()
    campaign_rows.record_event(session, campaign.id, "test_send", Act(act.who, act.at))
    return added


def claim(database: Database, senders: Senders, request_timeout: float) -> ClaimedTest | None:
    """Claim the oldest one that breaker and pace allow now, else return None. Ends those that are overdue."""
    with database.read() as session:
        query = sa.select(TestSend, Campaign).join(Campaign, Campaign.id == TestSend.campaign_id)
        found = session.execute(query.where(_OPEN).order_by(TestSend.id).limit(_AT_ONCE)).all()
        now = database.now(session)
    claims = (_claim(database, senders, row[0], row[1], now, request_timeout) for row in found)
    return next(filter(None, claims), None)


def _claim(
    database: Database,
    senders: Senders,
    row: TestSend,
    campaign: Campaign,
    now: datetime,
    request_timeout: float,
) -> ClaimedTest | None:
    given_up = _given_up(row, now, request_timeout)
    if given_up is not None:
        record(database, row.id, given_up)
        return None
    if row.claimed_until is not None:
        return None
    try:
        sender = senders.sender(campaign.bot_id, campaign.sender_number)
    except Refusal as refusal:
        record(database, row.id, Outcome(OutcomeKind.NOT_BEGUN, refusal.code))
        return None
    return _take(database, row, campaign, sender)


def _given_up(row: TestSend, now: datetime, request_timeout: float) -> Outcome | None:
    if row.claimed_until is not None and now > row.claimed_until + timedelta(seconds=request_timeout):
        return Outcome(OutcomeKind.IN_DOUBT, "worker_lost")
    if row.claimed_until is None and now > row.requested_at + WAITS:
        return Outcome(OutcomeKind.NOT_BEGUN, "claim_expired")
    return None


def _take(database: Database, row: TestSend, campaign: Campaign, sender: Sender) -> ClaimedTest | None:
    with database.write() as session:
        now = database.now(session)
        if InstanceMark(database).held_in(session):
            return None
        if breakers.lock_breaker(session, sender.access).is_open:
            return None
        rates = paces.lock_paces(session, paces.limits_of(sender), now.timestamp())
        start, _spacing = paces.grant(rates, now.timestamp(), sender.messages_per_second)
        if start > now.timestamp():
            return None
        taken = (
            sa.update(TestSend)
            .where(TestSend.id == row.id, _OPEN, TestSend.claimed_until.is_(None))
            .values(claimed_until=now + CLAIM_LASTS)
        )
        if not change(session, taken):
            return None
        opt_outs.await_those_under_way(session, campaign.bot_id)
        if opt_outs.among(session, campaign.bot_id, {phone_key(row.phone_number)}):
            _end(session, row.id, Outcome(OutcomeKind.NOT_BEGUN, opt_outs.OPTED_OUT))
            return None
        paces.take(rates, now.timestamp(), 1)
    ref = f"{campaign.ref}-test-{row.id}"
    composed = message(row.custom or {}, row.phone_number, sender.number, ref)
    return ClaimedTest(row.id, sender, composed, now, now + CLAIM_LASTS)


def record(database: Database, test_send_id: int, outcome: Outcome) -> None:
    """Store the outcome of a test message."""
    with database.write() as session:
        _end(session, test_send_id, outcome)


def _end(session: Session, test_send_id: int, outcome: Outcome) -> None:
    change(
        session,
        sa.update(TestSend)
        .where(TestSend.id == test_send_id, _OPEN)
        .values(outcome=outcome.kind, code=outcome.code, message_uuid=outcome.message_uuid, custom=None),
    )
