"""Routes for Vonage's webhooks: signed with the bot's own secret, without a token of Botpress's."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from flask import Blueprint, Flask, Response, current_app, g, request

from bot_config.bots import Bot
from bot_config.problems import BotConfigBroken, SourceUnavailable
from bot_config.vonage import Signer, read_signer
from outbound_campaigns.database.group_commit import GroupCommit
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.addresses import RECEIPTS, REPLIES
from outbound_campaigns.domain.refusals.configuration import SecretMissing
from outbound_campaigns.incoming import receipts, replies
from outbound_campaigns.incoming.replies import PostedReply
from outbound_campaigns.runtime.cache import AnswerCache
from outbound_campaigns.vonage import webhook_signature
from outbound_campaigns.vonage.webhook_signature import BadSignature
from outbound_campaigns.web.api.blueprint import BASE
from outbound_campaigns.web.api.errors import UNAUTHORIZED, error_answer
from outbound_campaigns.web.api.request_log import leave_out_of_the_log
from outbound_campaigns.web.api.service import language
from outbound_campaigns.web.api.texts import NOT_SIGNED

LARGEST = 100_000
"""bytes; a receipt has a few hundred"""

LARGEST_MESSAGE = 1_000_000
"""bytes; a text has up to 4096 characters, an order or a form more"""

SECRETS_LAST = 1.0
"""seconds for which a bot's secret is not read again, as three receipts follow each message"""

SECRETS_GRACE = 2.0
"""seconds more for which the others go on with it while one request reads it again"""

MOST_SIGNERS = 1000

FAILURE = "outbound_campaigns.failure"
"""key in a request's environ: the error that kept a signed receipt off the disk before Flask ran"""

Kept = tuple[str, str, str] | PostedReply
"""(kind, bot id, text): a receipt with its body, or a refusal with its reason; or somebody's message"""

webhooks = Blueprint("webhooks", __name__, url_prefix=BASE)


class Webhook(NamedTuple):
    """One kind of webhook: the most bytes of its body, and what is kept of (bot id, body, Authorization)."""

    largest: int
    kept: Callable[[str, bytes, str], Kept]
    is_logged: bool


def _receipt(bot_id: str, raw: bytes, _authorization: str) -> Kept:
    return ("receipt", bot_id, raw.decode("utf-8", "replace").replace("\0", "\ufffd"))


WEBHOOKS: Mapping[str, Webhook] = {
    RECEIPTS: Webhook(LARGEST, _receipt, is_logged=False),
    REPLIES: Webhook(LARGEST_MESSAGE, PostedReply, is_logged=True),
}


@webhooks.post(RECEIPTS)
def take_receipt(bot_id: str) -> Response:
    """Answer 200 once it is on disk, 401 if Vonage did not sign it, 503 if it should be sent again."""
    return _take(bot_id, WEBHOOKS[RECEIPTS])


@webhooks.post(REPLIES)
def take_message(bot_id: str) -> Response:
    """Do the same as take_receipt for what people write; the engine forwards it to Botpress later."""
    return _take(bot_id, WEBHOOKS[REPLIES])


def _take(bot_id: str, webhook: Webhook) -> Response:
    request.max_content_length = webhook.largest
    raw = request.get_data(cache=False)
    if answer := _refusal(bot_id, raw):
        return answer
    if failure := request.environ.get(FAILURE):
        raise failure
    if not webhook.is_logged:
        leave_out_of_the_log()
    _door().commits.put(webhook.kept(bot_id, raw, request.headers["Authorization"]))
    return Response(status=200)


def _refusal(bot_id: str, raw: bytes) -> Response | None:
    """Return the answer to a request that Vonage did not sign; None if it did."""
    signer = _signer(bot_id)
    authorization = request.headers.get("Authorization")
    try:
        webhook_signature.must_be_signed(authorization, raw, signer.api_key, signer.secret, time.time())
    except BadSignature as refused:
        _door().commits.put(("refusal", bot_id, refused.reason))
        return error_answer(UNAUTHORIZED, NOT_SIGNED.text(language()), code=refused.reason)
    return None


def _signer(bot_id: str) -> Signer:
    """Return the signer of a bot, disabled or not; the latest while its files can't be read.

    Raises SecretMissing, and what `senders.bot` raises.
    """
    door = _door()
    try:
        found = door.signer(bot_id)
    except (BotConfigBroken, SourceUnavailable):
        known = door.signers.latest(bot_id)
        if known is None:
            raise
        found = known
    g.bot, signer = found
    return signer


@dataclass(frozen=True, slots=True)
class Door:
    """What the threads of a process share to store webhooks; `write` commits some.

    `read_bot` reads a bot's files.
    """

    read_bot: Callable[[str], Bot]
    write: Callable[[Sequence[Kept]], None]
    commits: GroupCommit[Kept]
    signers: AnswerCache[tuple[Bot, Signer]]

    def signer(self, bot_id: str) -> tuple[Bot, Signer]:
        """Return who signs a bot's webhooks, read again after a while; threads wait for the one that reads.

        Raises SecretMissing, and what `read_bot` raises.
        """
        return self.signers.get(bot_id, lambda: (self._read_signer(bot_id), time.monotonic() + SECRETS_LAST))

    def _read_signer(self, bot_id: str) -> tuple[Bot, Signer]:
        bot = self.read_bot(bot_id)
        signer = read_signer(bot)
        if signer is None:
            raise SecretMissing(bot=bot_id)
        return bot, signer

    def is_signed(self, bot_id: str, authorization: str | None, raw: bytes) -> bool:
        """Return whether Vonage signed it for a bot whose secret is known at the moment."""
        known = self.signers.peek(bot_id, SECRETS_GRACE)
        if known is None:
            return False
        _, signer = known
        try:
            webhook_signature.must_be_signed(authorization, raw, signer.api_key, signer.secret, time.time())
        except BadSignature:
            return False
        return True


def new_door(database: Database, read_bot: Callable[[str], Bot]) -> Door:
    """Return a new Door, for create_app."""
    write = partial(_write, database)
    return Door(read_bot, write, GroupCommit(write), AnswerCache(time.monotonic, MOST_SIGNERS))


DOOR = "outbound_webhooks"
"""the name of an application's Door among its extensions"""


def door_of(app: Flask) -> Door:
    found: Door = app.extensions[DOOR]
    return found


def _door() -> Door:
    return door_of(current_app)


def _write(database: Database, kept: Sequence[Kept]) -> None:
    written = [one for one in kept if isinstance(one, PostedReply)]
    told = [one for one in kept if not isinstance(one, PostedReply)]
    taken = [(bot_id, text) for what, bot_id, text in told if what == "receipt"]
    refused = [(bot_id, text) for what, bot_id, text in told if what == "refusal"]
    with database.write() as session:
        now = database.begun_at(session)
        if taken:
            receipts.store(session, taken, now)
        if written:
            replies.store(session, written, now)
        if refused:
            receipts.turn_away(session, refused, now)
