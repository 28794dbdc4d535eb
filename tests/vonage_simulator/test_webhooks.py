"""Receipts and inbound messages as they arrive at a webhook: body, signature, second tries."""

import hashlib
import time
from dataclasses import replace
from typing import Any
from uuid import UUID

import jwt
import pytest
import requests

from tests.support.simulator_examples import (
    APPLICATION,
    BASIC,
    SECRET,
    SENDER,
    TIMEOUT,
    account,
    custom,
    send,
)
from tests.support.simulator_process import RunningSimulator, running_simulator
from tests.support.webhook_receiver import Webhook, WebhookReceiver
from vonage_simulator import SimulatorConfig
from vonage_simulator.courier import Tally


def claims(webhook: Webhook) -> dict[str, Any]:
    token = webhook.authorization.removeprefix("Bearer ")
    verified: dict[str, Any] = jwt.decode(token, SECRET, algorithms=["HS256"])
    return verified


def settled(simulator: RunningSimulator) -> Tally:
    """The tally once nothing waits."""
    while simulator.courier.tally().waiting:
        time.sleep(0.01)
    return simulator.courier.tally()


def write(simulator: RunningSimulator, **changes: Any) -> requests.Response:
    inbound = {"from": "5214422591631", "text": "Baja"} | changes
    return requests.post(f"{simulator.url}/_simulator/inbound", json=inbound, timeout=TIMEOUT)


def test_the_receipts_of_a_message_go_to_its_own_webhook(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    message_uuid = send(simulator.url, custom(webhook_url=receiver.url)).json()["message_uuid"]
    bodies = [webhook.body for webhook in receiver.wait_for(3)]
    assert sorted(body["status"] for body in bodies) == ["delivered", "read", "submitted"]
    for body in bodies:
        assert (body["message_uuid"], body["client_ref"]) == (message_uuid, "c42-1")
        assert (body["to"], body["from"], body["channel"]) == ("5214422591631", SENDER, "whatsapp")
        assert body["timestamp"].endswith("Z")


def test_a_receipt_is_signed_over_its_raw_body(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    send(simulator.url, custom(webhook_url=receiver.url))
    webhook = receiver.wait_for(1)[0]
    signed = claims(webhook)
    assert signed["payload_hash"] == hashlib.sha256(webhook.raw).hexdigest()
    assert (signed["iss"], signed["api_key"], signed["application_id"]) == ("Vonage", BASIC[0], APPLICATION)
    assert UUID(signed["jti"])
    assert abs(signed["iat"] - time.time()) < 60


def test_a_failure_names_its_code(simulator: RunningSimulator, receiver: WebhookReceiver) -> None:
    simulator.courier.change({"failed_share": 1, "failure_codes": ["1999"], "integer_title_share": 1})
    send(simulator.url, custom(webhook_url=receiver.url, client_ref=None))
    settled(simulator)
    failure = next(webhook.body for webhook in receiver.came if "error" in webhook.body)
    assert failure["error"]["title"] == 1999
    assert failure["error"]["type"].endswith("/messages#1999")
    assert "client_ref" not in failure


def test_an_unsigned_receipt_has_no_authorization(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    simulator.courier.change({"unsigned_share": 1})
    send(simulator.url, custom(webhook_url=receiver.url))
    assert {webhook.authorization for webhook in receiver.wait_for(3)} == {""}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_receipt_that_was_not_taken_comes_again(
    simulator: RunningSimulator, receiver: WebhookReceiver, status: int
) -> None:
    receiver.statuses = [status] * 4
    send(simulator.url, custom(webhook_url=receiver.url))
    tally = settled(simulator)
    assert (tally.taken, tally.retried, tally.given_up) == (3, 4, 0)


def test_a_receipt_is_given_up_after_its_last_try(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    receiver.statuses = [503] * 100
    send(simulator.url, custom(webhook_url=receiver.url))
    tally = settled(simulator)
    assert (tally.taken, tally.retried, tally.given_up, len(receiver.came)) == (0, 6, 3, 9)


def test_a_webhook_that_does_not_answer_is_tried_again(simulator: RunningSimulator) -> None:
    send(simulator.url, custom(webhook_url="http://127.0.0.1:9/status"))
    assert settled(simulator).given_up == 3


def test_a_receipt_refused_for_good_does_not_come_again(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    receiver.statuses = [401] * 3
    send(simulator.url, custom(webhook_url=receiver.url))
    tally = settled(simulator)
    assert (tally.refused, tally.retried, len(receiver.came)) == (3, 0, 3)


def test_receipts_beyond_the_queue_s_limit_are_dropped_and_counted(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    simulator.courier.change({"queue_limit": 1, "delay_min": 0.2, "delay_max": 0.2})
    send(simulator.url, custom(webhook_url=receiver.url))
    tally = settled(simulator)
    assert (tally.taken, tally.dropped) == (1, 2)


def test_an_sms_s_receipt_says_nothing_of_whatsapp(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    send(simulator.url, custom(channel="sms", message_type="text", text="Hola", webhook_url=receiver.url))
    assert "whatsapp" not in receiver.wait_for(1)[0].body


def test_receipts_can_be_turned_off_and_their_settings_read(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    url = f"{simulator.url}/_simulator/receipts"
    assert requests.post(url, json={"on": False}, timeout=TIMEOUT).json()["on"] is False
    send(simulator.url, custom(webhook_url=receiver.url))
    answer = requests.get(url, timeout=TIMEOUT).json()
    assert answer["settings"]["on"] is False
    assert set(answer["tally"].values()) == {0}


def test_a_person_s_answer_is_posted_signed(simulator: RunningSimulator, receiver: WebhookReceiver) -> None:
    answer = write(simulator, url=receiver.url, account=BASIC[0]).json()
    [webhook] = receiver.came
    assert (answer["status"], answer["message_uuid"]) == (200, webhook.body["message_uuid"])
    assert (webhook.body["from"], webhook.body["to"]) == ("5214422591631", SENDER)
    assert (webhook.body["message_type"], webhook.body["text"]) == ("text", "Baja")
    assert webhook.body["context_status"] == "none"
    assert claims(webhook)["payload_hash"] == hashlib.sha256(webhook.raw).hexdigest()


def test_a_tap_on_a_button_names_what_it_answers(
    simulator: RunningSimulator, receiver: WebhookReceiver
) -> None:
    write(simulator, url=receiver.url, payload="STOP_c42", answers="b1", to="447700900000")
    body = receiver.came[0].body
    assert (body["message_type"], body["button"]["payload"]) == ("button", "STOP_c42")
    assert body["context"] == {"message_uuid": "b1", "message_from": "447700900000"}


def test_an_answer_to_an_unknown_account_is_refused(simulator: RunningSimulator) -> None:
    assert write(simulator, url="http://127.0.0.1:9", account="nobody").status_code == 400


def test_without_accounts_webhooks_are_signed_with_the_common_secret(receiver: WebhookReceiver) -> None:
    with running_simulator(SimulatorConfig(signature_secret=SECRET)) as anyone:
        write(anyone, url=receiver.url)
    assert claims(receiver.came[0])["api_key"] == ""


def test_an_account_without_a_signature_secret_posts_unsigned(receiver: WebhookReceiver) -> None:
    unsigned = replace(account(), signature_secret="", application_id="")
    with running_simulator(SimulatorConfig(accounts=(unsigned,))) as running:
        write(running, url=receiver.url)
    assert receiver.came[0].authorization == ""
