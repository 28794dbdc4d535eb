"""Measures how fast stored receipts are applied: `python -m benchmarks.applying [receipts]`.

For docs/scale.md. There is one "delivered" for each of so many people who were sent to, applied by one
process, as the leading engine does.
"""

from __future__ import annotations

import sys
import time

import sqlalchemy as sa

from benchmarks.databases import PLACES
from benchmarks.recipients import add_campaign
from outbound_campaigns.database.migrations.upgrade import upgrade
from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.incoming import receipts
from outbound_campaigns.vonage.client_ref import client_ref
from tests.support.receipt_bodies import v1
from tests.support.site import BOT

AT_ONCE = 5_000


def applied_per_second(database: Database, count: int) -> float:
    """Apply receipts to a new campaign. Returns how many a second."""
    campaign_id = add_campaign(database, 3 * count, ended=3 * count)
    _store(database, campaign_id)
    began = time.monotonic()
    while receipts.apply_some(database) >= receipts.RECEIPTS_AT_ONCE:
        pass
    took = time.monotonic() - began
    with database.read() as session:
        delivered = session.get_one(Campaign, campaign_id).delivered_count
    if delivered != 2 * count:
        raise RuntimeError(f"{delivered} of {2 * count} are delivered")
    return count / took


def _store(database: Database, campaign_id: int) -> None:
    query = sa.select(Campaign.ref, Recipient.id, Attempt.number).join_from(Recipient, Attempt)
    query = query.join(Campaign, Campaign.id == Recipient.campaign_id)
    with database.read() as session:
        sent = session.execute(query.where(Recipient.status == "sent")).all()
    bodies = [(BOT, v1("delivered", client_ref(*row), f"uuid-{row[1]}")) for row in sent]
    for begin in range(0, len(bodies), AT_ONCE):
        with database.write() as session:
            receipts.store(session, bodies[begin : begin + AT_ONCE], database.now(session))


def main(count: int) -> None:
    for kind, place in PLACES.items():
        with place() as made:
            database = open_database(made.new())
            upgrade(database)
            print(f"{kind}: {applied_per_second(database, count):,.0f} receipts a second", flush=True)
            database.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
