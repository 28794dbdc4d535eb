"""The sentence that says why a campaign is in its state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.domain.reasons import REASONS, reason_text
from outbound_campaigns.domain.refusals.configuration import TemplateNotApproved

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["code", "answer", "detail", "problems_es", "template_id", "self", "language"])


@pytest.mark.parametrize("why", [None, {}, {"code": None}])
def test_a_move_without_a_code_was_an_operators(why: dict[str, object] | None) -> None:
    assert reason_text(why, "en") == "At an operator's request."
    assert reason_text(why) == "A petición de un operador."


def test_account_trouble_says_what_vonage_said_and_what_to_do() -> None:
    why = {"code": "account_trouble", "answer": "http_402", "detail": "Low balance"}
    assert reason_text(why, "es") == (
        "La cuenta de Vonage no puede enviar. La cuenta de Vonage no tiene saldo suficiente. "
        "Vonage dijo: «Low balance». Recargue saldo en el panel de Vonage y reanude la campaña."
    )


def test_trouble_without_detail_leaves_it_out() -> None:
    text = reason_text({"code": "campaign_trouble", "answer": "http_422", "detail": None}, "en")
    assert text.startswith(
        "Vonage rejected several messages in a row for the same reason. Vonage rejected a value"
    )
    assert "said" not in text


def test_missing_configuration_names_the_problems_in_each_language() -> None:
    why = {"code": "configuration_missing", "problems_es": "falta apiKey", "problems_en": "apiKey is missing"}
    assert reason_text(why, "es") == "Falta configuración: falta apiKey"
    assert reason_text(why, "en") == "Configuration is missing: apiKey is missing"


def test_a_refused_start_reads_as_the_refusal_did() -> None:
    refusal = TemplateNotApproved(template_id="promo", status="PAUSED")
    why = {"code": refusal.code, **refusal.values}
    assert reason_text(why, "es") == refusal.text("es")


def test_a_missing_value_becomes_a_dash() -> None:
    assert "—" in reason_text({"code": "template_not_found"}, "en")


def test_an_unknown_code_is_shown() -> None:
    assert reason_text({"code": "moon_phase"}, "en") == "Reason: moon_phase."


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_reason_reads_differently_in_each_language(code: str) -> None:
    assert reason_text({"code": code}, "es") != reason_text({"code": code}, "en")


@given(
    st.dictionaries(NAMES, ANYTHING | st.sampled_from(sorted(REASONS))), st.sampled_from(["es", "en", "fr"])
)
def test_any_reason_at_all_gives_a_sentence(why: dict[str, object], language: str) -> None:
    assert reason_text(why, language)
