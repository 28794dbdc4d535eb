"""The tables: typed rows with their constraints and indexes, without queries and without a clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from outbound_campaigns.db import Base, Instant
from outbound_campaigns.lifecycle import CampaignStatus, RecipientStatus

BigId = BigInteger().with_variant(Integer, "sqlite")
# Plain JSON keeps the order of keys, which is the order of the file's columns; jsonb does not.
Json = JSON(none_as_null=True)

LAST_DIGITS = "substr(phone_number, length(phone_number) - 3)"
"""the last four of a number, by which recipients are found; both planners compare this very text"""


def _one_of(column: str, values: type) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Campaign(Base):
    """One campaign. The `*_count` columns are kept by deltas, in the transaction that moves a recipient."""

    __tablename__ = "outbound_campaigns"
    __table_args__ = (
        _one_of("status", CampaignStatus),
        CheckConstraint("batch_size BETWEEN 1 AND 10000", name="batch_size"),
        CheckConstraint("batch_interval_ms BETWEEN 100 AND 86400000", name="batch_interval_ms"),
        Index(None, "bot_id", "id"),
        Index(
            "ix_outbound_campaigns_at_work",
            "status",
            sqlite_where=text("status IN ('scheduled', 'running')"),
            postgresql_where=text("status IN ('scheduled', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ref: Mapped[str] = mapped_column(Text, unique=True)
    """a short random text, the first part of every client_ref"""
    bot_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    template_id: Mapped[str] = mapped_column(Text)
    template_language: Mapped[str] = mapped_column(Text)
    template_components: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    variables: Mapped[list[str] | dict[str, str] | None] = mapped_column(Json)
    template_namespace: Mapped[str | None] = mapped_column(Text)
    template_name: Mapped[str | None] = mapped_column(Text)
    """resolved from template_id and frozen at the start, as are namespace and language"""
    sender_number: Mapped[str | None] = mapped_column(Text)
    account: Mapped[str | None] = mapped_column(Text)
    """the apiKey through which it was last sent"""
    status: Mapped[str] = mapped_column(Text, default=CampaignStatus.DRAFT)
    status_reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """{"code", …values}: the sentence is made when shown"""
    batch_size: Mapped[int] = mapped_column(Integer, default=100)
    batch_interval_ms: Mapped[int] = mapped_column(Integer, default=60_000)
    max_attempts: Mapped[int] = mapped_column(Integer, default=3)
    spend_limit: Mapped[float | None] = mapped_column(Float(53))
    scheduled_at: Mapped[datetime | None] = mapped_column(Instant)
    timezone: Mapped[str] = mapped_column(Text, default="America/Mexico_City")
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    next_batch_at: Mapped[datetime | None] = mapped_column(Instant)
    window: Mapped[list[list[float]]] = mapped_column(Json, default=list)
    """what left within the last interval: [[seconds since 1970, messages], …]"""
    alike_code: Mapped[str | None] = mapped_column(Text)
    alike_count: Mapped[int] = mapped_column(Integer, default=0)
    """so many answers of the kind campaign trouble came in a row, all with this code"""
    retry_failed_before: Mapped[datetime | None] = mapped_column(Instant)
    """set while the engine brings back the rows that failed before this moment"""
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    """hidden since then; one that never started is really deleted by the engine"""

    pending_count: Mapped[int] = mapped_column(Integer, default=0)
    sending_count: Mapped[int] = mapped_column(Integer, default=0)
    sent_count: Mapped[int] = mapped_column(Integer, default=0)
    delivered_count: Mapped[int] = mapped_column(Integer, default=0)
    read_count: Mapped[int] = mapped_column(Integer, default=0)
    failed_count: Mapped[int] = mapped_column(Integer, default=0)
    in_doubt_count: Mapped[int] = mapped_column(Integer, default=0)
    skipped_count: Mapped[int] = mapped_column(Integer, default=0)
    cancelled_count: Mapped[int] = mapped_column(Integer, default=0)

    @property
    def counts(self) -> dict[str, int]:
        """{status: recipients, …, "total": all of them}."""
        counts = {status.value: getattr(self, f"{status}_count") for status in RecipientStatus}
        return counts | {"total": sum(counts.values())}


class Recipient(Base):
    """One person of one campaign: the row of truth."""

    __tablename__ = "outbound_recipients"
    __table_args__ = (
        _one_of("status", RecipientStatus),
        Index("uq_outbound_recipients_person", "campaign_id", "phone_key", unique=True),
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
    """due from this moment on; long ago for a row that has not been tried"""
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
    """One claim of a recipient, and what came of it; written before anything is sent."""

    __tablename__ = "outbound_attempts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    recipient_id: Mapped[int] = mapped_column(ForeignKey("outbound_recipients.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    """when its first byte was written; none when no request was begun"""
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)
    message_uuid: Mapped[str | None] = mapped_column(Text)


class TimelineMinute(Base):
    """How many recipients of a campaign became this within one minute; kept as the counts are."""

    __tablename__ = "outbound_timeline"
    __table_args__ = ({"sqlite_with_rowid": False},)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    """the beginning of the minute"""
    sent: Mapped[int] = mapped_column(Integer, default=0)
    delivered: Mapped[int] = mapped_column(Integer, default=0)
    read: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)


class ErrorCount(Base):
    """How many recipients of a campaign are failed, or in doubt, with a code; kept as the counts are."""

    __tablename__ = "outbound_error_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"), primary_key=True)
    status: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)


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
    """Whether an account's messages are held back because Vonage does not answer properly."""

    __tablename__ = "outbound_breakers"

    account: Mapped[str] = mapped_column(Text, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """bad answers in a row"""
    is_open: Mapped[bool] = mapped_column(Boolean, default=False)
    probe_at: Mapped[datetime | None] = mapped_column(Instant)
    wait: Mapped[float] = mapped_column(Float(53), default=0.0)
    """seconds until the next probe but one"""


class Lease(Base):
    """Which process is the engine."""

    __tablename__ = "outbound_leases"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    holder: Mapped[str] = mapped_column(Text)
    renewed_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class Import(Base):
    """One uploaded file and how far it has come; rows = imported + duplicates + invalid."""

    __tablename__ = "outbound_imports"
    __table_args__ = (
        Index(
            "ix_outbound_imports_running",
            "campaign_id",
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
        Index(None, "campaign_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"))
    file_name: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    """where the upload was spooled; removed when the import has ended"""
    status: Mapped[str] = mapped_column(Text, default="running")
    """running, completed or failed; removed while the engine takes out what an operator took back"""
    worker: Mapped[str | None] = mapped_column(Text)
    """who imports it; none while it waits for an engine"""
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """why it failed: {"code", …values}"""
    undoing: Mapped[bool] = mapped_column(Boolean, default=False)
    """set while the engine takes its rows out again"""
    encoding: Mapped[str | None] = mapped_column(Text)
    delimiter: Mapped[str | None] = mapped_column(Text)
    columns: Mapped[list[str]] = mapped_column(Json, default=list)
    size: Mapped[int] = mapped_column(BigId)
    """bytes"""
    done: Mapped[int] = mapped_column(BigId, default=0)
    """bytes read so far"""
    rows: Mapped[int] = mapped_column(Integer, default=0)
    imported: Mapped[int] = mapped_column(Integer, default=0)
    duplicates: Mapped[int] = mapped_column(Integer, default=0)
    invalid: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class RefusedRow(Base):
    """One row of a file that did not become a recipient, and why."""

    __tablename__ = "outbound_refused_rows"
    __table_args__ = ({"sqlite_with_rowid": False},)

    import_id: Mapped[int] = mapped_column(ForeignKey("outbound_imports.id"), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True)
    column: Mapped[str | None] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)


class Event(Base):
    """Who did what to a campaign, when and why."""

    __tablename__ = "outbound_events"
    __table_args__ = (Index(None, "campaign_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    who: Mapped[str] = mapped_column(Text)
    """an operator's e-mail, "engine", "guard" or "terminal" """
    what: Mapped[str] = mapped_column(Text)
    why: Mapped[dict[str, Any] | None] = mapped_column(Json)
