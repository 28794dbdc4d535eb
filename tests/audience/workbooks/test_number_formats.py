"""Numbers and dates are taken as the person who made the workbook sees them, telephone numbers whole."""

import pytest

from outbound_campaigns.audience.workbooks.conventions import conventions_of
from outbound_campaigns.audience.workbooks.number_formats import built_in, show_with

ACCOUNTING = '_-* #,##0.00_-;\\-* #,##0.00_-;_-* "-"??_-;_-@_-'
PHONE = "[<=9999999]###-####;(###) ###-####"
DECEMBER_1 = "45992"


def shown(code: str, number: str, country: str = "MX") -> str:
    return show_with(code, conventions_of(country))(number)


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("General", "4422591631", "4422591631"),
        ("General", "4.4225916310000002E9", "4422591631"),
        ("General", "5214422591631", "5214422591631"),
        ("0.00E+00", "5214422591631", "5214422591631"),
        ("0.00E+00", "0.00012", "0.00012"),
        ("0000000000", "12345", "0000012345"),
        ("000-000-0000", "4422591631", "442-259-1631"),
        (PHONE, "2591631", "259-1631"),
        (PHONE, "4422591631", "(442) 259-1631"),
        ("@", "4422591631", "4422591631"),
    ],
)
def test_a_telephone_number_keeps_all_its_digits(code: str, number: str, text: str) -> None:
    assert shown(code, number) == text


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("General", "0.30000000000000004", "0.3"),
        ("General", "-12.5", "-12.5"),
        ("General", "0.0000001", "0.0000001"),
        ("0", "1234.5", "1235"),
        ("0.00", "-0.001", "0.00"),
        ("0.##", "5", "5"),
        ("#,##0", "0", "0"),
        ("#,##0.00", "1234567.891", "1,234,567.89"),
        ('"$"#,##0.00', "150", "$150.00"),
        ("[$$-80A]#,##0.00", "-150", "-$150.00"),
        ("#,##0;(#,##0)", "-5", "(5)"),
        ("General;[Red]-General", "-3", "-3"),
        ('0;-0;"nada"', "0", "nada"),
        (ACCOUNTING, "-12.5", "-12.50"),
        ("0.00", "1E+30", "1000000000000000019884624838656"),
        (f"0.{'0' * 30}", "1.5", f"1.5{'0' * 29}"),
        ("0%", "0.256", "26%"),
        ("0.0%", "0.256", "25.6%"),
        ("0,", "1234567", "1235"),
        ('0.0,,"M"', "1234567", "1.2M"),
        ('0" kg"', "5", "5 kg"),
        ('General" kg"', "5.5", "5.5 kg"),
        ("# ?/?", "0.5", "0.5"),
        (";;;", "5", ""),
    ],
)
def test_a_number_is_shown_by_its_format(code: str, number: str, text: str) -> None:
    assert shown(code, number) == text


@pytest.mark.parametrize(
    ("code", "days", "text"),
    [
        ("dd/mm/yyyy", DECEMBER_1, "01/12/2025"),
        ("d/m/yy", DECEMBER_1, "1/12/25"),
        ("yyyy-mm-dd hh:mm", "45992.5", "2025-12-01 12:00"),
        ("yyyy-mm-dd hh:mm:ss", "45992.99999", "2025-12-01 23:59:59"),
        ('d "de" mmmm "de" yyyy', DECEMBER_1, "1 de diciembre de 2025"),
        ("dddd d", DECEMBER_1, "lunes 1"),
        ("mmm-yy", DECEMBER_1, "dic-25"),
        ("[$-409]mmmm d, yyyy", DECEMBER_1, "December 1, 2025"),
        ("h:mm AM/PM", "0.75", "6:00 p. m."),
        ("h:mm", "0.75", "18:00"),
        ("mm:ss", "0.0007", "01:00"),
        ("[h]:mm:ss", "1.5", "36:00:00"),
        ("dd/mm/yyyy", "59", "28/02/1900"),
        ("dd/mm/yyyy", "61", "01/03/1900"),
        ("dd/mm/yyyy", "-4", "########"),
    ],
)
def test_a_date_is_shown_by_its_format(code: str, days: str, text: str) -> None:
    assert shown(code, days) == text


@pytest.mark.parametrize(
    ("country", "date", "number"),
    [
        ("MX", "01/12/2025", "1,234.50"),
        ("US", "12/1/2025", "1,234.50"),
        ("CL", "01-12-2025", "1.234,50"),
        ("AR", "01/12/2025", "1.234,50"),
    ],
)
def test_what_a_format_leaves_open_follows_the_country(country: str, date: str, number: str) -> None:
    assert shown(built_in(14, conventions_of(country)), DECEMBER_1, country) == date
    assert shown("#,##0.00", "1234.5", country) == number


def test_some_workbooks_count_from_1904() -> None:
    show = show_with("dd/mm/yyyy", conventions_of("MX"), is_1904=True)
    assert show("44530") == "01/12/2025"
