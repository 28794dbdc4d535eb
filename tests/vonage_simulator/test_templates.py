"""Template lists: read in pages, and what follows for a message."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.simulator_examples import BASIC, TIMEOUT, account, custom, send
from tests.support.simulator_process import RunningSimulator, running_simulator
from tests.support.webhook_receiver import WebhookReceiver
from vonage_simulator import SimulatorConfig, Waba
from vonage_simulator.problems import RefusedError
from vonage_simulator.templates import Templates

WABA = "106499765517625"


def template(name: str, language: str = "es_MX", status: str = "APPROVED") -> dict[str, Any]:
    return {"id": f"1{len(name)}", "name": name, "language": language, "status": status, "components": []}


LIST = tuple(template(f"promo_{number:02}") for number in range(60))


@pytest.fixture
def listed() -> Iterator[RunningSimulator]:
    config = SimulatorConfig(accounts=(account(wabas=(WABA,)),), wabas=(Waba(WABA, LIST), Waba("2")))
    with running_simulator(config) as running:
        yield running


def ask(simulator: RunningSimulator, query: str = "", waba: str = WABA) -> requests.Response:
    url = f"{simulator.url}/v2/whatsapp-manager/wabas/{waba}/templates{query}"
    return requests.get(url, auth=BASIC, timeout=TIMEOUT)


def test_following_the_pages_gives_every_template_once(listed: RunningSimulator) -> None:
    answer = ask(listed).json()
    pages = [answer["templates"]]
    while "next" in answer["paging"]:
        answer = requests.get(answer["paging"]["next"], auth=BASIC, timeout=TIMEOUT).json()
        pages.append(answer["templates"])
    assert [len(page) for page in pages] == [25, 25, 10]
    assert tuple(one for page in pages for one in page) == LIST


def test_a_page_holds_as_many_as_asked_for_after_the_cursor(listed: RunningSimulator) -> None:
    after = ask(listed, "?limit=10").json()["paging"]["cursors"]["after"]
    names = [one["name"] for one in ask(listed, f"?limit=2&after={after}").json()["templates"]]
    assert names == ["promo_10", "promo_11"]


def test_templates_are_found_by_a_part_of_their_name_and_by_status(listed: RunningSimulator) -> None:
    assert len(ask(listed, "?name=_1").json()["templates"]) == 10
    assert ask(listed, "?name=_1&status=PAUSED").json()["templates"] == []


@pytest.mark.parametrize("query", ["?limit=0", "?limit=501", "?limit=x", "?after=nonsense"])
def test_a_question_that_makes_no_sense_is_refused(listed: RunningSimulator, query: str) -> None:
    assert ask(listed, query).status_code == 400


@pytest.mark.parametrize("waba", ["222", "2"])
def test_an_unknown_or_foreign_waba_was_not_found(listed: RunningSimulator, waba: str) -> None:
    answer = ask(listed, waba=waba)
    assert (answer.status_code, answer.json()["detail"]) == (404, "Waba was not found")


def test_a_template_list_is_not_written_to(listed: RunningSimulator) -> None:
    url = f"{listed.url}/v2/whatsapp-manager/wabas/{WABA}/templates"
    assert requests.delete(url, auth=BASIC, timeout=TIMEOUT).status_code == 403
    assert requests.get(f"{url}/x/templates", auth=BASIC, timeout=TIMEOUT).status_code == 404


@pytest.mark.parametrize(
    ("wabas", "name", "language", "may"),
    [
        ((), "a", "es", True),
        (("1",), "a", "es", True),
        (("2",), "a", "es", False),
        (("3",), "a", "es", True),
        ((), "a", "en", False),
        ((), "b", "es", False),
        ((), "c", "es", False),
    ],
)
def test_only_an_approved_template_of_the_account_may_be_sent(
    wabas: tuple[str, ...], name: str, language: str, may: bool
) -> None:
    lists = (Waba("1", (template("a", "es"), template("b", "es", "PAUSED"))), Waba("2"))
    assert Templates(lists).may_be_sent(wabas, name, language, None) is may


def test_a_list_that_was_never_given_is_not_found() -> None:
    with pytest.raises(RefusedError, match="Not Found"):
        Templates(()).page(WABA, {})


def test_without_any_list_every_template_may_be_sent() -> None:
    assert Templates(()).may_be_sent((), "a", "es", None)


def test_an_unknown_template_is_accepted_and_later_rejected(
    listed: RunningSimulator, receiver: WebhookReceiver
) -> None:
    assert send(listed.url, custom(webhook_url=receiver.url)).status_code == 202
    [webhook] = receiver.wait_for(1)
    assert (webhook.body["status"], webhook.body["error"]["title"]) == ("rejected", "1022")


def test_a_template_may_be_paused_while_messages_are_sent(
    listed: RunningSimulator, receiver: WebhookReceiver
) -> None:
    paused = {"waba_id": WABA, "templates": [template("promo_octubre", status="PAUSED")]}
    url = f"{listed.url}/_simulator/templates"
    assert requests.post(url, json=paused, timeout=TIMEOUT).json() == {"templates": 1}
    send(listed.url, custom(webhook_url=receiver.url))
    assert receiver.wait_for(1)[0].body["error"]["title"] == "1022"


def test_a_template_list_without_its_waba_is_refused(listed: RunningSimulator) -> None:
    answer = requests.post(f"{listed.url}/_simulator/templates", json={"templates": []}, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()) == (400, {"error": "waba_id is missing"})
