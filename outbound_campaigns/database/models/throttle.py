"""What workers share: the pace and the breaker of each account, and which process is the engine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Float, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import Json


class Pace(Base):
    """When the next message of one account, or of one sender number, may leave."""

    __tablename__ = "outbound_paces"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    """account:<apiKey> or sender:<number>"""
    per_second: Mapped[float] = mapped_column(Float(53))
    next_at: Mapped[float] = mapped_column(Float(53))
    """seconds since 1970, as are all times of this table"""
    ceilings: Mapped[dict[str, list[float]]] = mapped_column(Json, default=dict)
    """{bot: [messages a second, when it last sent]}; the smallest recent one counts"""
    window_at: Mapped[float] = mapped_column(Float(53))
    accepted: Mapped[int] = mapped_column(Integer, default=0)
    throttled: Mapped[int] = mapped_column(Integer, default=0)
    last_rate: Mapped[float] = mapped_column(Float(53), default=0.0)
    cut_at: Mapped[float] = mapped_column(Float(53), default=0.0)


class Breaker(Base):
    """Whether messages are held back because Vonage does not answer properly."""

    __tablename__ = "outbound_breakers"

    access: Mapped[str] = mapped_column(Text, primary_key=True)
    """the account, and the fingerprint of the credentials with which it is used"""
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """bad answers in a row"""
    is_open: Mapped[bool] = mapped_column(Boolean, default=False)
    probe_at: Mapped[datetime | None] = mapped_column(Instant)
    wait: Mapped[float] = mapped_column(Float(53), default=0.0)
    """seconds of the current wait for a probe; the next wait is longer"""


class DepartureMark(Base):
    """How far a worker may send what it has claimed; see sending/departure_marks.py."""

    __tablename__ = "outbound_departure_marks"

    worker: Mapped[str] = mapped_column(Text, primary_key=True)
    """as in the claims of the rows"""
    until: Mapped[float] = mapped_column(Float(53))
    """the last slot that may leave, in seconds since 1970"""
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    """when another worker took over, so that nothing of this one may leave any more"""


class Lease(Base):
    """Which process is the engine."""

    __tablename__ = "outbound_leases"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    holder: Mapped[str] = mapped_column(Text)
    renewed_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
