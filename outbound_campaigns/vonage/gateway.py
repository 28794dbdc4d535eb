"""Sends messages to Vonage: one POST for each, and what its answer means."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Protocol, Self

from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.runtime.proxies import proxy_for
from outbound_campaigns.vonage.authorization import Authorizations
from outbound_campaigns.vonage.fence import Fence
from outbound_campaigns.vonage.json_values import objects_of, read_object, storable
from outbound_campaigns.vonage.posting.connection import HalfAnswer
from outbound_campaigns.vonage.posting.connections import Connections, Patience
from outbound_campaigns.vonage.posting.dialing import Dialer
from outbound_campaigns.vonage.senders import Sender

SANDBOX = "https://messages-sandbox.nexmo.com"
MESSAGES_PATH = "/v1/messages"

LONGEST_RETRY_AFTER = 3600.0
"""seconds; a longer Retry-After is cut to this"""

# Skips the check for circular references, which takes longer than the rest; a message has none.
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

log = logging.getLogger(__name__)


class Gateway(Protocol):
    async def send(self, sender: Sender, message: Mapping[str, Any], fence: Fence) -> Outcome:
        """Post one message, once. Returns its outcome; network errors and Vonage's answers never raise."""
        ...

    async def probe(self, sender: Sender) -> bool:
        """Return whether Vonage answers a request that it must refuse, and that reaches nobody."""
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of Vonage and its limits; times in seconds."""

    url: str
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    most_connections: int = 256


class VonageGateway:
    """The gateway to Vonage itself. It has to be made, used and closed on one event loop."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._authorizations = Authorizations()
        self._ways = {base: _Way.to(base + MESSAGES_PATH, endpoint) for base in (endpoint.url, SANDBOX)}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for way in self._ways.values():
            await way.connections.close()

    async def send(self, sender: Sender, message: Mapping[str, Any], fence: Fence) -> Outcome:
        header = await self._authorizations.header(sender.credentials)
        try:
            answer = await self._post(sender, header, _encode(message).encode(), fence.begin)
        except Exception as error:
            return _without_answer(error, fence)
        if answer.status == 401:
            return self._unauthorized(sender, header, answer)
        if 200 <= answer.status < 300:
            self._authorizations.accepted(sender.credentials)
        return outcome_of(answer)

    async def probe(self, sender: Sender) -> bool:
        header = await self._authorizations.header(sender.credentials)
        try:
            answer = await self._post(sender, header, b"{}", lambda: None)
        except Exception:
            return False
        return answer.status < 500

    async def _post(self, sender: Sender, header: str, body: bytes, begin: Callable[[], None]) -> Answer:
        way = self._ways[SANDBOX if sender.credentials.sandbox else self._endpoint.url]
        head = f"{way.head}Authorization: {header}\r\nContent-Length: {len(body)}\r\n\r\n"
        response = await way.connections.post(head.encode("latin-1") + body, begin)
        return Answer(response.status, response.headers, response.body)

    def _unauthorized(self, sender: Sender, header: str, answer: Answer) -> Outcome:
        again = self._authorizations.refused(sender.credentials, header)
        kind = OutcomeKind.ACCOUNT_TROUBLE if again else OutcomeKind.UNAUTHORIZED
        return Outcome(kind, "http_401", detail=answer.detail)


@dataclass(frozen=True, slots=True)
class _Way:
    """The connections to one address, and how the head of each request begins."""

    head: str
    connections: Connections

    @classmethod
    def to(cls, url: str, endpoint: Endpoint) -> _Way:
        dialer = Dialer(url, proxy_for(url))
        patience = Patience(endpoint.connect_timeout, endpoint.read_timeout)
        return cls(dialer.head() + _FIELDS, Connections(dialer, patience, endpoint.most_connections))


