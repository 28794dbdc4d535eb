"""Measures receipts, checked and durable before the 200, against an empty Flask view that reads the body.

Both are served by the same gunicorn on our core, one after the other, the view on as many threads as the
service has; the client is on the others. The engine is off, so that only the route is measured. Afterwards
the database must hold them all.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import aiohttp
import sqlalchemy as sa

from benchmarks import machine
from benchmarks.databases import PLACES, folder, kinds
from benchmarks.figures import Figure, Goal, against, command
from outbound_campaigns.database.models import Receipt
from tests.support.receipt_bodies import signed, v1
from tests.support.running import Running, running

GOAL = Goal(must=0.6, aim=0.85, of="ratio", more_is_better=True)
RECEIPTS, RUNS, CLIENTS = 5_000, 5, 32
SMALL = 64

Posts = Sequence[tuple[bytes, dict[str, str]]]


def posts(count: int) -> Posts:
    """Return bodies with their headers, each signed individually."""
    bodies = [v1("delivered", f"bench-{n}-1", f"aaaaaaaa-bbbb-4ccc-8ddd-{n:012d}") for n in range(count)]
    return [(body.encode(), signed(body.encode())) for body in bodies]


async def _post_all(url: str, ready: Posts) -> float:
    numbers = iter(ready)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CLIENTS)) as session:

        async def work() -> None:
            for body, headers in numbers:
                async with session.post(url, data=body, headers=headers) as answer:
                    if answer.status != 200:
                        raise RuntimeError(f"{answer.status}: {await answer.text()}")

        began = time.monotonic()
        await asyncio.gather(*(work() for _ in range(CLIENTS)))
        return time.monotonic() - began


def per_second(url: str, ready: Posts) -> float:
    return len(ready) / asyncio.run(_post_all(url, ready))


@contextmanager
def served(service: Running, *command: str) -> Iterator[str]:
    """Yield the URL of the route while a command serves it on our core."""
    pinned = ["taskset", "--cpu-list", str(machine.ours()[0]), sys.executable, "-m", *command]
    process = subprocess.Popen(pinned, env=service.environ, stderr=subprocess.DEVNULL)
    url = f"{service.url}/webhooks/status"
    try:
        _wait_for_answer(url)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait_for_answer(url: str) -> None:
    async def ask() -> None:
        async with aiohttp.ClientSession() as session, session.get(url):
            pass

    end = time.monotonic() + 30
    while True:
        try:
            asyncio.run(ask())
            return
        except aiohttp.ClientError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def stored(service: Running) -> int:
    with service.installed.database.read() as session:
        return session.execute(sa.select(sa.func.count()).select_from(Receipt)).scalar_one()


GUNICORN = ("gunicorn", "-c", "python:outbound_campaigns.web.gunicorn_config")
THREADS = ("--worker-class", "gthread")


def pairs_on(kind: str, count: int, runs: int) -> Iterator[tuple[float, float]]:
    """Yield receipts a second: ours, and the empty view's."""
    settings = {"OUTBOUND_ENGINE": "none"}
    with folder() as path, PLACES[kind]() as place, running(path, place.new(), settings) as service:
        service.stop()
        for _ in range(runs):
            before, ready = stored(service), posts(count)
            with served(service, *GUNICORN, "wsgi:app") as url:
                ours = per_second(url, ready)
            if stored(service) != before + count:
                raise RuntimeError(f"{stored(service) - before} of {count} receipts are stored")
            with served(service, *GUNICORN, *THREADS, "benchmarks.empty_view:app") as url:
                yield ours, per_second(url, ready)


def measure(small: bool) -> Iterator[Figure]:
    count, runs = (SMALL, 1) if small else (RECEIPTS, RUNS)
    machine.pin_self(machine.theirs())
    for kind in kinds(small):
        yield against(f"receipts on {kind}", "receipts/s", GOAL, pairs_on(kind, count, runs))


if __name__ == "__main__":
    raise SystemExit(command(measure))
