"""Handles one POST /v1/messages: authorization, faults, check, ledger, receipts, answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from aiohttp import web

from vonage_simulator import answers
from vonage_simulator.accounts import Account
from vonage_simulator.authorization import Authorizer
from vonage_simulator.courier import Courier
from vonage_simulator.faults import FaultInjector, Faults, NoAnswerError
from vonage_simulator.ledger import Entry, Ledger
from vonage_simulator.messages import EMPTY_BODIES, Message, check, parse, sender_of
from vonage_simulator.problems import RefusedError, server_error
from vonage_simulator.receipts import Step
from vonage_simulator.templates import Templates
from vonage_simulator.webhooks import Sent

INVALID_TEMPLATE = "1022"


@dataclass(frozen=True, slots=True)
class Reception:
    """The parts that a message passes through."""

    authorizer: Authorizer
    faults: FaultInjector
    templates: Templates
    ledger: Ledger
    courier: Courier

    async def receive(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a message request, and record it."""
        body = await request.read()
        value = parse(body)
        entry = None if body in EMPTY_BODIES else self.ledger.arrived(sender_of(value))
        answer = self._judged(request, value, entry)
        delay = self.faults.delay()
        if delay:
            await asyncio.sleep(delay)
        self._write_down(entry, answers.told_status(answer))
        return answer

    def _write_down(self, entry: Entry | None, status: int) -> None:
        if entry is None:
            self.ledger.probed(status)
        else:
            self.ledger.answered(entry, status)

    def _judged(self, request: web.BaseRequest, value: object, entry: Entry | None) -> web.Response:
        try:
            account = authorized(self.authorizer, request)
            self.faults.before_check()
            message = check(value, account.may_send_from)
            self.faults.after_check()
        except RefusedError as refusal:
            return answers.problem(refusal.problem)
        except NoAnswerError:
            return answers.BrokenAnswer()
        return self._accepted(account, message, entry)

    def _accepted(self, account: Account, message: Message, entry: Entry | None) -> web.Response:
        message_uuid = uuid4()
        end = self._promise_receipts(account, message, str(message_uuid))
        if entry is not None:
            self.ledger.accepted(entry, message.to, message.client_ref, message_uuid, account.api_key, end)
        spoilt = SPOILT.get(self.faults.after_accept())
        if spoilt is not None:
            return spoilt(self.faults.current)
        return answers.accepted(str(message_uuid), uuid4().hex if message.has_failover else "")

    def _promise_receipts(self, account: Account, message: Message, message_uuid: str) -> Step:
        known = message.template is None or self.templates.may_be_sent(
            account.wabas, *message.template, message.components
        )
        return self.courier.schedule(
            Sent(
                message_uuid=message_uuid,
                to=message.to,
                sender=message.sender,
                channel=message.channel,
                client_ref=message.client_ref,
                url=message.webhook_url,
                account=account,
            ),
            rejection="" if known else INVALID_TEMPLATE,
        )


def authorized(authorizer: Authorizer, request: web.BaseRequest) -> Account:
    """Return the account of a request; raises RefusedError (401)."""
    in_query = "?" in request.raw_path and "api_key" in request.query
    return authorizer.account(request.headers.getall("Authorization", ()), in_query)


SPOILT: dict[str, Callable[[Faults], web.Response]] = {
    "error": lambda faults: answers.problem(server_error(faults.server_error_status)),
    "reset": lambda _: answers.BrokenAnswer(),
    "half": lambda _: answers.HalfAnswer(),
    "html": lambda _: answers.web_page(),
    "no_uuid": lambda _: answers.without_uuid(),
}
