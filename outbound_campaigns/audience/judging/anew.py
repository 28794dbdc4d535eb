"""Judges the rows of a campaign anew, in steps, when its template or what fills it has changed.

A step reads and judges outside the transaction that writes; where the campaign has changed meanwhile, nothing
of it is written. So an engine, the API and the terminal may take steps of the same campaign at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.audience.judging.basis import Basis, Item, basis_of
from outbound_campaigns.audience.judging.row_judge import RowJudge
from outbound_campaigns.campaigns import campaign_rows, opt_outs, skipping
from outbound_campaigns.campaigns.counting import State, Tally
from outbound_campaigns.database import json_rows
from outbound_campaigns.database.models import Campaign, Import, Recipient
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.flaws import FLAW_CODES
from outbound_campaigns.domain.lifecycle import RecipientStatus

ROWS_AT_ONCE = 5_000
"""rows that one step looks at"""

WRITES_AT_ONCE = 1_000
"""rows that one transaction changes: on SQLite, where others wait meanwhile, it has to end within 50 ms"""

_COUNTS = [getattr(Campaign, f"{status}_count") for status in RecipientStatus]

_NEVER_TRIED = sa.and_(
    Recipient.last_attempt == 0, sa.or_(Recipient.status == RecipientStatus.PENDING, skipping.is_flawed())
)

_CHANGED = json_rows.statement(
    """
    UPDATE outbound_recipients SET status = new.status, error_code = new.error_code,
        error_detail = new.error_detail, updated_at = :now
    FROM {rows} AS new
    WHERE outbound_recipients.id = new.id AND outbound_recipients.status = new.before
        AND outbound_recipients.last_attempt = 0
    """,
    found_by="outbound_recipients.id",
    returning="outbound_recipients.id",
    id="bigint",
    before="text",
    status="text",
    error_code="text",
    error_detail="text",
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A recipient as it was read; `code` is its flaw, if it is skipped for one."""

    id: int
    import_id: int | None
    phone_key: str
    code: str | None
    detail: str | None
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What becomes of a recipient: pending without a code, skipped with one."""

    row: _Row
    code: str | None
    detail: str | None


def current_basis(session: Session, campaign: Campaign, template: Item | None) -> Basis:
    """Return what a campaign's rows should be judged by now."""
    return basis_of(campaign, campaign_rows.columns(session, campaign.id) or [], template)


def judge_if_changed(session: Session, campaign: Campaign) -> bool:
    """Begin to judge a locked campaign's rows anew if what they are judged by has changed.

    Returns whether they still have to be judged.
    """
    fingerprint = current_basis(session, campaign, campaign.template_definition).fingerprint
    if fingerprint != campaign.judged_by:
        has_rows = campaign.pending_count + campaign.skipped_count > 0
        campaign.judged_by, campaign.judged_rows = fingerprint, 0
        campaign.judging_after = 0 if has_rows else None
        session.flush()
    return campaign.judging_after is not None


def first_judged_by(session: Session, campaign_id: int, fingerprint: str) -> None:
    """Remember by what the rows of a campaign's first file are judged."""
    without_rows = sa.and_(Campaign.id == campaign_id, *(column == 0 for column in _COUNTS))
    change(session, sa.update(Campaign).where(without_rows).values(judged_by=fingerprint))


def being_judged(session: Session) -> Sequence[int]:
    """Return the ids of the campaigns whose rows are being judged anew."""
    under_way = sa.select(Campaign.id).where(
        Campaign.judging_after.is_not(None), Campaign.deleted_at.is_(None)
    )
    return session.execute(under_way.order_by(Campaign.id)).scalars().all()


def judge_some(database: Database, campaign_id: int) -> int:
    """Take one step. Returns how many rows it looked at; 0 when all have been judged."""
    with database.read() as session:
        campaign = campaign_rows.get(session, campaign_id)
        after = campaign.judging_after
        if after is None:
            return 0
        basis = current_basis(session, campaign, campaign.template_definition)
        rows, last = _read(session, campaign_id, after)
        judge = basis.judge(database.now(session))
    verdicts = list(_verdicts(judge, rows))
    for part in _parts(verdicts):
        with database.write() as session:
            if not _still(session, campaign_id, after, basis):
                return len(rows) or 1
            _keep(session, campaign_id, part, database.now(session))
    with database.write() as session:
        if _still(session, campaign_id, after, basis):
            judged = Campaign.judged_rows + len(rows)
            campaign_rows.update(session, campaign_id, judging_after=last, judged_rows=judged)
    return 0 if last is None else len(rows)


