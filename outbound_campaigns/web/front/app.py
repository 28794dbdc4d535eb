"""Serves HTTP on an event loop: webhooks that Vonage signed right there, everything else through the bridge.

Each message brings three receipts. On the loop they cost a fraction, and nobody who holds the threads of the
application, for whatever reason, holds them up.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Flask

from outbound_campaigns.domain.addresses import RECEIPTS, WEBHOOK_PATH
from outbound_campaigns.web.api.blueprint import BASE
from outbound_campaigns.web.api.request_log import log_request
from outbound_campaigns.web.api.service import service_of
from outbound_campaigns.web.api.uploads import longest_upload
from outbound_campaigns.web.api.webhooks import FAILURE, LARGEST, WEBHOOKS, Kept, door_of
from outbound_campaigns.web.front.bridge import Bridge
from outbound_campaigns.web.front.exchange import ClientGone, Exchange, Overloaded, Scope, header
from outbound_campaigns.web.front.loop_commit import LoopCommit, QueueFull
from outbound_campaigns.web.root_path import below

MOST_LEARNING = 32
"""bots whose signer is read at the same time, one after the other; others go the application's way"""


class Front:
    """An ASGI application over the Flask application `app`, which must be used on one event loop only."""

    def __init__(self, app: Flask) -> None:
        settings = service_of(app).settings
        self._root = settings.root_path
        self._door = door_of(app)
        self._bridge = Bridge(app, settings.web_threads, partial(longest_upload, app), settings.upload_dir)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="webhooks")
        self._commits: LoopCommit[Kept] = LoopCommit(self._write)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="signers")
        self._learning: dict[str, asyncio.Future[object]] = {}
        """the bots whose signer is being read: all who need it wait for one reading"""

    async def __call__(
        self, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        exchange = Exchange(scope, receive, send)
        place = self._place(scope)
        if place:
            await self._take(exchange, *place.groups())
        else:
            await self._bridge.serve(exchange)

    def take_at_once(self, scope: Scope, raw: bytes, done: Callable[[bool], None]) -> bool:
        """Begin to store a receipt that Vonage signed. Returns False for any other request.

        `done` is called with True when it is stored, so that the answer is 200 and empty, and with False when
        the application has to answer.
        """
        place = self._place(scope)
        if not place or place[2] != RECEIPTS or len(raw) > LARGEST:
            return False
        bot_id, authorization = place[1], header(scope, b"authorization")
        if not self._door.is_signed(bot_id, authorization, raw):
            return False

        def committed(error: Exception | None) -> None:
            scope[FAILURE] = error
            done(error is None)

        try:
            self._commits.add(WEBHOOKS[RECEIPTS].kept(bot_id, raw, authorization or ""), committed)
        except QueueFull:
            return False
        return True

    def _place(self, scope: Scope) -> re.Match[str] | None:
        """Return the match of WEBHOOK_PATH, if it is a webhook."""
        is_post = scope["method"] == "POST"
        return WEBHOOK_PATH.fullmatch(below(self._root, scope["path"])) if is_post else None

    async def _take(self, exchange: Exchange, bot_id: str, name: str) -> None:
        """Store a webhook; whatever is odd about it goes on to Flask, which says what."""
        began, webhook = time.monotonic(), WEBHOOKS[name]
        if (exchange.length or 0) > webhook.largest:
            await self._bridge.serve(exchange, b"")
            return
        try:
            raw = await exchange.read_all(webhook.largest, self._bridge.room)
        except ClientGone:
            return
        except Overloaded:
            await exchange.turn_away()
            return
        if failure := exchange.scope.get(FAILURE):
            await self._bridge.serve(exchange, raw, {FAILURE: failure})
            return
        authorization = header(exchange.scope, b"authorization")
        if exchange.has_more or not await self._is_signed(bot_id, authorization, raw):
            await self._bridge.serve(exchange, raw)
            return
        try:
            await self._commits.put(webhook.kept(bot_id, raw, authorization or ""))
        except QueueFull:
            await exchange.turn_away()
        except Exception as error:
            await self._bridge.serve(exchange, raw, {FAILURE: error})
        else:
            await exchange.answer(HTTPStatus.OK)
            if webhook.is_logged:
                log_request("POST", f"{BASE}{name}", HTTPStatus.OK, began, bot_id)

    async def _is_signed(self, bot_id: str, authorization: str | None, raw: bytes) -> bool:
        """Return whether Vonage signed it, having read the bot's secret where that is not known now.

        Thousands of receipts may come before it is read: they must not take the threads.
        """
        if self._door.is_signed(bot_id, authorization, raw):
            return True
        if authorization is None or self._door.signers.peek(bot_id) is not None:
            return False
        await self._learn(bot_id)
        return self._door.is_signed(bot_id, authorization, raw)

    async def _learn(self, bot_id: str) -> None:
        reading = self._learning.get(bot_id)
        if reading is None:
            if len(self._learning) >= MOST_LEARNING:
                return
            loop = asyncio.get_running_loop()
            reading = loop.run_in_executor(self._reader, self._door.signer, bot_id)
            self._learning[bot_id] = reading
            reading.add_done_callback(lambda _done: self._learning.pop(bot_id, None))
        # What keeps it from being read, the application says; who leaves must not end it for the others.
        await asyncio.wait([reading])
        reading.exception()

    async def _write(self, kept: Sequence[Kept]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, self._door.write, kept)
