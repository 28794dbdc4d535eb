"""What a campaign has spent and may have spent, by its attempts' prices; all in the caller's transaction.

An attempt's price is frozen when it is claimed, and counts as possible from then on. The first report
that settles the attempt, from any source, commits or releases it for good: `settle`. So only claims raise the
sum of both, and the claim keeps it below the limit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.prices import PriceTable
from outbound_campaigns.database.models import Attempt, Campaign, CountryCount
from outbound_campaigns.database.statements import change_returning
from outbound_campaigns.domain.lifecycle import Charge
from outbound_campaigns.domain.marketing_reach import reaches_country
from outbound_campaigns.domain.refusals.configuration import PricesMissing

SPEND_LIMIT = "spend_limit"
"""the error code of rows skipped because the limit leaves no room for them"""

AttemptKey = tuple[int, int]
"""a recipient's id, and the number of the attempt"""


def reserve(campaign: Campaign, given: Collection[int | None]) -> None:
    """Count the prices of attempts being claimed as possible; the caller locks and flushes the campaign."""
    known = [price for price in given if price is not None]
    campaign.spend_possible += sum(known)
    campaign.unpriced_count += len(given) - len(known)


def settle(session: Session, campaign: Campaign, told: Iterable[tuple[Charge, AttemptKey]]) -> None:
    """Commit or release attempts of a locked campaign, which the caller flushes; the first report counts."""
    # Only what is possible can still be committed or released.
    if not campaign.spend_possible:
        return
    by_charge: dict[Charge, set[AttemptKey]] = {charge: set() for charge in Charge}
    for charge, attempt in told:
        by_charge[charge].add(attempt)
    for charge in (Charge.COMMITTED, Charge.RELEASED):
        moved = _move(session, charge, by_charge[charge])
        campaign.spend_possible -= moved
        campaign.spend_committed += moved if charge is Charge.COMMITTED else 0


def _move(session: Session, charge: Charge, attempts: Collection[AttemptKey]) -> int:
    """Set the charge of attempts that were possible. Returns the sum of their prices."""
    if not attempts:
        return 0
    statement = (
        sa.update(Attempt)
        .where(
            # With this condition on the key's first column alone, SQLite finds the rows by the key.
            Attempt.recipient_id.in_(sorted({recipient_id for recipient_id, _ in attempts})),
            sa.tuple_(Attempt.recipient_id, Attempt.number).in_(sorted(attempts)),
            Attempt.charge == Charge.POSSIBLE,
        )
        .values(charge=charge)
        .returning(Attempt.price)
    )
    prices = change_returning(session, statement).scalars()
    return sum(price or 0 for price in prices)


def countries(session: Session, campaign_id: int) -> Sequence[CountryCount]:
    """Return the countries of a campaign's recipients, the most common first."""
    query = sa.select(CountryCount).where(
        CountryCount.campaign_id == campaign_id, CountryCount.recipients > 0
    )
    return (
        session.execute(query.order_by(CountryCount.recipients.desc(), CountryCount.country)).scalars().all()
    )


def out_of_reach(session: Session, campaign: Campaign, category: str | None = None) -> int:
    """Return how many recipients WhatsApp does not give such messages, as far as they were never tried."""
    reached = category or campaign.template_category
    found = countries(session, campaign.id)
    return sum(one.recipients - one.tried for one in found if not reaches_country(one.country, reached))


def price_in(
    country: str, campaign: Campaign, table: PriceTable | None, category: str | None = None
) -> int | None:
    """Return the price of one of the campaign's messages in a country; None where it is not known.

    By its own category, unless another is given. Where none is delivered, so that none is sent, it is 0.
    """
    if not reaches_country(country, category or campaign.template_category):
        return 0
    return table.price(country, category or campaign.template_category) if table else None


def prices_of(session: Session, campaign: Campaign, table: PriceTable | None) -> dict[str, int | None]:
    """Return {country: price of a message} for each country of the campaign's recipients."""
    found = countries(session, campaign.id)
    return {count.country: price_in(count.country, campaign, table) for count in found}


def known_prices(session: Session, campaign: Campaign, table: PriceTable | None) -> list[int]:
    """Return the prices that are known, among those of the recipients' countries."""
    return [price for price in prices_of(session, campaign, table).values() if price is not None]


def prices_missing(session: Session, campaign: Campaign, table: PriceTable | None) -> PricesMissing:
    """Return the refusal that names the countries of the campaign's recipients that have no price."""
    prices = prices_of(session, campaign, table)
    missing = sorted(country for country, price in prices.items() if price is None)
    return PricesMissing(category=campaign.template_category, countries=", ".join(missing))


def must_be_priced(session: Session, campaign: Campaign, table: PriceTable | None) -> None:
    """Raise PricesMissing for a campaign whose limit can't be applied, as some recipients have no price."""
    prices = prices_of(session, campaign, table) if campaign.spend_limit is not None else {}
    if None in prices.values():
        raise prices_missing(session, campaign, table)
