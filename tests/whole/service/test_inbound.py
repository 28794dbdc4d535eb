"""What people write reaches Botpress, though processes are killed and Botpress itself is away for a while."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import requests

from tests.support.receipt_bodies import signed
from tests.support.reply_bodies import text
from tests.support.running import Running, running
from tests.support.tables import sqlite_in
from tests.whole.service.test_receipts import kill_one

PEOPLE, EACH = 8, 15


def post_until_taken(service: Running, raw: bytes) -> None:
    """As Vonage does, with less patience between two tries."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            answer = requests.post(
                f"{service.url}/webhooks/inbound", data=raw, headers=signed(raw), timeout=10
            )
            if answer.status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise AssertionError("never taken")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_message_that_was_answered_reaches_botpress_in_its_writers_order(
    kind: str, tmp_path: Path, new_postgres_database: Callable[[], str]
) -> None:
    url = new_postgres_database() if kind == "postgresql" else sqlite_in(tmp_path)
    with running(tmp_path, url) as service:

        def write(person: int) -> None:
            for n in range(EACH):
                raw = text(f"{n}", f"52155{person:08d}", f"in-{person}-{n}")
                post_until_taken(service, raw)

        threads = [threading.Thread(target=write, args=(person,)) for person in range(PEOPLE)]
        for thread in threads:
            thread.start()
        chance = Random(3)
        service.botpress.stop()
        for _ in range(3):
            time.sleep(chance.uniform(0.1, 0.5))
            kill_one(service, chance)
        service.botpress.start()
        for thread in threads:
            thread.join(90)
            assert not thread.is_alive()
        texts = reached(service)
    assert len(texts) == PEOPLE
    for told in texts.values():
        # One whose answer was lost with a process comes twice, before the next.
        assert told == sorted(told)
        assert list(dict.fromkeys(told)) == list(range(EACH))


def reached(service: Running) -> dict[str, list[int]]:
    """What each person wrote, as Botpress took it, once nothing is in line any more."""
    end = time.monotonic() + 90
    while len(set(service.botpress.messages)) < PEOPLE * EACH:
        assert time.monotonic() < end, len(set(service.botpress.messages))
        time.sleep(0.2)
    told = defaultdict(list)
    for raw in list(service.botpress.messages):
        body = json.loads(raw)
        told[body["from"]].append(int(body["text"]))
    return told