_FIELDS = (
    "Accept: application/json\r\n"
    "Accept-Encoding: identity\r\n"
    "User-Agent: outbound-campaigns\r\n"
    "Content-Type: application/json\r\n"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Vonage answered: its status, headers and raw body."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> dict[str, Any]:
        """Return the object in the body; an empty one when there is none."""
        return read_object(self.raw) or {}

    @property
    def detail(self) -> str | None:
        """Return title, detail and the names and reasons of invalid parameters, as far as they are given."""
        content = self.json
        parts = [content.get("title"), content.get("detail")]
        parts += [f"{name}: {reason}" for name, reason in self.invalid_parameters]
        text = " · ".join(str(part) for part in parts if part)
        return storable(text[:500]) or None

    @property
    def invalid_parameters(self) -> list[tuple[str, str]]:
        """Return (name, reason) of each invalid parameter."""
        entries = objects_of(self.json.get("invalid_parameters"))
        return [(str(entry.get("name")), str(entry.get("reason"))) for entry in entries]

    @property
    def names_recipient(self) -> bool:
        """Return whether the recipient's number is among the invalid parameters."""
        return any(name == "to" or name.endswith(".to") for name, _ in self.invalid_parameters)

    @property
    def retry_after(self) -> float | None:
        """Return the seconds in Retry-After, given as a number or as a date (RFC 9110, 10.2.3)."""
        given = next((v for k, v in self.headers.items() if k.lower() == "retry-after"), None)
        if given is None:
            return None
        try:
            seconds = float(given)
        except ValueError:
            seconds = _until(given)
        return min(max(seconds, 0.0), LONGEST_RETRY_AFTER) if seconds == seconds else None


def _until(date: str) -> float:
    try:
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return float("nan")


_ACCOUNT_STATUSES = frozenset({402, 403, 404})
_THROTTLES = ("#throttled", "#rate-limit")
_UUID = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def outcome_of(answer: Answer) -> Outcome:
    """Return what an answer means (any but a 401, which depends on the token's past)."""
    status, code = answer.status, f"http_{answer.status}"
    if 200 <= status < 300:
        return _accepted(answer)
    if status == 429 or (400 <= status < 500 and str(answer.json.get("type")).endswith(_THROTTLES)):
        return Outcome(OutcomeKind.THROTTLED, "http_429", None, answer.detail, answer.retry_after)
    if status >= 500:
        return Outcome(OutcomeKind.IN_DOUBT, code, detail=answer.detail)
    if status in _ACCOUNT_STATUSES:
        return Outcome(OutcomeKind.ACCOUNT_TROUBLE, code, detail=answer.detail)
    if status < 400:
        return Outcome(OutcomeKind.ACCOUNT_TROUBLE, "http_3xx", detail=str(status))
    if status == 422 and answer.names_recipient:
        return Outcome(OutcomeKind.RECIPIENT_REFUSED, "http_422_to", detail=answer.detail)
    return Outcome(OutcomeKind.CAMPAIGN_TROUBLE, code, detail=answer.detail)


def _accepted(answer: Answer) -> Outcome:
    message_uuid = answer.json.get("message_uuid")
    if isinstance(message_uuid, str) and _UUID.fullmatch(message_uuid):
        return Outcome(OutcomeKind.ACCEPTED, message_uuid=message_uuid)
    return Outcome(OutcomeKind.IN_DOUBT, "unreadable_answer", detail=str(answer.status))


def _without_answer(error: Exception, fence: Fence) -> Outcome:
    """Return the outcome when no whole answer came, by whether the first byte may have been written."""
    if fence.began_at is not None:
        if isinstance(error, TimeoutError):
            return Outcome(OutcomeKind.IN_DOUBT, "timeout")
        half = isinstance(error, HalfAnswer)
        return Outcome(OutcomeKind.IN_DOUBT, "half_answer" if half else "connection_lost")
    if fence.too_late:
        return Outcome(OutcomeKind.NOT_BEGUN, "claim_expired")
    return Outcome(OutcomeKind.NOT_CONNECTED, "not_connected", detail=type(error).__name__)
