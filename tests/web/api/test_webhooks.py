"""Vonage's door: only what it signed is taken, and what is taken is on disk."""

import time
from collections.abc import Sequence
from io import BytesIO

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from outbound_campaigns.database.models import Receipt
from outbound_campaigns.incoming import receipts
from outbound_campaigns.web.api.webhooks import SECRETS_LAST
from tests.support.outcomes import ACCEPTED, end_with
from tests.support.receipt_bodies import signed, v1
from tests.support.site import CHANNEL, DISABLED_BOT, Site, body, site_in
from tests.support.tables import sqlite_with_tables


def post(
    site: Site, raw: str | bytes, headers: dict[str, str] | None = None, bot: str = "demo-bot"
) -> TestResponse:
    data = raw.encode() if isinstance(raw, str) else raw
    headers = signed(data) if headers is None else headers
    return site.ask("POST", "/webhooks/status", user=None, bot=bot, data=data, headers=headers)


def kept(site: Site) -> list[Receipt]:
    with site.database.read() as session:
        return list(session.execute(sa.select(Receipt).order_by(Receipt.id)).scalars())


@pytest.fixture(params=["its secret unknown", "its secret known"])
def asked(request: pytest.FixtureRequest, site: Site) -> Site:
    """Before the bot's first receipt, and after it, when receipts go a shorter way; with an empty table."""
    if request.param == "its secret known":
        assert post(site, v1("read", "earlier-1-1")).status_code == 200
        with site.database.write() as session:
            session.execute(sa.delete(Receipt))
    return site


def test_a_signed_receipt_is_kept_as_it_came_and_then_applied(asked: Site) -> None:
    site = asked
    campaign_id = site.started()
    end_with(site.database, campaign_id, ACCEPTED)
    person = body(site.get(f"/campaigns/{campaign_id}/recipients"))["recipients"][0]
    story = f"/campaigns/{campaign_id}/recipients/{person['id']}"
    ref = body(site.get(story))["history"][0]["client_ref"]
    raw = v1("delivered", ref, profile={"name": "María  "})
    answer = post(site, raw)
    assert (answer.status_code, answer.data) == (200, b"")
    (stored,) = kept(site)
    assert (stored.raw, stored.state, stored.bot_id) == (raw, "waiting", "demo-bot")
    receipts.apply_some(site.database)
    shown = body(site.get(story))
    assert shown["status"] == "delivered"
    assert shown["delivered_at"] == "2026-11-25T00:00:00.000Z"
    (receipt,) = shown["history"][0]["receipts"]
    assert (receipt["status"], receipt["at"], receipt["error"]) == (
        "delivered",
        "2026-11-25T00:00:00.000Z",
        None,
    )


def test_unsigned_and_forged_receipts_change_nothing_and_are_counted(asked: Site) -> None:
    site = asked
    raw = v1("read", "abc-1-1")
    for headers in ({}, signed(raw.encode(), secret="another"), signed(b"other")):
        answer = post(site, raw, {**headers, "Content-Type": "application/json"})
        assert answer.status_code == 401
        assert body(answer)["errorCode"] == "BP_0041"
    assert kept(site) == []
    assert body(site.get("/status"))["bot"]["receipts"]["refused_today"] == 3


def test_a_disabled_bots_receipts_are_taken_all_the_same(sqlite_site: Site) -> None:
    assert post(sqlite_site, v1("read", "abc-1-1"), bot=DISABLED_BOT).status_code == 200


def test_an_unknown_bot_is_404(sqlite_site: Site) -> None:
    assert post(sqlite_site, v1("read", "abc-1-1"), bot="no-such-bot").status_code == 404


