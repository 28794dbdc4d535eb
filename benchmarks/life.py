"""Measures a message's whole life: claimed, posted and recorded, and its three receipts taken and applied.

    python -m benchmarks.life [--small] [--rates 80,1000] [--minutes 10] [--fresh] [--on sqlite,postgresql]

The stand-in answers after 80 ms and posts signed receipts on kept connections, or on fresh ones. All cores
are everybody's; an open panel and an export run beside. CPU is that of all our processes, and of PostgreSQL's
server, for a message; the stand-in's own is told apart.
"""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import Any

import requests

from benchmarks import family
from benchmarks.beside import Seen, beside, oldest_waiting
from benchmarks.databases import PLACES, Place, folder, kinds
from benchmarks.figures import Figure, Goal, command
from outbound_campaigns.campaigns import recounting
from tests.support.installation import Installation
from tests.support.ports import free_port
from tests.support.running import Running, running_with
from tests.support.windows import Left, too_close

RATES, SECONDS = (0, 80, 200, 500, 1000), 40.0
SMALL_RATES, SMALL_SECONDS = (0, 80), 2.0
EXPORTED = 20_000
"""recipients of the campaign that is exported beside"""
SMALL_EXPORTED = 50

IDLE = {"sqlite": Goal(must=1, aim=0.5), "postgresql": Goal(must=1.5, aim=0.5)}
CPU = {
    (80, "sqlite"): Goal(must=2.5, aim=1.5),
    (80, "postgresql"): Goal(must=3, aim=1.8),
    (1000, "sqlite"): Goal(must=1.4, aim=0.8),
    (1000, "postgresql"): Goal(must=1.4, aim=1.0),
}
REACHED = Goal(must=0.98, aim=0.99, of="ratio", more_is_better=True)
ANSWERED, APPLIED, VIEWS = Goal(must=250, aim=125), Goal(must=2, aim=1), Goal(must=300, aim=150)
MEMORY = Goal(must=250, aim=200)
FLAT = Goal(must=1.1, aim=1.02, of="ratio")
NONE = Goal(must=0, aim=0)


@dataclass(frozen=True)
class Life:
    """How one campaign was sent, with all its receipts; `cpu` is in seconds, by part."""

    messages: int
    reached: float
    cpu: Mapping[str, float]
    totals: Mapping[str, Any]
    seen: Seen
    wrong: int
    memory: Sequence[float]
    """MB, every two seconds"""


@contextmanager
def cheap_vonage(fresh: bool) -> Iterator[str]:
    """Yield the URL of a stand-in of its own."""
    arguments = [sys.executable, "-m", "benchmarks.cheap_vonage", *(["--fresh"] if fresh else [])]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextmanager
def served(place: Place, fresh: bool) -> Iterator[Running]:
    """Yield a service that sends to a cheap stand-in, whose receipts reach it."""
    port = free_port()
    settings = {"OUTBOUND_PORT": str(port), "EXTERNAL_URL": f"http://127.0.0.1:{port}"}
    with folder() as path, cheap_vonage(fresh) as url:
        installed = Installation(path, url, place.new())
        try:
            with running_with(installed, settings) as service:
                yield service
        finally:
            installed.close()


def cpu(service: Running, place: Place) -> dict[str, float]:
    """Return the processor seconds so far of each part; the parent of web and engine counts as web."""
    found = {"web": 0.0, "engine": 0.0, "database": family.cpu_seconds(place.processes())}
    for process in family.members(service.processes[0]):
        part = "engine" if "outbound_campaigns.engine" in process.cmdline() else "web"
        times = process.cpu_times()
        found[part] += times.user + times.system
    return found | {"stand-in": float(_totals(service)["cpu"])}


def idle(service: Running, place: Place, seconds: float) -> float:
    """Return the share of a core, in percent, that all takes while nothing is sent."""
    time.sleep(min(seconds, 3.0))
    before = cpu(service, place)
    time.sleep(seconds)
    spent = _spent(before, cpu(service, place))
    return 100 * sum(spent[part] for part in OURS) / seconds


OURS = ("web", "engine", "database")


