"""People who asked a bot for no more messages; it never sends to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId, one_of


class OptOutSource(StrEnum):
    WORD = "word"
    """the person wrote one of the bot's words"""
    BUTTON = "button"
    """the person tapped a button that says so"""
    CODE = "code"
    """a receipt's code says so"""
    API = "api"
    FILE = "file"


class OptOut(Base):
    """One person who wants no more messages from a bot; the row outlives the campaigns."""

    __tablename__ = "outbound_opt_outs"
    __table_args__ = (
        one_of("source", OptOutSource),
        Index("uq_outbound_opt_outs_person", "bot_id", "phone_key", unique=True),
        Index(None, "bot_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bot_id: Mapped[str] = mapped_column(Text)
    phone_key: Mapped[str] = mapped_column(Text)
    phone_number: Mapped[str] = mapped_column(Text)
    """in E.164, as it was given; WhatsApp's id, as is the key, of somebody whose number nobody knows"""
    source: Mapped[str] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)
    """the bot's word or the code; never what a person wrote"""
    who: Mapped[str | None] = mapped_column(Text)
    """the operator; none where the person did it"""
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def has_number(self) -> bool:
        return self.phone_number.startswith("+")
