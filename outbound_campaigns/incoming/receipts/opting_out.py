"""Opts out the people whose receipt has a code for it (Vonage's 1240, Meta's 131050)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from outbound_campaigns.campaigns import opt_outs
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import OptOutSource, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.codes.lookup import explain_receipt
from outbound_campaigns.domain.codes.tables import CodeClass
from outbound_campaigns.domain.phone_numbers import PhoneNumber
from outbound_campaigns.incoming.receipts.finding import AttemptId
from outbound_campaigns.vonage.receipt_body import ReceiptBody


def opt_out_those(database: Database, matched: Iterable[tuple[str, ReceiptBody, AttemptId]]) -> None:
    """Opt out the person of each (bot id, receipt, its attempt) with such a code. Commits before it returns.

    Must run before the receipts are applied: after a crash in between they still wait, and are read again.
    """
    codes = {
        found.recipient_id: (bot_id, body.code)
        for bot_id, body, found in matched
        if body.is_failure and explain_receipt(body.code or "").code_class is CodeClass.OPT_OUT
    }
    if not codes:
        return
    people: dict[tuple[str, str | None], list[PhoneNumber]] = defaultdict(list)
    with database.read() as session:
        query = sa.select(Recipient.id, Recipient.phone_number, Recipient.phone_key)
        for row in session.execute(query.where(Recipient.id.in_(codes))):
            people[codes[row.id]].append(PhoneNumber(row.phone_number, row.phone_key))
    for (bot_id, code), persons in people.items():
        with database.write() as session:
            reason = Reason(OptOutSource.CODE, code)
            opt_outs.add(session, bot_id, persons, reason, database.now(session))
