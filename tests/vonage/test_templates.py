"""From a template's id to its name: by its words alone, or looked up in the WhatsApp account."""

import pytest
import requests
import responses
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot_config.vonage import VonageCredentials
from outbound_campaigns.domain.refusals.configuration import (
    TemplateNeedsWaba,
    TemplateNotApproved,
    TemplateNotFound,
    TemplatesUnavailable,
)
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.vonage.templates import TemplateList, resolve
from tests.support.simulator_examples import account, private_key
from tests.support.simulator_process import running_simulator
from vonage_simulator import SimulatorConfig, Waba

URL = "https://api.nexmo.com/v2/whatsapp-manager/wabas/77/templates"
BASIC = VonageCredentials("abcd1234", "secret", None, None, None, False)


def a_list(credentials: VonageCredentials = BASIC) -> TemplateList:
    return TemplateList("https://api.nexmo.com", "77", credentials)


def a_template(number: int, status: str = "APPROVED") -> dict[str, object]:
    return {"id": str(number), "name": f"promo_{number}", "language": "es_MX", "status": status}


def pem() -> str:
    key = private_key()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("template_id", "expected"),
    [
        ("promo", ResolvedTemplate("promo", "es_MX")),
        (" promo ", ResolvedTemplate("promo", "es_MX")),
        ("9b6b4fcb_da19:promo", ResolvedTemplate("promo", "es_MX", "9b6b4fcb_da19")),
    ],
)
def test_a_name_needs_no_looking_up(template_id: str, expected: ResolvedTemplate) -> None:
    assert resolve(template_id, "es_MX", None) == expected


@responses.activate
@pytest.mark.parametrize(
    ("told", "category"), [("UTILITY", "utility"), ("MARKETING", "marketing"), ("OTP", None), (None, None)]
)
def test_a_number_brings_the_category_that_the_list_tells(told: str | None, category: str | None) -> None:
    responses.get(URL, json={"templates": [a_template(2) | {"category": told}]})
    assert resolve("2", "es_MX", a_list()).category == category


def test_a_number_without_a_whatsapp_account_is_refused_with_advice() -> None:
    with pytest.raises(TemplateNeedsWaba) as refused:
        resolve("1234567", "es_MX", None)
    assert "wabaId" in refused.value.text("es")


@responses.activate
def test_a_number_becomes_the_templates_own_name_and_language() -> None:
    responses.get(URL, json={"templates": [a_template(1), a_template(2) | {"language": "es_AR"}]})
    item = a_template(2) | {"language": "es_AR"}
    assert resolve("2", "es_MX", a_list()) == ResolvedTemplate("promo_2", "es_AR", definition=item)


@responses.activate
def test_a_number_is_found_on_a_later_page() -> None:
    paging = {"cursors": {"after": "next-page"}, "next": f"{URL}?after=next-page"}
    later = responses.matchers.query_param_matcher({"limit": "100", "after": "next-page"})
    responses.get(URL, json={"templates": [a_template(2)]}, match=[later])
    first = responses.matchers.query_param_matcher({"limit": "100"})
    responses.get(URL, json={"templates": [a_template(1)], "paging": paging}, match=[first])
    assert resolve("2", "es_MX", a_list()).name == "promo_2"


@responses.activate
def test_a_number_that_is_not_there_is_named() -> None:
    responses.get(URL, json={"templates": [a_template(1)]})
    with pytest.raises(TemplateNotFound, match="99"):
        resolve("99", "es_MX", a_list())


@responses.activate
@pytest.mark.parametrize("status", ["PAUSED", "REJECTED", "PENDING"])
def test_a_template_that_is_not_approved_is_not_sent(status: str) -> None:
    responses.get(URL, json={"templates": [a_template(1, status)]})
    with pytest.raises(TemplateNotApproved, match=status):
        resolve("1", "es_MX", a_list())


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 503},
        {"status": 401},
        {"body": "<html>", "status": 200},
        {"json": []},
        {"json": {"title": "odd"}},
        {"body": requests.ConnectionError("down")},
        {"body": requests.Timeout("slow")},
    ],
)
def test_a_list_that_can_not_be_read_is_said_so(answer: dict[str, object]) -> None:
    responses.get(URL, **answer)
    with pytest.raises(TemplatesUnavailable):
        resolve("1", "es_MX", a_list())


@responses.activate
@pytest.mark.parametrize("template_id", ["promo_1", "9b6b4fcb:promo_1"])
def test_a_name_is_checked_where_the_list_can_be_read(template_id: str) -> None:
    responses.get(URL, json={"templates": [a_template(1), a_template(2, "PAUSED")]})
    assert resolve(template_id, "es_MX", a_list()).name == "promo_1"
    assert resolve("promo_1", "es-mx", a_list()).language == "es_MX"  # as the list spells it
    with pytest.raises(TemplateNotFound, match=r"promo_1 \(en_US\)"):
        resolve(template_id, "en_US", a_list())
    with pytest.raises(TemplateNotApproved, match=r"promo_2 \(es_MX\).*PAUSED"):
        resolve("promo_2", "es_MX", a_list())


@responses.activate
def test_a_name_is_sent_unchecked_while_the_list_can_not_be_read() -> None:
    responses.get(URL, status=503)
    assert resolve("promo", "es_MX", a_list()) == ResolvedTemplate("promo", "es_MX")


@responses.activate
def test_a_refused_token_is_followed_by_basic() -> None:
    credentials = VonageCredentials("abcd1234", "secret", "app", pem(), None, False)
    basic = responses.matchers.header_matcher({"Authorization": "Basic YWJjZDEyMzQ6c2VjcmV0"})
    responses.get(URL, json={"templates": [a_template(1)]}, match=[basic])
    responses.get(URL, status=401)
    assert resolve("1", "es_MX", a_list(credentials)).name == "promo_1"


def test_the_simulators_list_is_read_page_by_page() -> None:
    known = tuple(a_template(number) for number in range(250))
    with running_simulator(SimulatorConfig(accounts=(account(),), wabas=(Waba("77", known),))) as simulator:
        credentials = VonageCredentials(account().api_key, account().api_secret, None, None, None, False)
        templates = TemplateList(simulator.url, "77", credentials)
        assert len(list(templates)) == 250
        assert resolve("249", "es_MX", templates).name == "promo_249"