def test_a_bot_whose_secret_cannot_be_read_answers_503_so_that_vonage_sends_again(sqlite_site: Site) -> None:
    raw = v1("read", "abc-1-1")
    without = {name: value for name, value in CHANNEL.items() if name != "signatureSecret"}
    file = "bots/demo-bot/bot.config.json"
    for config in ({"id": "demo-bot", "messaging": {"channels": {"vonage": without}}}, "{ broken"):
        sqlite_site.data.write(file, config)
        assert post(sqlite_site, raw).status_code == 503, config
    sqlite_site.data.write(file, {"id": "demo-bot", "messaging": {"channels": {"vonage": CHANNEL}}})
    assert post(sqlite_site, raw).status_code == 200


@pytest.mark.parametrize("file", ["bot.config.json", "config/outbound-campaigns.json"])
def test_who_signs_is_still_known_while_a_bots_file_is_broken(sqlite_site: Site, file: str) -> None:
    raw = v1("read", "abc-1-1")
    assert post(sqlite_site, raw).status_code == 200
    sqlite_site.data.write(f"bots/demo-bot/{file}", "{ half written")
    time.sleep(SECRETS_LAST)
    assert post(sqlite_site, raw).status_code == 200


def test_a_database_that_is_away_answers_503_so_that_vonage_sends_again(asked: Site) -> None:
    with asked.database.write() as session:
        session.execute(sa.text("ALTER TABLE outbound_receipts RENAME TO gone"))
    assert post(asked, v1("read", "abc-1-1")).status_code == 503
    with asked.database.write() as session:
        session.execute(sa.text("ALTER TABLE gone RENAME TO outbound_receipts"))
    assert post(asked, v1("read", "abc-1-1")).status_code == 200


def test_what_a_broken_database_refused_is_tried_once(asked: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def write(_session: object, receipts: Sequence[object], _now: object) -> None:
        tried.append(len(receipts))
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(receipts, "store", write)
    assert post(asked, v1("read", "abc-1-1")).status_code == 503
    assert tried == [1]


def test_a_body_whose_length_is_not_told_is_taken_too(asked: Site) -> None:
    raw = v1("read", "abc-1-1").encode()
    url = "/api/v1/bots/demo-bot/mod/outbound-campaigns/webhooks/status"
    environ = EnvironBuilder(
        url, method="POST", headers=[*signed(raw).items()], input_stream=BytesIO(raw)
    ).get_environ()
    environ |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    environ.pop("CONTENT_LENGTH", None)
    assert run_wsgi_app(asked.app, environ)[1] == "200 OK"
    assert [receipt.raw for receipt in kept(asked)] == [raw.decode()]


@pytest.mark.parametrize("length", ["-1", "x", "٣", "9" * 30])
def test_a_length_that_is_none_breaks_nothing(asked: Site, length: str) -> None:
    raw = v1("read", "abc-1-1").encode()
    url = "/api/v1/bots/demo-bot/mod/outbound-campaigns/webhooks/status"
    environ = EnvironBuilder(
        url, method="POST", headers=[*signed(raw).items()], input_stream=BytesIO(raw)
    ).get_environ()
    environ["CONTENT_LENGTH"] = length
    assert run_wsgi_app(asked.app, environ)[1][:3] in ("401", "413")
    assert kept(asked) == []


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"{", b"[" * 50_000, '"ñ"'.encode("utf-16")])
def test_whatever_vonage_signs_is_kept_even_if_nothing_can_be_made_of_it(asked: Site, raw: bytes) -> None:
    site = asked
    assert post(site, raw).status_code == 200
    receipts.apply_some(site.database)
    (stored,) = kept(site)
    assert stored.state == "unreadable"


def test_a_huge_body_is_refused(asked: Site) -> None:
    assert post(asked, b"x" * 200_000).status_code == 413


def test_receipts_are_on_with_a_public_address_and_a_secret(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("public")
    with site_in(folder, sqlite_with_tables(folder), external_url="https://bots.example.com") as public:
        shown = body(public.get("/status"))["bot"]["receipts"]
        assert shown == {"on": True, "reason": None, "refused_today": 0, "other_number_today": 0}
