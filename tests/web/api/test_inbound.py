"""The door for what people write: only what Vonage signed is taken, and what is taken is on disk."""

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from outbound_campaigns.database.models import InboundMessage
from tests.support.receipt_bodies import signed
from tests.support.reply_bodies import text
from tests.support.site import CHANNEL, DISABLED_BOT, Site, body, site_in
from tests.support.tables import sqlite_with_tables


def post(
    site: Site, raw: bytes, headers: dict[str, str] | None = None, bot: str = "demo-bot"
) -> TestResponse:
    headers = signed(raw) if headers is None else headers
    return site.ask("POST", "/webhooks/inbound", user=None, bot=bot, data=raw, headers=headers)


def kept(site: Site) -> list[InboundMessage]:
    with site.database.read() as session:
        return list(session.execute(sa.select(InboundMessage).order_by(InboundMessage.id)).scalars())


@pytest.mark.parametrize("raw", [text("hola ñ  "), b"", b"\x00\xff", '"ñ"'.encode("utf-16")])
def test_what_vonage_signed_is_kept_byte_for_byte_with_its_signature(site: Site, raw: bytes) -> None:
    headers = signed(raw)
    answer = post(site, raw, headers)
    assert (answer.status_code, answer.data) == (200, b"")
    (stored,) = kept(site)
    assert (stored.raw, stored.authorization, stored.state) == (raw, headers["Authorization"], "waiting")
    assert (stored.bot_id, stored.tries, stored.forward) == ("demo-bot", 0, None)


def test_what_vonage_did_not_sign_is_neither_kept_nor_forwarded_but_counted(site: Site) -> None:
    raw = text("BAJA")
    for headers in ({}, signed(raw, secret="another"), signed(b"other"), signed(raw, api_key="other")):
        answer = post(site, raw, {**headers, "Content-Type": "application/json"})
        assert (answer.status_code, body(answer)["errorCode"]) == (401, "BP_0041")
    assert kept(site) == []
    assert body(site.get("/status"))["bot"]["receipts"]["refused_today"] == 4


def test_a_disabled_bots_messages_are_taken_all_the_same_and_an_unknown_bots_are_not(
    sqlite_site: Site,
) -> None:
    assert post(sqlite_site, text("hola"), bot=DISABLED_BOT).status_code == 200
    assert post(sqlite_site, text("hola"), bot="no-such-bot").status_code == 404


def test_what_can_not_be_checked_or_stored_now_answers_503_so_that_vonage_sends_again(
    sqlite_site: Site,
) -> None:
    file = "bots/demo-bot/bot.config.json"
    sqlite_site.data.write(file, "{ broken")
    assert post(sqlite_site, text("hola")).status_code == 503
    sqlite_site.data.write(file, {"id": "demo-bot", "messaging": {"channels": {"vonage": CHANNEL}}})
    with sqlite_site.database.write() as session:
        session.execute(sa.text("ALTER TABLE outbound_inbound_messages RENAME TO gone"))
    assert post(sqlite_site, text("hola")).status_code == 503


def test_a_long_message_is_taken_and_a_huge_one_refused(sqlite_site: Site) -> None:
    assert post(sqlite_site, text("x" * 500_000)).status_code == 200
    assert post(sqlite_site, b"x" * 1_200_000).status_code == 413


def test_the_status_says_whether_botpress_gets_what_people_write(
    sqlite_site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shown = body(sqlite_site.get("/status"))["bot"]["inbound"]
    assert (shown["forwarding"], shown["reason"], shown["waiting"], shown["lost"]) == (True, None, 0, 0)
    folder = tmp_path_factory.mktemp("alone")
    with site_in(folder, sqlite_with_tables(folder), botpress_url=None) as alone:
        shown = body(alone.get("/status"))["bot"]["inbound"]
    assert shown["forwarding"] is False
    assert "BOTPRESS_URL" in shown["reason"]


def test_whether_a_message_has_ever_come_in_is_told_with_the_address_for_vonage(site: Site) -> None:
    before = body(site.get("/status"))["bot"]["inbound"]
    assert before["has_received"] is False
    assert before["url"].endswith("/api/v1/bots/demo-bot/mod/outbound-campaigns/webhooks/inbound")
    post(site, text("hola"))
    assert body(site.get("/status"))["bot"]["inbound"]["has_received"] is True
