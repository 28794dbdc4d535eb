"""The price of a message, by the recipient's country and the template's category."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import phonenumbers

from bot_config.money import millionths

MARKETING = "marketing"
CATEGORIES = (MARKETING, "utility", "authentication")
"""categories of templates, as Meta sells messages (WhatsApp Business Platform, "Pricing")"""

ELSEWHERE = "*"
"""stands for every country without an entry of its own"""

DEAREST = 100


@dataclass(frozen=True, slots=True)
class PriceTable:
    """{country: {category: price}}: countries by ISO 3166 or ELSEWHERE, prices in millionths."""

    currency: str
    countries: Mapping[str, Mapping[str, int]]

    def price(self, country: str, category: str) -> int | None:
        """Return the price of one message; None where the table has none."""
        for key in (country, ELSEWHERE):
            price = self.countries.get(key, {}).get(category)
            if price is not None:
                return price
        return None


class Unfit(Exception):
    """Raised for a value with an invalid `part`."""

    def __init__(self, part: object) -> None:
        super().__init__()
        self.part = part


def read_prices(value: object) -> PriceTable:
    """Read {"currency": "USD", "countries": {"MX": {"marketing": 0.0305}, "CO": 0.012}}. Raises Unfit.

    A number alone is the price of every category.
    """
    if not isinstance(value, Mapping) or set(value) != {"currency", "countries"}:
        raise Unfit(value)
    currency, given = value["currency"], value["countries"]
    if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency):
        raise Unfit({"currency": currency})
    if not isinstance(given, Mapping) or not given:
        raise Unfit({"countries": given})
    countries: dict[str, dict[str, int]] = {}
    for key, prices in given.items():
        country = str(key).strip().upper()
        if not _is_country(country) or country in countries:
            raise Unfit({key: prices})
        countries[country] = _prices_of(key, prices)
    return PriceTable(currency, countries)


def _is_country(key: str) -> bool:
    return key == ELSEWHERE or key in phonenumbers.SUPPORTED_REGIONS


def _prices_of(country: object, value: object) -> dict[str, int]:
    given = value if isinstance(value, Mapping) else dict.fromkeys(CATEGORIES, value)
    prices = {category: _price(price) for category, price in given.items() if category in CATEGORIES}
    fitting = {category: price for category, price in prices.items() if price is not None}
    if not fitting or len(fitting) != len(given):
        raise Unfit({country: value})
    return fitting


def _price(value: object) -> int | None:
    """Return a price in millionths, or None; rounded up, as less than a millionth must not become zero."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return millionths(value, up=True) if 0 <= value <= DEAREST else None
