"""Serves HTTP on an event loop: webhooks that Vonage signed right there, everything else through the bridge.

Each message brings three receipts. On the loop they cost a fraction, and nobody who holds the threads of the
application, for whatever reason, holds them up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Flask

from outbound_campaigns.domain.addresses import WEBHOOK_PATH
from outbound_campaigns.web.api.blueprint import BASE
from outbound_campaigns.web.api.request_log import log_request
from outbound_campaigns.web.api.service import service_of
from outbound_campaigns.web.api.uploads import longest_upload
from outbound_campaigns.web.api.webhooks import FAILURE, WEBHOOKS, Kept, door_of
from outbound_campaigns.web.front.bridge import Bridge
from outbound_campaigns.web.front.exchange import ClientGone, Exchange, Overloaded, Scope
from outbound_campaigns.web.front.loop_commit import LoopCommit, QueueFull
from outbound_campaigns.web.root_path import below


class Front:
    """An ASGI application over the Flask application `app`, which must be used on one event loop only."""

    def __init__(self, app: Flask) -> None:
        settings = service_of(app).settings
        self._root = settings.root_path
        self._door = door_of(app)
        self._bridge = Bridge(app, settings.web_threads, partial(longest_upload, app), settings.upload_dir)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="webhooks")
        self._commits: LoopCommit[Kept] = LoopCommit(self._write)

    async def __call__(
        self, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        exchange = Exchange(scope, receive, send)
        place = WEBHOOK_PATH.fullmatch(below(self._root, scope["path"]))
        if place and scope["method"] == "POST":
            await self._take(exchange, *place.groups())
        else:
            await self._bridge.serve(exchange)

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
        authorization = exchange.header(b"authorization")
        if exchange.has_more or not self._door.is_signed(bot_id, authorization, raw):
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

    async def _write(self, kept: Sequence[Kept]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, self._door.write, kept)
