"""Files that messages show: pictures, videos and documents, which Meta fetches from us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId


class Media(Base):
    """One hosted file of a bot; its content is on disk, under `name`."""

    __tablename__ = "outbound_media"
    __table_args__ = (
        Index("uq_outbound_media_content", "bot_id", "digest", unique=True),
        Index(None, "bot_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bot_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, unique=True)
    """128 random bits and the ending of its kind; whoever knows it can fetch the file"""
    file_name: Mapped[str] = mapped_column(Text)
    """its owner's name for it"""
    content_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    """bytes"""
    digest: Mapped[str] = mapped_column(Text)
    """SHA-256 of the content: the same file is kept once"""
    created_at: Mapped[datetime] = mapped_column(Instant)
    """when it was uploaded last"""
    created_by: Mapped[str] = mapped_column(Text)


class MediaLink(Base):
    """A link of somebody's message that is to be looked at, or was lately."""

    __tablename__ = "outbound_media_links"
    __table_args__ = (Index("uq_outbound_media_links", "bot_id", "link", "wanted", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bot_id: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(Text)
    """image, video or document"""
    asked_at: Mapped[datetime] = mapped_column(Instant)
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    """none as long as nobody has looked"""
    fault: Mapped[str | None] = mapped_column(Text)
    """why Meta would not take it; none where nothing is wrong"""
    detail: Mapped[str | None] = mapped_column(Text)
