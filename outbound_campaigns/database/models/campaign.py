"""Campaigns, what was done to them, and their figures over time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot_config.prices import CATEGORIES
from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId, Json, one_of
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.lifecycle import CampaignStatus, OnSpendLimit, RecipientStatus


class Campaign(Base):
    """One campaign. Its `*_count` columns change by deltas, in the transaction that moves a recipient."""

    __tablename__ = "outbound_campaigns"
    __table_args__ = (
        one_of("status", CampaignStatus),
        one_of("template_category", CATEGORIES),
        one_of("on_spend_limit", OnSpendLimit),
        CheckConstraint("batch_size BETWEEN 1 AND 10000", name="batch_size"),
        CheckConstraint("batch_interval_ms BETWEEN 100 AND 86400000", name="batch_interval_ms"),
        Index(None, "bot_id", "id"),
        Index(
            "ix_outbound_campaigns_at_work",
            "status",
            sqlite_where=text("status IN ('scheduled', 'running')"),
            postgresql_where=text("status IN ('scheduled', 'running')"),
        ),
        Index(
            "ix_outbound_campaigns_held",
            "worker",
            sqlite_where=text("worker IS NOT NULL"),
            postgresql_where=text("worker IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ref: Mapped[str] = mapped_column(Text, unique=True)
    """a short random text, the first part of every client_ref"""
    bot_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    template_id: Mapped[str] = mapped_column(Text)
    template_language: Mapped[str] = mapped_column(Text)
    template_category: Mapped[str] = mapped_column(Text)
    """sets the price of its messages; from the start on, the one in the WhatsApp account's list, if it has
    one"""
    template_components: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    variables: Mapped[list[str] | dict[str, str] | None] = mapped_column(Json)
    values: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """what fills each slot of the template, as it was given: {slot: text, or {"column", "if_empty"}}"""
    template_definition: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """the template's item in the account's list when that was last looked up; since the start, of that time;
    none where it could not be read"""
    filling: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """what fills its slots since the start, from `values`, or from `variables` and `template_components`"""
    judged_by: Mapped[str | None] = mapped_column(Text)
    """the fingerprint of what its rows are judged by (audience/judging/basis.py)"""
    judging_after: Mapped[int | None] = mapped_column(BigId)
    """while its rows are judged anew: the last id that has been"""
    judged_rows: Mapped[int] = mapped_column(Integer, default=0)
    """how many of them have been"""
    template_namespace: Mapped[str | None] = mapped_column(Text)
    template_name: Mapped[str | None] = mapped_column(Text)
    """resolved from template_id and frozen at the start, as are namespace and language"""
    sender_number: Mapped[str | None] = mapped_column(Text)
    account: Mapped[str | None] = mapped_column(Text)
    """the apiKey through which it was last sent"""
    credentials: Mapped[str | None] = mapped_column(Text)
    """the fingerprint of those with which it was last claimed"""
    status: Mapped[str] = mapped_column(Text, default=CampaignStatus.DRAFT)
    status_reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """{"code", …values}: the sentence is composed when shown"""
    batch_size: Mapped[int] = mapped_column(Integer)
    batch_interval_ms: Mapped[int] = mapped_column(Integer)
    max_attempts: Mapped[int] = mapped_column(Integer)
    spend_limit: Mapped[int | None] = mapped_column(BigInteger)
    """millionths of the price table's currency, like all money"""
    on_spend_limit: Mapped[str] = mapped_column(Text)
    spend_committed: Mapped[int] = mapped_column(BigInteger, default=0)
    spend_possible: Mapped[int] = mapped_column(BigInteger, default=0)
    """the sums of its attempts' prices, by charge; updated like the counts"""
    unpriced_count: Mapped[int] = mapped_column(BigInteger, default=0)
    """attempts that were claimed without a price; the sums above know nothing of them"""
    limit_reached: Mapped[bool] = mapped_column(Boolean, default=False)
    """set while the engine skips all pending rows, since the limit leaves room for none of them"""
    scheduled_at: Mapped[datetime | None] = mapped_column(Instant)
    timezone: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    next_batch_at: Mapped[datetime | None] = mapped_column(Instant)
    worker: Mapped[str | None] = mapped_column(Text)
    """in a cluster, the only worker that may claim now (engine/membership.py); none with a single engine"""
    window: Mapped[list[list[float]]] = mapped_column(Json, default=list)
    """the messages that left within the last day: [[seconds since 1970, messages], …]"""
    batch_limits: Mapped[list[list[float | None]]] = mapped_column(Json, default=list)
    """those that hold: [[messages, seconds, until when in seconds since 1970], …]; its own has no end"""
    alike_code: Mapped[str | None] = mapped_column(Text)
    alike_count: Mapped[int] = mapped_column(Integer, default=0)
    """how many answers of the kind campaign trouble came in a row, all with this code"""
    retry_failed_before: Mapped[datetime | None] = mapped_column(Instant)
    """set while the engine brings back the rows that failed before this moment"""
    retry_codes: Mapped[dict[str, float] | None] = mapped_column(Json)
    """{code: hours after its failure} of the rows that it brings back; none for all of them"""
    resend_before: Mapped[datetime | None] = mapped_column(Instant)
    """set while the engine brings back the rows that Vonage's records did not know before this moment"""
    failure_share_limit: Mapped[float | None] = mapped_column(Float(53))
    failure_minimum: Mapped[int] = mapped_column(Integer)
    finals: Mapped[list[list[Any]]] = mapped_column(Json, default=list)
    """how the last messages ended, oldest first: [[end, times in a row], …] (failure_limit.RecentEndings)"""
    finals_since: Mapped[datetime | None] = mapped_column(Instant)
    """messages that left before this moment are no longer counted among the finals"""
    canary_size: Mapped[int | None] = mapped_column(Integer)
    canary_wait_minutes: Mapped[int] = mapped_column(Integer)
    canary_members: Mapped[list[int]] = mapped_column(Json, default=list)
    """ids of recipients, until the verdict"""
    canary_last_at: Mapped[datetime | None] = mapped_column(Instant)
    """when the last of them left"""
    canary_verdict: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """{"state", "delivered", "failed", "unanswered"} (canary.CanaryVerdict)"""
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    """hidden since then; a campaign that never started is deleted for good by the engine"""

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
    def access(self) -> Access | None:
        """Return the access with which it was last claimed."""
        if self.account is None or self.credentials is None:
            return None
        return Access(self.account, self.credentials)

    @property
    def brings_back(self) -> bool:
        """Return whether rows are still being brought back to pending."""
        return self.retry_failed_before is not None or self.resend_before is not None

    @property
    def counts(self) -> dict[str, int]:
        """Return {status: recipients, …, "total": all of them}."""
        counts = {status.value: getattr(self, f"{status}_count") for status in RecipientStatus}
        return counts | {"total": sum(counts.values())}


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


class TimelineMinute(Base):
    """How many recipients of a campaign reached each status within one minute; updated like the counts."""

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
    """How many recipients of a campaign are failed, in doubt or skipped with one code, like the counts."""

    __tablename__ = "outbound_error_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"), primary_key=True)
    status: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)


class CountryCount(Base):
    """How many recipients of a campaign have a number of this country; updated like the counts."""

    __tablename__ = "outbound_country_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"), primary_key=True)
    country: Mapped[str] = mapped_column(Text, primary_key=True)
    recipients: Mapped[int] = mapped_column(Integer, default=0)
    tried: Mapped[int] = mapped_column(Integer, default=0)
    """of these, how many were claimed at least once"""
