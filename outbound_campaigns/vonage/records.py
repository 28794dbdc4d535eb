"""Reads Vonage's own records of messages (Reports API, GET /v2/reports/records). Vonage charges for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from bot_config.vonage import VonageCredentials
from outbound_campaigns.domain.refusals.configuration import ReportsRefused, ReportsUnavailable
from outbound_campaigns.vonage.json_values import object_of, objects_of, text_or_number

RECORDS_PATH = "/v2/reports/records"

MOST_IDS = 20
"""most messages in one question (Reports API, "id")"""

TIMEOUTS = (5.0, 20.0)
"""seconds to connect and to read"""

_MOST_PAGES = 1000
_LONGEST_RETRY_AFTER = 3600.0
_COMPLETE = "SUCCESS"
_PASSING = (408, 429, 500, 502, 503, 504)


class NotNow(ReportsUnavailable):
    """Raised when the question may be asked again later, after `wait` seconds where Vonage names them."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason=reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Record:
    """One message in Vonage's records; `status` and `code` are Vonage's words, `at` its text for a moment."""

    message_uuid: str
    client_ref: str
    to: str
    status: str
    code: str
    at: str


@dataclass(slots=True)
class Usage:
    """What Vonage was asked so far: the requests, and the records that it charges for."""

    questions: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class VonageRecords:
    """One account's records, asked one question after the other with its apiKey and apiSecret.

    Each question raises NotNow, or ReportsRefused where asking again would not help.
    """

    url: str
    credentials: VonageCredentials
    usage: Usage = field(default_factory=Usage)

    def of_number(self, number: str, since: datetime, until: datetime) -> Sequence[Record]:
        """Return the messages to a number (digits) that Vonage took in a period of at most 24 hours."""
        period = {"date_start": _written(since), "date_end": _written(until)}
        return list(self._records({"to": number.lstrip("+"), **period}))

    def of_messages(self, message_uuids: Sequence[str]) -> Sequence[Record]:
        """Return up to MOST_IDS messages by Vonage's own ids, leaving out those that it does not know."""
        return list(self._records({"id": ",".join(message_uuids)}))

    def _records(self, asked: Mapping[str, str]) -> Iterator[Record]:
        query = {
            "account_id": self.credentials.api_key,
            "product": "MESSAGES",
            "direction": "outbound",
            **asked,
        }
        seen = 0
        for _ in range(_MOST_PAGES):
            page = self._page(query)
            found = objects_of(page["records"])
            self.usage.records += len(found)
            seen += len(page["records"])
            yield from map(_record, found)
            query = _next_query(page)
            if not query:
                _must_be_complete(page, seen)
                return

    def _page(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        self.usage.questions += 1
        pair = (self.credentials.api_key, self.credentials.api_secret or "")
        try:
            response = requests.get(
                self.url + RECORDS_PATH,
                params=dict(query),
                auth=pair,
                headers={"Accept": "application/json"},
                timeout=TIMEOUTS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # The error's message would show the number that was asked about.
            raise NotNow(type(error).__name__) from None
        if response.status_code in _PASSING:
            raise NotNow(f"HTTP {response.status_code}", _retry_after(response))
        if response.status_code != 200:
            raise ReportsRefused(status=response.status_code)
        try:
            page = response.json()
        except requests.JSONDecodeError:
            raise NotNow("no JSON") from None
        if not isinstance(page, dict) or not isinstance(page.get("records"), list):
            raise NotNow("no list of records")
        # PENDING, TRUNCATED and the like: what such a list lacks may exist (Reports API, "request_status").
        if page.get("request_status", _COMPLETE) != _COMPLETE:
            raise NotNow(f"request_status {page['request_status']!s:.20}")
        return page


def _must_be_complete(page: Mapping[str, Any], seen: int) -> None:
    """Raise NotNow where the last page tells of more records than came: one of them may be ours."""
    told = page.get("items_count")
    if isinstance(told, int) and told > seen:
        raise NotNow(f"{seen} of {told} records")


def _next_query(page: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of the next page's address. Its host is unused: the secret goes nowhere else."""
    address = object_of(object_of(page.get("_links")).get("next")).get("href")
    return dict(parse_qsl(urlsplit(address).query)) if isinstance(address, str) else {}


def _record(given: Mapping[str, Any]) -> Record:
    return Record(
        message_uuid=_text(given, "message_id"),
        client_ref=_text(given, "client_ref"),
        to=_text(given, "to"),
        status=_text(given, "status").lower(),
        code=_text(given, "error_code") or _text(given, "provider_error_code"),
        at=_text(given, "date_finalized") or _text(given, "date_received"),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    return (text_or_number(given.get(name)) or "").strip()


def _retry_after(response: requests.Response) -> float | None:
    given = response.headers.get("Retry-After", "")
    return min(float(given), _LONGEST_RETRY_AFTER) if re.fullmatch(r"[0-9]{1,9}", given) else None


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
