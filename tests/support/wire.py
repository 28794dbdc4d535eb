"""A gateway on an event loop of its own, driven step by step, and what it is driven with."""

import asyncio
import time
from collections.abc import Callable
from functools import cache
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives import serialization

from bot_config.vonage import VonageCredentials
from outbound_campaigns.domain.outcome import Outcome
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.vonage import message
from outbound_campaigns.vonage.fence import Fence
from outbound_campaigns.vonage.gateway import Endpoint, VonageGateway
from outbound_campaigns.vonage.senders import Sender
from tests.support.simulator_examples import APPLICATION, BASIC, SENDER, private_key

TO = "+5214422591631"


@cache
def private_key_pem() -> str:
    """The application's private key, as the settings hold it."""
    form = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    return private_key().private_bytes(serialization.Encoding.PEM, form, plain).decode()


def by_basic() -> Sender:
    return _sender(VonageCredentials(*BASIC, None, None, None, False))


def by_token() -> Sender:
    return _sender(VonageCredentials(*BASIC, APPLICATION, private_key_pem(), None, False))


def _sender(credentials: VonageCredentials) -> Sender:
    return Sender("bot", SENDER, credentials, 20.0)


def promo(ref: str) -> dict[str, Any]:
    """A message to TO under this client_ref."""
    custom = message.body(ResolvedTemplate("promo_octubre", "es_MX"), None, None, {"nombre": "Ana"})
    return message.message(custom, TO, SENDER, ref)


def open_fence() -> Fence:
    return Fence(time.monotonic, lambda: float("inf"))


def closed_fence() -> Fence:
    return Fence(time.monotonic, lambda: float("-inf"))


class Wire:
    """Sends through a VonageGateway, one after the other or at once; `endpoint` are Endpoint's times."""

    def __init__(
        self,
        url: str,
        sender: Sender | None = None,
        loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop,
        **endpoint: Any,
    ) -> None:
        self.sender = sender or by_basic()
        self._runner = asyncio.Runner(loop_factory=loop)
        self.loop_class = type(self._runner.get_loop())
        self.sent = 0
        self.gateway = self._runner.run(_make(Endpoint(url, **endpoint)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self.gateway.__aexit__(kind, error, trace))
        self._runner.close()

    def send(self, fence: Fence | None = None) -> Outcome:
        return self._runner.run(self._send(fence or open_fence()))

    def send_at_once(self, count: int) -> list[Outcome]:
        return self._runner.run(self._send_all([open_fence() for _ in range(count)]))

    def probe(self) -> bool:
        return self._runner.run(self.gateway.probe(self.sender))

    async def _send(self, fence: Fence) -> Outcome:
        self.sent += 1
        return await self.gateway.send(self.sender, promo(f"c42-{self.sent}-1"), fence)

    async def _send_all(self, fences: list[Fence]) -> list[Outcome]:
        return await asyncio.gather(*(self._send(fence) for fence in fences))


async def _make(endpoint: Endpoint) -> VonageGateway:
    return VonageGateway(endpoint)
