"""Routes for Vonage's webhooks: signed with the bot's own secret, without a token of Botpress's."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, current_app, g, request

from bot_config.bots import Bot
from bot_config.problems import BotConfigBroken, SourceUnavailable
from bot_config.vonage import Signer, read_signer
from outbound_campaigns.database.group_commit import GroupCommit
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.addresses import RECEIPTS
from outbound_campaigns.domain.refusals.configuration import SecretMissing
from outbound_campaigns.incoming import receipts, replies
from outbound_campaigns.incoming.replies import PostedReply
from outbound_campaigns.runtime.cache import AnswerCache
from outbound_campaigns.vonage import webhook_signature
from outbound_campaigns.vonage.webhook_signature import BadSignature
from outbound_campaigns.web.api.blueprint import BASE
from outbound_campaigns.web.api.errors import UNAUTHORIZED, error_answer
from outbound_campaigns.web.api.request_log import leave_out_of_the_log
from outbound_campaigns.web.api.service import language, service
from outbound_campaigns.web.api.texts import NOT_SIGNED

LARGEST = 100_000
"""bytes; a receipt has a few hundred"""

LARGEST_MESSAGE = 1_000_000
"""bytes; a text has up to 4096 characters, an order or a form more"""

SECRETS_LAST = 1.0
"""seconds for which a bot's secret is not read again, as three receipts follow each message"""

MOST_SIGNERS = 1000

FAILURE = "outbound_campaigns.failure"
"""key in a request's environ: the error that kept a signed receipt off the disk before Flask ran"""

Kept = tuple[str, str, str] | PostedReply
"""(kind, bot id, text): a receipt with its body, or a refusal with its reason; or somebody's message"""

webhooks = Blueprint("webhooks", __name__, url_prefix=BASE)


@webhooks.post(RECEIPTS)
def take_receipt(bot_id: str) -> Response:
    """Answer 200 once it is on disk, 401 if Vonage did not sign it, 503 if it should be sent again."""
    request.max_content_length = LARGEST
    raw = request.get_data(cache=False)
    if answer := _refusal(bot_id, raw):
        return answer
    if failure := request.environ.get(FAILURE):
        raise failure
    leave_out_of_the_log()
    _door().keep_receipt(bot_id, raw)
    return Response(status=200)


@webhooks.post("/webhooks/inbound")
def take_message(bot_id: str) -> Response:
    """Do the same as take_receipt for what people write; the engine forwards it to Botpress later."""
    request.max_content_length = LARGEST_MESSAGE
    raw = request.get_data(cache=False)
    if answer := _refusal(bot_id, raw):
        return answer
    _door().commits.put(PostedReply(bot_id, raw, request.headers["Authorization"]))
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
    signers = _door().signers
    try:
        found = signers.get(bot_id, lambda: (_read_signer(bot_id), time.monotonic() + SECRETS_LAST))
    except (BotConfigBroken, SourceUnavailable):
        known = signers.latest(bot_id)
        if known is None:
            raise
        found = known
    g.bot, signer = found
    return signer


def _read_signer(bot_id: str) -> tuple[Bot, Signer]:
    g.bot = bot = service().senders.bot(bot_id)
    signer = read_signer(bot)
    if signer is None:
        raise SecretMissing(bot=bot_id)
    return bot, signer


@dataclass(frozen=True, slots=True)
class Door:
    """What the threads of a process share to store webhooks."""

    commits: GroupCommit[Kept]
    signers: AnswerCache[tuple[Bot, Signer]]

    def keep_receipt(self, bot_id: str, raw: bytes) -> None:
        """Store a receipt; returns when it is on the disk. Raises what the database raises."""
        self.commits.put(("receipt", bot_id, raw.decode("utf-8", "replace").replace("\0", "\ufffd")))


def new_door(database: Database) -> Door:
    """Return a new Door, for create_app."""
    return Door(GroupCommit(partial(_write, database)), AnswerCache(time.monotonic, MOST_SIGNERS))


def _door() -> Door:
    found: Door = current_app.extensions["outbound_webhooks"]
    return found


def _write(database: Database, kept: Sequence[Kept]) -> None:
    written = [one for one in kept if isinstance(one, PostedReply)]
    told = [one for one in kept if not isinstance(one, PostedReply)]
    taken = [(bot_id, text) for what, bot_id, text in told if what == "receipt"]
    refused = [(bot_id, text) for what, bot_id, text in told if what == "refusal"]
    with database.write() as session:
        now = database.now(session)
        if taken:
            receipts.store(session, taken, now)
        if written:
            replies.store(session, written, now)
        if refused:
            receipts.turn_away(session, refused, now)
