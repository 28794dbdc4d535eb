"""A campaign's recipients as CSV: the uploaded columns, then what became of each recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.audience.exporting.writing import Cells, csv_chunks
from outbound_campaigns.audience.reading.cells import guarded
from outbound_campaigns.audience.reading.phone_column import PHONE_NUMBER
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Attempt, Import, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.codes.lookup import reason_of
from outbound_campaigns.domain.export_columns import OF_EXPORTS
from outbound_campaigns.domain.lifecycle import RecipientStatus

Text = Callable[[Any, str], str]
"""returns what is written for a value, in a language"""


class Added(NamedTuple):
    """A column that an export adds after the uploaded ones; its name is one of OF_EXPORTS."""

    name: str
    column: sa.ColumnExpressionArgument[Any]
    text: Text


def _plain(value: object, _language: str) -> str:
    return "" if value is None else str(value)


def _moment(at: datetime | None, _language: str) -> str:
    return "" if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(1000)
def _reason(code_and_detail: str | None, language: str) -> str:
    if code_and_detail is None:
        return ""
    code, _, detail = code_and_detail.partition("\n")
    return reason_of(code, detail, language)


# Of a skipped row the detail is a column; of others, Vonage's words, which stay here.
_CODE_AND_DETAIL = sa.case(
    (
        Recipient.status == RecipientStatus.SKIPPED,
        Recipient.error_code + "\n" + sa.func.coalesce(Recipient.error_detail, ""),
    ),
    else_=Recipient.error_code,
)


_LAST_ATTEMPT_AT = (
    sa.select(sa.func.coalesce(Attempt.sent_at, Attempt.claimed_at))
    .where(Attempt.recipient_id == Recipient.id, Attempt.number == Recipient.last_attempt)
    .scalar_subquery()
)
_ERROR = (
    Added("error_code", Recipient.error_code, _plain),
    Added("error_reason", _CODE_AND_DETAIL, _reason),
    Added("attempts", Recipient.attempts, _plain),
)
OF_FAILED = (*_ERROR, Added("last_attempt_at", _LAST_ATTEMPT_AT, _moment))
OF_ALL = (
    Added("recipient_status", Recipient.status, _plain),
    *_ERROR,
    Added("message_uuid", Recipient.message_uuid, _plain),
    Added("message_sent_at", Recipient.sent_at, _moment),
    Added("message_delivered_at", Recipient.delivered_at, _moment),
    Added("message_read_at", Recipient.read_at, _moment),
    Added("message_failed_at", Recipient.failed_at, _moment),
)


def failed_csv(database: Database, campaign_id: int, language: str) -> Iterator[bytes]:
    """Return a file of those who failed, and why, which can be uploaded again. Raises CampaignNotFound."""
    return _export(database, campaign_id, RecipientStatus.FAILED, OF_FAILED, language)


def recipients_csv(
    database: Database, campaign_id: int, status: str | None, language: str
) -> Iterator[bytes]:
    """Return a file of all recipients, or those of one status. Raises CampaignNotFound."""
    return _export(database, campaign_id, status, OF_ALL, language)


def _export(
    database: Database, campaign_id: int, status: str | None, added: Sequence[Added], language: str
) -> Iterator[bytes]:
    with database.read() as session:
        campaign_rows.get(session, campaign_id)
        uploaded = uploaded_columns(session, campaign_id)
    header = [PHONE_NUMBER, *map(guarded, uploaded), *(column.name for column in added)]
    values = [column.column for column in added]
    query = sa.select(Recipient.id, Recipient.phone_number, Recipient.variables, *values)
    query = query.where(Recipient.campaign_id == campaign_id)
    if status is not None:
        query = query.where(Recipient.status == status)
    texts = [column.text for column in added]

    def cells(row: Sequence[Any]) -> Cells:
        _, phone_number, variables, *rest = row
        said = (text(value, language) for text, value in zip(texts, rest, strict=True))
        # The number is not guarded: it begins with +, which the import has to see.
        return [phone_number, *map(guarded, chain(_in_order(variables, uploaded), said))]

    return csv_chunks(database, header, query, Recipient.id, cells)


def uploaded_columns(session: Session, campaign_id: int) -> list[str]:
    """Return the columns of a campaign's imported files, the first file's first, each once in any case."""
    files = sa.select(Import.columns).where(Import.campaign_id == campaign_id, Import.imported > 0)
    # A recipient may have come without a file.
    first = sa.select(Recipient.variables).where(Recipient.campaign_id == campaign_id).order_by(Recipient.id)
    names = [
        *chain.from_iterable(session.execute(files.order_by(Import.id)).scalars()),
        *(session.execute(first.limit(1)).scalar() or ()),
    ]
    columns: dict[str, str] = {}
    for name in names:
        columns.setdefault(name.casefold(), name)
    return [name for key, name in columns.items() if key not in (PHONE_NUMBER, *OF_EXPORTS)]


def _in_order(variables: Mapping[str, str], columns: Sequence[str]) -> list[str]:
    cells = [variables.get(name) for name in columns]
    if None in cells:
        # Another of the campaign's files may write the name in another case, or lack the column.
        folded = {name.casefold(): cell for name, cell in variables.items()}
        cells = [folded.get(name.casefold()) for name in columns]
    return [cell or "" for cell in cells]
