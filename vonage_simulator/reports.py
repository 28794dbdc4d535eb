"""The Reports API, read from the ledger: which messages were accepted, and what became of them."""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import time

from vonage_simulator.accounts import Account
from vonage_simulator.ledger import Acceptance, Ledger
from vonage_simulator.merging import merged
from vonage_simulator.problems import FORBIDDEN, Problem, RefusedError, throttled

LONGEST = timedelta(hours=24)
"""longest period between date_start and date_end (Reports API, "date_end")"""

MOST_IDS = 20
_NOT_WITH_ID = {"status", "date_start", "date_end"}

NEEDED = {"product": "MESSAGES", "direction": "outbound"}


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """How records come: `delay` seconds after the acceptance, `page_size` to a page.

    The next `throttled` questions are answered by 429, with `retry_after` seconds when set.
    """

    delay: float = 0.0
    page_size: int = 1000
    throttled: int = 0
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.page_size < 1:
            raise ValueError("page_size must be at least 1")


@dataclass(slots=True)
class Usage:
    """How many questions were asked, and how many records were returned: Vonage charges for each record."""

    questions: int = 0
    throttled: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Records, the next page's cursor ("" if there is none), and ids that were asked for but not found."""

    records: tuple[dict[str, object], ...]
    cursor: str
    ids_not_found: tuple[str, ...] = ()


class Reports:
    """Answers questions about one ledger; its settings may be changed meanwhile."""

    def __init__(self, ledger: Ledger, settings: ReportSettings, clock: Callable[[], float] = time) -> None:
        self._ledger = ledger
        self._clock = clock
        self.settings = settings
        self.usage = Usage()
        self._to_throttle = settings.throttled

    def change(self, changes: Mapping[str, object]) -> None:
        """Merge changes into the settings; raises ValueError."""
        self.settings = merged(self.settings, changes)
        self._to_throttle = self.settings.throttled

    def page(self, account: Account, query: Mapping[str, str]) -> ReportPage:
        """Return the page that a query asks for; raises RefusedError (403, 422, 429)."""
        self.usage.questions += 1
        if self._to_throttle > 0:
            self._to_throttle -= 1
            self.usage.throttled += 1
            raise RefusedError(throttled(self.settings.retry_after))
        _must_be_answerable(query)
        if query.get("account_id") != account.api_key:
            raise RefusedError(FORBIDDEN)
        if "id" in query:
            return self._by_ids(account, query["id"].split(","))
        found = list(self._found(account, query))
        start = _place(query.get("cursor", ""))
        end = start + self.settings.page_size
        records = tuple(_record(account, one) for one in found[start:end])
        self.usage.records += len(records)
        return ReportPage(records, _cursor(end) if end < len(found) else "")

    def _by_ids(self, account: Account, ids: Sequence[str]) -> ReportPage:
        found = [one for one in self._shown(account, self._ledger.acceptances()) if one.message_uuid in ids]
        self.usage.records += len(found)
        missing = set(ids) - {one.message_uuid for one in found}
        return ReportPage(tuple(_record(account, one) for one in found), "", tuple(sorted(missing)))

    def _found(self, account: Account, query: Mapping[str, str]) -> Iterator[Acceptance]:
        since, until = _period(query)
        rows = self._ledger.accepted_by(query["to"]) if "to" in query else self._ledger.acceptances()
        return (one for one in self._shown(account, rows) if since <= one.at < until)

    def _shown(self, account: Account, rows: Iterable[Acceptance]) -> Iterator[Acceptance]:
        until = self._clock() - self.settings.delay
        for one in rows:
            # Without accounts, a message that came with a token belongs to no particular account.
            if one.account in ("", account.api_key) and one.at <= until:
                yield one


def _record(account: Account, one: Acceptance) -> dict[str, object]:
    received = _date(one.at)
    return {
        "account_id": account.api_key,
        "message_id": one.message_uuid,
        "client_ref": one.client_ref,
        "direction": "outbound",
        "from": one.sender,
        "to": one.to,
        "provider": "whatsapp",
        "date_received": received,
        "date_finalized": received,
        "status": one.status,
        "error_code": one.code,
        "currency": "EUR",
        "total_price": "0.0458",
    }


def _must_be_answerable(query: Mapping[str, str]) -> None:
    for name, value in NEEDED.items():
        if query.get(name) != value:
            raise RefusedError(_unprocessable(name, f"Only {value} is answered here"))
    if "id" in query:
        if query.keys() & _NOT_WITH_ID or not 1 <= len(query["id"].split(",")) <= MOST_IDS:
            raise RefusedError(_unprocessable("id", "At most 20 ids, without dates or a status"))
        return
    if ("date_start" in query) != ("date_end" in query):
        raise RefusedError(_unprocessable("date_end", "Missing required parameter"))


def _period(query: Mapping[str, str]) -> tuple[float, float]:
    if "date_start" not in query:
        return float("-inf"), float("inf")
    try:
        since, until = (datetime.fromisoformat(query[name]) for name in ("date_start", "date_end"))
    except ValueError:
        raise RefusedError(_unprocessable("date_start", "Not a date of ISO 8601")) from None
    if since.tzinfo is None or until.tzinfo is None or until - since > LONGEST:
        raise RefusedError(_unprocessable("date_end", "At most 24 hours after date_start, with an offset"))
    return since.timestamp(), until.timestamp()


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(b"%d" % place).decode()


def _place(cursor: str) -> int:
    try:
        return max(0, int(base64.urlsafe_b64decode(cursor) or b"0"))
    except (ValueError, binascii.Error):
        raise RefusedError(_unprocessable("cursor", "No such cursor")) from None


def _unprocessable(name: str, reason: str) -> Problem:
    return Problem(422, "Unprocessable entity", invalid_parameters=((name, reason),))
