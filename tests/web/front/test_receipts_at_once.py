"""A receipt that comes in one piece is taken without the application, and answered as if by it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import Receipt, RefusedWebhook
from outbound_campaigns.domain.addresses import RECEIPTS, module_path
from tests.support.front import Forward
from tests.support.receipt_bodies import signed, v1
from tests.support.site import BOT, Site, site_in
from tests.support.tables import sqlite_with_tables


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """One whose secret is known."""
    with site_in(tmp_path, sqlite_with_tables(tmp_path), by_front=True) as made:
        raw = v1("read", "earlier-1-1").encode()
        assert made.ask("POST", RECEIPTS, user=None, data=raw, headers=signed(raw)).status_code == 200
        yield made


def request(number: int, *fields: str, version: str = "1.1", secret: str | None = None) -> bytes:
    raw = v1("read", f"abc-{number}-1").encode()
    head = [
        f"POST {module_path(BOT)}{RECEIPTS} HTTP/{version}",
        "Host: localhost",
        f"Content-Length: {len(raw)}",
        *(f"{name}: {value}" for name, value in signed(raw, *([secret] if secret else [])).items()),
        *fields,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + raw


def connected(site: Site) -> socket.socket:
    return socket.create_connection(("127.0.0.1", cast(Forward, site.client.application).port), 10)


def said(client: socket.socket, until: bytes = b"") -> bytes:
    """Return what comes until these bytes did, or until the connection is closed."""
    came = b""
    while not (until and until in came) and (block := client.recv(65_536)):
        came += block
    return came


def stored(site: Site) -> list[str | None]:
    with site.database.read() as session:
        return list(session.execute(sa.select(Receipt.raw).order_by(Receipt.id)).scalars())[1:]


def test_it_is_answered_once_it_is_on_the_disk_and_the_connection_is_kept(site: Site) -> None:
    with connected(site) as client:
        for number in (1, 2):
            client.sendall(request(number))
            answer = said(client, b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
            assert answer.endswith(b"\r\ncontent-length: 0\r\n\r\n")
            assert len(stored(site)) == number


def test_several_in_one_piece_are_answered_in_their_order(site: Site) -> None:
    health = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connected(site) as client:
        client.sendall(request(1) + health + request(2) + request(3, "Connection: close"))
        answers = said(client).split(b"HTTP/1.1 ")[1:]
    assert [b"content-length: 0" in one for one in answers] == [True, False, True, True]
    assert [one[:3] for one in answers] == [b"200"] * 4
    assert len(stored(site)) == 3


@pytest.mark.parametrize(("version", "field"), [("1.0", "Accept: */*"), ("1.1", "Connection: close")])
def test_a_client_that_keeps_no_connection_sees_it_closed(site: Site, version: str, field: str) -> None:
    with connected(site) as client:
        client.sendall(request(1, field, version=version))
        assert b"\r\nconnection: close\r\n" in said(client)


def test_one_that_comes_in_two_pieces_is_taken_as_well(site: Site) -> None:
    whole = request(1, "Connection: close")
    with connected(site) as client:
        client.sendall(whole[:-10])
        time.sleep(0.05)
        client.sendall(whole[-10:])
        assert said(client).startswith(b"HTTP/1.1 200 ")
    assert len(stored(site)) == 1


def test_one_that_nobody_signed_gets_the_applications_answer(site: Site) -> None:
    with connected(site) as client:
        client.sendall(request(1, "Connection: close", secret="not the account's"))
        assert said(client).startswith(b"HTTP/1.1 401 ")
    with site.database.read() as session:
        assert session.execute(sa.select(RefusedWebhook.reason, RefusedWebhook.count)).all() == [
            ("forged", 1)
        ]
    assert stored(site) == []


def test_one_whose_client_has_gone_is_stored_all_the_same(site: Site) -> None:
    with connected(site) as client:
        client.sendall(request(1))
    with connected(site) as client:
        client.sendall(request(2, "Connection: close"))
        said(client)
    assert len(stored(site)) == 2


def test_what_a_broken_database_keeps_out_is_answered_by_the_application(site: Site) -> None:
    sa.event.listen(site.database.engine, "begin", break_off)
    with connected(site) as client:
        client.sendall(request(1, "Connection: close"))
        assert said(client).startswith(b"HTTP/1.1 503 ")
    sa.event.remove(site.database.engine, "begin", break_off)
    assert stored(site) == []


def break_off(_connection: object) -> None:
    raise sa.exc.OperationalError("BEGIN", {}, Exception("disk I/O error"))
