"""Finds the country of a phone number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

UNKNOWN = "ZZ"
"""stands for numbers of no country (ISO 3166 leaves this code to its users)"""

MEXICAN = "+52"


def country_of(number: str) -> str:
    """Return the ISO 3166 code of a number in E.164, even where countries share a calling code, as +1."""
    # The library does not know +521, and it is slow.
    return "MX" if number.startswith(MEXICAN) else _from_elsewhere(number)


def count_countries(numbers: Iterable[str]) -> Counter[str]:
    """Return {country: how many of the numbers belong to it}."""
    return Counter(map(country_of, numbers))


def _from_elsewhere(number: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return UNKNOWN
    # A number in no country's plan counts for the main country of its calling code.
    region = phonenumbers.region_code_for_number(parsed)
    region = region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region if region in phonenumbers.SUPPORTED_REGIONS else UNKNOWN
