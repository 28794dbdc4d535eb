"""Receipts have room of their own: nothing that the rest of the service waits for holds them up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot_config.bots import Bot
from outbound_campaigns.database.models import InboundMessage, Receipt
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.web.front import loop_commit
from tests.support.receipt_bodies import signed, v1
from tests.support.reply_bodies import text
from tests.support.site import ADMIN, BOT, DEV, EDITOR, OTHER_BOT, STRANGER, Site, site_in
from tests.support.tables import sqlite_with_tables

THREADS = 3
USERS = (ADMIN, DEV, EDITOR, STRANGER)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """One whose secret is known, through the front on few threads."""
    with site_in(tmp_path, sqlite_with_tables(tmp_path), by_front=True, web_threads=THREADS) as made:
        assert post(made, v1("read", "earlier-1-1")) == 200
        yield made


def post(site: Site, raw: str | bytes, path: str = "/webhooks/status", bot: str = BOT) -> int:
    data = raw.encode() if isinstance(raw, str) else raw
    return site.ask("POST", path, user=None, bot=bot, data=data, headers=signed(data)).status_code


def stored(site: Site, model: type[Receipt | InboundMessage]) -> int:
    with site.database.read() as session:
        return session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()


def test_receipts_and_replies_are_taken_while_botpress_hangs(site: Site) -> None:
    site.botpress.set_state("hanging")
    with ThreadPoolExecutor(20) as people:
        views = [people.submit(site.get, "/status", user=USERS[n % 4]) for n in range(12)]
        try:
            for n in range(20):
                assert post(site, v1("read", f"abc-{n}-1")) == 200
            assert post(site, text("hola"), "/webhooks/inbound") == 200
            assert site.client.get("/livez").status_code == 200
            # Of a bot that nobody has exchange for yet.
            assert post(site, v1("read", "abc-1-1"), bot=OTHER_BOT) == 200
        finally:
            site.botpress.set_state("ready")
        assert {view.result().status_code for view in views} <= {200, 403, 503}
    assert (stored(site, Receipt), stored(site, InboundMessage)) == (22, 1)


def test_thousands_that_come_before_the_secret_is_read_wait_for_one_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def slowly(senders: BotSenders, bot_id: str) -> Bot:
        read.append(bot_id)
        time.sleep(0.5)
        return find(senders, bot_id)

    find = BotSenders.bot
    monkeypatch.setattr(BotSenders, "bot", slowly)
    with (
        site_in(tmp_path, sqlite_with_tables(tmp_path), by_front=True, web_threads=1) as made,
        ThreadPoolExecutor(100) as clients,
    ):
        # More than one thread and those that may wait for it could take.
        answers = list(clients.map(lambda n: post(made, v1("read", f"abc-{n}-1")), range(100)))
        assert set(answers) == {200}
        assert stored(made, Receipt) == 100
    assert read == [BOT]


def test_what_comes_at_once_shares_a_commit(site: Site) -> None:
    commits = []
    sa.event.listen(site.database.engine, "commit", lambda _connection: commits.append(1))
    with ThreadPoolExecutor(30) as posters:
        answers = list(posters.map(lambda n: post(site, v1("read", f"abc-{n}-1")), range(300)))
    assert answers == [200] * 300
    assert stored(site, Receipt) == 301
    assert len(commits) < 150


def test_more_than_can_wait_is_to_be_sent_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_commit, "MOST_WAITING", 5)
    held = threading.Event()
    sa.event.listen(site.database.engine, "begin", lambda _connection: held.wait(20))
    with ThreadPoolExecutor(30) as posters:
        waiting = [posters.submit(post, site, v1("read", f"abc-{n}-1")) for n in range(30)]
        wait(waiting, return_when=FIRST_COMPLETED)
        held.set()
        answers = [answer.result() for answer in waiting]
    assert set(answers) == {200, 503}
    # Each one that was answered with 200 is on the disk.
    assert stored(site, Receipt) == 1 + answers.count(200)
