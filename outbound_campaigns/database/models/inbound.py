"""What people write back: stored as Vonage posted it until Botpress has it; its kind is kept for good."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Integer, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId, one_of


class InboundState(StrEnum):
    WAITING = "waiting"
    """stored, not yet looked at"""
    APPLIED = "applied"
    REPEATED = "repeated"
    """Vonage posted the same message before"""
    UNREADABLE = "unreadable"


class ReplyKind(StrEnum):
    REPLIED = "replied"
    BUTTON = "button"
    OPTED_OUT = "opted_out"


class ForwardState(StrEnum):
    WAITING = "waiting"
    FORWARDED = "forwarded"
    REFUSED = "refused"
    """Botpress answered that it will never take it"""
    GIVEN_UP = "given_up"


class InboundMessage(Base):
    """One message to a bot, stored before Vonage is answered."""

    __tablename__ = "outbound_inbound_messages"
    __table_args__ = (
        one_of("state", InboundState),
        one_of("kind", ReplyKind),
        one_of("forward", ForwardState),
        Index(
            "ix_outbound_inbound_messages_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_outbound_inbound_messages_message", "bot_id", "message_uuid"),
        Index(
            "ix_outbound_inbound_messages_due",
            "try_at",
            "id",
            sqlite_where=text("forward = 'waiting'"),
            postgresql_where=text("forward = 'waiting'"),
        ),
        Index("ix_outbound_inbound_messages_line", "bot_id", "forward", "person", "id"),
        Index(
            "ix_outbound_inbound_messages_replies",
            "campaign_id",
            "kind",
            "recipient_id",
            sqlite_where=text("campaign_id IS NOT NULL"),
            postgresql_where=text("campaign_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bot_id: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    """the body, byte for byte; emptied when Botpress has it"""
    authorization: Mapped[str | None] = mapped_column(Text)
    """Vonage's own header; emptied once it will not be forwarded again"""
    state: Mapped[str] = mapped_column(Text, default=InboundState.WAITING)
    message_uuid: Mapped[str | None] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)
    """the writer: the key of a number, or WhatsApp's id of somebody who hides theirs"""
    at: Mapped[datetime | None] = mapped_column(Instant)
    """when it was written, by Vonage's clock"""
    kind: Mapped[str | None] = mapped_column(Text)
    # No foreign keys: they would lock campaigns in the wrong order.
    campaign_id: Mapped[int | None] = mapped_column(BigId)
    """the campaign whose message it answers, as far as could be found out"""
    recipient_id: Mapped[int | None] = mapped_column(BigId)
    forward: Mapped[str | None] = mapped_column(Text)
    """none where it is not forwarded at all"""
    tries: Mapped[int] = mapped_column(Integer, default=0)
    try_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[int | None] = mapped_column(Integer)
    """Botpress's last status"""
    first_tried_at: Mapped[datetime | None] = mapped_column(Instant)
