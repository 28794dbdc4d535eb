"""Reconciliations: asking Vonage's own records about messages whose fate is not known here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId, Json, one_of


class ReconciliationStatus(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class AskingFor(StrEnum):
    IN_DOUBT = "in_doubt"
    """rows that may or may not have left"""
    SENT = "sent"
    """rows that left long ago and have no receipt"""


class Reconciliation(Base):
    """One pass through a campaign's rows, and how far it has come."""

    __tablename__ = "outbound_reconciliations"
    __table_args__ = (
        one_of("status", ReconciliationStatus),
        one_of("asking_for", AskingFor),
        Index(None, "campaign_id", "id"),
        Index(
            "ix_outbound_reconciliations_due",
            "try_at",
            "id",
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"))
    requested_at: Mapped[datetime] = mapped_column(Instant)
    requested_by: Mapped[str] = mapped_column(Text)
    without_receipt: Mapped[bool] = mapped_column(Boolean)
    """whether rows that left and have no receipt are asked about too"""
    status: Mapped[str] = mapped_column(Text, default=ReconciliationStatus.RUNNING)
    asking_for: Mapped[str] = mapped_column(Text, default=AskingFor.IN_DOUBT)
    after_id: Mapped[int] = mapped_column(BigId, default=0)
    """the last recipient that was handled"""
    try_at: Mapped[datetime] = mapped_column(Instant)
    """when the next step is due; while a worker has one, when another worker may take it instead"""
    tries: Mapped[int] = mapped_column(Integer, default=0)
    """failed questions in a row"""
    rows: Mapped[int] = mapped_column(Integer)
    """how many rows there were to ask about at the beginning"""
    asked: Mapped[int] = mapped_column(Integer, default=0)
    found: Mapped[int] = mapped_column(Integer, default=0)
    not_found: Mapped[int] = mapped_column(Integer, default=0)
    too_early: Mapped[int] = mapped_column(Integer, default=0)
    """not found, but sent so recently that this means nothing yet"""
    questions: Mapped[int] = mapped_column(Integer, default=0)
    """requests to Vonage"""
    records: Mapped[int] = mapped_column(Integer, default=0)
    """records that Vonage gave, each of which it charges for"""
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """why it failed: {"code", …values}"""
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
