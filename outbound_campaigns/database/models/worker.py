"""The workers of a cluster."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant


class Worker(Base):
    """One worker of a cluster, alive until `expires_at`; after that it never comes back under this name."""

    __tablename__ = "outbound_workers"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    """host:process:start:term, as in the claims of the rows that it sends"""
    version: Mapped[str] = mapped_column(Text)
    joined_at: Mapped[datetime] = mapped_column(Instant)
    renewed_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
