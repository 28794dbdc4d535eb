"""Where WhatsApp delivers marketing: not to numbers of the United States, since April 2025.

Meta, "per-user marketing template message limits": such messages fail with 131049, and there is no way to
insist.
"""

from __future__ import annotations

from bot_config.prices import MARKETING
from outbound_campaigns.domain.countries import country_of

MARKETING_TO_US = "marketing_to_us"
"""the error code of rows that are skipped for this"""

CLOSED = "US"
_PREFIX = "+1"


def reaches_country(country: str, category: str) -> bool:
    """Return whether a message of a category is delivered in a country (ISO 3166)."""
    return category != MARKETING or country != CLOSED


def reaches(number: str, category: str) -> bool:
    """Return whether a message of a category is delivered to a number in E.164."""
    # Finding out the country takes 50 µs, which nearly no number need spend.
    if category != MARKETING or not number.startswith(_PREFIX):
        return True
    return reaches_country(country_of(number), category)
