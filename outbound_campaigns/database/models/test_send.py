"""Test messages, which an operator sends to a number of their own to see a campaign's message arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId, Json


class TestSend(Base):
    """One test message; none of the campaign's counts include it."""

    __test__: ClassVar[bool] = False
    __tablename__ = "outbound_test_sends"
    __table_args__ = (
        Index(None, "campaign_id", "requested_at"),
        Index(
            "ix_outbound_test_sends_open",
            "id",
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # No foreign key: it would lock campaigns in the wrong order.
    campaign_id: Mapped[int] = mapped_column(BigId)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    requested_by: Mapped[str] = mapped_column(Text)
    phone_number: Mapped[str] = mapped_column(Text)
    custom: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """the message; emptied when it has an outcome"""
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    """set when a worker takes it: no request may begin after this moment"""
    outcome: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    message_uuid: Mapped[str | None] = mapped_column(Text)