def live(service: Running, place: Place, rate: int, seconds: float, exported: int) -> Life:
    """Send for so many seconds at this rate, until all receipts are applied."""
    messages = round(rate * seconds)
    service.installed.set_pace(rate)
    campaign_id = service.draft(messages, batch_size=rate)
    requests.delete(f"{service.installed.simulator}/totals", timeout=30)
    before = cpu(service, place)
    with beside(service, campaign_id, exported) as seen, family.watched(service.processes[0], 2.0) as held:
        service.move(campaign_id, "start")
        service.installed.wait_for_end(campaign_id, 120 + 3 * seconds)
        _settle(service, 3 * messages)
    spent = _spent(before, cpu(service, place))
    arrivals = requests.get(f"{service.installed.simulator}/arrivals", timeout=60).json()
    reached = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])
    totals = _totals(service)
    wrong = _wrong(service, campaign_id, messages, rate) + totals["doubles"]
    return Life(messages, reached, spent, totals, seen, wrong, list(held))


def _totals(service: Running) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{service.installed.simulator}/totals", timeout=30).json()
    return found


def _spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {part: after[part] - before[part] for part in after}


def _settle(service: Running, receipts: int) -> None:
    while _totals(service)["answered"] < receipts or oldest_waiting(service) is not None:
        time.sleep(0.5)


def _wrong(service: Running, campaign_id: int, messages: int, rate: int) -> int:
    """Return how many windows are over, recipients not read, and counts not those of the rows."""
    times = [at.timestamp() for at in service.installed.send_times(campaign_id)]
    over = too_close([Left(at, rate, 1.0) for at in times])
    with service.installed.database.read() as session:
        differences = recounting.recount(session)
    return len(over) + len(differences) + messages - service.installed.read(campaign_id).counts["read"]


def figures(kind: str, rate: int, life: Life) -> Iterator[Figure]:
    name = f"whole life at {rate}/s on {kind}"
    each = {part: 1000 * seconds / life.messages for part, seconds in life.cpu.items()}
    note = ", ".join(f"{part} {spent:.2g}" for part, spent in each.items())
    yield Figure(f"{name}, CPU a message", sum(each[p] for p in OURS), "ms", CPU.get((rate, kind)), note=note)
    yield Figure(f"{name}, reached", life.reached, "messages/s", REACHED, rate, life.reached / rate)
    told = f"median {1000 * life.totals['p50']:.0f}, answers {life.totals['answers']}"
    yield Figure(f"{name}, receipts answered p99", 1000 * life.totals["p99"], "ms", ANSWERED, note=told)
    yield Figure(f"{name}, receipts applied p99", p99(life.seen.ages), "s", APPLIED, note="age of the oldest")
    note = f"{life.seen.exports} exports beside"
    note += "".join(f"; refused: {one}" for one in life.seen.refused[:3])
    yield Figure(f"{name}, views p99", 1000 * p99(life.seen.views), "ms", VIEWS, note=note)
    held = max(life.memory)
    yield Figure(f"{name}, memory", held, "MB", MEMORY, note="PSS of web, engine and their parent")
    half = len(life.memory) // 2
    earlier, later = max(life.memory[:half], default=held), max(life.memory[half:])
    yield Figure(f"{name}, memory of the second half", later, "MB", FLAT, earlier, later / earlier)
    yield Figure(f"{name}, windows over, doubles, not read, counts wrong", life.wrong, "", NONE)


def p99(values: list[float]) -> float:
    return sorted(values)[ceil(0.99 * len(values)) - 1] if values else 0.0


def options() -> Namespace:
    parser = ArgumentParser(add_help=False)
    parser.add_argument("--rates", default="")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--on", default="")
    return parser.parse_known_args()[0]


def measure(small: bool) -> Iterator[Figure]:
    given = options()
    rates = tuple(int(rate) for rate in given.rates.split(",") if rate) or (SMALL_RATES if small else RATES)
    seconds = 60 * given.minutes if given.minutes else SMALL_SECONDS if small else SECONDS
    for kind in given.on.split(",") if given.on else kinds(small):
        with PLACES[kind]() as place, served(place, given.fresh) as service:
            exported = service.draft(SMALL_EXPORTED if small else EXPORTED)
            for rate in rates:
                if rate == 0:
                    share = idle(service, place, min(seconds, 30.0))
                    yield Figure(f"idle on {kind}", share, "% of a core", IDLE[kind])
                else:
                    yield from figures(kind, rate, live(service, place, rate, seconds, exported))


if __name__ == "__main__":
    raise SystemExit(command(measure))
