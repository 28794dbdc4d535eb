"""Finds out with one question what the engine has to do: most of the time, nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum, auto

import sqlalchemy as sa

from outbound_campaigns.database.models import (
    Campaign,
    ForwardState,
    Import,
    InboundMessage,
    InboundState,
    MediaLink,
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
    """campaigns that run"""
    OVERDUE = auto()
    """claims whose answer is overdue"""
    FOLLOWING = auto()
    """rows to be moved with their campaign"""
    START = auto()
    IMPORT = auto()
    JUDGE = auto()
    """rows to be judged anew"""
    LINKS = auto()
    """links of messages to be looked at"""
    RECEIPTS = auto()
    REPLIES = auto()
    FORWARD = auto()
    RECONCILE = auto()
    TEST = auto()


_SHORTEST = 0.35
"""seconds for which a look that found nothing counts in any case"""

_LONGEST = 1.0
"""seconds after which what is due by time is looked for, too"""


def _conditions(database: Database, request_timeout: timedelta) -> Mapping[Sign, sa.ColumnElement[bool]]:
    """Return each as its duty asks itself; the duty finds out what exactly there is."""
    now, overdue = database.moment(), database.moment(ago=request_timeout)
    return {
        Sign.SENDING: sa.exists().where(Campaign.status == CampaignStatus.RUNNING),
        Sign.OVERDUE: sa.exists().where(
            Recipient.status == RecipientStatus.SENDING, Recipient.claimed_until < overdue
        ),
        Sign.FOLLOWING: sa.or_(*(sa.exists().where(which) for which, _ in FOLLOWING)),
        Sign.START: sa.exists().where(
            Campaign.status == CampaignStatus.SCHEDULED, Campaign.scheduled_at <= now
        ),
        Sign.IMPORT: sa.or_(sa.exists().where(Import.status == "running"), sa.exists().where(Import.undoing)),
        Sign.JUDGE: sa.exists().where(Campaign.judging_after.is_not(None), Campaign.deleted_at.is_(None)),
        Sign.LINKS: sa.exists().where(MediaLink.looked_at.is_(None)),
        Sign.RECEIPTS: sa.exists().where(Receipt.state == ReceiptState.WAITING, Receipt.try_at <= now),
        Sign.REPLIES: sa.exists().where(InboundMessage.state == InboundState.WAITING),
        Sign.FORWARD: sa.exists().where(
            InboundMessage.forward == ForwardState.WAITING, InboundMessage.try_at <= now
        ),
        Sign.RECONCILE: sa.exists().where(
            Reconciliation.status == ReconciliationStatus.RUNNING, Reconciliation.try_at <= now
        ),
        Sign.TEST: sa.exists().where(TestSend.outcome.is_(None)),
    }


class Glance:
    """Looks into the database; `request_timeout` is in seconds, and so is what `elapsed` gives.

    As long as nobody has committed anything, only time can bring something new to do.
    """

    def __init__(self, database: Database, request_timeout: float, elapsed: Callable[[], float]) -> None:
        self._database = database
        self._elapsed = elapsed
        conditions = _conditions(database, timedelta(seconds=request_timeout))
        self._names = tuple(conditions)
        self._question = sa.select(*(condition.label(sign) for sign, condition in conditions.items()))
        self._found: frozenset[Sign] = frozenset()
        self._version: int | None = None
        self._looked_at = float("-inf")

    def signs(self) -> frozenset[Sign]:
        """Return what there is to do now."""
        now = self._elapsed()
        if not self._found and now - self._looked_at < _SHORTEST:
            return self._found
        version = self._database.version()
        if version is None or version != self._version or now - self._looked_at >= _LONGEST:
            (row,) = self._database.ask(self._question)
            self._found = frozenset(sign for sign, is_so in zip(self._names, row, strict=True) if is_so)
            # Of before the look: what was committed since may not be in it.
            self._version, self._looked_at = version, now
        return self._found
