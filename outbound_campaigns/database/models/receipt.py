"""Delivery receipts as Vonage posted them, and those that were turned away."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId, one_of


class ReceiptState(StrEnum):
    WAITING = "waiting"
    """stored, not yet applied"""
    APPLIED = "applied"
    UNKNOWN = "unknown"
    """belongs to no message of ours, as far as could be found out"""
    UNREADABLE = "unreadable"


class ReceiptSource(StrEnum):
    WEBHOOK = "webhook"
    REPORT = "report"
    """one of Vonage's own records, which was asked for because no receipt came"""


class Receipt(Base):
    """One receipt, stored before Vonage is answered and applied right after."""

    __tablename__ = "outbound_receipts"
    __table_args__ = (
        one_of("state", ReceiptState),
        one_of("source", ReceiptSource),
        Index(
            "ix_outbound_receipts_waiting",
            "try_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbound_receipts_recipient",
            "recipient_id",
            sqlite_where=text("recipient_id IS NOT NULL"),
            postgresql_where=text("recipient_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bot_id: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant)
    source: Mapped[str] = mapped_column(Text, default=ReceiptSource.WEBHOOK)
    raw: Mapped[str | None] = mapped_column(Text)
    """the body as it came; emptied once it was understood and applied"""
    state: Mapped[str] = mapped_column(Text, default=ReceiptState.WAITING)
    try_at: Mapped[datetime] = mapped_column(Instant)
    """the receipt may be applied from this moment on"""
    message_uuid: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    """Vonage's word: submitted, delivered, read, rejected, undeliverable"""
    code: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime | None] = mapped_column(Instant)
    """when it happened, by Vonage's clock"""
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_recipients.id"))
    attempt: Mapped[int | None] = mapped_column(Integer)


class RefusedWebhook(Base):
    """How many webhooks of a bot were turned away on a day, by reason."""

    __tablename__ = "outbound_refused_webhooks"
    __table_args__ = ({"sqlite_with_rowid": False},)

    bot_id: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)
