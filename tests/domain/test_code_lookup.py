"""Finding a code: whatever a receipt, a report or an attempt brings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.domain.codes.lookup import CODES, explain
from outbound_campaigns.domain.codes.tables import CodeClass


@pytest.mark.parametrize("code", ["1022", 1022, " 1022 "])
def test_a_code_is_found_as_a_text_and_as_a_number(code: str | int) -> None:
    assert explain(code) is CODES["1022"]


def test_whatsapps_own_codes_are_found_too() -> None:
    assert explain(131049).code_class is CodeClass.RETRY_LATER


@pytest.mark.parametrize("status", range(500, 600, 7))
def test_any_5xx_is_explained_by_its_family_under_its_own_code(status: int) -> None:
    code = explain(f"http_{status}")
    assert (code.code, code.reason) == (f"http_{status}", CODES["http_5xx"].reason)
    assert code.code_class is CodeClass.IN_DOUBT


@pytest.mark.parametrize("status", [405, 413, 499])
def test_an_uncommon_4xx_is_explained_by_its_family(status: int) -> None:
    code = explain(f"http_{status}")
    assert (code.code, code.advice) == (f"http_{status}", CODES["http_4xx"].advice)


def test_a_4xx_with_a_row_of_its_own_is_explained_by_that() -> None:
    assert explain("http_402").reason != CODES["http_4xx"].reason


@pytest.mark.parametrize("code", ["9999", "http_200", "http_", "", "a{b}c", "http_٤٠٠"])
def test_an_unknown_code_is_of_the_class_unknown(code: str) -> None:
    assert explain(code).code_class is CodeClass.UNKNOWN


def test_an_unknown_code_is_shown_to_the_operator() -> None:
    assert "9999" in explain(9999).reason.text("es")
    assert "9999" in explain(9999).reason.text("en")


@given(st.text() | st.integers())
def test_any_code_at_all_has_words(code: str | int) -> None:
    found = explain(code)
    assert found.code == str(code).strip()
    assert found.reason.text("es").endswith(".")
    assert found.advice.text("en").endswith(".")
