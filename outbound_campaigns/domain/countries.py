"""The country of a phone number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

UNKNOWN = "ZZ"
"""of a number that no country has (ISO 3166 leaves this code to its users)"""

MEXICAN = "+52"


def country_of(number: str) -> str:
    """The ISO 3166 code of a number in E.164, also where countries share a code, as +1."""
    # The library knows no +521, and takes its time.
    return "MX" if number.startswith(MEXICAN) else _from_elsewhere(number)


def count_countries(numbers: Iterable[str]) -> Counter[str]:
    """{country: how many of the numbers are its}."""
    return Counter(map(country_of, numbers))


def _from_elsewhere(number: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return UNKNOWN
    # One that is in no country's plan is taken for one of the code's main country.
    region = phonenumbers.region_code_for_number(parsed)
    region = region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region if region in phonenumbers.SUPPORTED_REGIONS else UNKNOWN
