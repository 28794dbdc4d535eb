"""A simulator that knows one account, and a place that takes its webhooks."""

from collections.abc import Iterator

import pytest

from tests.support.simulator_examples import account
from tests.support.simulator_process import RunningSimulator, running_simulator
from tests.support.webhook_receiver import WebhookReceiver
from vonage_simulator import ReceiptSettings, SimulatorConfig

AT_ONCE = ReceiptSettings(delay_min=0, delay_max=0.01, read_share=1, retry_waits=(0.01, 0.02))


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    with running_simulator(SimulatorConfig(accounts=(account(),), receipts=AT_ONCE)) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        yield receiver
