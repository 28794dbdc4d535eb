"""Reads phone numbers in any spelling into E.164, and gives each person one key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from outbound_campaigns.domain.phone_spelling import DigitsLost, plain_number
from outbound_campaigns.domain.row_refusals import RowCode

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber as Parsed
    from phonenumbers import PhoneNumberDesc


class PhoneNumber(NamedTuple):
    e164: str
    key: str
    """the same for every variant of one person's number"""


class BadNumber(Exception):
    """Raised for a text that no message can be sent to; holds the reason in `code`, but not the text."""

    def __init__(self, code: RowCode) -> None:
        self.code = code
        super().__init__(code.value)


LONGEST_NUMBER = 64
"""characters; a longer text is no phone number"""

_AREA = 3
"""digits that decide what kind of number a Mexican one is"""

_NATIONAL = 10
"""digits of a national number; one that begins with 00 is international only when it is longer"""

# Before 2019 01, 044 and 045 were dialled before a Mexican number; files have them after the code as well.
_MEXICAN = re.compile(r"(?:(?:\+|00)?52(?:1|01|044|045)?|044|045|01)?([2-9][0-9]{9})")
_MEXICAN_FROM_ABROAD = re.compile(r"(?:\+|00)52(?:1|01|044|045)?([2-9][0-9]{9})")
_MEXICAN_WITH_CODE = re.compile(r"(?:\+|00)52")
_MEXICAN_OR_AMERICAN = re.compile(r"1[2-9][0-9]{9}")
_DIGITS = re.compile(r"\+?[0-9]+")
_OLD_BRAZILIAN_MOBILE = re.compile(r"([1-9][0-9])([6-9][0-9]{7})")
# Which digit the longer variant of a key has, and at which place.
_LONGER = (
    (re.compile(r"52[0-9]{10}$"), 2, "1"),
    (re.compile(r"54[0-9]{10}$"), 2, "9"),
    (re.compile(r"55[0-9]{2}[6-9][0-9]{7}$"), 4, "9"),
)
_VARIANTS = re.compile(r"(52)1([0-9]{10})|(54)9([0-9]{10})|(55[0-9]{2})9([6-9][0-9]{7})")


def read_number(text: str, country: str = "MX", mexico_mobile_prefix: bool = True) -> PhoneNumber:
    """Read a number in any spelling; without a country code it is one of `country` (ISO 3166, two letters).

    Mexican numbers become +521…, or +52… without `mexico_mobile_prefix`. Raises BadNumber.
    """
    plain = text if text.isdigit() else _plain(text)
    pattern = _MEXICAN if country == "MX" else _MEXICAN_FROM_ABROAD
    if match := pattern.fullmatch(plain):
        return _mexican(match[1], mexico_mobile_prefix)
    if not _DIGITS.fullmatch(plain):
        raise BadNumber(RowCode.PHONE_NOT_A_NUMBER if plain else RowCode.PHONE_EMPTY)
    if plain.startswith("00") and len(plain) > _NATIONAL:
        plain = "+" + plain[2:]
    if _MEXICAN_WITH_CODE.match(plain) or (country == "MX" and plain[0] != "+"):
        raise BadNumber(_why_not_mexican(plain))
    return _from_elsewhere(plain, country, mexico_mobile_prefix)


def phone_key(digits: str) -> str:
    """Return one person's key, the same for all variants of a number in international digits.

    The digits may begin with +. The variants are +52/+521, +54/+549 and Brazilian mobiles with and without
    their 9.
    """
    digits = digits.lstrip("+")
    if match := _VARIANTS.fullmatch(digits):
        return "".join(part for part in match.groups() if part)
    return digits


def variants(number: str) -> Sequence[str]:
    """Return each variant of the same person's number, as digits, the given one first."""
    digits = number.lstrip("+")
    key = phone_key(digits)
    longer = [f"{key[:place]}{digit}{key[place:]}" for country, place, digit in _LONGER if country.match(key)]
    return list(dict.fromkeys([digits, key, *longer]))


