"""Stores receipts before they are answered; many requests share one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from outbound_campaigns.database import json_rows
from outbound_campaigns.database.models import ReceiptSource, ReceiptState, RefusedWebhook
from outbound_campaigns.database.statements import insert_or_add

_STORE = json_rows.statement(
    """
    INSERT INTO outbound_receipts (bot_id, raw, received_at, try_at, state, source)
    SELECT bot_id, raw, :now, :now, :state, :source FROM {rows} AS new ORDER BY key
    """,
    bot_id="text",
    raw="text",
)


def store(
    session: Session,
    receipts: Sequence[tuple[str, str]],
    now: datetime,
    source: ReceiptSource = ReceiptSource.WEBHOOK,
) -> None:
    """Store receipts, each as (bot id, body as it came), to be applied from now on."""
    json_rows.run(
        session,
        _STORE,
        rows=json_rows.encode(receipts),
        now=now,
        state=ReceiptState.WAITING,
        source=source,
    )


OTHER_NUMBER = "other_number"
"""the reason of a receipt that carries one of our client_refs with somebody else's number"""


def turn_away(session: Session, refused: Sequence[tuple[str, str]], now: datetime) -> None:
    """Count refused webhooks, each given as (bot id, reason)."""
    rows = [
        {"bot_id": bot_id, "day": now.date(), "reason": reason, "count": count}
        for (bot_id, reason), count in sorted(Counter(refused).items())
    ]
    insert_or_add(session, RefusedWebhook, *rows)
