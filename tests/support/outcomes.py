"""Outcomes as the engine records them, without its waiting."""

from __future__ import annotations

from dataclasses import replace

from bot_config.prices import PriceTable
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.record import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Slice
from tests.support.senders import OneSender

REFUSED = Outcome(OutcomeKind.RECIPIENT_REFUSED, "1180")
ACCEPTED = Outcome(OutcomeKind.ACCEPTED, message_uuid="aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab")
LOST = Outcome(OutcomeKind.IN_DOUBT, "timeout")


def end_with(
    database: Database,
    campaign_id: int,
    *outcomes: Outcome,
    webhook_url: str | None = None,
    prices: PriceTable | None = None,
) -> None:
    """Claim what is pending, and let it end so; the last outcome stands for all further rows."""
    sender = replace(
        OneSender().sender("demo-bot", None),
        messages_per_second=10_000,
        webhook_url=webhook_url,
        prices=prices,
    )
    claimed = claim_slice(database, campaign_id, sender, Claimant("worker", 1000, lambda: 0.0))
    assert isinstance(claimed, Slice), claimed
    last = len(outcomes) - 1
    record(
        database,
        [
            Result(
                campaign_id=campaign_id,
                sender=sender,
                recipient_id=departure.recipient_id,
                number=departure.number,
                slot=departure.slot,
                outcome=outcomes[min(place, last)],
                left_at=departure.slot,
                answered_at=departure.slot,
            )
            for place, departure in enumerate(claimed.departures)
        ],
    )
