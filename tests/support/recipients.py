"""Recipients put straight into the tables."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.counting import shift_countries
from outbound_campaigns.database.models import Campaign, Recipient


def add_recipients(
    session: sa.orm.Session, campaign_id: int, count: int, now: datetime, first: int = 0
) -> None:
    """Numbered from `first` on, by the last seven digits of their phone numbers."""
    rows = [
        {
            "campaign_id": campaign_id,
            "phone_number": f"+521442{n:07d}",
            "phone_key": f"52442{n:07d}",
            "variables": {"var1": f"name {n}"},
            "status": "pending",
            "attempts": 0,
            "last_attempt": 0,
            "next_attempt_at": now,
            "updated_at": now,
        }
        for n in range(first, first + count)
    ]
    session.execute(sa.insert(Recipient), rows)
    campaign_rows.update(session, campaign_id, pending_count=Campaign.pending_count + count)
    shift_countries(session, campaign_id, {"MX": count})
    session.expire_all()
