"""Receipts from a simulator that posts them for real: late, doubled, shuffled, and while processes die."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import psutil
import pytest
import requests
import sqlalchemy as sa

from outbound_campaigns.campaigns import recounting
from outbound_campaigns.database.models import Receipt
from tests.support.receipt_bodies import signed, v1
from tests.support.running import Running, running, running_within_reach
from tests.support.tables import sqlite_in

PEOPLE = 400


@pytest.fixture(params=["sqlite", "postgresql"])
def reached(
    request: pytest.FixtureRequest, tmp_path: Path, new_postgres_database: Callable[[], str]
) -> Iterator[Running]:
    """A service whose public address the simulator can reach."""
    url = new_postgres_database() if request.param == "postgresql" else sqlite_in(tmp_path)
    mishaps = {
        "on": True, "delay_min": 0.01, "delay_max": 0.4, "read_share": 0.5, "failed_share": 0.1,
        "doubled_share": 0.2, "shuffled_share": 0.3, "integer_title_share": 0.5, "late_failure_share": 0.1,
        "retry_waits": [0.5, 1, 1, 1, 2, 2, 5, 5, 5, 5],
    }  # fmt: skip
    with running_within_reach(tmp_path, url, mishaps) as made:
        yield made


def test_a_receipt_whose_end_does_not_come_is_given_up_and_keeps_no_other_waiting(tmp_path: Path) -> None:
    with running(tmp_path, sqlite_in(tmp_path), {"OUTBOUND_CLIENT_TIMEOUT": "1"}) as service:
        raw = v1("delivered", "abc-1-1").encode()
        url = f"{service.url}/webhooks/status"
        assert requests.post(url, data=raw, headers=signed(raw), timeout=10).status_code == 200
        with socket.create_connection(("127.0.0.1", service.port), 10) as client:
            head = f"POST {urlsplit(url).path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n\r\n"
            client.sendall(head.encode() + raw[:10])
            assert requests.post(url, data=raw, headers=signed(raw), timeout=10).status_code == 200
            said = client.recv(1000)
        assert said == b"" or said.startswith((b"HTTP/1.1 400", b"HTTP/1.1 408"))
        assert sum(states(service).values()) == 2
        assert "Traceback" not in (service.installed.folder / "service.log").read_text(encoding="utf-8")


def tally(service: Running) -> dict[str, int]:
    """What became of the simulator's receipts."""
    answer = requests.get(f"{service.installed.simulator}/_simulator/receipts", timeout=10)
    found: dict[str, int] = answer.json()["tally"]
    return found


def states(service: Running) -> dict[str, int]:
    with service.installed.database.read() as session:
        query = sa.select(Receipt.state, sa.func.count()).group_by(Receipt.state)
        return {row[0]: row[1] for row in session.execute(query)}


def settled(service: Running, campaign_id: int) -> dict[str, int]:
    """The counts, once the simulator has no more to post and everything stored is applied."""
    end = time.monotonic() + 60
    while tally(service)["waiting"] or set(states(service)) != {"applied"}:
        assert time.monotonic() < end, (tally(service), states(service))
        time.sleep(0.2)
    return service.installed.read(campaign_id).counts


def test_every_message_ends_as_its_receipts_say(reached: Running) -> None:
    campaign_id = reached.draft(PEOPLE, batch_size=1000)
    reached.move(campaign_id, "start")
    reached.installed.wait_for_end(campaign_id)
    counts = settled(reached, campaign_id)
    assert counts["delivered"] + counts["read"] + counts["failed"] == PEOPLE
    assert min(counts["delivered"], counts["read"], counts["failed"]) > 0
    assert tally(reached)["taken"] == sum(states(reached).values())
    report = reached.ask("GET", f"/campaigns/{campaign_id}/report").json()
    assert report["rates"]["read"] == counts["read"] / PEOPLE
    assert sum(line["count"] for line in report["errors"]) == counts["failed"]
    assert_adds_up(reached)


def test_every_receipt_that_was_answered_is_applied_however_often_processes_are_killed(
    reached: Running,
) -> None:
    campaign_id = reached.draft(PEOPLE, batch_size=1000)
    reached.move(campaign_id, "start")
    chance = Random(1)
    for _ in range(6):
        time.sleep(chance.uniform(0.1, 0.4))
        kill_one(reached, chance)
    reached.installed.wait_for_end(campaign_id)
    counts = settled(reached, campaign_id)
    # One whose answer was lost is posted again, and kept twice.
    assert sum(states(reached).values()) >= tally(reached)["taken"]
    assert tally(reached)["refused"] == tally(reached)["given_up"] == 0
    assert counts["sent"] == counts["pending"] == counts["sending"] == 0
    reached.installed.assert_nobody_twice()
    assert_adds_up(reached)


def kill_one(service: Running, chance: Random) -> None:
    """-9 for the engine, or for a process that answers Vonage; if all are dead, for the first that comes."""
    end = time.monotonic() + 30
    while not (family := service.family()):
        assert time.monotonic() < end, "nobody comes back"
        time.sleep(0.05)
    with suppress(psutil.NoSuchProcess):
        chance.choice(family).kill()


def assert_adds_up(service: Running) -> None:
    with service.installed.database.read() as session:
        assert recounting.recount(session) == []
