"""The routes below /_simulator: they read the ledger, change faults, and write as a person would."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from aiohttp import web

from vonage_simulator.accounts import Account
from vonage_simulator.answers import json_answer, stream_lines
from vonage_simulator.courier import Courier
from vonage_simulator.faults import FaultInjector
from vonage_simulator.ledger import Ledger, Repeats
from vonage_simulator.reports import Reports
from vonage_simulator.templates import Templates
from vonage_simulator.webhooks import Inbound, inbound_body

PREFIX = "/_simulator"
REFUSED_SECONDS = "refused_seconds"

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Control:
    """The requests that a test or a demo can make of a simulator while it runs."""

    accounts: Sequence[Account]
    faults: FaultInjector
    ledger: Ledger
    templates: Templates
    courier: Courier
    reports: Reports
    refuse_connections: Callable[[float], None]

    def routes(self) -> dict[tuple[str, str], Handler]:
        """Return {(method, path): handler}."""
        return {
            ("GET", f"{PREFIX}/faults"): self.read_faults,
            ("POST", f"{PREFIX}/faults"): self.change_faults,
            ("GET", f"{PREFIX}/receipts"): self.read_receipts,
            ("POST", f"{PREFIX}/receipts"): self.change_receipts,
            ("GET", f"{PREFIX}/reports"): self.read_reports,
            ("POST", f"{PREFIX}/reports"): self.change_reports,
            ("GET", f"{PREFIX}/templates"): self.read_templates,
            ("POST", f"{PREFIX}/templates"): self.replace_templates,
            ("POST", f"{PREFIX}/inbound"): self.write_inbound,
            ("GET", f"{PREFIX}/ledger"): self.read_ledger,
            ("DELETE", f"{PREFIX}/ledger"): self.clear_ledger,
            ("GET", f"{PREFIX}/ledger/totals"): self.read_totals,
            ("GET", f"{PREFIX}/ledger/accepted"): self.read_accepted,
            ("GET", f"{PREFIX}/ledger/arrivals"): self.read_arrivals,
            ("GET", f"{PREFIX}/ledger/seconds"): self.read_seconds,
        }

    async def read_faults(self, _: web.BaseRequest) -> web.Response:
        """Return the faults that are on."""
        return json_answer(asdict(self.faults.current))

    async def change_faults(self, request: web.BaseRequest) -> web.Response:
        """Merge faults; `reset: true` clears them, `refused_seconds` closes the port for that long."""
        changes = await _object(request)
        seconds = changes.pop(REFUSED_SECONDS, None)
        self.faults.change(changes)
        if seconds is not None:
            self.refuse_connections(float(seconds))
        return json_answer(asdict(self.faults.current))

    async def read_receipts(self, _: web.BaseRequest) -> web.Response:
        """Return the settings of receipts, and what became of them."""
        return json_answer({"settings": asdict(self.courier.settings), "tally": asdict(self.courier.tally())})

    async def change_receipts(self, request: web.BaseRequest) -> web.Response:
        """Merge receipt settings."""
        self.courier.change(await _object(request))
        return json_answer(asdict(self.courier.settings))

    async def read_reports(self, _: web.BaseRequest) -> web.Response:
        """Return the settings of reports, and how much was asked and returned."""
        return json_answer({"settings": asdict(self.reports.settings), "given": asdict(self.reports.usage)})

    async def change_reports(self, request: web.BaseRequest) -> web.Response:
        """Merge report settings."""
        self.reports.change(await _object(request))
        return json_answer(asdict(self.reports.settings))

    async def read_templates(self, _: web.BaseRequest) -> web.Response:
        """Return how many pages of each WhatsApp account's list were asked for."""
        return json_answer({"asked": self.templates.asked})

    async def replace_templates(self, request: web.BaseRequest) -> web.Response:
        """Replace a WhatsApp account's template list: {"waba_id", "templates"}."""
        wanted = await _object(request)
        self.templates.replace(wanted["waba_id"], wanted["templates"])
        return json_answer({"templates": len(wanted["templates"])})

    async def write_inbound(self, request: web.BaseRequest) -> web.Response:
        """Post an inbound message, signed, to `url`, and return the status of the answer.

        Takes {"from", "text", "url"}, and optionally "account" (an api_key; else the first), "to" (else the
        account's first sender), "payload" (of a quick reply), "answers" (a message_uuid).
        """
        wanted = await _object(request)
        account = self._account(wanted.get("account"))
        inbound = Inbound(
            to=wanted.get("to") or (account.senders or ("",))[0],
            sender=wanted["from"],
            text=wanted["text"],
            payload=wanted.get("payload", ""),
            answers=wanted.get("answers", ""),
        )
        message_uuid = str(uuid4())
        status = await self.courier.post(wanted["url"], account, inbound_body(inbound, message_uuid))
        return json_answer({"status": status, "message_uuid": message_uuid})

    async def read_ledger(self, request: web.BaseRequest) -> web.Response:
        """Return totals and repeats; with `to` or `client_ref`, when that one was accepted."""
        query = request.query
        if "to" in query:
            return _times_answer("to", query["to"], self.ledger.times_of_number(query["to"]))
        if "client_ref" in query:
            reference = query["client_ref"]
            return _times_answer("client_ref", reference, self.ledger.times_of_client_ref(reference))
        return json_answer(
            asdict(self.ledger.totals())
            | {
                "numbers": _summary(self.ledger.numbers()),
                "client_refs": _summary(self.ledger.client_refs()),
            }
        )

    async def clear_ledger(self, _: web.BaseRequest) -> web.Response:
        """Empty the ledger."""
        self.ledger.clear()
        return json_answer({})

    async def read_totals(self, _: web.BaseRequest) -> web.Response:
        """Return only the counts, which is cheap however long the ledger is."""
        return json_answer(asdict(self.ledger.totals()))

    async def read_accepted(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send a line for each accepted message."""
        return await stream_lines(request, (row._asdict() for row in self.ledger.acceptances()))

    async def read_arrivals(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send a line for each message request."""
        return await stream_lines(request, (row._asdict() for row in self.ledger.arrivals()))

    async def read_seconds(self, _: web.BaseRequest) -> web.Response:
        """Return how many were accepted and refused in each second."""
        return json_answer(
            [
                {"second": second, "accepted": accepted, "refused": refused}
                for second, accepted, refused in self.ledger.seconds()
            ]
        )

    def _account(self, api_key: str | None) -> Account:
        for account in self.accounts:
            if api_key in (None, account.api_key):
                return account
        raise ValueError("account: no such account")


async def _object(request: web.BaseRequest) -> dict[str, Any]:
    value = json.loads(await request.read() or b"{}")
    if not isinstance(value, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004
    return value


def _times_answer(name: str, value: str, times: list[float]) -> web.Response:
    return json_answer({name: value, "count": len(times), "at": times})


def _summary(repeats: Repeats) -> dict[str, object]:
    return {"distinct": repeats.distinct, "most": repeats.most, "repeated": repeats.repeated}
