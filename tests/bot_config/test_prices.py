"""The price table: what a message costs by country and category, in whole millionths."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_config.module_settings import FILE, read_settings
from bot_config.money import millionths, shown
from bot_config.prices import PriceTable, Unfit, read_prices
from tests.support.data_folder import DataFolder

TABLE = {
    "currency": "USD",
    "countries": {"MX": {"marketing": 0.0305, "utility": 0.0085}, "co": 0.012, "*": {"marketing": 0.1}},
}


def table(countries: object, currency: object = "USD") -> PriceTable:
    return read_prices({"currency": currency, "countries": countries})


@pytest.mark.parametrize(
    ("country", "category", "price"),
    [
        ("MX", "marketing", 30_500),
        ("MX", "utility", 8_500),
        ("CO", "authentication", 12_000),
        ("AR", "marketing", 100_000),
        ("AR", "utility", None),
        ("MX", "authentication", None),
    ],
)
def test_a_price_is_the_countrys_own_else_that_of_all_others(
    country: str, category: str, price: int | None
) -> None:
    assert read_prices(TABLE).price(country, category) == price


def test_a_country_without_a_category_takes_it_from_all_others() -> None:
    prices = table({"MX": {"utility": 0.01}, "*": 0.5})
    assert prices.price("MX", "marketing") == 500_000


@pytest.mark.parametrize(
    ("countries", "part"),
    [
        ({"MX": 0.03, "UK": 0.1}, {"UK": 0.1}),
        ({"MX": {"marketing": 0.03, "promo": 0.1}}, {"MX": {"marketing": 0.03, "promo": 0.1}}),
        ({"MX": {}}, {"MX": {}}),
        ({"MX": 100.01}, {"MX": 100.01}),
        ({"MX": -0.01}, {"MX": -0.01}),
        ({"MX": True}, {"MX": True}),
        ({"MX": float("inf")}, {"MX": float("inf")}),
        ({"MX": "0.03"}, {"MX": "0.03"}),
        ({"MX": 1, "mx": 2}, {"mx": 2}),
        ({}, {"countries": {}}),
        ([], {"countries": []}),
    ],
)
def test_what_does_not_fit_is_named(countries: Any, part: object) -> None:
    with pytest.raises(Unfit) as refused:
        table(countries)
    assert refused.value.part == part


@pytest.mark.parametrize("currency", ["usd", "dollars", None, 1])
def test_a_currency_has_three_letters(currency: object) -> None:
    with pytest.raises(Unfit):
        table({"MX": 1}, currency)


def test_a_problem_names_the_file_the_part_and_what_is_expected(folder: DataFolder) -> None:
    folder.write(f"bots/demo-bot/{FILE}", {"prices": {"currency": "USD", "countries": {"CO": 1, "UK": 0.1}}})
    settings, problems = read_settings(folder.bots({}), "demo-bot")
    assert settings.prices is None
    assert f'prices in data/bots/demo-bot/{FILE} is {{"UK": 0.1}}; it must be like {{"currency"' in problems[
        0
    ].text("en")
    assert 'es {"UK": 0.1}; debe ser como' in problems[0].text("es")


@given(st.integers(0, 10**15))
def test_what_is_shown_is_read_as_the_same_amount(amount: int) -> None:
    assert millionths(shown(amount), up=True) == millionths(shown(amount), up=False) == amount


def test_what_is_finer_than_a_millionth_is_rounded_to_the_safe_side() -> None:
    assert (millionths(0.0000001, up=True), millionths(0.0000019, up=False)) == (1, 1)
