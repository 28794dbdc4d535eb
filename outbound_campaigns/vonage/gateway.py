"""Sends messages to Vonage: one POST for each, and what its answer means."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Protocol, Self

import aiohttp
from aiohttp import payload
from aiohttp.abc import AbstractStreamWriter
from yarl import URL

from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.runtime.proxies import proxy_for
from outbound_campaigns.vonage.authorization import Authorizations
from outbound_campaigns.vonage.fence import Fence
from outbound_campaigns.vonage.json_values import objects_of, read_object, storable
from outbound_campaigns.vonage.senders import Sender

SANDBOX = "https://messages-sandbox.nexmo.com"
MESSAGES_PATH = "/v1/messages"

LONGEST_RETRY_AFTER = 3600.0
"""seconds; a longer Retry-After is cut to this"""

_IDLE = 15.0
"""seconds after which an unused connection is no longer used"""

_MOST_BYTES = 65_536
"""most bytes of an answer that are read"""

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


@dataclass(frozen=True, slots=True)
class _Way:
    url: URL
    proxy: str | None


class VonageGateway:
    """The gateway to Vonage itself. It has to be made, used and closed on one event loop."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._authorizations = Authorizations()
        # aiohttp's trust_env would read the .netrc for each request, and fail when that has a login.
        self._ways = {
            base: _Way(URL(base + MESSAGES_PATH), proxy_for(base)) for base in (endpoint.url, SANDBOX)
        }
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=endpoint.most_connections, keepalive_timeout=_IDLE),
            timeout=aiohttp.ClientTimeout(
                total=endpoint.connect_timeout + endpoint.read_timeout,
                connect=endpoint.connect_timeout,
                sock_connect=endpoint.connect_timeout,
                sock_read=endpoint.read_timeout,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept": "application/json", "User-Agent": "outbound-campaigns"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def send(self, sender: Sender, message: Mapping[str, Any], fence: Fence) -> Outcome:
        header = await self._authorizations.header(sender.credentials)
        body = _FencedBody(_encode(message).encode(), fence)
        try:
            answer = await self._post(sender, header, body)
        except Exception as error:
            return _without_answer(error, body)
        if answer.status == 401:
            return self._unauthorized(sender, header, answer)
        if 200 <= answer.status < 300:
            self._authorizations.accepted(sender.credentials)
        return outcome_of(answer)

    async def probe(self, sender: Sender) -> bool:
        header = await self._authorizations.header(sender.credentials)
        try:
            answer = await self._post(sender, header, payload.BytesPayload(b"{}"))
        except Exception:
            return False
        return answer.status < 500

    async def _post(self, sender: Sender, header: str, body: payload.BytesPayload) -> Answer:
        way = self._ways[SANDBOX if sender.credentials.sandbox else self._endpoint.url]
        headers = {"Authorization": header, "Content-Type": "application/json"}
        async with self._session.post(
            way.url, data=body, headers=headers, allow_redirects=False, proxy=way.proxy
        ) as response:
            raw = await response.content.read(_MOST_BYTES)
            while not response.content.at_eof():
                raw += await response.content.read(_MOST_BYTES)
                if len(raw) > _MOST_BYTES:
                    break
            return Answer(response.status, response.headers, raw)

    def _unauthorized(self, sender: Sender, header: str, answer: Answer) -> Outcome:
        again = self._authorizations.refused(sender.credentials, header)
        kind = OutcomeKind.ACCOUNT_TROUBLE if again else OutcomeKind.UNAUTHORIZED
        return Outcome(kind, "http_401", detail=answer.detail)


class _FencedBody(payload.BytesPayload):
    """A request body that asks the fence just before the request's first byte is written.

    aiohttp holds the headers back and writes them together with the body's first piece.
    """

    def __init__(self, value: bytes, fence: Fence) -> None:
        super().__init__(value, content_type="application/json")
        self.fence = fence
        self.begun = False

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        transport = getattr(writer, "transport", None)
        if transport is None or transport.is_closing():
            raise ConnectionResetError("closed before anything was written")
        self.fence.begin()
        self.begun = True
        await super().write_with_length(writer, content_length)


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


def _without_answer(error: Exception, body: _FencedBody) -> Outcome:
    """Return the outcome when no whole answer came, by whether the first byte had been written."""
    if body.begun:
        if isinstance(error, TimeoutError):
            return Outcome(OutcomeKind.IN_DOUBT, "timeout")
        half = isinstance(error, aiohttp.ClientPayloadError)
        return Outcome(OutcomeKind.IN_DOUBT, "half_answer" if half else "connection_lost")
    if body.fence.too_late:
        return Outcome(OutcomeKind.NOT_BEGUN, "claim_expired")
    return Outcome(OutcomeKind.NOT_CONNECTED, "not_connected", detail=type(error).__name__)
