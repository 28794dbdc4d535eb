"""Botpress gets every message byte for byte, in its writer's order, however long it was away."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import InboundMessage
from outbound_campaigns.engine import forwarding
from outbound_campaigns.incoming.replies import forward_queue
from tests.incoming.replies.conftest import Desk
from tests.support.reply_bodies import ANA, EVA, button, text
from tests.support.site import CHANNEL, body

V0 = "/api/v1/messaging/webhooks/demo-bot/vonage/inbound"
V1 = "/api/v1/messaging/webhooks/v1/demo-bot/vonage"


def forwards(desk: Desk) -> list[str | None]:
    return [row.forward for row in desk.kept()]


@pytest.mark.parametrize(("version", "path"), [(None, V0), ("1.0.0", V1)])
def test_a_message_comes_as_vonage_signed_it_where_the_channels_version_wants_it(
    desk: Desk, version: str | None, path: str
) -> None:
    channel = CHANNEL | {"version": version}
    config = {"id": "demo-bot", "messaging": {"channels": {"vonage": channel}}}
    desk.site.data.write("bots/demo-bot/bot.config.json", config)
    raw = button("¿Sí? 👍 ", "a/b")
    desk.receive(raw)
    desk.answering.forward()
    assert desk.messaging.taken == [(path, raw)]
    assert desk.messaging.statuses == [200]
    (row,) = desk.kept()
    assert (row.forward, row.answer, row.raw, row.authorization) == ("forwarded", 200, None, None)


def test_what_botpress_could_not_take_comes_later_in_the_order_of_each_person(desk: Desk) -> None:
    desk.messaging.status = 503
    for n in range(6):
        desk.receive(text(f"ana {n}", ANA, f"a-{n}"), text(f"eva {n}", EVA, f"e-{n}"))
        desk.answering.forward()
        desk.pass_time(400)
    assert desk.messaging.taken == []
    assert desk.status()["waiting"] == 12
    desk.messaging.status = None
    desk.answering.forward()
    texts = desk.messaging.texts()
    assert [said for said in texts if said.startswith("ana")] == [f"ana {n}" for n in range(6)]
    assert [said for said in texts if said.startswith("eva")] == [f"eva {n}" for n in range(6)]
    assert set(forwards(desk)) == {"forwarded"}


def test_one_persons_trouble_does_not_hold_up_another(desk: Desk) -> None:
    desk.messaging.refuses = {b"broken": 500}
    desk.receive(text("broken", ANA, "a-1"), text("ana", ANA, "a-2"), text("eva", EVA, "e-1"))
    desk.answering.forward()
    assert desk.messaging.texts() == ["eva"]
    assert forwards(desk) == ["waiting", "waiting", "forwarded"]
    desk.messaging.refuses = {}
    desk.pass_time(1.1)
    desk.answering.forward()
    assert desk.messaging.texts() == ["eva", "broken", "ana"]


def test_waits_grow_to_five_minutes_and_after_a_day_it_is_given_up(desk: Desk) -> None:
    desk.messaging.status = 500
    desk.receive(text("hola"))
    waits = []
    for _ in range(12):
        before = desk.site.database.read_clock()
        desk.answering.forward()
        after = desk.site.database.read_clock()
        try_at = desk.kept()[0].try_at
        waits.append(((try_at - after).total_seconds(), (try_at - before).total_seconds()))
        desk.pass_time(400)
    expected = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert all(least <= wait <= most for wait, (least, most) in zip(expected, waits, strict=True)), waits
    with desk.site.database.write() as session:
        row = session.execute(sa.select(InboundMessage)).scalar_one()
        assert row.first_tried_at is not None
        row.first_tried_at -= forward_queue.REPLY_GIVEN_UP + timedelta(seconds=1)
    desk.answering.forward()
    (row,) = desk.kept()
    assert (row.forward, row.authorization) == ("given_up", None)
    assert desk.status()["lost"] == 1


@pytest.mark.parametrize(
    ("status", "forward"),
    [
        *[(status, "refused") for status in (400, 410, 413, 422)],
        # 401, 403, 404: Botpress starts, reloads its module, or has another route for it.
        *[(status, "waiting") for status in (302, 401, 403, 404, 408, 429, 500, 502)],
        *[(status, "forwarded") for status in (200, 201, 204)],
    ],
)
def test_what_botpress_answers_decides_whether_it_is_tried_again(
    desk: Desk, status: int, forward: str
) -> None:
    desk.messaging.status = status
    desk.receive(text("hola"))
    desk.answering.forward()
    (row,) = desk.kept()
    assert (row.forward, row.answer) == (forward, status)
    assert desk.messaging.statuses == [status]
    # What will never be taken is kept to be looked at, but not the secret that came with it.
    assert (row.raw is None) == (forward == "forwarded")
    assert (row.authorization is None) == (forward != "waiting")


def test_what_waits_comes_after_a_restart_of_both(desk: Desk) -> None:
    port = desk.messaging.port
    desk.botpress_url = "http://127.0.0.1:9"
    desk.receive(text("uno", uuid="a-1"), text("dos", uuid="a-2"))
    desk.answering.forward()
    assert [(row.forward, row.answer, row.tries) for row in desk.kept()] == [
        ("waiting", None, 1),
        ("waiting", None, 0),
    ]
    desk.botpress_url = f"http://127.0.0.1:{port}"
    desk.answering.forward()
    assert desk.messaging.texts() == ["uno", "dos"]


def test_while_botpress_is_away_only_a_few_are_tried_at_once(desk: Desk) -> None:
    desk.botpress_url = "http://127.0.0.1:9"
    desk.receive(*(text("x", f"52155{n:08d}", f"m-{n}") for n in range(30)))
    desk.answering.forward()
    assert sum(row.tries for row in desk.kept()) == forwarding.ABREAST


def test_a_bot_that_is_gone_is_asked_for_again_later(desk: Desk) -> None:
    desk.receive(text("hola"))
    desk.site.data.write("global/workspaces.json", [])
    desk.answering.forward()
    assert [(row.forward, row.tries) for row in desk.kept()] == [("waiting", 1)]


def test_without_botpresss_address_nothing_is_kept_and_the_status_says_so(desk: Desk) -> None:
    desk.botpress_url = None
    campaign_id = desk.sent()
    desk.receive(text("hola"))
    desk.answering.forward()
    (row,) = desk.kept()
    assert (row.forward, row.raw, row.authorization) == (None, None, None)
    assert desk.replies(campaign_id)["replied"] == 1
    assert desk.messaging.statuses == []


def test_a_printed_message_shows_neither_text_nor_signature() -> None:
    message = forward_queue.ReplyInLine(1, "bot", 0, None, raw=b"hidden", authorization="hidden")
    assert "hidden" not in repr(message)


def test_the_signature_is_checked_by_the_stand_in_as_botpress_does(desk: Desk) -> None:
    raw = text("hola").replace(b":", b": ")
    desk.receive(raw)
    desk.answering.forward()
    # Vonage's own hash is over these bytes, Botpress's over JSON.stringify of what they mean.
    assert desk.messaging.statuses == [403]
    assert hashlib.sha256(raw).hexdigest()
    assert forwards(desk) == ["waiting"]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_says_nothing_about_the_message_is_tried_for_a_day(desk: Desk, status: int) -> None:
    desk.messaging.status = status
    desk.receive(text("hola"))
    desk.answering.forward()
    for hours, forward in ((23.9, "waiting"), (24.1, "given_up")):
        with desk.site.database.write() as session:
            row = session.execute(sa.select(InboundMessage)).scalar_one()
            row.first_tried_at = row.try_at = desk.site.database.now(session) - timedelta(hours=hours)
        desk.answering.forward()
        assert forwards(desk) == [forward]
    assert desk.status()["lost"] == 1


def test_all_that_waited_goes_as_soon_as_botpress_takes_one(desk: Desk) -> None:
    desk.messaging.status = 404
    desk.receive(*(text(f"{n}", f"52155{n:08d}", f"m-{n}") for n in range(20)))
    answering = desk.answering
    for _ in range(5):
        answering.forward()
        desk.pass_time(400)
    desk.pass_time(-4000)
    tried = len(desk.messaging.statuses)
    for _ in range(3):
        answering.forward()
    assert len(desk.messaging.statuses) == tried + 1  # one of them, every few seconds
    desk.messaging.status = None
    desk.answering.forward()
    assert len(desk.messaging.taken) == 20
    assert set(forwards(desk)) == {"forwarded"}


def test_one_bots_outage_lets_another_bots_messages_be(desk: Desk) -> None:
    desk.messaging.refuses = {b"demo": 404}
    desk.receive(text("demo 1", ANA, "a-1"))
    desk.answering.forward()
    assert desk.status()["outage"]["code"] == "botpress_takes_no_replies"
    desk.messaging.refuses = {}
    desk.answering.forward()
    assert desk.status()["outage"] is None


@pytest.mark.parametrize(
    ("status", "path", "words"),
    [
        (404, "", "Deshabilite el bot en Botpress y habilítelo otra vez"),
        (404, "/bp", "Publíquelo en un dominio propio, sin ruta"),
        (403, "", "otro apiKey o signatureSecret"),
        (401, "", "no acepta la firma"),
        (503, "", "Botpress contesta HTTP 503"),
    ],
)
def test_what_botpress_does_not_take_is_told_with_what_to_do(
    desk: Desk, status: int, path: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.messaging.status = status
    desk.botpress_url = f"{desk.messaging.url}{path}"
    desk.tell_service(desk.botpress_url)
    desk.receive(text("hola"))
    answering = desk.answering
    for _ in range(3):
        answering.forward()
        desk.pass_time(400)
    told = [record.getMessage() for record in caplog.records if "does not take" in record.getMessage()]
    assert len(told) == 1
    assert f"HTTP {status} at http://127.0.0.1" in told[0]
    outage = desk.status()["outage"]
    assert words in outage["message"]
    assert outage in body(desk.site.get("/status"))["problems"]
    desk.messaging.status = None
    answering.forward()
    assert "takes the messages to demo-bot again" in caplog.records[-1].getMessage()


def test_an_answer_that_is_none_is_told_with_its_remedy(desk: Desk) -> None:
    desk.botpress_url = "http://127.0.0.1:9"
    desk.tell_service(desk.botpress_url)
    desk.receive(text("hola"))
    desk.answering.forward()
    assert "Botpress no contesta en http://127.0.0.1:9/api/v1/messaging" in desk.status()["outage"]["message"]


@pytest.mark.parametrize("hours", [7, 25])
def test_the_first_refusal_after_a_long_outage_is_not_believed(desk: Desk, hours: int) -> None:
    desk.botpress_url = "http://127.0.0.1:9"
    desk.receive(text("hola"))
    desk.answering.forward()
    with desk.site.database.write() as session:
        row = session.execute(sa.select(InboundMessage)).scalar_one()
        row.received_at -= timedelta(hours=hours)
    desk.pass_time(400)
    desk.botpress_url, desk.messaging.status = desk.messaging.url, 404
    desk.answering.forward()
    assert forwards(desk) == ["waiting"]
    desk.pass_time(400)
    desk.messaging.status = None
    desk.answering.forward()
    assert forwards(desk) == ["forwarded"]
