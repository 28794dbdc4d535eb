"""Phone numbers: the Mexican table, other countries through the library, one key a person."""

import re

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from outbound_campaigns.domain.phone_numbers import BadNumber, phone_key, read_number, variants
from outbound_campaigns.domain.row_refusals import RowCode

COUNTRIES = st.sampled_from(["MX", "US", "AR", "BR", "CO", "ES", "XX"])
AREAS = st.sampled_from(["442", "55", "56", "33", "81", "222", "664", "999", "446", "744"])
TEN_DIGITS = st.tuples(AREAS, st.from_regex(r"[0-9]{8}", fullmatch=True)).map(lambda two: "".join(two)[:10])
MEXICAN_PREFIXES = ["", "+52", "+521", "52", "521", "0052", "00521", "044", "045", "01"]
MEXICAN_PREFIXES += ["+5201", "+52044", "+52045", "5201", "0052044"]


def refusal(text: str, country: str = "MX") -> RowCode:
    with pytest.raises(BadNumber) as refused:
        read_number(text, country)
    return refused.value.code


def outcome(text: str, country: str = "MX") -> str:
    """The key, or why it is refused."""
    try:
        return read_number(text, country).key
    except BadNumber as refused:
        return refused.code


@pytest.mark.parametrize(
    "text",
    [
        "4422591631",
        "+5214422591631",
        "5214422591631",
        "+524422591631",
        "524422591631",
        "0444422591631",
        "0454422591631",
        "014422591631",
        "00524422591631",
        "005214422591631",
        " '442 259-16.31 ",
        "+52 (1) 442\u00a0259\u20111631",
        "\u202a+52 1 442 259 1631\u202c",
        "4422591631.0",
        "4422591631.00",
        "4422591631,0",
        "5214422591631.0",
        "4.422591631E+09",
        "5,214422591631e12",
        "p:+524422591631",
        "p:4422591631",
        "tel:+52-442-259-1631",
        "TEL: 442 259 1631",
        "sms:+5214422591631",
        "whatsapp:+5214422591631",
        "5214422591631@s.whatsapp.net",
        "524422591631@c.us",
        "5214422591631:12@s.whatsapp.net",
        "wa.me/5214422591631",
        "https://wa.me/524422591631/",
        "https://api.whatsapp.com/send?phone=5214422591631",
        "+52 01 442 259 1631",
        "+52 044 442 259 1631",
        "+52 (045) 442 259 1631",
    ],
)
def test_every_spelling_of_a_mexican_number_is_read_alike(text: str) -> None:
    assert read_number(text) == ("+5214422591631", "524422591631")


def test_the_mobile_prefix_can_be_left_out_without_another_key() -> None:
    assert read_number("5214422591631", mexico_mobile_prefix=False) == ("+524422591631", "524422591631")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", RowCode.PHONE_EMPTY),
        (" ' ", RowCode.PHONE_EMPTY),
        ("Juan", RowCode.PHONE_NOT_A_NUMBER),
        ("4422591631/4421234567", RowCode.PHONE_NOT_A_NUMBER),
        ("4422591631\n4421234567", RowCode.PHONE_NOT_A_NUMBER),
        ("٤٤٢٢٥٩١٦٣١", RowCode.PHONE_NOT_A_NUMBER),
        ("4" * 65 + "x", RowCode.PHONE_NOT_A_NUMBER),
        ("14422591631", RowCode.PHONE_AMBIGUOUS),
        ("1 (442) 259-1631", RowCode.PHONE_AMBIGUOUS),
        ("5.21442E+12", RowCode.PHONE_SPREADSHEET),
        ("5,21442e+12", RowCode.PHONE_SPREADSHEET),
        ("5.2E+11", RowCode.PHONE_SPREADSHEET),
        ("5E12", RowCode.PHONE_SPREADSHEET),
        ("4.42259163E+09", RowCode.PHONE_SPREADSHEET),
        ("442259163.0", RowCode.PHONE_WRONG_LENGTH),
        ("8001234567", RowCode.PHONE_CANNOT_RECEIVE),
        ("+52 888 123 4567", RowCode.PHONE_CANNOT_RECEIVE),
        ("9001234567", RowCode.PHONE_CANNOT_RECEIVE),
        ("3001234567", RowCode.PHONE_CANNOT_RECEIVE),
        ("5001234567", RowCode.PHONE_CANNOT_RECEIVE),
        ("2000000000", RowCode.PHONE_CANNOT_RECEIVE),
        ("8095551234", RowCode.PHONE_INVALID),
        ("+52 1 809 555 1234", RowCode.PHONE_INVALID),
        ("5300000000", RowCode.PHONE_INVALID),
        ("4901234567", RowCode.PHONE_INVALID),
        ("120363041234567890@g.us", RowCode.PHONE_NOT_A_NUMBER),
        ("4422591631@example.com", RowCode.PHONE_NOT_A_NUMBER),
        ("p:", RowCode.PHONE_EMPTY),
        ("NULL", RowCode.PHONE_NOT_A_NUMBER),
        ("442259163", RowCode.PHONE_WRONG_LENGTH),
        ("44225916311", RowCode.PHONE_WRONG_LENGTH),
        ("573001234567", RowCode.PHONE_WRONG_LENGTH),
        ("+5244225916311", RowCode.PHONE_WRONG_LENGTH),
        ("1422591631", RowCode.PHONE_INVALID),
        ("+52 0422591631", RowCode.PHONE_INVALID),
        ("+999123456789", RowCode.PHONE_INVALID),
        ("+1 555", RowCode.PHONE_WRONG_LENGTH),
        ("+57 300 1234", RowCode.PHONE_INVALID),
        ("+12345678901234567890", RowCode.PHONE_WRONG_LENGTH),
        ("+1 100 259 1631", RowCode.PHONE_INVALID),
        ("+1 800 225 5288", RowCode.PHONE_CANNOT_RECEIVE),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(text: str, code: RowCode) -> None:
    assert refusal(text) is code


