"""Recipients and their attempts: the source of truth, from which all figures can be counted again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId, Json, one_of
from outbound_campaigns.domain.lifecycle import Charge, RecipientStatus

LAST_DIGITS = "substr(phone_number, length(phone_number) - 3)"
"""SQL for a number's last four digits, by which recipients are found; both planners compare this exact
text"""


class Recipient(Base):
    """One person of one campaign."""

    __tablename__ = "outbound_recipients"
    __table_args__ = (
        one_of("status", RecipientStatus),
        Index("uq_outbound_recipients_person", "phone_key", "campaign_id", unique=True),
        Index(
            "ix_outbound_recipients_due",
            "campaign_id",
            "next_attempt_at",
            "id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_outbound_recipients_claimed",
            "claimed_until",
            sqlite_where=text("status = 'sending'"),
            postgresql_where=text("status = 'sending'"),
        ),
        Index("ix_outbound_recipients_of_campaign", "campaign_id", "id"),
        Index("ix_outbound_recipients_of_status", "campaign_id", "status", "id"),
        Index("ix_outbound_recipients_last_digits", "campaign_id", text(LAST_DIGITS), "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"))
    import_id: Mapped[int | None] = mapped_column(BigId)
    row: Mapped[int | None] = mapped_column(Integer)
    """the row of the file, as a spreadsheet counts it"""
    phone_number: Mapped[str] = mapped_column(Text)
    phone_key: Mapped[str] = mapped_column(Text)
    variables: Mapped[dict[str, str]] = mapped_column(Json)
    """{column: cell}"""
    status: Mapped[str] = mapped_column(Text, default=RecipientStatus.PENDING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """those that count towards max_attempts"""
    last_attempt: Mapped[int] = mapped_column(Integer, default=0)
    """the number of the latest attempt, counted or not"""
    next_attempt_at: Mapped[datetime] = mapped_column(Instant)
    """when it is due; long ago for a row that has not been tried"""
    claimed_by: Mapped[str | None] = mapped_column(Text)
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    """no request may begin after this moment"""
    message_uuid: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(Text)
    error_detail: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_at: Mapped[datetime | None] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class Attempt(Base):
    """One claim of a recipient, and its outcome; written before anything is sent."""

    __tablename__ = "outbound_attempts"
    __table_args__ = (one_of("charge", Charge), {"sqlite_with_rowid": False})

    recipient_id: Mapped[int] = mapped_column(ForeignKey("outbound_recipients.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    slot: Mapped[float | None] = mapped_column(Float(53))
    """when it was to leave, in seconds since 1970; none where it was claimed before version 0016"""
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    """when its first byte was written; none when no request was begun"""
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)
    message_uuid: Mapped[str | None] = mapped_column(Text)
    price: Mapped[int | None] = mapped_column(BigInteger)
    """millionths, from the price table at the claim; none where the table had no price"""
    charge: Mapped[str | None] = mapped_column(Text)
    """what is known of the price; none where there is none"""