def _plain(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise BadNumber(RowCode.PHONE_NOT_A_NUMBER)
    try:
        return plain_number(text)
    except DigitsLost:
        raise BadNumber(RowCode.PHONE_SPREADSHEET) from None


def _mexican(ten_digits: str, mobile_prefix: bool) -> PhoneNumber:
    in_use, services = _mexican_plan()
    area = ten_digits[:_AREA]
    if area not in in_use:
        raise BadNumber(RowCode.PHONE_CANNOT_RECEIVE if area in services else RowCode.PHONE_INVALID)
    return PhoneNumber(("+521" if mobile_prefix else "+52") + ten_digits, "52" + ten_digits)


@cache
def _mexican_plan() -> tuple[frozenset[str], frozenset[str]]:
    """Return the first digits of people's numbers, and those of lines that nobody carries.

    They are read out of the library's patterns once: asking it for each number takes a hundred times as long.
    Its mobiles include nearly all fixed lines, since both are dialled alike in Mexico.
    """
    import phonenumbers

    plan = phonenumbers.PhoneMetadata.metadata_for_region("MX")
    assert plan is not None
    services = (plan.toll_free, plan.premium_rate, plan.shared_cost, plan.personal_number, plan.fixed_line)
    return _areas_of([plan.mobile]), _areas_of(services)


def _areas_of(kinds: Iterable[PhoneNumberDesc | None]) -> frozenset[str]:
    patterns = "|".join(f"(?:{kind.national_number_pattern})" for kind in kinds if kind is not None)
    areas = (f"{area:0{_AREA}}" for area in range(10**_AREA))
    return frozenset(area for area in areas if re.fullmatch(patterns, area.ljust(_NATIONAL, "0")))


def _why_not_mexican(plain: str) -> RowCode:
    if _MEXICAN_OR_AMERICAN.fullmatch(plain):
        return RowCode.PHONE_AMBIGUOUS
    national = plain.removeprefix("+52")
    return RowCode.PHONE_INVALID if len(national) == 10 else RowCode.PHONE_WRONG_LENGTH


def _from_elsewhere(plain: str, country: str, mexico_mobile_prefix: bool) -> PhoneNumber:
    # phonenumbers takes 50 ms and 10 MB to load, which files of only Mexican numbers need not spend.
    import phonenumbers

    try:
        parsed = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException as error:
        raise BadNumber(_why_not_parsed(error.error_type)) from None
    if parsed.country_code == 52:
        # Dialled from abroad ("011 52 1 …"): Mexican numbers are read by our own patterns only.
        return read_number(f"+52{parsed.national_number}", country, mexico_mobile_prefix)
    parsed = _with_brazilian_nine(parsed)
    _must_be_in_use(parsed)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return PhoneNumber(e164, phone_key(e164))


def _why_not_parsed(error_type: int) -> RowCode:
    from phonenumbers import NumberParseException as E

    lengths = (E.TOO_SHORT_NSN, E.TOO_SHORT_AFTER_IDD, E.TOO_LONG)
    return RowCode.PHONE_WRONG_LENGTH if error_type in lengths else RowCode.PHONE_INVALID


def _with_brazilian_nine(parsed: Parsed) -> Parsed:
    import phonenumbers

    if parsed.country_code != 55 or phonenumbers.is_valid_number(parsed):
        return parsed
    match = _OLD_BRAZILIAN_MOBILE.fullmatch(str(parsed.national_number))
    if match is None:
        return parsed
    return phonenumbers.PhoneNumber(country_code=55, national_number=int(f"{match[1]}9{match[2]}"))


def _must_be_in_use(parsed: Parsed) -> None:
    import phonenumbers

    if not phonenumbers.is_possible_number(parsed):
        raise BadNumber(RowCode.PHONE_WRONG_LENGTH)
    if not phonenumbers.is_valid_number(parsed):
        raise BadNumber(RowCode.PHONE_INVALID)
    kinds = phonenumbers.PhoneNumberType
    services = (kinds.TOLL_FREE, kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.VOICEMAIL, kinds.PAGER)
    if phonenumbers.number_type(parsed) in services:
        raise BadNumber(RowCode.PHONE_CANNOT_RECEIVE)


@dataclass(frozen=True, slots=True)
class NumberRules:
    """How a bot's files write national numbers (its settings defaultCountry, mexicoMobilePrefix)."""

    country: str = "MX"
    mexico_mobile_prefix: bool = True


def first_number(cell: str, rules: NumberRules) -> PhoneNumber:
    """Return the first valid number of a cell: address books put `:::` between several of one kind.

    Raises BadNumber with the last one's reason.
    """
    *others, last = cell.split(":::")
    for each in others:
        try:
            return read_number(each, rules.country, rules.mexico_mobile_prefix)
        except BadNumber:
            continue
    return read_number(last, rules.country, rules.mexico_mobile_prefix)