@pytest.mark.parametrize(
    ("text", "country", "e164", "key"),
    [
        ("+1 442 259 1631", "MX", "+14422591631", "14422591631"),
        ("14422591631@c.us", "MX", "+14422591631", "14422591631"),
        ("p:+573001234567", "MX", "+573001234567", "573001234567"),
        ("573001234567@s.whatsapp.net", "MX", "+573001234567", "573001234567"),
        ("3001234567.0", "CO", "+573001234567", "573001234567"),
        ("001 442 259 1631", "MX", "+14422591631", "14422591631"),
        ("(442) 259-1631", "US", "+14422591631", "14422591631"),
        ("011 52 1 442 259 1631", "US", "+5214422591631", "524422591631"),
        ("+52 442 259 1631", "US", "+5214422591631", "524422591631"),
        ("300 123 4567", "CO", "+573001234567", "573001234567"),
        ("573001234567", "CO", "+573001234567", "573001234567"),
        ("011 15-2345-6789", "AR", "+5491123456789", "541123456789"),
        ("+54 11 2345-6789", "MX", "+541123456789", "541123456789"),
        ("+5531987654321", "MX", "+5531987654321", "553187654321"),
        ("+553187654321", "MX", "+5531987654321", "553187654321"),
        ("(31) 8765-4321", "BR", "+5531987654321", "553187654321"),
        ("+39 06 6982 1234", "MX", "+390669821234", "390669821234"),
    ],
)
def test_numbers_of_other_countries_are_read(text: str, country: str, e164: str, key: str) -> None:
    assert read_number(text, country) == (e164, key)


@pytest.mark.parametrize("text", ["+55 31 2345 678", "+55 00 8765 4321"])
def test_a_brazilian_number_gets_its_nine_only_where_one_belongs(text: str) -> None:
    assert refusal(text) in (RowCode.PHONE_INVALID, RowCode.PHONE_WRONG_LENGTH)


@pytest.mark.parametrize(
    "variants",
    [
        ("5214422591631", "+524422591631"),
        ("5491123456789", "541123456789"),
        ("5531987654321", "+553187654321"),
    ],
)
def test_the_variants_of_one_person_have_one_key(variants: tuple[str, str]) -> None:
    assert phone_key(variants[0]) == phone_key(variants[1])


def test_a_brazilian_landline_keeps_its_own_key() -> None:
    assert phone_key("553133334444") == "553133334444"


@given(TEN_DIGITS, st.sampled_from(MEXICAN_PREFIXES), st.sampled_from(" .-()'\u00a0\u200e"), st.data())
def test_all_spellings_of_one_number_give_one_key(
    digits: str, prefix: str, mark: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, 8))
    spelled = prefix + digits[:at] + ("" if mark == "'" else mark) + digits[at:]
    assume(not spelled.endswith((".0", ".00")))  # which a spreadsheet adds to a number
    assert read_number(f"'{spelled}") == read_number(digits)


@given(st.from_regex(r"[01][0-9]{9}", fullmatch=True))
@example("0050020000")
def test_what_is_refused_is_refused_in_every_spelling(digits: str) -> None:
    assert all(refusal(prefix + digits) for prefix in ("", "+52", "52", "0052", "044", "045"))


@given(st.from_regex(r"(\+|00)?[0-9]{5,15}", fullmatch=True), COUNTRIES)
def test_marks_between_the_digits_change_nothing(text: str, country: str) -> None:
    marked = f" '{text[:3]} {text[3:5]}-({text[5:]})"
    assert outcome(marked, country) == outcome(text, country)


@given(st.from_regex(r"\+?(1|34|39|52|54|549|55|57)?[0-9]{6,11}", fullmatch=True), COUNTRIES, st.booleans())
@example("+553178765432", "MX", True)
def test_what_was_read_is_read_again_as_itself(text: str, country: str, prefix: bool) -> None:
    try:
        number = read_number(text, country, prefix)
    except BadNumber:
        return
    assert read_number(number.e164, country, prefix) == number
    assert phone_key(number.e164) == number.key


@given(st.one_of(st.text(max_size=80), st.text("+0123456789 -.()eE'", max_size=30)), COUNTRIES)
def test_no_text_is_an_accident(text: str, country: str) -> None:
    assert outcome(text, country)


@pytest.mark.parametrize(
    ("number", "forms"),
    [
        ("+5214422591631", {"5214422591631", "524422591631"}),
        ("+524422591631", {"5214422591631", "524422591631"}),
        ("+5491123456789", {"5491123456789", "541123456789"}),
        ("+5531987654321", {"5531987654321", "553187654321"}),
        ("+553187654321", {"5531987654321", "553187654321"}),
        ("+447700900000", {"447700900000"}),
    ],
)
def test_a_person_is_looked_for_under_each_variant_of_the_number(number: str, forms: set[str]) -> None:
    found = variants(number)
    assert (found[0], set(found)) == (number[1:], forms)


@given(st.from_regex(r"\+(52|54|55|1|57)[0-9]{8,11}", fullmatch=True))
def test_all_variants_are_of_one_person(number: str) -> None:
    assert {phone_key(form) for form in variants(number)} == {phone_key(number)}


@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_a_mexican_number_is_read_where_the_library_knows_it_as_a_mobile(digits: str) -> None:
    plan = phonenumbers.PhoneMetadata.metadata_for_region("MX")
    assert plan is not None
    assert plan.mobile is not None
    known = re.fullmatch(str(plan.mobile.national_number_pattern), digits)
    assert (outcome(digits) == f"52{digits}") == (known is not None)
