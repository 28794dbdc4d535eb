"""Finds out with one question what the engine has to do: most of the time, nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

import sqlalchemy as sa

from outbound_campaigns.database.base import Instant
from outbound_campaigns.database.models import (
    Campaign,
    ForwardState,
    Import,
    InboundMessage,
    InboundState,
    Receipt,
    ReceiptState,
    Recipient,
    Reconciliation,
    ReconciliationStatus,
    TestSend,
)
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import CampaignStatus, RecipientStatus
from outbound_campaigns.engine.following import FOLLOWING


class Sign(StrEnum):
    """Something that there is to do."""

    SENDING = auto()
    """campaigns that run, claims whose answer is overdue, or rows to be moved with their campaign"""
    START = auto()
    IMPORT = auto()
    RECEIPTS = auto()
    REPLIES = auto()
    FORWARD = auto()
    RECONCILE = auto()
    TEST = auto()


_NOW, _OVERDUE = sa.bindparam("now", type_=Instant), sa.bindparam("overdue", type_=Instant)

# Each as its duty asks itself; the duty finds out what exactly there is.
_CONDITIONS: Mapping[Sign, sa.ColumnElement[bool]] = {
    Sign.SENDING: sa.or_(
        sa.exists().where(Campaign.status == CampaignStatus.RUNNING),
        sa.exists().where(Recipient.status == RecipientStatus.SENDING, Recipient.claimed_until < _OVERDUE),
        *(sa.exists().where(which) for which, _ in FOLLOWING),
    ),
    Sign.START: sa.exists().where(Campaign.status == CampaignStatus.SCHEDULED, Campaign.scheduled_at <= _NOW),
    Sign.IMPORT: sa.or_(sa.exists().where(Import.status == "running"), sa.exists().where(Import.undoing)),
    Sign.RECEIPTS: sa.exists().where(Receipt.state == ReceiptState.WAITING, Receipt.try_at <= _NOW),
    Sign.REPLIES: sa.exists().where(InboundMessage.state == InboundState.WAITING),
    Sign.FORWARD: sa.exists().where(
        InboundMessage.forward == ForwardState.WAITING, InboundMessage.try_at <= _NOW
    ),
    Sign.RECONCILE: sa.exists().where(
        Reconciliation.status == ReconciliationStatus.RUNNING, Reconciliation.try_at <= _NOW
    ),
    Sign.TEST: sa.exists().where(TestSend.outcome.is_(None)),
}
_QUESTION = sa.select(*(condition.label(sign) for sign, condition in _CONDITIONS.items()))


@dataclass(frozen=True, slots=True)
class Glance:
    """Looks into the database; `request_timeout` is in seconds."""

    database: Database
    request_timeout: float

    def signs(self) -> frozenset[Sign]:
        """Return what there is to do now."""
        with self.database.read() as session:
            now = self.database.now(session)
            values = {"now": now, "overdue": now - timedelta(seconds=self.request_timeout)}
            found = session.execute(_QUESTION, values).one()
        return frozenset(sign for sign, is_so in zip(_CONDITIONS, found, strict=True) if is_so)
