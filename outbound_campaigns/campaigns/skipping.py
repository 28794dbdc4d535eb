"""Skips recipients on purpose, with the code that gives the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import canary
from outbound_campaigns.campaigns.counting import State, Tally
from outbound_campaigns.database.models import Campaign, ErrorCount, Recipient
from outbound_campaigns.database.statements import change
from outbound_campaigns.domain.flaws import FLAW_CODES
from outbound_campaigns.domain.lifecycle import RecipientEvent, RecipientStatus, recipient_after

_SKIPPED = recipient_after(RecipientStatus.PENDING, RecipientEvent.SKIP)


def skip(
    session: Session, campaign: Campaign, ids: Sequence[int], code: str, now: datetime, **values: Any
) -> None:
    """Turn pending rows to skipped; they and their campaign are locked by the caller."""
    change(session, sa.update(Recipient).where(Recipient.id.in_(ids)).values(**skipped(code, now), **values))
    tally = Tally()
    tally.move(State(RecipientStatus.PENDING), State(_SKIPPED, code), len(ids))
    tally.keep(session, campaign, now)
    canary.withdraw(campaign, ids)
    session.flush()


def skipped(code: str, now: datetime) -> dict[str, Any]:
    """Return the column values of a row that is skipped."""
    return {"status": _SKIPPED, "error_code": code, "error_detail": None, "updated_at": now}


def is_flawed() -> sa.ColumnElement[bool]:
    """Return the condition for recipients that are skipped for a flaw of their row, and were never tried."""
    return sa.and_(
        Recipient.status == RecipientStatus.SKIPPED,
        Recipient.error_code.in_(FLAW_CODES),
        Recipient.last_attempt == 0,
    )


def count_flawed(session: Session, campaign_id: int) -> int:
    """Return how many recipients of a campaign are skipped for a flaw of their row."""
    of_flaws = (
        ErrorCount.campaign_id == campaign_id,
        ErrorCount.status == RecipientStatus.SKIPPED,
        ErrorCount.code.in_(FLAW_CODES),
    )
    return session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(ErrorCount.count), 0)).where(*of_flaws)
    ).scalar_one()


def never_taken() -> dict[str, Any]:
    """Return the column values that undo a row's claim, so that its attempt does not count."""
    return {"last_attempt": Recipient.last_attempt - 1, "claimed_by": None, "claimed_until": None}
