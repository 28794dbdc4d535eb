"""Calculates a campaign's cost from the price table: known and estimated spending are kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot_config.prices import PriceTable
from bot_config.words import Words
from outbound_campaigns.campaigns import spending
from outbound_campaigns.database.models import Campaign, CountryCount
from outbound_campaigns.domain.reasons import NO_PRICES


@dataclass(frozen=True, slots=True)
class CountryCost:
    """A country's number of recipients, and the price of a message to one; None where it is not known."""

    country: str
    recipients: int
    price: int | None


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost in millionths of `currency`. Without a price table `currency` and `estimated` are None."""

    currency: str | None
    category: str
    committed: int
    """known: messages that Vonage accepted"""
    possible: int
    """estimated: attempts that are under way, or in doubt"""
    estimated: int | None
    """both of these, and the cost still to come if each pending recipient is tried once more"""
    limit: int | None
    unpriced: int
    """recipients without a price, who are not included in the other figures"""
    out_of_reach: int
    """recipients whom WhatsApp gives no message of this category, and who are left out"""
    by_country: Sequence[CountryCost]

    @property
    def reason(self) -> Words | None:
        """Return why there is no estimate; None where there is one."""
        return NO_PRICES if self.estimated is None else None


def estimate(
    session: Session, campaign: Campaign, table: PriceTable | None, category: str | None = None
) -> Cost:
    """Return the cost at current prices; what was already claimed counts at the price it had then.

    `category` is that of the campaign's template, where it is known before the start.
    """
    counts = spending.countries(session, campaign.id)
    prices = {count.country: spending.price_in(count.country, campaign, table, category) for count in counts}
    committed, possible = campaign.spend_committed, campaign.spend_possible
    return Cost(
        table.currency if table else None,
        category or campaign.template_category,
        committed,
        possible,
        committed + possible + _to_come(campaign, counts, prices) if table else None,
        campaign.spend_limit,
        sum(count.recipients for count in counts if prices[count.country] is None),
        spending.out_of_reach(session, campaign, category),
        [CountryCost(count.country, count.recipients, prices[count.country]) for count in counts],
    )


def _to_come(campaign: Campaign, counts: Sequence[CountryCount], prices: dict[str, int | None]) -> int:
    """Return the cost of all pending at the mean price of those never tried, or of everybody if all were."""
    left = {count.country: count.recipients - count.tried for count in counts}
    if not any(left.values()):
        left = {count.country: count.recipients for count in counts}
    total = sum(number * (prices[country] or 0) for country, number in left.items())
    return campaign.pending_count * total // max(1, sum(left.values()))
