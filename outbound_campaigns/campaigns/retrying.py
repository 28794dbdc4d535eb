"""Chooses whom of a campaign's failed recipients to send to again: by the cause of the failure.

For some causes another attempt makes no sense, or not yet; only whoever names such a code insists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns.counting import UNKNOWN_CODE
from outbound_campaigns.database.models import Campaign, ErrorCount, Recipient
from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.codes.tables import Code, CodeClass
from outbound_campaigns.domain.lifecycle import RecipientStatus

_AT_ONCE = timedelta()


@dataclass(frozen=True, slots=True)
class Cause:
    """The recipients of a campaign that failed with one code: `count` of them.

    Another attempt makes sense now for `due`, and from `due_from` on for the first of `waiting`.
    """

    code: Code
    count: int
    due: int = 0
    waiting: int = 0
    due_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The codes and classes of codes that an operator names; without any, all for which it makes sense."""

    codes: Collection[str] = ()
    classes: Collection[CodeClass] = ()

    @property
    def names_any(self) -> bool:
        return bool(self.codes or self.classes)

    def names(self, cause: Cause) -> bool:
        """Return whether the operator means this cause, or has named none."""
        named = cause.code.code in self.codes or cause.code.code_class in self.classes
        return named or not self.names_any

    def takes(self, cause: Cause) -> int:
        """Return how many of a cause's recipients are sent to again now.

        Nobody is sent to before the time that their code asks for.
        """
        if not self.names_any:
            return cause.due
        return cause.count - cause.waiting if self.names(cause) else 0


def causes_of(session: Session, campaign_id: int, now: datetime) -> Sequence[Cause]:
    """Return why recipients of a campaign failed, the most frequent cause first."""
    query = (
        sa.select(ErrorCount.code, ErrorCount.count)
        .where(
            ErrorCount.campaign_id == campaign_id,
            ErrorCount.status == RecipientStatus.FAILED,
            ErrorCount.count > 0,
        )
        .order_by(ErrorCount.count.desc(), ErrorCount.code)
    )
    return [_cause(session, campaign_id, explain(code), count, now) for code, count in session.execute(query)]


def _cause(session: Session, campaign_id: int, code: Code, count: int, now: datetime) -> Cause:
    if code.retry_after is None:
        return Cause(code, count)
    if code.retry_after == _AT_ONCE:
        return Cause(code, count, due=count)
    early = sa.and_(
        Recipient.campaign_id == campaign_id,
        Recipient.status == RecipientStatus.FAILED,
        Recipient.error_code == code.code,
        Recipient.failed_at > now - code.retry_after,
    )
    waiting, first = session.execute(
        sa.select(sa.func.count(), sa.func.min(Recipient.failed_at)).where(early)
    ).one()
    due_from = None if first is None else first + code.retry_after
    return Cause(code, count, count - waiting, waiting, due_from)


def hours_of(causes: Sequence[Cause], choice: Choice) -> dict[str, float]:
    """Return {code: hours after its failure} for the causes of which anybody is sent to again."""
    return {
        cause.code.code: (cause.code.retry_after or _AT_ONCE) / timedelta(hours=1)
        for cause in causes
        if choice.takes(cause)
    }


def chosen(campaign: Campaign) -> sa.ColumnElement[bool]:
    """Return which failed rows a campaign is bringing back to pending."""
    before = campaign.retry_failed_before
    assert before is not None
    is_failed = Recipient.status == RecipientStatus.FAILED
    if campaign.retry_codes is None:  # begun by a version that brought back all of them
        return sa.and_(is_failed, Recipient.failed_at <= before)
    return sa.and_(
        is_failed,
        sa.or_(
            sa.false(),
            *(
                sa.and_(_has_one_of(codes), Recipient.failed_at <= before - timedelta(hours=hours))
                for hours, codes in _by_hours(campaign.retry_codes).items()
            ),
        ),
    )


def _by_hours(hours: Mapping[str, float]) -> Mapping[float, Sequence[str]]:
    codes: dict[float, list[str]] = defaultdict(list)
    for code, after in hours.items():
        codes[after].append(code)
    return codes


def _has_one_of(codes: Sequence[str]) -> sa.ColumnElement[bool]:
    named = Recipient.error_code.in_(codes)
    return sa.or_(named, Recipient.error_code.is_(None)) if UNKNOWN_CODE in codes else named