def _read(session: Session, campaign_id: int, after: int) -> tuple[list[_Row], int | None]:
    """Return the next rows, and the last id that was looked at; None for that at the end."""
    columns = (
        Recipient.id,
        Recipient.import_id,
        Recipient.phone_key,
        Recipient.error_code,
        Recipient.error_detail,
        Recipient.variables,
    )
    query = sa.select(*columns).where(
        Recipient.campaign_id == campaign_id, Recipient.id > after, _NEVER_TRIED
    )
    rows = [_Row(*row) for row in session.execute(query.order_by(Recipient.id).limit(ROWS_AT_ONCE))]
    return rows, rows[-1].id if len(rows) == ROWS_AT_ONCE else None


def _verdicts(judge: RowJudge, rows: Iterable[_Row]) -> Iterator[_Verdict]:
    """Yield those that differ from what is stored."""
    for row in rows:
        code, detail = judge.flaw(row.cells) or (None, None)
        if (code, detail) != (row.code, row.detail):
            yield _Verdict(row, code, detail)


def _parts(verdicts: Sequence[_Verdict]) -> Iterator[Sequence[_Verdict]]:
    for begin in range(0, len(verdicts), WRITES_AT_ONCE):
        yield verdicts[begin : begin + WRITES_AT_ONCE]


def _still(session: Session, campaign_id: int, after: int, basis: Basis) -> bool:
    """Lock the campaign. Returns whether the step still fits; where it does not, the judging starts over."""
    campaign = campaign_rows.get(session, campaign_id, lock=True)
    if campaign.judging_after != after:
        return False
    now = current_basis(session, campaign, campaign.template_definition)
    if now.fingerprint == basis.fingerprint == campaign.judged_by:
        return True
    campaign.judged_by, campaign.judged_rows, campaign.judging_after = now.fingerprint, 0, 0
    session.flush()
    return False


def _keep(session: Session, campaign_id: int, verdicts: Sequence[_Verdict], now: datetime) -> None:
    campaign = campaign_rows.get(session, campaign_id, lock=True)
    opted_out = opt_outs.among(session, campaign.bot_id, {one.row.phone_key for one in verdicts})
    after = {one.row.id: _after(one, one.row.phone_key in opted_out) for one in verdicts}
    before = {one.row.id: State(_status(one.row.code), one.row.code) for one in verdicts}
    details = {one.row.id: None if one.row.phone_key in opted_out else one.detail for one in verdicts}
    rows = [[id_, before[id_].status, state.status, state.code, details[id_]] for id_, state in after.items()]
    changed = json_rows.run(session, _CHANGED, rows=json_rows.encode(rows), now=now)
    ids = {int(str(id_)) for (id_,) in changed.all()}
    tally, flawed = Tally(), Counter[int | None]()
    for one in verdicts:
        if one.row.id in ids:
            state = after[one.row.id]
            tally.move(before[one.row.id], state)
            flawed[one.row.import_id] += (state.code in FLAW_CODES) - (one.row.code in FLAW_CODES)
    tally.keep(session, campaign, now)
    session.flush()
    for import_id, more in sorted((key, n) for key, n in flawed.items() if key is not None and n):
        figures: dict[str, Any] = {"flawed": Import.flawed + more}
        change(session, sa.update(Import).where(Import.id == import_id).values(**figures))


def _after(verdict: _Verdict, has_opted_out: bool) -> State:
    code = opt_outs.OPTED_OUT if has_opted_out else verdict.code
    return State(_status(code), code)


def _status(code: str | None) -> RecipientStatus:
    return RecipientStatus.PENDING if code is None else RecipientStatus.SKIPPED
